"""The program in a real terminal while its book is deleted, and while the copy of the day is made."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import preloaded
from tests.tui.terminal_harness import Terminal

COTERIE = [sys.executable, "-m", "coterie.tui"]
A_COPY_AT_ONCE = "from coterie.tui import app, __main__ as main; app.FIRST_COPY = 0.1; app.COPIES = 0.2; main.main()"


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    return {name: str(tmp_path / name.lower()) for name in names}


@pytest.fixture
def book(home: dict[str, str]) -> Iterator[Path]:
    """A book with Ada in it, without the copy that was made of it."""
    add = ["add", "--name", "Ada Lovelace", "--email", "ada@example.org"]
    preloaded.run(add, environment=os.environ | home).check_returncode()
    path = Path(home["XDG_DATA_HOME"]) / "coterie" / "contacts.db"
    for copy in path.with_name("contacts.db.backups").iterdir():
        copy.unlink()
    yield path
    path.parent.chmod(0o700)


def test_a_book_that_is_deleted_says_so_and_takes_no_changes(home: dict[str, str], book: Path) -> None:
    with Terminal(COTERIE, environment=home) as terminal:
        terminal.wait_for("Ada Lovelace").wait_for("1 contact")
        book.rename(book.with_name("away.db"))
        terminal.wait_for(" deleted ")  # the path before it decides where the lines break
        terminal.press("f").settle()
        assert not book.exists()
        book.with_name("away.db").rename(book)
        terminal.press("q").wait_for_end()
    listed = preloaded.run(["list"], environment=os.environ | home)
    assert listed.stdout.startswith(b"1\t\tAda Lovelace"), "nobody has become a favorite"


def test_the_copy_of_the_day_is_made_beside_the_screen(home: dict[str, str], book: Path) -> None:
    with Terminal([sys.executable, "-c", A_COPY_AT_ONCE], environment=home) as terminal:
        terminal.wait_for("Ada Lovelace")
        terminal.wait_until(lambda: any(book.with_name("contacts.db.backups").glob("????-??-??.db")))
        terminal.press("f").wait_for("★ Ada")
        terminal.press("q").wait_for_end()
    assert len(list(book.with_name("contacts.db.backups").iterdir())) == 1
