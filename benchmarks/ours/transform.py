"""A transform of a whole book: the preview, the change, and its undo: `python -m benchmarks.ours.transform DATABASE`.

Prints JSON: for each its CPU and wall seconds, the longest time for which the event loop stood still, the longest time
without progress; how long the first lines of the preview take; and the most that the process had in memory.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import asdict
from typing import Final

from benchmarks.measure import peak_memory
from benchmarks.ours.bulk import Taken, as_the_app, timed
from coterie.core.book import Book
from coterie.core.bulk import Survey, TransformField
from coterie.core.changes import Outcome, Progress
from coterie.core.listing import Listing
from coterie.core.settings import Settings

LINE: Final = "company = lower(company)"


async def main(database: str) -> None:
    """Do all of it."""
    settings = Settings.load({"database_url": f"sqlite:///{database}"}, environment={})
    taken: dict[str, Taken] = {}
    async with await Book.open(settings) as book:
        as_the_app()
        everybody = await book.lists.ids(Listing())
        start = time.perf_counter()
        survey = await Survey.of(book, [TransformField(LINE)], everybody)
        await survey.look()
        await survey.lines(range(min(40, survey.count())))
        first = time.perf_counter() - start

        async def look(progress: Progress) -> Outcome:
            await survey.finish(progress)
            return Outcome(None, "")

        taken["preview"] = await timed(look)
        taken["transform"] = await timed(lambda progress: book.apply(survey.plan(), progress))
        taken["undo of transform"] = await timed(book.history.undo)
        changes = {name: asdict(figures) for name, figures in taken.items()}
        print(json.dumps({"changes": changes, "first": first, "changed": survey.changed, "memory": peak_memory()}))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
