"""Two address books of real servers."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coterie.core.book import Book
from coterie.core.model import Contact
from coterie.core.provider import Setup
from coterie.core.transfer.vcard import parse_card, write_card
from coterie.providers.carddav.provider import CardDavProvider
from coterie.providers.memory import MemoryProvider, MemorySource
from tests.providers.carddav.server import BOOK, DavServer, XandikosServer
from tests.providers.places_contract import BOB, WRITES, OnShelf, PlacesContract, Shelf, with_choices
from tests.providers.prompter import MemoryTokens
from tests.providers.server import Request, Response
from tests.providers.with_book import Synced

TEAM = "team"


class Books(Shelf):
    names = (BOOK, TEAM)
    kept = "X-KEPT:yes"

    def __init__(self, server: DavServer, tokens: MemoryTokens) -> None:
        self.server, self.tokens = server, tokens
        server.make_book(TEAM)
        self.first, self.second = server.path("", BOOK), server.path("", TEAM)

    def provider(
        self, places: frozenset[str] | None = None, read_only: frozenset[str] = frozenset(), new: str = ""
    ) -> CardDavProvider:
        return CardDavProvider(with_choices(Setup(self.tokens, write=True), places, read_only, new))

    async def put(self, place: str, contact: Contact) -> str:
        uid = contact.name.replace(" ", "-").lower()
        card = write_card(replace(contact, custom={"UID": uid}), "3.0")
        self.server.put(f"{place}{uid}.vcf", card.replace("END:VCARD", "X-KEPT:yes\r\nEND:VCARD"))
        return f"{place}{uid}.vcf"

    def _cards(self, place: str) -> dict[str, str]:
        """The cards of an address book, by the names of their contacts."""
        login = b64encode(self.server.users.read_text().strip().encode()).decode()
        headers = {"authorization": f"Basic {login}", "depth": "1", "content-type": "text/xml"}
        body = b'<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>'
        answer = self.server._past(Request("PROPFIND", place, {}, headers, body))
        paths = [path for path in re.findall(r"<(?:\w+:)?href>([^<]+)<", answer.content.decode()) if path != place]
        cards = [card for path in paths if (card := self.server.get(path)) is not None and "BEGIN:VCARD" in card]
        return {parse_card(card).name: card for card in cards if "KIND:group" not in card}

    async def people(self, place: str) -> list[str]:
        return sorted(self._cards(place))

    async def raw(self, place: str, name: str) -> str:
        return self._cards(place)[name]

    def writes(self) -> int:
        return sum(one.method in WRITES for one in self.server.requests)


@pytest.fixture
def shelf(server: DavServer, tokens: MemoryTokens) -> Books:
    return Books(server, tokens)


class TestRadicale(PlacesContract):
    """The real Radicale."""

    async def test_an_address_book_that_the_server_protects_is_read_only(self, synced: OnShelf, shelf: Shelf) -> None:
        assert isinstance(shelf, Books)
        _protect(shelf.server, TEAM)
        await synced.sync()
        assert {one.place.name: one.place.writable for one in await synced.book.accounts.places()} == {
            BOOK: True,
            TEAM: False,
        }
        await synced.edit("Bob Birch", company="Acme")
        before = shelf.writes()
        [refused] = (await synced.sync()).refused
        assert "“team” is read-only on the server" in refused.reason
        assert shelf.writes() == before


class TestXandikos(PlacesContract):
    """The real xandikos."""

    @pytest.fixture
    def server(self, tmp_path: Path) -> Iterator[XandikosServer]:
        with XandikosServer(tmp_path) as server:
            yield server


async def test_a_move_to_another_account_deletes_only_what_has_arrived(
    book: Book, server: DavServer, tokens: MemoryTokens
) -> None:
    shelf, source = Books(server, tokens), MemorySource()
    source.put(replace(BOB, notes="private"))
    memory = await Synced.of(book, MemoryProvider(Setup(MemoryTokens(), write=True), source), "a")
    dav = await OnShelf.of(book, shelf.provider())
    assert isinstance(dav, OnShelf)
    dav.shelf = shelf
    await memory.sync()
    await dav.sync()
    await dav.move("Bob Birch", shelf.second)
    assert (await memory.sync()).moved_out == 0  # it has not arrived
    assert len(source.contacts) == 1
    server.before = lambda one: Response(507, b"", {}) if one.method == "PUT" else None
    assert [one.name for one in (await dav.sync()).refused] == ["Bob Birch"]
    assert (await memory.sync()).moved_out == 0
    server.before = lambda _: None
    assert (await dav.sync()).moved_in == 1
    assert (await memory.sync()).moved_out == 1
    assert (len(source.contacts), await shelf.people(shelf.second)) == (0, ["Bob Birch"])
    assert "private" in await shelf.raw(shelf.second, "Bob Birch")
    assert await dav.found("") == ["Bob Birch"]
    await book.history.undo()
    assert (await dav.sync()).moved_out == 0
    assert (await memory.sync()).moved_in == 1
    assert (await dav.sync()).moved_out == 1
    assert ([one.contact.name for one in source.contacts.values()], await shelf.people(shelf.second)) == (
        ["Bob Birch"],
        [],
    )
    await dav.provider.close()


async def test_a_move_to_an_account_that_is_disconnected_leaves_the_contact_where_it_is(
    book: Book, server: DavServer, tokens: MemoryTokens
) -> None:
    shelf, source = Books(server, tokens), MemorySource()
    source.put(BOB)
    memory = await Synced.of(book, MemoryProvider(Setup(MemoryTokens(), write=True), source), "a")
    dav = await OnShelf.of(book, shelf.provider())
    assert isinstance(dav, OnShelf)
    await memory.sync()
    await dav.sync()
    await dav.move("Bob Birch", shelf.second)
    await book.accounts.remove(await dav.account())
    assert (await memory.sync()).moved_out == 0
    assert len(source.contacts) == 1
    await dav.provider.close()


def _protect(server: DavServer, book: str) -> None:
    """Let the server say that nothing may be written to one of its address books."""

    def before(request: Request) -> Response | None:
        if request.method != "PROPFIND":
            return None
        answer = server._past(request)
        body = answer.content.decode()
        for response in re.findall(r"<response>.*?</response>", body, re.DOTALL):
            if f"/{book}/" in response:
                found = re.sub(r"(<current-user-privilege-set>).*?(</current-user-privilege-set>)",
                               r"\1<privilege><read /></privilege>\2", response, flags=re.DOTALL)  # fmt: skip
                body = body.replace(response, found)
        return replace(answer, body=body.encode(), headers={"Content-Type": "text/xml"})

    server.before = before
