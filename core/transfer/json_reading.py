"""Reading JSON: Coterie's own contacts as they were written, jCards as vCards, arrays of flat objects as tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from coterie.core.errors import CoterieError, UnreadableFile
from coterie.core.jsonform import from_json
from coterie.core.limits import CUSTOM
from coterie.core.model import Contact
from coterie.core.transfer.csv.dialect import Dialect
from coterie.core.transfer.csv.encoding import known_encoding, open_text, recognize_encoding
from coterie.core.transfer.csv.layout import Table
from coterie.core.transfer.csv.reading import SAMPLE_ROWS, Attempt, recognition_of
from coterie.core.transfer.csv.recognition import Recognition
from coterie.core.transfer.csv.rows import read_rows
from coterie.core.transfer.json_values import Value, values_of
from coterie.core.transfer.other_cards import JCARD, OtherCards, holds_jcard
from coterie.core.transfer.reject import Reject, checked

OURS: Final = "Coterie (JSON)"
_NOBODY: Final = "The object is not a contact: it has no name, e-mail address, phone number or company."
_OTHER: Final = "The JSON in this file is not a list of contacts."
_FORMS: Final = "Coterie reads its own JSON and arrays of flat objects, such as [{“name”: …, “email”: …}]."
# The members of an object that is one value with its label, in the interfaces of Google, Microsoft and others.
_MAIN: Final = ("value", "address", "number", "email", "phone", "url")
_LABELS: Final = ("type", "label")
_UNSAID: Final = frozenset({"metadata", "formattedType"})
_PEOPLE: Final = re.compile("contact|people|person|friend|member|address|connections", re.IGNORECASE)
_START: Final = re.compile(r'[\s\ufeff\x1e]*(?:\{\s*(?:"|\}|$)|\[\s*(?:[\[{"\]]|$))')


def looks_like_json(sample: str) -> bool:
    """Whether a text begins as JSON does, and not as a table with brackets in its first heading."""
    return _START.match(sample) is not None


def is_ours(value: object) -> bool:
    """Whether a JSON value is a contact as `core.jsonform` writes it, or as somebody writes it by hand."""
    if not isinstance(value, dict):
        return False
    lists = [value.get("emails"), value.get("phones"), value.get("addresses"), value.get("urls")]
    entries = [entry for values in lists if isinstance(values, list) for entry in values]
    ours = all(isinstance(entry, dict) and not entry.keys().isdisjoint(("address", "number", "url", "street", "city"))
               for entry in entries)  # fmt: skip
    return ours and (bool(entries) or {"emails", "phones", "custom"} <= value.keys())


class JsonContacts:
    """Coterie's own JSON: one contact, an array of them, or one after the other."""

    layout = OURS
    recognition = None
    suffix = ".json"

    def __init__(self, source: Path | bytes, encoding: str) -> None:
        self._source, self._encoding = source, encoding

    def read(self) -> Iterator[Contact | Reject]:
        """The contacts, without what belongs to the book that they come from: ids, accounts, the Bin."""
        with open_text(self._source, self._encoding) as file:
            for item in values_of(file):
                try:
                    contact = from_json(item.value)
                except CoterieError as error:
                    yield Reject(item.line, str(error), item.text)
                    continue
                if contact.shown_name or contact.addresses:
                    contact = replace(contact, id=None, sources=(), deleted_at=None, deleted_by=None)
                    yield checked(contact, item.line, item.text)
                else:
                    yield Reject(item.line, _NOBODY, item.text)


class JsonTable:
    """An array of flat objects: their keys are the headings."""

    suffix = ".csv"

    def __init__(self, source: Path | bytes, encoding: str, overrides: Mapping[str, str]) -> None:
        self._source, self._encoding = source, encoding
        keys = self._keys()
        rows = list(islice(self._rows(keys), SAMPLE_ROWS))
        attempt = Attempt(
            (0.0,),
            Dialect(),
            [(line, row) for line, row, _ in rows],
            [Table(1, 0, None, tuple(keys))],
            [],
        )
        recognition: Recognition = recognition_of(attempt, overrides)
        self.recognition = recognition
        self.layout = f"{recognition.layout} (JSON)"

    def read(self) -> Iterator[Contact | Reject]:
        """The contacts, and the objects that hold none."""
        return read_rows(_ObjectRows(self._rows([*self.recognition.tables[0].headings])), self.recognition)

    def _keys(self) -> list[str]:
        keys: dict[str, None] = {}
        for item in self._objects():
            keys.update(dict.fromkeys(item.value))
            if len(keys) > CUSTOM:
                raise UnreadableFile(f"The objects have more than {CUSTOM:,} different keys.", _FORMS)
        return list(keys)

    def _rows(self, keys: Iterable[str]) -> Iterator[tuple[int, list[str], str]]:
        for item in self._objects():
            yield item.line, [_cell(item.value.get(key)) for key in keys], item.text

    def _objects(self) -> Iterator[Value]:
        """Flat objects: those of the array, or of the only array in the object that is the whole file."""
        with open_text(self._source, self._encoding) as file:
            values = values_of(file)
            first = next(values, None)
            if first is None:
                raise UnreadableFile("The file is empty.", "Choose a file with contacts.")
            within = _only_list(first.value)
            items = (Value(first.line, _text(part), part) for part in within) if within else chain([first], values)
            for item in items:
                if not isinstance(item.value, dict):
                    raise UnreadableFile(_OTHER, _FORMS)
                yield replace(item, value=_flat(item.value))


class _ObjectRows(Iterator[list[str]]):
    """Rows of cells with the lines and the texts of their objects."""

    def __init__(self, rows: Iterator[tuple[int, list[str], str]]) -> None:
        self._rows = rows
        self.line = 1
        self.text = ""

    def __next__(self) -> list[str]:
        self.line, row, self.text = next(self._rows)
        return row

    def split_again(self, _width: int) -> None:
        """Values of an object are never separated further."""


def reader_of(
    source: Path | bytes, encoding: str | None = None, overrides: Mapping[str, str] | None = None
) -> JsonContacts | JsonTable | OtherCards:
    """The reader for a JSON file. Raises UnreadableFile if it is damaged or no list of contacts."""
    encoding = known_encoding(encoding) if encoding else recognize_encoding(source)[0]
    with open_text(source, encoding) as file:
        first = next(values_of(file), None)
    if first is not None and is_ours(first.value):
        return JsonContacts(source, encoding)
    if first is not None and holds_jcard(first.value):
        return OtherCards(source, encoding, JCARD)
    return JsonTable(source, encoding, overrides or {})


def _only_list(value: object) -> list[Any]:
    """The list of objects that an object is about: its only one, or the one of people."""
    if not isinstance(value, dict):
        return []
    lists = {key: member for key, member in value.items() if isinstance(member, list) and member}
    candidates = {key: items for key, items in lists.items() if all(isinstance(item, dict) for item in items)}
    if not lists:
        candidates = {key: within for key, member in value.items() if (within := _only_list(member))}
    if len(candidates) > 1 or len(lists) > len(candidates):
        candidates = {key: items for key, items in candidates.items() if _PEOPLE.search(key)}
    return next(iter(candidates.values())) if len(candidates) == 1 else []


def _flat(value: Mapping[str, Any]) -> dict[str, Any]:
    """The object with the members of objects in it as its own: `address.city` is “address city”.

    Of objects in a list each is a value with its label, as programs' interfaces write them:
    `"phones": [{"value": "1", "type": "home"}]` is “phones home”.
    """
    flat: dict[str, Any] = {}
    for key, member in value.items():
        if isinstance(member, dict) and member:
            flat.update({f"{key} {inner}": text for inner, text in member.items()})
        elif isinstance(member, list) and member and all(isinstance(item, dict) for item in member):
            for place, item in enumerate(member):
                _flatten(flat, key, place, item)
        else:
            flat[key] = member
    return flat


def _flatten(flat: dict[str, Any], key: str, place: int, item: Mapping[str, Any]) -> None:
    """Add the object at `place` of the list `key`, without what a service notes of its values (`metadata`)."""
    main = next((name for name in _MAIN if isinstance(item.get(name), str)), "")
    label = next((item[name] for name in _LABELS if isinstance(item.get(name), str)), "") if main else ""
    passed_over = _UNSAID | {main, *_LABELS} if main else _UNSAID
    if main:
        flat.setdefault(f"{key} {label}".strip(), []).append(item[main])
    number = f" {place + 1}" if place else ""
    prefix = "" if key == "names" and not place else f"{key}{number} "
    for name, member in item.items():
        if name not in passed_over:
            flat.setdefault(prefix + name, member)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return "; ".join(map(_cell, value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else _text(value)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
