"""Contacts as text that a user changes in an editor, and back.

::

    [12]
    Name: Ada Lovelace
    E-mail: ada@example.org; ada@work.example
    Notes: The first line,
        the second one.

Only what was changed counts: a value that reads as before is not written again, a contact that was taken out stays as
it is, and so does a field whose line was taken out. An empty value clears the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from core.errors import InvalidInput, InvalidValue
from core.fields import FIELDS, FieldSpec
from core.model import Contact
from core.text import printable

EDITABLE: Final = (
    "name", "nickname", "emails", "phones", "company", "department", "job_title", "groups", "favorite", "birthday",
    "urls", "notes",
)  # fmt: skip
"""The fields that are shown, in this order. The parts of a name follow it."""
INTRODUCTION: Final = """\
# Change what you like, then save and close. Several values of a field are separated by semicolons.
# An empty value clears the field. A contact or a line that you take out stays as it is.
# Further lines of a value are indented. Lines that begin with # do not count.
"""
_BY_LABEL: Final = {FIELDS[key].label.casefold(): FIELDS[key] for key in EDITABLE}
_HEADING: Final = re.compile(r"\[\s*(\d+)\s*\]\s*")
_INDENT: Final = "    "


@dataclass(frozen=True, slots=True)
class Edited:
    """A contact before and after."""

    before: Contact
    after: Contact


def to_text(contacts: Iterable[Contact]) -> str:
    """The text of these stored contacts, with an explanation at its head."""
    return "\n".join([INTRODUCTION, *map(_block, contacts)])


def from_text(text: str, contacts: Iterable[Contact]) -> list[Edited]:
    """What `text` changes in `contacts`, of which `to_text` made it; those that stay as they are are left out.

    Raises InvalidInput, which names the line, where the text cannot be understood or a value is not acceptable.
    """
    known = {contact.id: contact for contact in contacts}
    changed: list[Edited] = []
    seen: set[int] = set()
    for contact_id, values in _parse(text):
        contact = known.get(contact_id)
        if contact is None:
            raise InvalidInput(f"[{contact_id}] is none of the contacts that were opened.", "Take it out again.")
        if contact_id in seen:
            raise InvalidInput(f"[{contact_id}] is there twice.", "Take one of them out.")
        seen.add(contact_id)
        after = _written(contact, values)
        if after != contact:
            changed.append(Edited(contact, after))
    return changed


def _block(contact: Contact) -> str:
    lines = [f"[{contact.id}]"]
    lines += [f"{FIELDS[key].label}: {_shown(FIELDS[key], contact)}".rstrip() for key in EDITABLE]
    return "\n".join(lines) + "\n"


def _shown(spec: FieldSpec, contact: Contact) -> str:
    """The value as it stands in the text: nothing in it acts in an editor or looks like another line."""
    first, *others = (printable(line) for line in spec.read(contact).split("\n"))
    return "\n".join([first, *(_INDENT + line for line in others)])


@dataclass(slots=True)
class _Value:
    """The text of a field and the number of the line where it stands."""

    text: str
    line: int


def _parse(text: str) -> Iterator[tuple[int, Mapping[str, _Value]]]:
    """The ids and values that the text holds."""
    contact_id: int | None = None
    values: dict[str, _Value] = {}
    last: _Value | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        heading = _HEADING.fullmatch(line)
        if heading:
            if contact_id is not None:
                yield contact_id, values
            contact_id, values, last = int(heading[1]), {}, None
        elif line.startswith("#"):
            continue
        elif line[:1].isspace() and line.strip() and last is not None:
            last.text += "\n" + line.removeprefix(_INDENT).rstrip()
        elif line.strip():
            last = _field(line, number, values, opened=contact_id is not None)
        elif last is not None:
            last.text += "\n"  # a blank line within a value; at its end it is trimmed
    if contact_id is not None:
        yield contact_id, values


def _field(line: str, number: int, values: dict[str, _Value], *, opened: bool) -> _Value:
    label, colon, text = line.partition(":")
    spec = _BY_LABEL.get(label.strip().casefold())
    if not opened or not colon or spec is None:
        labels = ", ".join(FIELDS[key].label for key in EDITABLE)
        raise InvalidInput(
            f"Line {number} cannot be understood: {line.strip()[:60]}",
            f"Begin it with a field and a colon. The fields are: {labels}.",
        )
    if spec.key in values:
        raise InvalidInput(f"Line {number}: {spec.label} is there twice.", "Write all values on one line.")
    values[spec.key] = _Value(text.strip(), number)
    return values[spec.key]


def _as_parsed(shown: str) -> str:
    """What `_parse` makes of a value that was not touched; blanks at the ends of lines do not count."""
    return "\n".join(line.removeprefix(_INDENT).rstrip() for line in shown.split("\n")).strip()


def _written(contact: Contact, values: Mapping[str, _Value]) -> Contact:
    after = contact
    for key, value in values.items():
        spec = FIELDS[key]
        if value.text.strip() == _as_parsed(_shown(spec, contact)):
            continue
        assert spec.write is not None
        try:
            after = spec.write(after, value.text.strip())
        except InvalidValue as error:
            raise InvalidInput(f"Line {value.line}: {error.title}", error.hint) from error
    if contact.shown_name and not after.shown_name:
        raise InvalidInput(
            f"[{contact.id}] would have neither a name, a company, an e-mail nor a number.", "Leave one."
        )
    return after
