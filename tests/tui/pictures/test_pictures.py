"""Every screen and dialog looks as a person approved it; `just pictures` shows what differs and asks."""

from __future__ import annotations

import asyncio
import re
from difflib import unified_diff
from pathlib import Path

import pytest

from tests.tui.pictures.scenes import NAMES, book_of_pictures
from tests.tui.pictures.taking import FOLDER, kept, path_of, take

LOOKS = (1, 5, 25)
"""A first try is quick; where it shows something else, a busy machine may only need more time."""


@pytest.fixture(scope="session")
def book_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with asyncio.Runner() as runner:
        return runner.run(book_of_pictures(tmp_path_factory.mktemp("pictures")))


@pytest.mark.parametrize("name", NAMES)
async def test_it_looks_as_approved(name: str, book_file: Path, tmp_path: Path) -> None:
    approved, now = kept(name), ""
    for looks in LOOKS:
        home = tmp_path / str(looks)
        home.mkdir()
        now = await take(name, book_file, home, looks)
        if now == approved:
            return
    pytest.fail("\n".join(unified_diff(approved.split("\n"), now.split("\n"), "approved", "now", lineterm="")))


def test_each_picture_is_one_of_a_scene() -> None:
    assert set(FOLDER.iterdir()) == set(map(path_of, NAMES))


def test_what_is_drawn_in_ascii_has_nothing_else_but_letters() -> None:
    signs = {sign for line in kept("ascii").split("\n") if line.startswith("|") for sign in line if not sign.isascii()}
    assert signs
    assert all(map(str.isalpha, signs))


def test_what_is_drawn_without_colors_has_none() -> None:
    looks = kept("without colors").rpartition("== looks\n")[2].splitlines()
    assert looks
    assert all(re.fullmatch(r"[a-z]+ (default )?on default( [a-z]+)*", look) for look in looks)
