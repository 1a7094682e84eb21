"""Lists, searches, orders and one-shot queries, at 1,000 contacts and at many."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from statistics import quantiles
from typing import Final

from benchmarks.books import Books
from benchmarks.figures import Figure
from benchmarks.measure import run
from benchmarks.screen import Screen
from benchmarks.starting import ROW, program
from coterie.core.book import Book
from coterie.core.listing import Listing
from coterie.core.settings import Settings

_SMALL: Final = 1000
_COLUMNS: Final = ("emails", "company", "groups")
_TYPED: Final = (
    "gmail", "engineer", "lighthouse", "4477", "harbour", "choir", "joma", "silver", "zqxv", "ander", "qx", "7j", "xw",
)  # fmt: skip
_SORTED: Final = {
    "company": "SELECT contact_id, company FROM search ORDER BY company",
    "emails": "SELECT contact_id, norm, MIN(position) FROM email GROUP BY contact_id ORDER BY norm",
    "created_at": "SELECT id, created_at FROM contact ORDER BY created_at",
    "family_name": "SELECT id, family_key FROM contact WHERE state = 0 ORDER BY family_key",
    "phones": "SELECT contact_id, norm, MIN(position) FROM phone GROUP BY contact_id ORDER BY norm",
    "groups": "SELECT contact_id, MIN(name_key) AS first FROM membership JOIN contact_group ON id = group_id"
    " GROUP BY contact_id ORDER BY first",
}
_HELD_UP: Final = 0.001
_TIMES: Final = 7
_OFTEN: Final = 40


def measure(books: Books, size: int) -> Iterator[Figure]:
    """The figures of reading."""
    small, big = (asyncio.run(_read(books.of(count))) for count in (_SMALL, size))
    for what in ("first rows", "jump to 73 %"):
        yield Figure(f"{what} at {size:,}", big[what], small[what], "ms", "the same at 1,000", target=1.2)
    yield Figure(f"First rows of a search at {size:,}, p95", big["search"], 0, "ms", "", most=60)
    yield Figure(f"Counts of these searches at {size:,}, p95", big["count"], 0, "ms", "", most=1000)
    yield Figure(f"Screen held up meanwhile at {size:,}", big["held up"], 0, "ms", "", most=60)
    yield Figure(f"First rows of a letter on the screen at {size:,}, p95", _on_screen(books.of(size)), 0, "ms", "",
                 most=60)  # fmt: skip
    for field, sql in _SORTED.items():
        yield Figure(
            f"Sort {size:,} by `{field}`", big[field], _bare(books.of(size), sql), "ms", f"`{sql}`", target=2.0
        )
    yield from _commands(books, size)


async def _read(path: Path) -> dict[str, float]:
    settings = Settings.load({"database_url": f"sqlite:///{path}"}, environment={})
    async with await Book.open(settings) as book:
        everybody = Listing()
        total = await book.lists.count(everybody)
        await book.lists.rows(everybody.searching("warm"), 0, 40, _COLUMNS)
        place = int(total * 0.73)
        clock = asyncio.get_running_loop().create_task(_longest_pause())
        searches = [everybody.searching(word[:end]) for word in _TYPED for end in range(1, len(word) + 1)]
        letters, counts = [], []
        for search in searches:
            letters.append(await _took(lambda search=search: book.lists.rows(search, 0, 40, _COLUMNS)))
            counts.append(await _took(lambda search=search: book.lists.count(search)))
        sorts = {
            field: await _took(lambda field=field: book.lists.count(everybody.sorted_by(field))) for field in _SORTED
        }
        clock.cancel()
        return {
            **sorts,
            "count": quantiles(counts, n=20)[-1],
            "held up": await clock,
            "first rows": min(
                [await _took(lambda: book.lists.rows(everybody, 0, 40, _COLUMNS)) for _ in range(_OFTEN)]
            ),
            "jump to 73 %": min(
                [await _took(lambda: book.lists.rows(everybody, place, 40, _COLUMNS)) for _ in range(_OFTEN)]
            ),
            "search": quantiles(letters, n=20)[-1],
        }


async def _longest_pause() -> float:
    """The longest time, in milliseconds, for which the event loop let nobody in, until this is cancelled."""
    longest = 0.0
    try:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(_HELD_UP)
            longest = max(longest, time.perf_counter() - start - _HELD_UP)
    except asyncio.CancelledError:
        return longest * 1000


def _on_screen(book: Path) -> float:
    """The p95 from a letter typed into the search field to the lines that it finds."""
    took = []
    with Screen(program(book)) as screen:
        screen.wait_for(ROW)
        screen.settle(2.0)
        for word in _TYPED:
            screen.press("/", 0.3)
            took += [screen.first_lines(letter) for letter in word]
            screen.press("\x1b", 0.5)
    return quantiles(took, n=20)[-1]


def _bare(book: Path, sql: str) -> float:
    """Milliseconds of a query, all rows read."""
    connection = sqlite3.connect(book)
    try:
        start = time.perf_counter()
        for _ in connection.execute(sql):
            pass
        return (time.perf_counter() - start) * 1000
    finally:
        connection.close()


async def _took(work: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()
    await work()
    return (time.perf_counter() - start) * 1000


def _commands(books: Books, size: int) -> Iterator[Figure]:
    """`coterie query`, in turns with an interpreter that only imports sqlite3."""
    bare, ours = [], []
    for _ in range(_TIMES):
        bare.append(run([sys.executable, "-c", "import sqlite3"]).wall)
        command: list[str | Path] = [sys.executable, "-m", "coterie.tui", "--database", books.of(size), "query", "joma"]
        ours.append(run(command, check=False).wall)
    floor = min(bare) * 1000
    yield Figure(f"coterie query at {size:,}", min(ours) * 1000, 2 * floor + 150, "ms",
                 "2 x python -c 'import sqlite3' + 150 ms", target=1.0)  # fmt: skip
