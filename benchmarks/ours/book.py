"""One action in a book, as the commands do it: `python -m benchmarks.ours.book DATABASE ACTION [FILE]`.

Prints the seconds that the action itself took, without the start of Python.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from statistics import median

from coterie.core.book import Book
from coterie.core.settings import Settings


async def _import(book: Book, file: str) -> None:
    from coterie.core.transfer import importing

    report = await importing.run(book, await importing.stage(Path(file)))
    print(report.sentence(file))


async def _export(book: Book, file: str) -> None:
    from coterie.core.listing import Listing
    from coterie.core.transfer.export import write

    with Path(file).open("w", encoding="utf-8", newline="") as target:  # noqa: ASYNC230 - nothing else runs here
        print(f"{await write('csv', await book.selected(Listing()), target):,} contacts")


async def _duplicates(book: Book, _: str) -> None:
    start = time.perf_counter()
    first, pairs, some = 0.0, 0, set[int]()
    async for batch in book.duplicates.find():
        first = first or time.perf_counter() - start
        pairs += len(batch)
        some.add(batch[0].a)
    taken = []
    for contact_id in sorted(some)[:50]:
        since = time.perf_counter()
        await book.duplicates.around([contact_id])
        taken.append(time.perf_counter() - since)
    print(f"pairs {pairs}\nfirst {first:.3f}\naround {median(taken or [0]):.4f}")


async def _open(book: Book, _: str) -> None:
    await book.lists.counts()


ACTIONS = {"import": _import, "export": _export, "duplicates": _duplicates, "open": _open}


async def main(database: str, action: str, file: str = "") -> None:
    url = database if "://" in database else f"sqlite:///{database}"
    settings = Settings.load({"database_url": url}, environment={})
    async with await Book.open(settings) as book:
        start = time.perf_counter()
        await ACTIONS[action](book, file)
        print(f"seconds {time.perf_counter() - start:.3f}")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
