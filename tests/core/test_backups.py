"""Copies of the book, and the way back, with real files, real kills, a second program and a disk that is full."""

# ruff: noqa: ASYNC220, ASYNC221, ASYNC240 - nothing else runs on the loop of these tests

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.backups import Backups
from coterie.core.book import Book
from coterie.core.changes import Assign, Delete, Edit, Plan
from coterie.core.checks import Checks
from coterie.core.errors import BookBusy, BookTooNew, CannotOpen, InvalidInput, NoSuchFile, UnreadableFile
from coterie.core.listing import Listing
from coterie.core.model import Contact, Email
from coterie.core.settings import Settings
from coterie.core.store.engine import daily
from coterie.core.store.engine.migrations import migrate_sqlite
from coterie.core.store.repair import restoring
from coterie.core.store.repair.difference import Difference, Some
from tests.conftest import Clock, settings_in
from tests.core.book_contract import make

ADA, BOB, CY = (Contact(name=name, emails=(Email(f"{name.lower()}@example.org"),)) for name in ("Ada", "Bob", "Cy"))


@pytest.fixture
def path(settings: Settings) -> Path:
    assert settings.sqlite_path is not None
    return settings.sqlite_path


@pytest.fixture
def backups(path: Path, clock: Clock) -> Backups:
    return Backups(path, clock)


async def filled(settings: Settings, *people: Contact) -> None:
    async with await Book.open(settings) as book:
        for person in people:
            await make(book, person)


async def names(settings: Settings) -> list[str]:
    async with await Book.open(settings) as book:
        return [row.name for row in await book.lists.rows(Listing(), 0, 99)]


def intact(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def beside(path: Path) -> list[str]:
    """Everything in the folder of a book but the book itself and the folder of its copies."""
    return sorted(one.name for one in path.parent.iterdir() if one.is_file() and one != path)


def in_a_child(code: str, *arguments: object) -> subprocess.Popen[bytes]:
    """Another program that runs `code` and then says that it is ready."""
    child = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdout is not None
    child.stdout.readline()
    return child


ADDS_AND_IS_KILLED = """
import asyncio, os, signal, sys
from coterie.core.book import Book
from coterie.core.model import Contact, Email
from coterie.core.changes import Create, Plan
from tests.conftest import settings_in
from pathlib import Path
async def main():
    book = await Book.open(settings_in(Path(sys.argv[1])))
    await book.apply(Plan("add", "Added", [Create(Contact(name="Killed", emails=(Email("k@example.org"),)))]))
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
HAS_IT_OPEN = """
import asyncio, sys
from coterie.core.book import Book
from tests.conftest import settings_in
from pathlib import Path
async def main():
    async with await Book.open(settings_in(Path(sys.argv[1]))) as book:
        print("open", flush=True)
        await asyncio.to_thread(sys.stdin.read)
asyncio.run(main())
"""


# Making copies -------------------------------------------------------------------------------------------------------


async def test_a_copy_is_one_file_with_what_stands_in_the_log(
    settings: Settings, backups: Backups, tmp_path: Path
) -> None:
    target = tmp_path / "copy.db"
    async with await Book.open(settings) as book:
        await make(book, ADA)
        made = await backups.make(target)
        await make(book, BOB)
    assert (made.path, made.contacts) == (target, 1)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert beside(target) == []
    assert target.read_bytes()[18:20] == b"\1\1", "it needs no log, so it can be read from a read-only disk"
    assert intact(target)


async def test_a_copy_takes_the_place_of_an_earlier_one(settings: Settings, backups: Backups, tmp_path: Path) -> None:
    await filled(settings, ADA)
    await backups.make(tmp_path / "copy.db")
    await filled(settings, BOB)
    assert (await backups.make(tmp_path / "copy.db")).contacts == 2


async def test_a_copy_goes_into_a_folder_under_a_name_of_its_own(
    settings: Settings, backups: Backups, tmp_path: Path
) -> None:
    await filled(settings, ADA)
    (tmp_path / "stick").mkdir()
    assert (await backups.make(tmp_path / "stick")).path == tmp_path / "stick" / "contacts-2026-11-23T120000.db"
    assert (await backups.make()).path == backups.folder / "2026-11-23T120000.db"
    assert stat.S_IMODE(backups.folder.stat().st_mode) == 0o700


async def test_nothing_but_an_earlier_copy_is_replaced(
    settings: Settings, backups: Backups, path: Path, tmp_path: Path
) -> None:
    await filled(settings, ADA)
    letter, other, pipe = tmp_path / "letter.txt", settings_in(tmp_path / "other"), tmp_path / "pipe"
    letter.write_text("Dear Ada")
    os.mkfifo(pipe)
    await filled(other, BOB)
    assert other.sqlite_path is not None
    for target, sentence in (
        (letter, "is not a copy"), (other.sqlite_path, "is a book in use"),
        (pipe, "is not a file"), (path, "the book itself"),
    ):  # fmt: skip
        with pytest.raises(UnreadableFile, match=sentence):
            await backups.make(target)
    assert letter.read_text() == "Dear Ada"
    assert await names(other) == ["Bob"]
    with pytest.raises(NoSuchFile, match="There is no folder"):
        await backups.make(tmp_path / "nowhere" / "copy.db")


async def test_a_damaged_book_makes_no_copy(settings: Settings, backups: Backups, path: Path, tmp_path: Path) -> None:
    await filled(settings, ADA)
    await backups.make(tmp_path / "copy.db")
    damage(path)
    with pytest.raises(CannotOpen, match="The book is damaged"):
        await backups.make(tmp_path / "copy.db")
    assert intact(tmp_path / "copy.db"), "the copy from before is as it was"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[8192:40960] = b"\xff" * (40960 - 8192)
    path.write_bytes(content)


async def test_no_book_makes_no_copy(backups: Backups, path: Path) -> None:
    with pytest.raises(NoSuchFile, match="There is no book"):
        await backups.make()
    assert not path.exists()


def test_a_book_on_postgresql_is_copied_by_its_own_tools(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="PostgreSQL"):
        Backups.of(settings_in(tmp_path, database_url="postgresql://nobody@nowhere.example/book"))


async def test_a_disk_that_takes_no_more_leaves_the_copy_from_before(
    settings: Settings, path: Path, tmp_path: Path
) -> None:
    await filled(settings, ADA)
    target = tmp_path / "copy.db"
    await Backups(path).make(target)
    before = target.read_bytes()
    code = (
        "import asyncio, sys; from pathlib import Path; from coterie.core.backups import Backups\n"
        "asyncio.run(Backups(Path(sys.argv[1])).make(Path(sys.argv[2])))"
    )

    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    done = subprocess.run(
        [sys.executable, "-B", "-c", code, path, target],  # older Pythons would keep half a compiled module
        preexec_fn=little_room, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert f"UnreadableFile: No copy was made at {target}" in done.stderr
    assert target.read_bytes() == before
    assert beside(target) == []


async def test_what_a_killed_copy_left_is_removed(settings: Settings, backups: Backups, tmp_path: Path) -> None:
    await filled(settings, ADA)
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = [tmp_path / f".copy.db.{gone.pid}.new{ending}" for ending in ("", "-journal")]
    mine = tmp_path / f".copy.db.{os.getppid()}.new"
    for one in (*left, mine):
        one.touch()
    await backups.make(tmp_path / "copy.db")
    assert [one.exists() for one in (*left, mine)] == [False, False, True], "what another program writes stays"


async def test_a_killed_copy_of_a_day_is_removed_on_another(settings: Settings, backups: Backups) -> None:
    await filled(settings, ADA)
    gone = subprocess.Popen(["true"])
    gone.wait()
    backups.folder.mkdir()
    (backups.folder / f".2026-11-20.db.{gone.pid}.new").touch()
    made = await backups.keep()
    assert list(backups.folder.iterdir()) == [made]


# Putting one back ----------------------------------------------------------------------------------------------------


async def restore(backups: Backups, copy: Path) -> Path | None:
    async with backups.restoring(copy) as ready:
        return await ready.finish()


async def test_the_log_of_a_killed_program_is_not_replayed_over_the_copy(
    settings: Settings, backups: Backups, path: Path, tmp_path: Path
) -> None:
    await filled(settings, ADA, BOB)
    await backups.make(tmp_path / "copy.db")
    await filled(settings, CY)
    killed = in_a_child(ADDS_AND_IS_KILLED, tmp_path)
    assert killed.wait() == -signal.SIGKILL
    assert path.with_name("contacts.db-wal").stat().st_size > 0
    kept = await restore(backups, tmp_path / "copy.db")
    assert beside(path) == []
    assert intact(path)
    assert await names(settings) == ["Ada", "Bob"]
    assert kept is not None
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert intact(kept)
    await restore(backups, kept)
    assert await names(settings) == ["Ada", "Bob", "Cy", "Killed"], "the book from before, with its log"


async def test_a_copy_comes_back_in_the_place_of_a_damaged_book(
    settings: Settings, backups: Backups, path: Path, tmp_path: Path
) -> None:
    await filled(settings, ADA)
    await backups.make(tmp_path / "copy.db")
    assert in_a_child(ADDS_AND_IS_KILLED, tmp_path).wait() == -signal.SIGKILL
    path.write_bytes(b"garbage" * 1000)
    log = path.with_name("contacts.db-wal").read_bytes()
    async with backups.restoring(tmp_path / "copy.db") as ready:
        assert ready.difference is None
        kept = await ready.finish()
    assert await names(settings) == ["Ada"]
    assert kept is not None
    assert kept.read_bytes() == b"garbage" * 1000
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == log, "whoever mends the old book needs its log"


async def test_a_copy_comes_back_where_there_is_no_book(
    settings: Settings, backups: Backups, path: Path, tmp_path: Path
) -> None:
    await filled(settings, ADA)
    await backups.make(tmp_path / "copy.db")
    assert in_a_child(ADDS_AND_IS_KILLED, tmp_path).wait() == -signal.SIGKILL
    path.unlink()  # the log stays, as it does if somebody removes `contacts.db` alone
    assert await restore(backups, tmp_path / "copy.db") is None
    assert await names(settings) == ["Ada"]


async def test_a_book_and_copies_behind_links_are_those_that_the_links_lead_to(
    settings: Settings, path: Path, tmp_path: Path
) -> None:
    await filled(settings, ADA)
    (tmp_path / "real").mkdir()
    path.rename(tmp_path / "real" / "book.db")
    path.symlink_to(tmp_path / "real" / "book.db")
    (tmp_path / "link.db").symlink_to(tmp_path / "copy.db")
    async with await Book.open(settings) as book:
        await make(book, BOB)
        await Backups(path).make(tmp_path / "link.db")
        await Backups(path).keep()
    assert in_a_child(ADDS_AND_IS_KILLED, tmp_path).wait() == -signal.SIGKILL
    async with Backups(path).restoring(tmp_path / "link.db") as ready:
        assert ready.difference == Difference(Some(1, ("Killed",)), Some(), Some())
        await ready.finish()
    assert path.is_symlink()
    assert (tmp_path / "link.db").is_symlink()
    assert await names(settings) == ["Ada", "Bob"]
    assert sorted(one.name for one in (tmp_path / "real").iterdir()) == ["book.db", "book.db.backups"]


async def test_a_book_that_another_program_has_open_is_not_replaced(
    settings: Settings, backups: Backups, path: Path, tmp_path: Path
) -> None:
    await filled(settings, ADA)
    await backups.make(tmp_path / "copy.db")
    other = subprocess.Popen(
        [sys.executable, "-c", HAS_IT_OPEN, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    assert other.stdin is not None
    other.stdout.readline()
    with pytest.raises(BookBusy, match=f"Another program has the book {path} open"):
        await asyncio.to_thread(backups.refuse_open)
    with pytest.raises(BookBusy, match=f"Another program has the book {path} open"):
        await restore(backups, tmp_path / "copy.db")
    other.stdin.close()
    assert other.wait() == 0
    backups.refuse_open()
    assert await names(settings) == ["Ada"]


@pytest.mark.parametrize("step", ["_close_log", "_clear", "os.link", "_replace"])
async def test_a_kill_leaves_the_old_book_or_the_new_one(
    settings: Settings, path: Path, tmp_path: Path, step: str
) -> None:
    await filled(settings, ADA)
    await Backups(path).make(tmp_path / "copy.db")
    await filled(settings, BOB)
    code = f"""
import asyncio, os, signal, sys
from pathlib import Path
from coterie.core.backups import Backups
from coterie.core.store.repair import restoring
from tests.core.test_backups import restore
step = restoring.{step}
def killed(*arguments):
    step(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
restoring.{step} = killed
asyncio.run(restore(Backups(Path(sys.argv[1])), Path(sys.argv[2])))
"""
    child = subprocess.run([sys.executable, "-c", code, path, tmp_path / "copy.db"], check=False)
    assert child.returncode == -signal.SIGKILL
    assert intact(path)
    assert await names(settings) == (["Ada"] if step == "_replace" else ["Ada", "Bob"])
    await restore(Backups(path), tmp_path / "copy.db")
    assert await names(settings) == ["Ada"]
    assert beside(path) == [], "what the killed program left is gone"


async def test_what_is_no_copy_is_refused(settings: Settings, backups: Backups, path: Path, tmp_path: Path) -> None:
    await filled(settings, ADA)
    await backups.make(tmp_path / "good.db")
    cut, text, empty, other, newer, damaged = (tmp_path / f"{name}.db" for name in "abcdef")
    content = (tmp_path / "good.db").read_bytes()
    cut.write_bytes(content[: len(content) // 2])
    text.write_text("Name,E-mail\n")
    empty.touch()
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE bookmark (url)")
    shutil.copy(tmp_path / "good.db", newer)
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    shutil.copy(tmp_path / "good.db", damaged)
    damage(damaged)
    for copy, error, sentence in (
        (cut, CannotOpen, "damaged|cannot be read as a book"),
        (text, CannotOpen, "cannot be read as a book"),
        (empty, UnreadableFile, "is empty"),
        (other, CannotOpen, "is not a book of Coterie"),
        (newer, BookTooNew, "newer Coterie"),
        (damaged, CannotOpen, "damaged"),
        (path, UnreadableFile, "is the book itself"),
        (tmp_path, NoSuchFile, "is not a file"),
        (tmp_path / "missing.db", NoSuchFile, "There is no file"),
    ):
        with pytest.raises(error, match=sentence):
            await restore(backups, copy)
    assert await names(settings) == ["Ada"]
    assert beside(path) == []


async def test_a_copy_of_an_older_version_is_brought_up_to_date(
    settings: Settings, backups: Backups, path: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.db"
    migrate_sqlite(old, "0001")
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("INSERT INTO contact (id, name, sort_key) VALUES (7, 'Old Ada', 'old ada')")
        connection.execute("INSERT INTO search (contact_id, name) VALUES (7, 'old ada')")
        connection.commit()
    before = old.read_bytes()
    await filled(settings, BOB)
    await restore(backups, old)
    assert await names(settings) == ["Old Ada"]
    assert old.read_bytes() == before, "the copy itself is only read"


async def test_the_preview_says_what_differs(settings: Settings, backups: Backups, tmp_path: Path) -> None:
    await filled(settings, ADA, BOB, CY)
    await backups.make(tmp_path / "copy.db")
    async with await Book.open(settings) as book:
        ada, bob = [row.id for row in await book.lists.rows(Listing(), 0, 2)]
        await book.apply(Plan("edit", "", [Assign(Checks.of([ada]), "company", "Engines")]))
        await book.apply(Plan("delete", "", [Delete(Checks.of([bob]))]))
        await make(book, Contact(name="Dora", emails=(Email("dora@example.org"),)))
    async with backups.restoring(tmp_path / "copy.db") as ready:
        assert ready.difference == Difference(Some(1, ("Dora",)), Some(), Some(2, ("Ada", "Bob")))
        assert ready.contacts == 3
    async with await Book.open(settings) as book:
        await book.history.undo()
        await book.history.undo()
        await book.history.undo()
    async with backups.restoring(tmp_path / "copy.db") as ready:
        only_in_the_bin = Difference(Some(1, ("Dora",)), Some(), Some())
        assert ready.difference == only_in_the_bin, "what was undone is as it was, whatever its version says"


async def test_an_id_that_was_given_twice_is_not_the_same_contact(
    settings: Settings, backups: Backups, tmp_path: Path
) -> None:
    await filled(settings, ADA)
    await backups.make(tmp_path / "before.db")
    await filled(settings, BOB)
    await backups.make(tmp_path / "with_bob.db")
    await restore(backups, tmp_path / "before.db")
    await filled(settings, CY)  # with the id that Bob had
    async with backups.restoring(tmp_path / "with_bob.db") as ready:
        assert ready.difference == Difference(Some(1, ("Cy",)), Some(1, ("Bob",)), Some())


async def test_phones_addresses_and_groups_differ_too(settings: Settings, backups: Backups, tmp_path: Path) -> None:
    await filled(settings, ADA, BOB, CY)
    await backups.make(tmp_path / "copy.db")
    async with await Book.open(settings) as book:
        ids = [row.id for row in await book.lists.rows(Listing(), 0, 9)]
        values: tuple[dict[str, object], ...] = ({"groups": ("Choir",)}, {"emails": (Email("new@example.org"),)})
        for one, value in zip(ids, values, strict=False):
            await book.apply(Plan("edit", "", [Edit(one, value)]))
    async with backups.restoring(tmp_path / "copy.db") as ready:
        assert ready.difference == Difference(Some(), Some(), Some(2, ("Ada", "Bob")))


# The copies of each day ----------------------------------------------------------------------------------------------


async def test_a_day_on_which_something_changed_has_its_copy(
    settings: Settings, backups: Backups, clock: Clock
) -> None:
    await filled(settings)
    assert await backups.keep() is None, "an empty book"
    await filled(settings, ADA)
    assert await backups.keep() == backups.folder / "2026-11-23.db"
    await filled(settings, BOB)
    assert await backups.keep() is None, "once a day"
    clock.pass_days(1)
    assert await backups.keep() == backups.folder / "2026-11-24.db"
    clock.pass_days(1)
    assert await backups.keep() is None, "nothing has changed"
    assert [copy.contacts for copy in backups.listed()] == [2, 1]


async def test_seven_days_and_four_weeks_are_kept(settings: Settings, backups: Backups, clock: Clock) -> None:
    by_hand = None
    for number in range(60):
        await filled(settings, Contact(name=f"Person {number}", emails=(Email(f"p{number}@example.org"),)))
        assert await backups.keep() is not None
        by_hand = by_hand or (await backups.make()).path
        clock.pass_days(1)
    days = list(daily.daily_copies(Path(settings.database_url.removeprefix("sqlite:///"))))
    last = clock.now.date() - timedelta(days=1)
    assert days[:7] == [last - timedelta(days=back) for back in range(7)]
    assert len(days) == 11
    weeks = [day.isocalendar()[:2] for day in days[7:]]
    assert len(set(weeks)) == 4
    assert all((later - earlier).days <= 7 for later, earlier in pairwise(days[6:]))
    assert by_hand is not None
    assert by_hand.exists(), "what the user asked for is the user's"


@given(st.sets(st.dates(date(2000, 1, 1), date(2060, 1, 1)), max_size=60), st.dates(date(2000, 1, 1), date(2060, 1, 1)))
def test_copies_are_counted_so_a_wrong_clock_removes_none(days: set[date], today: date) -> None:
    copies = {day: Path(day.isoformat()) for day in sorted({*days, today}, reverse=True)}
    gone = set(daily.outdated(copies, today))
    kept = [day for day, path in copies.items() if path not in gone]
    until_now = [day for day in copies if day <= today]
    assert {day for day in copies if day > today} <= set(kept), "the clock may be wrong now"
    assert [day for day in kept if day <= today][:7] == until_now[:7]
    assert sum(day <= today for day in kept) <= 11
    assert not daily.outdated({day: copies[day] for day in kept}, today), "who looks twice finds nothing more"


async def test_copies_of_a_clock_that_was_years_ahead_do_not_push_out_those_of_now(
    settings: Settings, backups: Backups, clock: Clock
) -> None:
    clock.pass_days(4000)
    for number in range(40):
        await filled(settings, Contact(name=f"Person {number}"))
        await backups.keep()
        clock.pass_days(1)
    clock.pass_days(-4040)
    await filled(settings, ADA)
    made = await backups.keep()
    assert made == backups.folder / "2026-11-23.db"
    assert made.exists()


def test_the_folder_of_the_copies_belongs_to_one_book() -> None:
    assert daily.folder_of(Path("/a/b.db")) == Path("/a/b.db.backups")
    restoring.refuse_open(Path("/nowhere/at/all.db"))
