"""One round of one address book: what changed since we know it, in batches of cards.

With sync-collection (RFC 6578) the server tells what changed since a token; without it, the etags of all cards are
compared with those of the last time. Either way the cards themselves come by addressbook-multiget.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from coterie.core.errors import BadReply, Conflict, CursorExpired, PermissionMissing, Rejected
from coterie.core.limits import PAGES
from coterie.core.provider import RemoteContact, Tombstone, Unreadable
from coterie.providers.carddav.books import AddressBook, BookState
from coterie.providers.carddav.cards import CardText, NotACard, ReadCard, read_card
from coterie.providers.carddav.dav import Dav, Moved
from coterie.providers.carddav.groups import Groups
from coterie.providers.carddav.multistatus import (
    ADDRESS_DATA,
    GETETAG,
    Multistatus,
    Resource,
    dav,
    multiget,
    propfind,
    sync_collection,
)
from coterie.providers.retry import Broken

GONE: Final = frozenset({404, 410})
CUT_SHORT: Final = 507
NOT_GIVEN: Final = "The server lists this card, but does not send it."
_REFUSED: Final = (Rejected, PermissionMissing, Conflict, Moved, CursorExpired)
"""How servers turn down a sync token, or a REPORT that they do not know, with whatever status."""


@dataclass(slots=True)
class Listing:
    """Which cards of an address book to fetch, and which are gone.

    Attributes:
        present: address -> etag of the new and changed ones.
        gone: the addresses of those that are no more.
        token: the sync token of this state; empty if etags are compared.
    """

    present: dict[str, str] = field(default_factory=dict)
    gone: dict[str, None] = field(default_factory=dict)
    token: str = ""


@dataclass(slots=True)
class Batch:
    """What some cards turned out to be."""

    changed: list[RemoteContact] = field(default_factory=list)
    deleted: list[Tombstone] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)


async def fetch(server: Dav, book: str, hrefs: Sequence[str]) -> tuple[list[ReadCard], Batch]:
    """The cards at these addresses: those that could be understood, and those that are gone or could not."""

    def read(answer: Multistatus) -> tuple[list[ReadCard], Batch]:
        cards: list[ReadCard] = []
        rest = Batch()
        for resource in answer.resources:
            href = server.href(resource.href, book)
            if resource.status in GONE:
                rest.deleted.append(Tombstone(href))
            elif href.rstrip("/") != book.rstrip("/"):
                _read_resource(resource, href, cards, rest)
        return cards, rest

    return await server.multistatus("REPORT", book, multiget(hrefs), "", read)


async def fetch_apart(server: Dav, book: str, hrefs: Sequence[str]) -> tuple[list[ReadCard], Batch]:
    """As `fetch`, for a server that may fail at some cards: they are found by halving, and set aside.

    Raises Unreachable if it fails at everything.
    """
    try:
        return await fetch(server, book, hrefs)
    except Broken as error:
        if len(hrefs) == 1:
            await server.properties(book, (GETETAG,))  # it answers this, so the card is to blame and not the server
            return [], Batch(unreadable=[Unreadable(hrefs[0], error.title)])
    cards: list[ReadCard] = []
    rest = Batch()
    for half in in_batches(hrefs, (len(hrefs) + 1) // 2):
        read, others = await fetch_apart(server, book, half)
        cards += read
        rest.deleted += others.deleted
        rest.unreadable += others.unreadable
    return cards, rest


def _read_resource(resource: Resource, href: str, cards: list[ReadCard], rest: Batch) -> None:
    data = resource.properties.get(ADDRESS_DATA)
    text = (data.text or "") if data is not None else ""
    try:
        if not text.strip():
            raise NotACard(NOT_GIVEN if resource.status == 200 else f"{NOT_GIVEN[:-1]} (HTTP {resource.status}).")
        cards.append(read_card(CardText(href, resource.text(GETETAG), text.lstrip())))
    except NotACard as error:
        rest.unreadable.append(Unreadable(href, str(error), text))


class BookRound:
    """One round of one address book.

    Args:
        server: where it is.
        book: as the server describes it now.
        before: its state after the last round; None reads everything.
        batch: how many cards to ask for at once.

    Attributes:
        after: what we know of it when the round has ended.
        listing: which cards changed, once `look` has been called.
    """

    def __init__(self, server: Dav, book: AddressBook, before: BookState | None, batch: int) -> None:
        self._server = server
        self._book = book
        self._before = before
        self._batch = batch
        self.listing = Listing()
        self.after = BookState(tag=book.tag, groups=before.groups if before else Groups())
        self._told: dict[str, list[str]] = {}  # UID -> the groups that were told of it
        self._touched: set[str] = set()  # the UIDs of contacts that may be in other groups than before

    async def look(self) -> None:
        """Ask which cards changed; nothing is asked if the server has said already that none has.

        Raises CursorExpired if only reading everything again helps.
        """
        if self._before is not None and self._before.is_quiet(self._book):
            self.after = self._before
        else:
            self.listing = await self._list()
            self.after.token = self.listing.token

    async def batches(self) -> AsyncIterator[Batch]:
        """What changed, after `look`. Raises CursorExpired if only reading everything again helps."""
        listing = self.listing
        for href in listing.gone:
            self._touched |= self.after.groups.put(href, None)
        self.after.groups.forget(listing.gone)
        if listing.gone:
            yield Batch(deleted=[Tombstone(href) for href in listing.gone])
        for hrefs in in_batches(list(listing.present), self._batch):
            yield await self._fetch(hrefs)
        again = self._other_groups()
        for hrefs in in_batches(again, self._batch):
            yield await self._fetch(hrefs, known_to_exist=False)

    # The cards ------------------------------------------------------------------------------------------------------

    async def _fetch(self, hrefs: Sequence[str], *, known_to_exist: bool = True) -> Batch:
        cards, batch = await fetch_apart(self._server, self._book.url, hrefs)
        groups = self.after.groups
        for card in cards:
            self._touched |= groups.put(card.card.href, card.group)
            groups.saw(card.uid, card.card.href)
        for card in cards:
            if card.group is None:
                self._add(card, batch)
            elif self._before is not None:
                batch.deleted.append(Tombstone(card.card.href))  # it may have been a contact before
        if not known_to_exist:  # a member that a group names, but that nobody has: nothing was deleted
            return Batch(batch.changed, unreadable=batch.unreadable)
        answered = {card.card.href for card in cards}
        answered.update(gone.remote_id for gone in batch.deleted)
        answered.update(unreadable.remote_id for unreadable in batch.unreadable)
        batch.unreadable += [Unreadable(href, NOT_GIVEN) for href in hrefs if href not in answered]
        return batch

    def _add(self, card: ReadCard, batch: Batch) -> None:
        names = self.after.groups.names(card.uid)
        if names or self._before is not None:  # when everything is read, only a few of many are in a group
            self._told[card.uid] = names
        try:
            batch.changed.append(card.remote(names))
        except NotACard as error:
            batch.unreadable.append(Unreadable(card.card.href, str(error), card.card.text))

    def _other_groups(self) -> list[str]:
        """The addresses of contacts whose groups are other than what was told of them."""
        groups = self.after.groups
        unread: list[str] | None = [] if self._before is None else None
        again = [uid for uid in sorted(self._touched) if uid and self._told.get(uid, unread) != groups.names(uid)]
        if again and groups.places is None:
            raise CursorExpired("The address book now has groups.", "A full sync is needed.")
        return [groups.place(uid, self._book.url) for uid in again]

    # What there is --------------------------------------------------------------------------------------------------

    async def _list(self) -> Listing:
        before = self._before
        if before is not None and before.etags is not None:
            return await self._by_etags(before.etags)
        if before is not None:
            if not self._book.token:
                raise CursorExpired("The server now reports changes in another way.", "A full sync is needed.")
            return await self._increment(before.token)
        if self._book.token:
            try:
                return await self._by_token("")
            except _REFUSED:
                pass  # it has a token, but no sync-collection for us
        return await self._by_etags({})

    async def _increment(self, token: str) -> Listing:
        try:
            return await self._by_token(token)
        except _REFUSED as error:
            raise CursorExpired(f"{self._server.host} no longer knows what was synced last.",
                                "A full sync is needed.") from error  # fmt: skip

    async def _by_token(self, token: str) -> Listing:
        """By sync-collection; a list that was cut short (507) goes on from its own token."""
        listing = Listing()
        for _ in range(PAGES):
            answer = await self._server.multistatus("REPORT", self._book.url, sync_collection(token), "0", _whole)
            cut_short = self._take(answer, listing)
            if not answer.sync_token or (cut_short and answer.sync_token == token):
                raise BadReply(f"{self._server.host} does not say where its list continues.", "Try again later.")
            token = listing.token = answer.sync_token
            if not cut_short:
                return listing
        raise BadReply(f"{self._server.host} does not come to the end of its list.", "Try again later.")

    def _take(self, answer: Multistatus, listing: Listing) -> bool:
        """Take the resources of an answer in; whether it was cut short."""
        cut_short = False
        for resource in answer.resources:
            href = self._server.href(resource.href, self._book.url)
            if href.rstrip("/") == self._book.url.rstrip("/"):
                cut_short = cut_short or resource.status == CUT_SHORT
            elif resource.status in GONE:
                listing.present.pop(href, None)
                listing.gone[href] = None
            elif not href.endswith("/"):
                listing.gone.pop(href, None)
                listing.present[href] = resource.text(GETETAG)
        return cut_short

    async def _by_etags(self, before: Mapping[str, str]) -> Listing:
        """By comparing the etags of all cards; a card without etag counts as changed."""
        names = (GETETAG, dav("resourcetype"))
        answer = await self._server.multistatus("PROPFIND", self._book.url, propfind(names), "1", _whole)
        now: dict[str, str] = {}
        for resource in answer.resources:
            href = self._server.href(resource.href, self._book.url)
            if resource.status == CUT_SHORT:  # what it leaves out must not be taken for deleted
                raise BadReply(f"{self._server.host} lists only some of the contacts.", "Try again later.")
            if resource.status in GONE or href.endswith("/") or resource.has(names[1], dav("collection")):
                continue
            now[href] = resource.text(GETETAG) if resource.status == 200 else before.get(href, "")
        self.after.etags = now
        changed = {href: etag for href, etag in now.items() if not etag or before.get(href) != etag}
        return Listing(changed, dict.fromkeys(href for href in before if href not in now))


def _whole(answer: Multistatus) -> Multistatus:
    return answer


def in_batches(hrefs: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """`hrefs` in parts of at most `size`."""
    return (hrefs[start : start + size] for start in range(0, len(hrefs), size))
