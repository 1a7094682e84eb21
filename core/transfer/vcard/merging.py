"""Writing a contact into the card that a server has: only what changed is replaced, all else stays as it stands there.

Properties that we do not know, pictures, the UID, parameters and the order of lines survive; so does, character by
character, a property whose value is still the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from coterie.core.model import Contact
from coterie.core.text import email_key
from coterie.core.transfer.vcard.cards import split_cards, unfold
from coterie.core.transfer.vcard.draft import UID, Draft
from coterie.core.transfer.vcard.headings import IGNORED, LEFT_OUT
from coterie.core.transfer.vcard.values import Head, decode, escape, split_line
from coterie.core.transfer.vcard.writing import (
    WRITERS,
    Lines,
    Version,
    frame,
    write_address,
    write_custom_value,
    write_email,
    write_lines,
    write_phone,
    write_revision,
    write_url,
)
from coterie.core.transfer.wellknown import values_of

_SATELLITES: Final = frozenset({"X-ABLABEL", "X-ABADR"})  # they belong to the other property of their group
_OWNER: Final = {name: name for name in WRITERS} | {"LABEL": "ADR", "X-FAVORITE": "CATEGORIES", "KIND": "N"}
_MANY: Final[dict[str, tuple[str, Callable[[Any, Lines], None]]]] = {
    "EMAIL": ("emails", write_email),
    "TEL": ("phones", write_phone),
    "ADR": ("addresses", write_address),
    "URL": ("urls", write_url),
}
_SINGLE: Final[dict[str, tuple[str, ...]]] = {
    "FN": ("name",),
    "N": ("family_name", "given_name", "additional_names", "prefix", "suffix"),
    "NICKNAME": ("nickname",),
    "ORG": ("company", "department"),
    "TITLE": ("job_title",),
    "BDAY": ("birthday",),
    "NOTE": ("notes",),
    "CATEGORIES": ("groups", "favorite"),
}
_NUMBER: Final = re.compile(r"ITEM(\d+)", re.IGNORECASE)


@dataclass(slots=True)
class _Property:
    """A logical line of the present card, with the lines that its group ties to it."""

    line: str
    head: Head
    satellites: list[str]

    def contact(self) -> Contact:
        return _draft([self.line, *self.satellites]).contact()

    def custom(self) -> dict[str, str]:
        return _draft([self.line, *self.satellites]).custom()


def write_card(
    contact: Contact, version: Version = "4.0", keep: str = "", fields: Collection[str] | None = None
) -> str:
    """The contact as a vCard.

    Args:
        version: what a new card is written in; a card that is kept stays in its own, if that is 3.0 or 4.0.
        keep: the card as the server has it; nothing for a new one.
        fields: the attributes of Contact that replace what `keep` says; None for all.
    """
    lines = _lines_of(keep)
    if lines is None:
        return frame(write_lines(contact, version), version)
    present = _draft(lines).contact()
    if fields is not None:
        chosen: dict[str, Any] = {key: getattr(contact, key) for key in fields}
        contact = replace(present, **chosen)
    return _Merge(contact, present, lines, version).card()


def _lines_of(card: str) -> list[str] | None:
    for found in split_cards(card.replace("\r\n", "\n").split("\n")):
        if found.begun:
            return unfold(found.lines)
    return None


def _draft(lines: Iterable[str]) -> Draft:
    draft = Draft()
    for line in lines:
        draft.add(line)
    return draft


class _Merge:
    def __init__(self, contact: Contact, present: Contact, lines: list[str], version: Version) -> None:
        self.contact = contact
        self.present = present
        self.properties = _properties(lines)
        for known in self.properties:
            if known.head.name == "VERSION" and known.line.rpartition(":")[2].strip() in {"3.0", "4.0"}:
                version = "4.0" if known.line.rpartition(":")[2].strip() == "4.0" else "3.0"
        self._role_is_title = all(one.head.name != "TITLE" for one in self.properties)
        numbers = [int(match[1]) for line in lines if (match := _NUMBER.match(line))]
        self.lines = Lines(version, max(numbers, default=0) + 1)

    def card(self) -> str:
        written: set[str] = set()
        for known in self.properties:
            name = known.head.name
            owner = self._owner(known)
            if owner is None:
                if name in {"VERSION", "REV"}:
                    continue
                if self._stays(known):
                    self._copy(known)
                elif (heading := self._heading(known)) not in written:
                    written.add(heading)
                    self._write_values(heading)
            elif owner not in written:
                written.add(owner)
                self._write(owner)
        for name in WRITERS:
            if name not in written:
                self._write(name)
        self._write_new_custom()
        write_revision(self.contact, self.lines)
        return frame(self.lines.lines, self.lines.version)

    def _owner(self, known: _Property) -> str | None:
        """The property with which this one is written; a role that stands for the job title is one."""
        if known.head.name == "ROLE" and self._role_is_title and not known.head.group:
            return "TITLE"
        return _OWNER.get(known.head.name)

    def _write(self, name: str) -> None:
        known = [one for one in self.properties if self._owner(one) == name]
        if name in _MANY:
            self._write_many(name, known)
        elif known and self._unchanged(name, known):
            for one in known:
                self._copy(one)
        else:
            WRITERS[name](self.contact, self.lines)

    def _unchanged(self, name: str, known: list[_Property]) -> bool:
        if name in {"FN", "N"} and (not self.contact.name or any("DERIVED" in one.head.parameters for one in known)):
            return False
        keys = _SINGLE[name]
        if name == "N" and not any(getattr(self.contact, key) for key in keys):
            keys = (*keys, "name", "company")  # from which a name without parts is derived
        return all(getattr(self.contact, key) == getattr(self.present, key) for key in keys)

    def _write_many(self, name: str, known: list[_Property]) -> None:
        attribute, write = _MANY[name]
        at_present: dict[object, _Property] = {}
        for one in known:
            for value in getattr(one.contact(), attribute):
                at_present.setdefault(self._as_present(value), one)
        copied: set[int] = set()
        for value in getattr(self.contact, attribute):
            line = at_present.get(value)
            if line is None:
                write(value, self.lines)
            elif id(line) not in copied:
                copied.add(id(line))
                self._copy(line)

    def _as_present(self, value: Any) -> object:
        """The e-mail with the mark that it has beside the others; other values are the same alone."""
        for email in self.present.emails:
            if email_key(email.address) == email_key(getattr(value, "address", "")):
                return replace(value, primary=email.primary)
        return value

    def _stays(self, known: _Property) -> bool:
        """Whether a property without a field of its own stays as it is: not if its custom field is another now."""
        heading = self._heading(known)
        return not heading or self.contact.custom.get(heading) == self.present.custom.get(heading)

    def _heading(self, known: _Property) -> str:
        """The custom field that the property makes; empty where it makes none that a contact could change."""
        if known.head.name in IGNORED | LEFT_OUT | {"UID"}:
            return ""
        return next(iter(known.custom()), "")

    def _write_values(self, heading: str) -> None:
        """A changed custom field: its values in their order, each as it stands in the card where it stands there."""
        text = self.contact.custom.get(heading, "")
        known = {one.custom()[heading]: one for one in self.properties if self._heading(one) == heading}
        for value in [text] if text in known else values_of(text) if text else ():
            if value in known:
                self._copy(known[value])
            else:
                write_custom_value(heading, value, self.lines, alone=not self.contact.job_title)

    def _write_new_custom(self) -> None:
        there = _draft(self.lines.lines).contact().custom
        for heading, text in self.contact.custom.items():
            if there.get(heading) == text or (heading == UID and UID in there):
                continue
            present = there.get(heading, "").split("\n")
            for value in values_of(text):
                if value not in present:
                    write_custom_value(heading, value, self.lines, alone=not self.contact.job_title)

    def _copy(self, known: _Property) -> None:
        self.lines.lines += [_as_line(line) for line in (known.line, *known.satellites)]


def _properties(lines: list[str]) -> list[_Property]:
    properties: list[_Property] = []
    by_group: dict[str, _Property] = {}
    loose: list[tuple[str, str]] = []
    for line in lines:
        head, _ = split_line(line)
        if head.name in _SATELLITES and head.group:
            loose.append((head.group, line))
            continue
        found = _Property(line, head, [])
        properties.append(found)
        if head.group:
            by_group.setdefault(head.group, found)
    for group, line in loose:
        if group in by_group:
            by_group[group].satellites.append(line)
    return properties


def _as_line(line: str) -> str:
    """A logical line of the present card as it is valid in vCard 3.0 and 4.0."""
    head, raw = split_line(line)
    if head.quoted_printable:
        group = f"{head.group}." if head.group else ""
        return f"{group}{head.name}:{escape(decode(head, raw, 'cp1252'))}"
    return line.replace("\n", "" if head.binary else "\\n")
