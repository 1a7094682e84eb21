"""Candidate pairs of duplicates in the whole book."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.books import Books
from benchmarks.figures import Figure
from benchmarks.measure import python


def measure(books: Books, size: int) -> Iterator[Figure]:
    """How long it takes to read and compare everybody, and how much memory."""
    ours = python("benchmarks.ours.book", books.of(size), "duplicates")
    yield Figure(f"Duplicates of {size:,}", ours.wall, 0, "s", "", most=60)
    yield Figure(f"Duplicates of {size:,}: memory", ours.memory, 0, "MB", "", most=250)
