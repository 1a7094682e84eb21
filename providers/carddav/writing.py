"""Writing to an address book: cards are put and deleted guarded by their etags (RFC 6352, section 6.3.2; RFC 9110)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from coterie.core.errors import BadReply, Conflict, Rejected, Unsure
from coterie.core.model import Contact
from coterie.core.provider import Answer, RemoteContact
from coterie.core.text import group_key
from coterie.core.transfer.vcard.reading import member_key
from coterie.providers.carddav.books import AddressBook
from coterie.providers.carddav.cards import (
    CardText,
    NotACard,
    ReadCard,
    card_again,
    categories_of,
    changed_card,
    read_card,
    uid_of,
    with_lines_of,
)
from coterie.providers.carddav.dav import Dav, Moved
from coterie.providers.carddav.groups import Groups, fresh_uid, new_group, with_members, with_name
from coterie.providers.carddav.password import site
from coterie.providers.carddav.reading import fetch
from coterie.providers.refusing import alone
from coterie.providers.retry import Broken

CARD: Final = {"Content-Type": "text/vcard; charset=utf-8"}
_GROUP_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A card on its way to the server.

    Attributes:
        href, uid, text: its address, the UID in it, and the card itself.
        before: the card that it takes the place of; None for a new one.
        groups: the groups that its contact shall be in; None if they stay.
        categories: those of them that the card itself names.
    """

    href: str
    uid: str
    text: str
    before: CardText | None
    groups: tuple[str, ...] | None
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes into one address book.

    Attributes:
        server: where it is.
        book: the address book.
        groups: its group cards; kept up to date.
    """

    server: Dav
    book: AddressBook
    groups: Groups

    async def read(self, href: str) -> ReadCard | None:
        """The card as it is now; None if it is gone. Raises BadReply if it cannot be understood."""
        try:
            cards, batch = await fetch(self.server, self.book.url, [href])
        except Moved:
            return None
        if batch.unreadable:
            raise BadReply(f"A card from {self.server.host} cannot be read.", batch.unreadable[0].reason)
        return cards[0] if cards else None

    def remote(self, card: ReadCard) -> RemoteContact:
        """The contact of a card, as a sync would tell it. Raises BadReply if it names nobody."""
        try:
            return card.remote(self.groups.names(card.uid))
        except NotACard as error:
            raise BadReply(f"A card from {self.server.host} cannot be read.", str(error)) from error

    async def create(self, contact: Contact, raw: str = "") -> RemoteContact:
        """Put a new card; sent once. `raw` is the card of one that was deleted there: it comes back whole."""
        return await self._write(self.new(contact, raw))

    async def update(
        self, remote: RemoteContact, contact: Contact, fields: Collection[str], others: Sequence[RemoteContact] = ()
    ) -> RemoteContact:
        """Put the card with the named fields changed. It may be sent again: the etag tells if it had worked.

        What the cards of `others` hold besides, and no field of ours shows, is added to it.
        """
        return await self._write(await self.changed(remote, contact, fields, others))

    async def _write(self, card: Outgoing) -> RemoteContact:
        etag = await self.put(card)
        [told] = await self.stored([(card, etag)], await self.regroup([card]))
        if isinstance(told, (Rejected, Conflict)):
            raise told
        return told

    def new(self, contact: Contact, raw: str = "") -> Outgoing:
        """The card that creates a contact."""
        categories = self._categories(contact.groups, categories_of(raw) if raw else ())
        text, uid = card_again(replace(contact, groups=categories), raw, self.book.version)
        href = self.server.href(f"{self.book.url}{fresh_uid() if raw else uid}.vcf")
        return Outgoing(href, uid, text, None, contact.groups, categories)

    async def changed(
        self, remote: RemoteContact, contact: Contact, fields: Collection[str], others: Sequence[RemoteContact] = ()
    ) -> Outgoing:
        """The card that changes a contact. Raises Conflict if it is known to have changed there."""
        before = await self._as_seen(remote)
        categories: tuple[str, ...] = ()
        if "groups" in fields:
            categories = self._categories(contact.groups, categories_of(before.text))
        text = with_lines_of(before.text, [other.raw for other in others], contact.custom) if others else before.text
        text = changed_card(replace(contact, groups=categories), fields, text, self.book.version)
        groups = contact.groups if "groups" in fields else None
        return Outgoing(remote.remote_id, uid_of(text), text, before, groups, categories)

    async def put(self, card: Outgoing) -> str:
        """Send a card, if it says anything new; its etag, empty if the server tells none. Raises Conflict."""
        if card.before is None:
            try:
                etag = await self._put(card.href, card.text, {"If-None-Match": "*"}, idempotent=False)
            except Broken:  # it may have been stored before the server failed
                if await self.read(card.href) is None:
                    raise
                etag = ""
            self.groups.saw(member_key(card.uid), card.href)
            return etag
        if card.text == card.before.text:
            return card.before.etag
        return await self._put(card.href, card.text, _if_match(card.before.etag), idempotent=True)

    async def delete(self, remote: RemoteContact) -> None:
        """Delete the card; fine if it is gone."""
        if not remote.etag and await self.read(remote.remote_id) is None:
            return
        before = await self._as_seen(remote)
        try:
            await self.server.send("DELETE", remote.remote_id, idempotent=True, headers=_if_match(before.etag))
        except Moved:
            return
        except Conflict:  # also what servers say of If-Match if nothing is there any more
            if await self.read(remote.remote_id) is not None:
                raise

    async def _as_seen(self, remote: RemoteContact) -> CardText:
        """The card as it was last seen; read again if there is no etag to guard it. Raises Conflict."""
        if remote.etag and remote.raw:
            return CardText(remote.remote_id, remote.etag, remote.raw)
        now = await self.read(remote.remote_id)
        if now is None or remote.etag not in {"", now.card.etag} or remote.raw not in {"", now.card.text}:
            raise self._changed()
        return now.card

    async def _put(self, href: str, text: str, guard: dict[str, str], *, idempotent: bool) -> str:
        """Put a card; its new etag, empty if the server tells none. Raises Conflict."""
        try:
            reply = await self.server.send(
                "PUT", href, idempotent=idempotent, content=text.encode(), headers={**CARD, **guard}
            )
        except Moved as error:
            raise self._changed() from error
        etag = reply.headers.get("etag", "").strip()
        return "" if etag.startswith("W/") else etag  # a weak one says that the card is not stored as we sent it

    def _changed(self) -> Conflict:
        return Conflict(f"The contact was changed or deleted on {self.server.host}.", "Sync, then try again.")

    async def stored(
        self, cards: Sequence[tuple[Outgoing, str]], ungrouped: Mapping[str, Rejected | Conflict]
    ) -> list[Answer]:
        """What a sync will say of cards that were just put: read again if the server told no etag.

        `ungrouped`: the UIDs of those whose groups the server did not take, and why.
        """
        unknown = [card.href for card, etag in cards if not etag]
        read, _ = await fetch(self.server, self.book.url, unknown) if unknown else ([], None)
        again = {card.card.href: card for card in read}
        return [
            self._told(read_card(CardText(card.href, etag, card.text)) if etag else again.get(card.href), ungrouped)
            for card, etag in cards
        ]

    def _told(self, card: ReadCard | None, ungrouped: Mapping[str, Rejected | Conflict]) -> Answer:
        if card is None:
            return self._changed()
        try:
            said = self.remote(card)
        except BadReply as error:  # the server made something else of it; the next sync says so
            return Unsure(error.title, error.hint)
        why = ungrouped.get(uid_of(card.card.text))
        return replace(said, undone={"groups": why}) if why is not None else said

    # Groups ---------------------------------------------------------------------------------------------------------

    def _categories(self, wanted: Collection[str], present: Collection[str]) -> tuple[str, ...]:
        """Which of the groups go into CATEGORIES: those that are there, and those that have no card of their own.

        Apple's programs show group cards only, so if there are some, or at iCloud, new groups become cards too.
        """
        there = set(map(group_key, present))
        by_card = bool(self.groups.cards) or site(self.server.host.partition(":")[0]) == "icloud.com"
        return tuple(name for name in wanted if group_key(name) in there or not by_card)

    async def regroup(self, cards: Collection[Outgoing]) -> dict[str, Rejected | Conflict]:
        """Make contacts members of the groups that have a card, and of no others, with one request for each group.

        Gives the UIDs of those for whom that was refused, and why.
        """
        wanted = {card.uid: card for card in cards if card.groups is not None and card.uid}
        keys = {uid: set(map(group_key, card.groups or ())) for uid, card in wanted.items()}
        refused: dict[str, Rejected | Conflict] = {}

        async def change(work: Awaitable[None], uids: Collection[str]) -> None:
            try:
                await alone(work)
            except (Rejected, Conflict) as why:
                refused.update(dict.fromkeys(uids, why))

        for href, group in list(self.groups.cards.items()):
            inside = {uid for uid in wanted if member_key(uid) in group.members}
            meant = {uid for uid in wanted if group_key(group.name) in keys[uid]}
            if inside != meant:
                joining, leaving = sorted(meant - inside), sorted(inside - meant)
                await change(self._set_members(href, joining, leaving), (*joining, *leaving))
        new: dict[str, list[str]] = {}
        for uid, card in wanted.items():
            for name in card.groups or ():
                if name not in card.categories and self.groups.find(name) is None:
                    new.setdefault(name, []).append(uid)
        for name, uids in new.items():
            await change(self._create_group(name, uids), uids)
        return refused

    async def _set_members(self, href: str, joining: Sequence[str], leaving: Sequence[str]) -> None:
        """Change one group card, reading it again if somebody else is faster."""
        for tries_left in reversed(range(_GROUP_TRIES)):
            card = await self.read(href)
            if card is None or card.group is None:
                self.groups.put(href, None)
                return
            text = with_members(card.card.text, joining, leaving)
            try:
                if text != card.card.text:
                    await self._put(href, text, _if_match(card.card.etag), idempotent=True)
            except Conflict:
                if not tries_left:
                    raise
            else:
                self.groups.put(href, read_card(CardText(href, "", text)).group)
                return

    async def rename_group(self, name: str, new: str) -> None:
        """Give the card of a group, if it has one, another name."""
        await self._change_group(name, lambda text: with_name(text, new))

    async def delete_group(self, name: str) -> None:
        """Delete the card of a group, if it has one."""
        await self._change_group(name, lambda _: "")

    async def _change_group(self, name: str, change: Callable[[str], str]) -> None:
        href = self.groups.find(name)
        card = await self.read(href) if href is not None else None
        if href is None or card is None or card.group is None:
            return
        if text := change(card.card.text):
            await self._put(href, text, _if_match(card.card.etag), idempotent=True)
            self.groups.put(href, read_card(CardText(href, "", text)).group)
        else:
            await self.server.send("DELETE", href, idempotent=True, headers=_if_match(card.card.etag))
            self.groups.put(href, None)

    async def _create_group(self, name: str, uids: Sequence[str]) -> None:
        own = fresh_uid()
        href = self.server.href(f"{self.book.url}{own}.vcf")
        text = new_group(name, uids, self.book.version, own)
        await self._put(href, text, {"If-None-Match": "*"}, idempotent=False)
        self.groups.put(href, read_card(CardText(href, "", text)).group)


def _if_match(etag: str) -> dict[str, str]:
    """The guard for a write. A proxy that compresses makes etags weak, which If-Match would never match."""
    return {"If-Match": etag.removeprefix("W/")} if etag else {}


def check_writable(book: AddressBook) -> None:
    """Raises Rejected if nothing may be written into an address book."""
    if not book.writable:
        raise Rejected(
            f"The address book “{book.name or book.url}” is read-only on the server.",
            "Change the contact where it comes from, or keep the change here.",
        )
