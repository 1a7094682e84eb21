"""The first rows of a search, which may come from memory, are those of the whole list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from coterie.core.book import Book
from coterie.core.changes import Create, Edit, Plan
from coterie.core.checks import Checks
from coterie.core.listing import Listing, View
from coterie.core.model import Contact, Email, Phone
from coterie.core.store.lists import queries

PEOPLE = [
    Contact(
        name=f"Person {'Éva' if number % 3 else 'Łukasz'} {number:04}",
        emails=(Email(f"p{number}@{'gmail.com' if number % 2 else 'example.org'}"),),
        phones=(Phone(f"+44 (0)7700 90{number:04}"),) if number % 4 == 0 else (),
        groups=("Choir",) if number % 5 == 0 else (),
        company=f"Company {number % 11}",
        favorite=number % 6 == 0,
    )
    for number in range(600)
]
QUERIES = ["p", "pe", "eva", "LUKASZ gmail", "eva OR choir", "-gmail", "choir", "(0)7700", "077009", "company", "zzz",
           "eva -choir", "is:favorite", "gmail company:7"]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("view", [View.ALL, View.FAVORITES])
async def test_the_first_rows_are_those_of_the_whole_list(book: Book, query: str, view: View) -> None:
    await book.apply(Plan("add", "Add", [Create(one) for one in PEOPLE]))
    listing = Listing(view, query=query)
    from_sql = [row.id for row in await book.lists.rows(listing, 0, 20)]
    await book.lists.count(replace(listing, query=""))
    from_memory = [row.id for row in await book.lists.rows(listing, 0, 20)]
    await book.lists.count(listing)
    assert from_sql == from_memory == [row.id for row in await book.lists.rows(listing, 0, 20)]


async def test_a_change_is_found_at_once(book: Book) -> None:
    await book.apply(Plan("add", "Add", [Create(one) for one in PEOPLE]))
    await book.lists.count(Listing())
    [first] = await book.lists.rows(Listing(query="gmail"), 0, 1)
    await book.apply(Plan("edit", "Edit", [Edit(first.id, {"emails": (), "notes": "no address"})]))
    await book.lists.count(Listing())
    assert (await book.lists.rows(Listing(query="gmail"), 0, 1))[0].id != first.id
    assert [row.id for row in await book.lists.rows(Listing(query='"no address"'), 0, 1)] == [first.id]


@pytest.mark.parametrize("query", ["", "gmail", "company:7"])
async def test_a_list_that_a_change_overtakes_is_not_kept(
    book: Book, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await book.apply(Plan("add", "Add", [Create(one) for one in PEOPLE]))
    read, listing = queries.ids_of, Listing(query=query)

    async def overtaken(*arguments: Any) -> Any:
        found = await read(*arguments)
        monkeypatch.setattr(queries, "ids_of", read)
        await book.apply(Plan("add", "Add", [Create(replace(PEOPLE[7], name="Zoë"))]))
        return found

    before = await book.lists.count(listing)
    await book.apply(Plan("edit", "Edit", [Edit(1, {"name": "Zed"})]))
    monkeypatch.setattr(queries, "ids_of", overtaken)
    await book.lists.count(listing)
    assert await book.lists.count(listing) == before + 1


@pytest.mark.parametrize("ids", [set(), {1}, {5, 4711}, set(range(1, 300, 3)), set(range(200, 9000))])
def test_checks_hold_what_they_are_made_of(ids: set[int]) -> None:
    checks = Checks.of(ids)
    assert (set(checks), len(checks)) == (ids, len(ids))
    assert Checks.of(iter(sorted(ids))) == checks
