"""What every provider with places must do for a book: see them, sync some of them, change nothing in others."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from coterie.core.book import Book
from coterie.core.bulk.moving import Moving
from coterie.core.changes import Arrive, Create, Depart, Outcome, Plan
from coterie.core.checks import Checks
from coterie.core.errors import InvalidInput
from coterie.core.listing import Listing, View
from coterie.core.model import Account, Contact, Email
from coterie.core.places import KnownPlace, Place
from coterie.core.provider import Provider, Setup
from coterie.core.sync import sync
from coterie.core.sync.places import PlaceChoices, choose_places
from tests.providers.with_book import Synced

ADA, BOB, CYD = (
    Contact(name=f"{given} {family}", given_name=given, family_name=family, emails=(Email(f"{given.lower()}@x.org"),))
    for given, family in (("Ada", "Ash"), ("Bob", "Birch"), ("Cyd", "Cedar"))
)
WRITES = {"PUT", "PATCH", "DELETE", "POST"}


class Shelf(ABC):
    """An account with two places at a real server.

    Attributes:
        first, second: the ids of the places; `names` are theirs.
        kept: what every record holds, and no field of ours shows.
    """

    kept: str
    first: str
    second: str
    names: tuple[str, str]

    @abstractmethod
    def provider(self, places: frozenset[str] | None = None, read_only: frozenset[str] = frozenset(), new: str = "",
                 ) -> Provider:  # fmt: skip
        """The account, with choices of its places."""

    @abstractmethod
    async def put(self, place: str, contact: Contact) -> str:
        """Create a contact as another program would; its id."""

    @abstractmethod
    async def people(self, place: str) -> list[str]:
        """The names of those who are in a place, in their order."""

    @abstractmethod
    async def raw(self, place: str, name: str) -> str:
        """The record of the contact of that name in a place."""

    @abstractmethod
    def writes(self) -> int:
        """How many requests that write came until now."""


def with_choices(setup: Setup, places: frozenset[str] | None, read_only: frozenset[str], new: str) -> Setup:
    return replace(setup, places=places, read_only=read_only, settings={**setup.settings, "place": new})


class OnShelf(Synced):
    """The account of a shelf in a book."""

    shelf: Shelf

    async def choose(self, choices: PlaceChoices, *, keep: bool = True) -> str:
        """Choose places as a front end does; what is said about the contacts that are left."""
        account = await self.account()
        places = [Place(self.shelf.first, self.shelf.names[0]), Place(self.shelf.second, self.shelf.names[1])]
        outcome = await choose_places(self.book, account, choices, places, keep=keep)
        await self.provider.close()
        self.provider = self.shelf.provider(choices.synced, choices.read_only, choices.new)
        return outcome.summary if outcome else ""

    async def account(self) -> Account:
        return await self.book.accounts.named(self.name)

    async def place(self, place: str) -> KnownPlace:
        return next(one for one in await self.book.accounts.places() if one.place.id == place)

    async def move(self, name: str, to: str, *, copy: bool = False) -> str:
        """Move or copy a contact to a place; what the book says."""
        target = await self.place(to)
        moving = Moving(target, await self.book.accounts.places(), copy=copy)
        chosen = Checks.of([(await self.people())[name].id or 0])
        outcome = await self.book.apply(moving.plan(chosen))
        return "; ".join(f"{one.subject} {one.reason}" for one in outcome.skipped) or outcome.summary

    async def found(self, query: str) -> list[str]:
        return [one.name async for one in self.book.contacts(Listing(query=query))]


class PlacesContract:
    """Subclasses have a fixture `shelf`."""

    @pytest.fixture
    async def synced(self, book: Book, shelf: Shelf) -> AsyncIterator[OnShelf]:
        """Ada in the first place, Bob in the second; both are in the book."""
        await shelf.put(shelf.first, ADA)
        await shelf.put(shelf.second, BOB)
        synced = await OnShelf.of(book, shelf.provider())
        assert isinstance(synced, OnShelf)
        synced.shelf = shelf
        await synced.sync()
        yield synced
        await synced.provider.close()

    async def test_places_are_seen_and_searched(self, synced: OnShelf, shelf: Shelf) -> None:
        places = sorted(await synced.book.accounts.places(), key=lambda one: one.place.name.casefold())
        assert [(one.place.id, one.place.name, one.contacts) for one in places] == [
            (shelf.first, shelf.names[0], 1),
            (shelf.second, shelf.names[1], 1),
        ]
        assert await synced.found(f"source:{shelf.names[1]}") == ["Bob Birch"]
        assert await synced.found(f'source:="{places[0].name}"') == ["Ada Ash"]
        assert await synced.found(f"source:{synced.name}") == ["Ada Ash", "Bob Birch"]
        [ref] = (await synced.people())["Bob Birch"].sources
        assert (ref.place, ref.where) == (shelf.names[1], places[1].name)

    async def test_only_the_chosen_places_are_synced(self, book: Book, shelf: Shelf) -> None:
        await shelf.put(shelf.first, ADA)
        await shelf.put(shelf.second, BOB)
        synced = await OnShelf.of(book, shelf.provider(frozenset({shelf.first})))
        assert (await synced.sync()).created == 1
        assert set(await synced.people()) == {"Ada Ash"}
        await shelf.put(shelf.second, CYD)
        report = await synced.sync()
        assert (report.created, report.full) == (0, False)
        await synced.provider.close()
        synced.provider = shelf.provider()
        assert (await synced.sync()).created == 2
        await synced.provider.close()

    async def test_a_place_that_is_left_takes_its_contacts_to_the_bin_and_brings_them_back(
        self, synced: OnShelf, shelf: Shelf
    ) -> None:
        before = shelf.writes()
        said = await synced.choose(PlaceChoices(synced=frozenset({shelf.first})), keep=False)
        assert "moved Bob Birch" in said
        assert set(await synced.people(View.BIN)) == {"Bob Birch"}
        report = await synced.sync()
        assert (report.deleted, report.sent_deleted) == (0, 0)
        assert shelf.writes() == before
        await synced.choose(PlaceChoices())
        assert (await synced.sync()).restored == 1
        assert set(await synced.people()) == {"Ada Ash", "Bob Birch"}
        assert await shelf.people(shelf.second) == ["Bob Birch"]

    async def test_what_is_kept_of_a_place_that_is_left_is_local_and_never_sent(
        self, synced: OnShelf, shelf: Shelf
    ) -> None:
        account = await synced.account()
        settings = {**account.settings, "new_contacts_since": "2000-01-01T00:00:00+00:00"}
        await synced.book.accounts.update(replace(account, settings=settings))
        before = shelf.writes()
        assert await synced.choose(PlaceChoices(synced=frozenset({shelf.first})), keep=True) == ""
        await synced.edit("Bob Birch", company="Acme")
        await synced.sync()
        assert shelf.writes() == before
        assert (await synced.people())["Bob Birch"].sources == ()

    async def test_nothing_is_changed_in_a_place_that_is_read_only(self, synced: OnShelf, shelf: Shelf) -> None:
        await shelf.put(shelf.second, CYD)
        await synced.sync()
        await synced.choose(PlaceChoices(read_only=frozenset({shelf.second})))
        await synced.edit("Bob Birch", company="Acme")
        await synced.delete("Cyd Cedar")
        before = shelf.writes()
        report = await synced.sync()
        assert shelf.writes() == before
        assert {(one.action, one.name) for one in report.refused} == {("update", "Bob Birch"), ("delete", "Cyd Cedar")}
        assert f"“{shelf.names[1]}” is read-only" in report.refused[0].reason
        assert len(await synced.book.accounts.refusals()) == 2
        await synced.edit("Ada Ash", company="Ash Ltd")
        assert (await synced.sync()).sent_updated == 1
        await synced.choose(PlaceChoices())
        report = await synced.sync()
        assert (report.sent_updated, report.sent_deleted, report.refused) == (1, 1, [])
        assert "Acme" in await shelf.raw(shelf.second, "Bob Birch")

    async def test_new_contacts_go_to_the_chosen_place(self, synced: OnShelf, shelf: Shelf) -> None:
        await synced.choose(PlaceChoices(new=shelf.second))
        account = await synced.account()
        settings = {**account.settings, "new_contacts_since": "2000-01-01T00:00:00+00:00"}
        await synced.book.accounts.update(replace(account, settings=settings))
        await synced.apply(Create(CYD))
        assert (await synced.sync()).sent_created == 1
        assert await shelf.people(shelf.second) == ["Bob Birch", "Cyd Cedar"]
        assert (await synced.people())["Cyd Cedar"].sources[0].place == shelf.names[1]

    # Moving and copying ---------------------------------------------------------------------------------------------

    async def test_a_move_creates_and_then_deletes_and_keeps_what_no_field_shows(
        self, synced: OnShelf, shelf: Shelf
    ) -> None:
        said = await synced.move("Bob Birch", shelf.first)
        assert said.startswith("Moved Bob Birch to ")
        assert await shelf.people(shelf.second) == ["Bob Birch"]
        report = await synced.sync()
        assert (report.moved_in, report.moved_out, report.refused) == (1, 1, [])
        assert (await shelf.people(shelf.first), await shelf.people(shelf.second)) == (["Ada Ash", "Bob Birch"], [])
        assert shelf.kept in await shelf.raw(shelf.first, "Bob Birch")
        [ref] = (await synced.people())["Bob Birch"].sources
        assert ref.place == shelf.names[0]
        writes = shelf.writes()
        report = await synced.sync()
        assert (report.created, report.deleted, report.moved_in, report.news, shelf.writes()) == (0, 0, 0, 0, writes)
        await synced.edit("Bob Birch", company="Acme")
        assert (await synced.sync()).sent_updated == 1
        assert "Acme" in await shelf.raw(shelf.first, "Bob Birch")

    async def test_a_move_is_undone_before_and_after_it_was_sent(self, synced: OnShelf, shelf: Shelf) -> None:
        await synced.move("Bob Birch", shelf.first)
        await synced.book.history.undo()
        writes = shelf.writes()
        await synced.sync()
        assert shelf.writes() == writes
        await synced.book.history.redo()
        await synced.sync()
        assert await shelf.people(shelf.second) == []
        await synced.book.history.undo()
        report = await synced.sync()
        assert (report.moved_in, report.moved_out) == (1, 1)
        assert (await shelf.people(shelf.first), await shelf.people(shelf.second)) == (["Ada Ash"], ["Bob Birch"])
        assert shelf.kept in await shelf.raw(shelf.second, "Bob Birch")
        assert set(await synced.people()) == {"Ada Ash", "Bob Birch"}
        assert (await synced.sync()).news == 0

    async def test_a_copy_is_one_contact_in_two_places(self, synced: OnShelf, shelf: Shelf) -> None:
        await synced.move("Bob Birch", shelf.first, copy=True)
        report = await synced.sync()
        assert (report.moved_in, report.moved_out, report.sent_merged) == (1, 0, 0)
        assert await shelf.people(shelf.first) == ["Ada Ash", "Bob Birch"]
        assert len((await synced.people())["Bob Birch"].sources) == 2
        await synced.edit("Bob Birch", company="Acme")
        report = await synced.sync()
        assert (report.sent_updated, report.sent_merged) == (2, 0)
        assert "Acme" in await shelf.raw(shelf.first, "Bob Birch")
        assert "Acme" in await shelf.raw(shelf.second, "Bob Birch")
        assert "already" in await synced.move("Bob Birch", shelf.first, copy=True)
        await synced.book.history.undo()  # the edit
        await synced.book.history.undo()  # the copy
        report = await synced.sync()
        assert (report.sent_updated, report.moved_out) == (2, 1)
        assert (await shelf.people(shelf.first), await shelf.people(shelf.second)) == (["Ada Ash"], ["Bob Birch"])

    @pytest.mark.parametrize(("after", "left"), [(Arrive, ["Bob Birch"]), (Depart, [])])
    async def test_nothing_is_lost_by_a_kill_between(
        self, synced: OnShelf, shelf: Shelf, after: type[Arrive | Depart], left: list[str]
    ) -> None:
        """Killed before the answer to the creation or the deletion is stored: nothing is created twice, or lost."""
        await synced.move("Bob Birch", shelf.first)
        stored = synced.book.apply

        async def killed(plan: Plan, **options: Any) -> Outcome:
            if any(isinstance(one, after) for one in plan.changes):
                raise KeyboardInterrupt
            return await stored(plan, **options)

        synced.book.apply = killed  # type: ignore[method-assign, assignment]
        with pytest.raises(KeyboardInterrupt):
            await synced.sync()
        synced.book.apply = stored  # type: ignore[method-assign]
        assert await shelf.people(shelf.first) == ["Ada Ash", "Bob Birch"]
        assert await shelf.people(shelf.second) == left
        await synced.provider.close()
        synced.provider = shelf.provider()
        await synced.sync()
        assert (await shelf.people(shelf.first), await shelf.people(shelf.second)) == (["Ada Ash", "Bob Birch"], [])
        assert await synced.found("") == ["Ada Ash", "Bob Birch"]

    async def test_a_local_contact_is_moved_to_a_place_and_back(self, synced: OnShelf, shelf: Shelf) -> None:
        await synced.apply(Create(CYD))
        await synced.move("Cyd Cedar", shelf.second)
        assert (await synced.sync()).moved_in == 1
        assert await shelf.people(shelf.second) == ["Bob Birch", "Cyd Cedar"]
        await synced.book.history.undo()
        assert (await synced.sync()).moved_out == 1
        assert await shelf.people(shelf.second) == ["Bob Birch"]
        assert (await synced.people())["Cyd Cedar"].sources == ()

    async def test_what_may_not_be_moved_is_said(self, synced: OnShelf, shelf: Shelf) -> None:
        await synced.choose(PlaceChoices(read_only=frozenset({shelf.second})))
        assert "read-only by your choice" in await synced.move("Bob Birch", shelf.first)
        with pytest.raises(InvalidInput, match="read-only by your choice"):
            await synced.move("Ada Ash", shelf.second)
        await synced.move("Bob Birch", shelf.first, copy=True)
        await synced.sync()
        assert await shelf.people(shelf.first) == ["Ada Ash", "Bob Birch"]

    async def test_a_dry_run_tells_what_a_move_would_write(self, synced: OnShelf, shelf: Shelf) -> None:
        await synced.move("Bob Birch", shelf.first)
        account = await synced.account()
        events = [event async for event in sync(synced.book, account, synced.provider, dry_run=True)]
        report = events[-1].report  # type: ignore[union-attr]
        assert [(one.kind, one.name) for one in report.writes] == [(f"create in {shelf.names[0]}", "Bob Birch")]
        assert await shelf.people(shelf.first) == ["Ada Ash"]
