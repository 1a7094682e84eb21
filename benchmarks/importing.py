"""Import against a script that does nothing else: CPU time of both, in turns, since the machine may have neighbours."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.books import Books
from benchmarks.figures import Figure
from benchmarks.measure import python, script

TARGETS = {100_000: 1 / 0.6, 1_000_000: 1 / 0.5}


def measure(books: Books, size: int) -> Iterator[Figure]:
    """The figures of an import."""
    people = books.people(size)
    floor = script("import_sqlite.py", people, books.copy(books.empty(), "floor.db"))
    ours = python("benchmarks.ours.book", books.copy(books.empty(), "ours.db"), "import", people)
    target = TARGETS.get(size, 1 / 0.6)
    against = "csv + executemany by hand"
    yield Figure(f"Import {size:,}: CPU", ours.cpu, floor.cpu, "s", against, target=target)
    yield Figure(f"Import {size:,}: wall", ours.wall, floor.wall, "s", against, target=target)
    yield Figure(f"Import {size:,}: memory", ours.memory, 0, "MB", "", most=250)
