"""From a card on the server to a contact, and back. What has no field of ours stays in the raw card."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from coterie.core.clock import computers_clock
from coterie.core.fields.attributes import ATTRIBUTES
from coterie.core.model import Contact
from coterie.core.provider import RemoteContact
from coterie.core.transfer.vcard import write_card
from coterie.core.transfer.vcard.cards import lines_of, unfold
from coterie.core.transfer.vcard.draft import Draft, read_lines
from coterie.core.transfer.vcard.present import PresentCard, Property
from coterie.core.transfer.vcard.reading import NOBODY, identifies_somebody, member_key, parse_card
from coterie.core.transfer.vcard.values import split_line
from coterie.core.transfer.vcard.writing import Version
from coterie.providers.carddav.groups import GroupCard, fresh_uid

FIELDS: Final = frozenset(ATTRIBUTES) - {"favorite"}
"""What a card can say. There is no favorite in vCard that other programs would understand: the star stays ours."""
_UID: Final = "UID"
_OF_THE_CARD: Final = frozenset({"UID", "REV", "PRODID", "VERSION", "CREATED", "X-ABLABEL", "X-ABADR"})
"""What belongs to a card, or to one of its lines, and not to the contact."""
_ONCE: Final = frozenset(
    {"FN", "N", "BDAY", "PHOTO", "LOGO", "KIND", "GENDER", "ANNIVERSARY", "SORT-STRING", "CLASS", "MAILER", "TZ", "GEO"}
)
"""What a card has at most once (RFC 6350; RFC 2426); servers and programs show the first picture alone."""


class NotACard(ValueError):
    """What the server sent cannot be understood as a card; the text is the reason, a sentence."""


@dataclass(frozen=True, slots=True)
class CardText:
    """A card as the server has it."""

    href: str
    etag: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadCard:
    """A card, understood.

    Attributes:
        card: its text.
        uid: the key of its UID.
        group: the group that it stands for; None for a contact.
        draft: the contact in the making.
    """

    card: CardText
    uid: str
    group: GroupCard | None
    draft: Draft

    def remote(self, groups: Iterable[str]) -> RemoteContact:
        """The contact; `groups` are those that have a card of their own. Raises NotACard if it names nobody."""
        contact = self.draft.contact(groups)
        if not identifies_somebody(contact):
            raise NotACard(NOBODY)
        # The UID is the server's name for the card; it stays in the raw card and is nothing for the user to edit.
        custom = {heading: value for heading, value in contact.custom.items() if heading != _UID}
        contact = replace(contact, favorite=False, custom=custom)
        return RemoteContact(
            self.card.href, contact, self.card.etag, self.card.text, uid=self.draft.uid, place=place_of(self.card.href)
        )


def place_of(href: str) -> str:
    """The address of the address book of a card, as `AddressBook.url` writes it."""
    return href.rpartition("/")[0] + "/"


def read_card(card: CardText) -> ReadCard:
    """A card, understood. Raises NotACard."""
    draft = _draft(card.text)
    if draft is None:
        raise NotACard("The server sent something that is not a vCard.")
    group = None
    if draft.is_group:
        group = GroupCard(draft.contact().name, frozenset(map(member_key, draft.members)))
    return ReadCard(card, member_key(draft.uid), group, draft)


def uid_of(text: str) -> str:
    """The UID in a card, as the card writes it; empty if it has none."""
    draft = _draft(text)
    return draft.uid if draft else ""


def categories_of(text: str) -> tuple[str, ...]:
    """The groups that a card itself names, in its CATEGORIES."""
    draft = _draft(text)
    return draft.contact().groups if draft else ()


def _draft(text: str) -> Draft | None:
    lines = lines_of(text)
    return None if lines is None else read_lines(unfold(lines))


def new_card(contact: Contact, version: Version) -> tuple[str, str]:
    """A card for a contact that the server does not have, with a UID of its own: (the text, the UID)."""
    uid = fresh_uid()
    custom = {heading: value for heading, value in contact.custom.items() if heading != _UID}
    return write_card(replace(contact, custom={_UID: uid, **custom}, favorite=False), version), uid


def card_again(contact: Contact, raw: str, version: Version) -> tuple[str, str]:
    """A card that was there before, with `contact` and all else that it held: (the text, the UID)."""
    uid = uid_of(raw)
    return (changed_card(contact, FIELDS, raw, version), uid) if uid else new_card(contact, version)


def with_lines_of(text: str, others: Iterable[str], custom: Mapping[str, str]) -> str:
    """A card with those lines of other cards that no field of ours shows: pictures, keys, what we do not know.

    What only a custom field shows comes as the line that it is there, if `custom` has it.
    """
    if (lines := lines_of(text)) is None:
        return text
    card = PresentCard(lines, "3.0")
    wanted = custom.items() - (parse_card(text).custom.items())
    present = {_bare(block) for block in card.blocks}
    names = {block.head.name for block in card.blocks}
    added: list[str] = []
    for other in map(lines_of, others):
        for block in PresentCard(other or [], "3.0").properties:
            is_second = block.head.name in _ONCE and block.head.name in names
            if _is_kept(block, wanted) and not is_second and _bare(block) not in present:
                present.add(_bare(block))
                names.add(block.head.name)
                added.append(_bare(block))
    return card.text(added) if added else text


def _bare(block: Property) -> str:
    """A line without the group that ties it to others of its card."""
    line = block.line.partition(".")[2] if block.head.group else block.line
    return line.replace("\n", "\\n")


def _is_kept(block: Property, custom: Collection[tuple[str, str]]) -> bool:
    """Whether no field shows the line, or one of these custom fields alone does."""
    said = block.contact()
    is_empty = not split_line(block.line)[1].strip("; ,")
    if is_empty or block.head.name in _OF_THE_CARD or replace(said, custom={}) != Contact():
        return False
    return all(field in custom for field in said.custom.items())


def changed_card(contact: Contact, fields: Collection[str], present: str, version: Version) -> str:
    """The card `present` with the named fields of `contact`; the very same text if that changes nothing."""
    custom = dict(contact.custom)
    uid = uid_of(present)
    if uid:
        custom[_UID] = uid
    contact = replace(contact, custom=custom, updated_at=computers_clock())
    text = write_card(contact, version, keep=present, fields=set(fields) & FIELDS)
    same = write_card(contact, version, keep=present, fields=())
    return present if text == same else text
