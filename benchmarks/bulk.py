"""Bulk changes of a whole book against the bare SQL of the same change, with its journal and search index."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from benchmarks.books import Books
from benchmarks.figures import Figure
from benchmarks.measure import python, script

_TURNS: Final = 2
_HOW: Final = {"listing": "", "checks": " (all checked)"}


def measure(books: Books, size: int) -> Iterator[Figure]:
    """The figures of bulk changes and of their ways back: CPU time, in turns, since the machine may have neighbors."""
    book = books.of(size)
    floors: list[dict[str, float]] = []
    ours: dict[str, list[dict[str, Any]]] = {how: [] for how in _HOW}
    for _ in range(_TURNS if size < 1_000_000 else 1):
        floors.append(json.loads(script("bulk_sqlite.py", books.copy(book, "bare.db")).output))
        for how, runs in ours.items():
            runs.append(json.loads(python("benchmarks.ours.bulk", books.copy(book, "bulk.db"), how).output))
    for how, runs in ours.items():
        for name in runs[0]["changes"]:
            floor = min(taken[name.replace("redo of ", "")] for taken in floors)
            taken = min(run["changes"][name]["cpu"] for run in runs)
            against = "bare SQL, with journal and index"
            yield Figure(f"Bulk {size:,}: {name}{_HOW[how]}", taken, floor, "s CPU", against, target=1.5)
        for what, label, most in (
            ("pause", "longest pause of the event loop", 50),
            ("silence", "longest time without progress", 500),
        ):
            longest = max(min(run["changes"][name][what] for run in runs) for name in runs[0]["changes"])
            yield Figure(f"Bulk {size:,}: {label}{_HOW[how]}", longest * 1000, 0, "ms", "", most=most)
        yield Figure(f"Bulk {size:,}: memory{_HOW[how]}", max(run["memory"] for run in runs), 0, "MB", "", most=80)
