"""Candidate pairs of duplicates in the whole book, and around one contact after an edit."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from benchmarks.books import Books
from benchmarks.figures import Figure
from benchmarks.measure import python, script


def measure(books: Books, size: int) -> Iterator[Figure]:
    """How long it takes to find all pairs, to find the first, and those of one contact; how much memory."""
    book = books.of(size)
    floor = script("duplicates_sqlite.py", book)
    ours = python("benchmarks.ours.book", book, "duplicates")
    told = {name: float(number) for name, number in re.findall(r"^(\w+) ([\d.]+)$", ours.output, re.MULTILINE)}
    by_hand = "SQL and rapidfuzz by hand"
    yield Figure(f"Duplicates of {size:,}: all pairs", told["seconds"], 0, "s", "", most=60)
    yield Figure(f"Duplicates of {size:,}: CPU", ours.cpu, floor.cpu, "s", by_hand, target=math.inf)
    yield Figure(f"Duplicates of {size:,}: the first pair", told["first"], 0, "s", "", most=3)
    yield Figure(f"Duplicates of {size:,}: of one contact", 1000 * told["around"], 0, "ms", "", most=100)
    yield Figure(f"Duplicates of {size:,}: memory", ours.memory, floor.memory, "MB", by_hand, target=math.inf)
    yield Figure(f"Duplicates of {size:,}: memory, at most", ours.memory, 0, "MB", "", most=250)
