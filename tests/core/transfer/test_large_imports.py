"""Imports into an empty book take a shorter way; what they do is the same as in a book that holds somebody."""

from __future__ import annotations

import pytest

from coterie.core.book import Book
from coterie.core.changes import Create, Plan
from coterie.core.errors import Cancelled
from coterie.core.listing import Listing
from coterie.core.model import Contact
from coterie.core.transfer import importing
from coterie.core.transfer.importing import ImportOptions
from coterie.core.transfer.seen import Seen
from tests.conftest import settings_in

ROWS = 12_000  # more than two batches
STRANGER = Contact(name="Zzz Stranger")


def people() -> bytes:
    """Every seventh row has the address of an earlier row, far before it or right before it."""
    lines = ["Name,E-mail 1 - Value,E-mail 2 - Value,Labels"]
    for number in range(ROWS):
        whose = number // 2 + 1 if number % 14 == 0 else number - 1 if number % 7 == 0 else number
        second = f"second{number}@x.org" if number % 5 == 0 else ""
        lines.append(f"Person {number % 9000},mail{whose}@x.org,{second},Group {number % 3}")
    return "\n".join(lines).encode()


async def seen_in(book: Book) -> list[tuple[object, ...]]:
    people = [one async for one in book.contacts(Listing()) if one.name != STRANGER.name]
    return sorted((one.name, tuple(email.address for email in one.emails), one.groups) for one in people)


async def test_an_empty_book_gets_the_same_contacts_as_another(
    book: Book, tmp_path_factory: pytest.TempPathFactory
) -> None:
    fresh = await importing.run(book, await importing.stage(people(), name="people.csv"))
    async with await Book.open(settings_in(tmp_path_factory.mktemp("other"))) as other:
        await other.apply(Plan("add", "Add", [Create(STRANGER)]))
        usual = await importing.run(other, await importing.stage(people(), name="people.csv"))
        assert (fresh.created, fresh.merged, fresh.unchanged) == (usual.created, usual.merged, usual.unchanged)
        assert fresh.merged > 1000
        assert await seen_in(book) == await seen_in(other)
        for query in ("mail4712@", "person 88", "second10@x.org", "group:2"):
            assert await book.lists.count(Listing(query=query)) == await other.lists.count(Listing(query=query)) > 0


async def test_nothing_is_left_of_an_import_that_is_stopped_or_only_counted(book: Book) -> None:
    staged = await importing.stage(people(), name="people.csv")
    counted = await staged.count(book)

    def stop(done: int, _: int | None) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        await importing.run(book, staged, stop)
    assert await book.lists.count(Listing()) == 0
    done = await importing.run(book, staged)
    assert (counted.created, counted.merged) == (done.created, done.merged)
    await book.history.undo()
    assert await book.lists.count(Listing()) == 0


async def test_every_row_stands_alone_where_that_was_asked_for(book: Book) -> None:
    options = ImportOptions(duplicates="create")
    report = await importing.run(book, await importing.stage(people(), name="people.csv", options=options))
    assert report.created == ROWS


def test_what_was_seen_is_known() -> None:
    seen = Seen()
    first = [seen.add(f"mail{number}@x.org") for number in range(20_000)]
    assert sum(first) < 200
    assert all(seen.add(f"mail{number}@x.org") for number in range(20_000))
