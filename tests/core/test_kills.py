"""Programs that are killed, or have no room, while they change a book; `python -m tests.kills` goes on for longer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kills import give_no_room_while_it_changes, kill_while_it_changes


@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_program_leaves_a_change_whole_or_not_at_all(seed: int, tmp_path: Path) -> None:
    came = kill_while_it_changes(seed, tmp_path, lambda came: came.kills < 25)
    assert not came.trouble
    assert came.kills == 25


@pytest.mark.parametrize("seed", [1, 2])
def test_a_program_whose_files_may_not_grow_makes_a_change_whole_or_not_at_all(seed: int, tmp_path: Path) -> None:
    came = give_no_room_while_it_changes(seed, tmp_path, 16)
    assert not came.trouble
    assert came.before >= 2
