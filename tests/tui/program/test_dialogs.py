"""What is pressed in dialogs, in a real terminal of 80x24: nothing is lost, and the bottom line tells the truth."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.program.test_main_job import PEOPLE, Person
from tests.tui.terminal_harness import Terminal

CTRL_PAGE_DOWN, CTRL_PAGE_UP = "\x1b[6;5~", "\x1b[5;5~"


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    somebody = Person(tmp_path, "80x24")
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    with somebody.terminal as terminal:
        terminal.wait_for("empty")
        somebody.run("import", str(tmp_path / "people.csv"))
        terminal.wait_for("4 contacts")
        yield somebody


@pytest.fixture
def terminal(person: Person) -> Terminal:
    return person.terminal


def test_the_save_key_never_discards(terminal: Terminal) -> None:
    terminal.press("n").wait_for("New contact").type("Eve").press("escape").wait_for("Discard what you typed?")
    terminal.press("ctrl+s").wait_for("Nothing was done.")
    assert "esc keep editing" in terminal.lines[-1]
    terminal.press("enter").wait_gone("Discard what you typed?").wait_for("Eve")
    terminal.press("escape").wait_for("Discard what you typed?").type("y").type("Steve")
    terminal.press("escape").wait_gone("Discard what you typed?")
    assert "Eve" in terminal.line_with("Name *")
    terminal.press("escape").wait_for("Discard").press("left", "enter").wait_gone("Add contact")


def test_typed_ahead_keys_never_delete_for_ever(person: Person) -> None:
    terminal = person.terminal
    terminal.press("d").wait_for("3 contacts").press("4").wait_for("Ada King")
    terminal.send("d\r").wait_gone("forever?")
    terminal.send("d\x13").wait_for("Nothing was done.").press("escape")
    for ahead in ("dy", "d\t\r"):
        terminal.send(ahead).wait_for("Nothing was done: that key was pressed")
        terminal.press("escape").wait_gone("for ever?")
    assert person.stored("--bin").keys() == {"Ada King"}


def test_one_key_turns_pages_and_left_and_right_never_do(terminal: Terminal) -> None:
    terminal.press("e").wait_for("[Contact]").wait_for("ctrl+pgdn page")
    terminal.press("right", "left", "left", "tab", "left", "right").wait_for("[Contact]")
    terminal.send(CTRL_PAGE_DOWN).wait_for("[More]")
    terminal.send(CTRL_PAGE_UP).send(CTRL_PAGE_UP).wait_for("[Custom]")
    terminal.press("escape").wait_gone("Update contact")
    terminal.press("i").wait_for("Import").paste("Name,E-mail\nEve,eve@example.org\n").press("enter").wait_for(
        "[Import]"
    )
    terminal.send(CTRL_PAGE_DOWN).wait_for("[Columns").press("right", "left").wait_for("[Columns")
    assert "enter change" in terminal.lines[-1]
    terminal.send(CTRL_PAGE_UP).wait_for("[Import]")


def test_help_and_palette_over_a_form_lead_back_to_what_was_typed(terminal: Terminal) -> None:
    terminal.press("n").wait_for("New contact").type("Eve?")
    terminal.press("f1").wait_for("In every dialog").press("escape").wait_gone("In every dialog").wait_for("Eve?")
    terminal.press("ctrl+p").wait_for("Turn to the next page.").wait_for("enter run").press("escape")
    terminal.wait_gone("enter run").type(" M").wait_for("Eve? M")
    terminal.press("ctrl+p").wait_for("Turn to the next").type("next page").settle().press("enter").wait_for("[More]")


def test_the_bottom_line_follows_the_focus(terminal: Terminal) -> None:
    assert "q quit" in terminal.lines[-1]
    terminal.press("n").wait_for("enter add contact")
    assert "quit" not in terminal.lines[-1]
    terminal.press("tab").wait_for("ctrl+n add").press("tab", "tab").wait_for("enter add contact")
    terminal.press("tab").wait_for("ctrl+s").press("tab").wait_for("esc cancel")
    terminal.press("escape").wait_for("q quit")


def test_history_asks_with_numbers_and_opens_entries(person: Person) -> None:
    terminal = person.terminal
    terminal.press("f").wait_for("star to Ada").press("j", "d").wait_for("3 contacts").press("j", "d").wait_for(
        "2 contacts"
    )
    terminal.press("H").wait_for("Undo this change").press("enter").wait_gone("ctrl+s undo").press("escape")
    terminal.wait_for("ctrl+s undo").press("j", "j").wait_for("Undo 3 changes")
    terminal.send("\x13\x13\r").settle()
    assert len(person.stored()) == 2
    terminal.press("u").wait_for("they changed 3").press("y").wait_for("Undone: 3 changes, 3 contacts.")
    assert len(person.stored()) == 4
    terminal.press("H").wait_for("Redo 3 changes").press("escape")
