"""One account's first sync, and quiet ones after it: `python -m benchmarks.ours.sync SOURCE WHAT CSV BOOK [URL]`.

    SOURCE  pages: the contacts are read from the file page by page, and given as the provider in memory would
            google: Google's own client against the server of the tests, which runs elsewhere at URL
    WHAT    open: make the book, and no more; sync: into that book; floor: the pages are read and thrown away
    CSV     made by `benchmarks.people`

Prints an object: seconds of our CPU and of the clock for the first sync and for a quiet one, and its requests.
"""

from __future__ import annotations

import asyncio
import csv
import json
import resource
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from benchmarks.people import HEADINGS
from coterie.core.book import Book
from coterie.core.model import Contact, Email, Phone
from coterie.core.provider import ChangePage, Provider, RemoteContact, Setup
from coterie.core.settings import Settings
from coterie.core.sync import sync
from coterie.providers.memory import MemoryProvider
from tests.providers.prompter import MemoryTokens

PAGE = 1000
TIMES = 5
_PLACE = {heading: place for place, heading in enumerate(HEADINGS)}


def rows(file: str) -> Iterator[list[str]]:
    """The rows of a CSV file, without its headings."""
    with Path(file).open(encoding="utf-8", newline="") as text:
        lines = csv.reader(text)
        next(lines)
        yield from lines


def contact_of(row: list[str]) -> Contact:
    """A row of `benchmarks.people` as a contact."""

    def value(heading: str) -> str:
        return row[_PLACE[heading]]

    name = " ".join(part for part in (value("First Name"), value("Middle Name"), value("Last Name")) if part)
    return Contact(
        name=name or value("Notes"),
        given_name=value("First Name"),
        additional_names=value("Middle Name"),
        family_name=value("Last Name"),
        company=value("Organization Name"),
        job_title=value("Organization Title"),
        notes=value("Notes"),
        emails=tuple(Email(text) for n in (1, 2) if (text := value(f"E-mail {n} - Value"))),
        phones=tuple(Phone(text, "mobile") for text in [value("Phone 1 - Value")] if text),
        groups=tuple(text for text in value("Labels").split(" ::: ") if text and not text.startswith("* ")),
        favorite="* starred" in value("Labels"),
    )


class Pages(MemoryProvider):
    """A source that holds nothing: each page is made as it is asked for."""

    file = ""
    requests = 0

    async def changes(self, cursor: str | None) -> AsyncIterator[ChangePage]:
        Pages.requests += 1
        if cursor is not None:
            yield ChangePage(cursor=cursor)
            return
        page: list[RemoteContact] = []
        for number, row in enumerate(rows(self.file)):
            contact = contact_of(row)
            page.append(RemoteContact(f"people/c{number}", contact, etag=f"e{number}", raw=json.dumps(row)))
            if len(page) == PAGE:
                yield ChangePage(tuple(page), full=True)
                page = []
        yield ChangePage(tuple(page), cursor="1", full=True)


def _google(url: str, folder: str) -> Provider:
    from coterie.providers.google.client import client_file
    from coterie.providers.google.provider import GoogleProvider
    from coterie.providers.google.tokens import Permission
    from tests.providers.google.server import WRITE

    with urlopen(f"{url}/benchmark/client") as answer:
        given = json.load(answer)
    file = Path(folder) / "client.json"
    file.write_text(json.dumps(given["client"]))
    permission = Permission(client_file(str(file)), given["refresh"], given["access"], (WRITE,))
    tokens = MemoryTokens()
    tokens.secret = permission.to_text()
    return GoogleProvider(Setup(tokens, {"client_secrets": str(file), "endpoint": url}))


def _requests(url: str) -> int:
    if not url:
        return Pages.requests
    with urlopen(f"{url}/benchmark/requests") as answer:
        return int(json.load(answer)["requests"])


async def _timed(work: Callable[[], Awaitable[None]]) -> dict[str, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    await work()
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


async def _quiet(work: Callable[[], Awaitable[None]]) -> dict[str, float]:
    """The quickest of a few: what other programs on the machine do is not ours."""
    figures = [await _timed(work) for _ in range(TIMES)]
    return {name: min(figure[name] for figure in figures) for name in figures[0]}


async def main(source: str, what: str, file: str, book_file: str, url: str = "") -> None:
    Pages.file = file
    with TemporaryDirectory() as folder:
        provider = _google(url, folder) if source == "google" else Pages(Setup(MemoryTokens()))
        if what == "floor":

            async def read() -> None:
                async for _ in provider.changes(None):
                    pass

            print(json.dumps({"first": await _timed(read)}))
        else:
            settings = Settings.load({"database_url": f"sqlite:///{book_file}"}, environment={})
            async with await Book.open(settings) as book:
                if what == "sync":
                    print(json.dumps(await _both(book, provider, url)))
        await provider.close()


async def _both(book: Book, provider: Provider, url: str) -> dict[str, object]:
    account = await book.accounts.add("memory", "someone@example.org")

    async def once() -> None:
        async for _ in sync(book, await book.accounts.named(account.name), provider):
            pass

    told: dict[str, object] = {"first": await _timed(once)}
    told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    asked = _requests(url)
    told["quiet"] = await _quiet(once)
    told["requests"] = (_requests(url) - asked) // TIMES
    await book.accounts.update(replace(await book.accounts.named(account.name), settings={"write": True}))
    told["first with writing back"] = await _timed(once)
    asked = _requests(url)
    told["quiet with writing back"] = await _quiet(once)
    told["requests with writing back"] = (_requests(url) - asked) // TIMES
    return told


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
