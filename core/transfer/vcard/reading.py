"""Reading vCard 2.1, 3.0 and 4.0, also mixed in one file, as programs really write them.

`read` gives one contact or one reject for each card. What makes a contact: a name, an e-mail address, a phone number, a
company or a postal address. Cards that stand for groups (KIND:group, Apple's X-ADDRESSBOOKSERVER-KIND) are no contacts;
their members get the group. Pictures, sounds and keys are left out and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.model import Contact
from core.text import clean_line, email_key
from core.transfer.reject import Reject
from core.transfer.vcard.cards import Source, split_cards, unfold
from core.transfer.vcard.draft import AGENT, Draft

NOBODY: Final = "The card names nobody: it has no name, e-mail address, phone number, company or postal address."
NOT_BEGUN: Final = "The card does not begin: its line BEGIN:VCARD is missing."


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
        self._groups_of: dict[str, list[str]] = {}
        if self._source.has_groups:
            self._read_groups()
        self._results = self._read()

    def __next__(self) -> Contact | Reject:
        return next(self._results)

    def _read(self) -> Iterator[Contact | Reject]:
        for card in self._source.cards():
            if not card.begun:
                yield Reject(card.row, NOT_BEGUN, card.text)
                continue
            draft = read_lines(unfold(card.lines), self._source.fallback)
            if draft.is_group:
                continue
            for agent in card.agents:
                draft.add_custom(AGENT, read_lines(unfold(agent.lines), self._source.fallback).contact().shown_name)
            self.left_out.update(draft.left_out)
            contact = draft.contact(self._groups_for(draft) if self._groups_of else ())
            if identifies_somebody(contact):
                yield contact
            else:
                yield Reject(card.row, NOBODY, card.text)

    def _read_groups(self) -> None:
        for card in self._source.cards():
            lines = unfold(card.lines)
            if not any("kind" in line[:40].lower() for line in lines):
                continue
            draft = read_lines(lines, self._source.fallback)
            name = draft.contact().name
            if draft.is_group and name:
                self.groups.append(name)
                for member in draft.members:
                    self._groups_of.setdefault(member_key(member), []).append(name)

    def _groups_for(self, draft: Draft) -> list[str]:
        keys = [member_key(draft.uid), *("mailto:" + email_key(address) for _, address in draft.emails)]
        return [name for key in keys for name in self._groups_of.get(key, ())]


def read(source: Path | bytes, encoding: str | None = None) -> Reading:
    """The contacts of a vCard file, and what of it is none.

    Args:
        source: a path, or the bytes themselves.
        encoding: what to decode with; None recognises it.

    Raises:
        UnreadableFile: the file cannot be opened, is empty or holds no vCard, or there is no such encoding.
    """
    return Reading(source, encoding)


def parse_card(text: str) -> Contact:
    """The contact of a single card, such as a CardDAV server sends; an empty contact where the text holds no card."""
    for card in split_cards(text.replace("\r\n", "\n").split("\n")):
        if card.begun:
            return read_lines(unfold(card.lines)).contact()
    return Contact()


def read_lines(lines: list[str], fallback: str = "cp1252") -> Draft:
    """A draft of the contact in the logical lines of a card."""
    draft = Draft()
    for line in lines:
        draft.add(line, fallback)
    return draft


def identifies_somebody(contact: Contact) -> bool:
    """Whether there is anything by which to know who it is."""
    return bool(contact.name or contact.emails or contact.phones or contact.company or contact.addresses)


def member_key(uid: str) -> str:
    """The key by which a group's MEMBER and a card's UID are one."""
    return clean_line(uid).lower().removeprefix("urn:uuid:")
