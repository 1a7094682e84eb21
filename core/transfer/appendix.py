"""What a table of another program has no place for, at the end of the notes: readable there, and read back from there.

    Met at the library.

    More in Coterie:
    Phone (Summer house): 0123 456
    Group: Poets; and others
    Address: Street: 12 Bridge St
      City: London

Each entry is a heading and a text, whose further lines are indented.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from coterie.core.model import Address, Email, Phone, Url
from coterie.core.text import email_key
from coterie.core.wellknown import FULL_NAME

MARK: Final = "More in Coterie:"
"""The line after which the entries stand."""
_KINDS: Final = {"E-mail": "emails", "Phone": "phones", "Web site": "urls", "Address": "addresses"}
BIRTHDAY: Final = "Birthday"
GROUP: Final = "Group"
_TEXTS: Final = {FULL_NAME: "name", BIRTHDAY: "birthday"}
_INDENT: Final = "  "
_ADDRESS: Final = {
    "street": "Street", "extended": "Second line", "po_box": "PO box", "postal_code": "Postal code", "city": "City",
    "region": "Region", "country": "Country",
}  # fmt: skip
_PARTS: Final = {label: key for key, label in _ADDRESS.items()}

Entry = tuple[str, str]


# Writing --------------------------------------------------------------------------------------------------------------


def append(notes: str, entries: Iterable[Entry]) -> str:
    """The notes with the entries behind them."""
    lines = [_text(heading, text) for heading, text in entries]
    if not lines and MARK not in notes.split("\n"):
        return notes
    return "\n".join([*([notes, ""] if notes else []), MARK, *lines])


def value_entry(value: Email | Phone | Url | Address) -> Entry:
    """The entry for one of several values, with its label."""
    label = f" ({value.label.replace(': ', ' ')})" if value.label else ""
    match value:
        case Email():
            return f"E-mail{label}", value.address
        case Phone():
            return f"Phone{label}", value.number
        case Url():
            return f"Web site{label}", value.url
    parts = ((name, text) for key, name in _ADDRESS.items() if (text := getattr(value, key)))
    return f"Address{label}", "\n".join(_text(name, text) for name, text in parts)


def custom_entry(heading: str, text: str) -> Entry:
    """The entry for a custom field; its heading is quoted if it would be taken for something else."""
    plain = _base(heading)[0] not in {*_KINDS, *_TEXTS, GROUP} and ":" not in heading and heading[0] not in '" '
    return (heading if plain else json.dumps(heading, ensure_ascii=False)), text


def _text(heading: str, text: str) -> str:
    return f"{heading}: {text}".replace("\n", f"\n{_INDENT}")


def shown(address: Address) -> Address:
    """The address as a table without columns for these can hold it: the street, its second line and the box in one."""
    street = "\n".join(part for part in (address.street, address.extended, address.po_box) if part)
    return replace(address, street=street, extended="", po_box="")


# Reading --------------------------------------------------------------------------------------------------------------


def take_off(notes: str) -> tuple[str, list[Entry]]:
    """The notes without the entries behind them, and the entries."""
    lines = notes.split("\n")
    if MARK not in lines:
        return notes, []
    place = len(lines) - 1 - lines[::-1].index(MARK)
    return "\n".join(lines[:place]).strip(), _entries(lines[place + 1 :])


def _entries(lines: Iterable[str]) -> list[Entry]:
    entries: list[list[str]] = []
    for line in lines:
        if line.startswith(_INDENT) and entries:
            entries[-1].append(line.removeprefix(_INDENT))
        elif line:
            entries.append([line])
    return [_split("\n".join(entry)) for entry in entries]


def _split(entry: str) -> Entry:
    if entry[0] == '"':
        try:
            heading, end = json.JSONDecoder().raw_decode(entry)
            return json.dumps(heading, ensure_ascii=False), entry[end:].removeprefix(":").strip()
        except ValueError:
            pass
    heading, _, text = entry.partition(": ")
    return heading, text


def join(fields: dict[str, Any], entries: Iterable[Entry]) -> None:
    """Put entries into the attributes of a contact, in place of what the table could only half say.

    Args:
        fields: the attributes that the table gave.
        entries: what `take_off` gave.
    """
    for heading, text in entries:
        kind, label = _base(heading)
        if heading in _TEXTS:
            fields[_TEXTS[heading]] = text
        elif heading == GROUP:
            fields["groups"] = tuple(sorted({*fields.get("groups", ()), text}, key=str.casefold))
        elif kind in _KINDS:
            _join_value(fields, _KINDS[kind], text, label)
        else:
            name = json.loads(heading) if heading[:1] == '"' else heading
            fields["custom"] = {**fields.get("custom", {}), name: text}


def _join_value(fields: dict[str, Any], key: str, text: str, label: str) -> None:
    values: list[Any] = list(fields.get(key, ()))
    make: Mapping[str, Callable[[], Any]] = {
        "emails": lambda: Email(text, label),
        "phones": lambda: Phone(text, label),
        "urls": lambda: Url(text, label),
        "addresses": lambda: Address(**_parts(text), label=label),
    }
    value = make[key]()
    places = [place for place, present in enumerate(values) if _same(present, value)]
    if places:
        values[places[0]] = replace(values[places[0]], label=label) if key != "addresses" else value
    else:
        values.append(value)
    fields[key] = tuple(values)


def _same(present: Any, value: Any) -> bool:
    match value:
        case Email():
            return email_key(present.address) == email_key(value.address)
        case Phone():
            return bool(present.number == value.number)
        case Url():
            return bool(present.url == value.url)
    return bool(replace(present, label="") == replace(shown(value), label=""))


def _parts(text: str) -> dict[str, str]:
    return {_PARTS[name]: value for name, value in _entries(text.split("\n")) if name in _PARTS}


def _base(heading: str) -> Entry:
    """`Phone (home)` as `Phone` and `home`."""
    base, bracket, label = heading.partition(" (")
    return (base, label[:-1]) if bracket and label.endswith(")") else (heading, "")
