"""A transform of a whole book, contact by contact, against the bare SQL of the same change."""

from __future__ import annotations

import json
from collections.abc import Iterator

from benchmarks.books import Books
from benchmarks.figures import Figure
from benchmarks.measure import python, script


def measure(books: Books, size: int) -> Iterator[Figure]:
    """The figures of a transform: its first lines, the whole preview, the change and its undo."""
    book = books.of(size)
    floor = json.loads(script("transform_sqlite.py", books.copy(book, "bare.db")).output)
    ours = json.loads(python("benchmarks.ours.transform", books.copy(book, "transform.db")).output)
    against = "bare SQL, with journal and index"
    yield Figure(f"Transform {size:,}: first lines of the preview", ours["first"] * 1000, 0, "ms", "", most=200)
    for name, taken in ours["changes"].items():
        compared = floor.get(name, floor["transform"])
        yield Figure(f"Transform {size:,}: {name}", taken["cpu"], compared, "s CPU", against, target=3)
    pause = max(taken["pause"] for taken in ours["changes"].values())
    silence = max(taken["silence"] for taken in ours["changes"].values())
    yield Figure(f"Transform {size:,}: longest pause of the event loop", pause * 1000, 0, "ms", "", most=50)
    yield Figure(f"Transform {size:,}: longest time without progress", silence * 1000, 0, "ms", "", most=500)
    yield Figure(f"Transform {size:,}: memory", ours["memory"], 0, "MB", "", most=100)
