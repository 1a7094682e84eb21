"""The program in a real terminal: it starts, is used, and ends."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.terminal_harness import Terminal

COTERIE = [sys.executable, "-m", "coterie.tui"]


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    return {name: str(tmp_path / name.lower()) for name in names}


@pytest.fixture
def demo(home: dict[str, str]) -> Iterator[Terminal]:
    with Terminal([*COTERIE, "--demo"], environment=home) as terminal:
        yield terminal.wait_for("307 contacts")


def test_start_shows_contacts_sidebar_and_keys(demo: Terminal) -> None:
    for text in ("Favorites", "Groups", "Bin", "Sync contacts", "New contact", "More", "/ to search", "Adaeze Abiola"):
        assert text in demo.text


def test_a_search_is_shown_while_it_is_typed_and_escape_ends_it(demo: Terminal) -> None:
    demo.press("/").type("alfie hargreave").wait_for("1 found")
    assert "Adaeze Abiola" not in demo.text
    demo.press("escape").wait_for("of 307")
    assert "Alfie Hargreave" in demo.line_with("›☐")  # the cursor stays on what was found


def test_keys_that_arrive_together_act_one_after_the_other(demo: Terminal) -> None:
    demo.send("/hargreave\rjd").wait_for("Hargreave to the Bin.  u undo")
    demo.press("4").wait_for("10 contacts")


def test_the_editor_gets_the_terminal_and_gives_it_back(home: dict[str, str], tmp_path: Path) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text("#!/bin/sh\nsed -i 's/^job_title:.*/job_title: Edited by hand/' \"$1\"\n")
    editor.chmod(0o700)
    with Terminal([*COTERIE, "--demo"], environment=home | {"EDITOR": str(editor), "VISUAL": ""}) as terminal:
        terminal.wait_for("307 contacts").press("E").wait_for("Edited by hand")
        terminal.press("enter").wait_for("Changed Adaeze Abiola.  u undo").wait_for("Sync contacts")
        terminal.press("u").wait_for("Undone")


def test_delete_bin_restore(demo: Terminal) -> None:
    demo.press("d").wait_for("u undo").wait_for("306 contacts")
    demo.press("4").wait_for("Days left").wait_for("Adaeze Abiola")
    demo.press("r").wait_for("Restored Adaeze Abiola")
    demo.press("1", "g").wait_for("307 contacts").wait_for("Adaeze Abiola")


def test_the_mouse_checks_sorts_and_opens_views(demo: Terminal) -> None:
    demo.click_on("☐").wait_for("1 checked")
    demo.click_on("Favorites").wait_for(" ★ ")
    demo.press("1").wait_for("307 contacts").click_on("More").wait_for("Find duplicates")


def test_quit_ends_with_code_0(demo: Terminal) -> None:
    demo.press("q")
    assert demo.wait_for_end() == 0


def test_a_lost_terminal_ends_the_program(demo: Terminal) -> None:
    demo.hang_up()
    demo.wait_for_end()


def test_narrow_and_low_is_still_usable(home: dict[str, str]) -> None:
    with Terminal([*COTERIE, "--demo"], size="40x12", environment=home) as terminal:
        terminal.wait_for("Adaeze Abiola").wait_gone("Sync contacts")
        terminal.press("j", "space").wait_for("1 checked")
        terminal.resize(100, 30).wait_for("Sync contacts")


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"COTERIE_ASCII": "true"}])
def test_without_color_and_without_unicode(home: dict[str, str], environment: dict[str, str]) -> None:
    with Terminal([*COTERIE, "--demo"], environment=home | environment) as terminal:
        terminal.wait_for("Adaeze Abiola").press("space").wait_for("1 checked")
        if "NO_COLOR" not in environment:
            assert "[x]" in terminal.text
            terminal.wait_until(
                lambda: all(letter.isascii() or letter.isalpha() for letter in terminal.text.replace("\n", "")),
                "nothing but ASCII and letters",
            )
        else:
            cells = [terminal.cell(x, y) for x in range(80) for y in range(24)]
            assert {cell.fg for cell in cells} | {cell.bg for cell in cells} == {"default"}


def test_an_unforeseen_error_ends_in_a_sentence_and_a_log(home: dict[str, str], tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text(
        "import sys, coterie.tui.widgets.title_bar as t\n"
        "def fail(*_): raise ZeroDivisionError('name of a contact')\n"
        "from coterie.tui.screens.base import CommandScreen\n"
        "CommandScreen.refresh_footer = fail\n"
        "sys.argv[1:] = ['--demo']\n"
        "from coterie.tui.__main__ import main; main()\n"
    )
    with Terminal([sys.executable, broken], environment=home | {"PYTHONPATH": str(Path.cwd())}) as terminal:
        assert terminal.wait_for_end() == 1
        assert "Something unexpected happened (ZeroDivisionError)" in terminal.text
        assert "Traceback" not in terminal.text
        [log] = (tmp_path / "xdg_state_home").rglob("coterie.log")
        assert "name of a contact" in log.read_text()
