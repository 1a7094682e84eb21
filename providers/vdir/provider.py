"""A folder of vCards as an account: what khard, vdirsyncer, pimsync and other programs keep, read and written here."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Final

from coterie.core.errors import Conflict, CursorExpired, InvalidInput, Rejected, SignInNeeded
from coterie.core.files import at_home, real
from coterie.core.model import Contact
from coterie.core.places import Place
from coterie.core.provider import Capabilities, ChangePage, Provider, RemoteContact, Setup, Tombstone, Unreadable
from coterie.core.sign_in import Identity, Option, SignInPrompter
from coterie.core.text import clean_line, group_key
from coterie.core.transfer.vcard.reading import member_key
from coterie.core.transfer.vcard.writing import Version
from coterie.providers.carddav.cards import (
    FIELDS,
    CardText,
    NotACard,
    ReadCard,
    card_again,
    categories_of,
    changed_card,
    place_of,
    read_card,
    uid_of,
    with_lines_of,
)
from coterie.providers.carddav.groups import GroupCard, Groups, fresh_uid, with_members, with_name
from coterie.providers.vdir.folder import Folder

PAGE: Final = 500
"""Cards on a page."""
FOLDER: Final = Option(
    "folder", "Folder", "The folder of your .vcf files, such as ~/.contacts. Its subfolders are address books."
)
_GONE: Final = "The contact was changed or deleted in the folder."
_VERSION: Final = re.compile(r"^VERSION:4", re.IGNORECASE | re.MULTILINE)
_MAY_BE_GROUP: Final = re.compile(r"KIND[^:\n]*:\s*group", re.IGNORECASE)


@dataclass(slots=True)
class _Book:
    """An address book as it was at the last sync: the etags of its cards, and its group cards."""

    etags: dict[str, str] = field(default_factory=dict)
    groups: Groups = field(default_factory=Groups)

    def to_json(self) -> dict[str, Any]:
        return {"etags": self.etags, **self.groups.to_json()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> _Book:
        return cls({str(key): str(etag) for key, etag in values["etags"].items()}, Groups.from_json(values))


class VdirProvider(Provider):
    """Every address book of a folder; categories and group cards are groups. The star stays ours."""

    id: ClassVar[str] = "vdir"
    label: ClassVar[str] = "Folder of vCards"
    capabilities: ClassVar[Capabilities] = Capabilities(favorites=False, groups=True, write=True, fields=FIELDS)
    options: ClassVar[tuple[Option, ...]] = (FOLDER,)
    watched: ClassVar[bool] = True

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.page_size = PAGE
        self._books: dict[str, _Book] | None = None
        self._glanced_at: Folder | None = None
        self._writing = asyncio.Lock()

    async def sign_in(self, prompter: SignInPrompter) -> Identity:
        """Ask for the folder."""
        if self.setup.restricted:
            raise InvalidInput("Folders cannot be connected here.", "Choose another provider.")
        answers = {**self.setup.settings, **await prompter.ask(self.options)}
        typed = clean_line(answers.get(FOLDER.key, "")).strip()
        path = await asyncio.to_thread(_existing, typed)
        await self.setup.tokens.save(json.dumps({FOLDER.key: str(path)}))
        return Identity(_short(path), person=str(path))

    async def person(self) -> str:
        """The folder."""
        try:
            return str((await self._folder()).root)
        except SignInNeeded:
            return ""

    async def places(self) -> list[Place]:
        """The address books."""
        folder = await self._folder()
        return await asyncio.to_thread(lambda: list(_checked(folder).books()))

    async def mark(self) -> str:
        """What changes with the time, the size or the number of any file."""
        if self._glanced_at is None:
            self._glanced_at = await self._folder()
        return await asyncio.to_thread(self._glanced_at.mark)

    # Reading --------------------------------------------------------------------------------------------------------

    async def changes(self, cursor: str | None) -> AsyncIterator[ChangePage]:
        """Only files whose time, size or number have changed are read."""
        folder = await self._folder()
        before = _from_cursor(cursor)
        all_books = await asyncio.to_thread(lambda: _checked(folder).books())
        after = {book.id: _Book() for book in all_books if self.setup.syncs(book.id)}
        full = cursor is None
        if before.keys() - after.keys() and not full:
            raise CursorExpired("An address book of the folder is gone.", "A full sync is needed.")
        for book_id, book in after.items():
            work = _Round(folder, book_id, before.get(book_id, _Book()), book, self.page_size)
            pages = await asyncio.to_thread(work.begin)
            while (page := await asyncio.to_thread(next, pages, None)) is not None:
                yield replace(page, full=full)
        self._books = after
        told = json.dumps({book_id: book.to_json() for book_id, book in after.items()})
        total = sum(len(book.etags) - len(book.groups.cards) for book in after.values()) if full else None
        yield ChangePage(cursor=told, full=full, total=total, places=all_books)

    async def read(self, remote_id: str) -> RemoteContact | None:
        """The contact as it is now."""
        books, folder = await self._synced_books(), await self._folder()
        return await asyncio.to_thread(_told, folder, books, remote_id)

    # Writing --------------------------------------------------------------------------------------------------------

    async def create(self, contact: Contact, raw: str = "", place: str = "") -> RemoteContact:
        """A new file in that address book, or where new contacts go."""
        folder, books = await self._folder(), await self._synced_books()
        book = await self._book_for_new(place)
        wanted = _categories(contact, books[book].groups, categories_of(raw) if raw else ())
        text, uid = card_again(replace(contact, groups=wanted), raw, "3.0")
        card_id = f"{book}{fresh_uid() if raw else uid}.vcf".lstrip("/")
        async with self._writing:
            return await asyncio.to_thread(_put, folder, books, CardText(card_id, "", text), None, contact.groups)

    async def update(self, known: RemoteContact, contact: Contact, fields: Collection[str]) -> RemoteContact:
        """The whole card is written, with all that is not named in `fields` as it is in the file."""
        return await self.merge(known, (), contact, fields)

    async def merge(
        self, known: RemoteContact, others: Sequence[RemoteContact], contact: Contact, fields: Collection[str]
    ) -> RemoteContact:
        """As `update`, with the pictures, keys and so on of the others."""
        folder, books = await self._folder(), await self._synced_books()
        self._check_writable(known.remote_id)

        def work() -> RemoteContact:
            card = _card(folder, known.remote_id)
            if card is None or (known.etag and card.etag != known.etag):
                raise Conflict(_GONE, "Sync, then try again.")
            groups = _book_of(books, known.remote_id).groups
            wanted = _categories(contact, groups, categories_of(card.text)) if "groups" in fields else ()
            text = with_lines_of(card.text, [other.raw for other in others], contact.custom) if others else card.text
            version: Version = "4.0" if _VERSION.search(text) else "3.0"
            text = changed_card(replace(contact, groups=wanted), fields, text, version)
            regrouped = contact.groups if "groups" in fields else None
            return _put(folder, books, CardText(card.href, card.etag, text), card, regrouped)

        async with self._writing:
            return await asyncio.to_thread(work)

    async def delete(self, known: RemoteContact) -> None:
        """Delete the file; groups that name it are left alone."""
        folder = await self._folder()
        self._check_writable(known.remote_id)
        async with self._writing:
            await asyncio.to_thread(folder.delete, known.remote_id, known.etag)

    async def rename_group(self, name: str, new: str) -> None:
        """Rename the cards of that group; what cards of contacts say in CATEGORIES is written contact by contact."""
        await self._change_groups(name, lambda text: with_name(text, new))

    async def delete_group(self, name: str) -> None:
        """Delete the cards of that group."""
        await self._change_groups(name, lambda _: "")

    async def _change_groups(self, name: str, change: Callable[[str], str]) -> None:
        folder, books = await self._folder(), await self._synced_books()

        def work() -> None:
            for book_id, book in books.items():
                if (card_id := book.groups.find(name)) is None or not self.setup.takes(book_id):
                    continue
                if (card := _card(folder, card_id)) is None:
                    continue
                if text := change(card.text):
                    folder.write(card_id, text, card.etag)
                    book.groups.put(card_id, read_card(CardText(card_id, "", text)).group)
                else:
                    folder.delete(card_id, card.etag)
                    book.groups.put(card_id, None)

        async with self._writing:
            await asyncio.to_thread(work)

    # The account ----------------------------------------------------------------------------------------------------

    async def _folder(self) -> Folder:
        try:
            return Folder(Path(json.loads(await self.setup.tokens.load() or "")[FOLDER.key]))
        except (ValueError, TypeError, KeyError) as error:
            raise SignInNeeded("No folder is known for this account.", "Sign in again.") from error

    async def _synced_books(self) -> dict[str, _Book]:
        """The address books as the last sync saw them; what group cards there are only a sync tells."""
        if self._books is None:
            async for _ in self.changes(None):
                pass
        assert self._books is not None
        return self._books

    def _check_writable(self, remote_id: str) -> None:
        """Raises Rejected if the user wants nothing changed in the address book of that contact."""
        if not self.setup.takes(place_of(remote_id)):
            raise Rejected("The address book of this contact is read-only.", "Choose so in the account's places.")

    async def _book_for_new(self, place: str) -> str:
        wanted = place or self.setup.settings.get("place", "")
        for book in await self.places():
            if book.writable and self.setup.takes(book.id) and wanted in {"", book.id, book.name}:
                return book.id
        name = f" “{wanted}”" if wanted else ""
        raise Rejected(
            f"There is no address book{name} in the folder that can be written to.",
            "Choose another one: coterie accounts set ACCOUNT place=NAME.",
        )


class _Round:
    """What changed in one address book since `before`; `after` becomes what the next round begins with."""

    def __init__(self, folder: Folder, book: str, before: _Book, after: _Book, page_size: int) -> None:
        self._folder, self._book, self._before, self._after = folder, book, before, after
        self._page_size = page_size
        after.groups = Groups(dict(before.groups.cards), before.groups.places)

    def begin(self) -> Iterator[ChangePage]:
        """Its pages. Groups are looked at first, since their members are told with them."""
        before, groups = self._before.etags, self._after.groups
        self._after.etags = present = self._folder.etags(self._book)
        gone = [card_id for card_id in before if card_id not in present]
        changed = [card_id for card_id, etag in present.items() if before.get(card_id) != etag]
        regrouped: set[str] = set()
        for card_id in [card_id for card_id in gone if card_id in groups.cards]:
            regrouped |= groups.put(card_id, None)
        for card_id in changed:
            group = _group(self._folder, card_id)
            if group is not None or card_id in groups.cards:
                regrouped |= groups.put(card_id, group)
        if groups.cards and groups.places is None:  # the first group card: nobody has looked where the members are
            groups.places = {}
            changed = list(present)
        groups.forget(gone)
        told = dict.fromkeys(changed)
        told |= dict.fromkeys(
            card_id for uid in sorted(regrouped) if (card_id := groups.place(uid, self._book).lstrip("/")) in present
        )
        return self._pages([card_id for card_id in told if card_id not in groups.cards], gone)

    def _pages(self, told: Sequence[str], gone: Sequence[str]) -> Iterator[ChangePage]:
        deleted = [Tombstone(card_id) for card_id in gone]
        for start in range(0, max(len(told), len(deleted)), self._page_size):
            end = start + self._page_size
            contacts: list[RemoteContact] = []
            unreadable: list[Unreadable] = []
            for card_id in told[start:end]:
                try:
                    if (contact := _read(self._folder, self._after.groups, card_id)) is not None:
                        contacts.append(contact)
                except NotACard as why:
                    unreadable.append(Unreadable(card_id, str(why)))
            yield ChangePage(tuple(contacts), tuple(deleted[start:end]), tuple(unreadable))


def _read(folder: Folder, groups: Groups, card_id: str) -> RemoteContact | None:
    """The contact in a file; None if it is gone. Raises NotACard."""
    text = folder.read(card_id)
    if text is None:
        return None
    card = read_card(text)
    groups.saw(card.uid, card_id)
    return card.remote(groups.names(card.uid))


def _card(folder: Folder, card_id: str) -> CardText | None:
    """The card as it is now. Raises Rejected if it cannot be read."""
    try:
        return folder.read(card_id)
    except NotACard as why:
        raise Rejected(str(why), "Look at the file.") from why


def _told(folder: Folder, books: dict[str, _Book], card_id: str) -> RemoteContact | None:
    try:
        return _read(folder, _book_of(books, card_id).groups, card_id)
    except NotACard as why:
        raise Rejected(str(why), "Look at the file.") from why


def _group(folder: Folder, card_id: str) -> GroupCard | None:
    """The group that a file stands for; None for a contact."""
    try:
        text = folder.read(card_id)
        return read_card(text).group if text is not None and _MAY_BE_GROUP.search(text.text) else None
    except NotACard:
        return None


def _put(
    folder: Folder, books: dict[str, _Book], card: CardText, before: CardText | None, groups: tuple[str, ...] | None
) -> RemoteContact:
    """Write a card if it says anything new, and make its contact a member of the groups that have a card."""
    if before is None or card.text != before.text:
        card = folder.write(card.href, card.text, before.etag if before else None)
    read: ReadCard = read_card(card)
    group_cards = _book_of(books, card.href).groups
    group_cards.saw(read.uid, card.href)
    if groups is not None:
        _regroup(folder, group_cards, uid_of(card.text), set(map(group_key, groups)))
    return read.remote(group_cards.names(read.uid))


def _regroup(folder: Folder, groups: Groups, uid: str, wanted: Collection[str]) -> None:
    for card_id, group in list(groups.cards.items()):
        is_meant, is_in = group_key(group.name) in wanted, member_key(uid) in group.members
        if is_meant == is_in or (card := _card(folder, card_id)) is None:
            continue
        text = with_members(card.text, [uid] if is_meant else [], [] if is_meant else [uid])
        folder.write(card_id, text, card.etag)
        groups.put(card_id, read_card(CardText(card_id, "", text)).group)


def _categories(contact: Contact, groups: Groups, present: Collection[str]) -> tuple[str, ...]:
    """Which of the groups go into CATEGORIES: those that are there, and those that have no card of their own."""
    there = set(map(group_key, present))
    return tuple(name for name in contact.groups if group_key(name) in there or groups.find(name) is None)


def _book_of(books: dict[str, _Book], card_id: str) -> _Book:
    if (book := books.get(place_of(card_id))) is None:
        raise Rejected("The address book of this contact does not exist any more.", "Sync, then try again.")
    return book


def _checked(folder: Folder) -> Folder:
    folder.check()
    return folder


def _from_cursor(cursor: str | None) -> dict[str, _Book]:
    try:
        return {book: _Book.from_json(values) for book, values in json.loads(cursor or "{}").items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CursorExpired("What was synced last is not known any more.", "A full sync is needed.") from error


def _existing(typed: str) -> Path:
    """The folder that the user means. Raises InvalidInput if there is none."""
    path = at_home(typed)
    if not typed or not os.path.isdir(path):  # noqa: PTH112 - that of pathlib raises OSError for a long text
        raise InvalidInput(f"There is no folder “{typed}”.", "Enter the folder that your .vcf files are in.")
    return _checked(Folder(real(path))).root


def _short(path: Path) -> str:
    """A path as people write it: `~/contacts`."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) and path != home else str(path)
