"""Keys that could hurt, in a real terminal of 80x24: each acts on what the user sees, or asks, or says why not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coterie.tui.screens.measures import WIDE
from tests.tui.terminal_harness import Terminal

FIRST, SECOND = "Adaeze Abiola", "Adaeze Chukwu"


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Terminal]:
    home = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    with Terminal(
        [sys.executable, "-m", "coterie.tui", "--demo"], environment=home | {"HOME": str(tmp_path)}
    ) as terminal:
        terminal.wait_for("307 contacts").wait_for("Newsletter")
        yield terminal


def footer(terminal: Terminal) -> str:
    return terminal.lines[23]


def is_marked(terminal: Terminal, text: str) -> bool:
    """Whether the first letter of `text` has a ground of its own, as the live cursor gives it."""
    y, x = next((y, line.find(text)) for y, line in enumerate(terminal.lines) if text in line)
    return terminal.cell(x, y).bg != terminal.cell(0, 0).bg


def test_after_deleting_for_ever_no_undo_is_offered_and_undo_says_what_is_gone(demo: Terminal) -> None:
    demo.press("d").wait_for("306 contacts").press("4").wait_for("10 contacts").press("g", "d").wait_for("forever?")
    demo.press("enter").wait_gone("forever?").wait_for("10 contacts")  # Cancel has the focus
    demo.press("d").wait_for("forever?").press("y").wait_for("Deleted 1 contact forever.").wait_for("9 contacts")
    assert "undo" not in demo.text
    demo.press("u").wait_for("Could not undo (deleted forever): Moved a contact")
    assert "redo" not in demo.text


def test_one_cursor_is_alive_and_keys_act_on_it(demo: Terminal) -> None:
    assert is_marked(demo, FIRST)
    demo.press("tab").wait_until(lambda: not is_marked(demo, FIRST), "the list's cursor to fade")
    demo.press("d").wait_for("The cursor is not on a group.")
    demo.press("f").wait_for("acts on the list; tab leads back there.")
    demo.press("j", "j", "j", "j").wait_until(lambda: is_marked(demo, "Board"), "the sidebar's cursor")
    demo.press("e").wait_for("Edit the group Board").press("escape").wait_gone("Edit the group Board")
    demo.press("d").wait_for("Delete the group Board?").wait_for("members stay").press("enter")
    demo.wait_for("Deleted the group Board; its members stay.").wait_for("307 contacts")
    demo.press("escape").wait_until(lambda: is_marked(demo, FIRST), "the list's cursor")


def test_keys_typed_ahead_act_where_the_focus_will_be(demo: Terminal) -> None:
    demo.send("\tjjjjd").wait_for("Delete the group Board?")


def test_what_is_not_shown_is_asked_about(demo: Terminal) -> None:
    demo.press("space", "space", "/").type("danjuma").press("enter").wait_for("2 checked (2 hidden here)")
    assert "d delete" in demo.line_with("2 checked")
    demo.press("space").wait_for("3 checked (2 hidden here)")
    demo.press("d").wait_for("2 checked contacts are not shown here").wait_for("Those too: all 3 contacts")
    demo.wait_for("Only what is shown: 1 contact").press("escape").wait_gone("not shown here")
    demo.press("d").wait_for("not shown here").press("enter").wait_for("to the Bin").wait_for("2 checked")
    demo.press("escape").wait_for("306 contacts").press("g").wait_for(FIRST).wait_for(SECOND)


def test_c_with_several_checked_changes_all_of_them(demo: Terminal) -> None:
    demo.press("space", "space", "l", "l", "c").wait_for("Change Company of 2 checked contacts").wait_for(
        "Only this row"
    )
    demo.type("Looms").press("enter").wait_for("Set Company of 2 contacts.")
    assert demo.text.count("Looms") == 2


def test_group_pickers_say_who_is_in_them(demo: Terminal) -> None:
    demo.press("space", "space", "-").wait_for("Remove 2 contacts from a group").wait_for("1 of 2")
    assert "[ ] Board" not in demo.text
    demo.press("escape").press("+").wait_for("Add 2 contacts to a group").wait_for("none").wait_for("1 of 2")


def test_details_in_the_bin(demo: Terminal) -> None:
    demo.press("d").wait_for("306 contacts").press("4").wait_for("Days left").press("g", "enter").wait_for("by you")
    assert "r restore  d delete" in footer(demo)
    assert "edit" not in footer(demo)
    demo.press("e").wait_for("This contact is in the Bin; r restores it.")
    demo.press("r").wait_for("Restored").wait_until(lambda: "e edit" in footer(demo), "the keys of a live contact")


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_footers_follow_the_focus(demo: Terminal, columns: int) -> None:
    demo.resize(columns, 24)
    demo.press("4").wait_until(lambda: "r restore  d delete  D empty" in footer(demo), "the Bin's keys")
    demo.press("D").wait_for("Empty the Bin?").press("y").wait_for("The Bin is empty.")
    demo.wait_until(lambda: "restore" not in footer(demo) and "empty" not in footer(demo), "no keys for nothing")
    demo.press("1", "/").wait_until(lambda: "enter to the list" in footer(demo), "the keys of the search field")
    demo.press("enter").wait_until(lambda: "n new" in footer(demo), "the list's keys")
    if columns >= WIDE:
        demo.press("tab").wait_until(lambda: "c change  y copy" in footer(demo), "the inspector's keys")
    if columns >= 60:
        demo.press("tab").wait_until(
            lambda: "enter open" in footer(demo) and "check" not in footer(demo), "the sidebar's keys"
        )


@pytest.mark.parametrize("size", [(1, 1), (2, 24), (80, 1), (19, 4)])
def test_a_terminal_of_a_few_cells_says_so_and_loses_nothing(demo: Terminal, size: tuple[int, int]) -> None:
    demo.press("ctrl+p").type("export").resize(*size)
    demo.wait_until(lambda: demo.lines[0] and "Too small".startswith(demo.lines[0]), "the hint")
    demo.press("down").resize(80, 24).wait_for("Export")
    demo.press("escape", "escape").wait_for("of 307")
