"""Bulk changes of a whole book and their ways back: `python -m benchmarks.ours.bulk DATABASE listing|checks`.

Everybody is selected as a listing or by checks. Prints JSON: for each change its CPU seconds, the longest time for
which the event loop stood still, the longest time without a word of progress; and the most that the process had in
memory.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Final

from benchmarks.measure import peak_memory
from coterie.core.book import Book
from coterie.core.changes import (
    AddToGroup,
    Assign,
    Change,
    Delete,
    Outcome,
    Plan,
    Progress,
    RemoveFromGroup,
    Restore,
    Selection,
)
from coterie.core.listing import Listing, View
from coterie.core.settings import Settings

_NAP: Final = 0.005
_REST: Final = 3.0
"""Seconds between two changes, in which the database does what it has put off; that counts as work of the change."""
_BIN: Final = Listing(View.BIN)


@dataclass(slots=True)
class Taken:
    """What a change took, in seconds: CPU, and the longest pause of the event loop and of the progress."""

    cpu: float = 0.0
    wall: float = 0.0
    pause: float = 0.0
    silence: float = 0.0


async def timed(work: Callable[[Progress], Awaitable[Outcome]]) -> Taken:
    """Do it, while a task looks how long the event loop stands still."""
    taken = Taken()
    last_word = time.perf_counter()

    def progress(done: int, total: int | None) -> None:
        nonlocal last_word
        taken.silence = max(taken.silence, time.perf_counter() - last_word)
        last_word = time.perf_counter()

    async def nap() -> None:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(_NAP)
            taken.pause = max(taken.pause, time.perf_counter() - start - _NAP)

    gc.collect()
    napping = asyncio.create_task(nap())
    start, wall = time.process_time(), time.perf_counter()
    await work(progress)
    taken.wall = time.perf_counter() - wall
    taken.silence = max(taken.silence, time.perf_counter() - last_word)
    napping.cancel()
    await asyncio.sleep(_REST)
    taken.cpu = time.process_time() - start
    return taken


def as_the_app() -> None:
    """Let garbage collection look at what is made from now on only, as the app does once it has started."""
    gc.collect()
    gc.freeze()


async def main(database: str, how: str) -> None:
    """Do all of it."""
    url = database if "://" in database else f"sqlite:///{database}"
    settings = Settings.load({"database_url": url}, environment={})
    taken: dict[str, Taken] = {}
    async with await Book.open(settings) as book:
        as_the_app()
        everybody: Selection = await book.lists.ids(Listing()) if how == "checks" else Listing()
        binned: Selection = everybody if how == "checks" else _BIN

        async def change(name: str, change: Change) -> None:
            taken[name] = await timed(lambda progress: book.apply(Plan("edit", name, [change]), progress))

        async def undo(name: str) -> None:
            taken[f"undo of {name}"] = await timed(book.history.undo)

        await change("star", Assign(everybody, "favorite", True))
        await undo("star")
        taken["redo of star"] = await timed(book.history.redo)
        await book.history.undo()
        await change("add to a group", AddToGroup(everybody, "Everybody"))
        await change("remove from a group", RemoveFromGroup(everybody, "Everybody"))
        await undo("remove from a group")
        await undo("add to a group")
        await change("set the company", Assign(everybody, "company", "One & Only Ltd"))
        await undo("set the company")
        await change("delete", Delete(everybody))
        await change("restore", Restore(binned))
        await undo("restore")
        await undo("delete")
    print(json.dumps({"changes": {name: asdict(figures) for name, figures in taken.items()}, "memory": peak_memory()}))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
