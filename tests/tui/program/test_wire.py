"""How many bytes a key costs on the line, in a real terminal: a cheap line is what the program is made for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.terminal_harness import Terminal

ROOT = Path(__file__).parents[3]
MOVE, PAGE = 320, 1.4
"""Bytes of a row that is tinted and of one that no longer is; bytes of a page, by those of the text that changed."""
LONG_COLORS = 1.15
"""Colors that are a theme's own are named by twice as many bytes as the terminal's."""


@pytest.fixture(params=["terminal", "coterie-dark", "coterie-light"])
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """The demo's book in each kind of theme."""
    folders = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    environment = {name: str(tmp_path / name) for name in folders}
    environment |= {"HOME": str(tmp_path), "COTERIE_THEME": request.param}
    with Terminal([ROOT / ".venv/bin/coterie", "--demo"], size="120x40", environment=environment, cwd=ROOT) as one:
        one.wait_for("307 contacts")
        one.settle(1)
        yield one


def _changed(before: list[str], after: list[str]) -> int:
    """The bytes of the cells that hold another letter."""
    return sum(
        len(new.encode())
        for line, now in zip(before, after, strict=True)
        for old, new in zip(line.ljust(120), now.ljust(120), strict=True)
        if old != new
    )


def _cost(terminal: Terminal, key: str) -> int:
    before = len(terminal.written)
    terminal.press(key).settle(0.3)
    return len(terminal.written) - before


def test_keys_cost_little(terminal: Terminal, request: pytest.FixtureRequest) -> None:
    factor = 1 if request.node.callspec.params["terminal"] == "terminal" else LONG_COLORS
    terminal.press("I").wait_gone("Added today").settle(0.3)  # the inspector
    assert _cost(terminal, "j") <= MOVE * factor
    terminal.press("space").settle(0.3)  # the selection bar appears
    assert _cost(terminal, "space") <= MOVE * factor
    before = terminal.lines
    cost = _cost(terminal, "pagedown")
    assert cost <= PAGE * factor * _changed(before, terminal.lines)


@pytest.mark.parametrize("terminal", ["terminal"], indirect=True)
def test_the_inspector_costs_what_changes_in_it(terminal: Terminal) -> None:
    terminal.wait_for("Added today").settle(0.3)
    before, start = terminal.lines, len(terminal.written)
    terminal.press("j").wait_for("adaeze.chukwu@example.org").settle(0.3)
    assert len(terminal.written) - start <= MOVE + 1.3 * _changed(before, terminal.lines)


@pytest.mark.parametrize("terminal", ["terminal"], indirect=True)
@pytest.mark.parametrize(("key", "words"), [("?", "esc close"), ("n", "Add contact"), ("+", "Add to")])
def test_a_dialog_costs_what_it_shows(terminal: Terminal, key: str, words: str) -> None:
    for press, condition in ((key, terminal.wait_for), ("escape", terminal.wait_gone)):
        before, start = terminal.lines, len(terminal.written)
        terminal.press(press)
        condition(words)
        terminal.settle(0.3)
        assert len(terminal.written) - start <= 1.4 * _changed(before, terminal.lines) + 300


@pytest.mark.parametrize("terminal", ["terminal"], indirect=True)
def test_the_list_is_drawn_once_with_a_new_contact(terminal: Terminal) -> None:
    terminal.press("I").wait_gone("Added today").settle(0.3)  # the inspector follows the cursor a moment later
    terminal.press("n").wait_for("Name *").type("Maa").press("tab").type("maa@example.org").settle(0.3)
    before, start = terminal.lines, len(terminal.written)
    terminal.press("enter").wait_for("Added Maa.").settle(0.3)
    assert len(terminal.written) - start <= 1.4 * _changed(before, terminal.lines) + 300
    assert any("›" in line and "Maa" in line for line in terminal.lines)


def test_keys_that_come_all_at_once_cost_about_a_frame(terminal: Terminal) -> None:
    start = len(terminal.written)
    terminal.send("j" * 200)
    terminal.wait_for("201 of")
    assert len(terminal.settle(0.3).written) - start <= 2 * start
