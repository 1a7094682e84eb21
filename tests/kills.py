"""Programs that are killed, or whose files may not grow, while they change a book: each change is there whole or not at
all, and the book is well.

One book is changed by programs that are killed at a moment that chance decides (SIGKILL), or whose files may have so
many bytes and no more (setrlimit(2), RLIMIT_FSIZE). A second one takes the same changes in peace. After each try the
first must be, value by value, what the second is before or after the change.

    uv run python -m tests.kills --kills 1000 --seed 1
    uv run python -m tests.kills --kills 1000 --seed 1 --no-room
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import multiprocessing
import random
import resource
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from coterie.core.book import Book
from coterie.core.bulk import make_action, make_plan
from coterie.core.errors import CoterieError
from coterie.core.health import examine
from coterie.core.listing import Listing, View
from coterie.core.settings import Settings
from coterie.core.store import schema
from coterie.core.transfer.importing import ImportOptions, run, stage

PEOPLE: Final = 400
"""So many people are there to be imported: most imports bring new ones and know some."""
CHANGES_OF_A_BOOK: Final = 40
"""Then the next one is begun."""
_BEGIN: Final = datetime(2026, 3, 1, 9, tzinfo=UTC)
_PROCESSES: Final = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    ["coterie.core.bulk", "coterie.core.health", "coterie.core.transfer.importing", "sqlmodel"]
)
_BY_CHANCE: Final = frozenset({"uid"})
"""Columns that are never the same twice."""


Change = Callable[[Book, random.Random], Awaitable[object]]


async def _import(book: Book, chance: random.Random) -> None:
    people = chance.sample(range(PEOPLE), chance.randrange(1, 300))
    lines = [f"Name {n},person{n}@example.org,Company {n % 7},Group {n % 3}" for n in people]
    content = "\n".join(["Name,E-mail,Company,Groups", *lines]).encode()
    await run(book, await stage(content, options=ImportOptions(groups=("Imported",))))


def _bulk(action: str, view: View = View.ALL, **values: str) -> Change:
    async def change(book: Book, chance: random.Random) -> None:
        some = Listing(view, query=f'company:"{chance.randrange(7)}"' if chance.random() < 0.7 else "")
        await book.apply(await make_plan([make_action(action, **values)], some, book.contacts))

    return change


CHANGES: Final[tuple[Change, ...]] = (
    _import,
    _import,
    lambda book, _: book.history.undo(),
    lambda book, _: book.history.undo(),
    lambda book, _: book.history.redo(),
    _bulk("set", field="job_title", value="Organiser"),
    _bulk("clear", field="job_title"),
    _bulk("replace", field="company", value="Company", new="Firm"),
    _bulk("add-group", value="Choir"),
    _bulk("remove-group", value="Group 1"),
    _bulk("favorite"),
    _bulk("delete"),
    _bulk("restore", View.BIN),
    _bulk("forget", View.BIN),
)


@dataclass(frozen=True)
class Episode:
    """The changes of one book, the same for the same seed."""

    seed: int

    async def make(self, path: Path, number: int) -> None:
        """Open the book, make change `number` and close the book; change 0 is that the book is made."""
        chance = random.Random(f"{self.seed}/{number}")
        moment = _BEGIN + timedelta(hours=number)
        settings = Settings.load({"database_url": f"sqlite:///{path}"}, environment={})
        async with await Book.open(settings, now=lambda: moment) as book:
            if number:
                with contextlib.suppress(CoterieError):  # nothing to undo, nothing selected
                    await chance.choice(CHANGES)(book, chance)


def in_peace(episode: Episode, path: Path, number: int) -> None:
    """Make a change, undisturbed."""
    asyncio.run(episode.make(path, number))


def _victim(ready: Connection, episode: Episode, path: Path, number: int, room: int | None = None) -> None:
    ready.send(True)
    if room is not None:
        sys.dont_write_bytecode = True  # older Pythons would keep half a module
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    with contextlib.suppress(CoterieError):  # the book says that it cannot be opened, or that nothing was saved
        in_peace(episode, path, number)


def without_room(episode: Episode, path: Path, number: int, room: int) -> str:
    """Make a change in a process whose files may have `room` bytes; how it ended if it did not end well."""
    here, there = _PROCESSES.Pipe(duplex=False)
    victim = _PROCESSES.Process(target=_victim, args=(there, episode, path, number, room))
    victim.start()
    there.close()
    here.recv()
    victim.join()
    return "" if victim.exitcode == 0 else f"With {room:,} bytes of room, the program ended with {victim.exitcode}."


def killed(episode: Episode, path: Path, number: int, after: float) -> bool:
    """Make a change in a process that is killed `after` so many seconds; whether that was before its end."""
    here, there = _PROCESSES.Pipe(duplex=False)
    victim = _PROCESSES.Process(target=_victim, args=(there, episode, path, number))
    victim.start()
    there.close()
    here.recv()
    victim.join(after)
    victim.kill()
    victim.join()
    return victim.exitcode == -signal.SIGKILL


def values_of(path: Path) -> str:
    """All that the book holds, its history included, as one hash."""
    hashed = hashlib.sha256()
    with closing(sqlite3.connect(path)) as connection:
        for name, table in sorted(schema.METADATA.tables.items()):
            columns = ", ".join(f'"{column.name}"' for column in table.columns if column.name not in _BY_CHANCE)
            rows = connection.execute(f'SELECT {columns} FROM "{name}" ORDER BY {columns}').fetchall()
            hashed.update(repr((name, rows)).encode())
    return hashed.hexdigest()


@dataclass
class Killed:
    """What came of the programs that were killed.

    Attributes:
        before: how many left the book as it was.
        after: how many had just made their change.
        spared: how many ended before they could be killed, or had room enough.
        trouble: what is wrong with the book; empty if all is well.
    """

    before: int = 0
    after: int = 0
    spared: int = 0
    trouble: str = ""

    def count(self, *, was_killed: bool, is_made: bool) -> None:
        """Add a program, and whether its change is there."""
        if not was_killed:
            self.spared += 1
        elif is_made:
            self.after += 1
        else:
            self.before += 1

    def __str__(self) -> str:
        told = f"{self.before} stopped before their change was made, {self.after} after, {self.spared} too late"
        return f"{told}; {self.trouble or 'the book is well'}"

    @property
    def kills(self) -> int:
        """How many programs were killed."""
        return self.before + self.after


def kill_while_it_changes(seed: int, folder: Path, for_as_long: Callable[[Killed], bool]) -> Killed:
    """Kill programs that change one book, until `for_as_long` says no or the last change is made."""
    episode, came, chance = Episode(seed), Killed(), random.Random(seed)
    book, twin, old = folder / "killed.db", folder / "in-peace.db", ""
    for number in range(CHANGES_OF_A_BOOK):
        begun = time.monotonic()
        in_peace(episode, twin, number)
        usual, new = time.monotonic() - begun, values_of(twin)
        there, span = "", 1.2 * usual
        while there != new and for_as_long(came):
            was_killed = killed(episode, book, number, chance.uniform(0, span))
            span *= 1.1  # on a busy core the victim is slower than this program was
            if not number:  # a book that is half made is made by the next who opens it
                in_peace(episode, book, number)
            there = values_of(book)
            came.count(was_killed=was_killed, is_made=there == new)
            came.trouble = "; ".join(one.what for one in examine(book))
            if there not in {old, new} or (there != new and not was_killed):
                came.trouble += " A part of a change is there."
            if came.trouble:
                came.trouble = f"seed {seed}, change {number}: {came.trouble}"
                return came
        old = new
    return came


def give_no_room_while_it_changes(seed: int, folder: Path, tries: int) -> Killed:
    """Change one book with programs whose files may not grow as they need to; `tries` programs at the most."""
    episode, came, chance = Episode(seed), Killed(), random.Random(seed)
    book, twin, old = folder / "no-room.db", folder / "in-peace.db", ""
    for number in range(CHANGES_OF_A_BOOK):
        in_peace(episode, twin, number)
        new = values_of(twin)
        for _ in range(4 if number else 0):
            if came.kills + came.spared == tries:
                return came
            room = chance.randrange(twin.stat().st_size)
            trouble = without_room(episode, book, number, room)
            there = values_of(book)
            came.count(was_killed=there == old, is_made=there == new)
            trouble += " ".join(one.what for one in examine(book))
            if there not in {old, new}:
                trouble += " A part of a change is there."
            if trouble:
                came.trouble = f"seed {seed}, change {number}: {trouble}"
                return came
            if there == new:
                break
        else:
            in_peace(episode, book, number)
        old = new
    return came


def main() -> None:
    """Kill as many programs as wanted, or until a book is not well."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30), help="of the first book")
    parser.add_argument("--no-room", action="store_true", help="let files not grow, instead of killing programs")
    given = parser.parse_args()
    seed, left = given.seed, given.kills
    while left > 0:
        with tempfile.TemporaryDirectory(prefix="coterie-kills-") as folder:
            if given.no_room:
                came = give_no_room_while_it_changes(seed, Path(folder), left)
            else:
                came = kill_while_it_changes(seed, Path(folder), lambda came, left=left: came.kills < left)
        print(f"seed {seed}: {came}", flush=True)
        if came.trouble:
            sys.exit(1)
        seed, left = seed + 1, left - came.kills


if __name__ == "__main__":
    main()
