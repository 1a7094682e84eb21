"""The first start: an empty book offers import, sync and the tour, and the tour's key begins it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.tui.terminal_harness import Terminal

F2 = "\x1bOQ"


@pytest.mark.parametrize("size", ["80x24", "40x12"])
def test_an_empty_book_offers_the_tour_and_its_key_begins_it(tmp_path: Path, size: str) -> None:
    command = [sys.executable, "-m", "coterie.tui", "--ascii", "--database", str(tmp_path / "book.db")]
    folders = {f"XDG_{kind}_HOME": str(tmp_path) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    with Terminal(command, size=size, environment=folders) as terminal:
        terminal.wait_for("Your address book is empty").wait_for("import a file").wait_for("connect Google")
        terminal.wait_for("a tour of two minutes").send(F2)
        terminal.wait_for("Tour, 1 of 10")
        terminal.wait_for("307 contacts")
        assert "╭" not in terminal.text  # drawn as it was asked for
        terminal.send(F2).wait_for("That was the tour").press("q")
        assert terminal.wait_for_end() == 0
