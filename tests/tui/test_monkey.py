"""A monkey at the keyboard, for some seconds; `python -m tests.tui.monkey` goes on for longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.monkey import COTERIE, play, surroundings, trouble_of, typed
from tests.tui.terminal_harness import Terminal


@pytest.mark.parametrize(("seed", "size"), [(1, "80x24"), (2, "40x12")])
def test_the_program_outlives_a_monkey(seed: int, size: str, tmp_path: Path) -> None:
    run = play(seed, 120, tmp_path, size)
    assert not run.trouble, f"seed {run.seed}: {' '.join(run.pressed)}\n{run.trouble}"


@pytest.mark.parametrize(
    "keys", [("4", "x", ".", "enter"), ("4", "x", "enter", "escape"), ("M", "enter", "escape"), ("M", "escape", "M")]
)
def test_dialogs_that_open_and_close_at_once_leave_a_living_program(keys: tuple[str, ...], tmp_path: Path) -> None:
    with Terminal(COTERIE, environment=surroundings(tmp_path), cwd=Path.cwd()) as terminal:
        terminal.wait_for("contacts")
        for _ in range(6):
            terminal.write("".join(map(typed, keys)))
            terminal.press("escape", "escape", "escape", "1")
        assert not trouble_of(terminal, tmp_path)
