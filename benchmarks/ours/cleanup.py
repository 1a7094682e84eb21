"""Looking at what could be cleaned up in a whole book: `python -m benchmarks.ours.cleanup DATABASE`.

Prints JSON: the CPU seconds of the first look and the longest time for which the event loop stood still meanwhile; the
seconds of a look after ten contacts were changed, and of one after nothing was.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from benchmarks.ours.bulk import as_the_app, timed
from coterie.core.book import Book
from coterie.core.changes import Assign, Outcome, Plan, Progress
from coterie.core.checks import Checks
from coterie.core.listing import Listing
from coterie.core.settings import Settings


async def main(database: str) -> None:
    """Do all of it."""
    settings = Settings.load({"database_url": f"sqlite:///{database}"}, environment={})
    async with await Book.open(settings) as book:
        as_the_app()

        async def look(progress: Progress) -> Outcome:
            await book.cleanup.look(progress)
            return Outcome(None, "")

        first = await timed(look)
        few = Checks.of([row.id for row in await book.lists.rows(Listing(), 0, 10)])
        await book.apply(Plan("edit", "Change", [Assign(few, "company", "HARBOUR LIGHTS LTD")]))
        start = time.perf_counter()
        await book.cleanup.look()
        again = time.perf_counter() - start
        await book.cleanup.look()
        idle = time.perf_counter() - start - again
        print(json.dumps({"first": first.cpu, "pause": first.pause, "again": again, "idle": idle}))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
