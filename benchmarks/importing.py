"""Imports against scripts that do nothing else: CPU and wall time of both, in turns, since machines have neighbors.

The least of some runs counts. With `--size 1000000` the book that is imported into has a million contacts as well.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from benchmarks.books import Books
from benchmarks.figures import Figure
from benchmarks.measure import Run, python, script

TARGETS: Final = {1_000_000: 1 / 0.5}
TARGET: Final = 1 / 0.6
RUNS: Final = {1_000_000: 1}
_MORE: Final = 100_000
_COPIED: Final = 20_000


def measure(books: Books, size: int) -> Iterator[Figure]:
    """The figures of imports: into an empty book, into one of that size, into PostgreSQL."""
    target, runs = TARGETS.get(size, TARGET), RUNS.get(size, 3)
    yield from _beside_floor(f"Import {size:,}", books, books.people(size), books.empty(), target, runs)
    more = min(size, _MORE)
    if more < size:
        yield from _beside_floor(f"Import {more:,}", books, books.people(more), books.empty(), TARGET, 3)
    people = books.people(more, first=size)
    yield from _beside_floor(f"Import {more:,} into {size:,}", books, people, books.of(size), target, runs)
    yield _copy(books, min(size, _COPIED))


def _beside_floor(what: str, books: Books, people: Path, book: Path, target: float, runs: int) -> Iterator[Figure]:
    floors, ours = [], []
    for _ in range(runs):
        floors.append(_once(books, book, lambda copy: script("import_sqlite.py", people, copy)))
        ours.append(_once(books, book, lambda copy: python("benchmarks.ours.book", copy, "import", people)))
    against = "csv + executemany by hand"
    wall, cpu = (lambda run: run.wall), (lambda run: run.cpu)
    yield Figure(f"{what}: wall", min(map(wall, ours)), min(map(wall, floors)), "s", against, target=target)
    # The search index learns beside the reading: that shortens the time that passes, not the work.
    yield Figure(f"{what}: CPU", min(map(cpu, ours)), min(map(cpu, floors)), "s", against, target=math.inf)
    yield Figure(f"{what}: memory", max(run.memory for run in ours), 0, "MB", "", most=250)


def _once(books: Books, book: Path, work: Callable[[Path], Run]) -> Run:
    """Do it in a copy of the book, which is removed afterwards."""
    copy = books.copy(book, "imported.db")
    run = work(copy)
    for left in books.folder.glob("imported.db*"):
        left.unlink()
    return run


def _copy(books: Books, count: int) -> Figure:
    took = json.loads(python("benchmarks.ours.postgresql", books.people(count)).output.splitlines()[-1])
    what = f"{count:,} contacts into PostgreSQL's tables"
    return Figure(what, took["copy"], took["executemany"], "s", "executemany of the same rows", target=1 / 1.8)
