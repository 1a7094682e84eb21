"""The book as it was: at each moment it is what was seen then."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coterie.core.book import Book
from coterie.core.changes import (
    AddToGroup,
    Assign,
    Change,
    Create,
    Delete,
    Edit,
    Forget,
    MergeGroup,
    Plan,
    RemoveFromGroup,
    RenameGroup,
    Restore,
)
from coterie.core.checks import Checks
from coterie.core.errors import InvalidQuery
from coterie.core.listing import Listing, View
from coterie.core.model import Contact, Email, Phone
from coterie.core.settings import Settings
from coterie.core.store.journal.as_of import Moment, PastBook, PastListing
from tests.conftest import Clock, settings_in

EVERYBODY = Listing()
WORDS = ("ada", "group", "x", "company 1", "-choir", "new or company")
Seen = list[tuple[str, str, bool, str, str]]


async def do(book: Book, clock: Clock, *changes: Change) -> None:
    clock.pass_days(0.001)
    await book.apply(Plan("test", "Test", changes, "Tested."))


async def seen(book: Book | PastBook) -> Seen:
    """What a list shows, in its order."""
    lists = book.lists if isinstance(book, Book) else book
    rows = await lists.rows(EVERYBODY, 0, 100, ("emails", "company", "groups"))
    assert await lists.count(EVERYBODY) == len(rows)
    assert [(one.id, one.company, one.groups) async for one in book.contacts(EVERYBODY)] == [
        (row.id, row.values["company"], row.groups) for row in rows
    ]
    return [(row.name, row.values["company"], row.favorite, row.values["emails"], row.values["groups"])
            for row in rows]  # fmt: skip


async def found(book: Book | PastBook) -> dict[str, list[str]]:
    """The names that each of some searches finds, in their order."""
    lists = book.lists if isinstance(book, Book) else book
    return {words: [row.name for row in await lists.rows(EVERYBODY.searching(words), 0, 100)] for words in WORDS}


def people(*names: str) -> list[Create]:
    return [Create(Contact(name=name, emails=(Email(f"{name}@example.org"),), groups=("Choir",))) for name in names]


class AsOfContract:
    """Subclasses give a fixture `book`."""

    async def test_each_moment_shows_what_was_seen_then(self, book: Book, clock: Clock) -> None:
        await do(book, clock, *people("Cyd", "Ada", "Bob"))
        cyd, ada, bob = sorted(await book.lists.ids(EVERYBODY))
        board = Checks.of([ada, bob])
        moments, searches = [await seen(book)], [await found(book)]
        for change in (
            Edit(ada, {"name": "Zoe", "company": "Looms"}),
            Assign(Checks.of([bob]), "favorite", True),
            AddToGroup(board, "Board"),
            Delete(Checks.of([ada, cyd])),
            Create(Contact(name="Dee")),
            Restore(Checks.of([ada])),
            Edit(ada, {"emails": (Email("zoe@home.example"),)}),
            RemoveFromGroup(board, "Choir"),
            MergeGroup(2, 1),
        ):
            await do(book, clock, change)
            moments.append(await seen(book))
            searches.append(await found(book))
        operations = list(reversed(await book.history.latest()))
        for operation, expected, matches in zip(operations[1:], moments, searches, strict=False):
            past = await book.history.as_of(Moment.before(operation))
            assert await seen(past) == expected
            assert await found(past) == matches
        assert await seen(await book.history.as_of(Moment.before(operations[0]))) == []

    async def test_what_was_undone_since_was_still_done(self, book: Book, clock: Clock) -> None:
        await do(book, clock, *people("Ada"))
        await do(book, clock, Assign(await book.lists.ids(EVERYBODY), "company", "Looms"))
        clock.pass_days(1)
        then, before = book.now(), await seen(book)
        clock.pass_days(1)
        await book.history.undo()
        past = await book.history.as_of(Moment.of(then))
        assert await seen(past) == before
        assert await past.count(PastListing(changed_only=True)) == 1
        clock.pass_days(1)
        assert await seen(await book.history.as_of(Moment.of(book.now()))) == await seen(book)

    async def test_the_past_is_searched_for_words_and_says_so(self, book: Book, clock: Clock) -> None:
        await do(book, clock, *people("Ada", "Bob"))
        ada = min(await book.lists.ids(EVERYBODY))
        await do(book, clock, Edit(ada, {"phones": (Phone("+44 20 7946 0000"),), "company": "Looms"}))
        await do(book, clock, Edit(ada, {"phones": (), "company": ""}))
        [last, *_] = await book.history.latest()
        past = await book.history.as_of(Moment.before(last))
        for words, count in (("7946 0000", 1), ("looms", 1), ("choir", 2), ("bob", 1), ("zoe", 0), (" ", 2)):
            assert await past.count(PastListing(query=words)) == count
        for begun in ("-", '"'):
            assert await past.count(PastListing(query=begun)) == 2
        assert await past.count(PastListing(query="choir", changed_only=True)) == 1
        with pytest.raises(InvalidQuery, match="words only"):
            await past.count(PastListing(query="company:looms"))

    async def test_a_contact_is_told_as_it_was_and_as_it_is(self, book: Book, clock: Clock) -> None:
        await do(book, clock, *people("Ada", "Bob"))
        ada, bob = sorted(await book.lists.ids(EVERYBODY))
        await do(book, clock, Edit(ada, {"company": "Looms"}), Delete(Checks.of([bob])))
        [last, *_] = await book.history.latest()
        past = await book.history.as_of(Moment.before(last))
        then, now = await past.contact(ada)
        assert now is not None
        assert (then.company, now.company, past.added) == ("", "Looms", 0)


class TestAsOfOnSqlite(AsOfContract):
    async def test_who_was_deleted_forever_is_there_no_more(self, book: Book, clock: Clock) -> None:
        await do(book, clock, *people("Ada", "Bob"))
        bob = Checks.of([max(await book.lists.ids(EVERYBODY))])
        await do(book, clock, Delete(bob))
        [last, *_] = await book.history.latest()
        await do(book, clock, Forget(bob))
        assert [name for name, *_ in await seen(await book.history.as_of(Moment.before(last)))] == ["Ada"]


class TestAsOfOnPostgresql(AsOfContract):
    @pytest.fixture
    def settings(self, tmp_path: Path, postgresql_url: str) -> Settings:
        return settings_in(tmp_path, database_url=postgresql_url)

    @pytest.fixture
    async def book(self, settings: Settings, clock: Clock) -> AsyncIterator[Book]:
        async with await Book.open(settings, now=clock) as opened:
            yield opened


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["create", "company", "name", "star", "join", "leave", "delete", "restore", "rename", "undo"]),
        st.integers(0, 5),
    ),
    min_size=2,
    max_size=12,
)


@given(STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_was_done_each_moment_is_as_it_was(steps: list[tuple[str, int]]) -> None:
    asyncio.run(_whatever(steps))


async def _whatever(steps: list[tuple[str, int]]) -> None:
    clock = Clock()
    with tempfile.TemporaryDirectory() as home:
        async with await Book.open(settings_in(Path(home)), now=clock) as book:
            await do(book, clock, *people("Ada", "Bob", "Cyd"))
            moments = []
            for number, step in enumerate(steps):
                clock.pass_days(0.01)
                moments.append((book.now(), await seen(book), await found(book)))
                clock.pass_days(0.01)
                await _step(book, clock, step, number)
            for when, expected, searches in moments:
                past = await book.history.as_of(Moment.of(when))
                assert await seen(past) == expected
                assert await found(past) == searches


async def _step(book: Book, clock: Clock, step: tuple[str, int], number: int) -> None:
    verb, place = step
    view = View.BIN if verb == "restore" else View.ALL
    ids = sorted(await book.lists.ids(Listing(view)))
    one = Checks.of(ids[place % len(ids) :][:1]) if ids else Checks()
    changes: dict[str, list[Change]] = {
        "create": [*people(f"New {number}")],
        "company": [Assign(one, "company", f"Company {place}")],
        "name": [Edit(contact_id, {"name": f"{'XYZ'[place % 3]} {number}"}) for contact_id in one],
        "star": [Assign(one, "favorite", place % 2 == 0)],
        "join": [AddToGroup(one, f"Group {place % 2}")],
        "leave": [RemoveFromGroup(one, "Choir")],
        "delete": [Delete(one)],
        "restore": [Restore(one)],
        "rename": [RenameGroup(group.id, f"Group {number} {group.id}") for group in (await book.groups.all())[:1]],
    }
    if verb != "undo":
        await do(book, clock, *changes[verb])
    elif any(operation.undoable and not operation.undone_at for operation in await book.history.latest()):
        await book.history.undo()
