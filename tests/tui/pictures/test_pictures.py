"""The screen looks as a person approved it. Mend with `uv run python -m tests.tui.pictures`, which asks."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import pytest

from tests.tui.pictures.taking import FOLDER, NAMES, SCENES, home_of, kept, picture, showing
from tests.tui.terminal_harness import TimedOut


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return home_of(tmp_path_factory.mktemp("pictures"))


@pytest.mark.parametrize("name", NAMES)
def test_the_screen_looks_as_approved(name: str, home: dict[str, str], tmp_path: Path) -> None:
    approved = kept(name)
    with showing(name, home | {"XDG_STATE_HOME": str(tmp_path)}) as scenes:
        for scene, terminal in scenes:
            try:
                terminal.wait_until(lambda scene=scene, terminal=terminal: picture(terminal) == approved[scene])
            except TimedOut:
                differs = unified_diff(approved[scene].split("\n"), picture(terminal).split("\n"), "approved", "now")
                pytest.fail(f"{name}, {scene}:\n" + "\n".join(differs))


def test_each_picture_is_one_of_a_scene() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(NAMES)
    assert all(list(kept(name)) == [scene for scene, _, _ in SCENES] for name in NAMES)
