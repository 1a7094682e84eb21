"""A server that fails at a request for many contacts: the one to blame is found by halving."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from coterie.core.book import Book
from coterie.core.changes import Create
from coterie.core.errors import ProviderError
from tests.providers.devices import PLACES, ServerPlace
from tests.providers.server import Request, Response
from tests.providers.test_one_refused import person
from tests.providers.with_book import Synced

COUNT = 60
NAMES = [f"Person{number}" for number in range(COUNT)]
BAD = "Person41"
WRITES = ("batchCreateContacts", "batchUpdateContacts", "batchDeleteContacts", "members:modify", "/$batch")
UNREADABLE = Response(200, b"OK then", {"Content-Type": "text/plain"})
BROKEN = Response(500, {"error": {"code": "x"}})


class Account:
    """An account with a server that fails at some writes: `fails` says at which, `does` whether it has done them."""

    def __init__(self, place: ServerPlace, synced: Synced) -> None:
        self.place, self.synced = place, synced
        self.poison, self.answer, self.does, self.writes = b"", BROKEN, False, 0
        place.server.before = self.look

    def look(self, request: Request) -> Response | None:
        writes = request.path.endswith(WRITES)
        self.writes += writes
        if not writes or not self.poison or self.poison not in request.body:
            return None
        if self.does:
            self.place.server.respond(request)
        return self.answer

    async def companies(self) -> dict[str, str]:
        there = [one.contact for one in await self.place.contacts()]
        assert len({one.name for one in there}) == len(there), "nobody is there twice"
        return {one.name: one.company for one in there}

    async def listed(self) -> list[str]:
        return [one.name for one in (await self.synced.sync()).refused]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


async def opened(place: ServerPlace, book: Book) -> Account:
    await place.open()
    synced = await Synced.of(book, place.provider)
    account = await book.accounts.named(synced.name)
    chosen = {**account.settings, "new_contacts_since": "2000-01-01T00:00:00+00:00"}
    await book.accounts.update(replace(account, settings=chosen))
    return Account(place, synced)


@pytest.fixture(params=["google", "microsoft"])
async def account(
    request: pytest.FixtureRequest, book: Book, tmp_path: Path, stack: ExitStack
) -> AsyncIterator[Account]:
    place = PLACES[request.param](tmp_path, stack)
    assert isinstance(place, ServerPlace)
    place.server.page_limit = 1000  # type: ignore[attr-defined]
    yield await opened(place, book)
    await place.close()


async def filled(account: Account) -> None:
    await account.synced.sync()
    await account.synced.apply(*(Create(person(name)) for name in NAMES))
    assert await account.listed() == []
    account.writes = 0


@pytest.mark.parametrize("answer", [BROKEN, UNREADABLE])
async def test_the_one_change_that_a_server_fails_at_is_found_within_few_requests(
    account: Account, answer: Response
) -> None:
    await filled(account)
    for name in NAMES:
        await account.synced.edit(name, company="poison" if name == BAD else "Firm")
    account.poison, account.answer = b"poison", answer
    assert await account.listed() == [BAD]
    assert account.writes <= 40
    assert await account.companies() == {name: "" if name == BAD else "Firm" for name in NAMES}
    account.writes = 0
    assert await account.listed() == [BAD]
    assert account.writes <= 4, "it is tried again alone"
    account.poison = b""
    assert await account.listed() == []
    assert (await account.companies())[BAD] == "poison"


@pytest.mark.parametrize("does", [False, True])
async def test_new_contacts_at_which_a_server_fails_are_never_created_twice(account: Account, does: bool) -> None:
    """Also if it has created them all the same."""
    await account.synced.sync()
    await account.synced.apply(*(Create(person(name, "poison" if name == BAD else "Firm")) for name in NAMES))
    account.poison, account.does, account.writes = b"poison", does, 0
    assert await account.listed() == ([] if does else [BAD])
    assert account.writes <= 20
    there = {name: "poison" if name == BAD else "Firm" for name in NAMES}
    assert await account.companies() == {name: one for name, one in there.items() if does or name != BAD}
    account.poison = b""
    assert await account.listed() == []
    assert await account.companies() == there


async def test_the_one_deletion_that_a_server_fails_at_is_found(account: Account) -> None:
    await filled(account)
    [bad] = [one.remote_id for one in await account.place.contacts() if one.contact.name == BAD]
    for name in NAMES:
        await account.synced.delete(name)
    account.poison = bad.encode()
    assert await account.listed() == [BAD]
    assert list(await account.companies()) == [BAD]
    account.poison = b""
    assert await account.listed() == []
    assert await account.companies() == {}


async def test_a_server_that_fails_at_every_write_ends_the_sync_after_few_of_them(account: Account) -> None:
    await filled(account)
    for name in NAMES:
        await account.synced.edit(name, company="poison")
    account.poison = b"poison"
    with pytest.raises(ProviderError):
        await account.synced.sync()
    assert account.writes <= 50
    account.poison = b""
    assert await account.listed() == []
    assert set((await account.companies()).values()) == {"poison"}


async def test_stars_at_which_google_fails_are_set_in_halves(book: Book, tmp_path: Path, stack: ExitStack) -> None:
    place = PLACES["google"](tmp_path, stack)
    assert isinstance(place, ServerPlace)
    account = await opened(place, book)
    await filled(account)
    [bad] = [one.remote_id for one in await place.contacts() if one.contact.name == BAD]
    for name in NAMES:
        await account.synced.edit(name, favorite=True)
    account.poison = f'"{bad}"'.encode()
    assert await account.listed() == [BAD]
    assert {one.contact.name for one in await place.contacts() if not one.contact.favorite} == {BAD}
    await place.close()
