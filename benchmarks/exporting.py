"""Export against a script that does nothing else: CPU time of both, in turns, since the machine may have neighbors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from benchmarks.books import Books
from benchmarks.figures import Figure
from benchmarks.measure import python, script

_TURNS: Final = 3


def measure(books: Books, size: int) -> Iterator[Figure]:
    """The figures of an export of everybody as CSV."""
    book = books.copy(books.of(size), "export.db")
    turns = [
        (
            script("export_sqlite.py", book, books.folder / "floor.csv"),
            python("benchmarks.ours.book", book, "export", books.folder / "ours.csv"),
        )
        for _ in range(_TURNS if size < 1_000_000 else 1)
    ]
    for what, name in (("cpu", "CPU"), ("wall", "wall")):
        floor = min(getattr(run, what) for run, _ in turns)
        ours = min(getattr(run, what) for _, run in turns)
        yield Figure(f"Export {size:,}: {name}", ours, floor, "s", "four cursors merged by hand", target=1 / 0.6)
    yield Figure(f"Export {size:,}: memory", max(ours.memory for _, ours in turns), 0, "MB", "", most=60)
