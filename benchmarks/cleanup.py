"""The clean-up desk: the first look at a whole book, a look after a few changes, and one kind applied."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

from benchmarks.books import Books
from benchmarks.figures import Figure
from benchmarks.measure import python, script


def measure(books: Books, size: int) -> Iterator[Figure]:
    """How long the looks take, beside reading the same values with SQL alone; how much memory."""
    book = books.of(size)
    floor = script("cleanup_sqlite.py", book)
    ours = python("benchmarks.ours.cleanup", books.copy(book, "cleanup.db"))
    told = json.loads(ours.output)
    reading = "SQL that reads the same values"
    yield Figure(f"Clean-up of {size:,}: first look", told["first"], floor.cpu, "s CPU", reading, target=math.inf)
    yield Figure(f"Clean-up of {size:,}: a look after 10 changes", told["again"] * 1000, 0, "ms", "", most=2000)
    yield Figure(f"Clean-up of {size:,}: a look after none", told["idle"] * 1000, 0, "ms", "", most=100)
    yield Figure(f"Clean-up of {size:,}: longest pause of the event loop", told["pause"] * 1000, 0, "ms", "", most=50)
    yield Figure(f"Clean-up of {size:,}: memory", ours.memory, floor.memory, "MB", reading, target=math.inf)
