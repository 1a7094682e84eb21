"""A monkey at the terminal, for some seconds; `python -m tests.monkey` goes on for longer."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests.monkey import DEMO, fill, play, surroundings, trouble_of, typed
from tests.tui.terminal_harness import Terminal


@pytest.mark.parametrize(("seed", "size"), [(1, "80x24"), (2, "40x12")])
def test_the_program_outlives_a_monkey_at_the_keyboard(seed: int, size: str, tmp_path: Path) -> None:
    left = itertools.repeat(True, 120)
    run = play(seed, tmp_path, size=size, for_as_long=lambda: next(left, False))
    assert not run.trouble, f"seed {run.seed}: {' '.join(run.done)}\n{run.trouble}"


def test_the_program_outlives_a_monkey_that_does_anything(tmp_path: Path) -> None:
    fill(tmp_path)
    left = itertools.repeat(True, 200)
    run = play(3, tmp_path, for_as_long=lambda: next(left, False), all_it_can=True)
    assert not run.trouble, f"seed {run.seed}: {' '.join(run.done)}\n{run.trouble}"


@pytest.mark.parametrize(
    "keys", [("4", "x", ".", "enter"), ("4", "x", "enter", "escape"), ("M", "enter", "escape"), ("M", "escape", "M")]
)
def test_dialogs_that_open_and_close_at_once_leave_a_living_program(keys: tuple[str, ...], tmp_path: Path) -> None:
    with Terminal(DEMO, environment=surroundings(tmp_path), cwd=Path.cwd()) as terminal:
        terminal.wait_for("contacts")
        for _ in range(6):
            terminal.write("".join(map(typed, keys)))
            terminal.press("escape", "escape", "escape", "1")
        assert not trouble_of(terminal, tmp_path)
