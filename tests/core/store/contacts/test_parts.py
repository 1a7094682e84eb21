"""Bulk changes in parts: all of what is selected and nothing else, with progress, and whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from coterie.core.book import Book
from coterie.core.changes import AddToGroup, Assign, Change, Create, Delete, Plan, RemoveFromGroup, Restore
from coterie.core.checks import Checks
from coterie.core.errors import Cancelled
from coterie.core.listing import Listing, View
from coterie.core.model import Contact, Email
from coterie.core.store.contacts import parts
from tests.core.book_contract import do, everything

MANY = 120
EVERYBODY = Listing()


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a few ids, so that a small book has many of them."""
    monkeypatch.setattr(parts, "_NARROW", 7)
    monkeypatch.setattr(parts, "_WIDE", 14)
    monkeypatch.setattr(parts, "_FEW", 3)


@pytest.fixture
async def people(book: Book) -> list[int]:
    contacts = [
        Contact(name="" if n % 10 == 0 else f"P{n:03}", company=f"Firm {n % 5}", emails=(Email(f"p{n}@x.example"),))
        for n in range(MANY)
    ]
    made = await book.apply(Plan("add", "Add", [Create(one) for one in contacts]))
    # A gap of ids that are gone, and some in the Bin.
    await do(book, Delete(Checks.of(made.created_ids[40:60])))
    return list(made.created_ids)


CHANGES: list[Change] = [
    Assign(EVERYBODY, "favorite", True),
    Assign(EVERYBODY, "company", "Äcme & Co"),
    Assign(EVERYBODY, "nickname", "Nick"),
    AddToGroup(EVERYBODY, "Choir"),
    Delete(EVERYBODY),
]


def selected(change: Change, selection: Checks | Listing) -> Change:
    return replace(change, selection=selection)  # type: ignore[arg-type, call-arg]


@pytest.mark.parametrize(
    "change", CHANGES, ids=lambda change: f"{type(change).__name__} {getattr(change, 'field', '')}"
)
@pytest.mark.parametrize("how", ["listing", "search", "checked", "sparse"])
async def test_a_change_reaches_what_is_selected_and_no_other(
    book: Book, people: list[int], change: Change, how: str
) -> None:
    selections: dict[str, Checks | Listing] = {
        "listing": EVERYBODY,
        "search": Listing(query="company:firm"),
        "checked": Checks.of([one for one in people if one % 3]),
        "sparse": Checks.of([people[0], people[50], people[51], people[-1], 10_000]),
    }
    live = {row.id for row in await book.lists.rows(EVERYBODY, 0, MANY)}
    meant = live & {one async for one in _ids(book, selections[how])}
    before = await everything(book)
    outcome = await do(book, selected(change, selections[how]))
    after = await everything(book)
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)} - {"groups"}
    assert {int(key.split()[1]) for key in changed} == meant
    assert outcome.changed == len(meant)
    if isinstance(change, Assign) and change.field == "company":
        assert set(await book.lists.ids(Listing(query="acme"))) == meant
    await book.history.undo()
    assert await everything(book) == before
    assert await book.lists.count(Listing(query="firm")) == len(live)
    await book.history.redo()
    assert await everything(book) == after


async def _ids(book: Book, selection: Checks | Listing) -> AsyncIterator[int]:
    for one in selection if isinstance(selection, Checks) else await book.lists.ids(selection):
        yield one


async def test_back_from_the_bin_and_out_of_a_group_in_parts(book: Book, people: list[int]) -> None:
    await do(book, AddToGroup(EVERYBODY, "Choir"))
    before = await everything(book)
    await do(book, RemoveFromGroup(Checks.of(people[::2]), "choir"))
    assert {(one.name, one.size) for one in await book.groups.all()} == {("Choir", 50)}
    await do(book, Delete(EVERYBODY))
    await do(book, Restore(Listing(View.BIN)))
    assert await book.lists.count(EVERYBODY) == MANY
    for _ in range(3):
        await book.history.undo()
    assert await everything(book) == before


async def test_two_values_of_one_field_are_both_found(book: Book, people: list[int]) -> None:
    some, others = Checks.of(people[:20]), Checks.of(people[20:40])
    await do(
        book, Assign(some, "company", "Quarry"), Assign(others, "company", "Harbour"), Assign(some, "company", "Mill")
    )
    found = {word: set(await book.lists.ids(Listing(query=word))) for word in ("quarry", "harbour", "mill")}
    assert found == {"quarry": set(), "harbour": set(others), "mill": set(some)}


@pytest.mark.parametrize("selection", [EVERYBODY, Listing(query="firm"), None], ids=["listing", "search", "checks"])
async def test_progress_is_told_and_reaches_its_end(book: Book, people: list[int], selection: Listing | None) -> None:
    said: list[tuple[int, int | None]] = []
    live = await book.lists.ids(EVERYBODY)
    plan = Plan("edit", "Star", [Assign(selection or live, "favorite", True)])
    await book.apply(plan, lambda *words: said.append(words))
    for tell in (book.history.undo, book.history.redo):
        assert len(said) > 3
        assert said == sorted(said)
        assert said[-1] == (len(live), len(live))
        said.clear()
        await tell(lambda *words: said.append(words))


@pytest.mark.parametrize(
    "change", CHANGES, ids=lambda change: f"{type(change).__name__} {getattr(change, 'field', '')}"
)
async def test_what_is_stopped_on_the_way_changes_nothing(book: Book, people: list[int], change: Change) -> None:
    before = await everything(book)

    def stop(done: int, total: int | None) -> None:
        if done > 30:
            raise Cancelled("You stopped it.")

    with pytest.raises(Cancelled):
        await book.apply(Plan("edit", "Change", [change]), stop)
    assert await everything(book) == before
    await do(book, change)
    after = await everything(book)
    with pytest.raises(Cancelled):
        await book.history.undo(stop)
    assert await everything(book) == after
    await book.history.undo()
    assert await everything(book) == before


async def test_a_cancelled_task_leaves_the_book_whole(book: Book, people: list[int]) -> None:
    before = await everything(book)

    def cancel(_done: int, _total: int | None) -> None:
        task.cancel()

    task: asyncio.Task[object] = asyncio.create_task(
        book.apply(Plan("edit", "Change", [Assign(EVERYBODY, "company", "X")]), cancel)
    )
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await everything(book) == before
