"""Reading JSON: Coterie's own contacts as they were written, arrays of flat objects as tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, Final

from coterie.core.errors import CoterieError, UnreadableFile
from coterie.core.jsonform import from_json
from coterie.core.limits import CUSTOM, JSON, count
from coterie.core.model import Contact
from coterie.core.transfer.csv.dialect import Dialect
from coterie.core.transfer.csv.encoding import known_encoding, open_text, recognize_encoding
from coterie.core.transfer.csv.layout import Table
from coterie.core.transfer.csv.reading import SAMPLE_ROWS, Attempt, recognition_of
from coterie.core.transfer.csv.recognition import Recognition
from coterie.core.transfer.csv.rows import read_rows
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
_CHUNK: Final = 1 << 18
_GAP: Final = re.compile(r"[\s\x00\x1e\ufeff]*")
_BETWEEN: Final = re.compile(r"[\s,\x00\x1e\ufeff]*")
_START: Final = re.compile(r'[\s\ufeff\x1e]*(?:\{\s*(?:"|\}|$)|\[\s*(?:[\[{"\]]|$))')


@dataclass(frozen=True, slots=True)
class Value:
    """A JSON value: the line in the file where it begins, its text and what it is."""

    line: int
    text: str
    value: Any


def looks_like_json(sample: str) -> bool:
    """Whether a text begins as JSON does, and not as a table with brackets in its first heading."""
    return _START.match(sample) is not None


def values_of(file: IO[str]) -> Iterator[Value]:
    """The members of an array, or the values that follow each other, one after the other, however large the file.

    Raises UnreadableFile, which names the line, if the text is no JSON.
    """
    reading = _Reading(file)
    in_array = reading.skip(_GAP) == "["
    if in_array:
        reading.place += 1
    while (char := reading.skip(_BETWEEN)) and not (in_array and char == "]"):
        yield reading.value()
    if in_array and (not char or (reading.advance() and reading.skip(_BETWEEN))):
        raise reading.error("the array does not end where it should")


class _Reading:
    """A text of which a part is in memory, and the place in it."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._text = ""
        self._line = 1
        self.place = 0
        self._decode = json.JSONDecoder().raw_decode

    def skip(self, gap: re.Pattern[str]) -> str:
        """Pass over `gap`; the character that stands there now, empty at the end."""
        while True:
            match = gap.match(self._text, self.place)
            self.place = match.end() if match else self.place
            if self.place < len(self._text):
                return self._text[self.place]
            if not self._more():
                return ""

    def advance(self) -> bool:
        """Pass over one character."""
        self.place += 1
        return True

    def value(self) -> Value:
        """The value that stands here."""
        while True:
            try:
                value, end = self._decode(self._text, self.place)
            except ValueError as error:
                if not self._more():
                    raise self.error("it is cut or damaged") from error
                continue
            except RecursionError as error:
                raise self.error("it is nested too deeply") from error
            text = self._text[self.place : end]
            line = self._line + self._text.count("\n", 0, self.place)
            self.place = end
            return Value(line, text, value)

    def error(self, why: str) -> UnreadableFile:
        """What is wrong near the place."""
        line = self._line + self._text.count("\n", 0, self.place)
        return UnreadableFile(f"The JSON cannot be read from line {line} on: {why}.", "Export the file again.")

    def _more(self) -> bool:
        self._line += self._text.count("\n", 0, self.place)
        rest = self._text[self.place :]
        if len(rest) > JSON:
            raise self.error(f"one value has more than {count(JSON)} characters")
        more = self._file.read(max(_CHUNK, len(rest)))  # twice as much each time: a large value is not decoded often
        self._text, self.place = rest + more, 0
        return bool(more)


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
) -> JsonContacts | JsonTable:
    """The reader for a JSON file. Raises UnreadableFile if it is damaged or no list of contacts."""
    encoding = known_encoding(encoding) if encoding else recognize_encoding(source)[0]
    with open_text(source, encoding) as file:
        first = next(values_of(file), None)
    if first is not None and is_ours(first.value):
        return JsonContacts(source, encoding)
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
