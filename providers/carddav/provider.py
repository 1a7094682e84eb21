"""A CardDAV account as a provider of contacts.

`discovery.py` finds the address books, `reading.py` says what comes, `writing.py` what goes.

Source: RFC 6352 (CardDAV), RFC 6764 (discovery), RFC 6578 (sync-collection), RFC 4918 (WebDAV).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import urlsplit

import httpx2

from coterie.core.errors import Conflict, CursorExpired, InvalidInput, Rejected, SignInNeeded
from coterie.core.model import Contact
from coterie.core.places import Place
from coterie.core.provider import Answer, Capabilities, ChangePage, Provider, RemoteContact, Setup, Update
from coterie.core.sign_in import Identity, Option, SignInPrompter
from coterie.core.text import clean_line, is_email
from coterie.providers.carddav import batches
from coterie.providers.carddav.books import AddressBook, BookState, from_cursor, list_books, places_of, to_cursor
from coterie.providers.carddav.cards import FIELDS, place_of
from coterie.providers.carddav.dav import Dav, Moved
from coterie.providers.carddav.discovery import address_found, address_of, discover
from coterie.providers.carddav.password import Login
from coterie.providers.carddav.reading import BookRound
from coterie.providers.carddav.writing import Outgoing, Writer, check_writable
from coterie.providers.reach import Reach
from coterie.providers.refusing import alone
from coterie.providers.retry import Retry

if TYPE_CHECKING:
    from dns.asyncresolver import Resolver

PAGE: Final = 100
"""Cards asked for at once."""

SERVER: Final = Option(
    "server",
    "Server or e-mail address",
    "The server's name, your e-mail address, or the CardDAV address from the server's settings.",
    guide=(
        "iCloud: enter your iCloud e-mail address, or contacts.icloud.com.",
        "Fastmail: enter carddav.fastmail.com.",
        "Nextcloud: enter the address at which you open Nextcloud, such as https://cloud.example.org.",
        "Radicale and others: enter the address of the server, such as https://dav.example.org:5232.",
    ),
)
USER: Final = Option(
    "user",
    "User name",
    "For iCloud and Fastmail, your e-mail address. Leave it empty if you have entered that above.",
    required=False,
)
PASSWORD: Final = Option(
    "password",
    "Password",
    "Preferably an app password, which you can revoke; iCloud and Fastmail accept nothing else.",
    secret=True,
    guide=(
        "iCloud: open https://account.apple.com, Sign-In and Security, App-Specific Passwords.",
        "Fastmail: open https://app.fastmail.com/settings/security, App passwords, with access to contacts.",
        "Nextcloud: open Personal settings, Security, Create new app password.",
    ),
)


class CardDavProvider(Provider):
    """Every address book of a CardDAV account; categories and group cards are groups. The star stays ours."""

    id: ClassVar[str] = "carddav"
    label: ClassVar[str] = "CardDAV"
    capabilities: ClassVar[Capabilities] = Capabilities(
        favorites=False, groups=True, write=True, fields=FIELDS, together=batches.TOGETHER
    )
    options: ClassVar[tuple[Option, ...]] = (SERVER, USER, PASSWORD)
    server: ClassVar[str] = ""
    """The server, if it is known beforehand (`hosts.py`)."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.retry = Retry()
        self.page_size = PAGE
        self.transport: httpx2.AsyncBaseTransport | None = None
        self.resolver: Resolver | None = None
        if setup.restricted:
            self.transport = Reach(setup.settings.get("allowed_hosts", ""))
        self._login: Login | None = None
        self._server: Dav | None = None
        self._books: list[AddressBook] = []
        self._states: dict[str, BookState] | None = None
        self._writing = asyncio.Lock()

    async def sign_in(self, prompter: SignInPrompter) -> Identity:
        """Ask for server, user name and password, and find the address books."""
        answers = {
            **self.setup.settings,
            **{key: text for key, text in (await prompter.ask(self.options)).items() if text},
        }
        typed = self.server or clean_line(answers.get(SERVER.key, "")).strip()
        user = clean_line(answers.get(USER.key, "")).strip() or (typed if is_email(typed) else "")
        password = answers.get(PASSWORD.key, "")
        address_of(typed)
        if not user:
            raise InvalidInput("There is no user name.", "Enter the name that you use to sign in to the server.")
        if not password:
            raise InvalidInput("There is no password.", "Enter your password or an app password.")
        server = await address_found(typed, self.resolver)
        login = await discover(Login(server, user, password), self.retry, self.transport)
        await self.close()
        await self.setup.tokens.save(login.to_text())
        return Identity(user if is_email(user) else f"{user}@{urlsplit(server).hostname}", person=login.principal)

    async def person(self) -> str:
        """The principal at the server."""
        try:
            return Login.from_text(await self.setup.tokens.load()).principal
        except SignInNeeded:
            return ""

    # Reading --------------------------------------------------------------------------------------------------------

    async def changes(self, cursor: str | None) -> AsyncIterator[ChangePage]:
        """One request if nothing has changed: the properties of all address books."""
        before = from_cursor(cursor) if cursor is not None else {}
        before = {url: state for url, state in before.items() if self.setup.syncs(url)}
        full = cursor is None
        server, all_books = await self._list()
        books = [book for book in all_books if self.setup.syncs(book.url)]
        if before.keys() - {book.url for book in books}:
            raise CursorExpired("An address book was deleted there.", "A full sync is needed.")
        rounds = [BookRound(server, book, before.get(book.url), self.page_size) for book in books]
        for book_round in rounds:
            await book_round.look()
        total = sum(len(book_round.listing.present) for book_round in rounds) if full else None
        for book_round in rounds:
            async for batch in book_round.batches():
                yield ChangePage(
                    tuple(batch.changed), tuple(batch.deleted), tuple(batch.unreadable), full=full, total=total
                )
        self._states = {book.url: book_round.after for book, book_round in zip(books, rounds, strict=True)}
        yield ChangePage(cursor=to_cursor(self._states), full=full, total=total, places=places_of(all_books))

    async def read(self, remote_id: str) -> RemoteContact | None:
        """The contact as it is now."""
        writer = await self._writer(remote_id)
        card = await writer.read(remote_id)
        return writer.remote(card) if card is not None else None

    # Writing: one request after another -----------------------------------------------------------------------------

    async def create(self, contact: Contact, raw: str = "", place: str = "") -> RemoteContact:
        """Sent once, into that address book, or where new contacts go."""
        async with self._writing:
            writer = await self._writer_for_new(place)
            return await alone(writer.create(contact, raw))

    async def update(self, known: RemoteContact, contact: Contact, fields: Collection[str]) -> RemoteContact:
        """The whole card is sent, with all that is not named in `fields` as the server has it."""
        async with self._writing:
            writer = await self._writer(known.remote_id)
            check_writable(writer.book)
            return await alone(writer.update(known, contact, fields))

    async def merge(
        self, known: RemoteContact, others: Sequence[RemoteContact], contact: Contact, fields: Collection[str]
    ) -> RemoteContact:
        """As `update`, with the pictures, keys and so on of the others."""
        async with self._writing:
            writer = await self._writer(known.remote_id)
            check_writable(writer.book)
            return await alone(writer.update(known, contact, fields, others))

    async def rename_group(self, name: str, new: str) -> None:
        """Rename the cards of that group; what cards of contacts say in CATEGORIES is written contact by contact."""
        async with self._writing:
            for writer in await self._writers():
                await alone(writer.rename_group(name, new))

    async def delete_group(self, name: str) -> None:
        """Delete the cards of that group."""
        async with self._writing:
            for writer in await self._writers():
                await alone(writer.delete_group(name))

    async def delete(self, known: RemoteContact) -> None:
        """Delete the card; groups that name it are left alone, as servers and programs pass over it."""
        async with self._writing:
            writer = await self._writer(known.remote_id)
            check_writable(writer.book)
            await alone(writer.delete(known))

    async def create_all(
        self, contacts: Sequence[Contact], place: str = "", raws: Sequence[str] = ()
    ) -> AsyncGenerator[Mapping[int, Answer], None]:
        """A few at the same time."""
        async with self._writing:
            try:
                writer = await self._writer_for_new(place)
            except Rejected as refusal:
                yield dict.fromkeys(range(len(contacts)), refusal)
                return

            async def make(contact: Contact, raw: str) -> Outgoing:
                return writer.new(contact, raw)

            whole = zip(contacts, raws or [""] * len(contacts), strict=True)
            async for answers in batches.write(writer, [partial(make, contact, raw) for contact, raw in whole]):
                yield answers

    async def update_all(self, updates: Sequence[Update]) -> AsyncGenerator[Mapping[int, Answer], None]:
        """A few at the same time, one address book after the other."""
        async with self._writing:
            for writer, numbers in await self._by_book([update.known for update in updates]):
                if isinstance(writer, Rejected):
                    yield dict.fromkeys(numbers, writer)
                    continue
                some = [updates[number] for number in numbers]
                work = [partial(writer.changed, update.known, update.contact, update.fields) for update in some]
                async for answers in batches.write(writer, work):
                    yield {numbers[place]: answer for place, answer in answers.items()}

    async def delete_all(
        self, known: Sequence[RemoteContact]
    ) -> AsyncGenerator[Mapping[int, Rejected | Conflict | None], None]:
        """A few at the same time, one address book after the other."""
        async with self._writing:
            for writer, numbers in await self._by_book(known):
                if isinstance(writer, Rejected):
                    yield dict.fromkeys(numbers, writer)
                    continue
                async for answers in batches.delete(writer, [known[number] for number in numbers]):
                    yield {numbers[place]: answer for place, answer in answers.items()}

    async def _by_book(self, contacts: Sequence[RemoteContact]) -> list[tuple[Writer | Rejected, list[int]]]:
        """The numbers of contacts by their address books, with why nothing can be written into one."""
        places: dict[str, list[int]] = {}
        for number, contact in enumerate(contacts):
            places.setdefault(place_of(contact.remote_id), []).append(number)
        by_book: list[tuple[Writer | Rejected, list[int]]] = []
        for numbers in places.values():
            try:
                writer = await self._writer(contacts[numbers[0]].remote_id)
                check_writable(writer.book)
                by_book.append((writer, numbers))
            except Rejected as refusal:
                by_book.append((refusal, numbers))
        return by_book

    async def _writers(self, *, all_books: bool = False) -> list[Writer]:
        """For every address book that can be written to, or for all of them."""
        if self._states is None:  # what groups there are only a sync tells, and nobody writes before the first
            async for _ in self.changes(None):
                pass
        server, states = await self._connected(), self._states or {}
        return [
            Writer(server, book, states[book.url].groups)
            for book in self._books
            if book.url in states and (all_books or (book.writable and self.setup.takes(book.url)))
        ]

    async def places(self) -> list[Place]:
        """The address books."""
        _, books = await self._list()
        return list(places_of(books))

    async def _writer(self, remote_id: str) -> Writer:
        """For the address book of a contact."""
        for writer in await self._writers(all_books=True):
            if writer.book.url == place_of(remote_id):
                return writer
        raise Rejected("The address book of this contact does not exist any more.", "Sync, then try again.")

    async def _writer_for_new(self, place: str) -> Writer:
        """For that address book; for the one that is chosen for new contacts, or the first, if `place` is empty."""
        wanted = place or self.setup.settings.get("place", "")
        writers = {writer.book.url: writer for writer in await self._writers()}
        for book in places_of(self._books):
            if book.id in writers and wanted in {"", book.id, book.name}:
                return writers[book.id]
        if wanted:
            raise Rejected(
                f"There is no address book “{wanted}” any more that can be written to.",
                "Choose another one: coterie accounts set ACCOUNT place=NAME.",
            )
        raise Rejected("There is no address book that can be written to.", "Create one on the server.")

    # The account ----------------------------------------------------------------------------------------------------

    async def close(self) -> None:
        """Let go of connections."""
        server, self._server, self._login, self._states = self._server, None, None, None
        if server is not None:
            await server.close()

    async def _connected(self) -> Dav:
        if self._server is None:
            self._login = Login.from_text(await self.setup.tokens.load())
            self._server = Dav.of(self._login, self.retry, self.transport)
        return self._server

    async def _list(self) -> tuple[Dav, list[AddressBook]]:
        """The address books, looked for anew if they are no longer where they were."""
        server = await self._connected()
        assert self._login is not None
        try:
            self._books = await list_books(server, self._login)
        except Moved:
            login = await discover(self._login, self.retry, self.transport)
            await self.close()
            await self.setup.tokens.save(login.to_text())
            server = await self._connected()
            self._books = await list_books(server, login)
        return server, self._books
