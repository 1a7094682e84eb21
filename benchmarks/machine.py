"""Lists, searches and one-shot queries, at 1,000 contacts and at many."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from statistics import quantiles
from typing import Final

from benchmarks.books import Books
from benchmarks.figures import Figure
from benchmarks.measure import run
from core.book import Book
from core.listing import Listing
from core.settings import Settings

_SMALL: Final = 1000
_COLUMNS: Final = ("emails", "company", "groups")
_TYPED: Final = ("gmail", "engineer", "lighthouse", "4477", "harbour", "choir", "joma", "silver", "zqxv", "ander")
_TIMES: Final = 7


def measure(books: Books, size: int) -> Iterator[Figure]:
    """The figures of reading."""
    small, big = (asyncio.run(_read(books.of(count))) for count in (_SMALL, size))
    for what in ("first rows", "jump to 73 %"):
        yield Figure(f"{what} at {size:,}", big[what], small[what], "ms", "the same at 1,000", target=1.2)
    yield Figure(f"First rows of a search at {size:,}, p95", big["search"], 0, "ms", "", most=60)
    yield from _commands(books, size)


async def _read(path: Path) -> dict[str, float]:
    settings = Settings.load({"database_url": f"sqlite:///{path}"}, environment={})
    async with await Book.open(settings) as book:
        everybody = Listing()
        total = await book.count(everybody)
        await book.rows(everybody.searching("warm"), 0, 40, _COLUMNS)
        place = int(total * 0.73)
        letters = [
            await _took(lambda query=word[:end]: book.rows(everybody.searching(query), 0, 40, _COLUMNS))
            for word in _TYPED
            for end in range(1, len(word) + 1)
        ]
        return {
            "first rows": min([await _took(lambda: book.rows(everybody, 0, 40, _COLUMNS)) for _ in range(_TIMES)]),
            "jump to 73 %": min(
                [await _took(lambda: book.rows(everybody, place, 40, _COLUMNS)) for _ in range(_TIMES)]
            ),
            "search": quantiles(letters, n=20)[-1],
        }


async def _took(work: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()
    await work()
    return (time.perf_counter() - start) * 1000


def _commands(books: Books, size: int) -> Iterator[Figure]:
    """`coterie query`, in turns with an interpreter that only imports sqlite3."""
    bare, ours = [], []
    for _ in range(_TIMES):
        bare.append(run([sys.executable, "-c", "import sqlite3"]).wall)
        command = [sys.executable, "-m", "tui", "--database", books.of(size), "query", "joma"]
        ours.append(run(command, check=False).wall)
    floor = min(bare) * 1000
    yield Figure(f"coterie query at {size:,}", min(ours) * 1000, 2 * floor + 150, "ms",
                 "2 x python -c 'import sqlite3' + 150 ms", target=1.0)  # fmt: skip
