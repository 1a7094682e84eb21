"""Groups that have a card of their own: vCard 4.0's KIND:group, and Apple's X-ADDRESSBOOKSERVER-KIND.

Such a card lists the UIDs of its members, and changing it changes no card of a member. So the cursor remembers who is
in which group, and where the cards with those UIDs are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from coterie.core.text import group_key
from coterie.core.transfer.vcard.cards import lines_of
from coterie.core.transfer.vcard.present import PresentCard, Property
from coterie.core.transfer.vcard.reading import member_key
from coterie.core.transfer.vcard.values import escape, split_line
from coterie.core.transfer.vcard.writing import Version, frame
from coterie.providers.carddav.dav import escape_name

_MEMBER: Final = {"KIND": "MEMBER", "X-ADDRESSBOOKSERVER-KIND": "X-ADDRESSBOOKSERVER-MEMBER"}


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A group's name, and the keys of its members' UIDs (`member_key`)."""

    name: str
    members: frozenset[str]


@dataclass(slots=True)
class Groups:
    """The group cards of one address book.

    Attributes:
        cards: address -> group.
        places: UID -> address of the cards whose address does not tell their UID; None if nobody has looked, as
            there were no group cards.
    """

    cards: dict[str, GroupCard] = field(default_factory=dict)
    places: dict[str, str] | None = field(default_factory=dict)

    def names(self, uid: str) -> list[str]:
        """The groups that the card with that UID is in."""
        return [group.name for group in self.cards.values() if uid in group.members] if uid else []

    def put(self, href: str, group: GroupCard | None) -> frozenset[str]:
        """Take in a group as it is now, None if its card is gone; the UIDs of the contacts that this changes."""
        before = self.cards.pop(href, None)
        if group is not None:
            self.cards[href] = group
        was, now = (state.members if state else frozenset() for state in (before, group))
        renamed = before is not None and group is not None and before.name != group.name
        return was | now if renamed else was ^ now

    def saw(self, uid: str, href: str) -> None:
        """Remember where the card with that UID is."""
        if self.places is not None and uid and not _tells(href, uid):
            self.places[uid] = href

    def forget(self, hrefs: Iterable[str]) -> None:
        """The cards at these addresses are gone."""
        gone = set(hrefs)
        if self.places and gone:
            self.places = {uid: href for uid, href in self.places.items() if href not in gone}

    def place(self, uid: str, book: str) -> str:
        """Where the card with that UID is, or would be."""
        return (self.places or {}).get(uid) or f"{book}{escape_name(uid)}.vcf"

    def find(self, name: str) -> str | None:
        """The address of the group called `name`, however it is spelled."""
        key = group_key(name)
        return next((href for href, group in self.cards.items() if group_key(group.name) == key), None)

    def to_json(self) -> dict[str, Any]:
        """For the cursor."""
        cards = {href: [group.name, sorted(group.members)] for href, group in self.cards.items()}
        return {"groups": cards, "places": self.places if cards else None}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Groups:
        """From the cursor. Raises KeyError, TypeError or ValueError if it is none of ours."""
        cards = {href: GroupCard(name, frozenset(members)) for href, (name, members) in values["groups"].items()}
        places = values["places"]
        return cls(cards, None if places is None else dict(places))


def _tells(href: str, uid: str) -> bool:
    """Whether the address of a card is its UID; `member_key` writes UIDs small, so an address must be small too."""
    return href.rpartition("/")[2] == f"{uid}.vcf"


# The cards themselves -------------------------------------------------------------------------------------------------


def new_group(name: str, members: Iterable[str], version: Version, uid: str) -> str:
    """A new group card; in vCard 3.0 with Apple's properties.

    Args:
        name: the group's.
        members: the UIDs of its members, as their cards write them.
        version: of the card.
        uid: the group's own.
    """
    kind, member = ("KIND", "MEMBER") if version == "4.0" else tuple(_MEMBER.items())[1]
    lines = [f"UID:{uid}", f"FN:{escape(name)}", f"N:{escape(name)};;;;", f"{kind}:group"]
    return frame([*lines, *(f"{member}:urn:uuid:{bare_uid(member_uid)}" for member_uid in members)], version)


def with_members(text: str, joining: Iterable[str], leaving: Iterable[str]) -> str:
    """A group card with other members; all else stays. The text itself if nothing changes.

    Args:
        text: the card as the server has it.
        joining, leaving: the UIDs of members, as their cards write them.
    """
    lines = lines_of(text)
    if lines is None:
        return text
    card = PresentCard(lines, "3.0")
    going = set(map(member_key, leaving))
    present: set[str] = set()
    for block in card.blocks:
        if _is_member(block):
            key = member_key(split_line(block.line)[1])
            present.add(key)
            if key in going:
                block.replace([])
    kind = next((block.head.name for block in card.blocks if block.head.name in _MEMBER), "KIND")
    new = [f"{_MEMBER[kind]}:urn:uuid:{bare_uid(uid)}" for uid in joining if member_key(uid) not in present]
    return card.text(new) if new or card.is_changed else text


def _is_member(block: Property) -> bool:
    return block.head.name in _MEMBER.values()


def with_name(text: str, name: str) -> str:
    """A group card with another name; all else stays."""
    lines = lines_of(text)
    if lines is None:
        return text
    card = PresentCard(lines, "3.0")
    named = {"FN": escape(name), "N": f"{escape(name)};;;;"}
    for block in card.blocks:
        if block.head.name in named:
            block.replace([f"{block.head.name}:{named[block.head.name]}"])
    return card.text([])


def bare_uid(uid: str) -> str:
    """A UID without `urn:uuid:` before it."""
    return uid[9:] if uid[:9].lower() == "urn:uuid:" else uid


def fresh_uid() -> str:
    """A UID that nobody else has."""
    return str(uuid4())
