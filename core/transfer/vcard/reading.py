"""Reading vCard 2.1, 3.0 and 4.0, also mixed in one file, as programs really write them.

`read` gives one contact or one reject for each card. What makes a contact: a name, an e-mail address, a phone number, a
company or a postal address. Cards that stand for groups (KIND:group, Apple's X-ADDRESSBOOKSERVER-KIND) are no contacts;
their members get the group, and an address that is a member without a card of its own becomes a contact. Pictures,
sounds and keys are left out and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from coterie.core.fields import FIELDS
from coterie.core.fields.attributes import PLAIN
from coterie.core.limits import ROW, count
from coterie.core.model import Contact, Email
from coterie.core.text import clean_line, email_key, group_key
from coterie.core.transfer.reject import Reject, checked, shortened
from coterie.core.transfer.vcard.cards import Card, Source, lines_of, unfold
from coterie.core.transfer.vcard.collected import MAILTO, ROLE, TIGHT_COMMA, Member
from coterie.core.transfer.vcard.draft import AGENT, Draft, read_lines

NOBODY: Final = "The card is not a contact: it has no name, e-mail address, phone number, company or postal address."
_LOOKED_FOR: Final = ("kind", "addressbookserver-kind", "categories")
_TOO_LARGE: Final = f"The card has more than {count(ROW)} characters."
_SHOWN: Final = 3
_PLACEHOLDERS: Final = PLAIN  # the fields in which people write them
_NAMES: Final = frozenset({"na", "nan", "nil"})  # they are names of people, too
_NAME: Final = re.compile(r"(?:F?N)[;:]", re.IGNORECASE)
NOT_BEGUN: Final = "The card has no beginning: the line BEGIN:VCARD is missing."


class Reading(Iterator["Contact | Reject"]):
    """The contacts and rejects of a file, one after the other.

    Attributes:
        groups: the names of the groups that have a card of their own, empty ones too.
        left_out: how many properties of which name were left out so far (PHOTO, LOGO, SOUND, KEY).
    """

    def __init__(self, source: Path | bytes, encoding: str | None = None) -> None:
        self._source = Source(source, encoding)
        self.left_out: Counter[str] = Counter()
        self.groups: list[str] = []
        self._group_cards: list[_GroupCard] = []
        self._groups_of: dict[str, list[str]] = {}
        self._met: set[str] = set()  # the keys of members that have a card
        self._categories: set[str] = set()
        if self._source.has_groups or self._source.has_escaped_commas:
            self._look_ahead()
        self._results = self._read()

    def __next__(self) -> Contact | Reject:
        return next(self._results)

    def _read(self) -> Iterator[Contact | Reject]:
        for card in self._source.cards():
            if card.begun:
                result = self._read_card(card)
                if result is not None:
                    yield result
            else:
                yield Reject(card.row, NOT_BEGUN, card.text)
        yield from self._without_card()

    def _read_card(self, card: Card) -> Contact | Reject | None:
        """The contact of a card, or why it is none; None if it stands for a group."""
        if card.size > ROW:
            return Reject(card.row, _TOO_LARGE, shortened(card.text))
        lines = unfold(card.lines)
        draft = read_lines(lines, self._source.fallback)
        if draft.is_group or draft.is_list or card.is_list:
            return None
        for agent in card.agents:
            draft.add_custom(AGENT, read_lines(unfold(agent.lines), self._source.fallback).contact().shown_name)
        self.left_out.update(draft.left_out)
        if self._categories and not draft.is_ours:
            draft.split_categories(self._categories)
        contact = draft.contact(self._groups_for(draft) if self._groups_of else ())
        if not draft.is_ours:
            contact = without_placeholders(contact)
        if not contact.name and (meant := read_headings(card.lines)):
            return meant
        return (
            checked(contact, card.row, card.text)
            if identifies_somebody(contact)
            else Reject(card.row, NOBODY, card.text)
        )

    def _look_ahead(self) -> None:
        """Read the cards of groups, and the names of groups that stand alone, before the cards of people."""
        for card in self._source.cards():
            lines = unfold(card.lines)
            if not any(line[:40].lower().lstrip("x-").startswith(_LOOKED_FOR) or "." in line[:40] for line in lines):
                continue
            draft = read_lines(lines, self._source.fallback)
            self._categories.update(group_key(name) for name in draft.categories if not TIGHT_COMMA.search(name))
            name = draft.contact().name if draft.is_group or draft.is_list or card.is_list else ""
            if name:
                self.groups.append(name)
                self._group_cards.append(_GroupCard(card, name, draft.everybody))
                for member in draft.everybody:
                    for key in _keys_of(member):
                        self._groups_of.setdefault(key, []).append(name)
        if not self._source.has_escaped_commas:
            self._categories.clear()

    def _groups_for(self, draft: Draft) -> list[str]:
        keys = [member_key(draft.uid), *(MAILTO + email_key(address) for _, address in draft.emails)]
        self._met.update(key for key in keys if key in self._groups_of)
        return [name for key in keys for name in self._groups_of.get(key, ())]

    def _without_card(self) -> Iterator[Contact | Reject]:
        """The members of groups that have no card: an address is somebody, of others only their group can be told."""
        for member in dict.fromkeys(member for group in self._group_cards for member in group.members):
            keys = _keys_of(member)
            if member.address and self._met.isdisjoint(keys):
                self._met.update(keys)
                names = {name for key in keys for name in self._groups_of[key]}
                yield Contact(
                    name=member.name,
                    emails=(Email(member.address),),
                    groups=tuple(sorted(names, key=str.casefold)),
                )
        for group in self._group_cards:
            missing = [member.name or member.uid for member in group.members if self._met.isdisjoint(_keys_of(member))]
            if missing or not group.members:
                yield Reject(group.card.row, _group_reason(group.name, missing), group.card.text)


@dataclass(frozen=True, slots=True)
class _GroupCard:
    """A card that stands for a group, and who is in it."""

    card: Card
    name: str
    members: list[Member]


def _keys_of(member: Member) -> tuple[str, ...]:
    """The keys under which the card of a member may be met."""
    uid = member_key(member.uid)
    return (uid, MAILTO + email_key(member.address)) if member.address else (uid,)


def _group_reason(name: str, missing: list[str]) -> str:
    if not missing:
        return f"The group “{name}” has no members."
    shown = ", ".join(missing[:_SHOWN]) + (", …" if len(missing) > _SHOWN else "")
    return f"The group “{name}” has members that are not in the file: {shown}."


def read(source: Path | bytes, encoding: str | None = None) -> Reading:
    """The contacts of a vCard file, and what of it is none.

    Args:
        source: a path, or the bytes themselves.
        encoding: what to decode with; None recognizes it.

    Raises:
        UnreadableFile: the file cannot be opened, is empty or holds no vCard, or there is no such encoding.
    """
    return Reading(source, encoding)


def parse_card(text: str) -> Contact:
    """The contact of a single card, such as a CardDAV server sends; an empty contact if the text holds no card."""
    lines = lines_of(text)
    return Contact() if lines is None else read_lines(unfold(lines)).contact()


def read_headings(lines: list[str]) -> Contact | None:
    """The contact in a home-made card whose lines are headings of a table: `First name:Ada`; None for others.

    One with the name that every vCard has (FN or N, be it empty) is none.
    """
    cells: dict[str, str] = {}
    for line in lines:
        heading, colon, cell = line.partition(":")
        if colon and cell.strip():
            cells.setdefault(heading.strip(), cell.strip())
    if not any(" " in heading for heading in cells) or any(_NAME.match(line) for line in lines):
        return None
    # Imported here because hardly any file needs it.
    from coterie.core.transfer.csv.contacts import RowReader
    from coterie.core.transfer.csv.mapping import map_columns

    targets, vocabulary = map_columns(list(cells), [[cell] for cell in cells.values()])
    result = RowReader(list(cells), targets, vocabulary, "").read(list(cells.values()))
    return result if isinstance(result, Contact) and identifies_somebody(result) else None


def without_placeholders(contact: Contact) -> Contact:
    """The contact without what stands for nothing: `N/A` for a title, `-` for a name."""
    from coterie.core.transfer.csv.values import is_nothing

    empty: dict[str, Any] = {key: "" for key in _PLACEHOLDERS if is_nothing(getattr(contact, key))}
    if is_nothing(contact.name) and contact.name.casefold() not in _NAMES:
        empty["name"] = ""
    if any(is_nothing(phone.number) for phone in contact.phones):
        empty["phones"] = tuple(phone for phone in contact.phones if not is_nothing(phone.number))
    if contact.urls and any(is_nothing(url.url) for url in contact.urls):
        empty["urls"] = tuple(url for url in contact.urls if not is_nothing(url.url))
    text = contact.custom.get(FIELDS["emails"].label, "")
    if text and all(map(is_nothing, text.split("\n"))):
        empty["custom"] = {heading: value for heading, value in contact.custom.items() if value != text}
    if empty.get("job_title") == "" and (role := contact.custom.get(ROLE)) and "\n" not in role:
        empty["job_title"] = role
        empty["custom"] = {key: value for key, value in empty.get("custom", contact.custom).items() if key != ROLE}
    return replace(contact, **empty) if empty else contact


def identifies_somebody(contact: Contact) -> bool:
    """Whether it has anything that tells who it is."""
    return bool(contact.name or contact.emails or contact.phones or contact.company or contact.addresses)


def member_key(uid: str) -> str:
    """The key by which a group's MEMBER and a card's UID are one."""
    return clean_line(uid).lower().removeprefix("urn:uuid:")
