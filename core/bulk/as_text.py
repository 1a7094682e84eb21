"""Contacts as text for the user's own editor, and back.

One block for each contact, one line for each value::

    == 12 ==
    name: Ada Lovelace
    email* [work]: ada@example.org
    phone [home]: +44 20 7946 0958
    group: Friends
    notes: Met in London.
         | Likes tea.
    address [home]:
      street: 1 High St
      city: London
    relation [spouse]: William King
    custom [Shoe size]: 38

What is compared is the text before and after, so what was not touched stays exactly as it is stored. A line that goes
is a value that goes; a block that goes leaves its contact alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Final

from coterie.core.bulk.action import BulkAction
from coterie.core.changes import CONTACTS, Change, Edit, Plan
from coterie.core.errors import InvalidInput, InvalidValue
from coterie.core.fields import FIELDS, NAMED, NOTED
from coterie.core.fields.differences import changed_values
from coterie.core.fields.name_parts import NAME_PARTS
from coterie.core.fields.values import with_value, with_values
from coterie.core.labelled import HEADINGS, Labelled, others, with_others
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.text import clean_address, clean_line, clean_lines, is_email, number_of, printable, printable_lines
from coterie.core.wellknown import is_date

_LISTS: Final = {
    "emails": "email", "phones": "phone", "groups": "group", "addresses": "address", "urls": "url", "custom": "custom",
    **{key: NAMED[key].word for key in HEADINGS},
}  # fmt: skip
_ALWAYS: Final = ("name", "emails", "phones", "company", "job_title", "groups", "favorite")
"""Fields that have a line even when they are empty, to be filled in."""
_FIRST: Final = (
    "name", *NAME_PARTS, "nickname", "emails", "phones", "company", "department", "job_title", "groups", "favorite",
    "birthday",
)  # fmt: skip
_LAST: Final = (*HEADINGS, "addresses", "urls", "custom", "notes")
_OTHERS: Final = (key for key in FIELDS if key not in {*_FIRST, *_LAST, *NOTED})
_SHOWN: Final = {key: _LISTS.get(key, key) for key in (*_FIRST, *_OTHERS, *_LAST)}
_KEYS: Final = {name: spec.key for name, spec in NAMED.items()} | {shown: key for key, shown in _SHOWN.items()}
_PARTS: Final = {part.name.replace("_", " "): part.name for part in fields(Address) if part.name != "label"}
_TEXTS: Final = {"emails": "address", "phones": "number", "urls": "url"}
_HEADER: Final = re.compile(r"==\s*([0-9]+)\b.*")
_LINE: Final = re.compile(r"(\w[\w -]*?)\s*(\*)?\s*(?:\[((?:\\.|[^\]\\])*)\])?\s*:(.*)")
_MORE: Final = re.compile(r"\s*\|[ ]?(.*)")
_INTRODUCTION: Final = """\
# Edit, save and close: you will see what changes before it is changed.
# Delete a line to delete its value. Delete a block to leave its contact as it is; no contact is deleted here.
# Each value has a line of its own, with its label: phone [home]: …   email* is the preferred address.
# If a value has more lines, they begin with |.
"""
_MORE_FIELDS: Final = "# There are more fields:\n# {others}.\n"


class InvalidText(InvalidInput):
    """The edited text cannot be read.

    Attributes:
        problems: (line, what is wrong there), in the order of the lines; the first line is 1.
    """

    def __init__(self, problems: Iterable[tuple[int, str]]) -> None:
        self.problems = tuple(sorted(problems))
        line, title = self.problems[0]
        more = len(self.problems) - 1
        also = f" {more} more {'line is' if more == 1 else 'lines are'} wrong too." if more else ""
        super().__init__(f"Line {line}: {title}{also}", "Edit the text again, or leave it as it was.")


@dataclass(frozen=True, slots=True)
class AsEdited(BulkAction):
    """Each contact becomes what the text says of it; `edits` are those of `from_text`."""

    id: ClassVar[str] = "as-text"
    label: ClassVar[str] = "Edit as text"
    edits: Sequence[Edit]
    _values: Mapping[int, Mapping[str, object]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_values", {edit.contact_id: edit.values for edit in self.edits})

    @property
    def done(self) -> str:
        """“Changed ….”"""
        return f"Changed {CONTACTS}."

    def apply(self, contact: Contact) -> Contact:
        """The contact as the text says."""
        return with_values(contact, self._values.get(contact.id or 0, {}))


@dataclass(slots=True)
class _Value:
    """One value as it stands in the text."""

    line: int
    label: str
    is_preferred: bool
    text: str
    parts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Block:
    """One contact as it stands in the text: its values by their field."""

    contact_id: int
    line: int
    values: dict[str, list[_Value]] = field(default_factory=dict)


# Writing -------------------------------------------------------------------------------------------------------------


def to_text(contacts: Iterable[Contact], keys: Collection[str] | None = None) -> str:
    """The text of these contacts.

    Args:
        keys: the fields that are in it (those of `core.fields.FIELDS`); None for all.
    """
    others = ", ".join(shown for key, shown in _SHOWN.items() if key not in _ALWAYS)
    introduction = _INTRODUCTION + (_MORE_FIELDS.format(others=others) if keys is None else "")
    return introduction + "".join(f"\n{_block(contact, keys)}" for contact in contacts)


def editable(keys: Iterable[str]) -> tuple[str, ...]:
    """Those of these fields that can stand in a text."""
    return tuple(key for key in keys if key in _SHOWN)


def line_of(text: str, contact_id: int) -> int:
    """The line of `text` at which a contact begins, from 1; 1 if it is not in it."""
    start = text.find(f"\n== {contact_id} ==\n")
    return text.count("\n", 0, start + 1) + 1 if start >= 0 else 1


def _block(contact: Contact, keys: Collection[str] | None) -> str:
    lines = [f"== {contact.id} =="]
    for key, shown in _SHOWN.items():
        if keys is not None and key not in keys:
            continue
        before = len(lines)
        lines += _lines(contact, key, shown)
        if len(lines) == before and (key in _ALWAYS or keys is not None):
            lines.append(f"{shown}:")
    return "\n".join(lines) + "\n"


def _lines(contact: Contact, key: str, shown: str) -> Iterator[str]:
    value = getattr(contact, key)
    match key:
        case "emails" | "phones" | "urls":
            for item in value:
                star = "*" if getattr(item, "primary", False) else ""
                yield _line(f"{shown}{star}", item.label, getattr(item, _TEXTS[key]))
        case "groups":
            yield from (_line(shown, "", name) for name in value)
        case "custom":
            yield from (_line(shown, heading, text) for heading, text in others(value).items())
        case "relations" | "events" | "ims":
            yield from (_line(shown, item.label, item.value) for item in value)
        case "addresses":
            for address in value:
                yield _line(shown, address.label, "")
                for name, part in _PARTS.items():
                    if text := getattr(address, part):
                        yield _line(f"  {name}", "", text)
        case "favorite":
            yield _line(shown, "", "yes" if value else "no")
        case _ if value:
            yield _line(shown, "", value)


def _line(name: str, label: str, text: str) -> str:
    escaped = printable(label).replace("\\", "\\\\").replace("]", "\\]")
    start = f"{name} [{escaped}]:" if label else f"{name}:"
    first, *more = printable_lines(text).split("\n")  # nothing in it acts in an editor or on a terminal
    margin = " " * max(0, len(name) - 1)
    return "\n".join([f"{start} {first}".rstrip(), *(f"{margin} | {line}".rstrip() for line in more)])


# Reading -------------------------------------------------------------------------------------------------------------


def from_text(text: str, contacts: Iterable[Contact], keys: Collection[str] | None = None) -> Plan:
    """What the edited text changes in the contacts that `to_text` was given, with the same `keys`. Raises InvalidText.

    A field that was not in the text stays as it is: one that somebody adds there is refused.
    """
    by_id = {contact.id: contact for contact in contacts}
    problems: list[tuple[int, str]] = []
    changes: list[Change] = []
    seen: set[int] = set()
    for block in _read(text, problems):
        contact = by_id.get(block.contact_id)
        if contact is None:
            problems.append((block.line, f"Contact {block.contact_id} was not in this text."))
        elif block.contact_id in seen:
            problems.append((block.line, f"Contact {block.contact_id} is here twice."))
        else:
            after = _edited(contact, block, keys, problems)
            if values := changed_values(contact, after):
                changes.append(Edit(block.contact_id, values, contact.version))
        seen.add(block.contact_id)
    if problems:
        raise InvalidText(problems)
    return Plan("edit", f"Edit {number_of(len(changes))} as text", tuple(changes), f"Changed {CONTACTS}.")


def _read(text: str, problems: list[tuple[int, str]]) -> list[_Block]:
    """The blocks of a text, with every line that cannot be read in `problems`."""
    blocks: list[_Block] = []
    last: tuple[_Value, str] | None = None  # the value, or the part of an address, that a | goes on with
    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        line = raw.rstrip("\r")
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if more := _MORE.fullmatch(line):
            if last is None:
                problems.append((number, "There is no value above that this line could continue."))
            else:
                _go_on(*last, more[1])
            continue
        last = None
        if header := _HEADER.fullmatch(line):
            blocks.append(_Block(int(header[1]), number))
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            problems.append((number, "This is not of the form “field: value”."))
        elif not blocks:
            problems.append((number, "This belongs to no contact: a contact begins with == and its id."))
        else:
            last = _take(blocks[-1], match, number, line[0].isspace(), problems)
    return blocks


def _go_on(value: _Value, part: str, text: str) -> None:
    if part:
        value.parts[part] += f"\n{text}"
    else:
        value.text += f"\n{text}"


def _take(
    block: _Block, match: re.Match[str], number: int, is_indented: bool, problems: list[tuple[int, str]]
) -> tuple[_Value, str] | None:
    """Add what a line says to its block."""
    name = match[1].strip().lower()
    if is_indented and name in _PARTS and block.values.get("addresses"):
        address = block.values["addresses"][-1]
        address.parts[_PARTS[name]] = match[4].strip()
        return address, _PARTS[name]
    key = _KEYS.get(name.replace(" ", "_").replace("-", "_"))
    if key not in _SHOWN:
        reason = f"{FIELDS[key].label} cannot be changed." if key else f"There is no field “{match[1].strip()}”."
        problems.append((number, reason))
        return None
    if key not in _LISTS and key in block.values:
        problems.append((number, f"“{_SHOWN[key]}” is here twice."))
        return None
    label = re.sub(r"\\(.)", r"\1", match[3] or "")
    value = _Value(number, clean_line(label), match[2] is not None, match[4].strip())
    block.values.setdefault(key, []).append(value)
    return value, ""


def _edited(contact: Contact, block: _Block, keys: Collection[str] | None, problems: list[tuple[int, str]]) -> Contact:
    """The contact with those fields changed whose text differs from what `to_text` wrote."""
    before = _read(_block(contact, keys), [])[0]
    changed: dict[str, Any] = {}
    for key in _SHOWN:
        if keys is not None and key not in keys:
            problems += [(value.line, f"“{_SHOWN[key]}” is not among the fields of this text.")
                         for value in block.values.get(key, ())]  # fmt: skip
            continue
        was = _typed(key, before.values.get(key, []), [])
        now = _typed(key, block.values.get(key, []), problems)
        if now != was and not (key == "favorite" and key not in block.values):
            changed[key] = now
    stored = {email.address for email in contact.emails}
    kept = {event.value for event in contact.events}
    problems += [
        (value.line, f"“{value.text}” is not a date; write it like 2001-05-20, or --05-20 without a year.")
        for value in block.values.get("events", [])
        if value.text and value.text not in kept and not is_date(value.text)
    ]
    problems += [
        (value.line, f"“{address}” is not an e-mail address.")
        for value in block.values.get("emails", [])
        if (address := clean_address(value.text)) and not is_email(address) and address not in stored
    ]
    after = _written(contact, changed, block, problems)
    if contact.shown_name and not after.shown_name:
        problems.append((block.line, "It needs a name, a company, an e-mail address or a phone number."))
    return after


def _written(contact: Contact, changed: Mapping[str, Any], block: _Block, problems: list[tuple[int, str]]) -> Contact:
    """A name and its parts follow each other, unless both were changed; no part's going takes the name away."""
    after = contact
    both = "name" in changed and not changed.keys().isdisjoint(NAME_PARTS)
    for key, typed in changed.items():
        write = FIELDS[key].write
        value: Any = with_others(after.custom, typed) if key == "custom" else typed
        if key in _LISTS or write is None or (both and key in ("name", *NAME_PARTS)):
            after = with_value(after, key, value)
            continue
        try:
            after = write(after, value)
        except InvalidValue as reason:
            problems.append((block.values[key][0].line, reason.title))
    return after if after.name or "name" in changed else replace(after, name=contact.name)


def _typed(key: str, values: list[_Value], problems: list[tuple[int, str]]) -> Any:
    """The values of a field as Contact keeps them; single ones as text."""
    if key not in _LISTS:
        text = values[0].text if values else ""
        return clean_lines(text) if FIELDS[key].lines else clean_line(text)
    if key == "addresses":
        parts = [replace(Address(label=value.label), **_cleaned(value.parts)) for value in values]
        problems += [(value.line, "An address needs parts: indented lines like “city: London”.") for value in values
                     if value.text and not value.parts]  # fmt: skip
        return tuple(address for address in parts if address != Address(label=address.label))
    filled = [value for value in values if clean_line(value.text)]
    if key == "custom":
        return _custom(filled, problems)
    if key == "emails":
        return tuple(Email(clean_address(value.text), value.label, value.is_preferred) for value in filled)
    if key == "groups":
        return tuple(clean_line(value.text) for value in filled)
    if key in HEADINGS:
        return tuple(Labelled(clean_lines(value.text), value.label) for value in filled)
    make = Phone if key == "phones" else Url
    return tuple(make(clean_line(value.text), value.label) for value in filled)


def _cleaned(parts: Mapping[str, str]) -> dict[str, str]:
    return {part: clean_lines(text) for part, text in parts.items()}


def _custom(values: Iterable[_Value], problems: list[tuple[int, str]]) -> dict[str, str]:
    custom: dict[str, str] = {}
    for value in values:
        if not value.label:
            problems.append((value.line, "A custom field needs a name: custom [Shoe size]: 38."))
        elif value.label in custom:
            problems.append((value.line, f"The custom field “{value.label}” is here twice."))
        else:
            custom[value.label] = clean_lines(value.text)
    return custom
