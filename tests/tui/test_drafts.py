"""Where drafts are: each program has its own, the next one takes over those of programs that have ended."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from coterie.core.clock import computers_clock
from coterie.tui.drafts import Drafts, Held, beside

HELD = Held("contact", "adding a contact", {"typed": {"name": "Ada \udce4"}})


def kept(root: Path, book: str = "one") -> tuple[Drafts, Path]:
    drafts = Drafts(root, book)
    path = drafts.new()
    assert path is not None
    drafts.keep(path, HELD)
    return drafts, path


def test_what_a_program_left_is_offered_to_one_other(tmp_path: Path) -> None:
    first, path = kept(tmp_path)
    second = Drafts(tmp_path, "one")
    assert second.left() == []  # the first one is still there
    first.close(keep=True)
    (draft,) = second.left()
    assert (draft.path, draft.held) == (path, HELD)
    assert Drafts(tmp_path, "one").left() == []  # it is the second one's now
    second.close(keep=True)
    assert [one.held for one in Drafts(tmp_path, "one").left()] == [HELD]


def test_what_is_forgotten_goes_with_the_files_beside_it(tmp_path: Path) -> None:
    first, path = kept(tmp_path)
    beside(path).mkdir()
    (beside(path) / "contacts.txt").write_text("typed")
    first.close(keep=True)
    second = Drafts(tmp_path, "one")
    second.forget(second.left()[0].path)
    assert list(tmp_path.iterdir()) == []


def test_who_leaves_on_purpose_leaves_nothing(tmp_path: Path) -> None:
    drafts, _ = kept(tmp_path)
    drafts.close(keep=False)
    assert list(tmp_path.iterdir()) == []


def test_other_books_and_damaged_ones_are_not_offered(tmp_path: Path) -> None:
    for book in ("one", "two"):
        drafts, path = kept(tmp_path, book)
        if book == "two":
            path.write_text("{")
        drafts.close(keep=True)
    assert Drafts(tmp_path, "two").left() == []
    assert len(Drafts(tmp_path, "one").left()) == 1


@pytest.mark.parametrize("days", [-400, 400])
def test_a_wrong_clock_loses_nothing(tmp_path: Path, days: int) -> None:
    drafts, path = kept(tmp_path)
    moment = (computers_clock() + timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))
    drafts.close(keep=True)
    assert len(Drafts(tmp_path, "one").left()) == 1


def test_only_the_user_can_read_them(tmp_path: Path) -> None:
    _, path = kept(tmp_path / "drafts")
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_disk_that_takes_nothing_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    drafts = Drafts(tmp_path / "file" / "drafts", "one")
    assert drafts.new() is None
    assert not drafts.is_on
    assert Drafts().new() is None


def test_what_cannot_be_read_now_stays(tmp_path: Path) -> None:
    first, path = kept(tmp_path)
    beside(path).mkdir()
    (beside(path) / "contacts.txt").write_text("typed")
    whole = path.read_bytes()
    path.write_bytes(whole[:9])
    first.close(keep=True)
    second = Drafts(tmp_path, "one")
    assert second.left() == []
    second.close(keep=True)
    path.write_bytes(whole)
    assert [one.held for one in Drafts(tmp_path, "one").left()] == [HELD]
    assert (beside(path) / "contacts.txt").read_text() == "typed"
