"""Cards that say in another form what a vCard says: jCard (RFC 7095), which is JSON, and the MECARD of QR codes.

Each is put into the lines of a vCard 4.0 and read as one, so that all of them mean the same. MECARD is NTT DoCoMo's
(“Creation of Data: Phonebook registration”); its values are escaped with a backslash, as those of a vCard are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from coterie.core.model import Contact
from coterie.core.transfer import vcard
from coterie.core.transfer.csv.encoding import known_encoding, open_text, recognize_encoding
from coterie.core.transfer.json_values import values_of
from coterie.core.transfer.reject import Reject, lines_of
from coterie.core.transfer.vcard.values import escape, parameter

_MECARD: Final = re.compile(r"\s*MECARD:", re.IGNORECASE)
_FIELD: Final = re.compile(r"((?:[^;\\]|\\.)+)(?:;|$)")
_COMMA: Final = re.compile(r"(?<!\\),")
_NAMES: Final = {"MEMO": "NOTE", "TEL-AV": "TEL;TYPE=video", "SOUND": "SOUND;TYPE=X-IRMC-N"}
_ADDRESS: Final = 7
"""Parts of an address, in the order of a vCard's; with fewer commas it is one text."""
_NO_MECARD: Final = "The line is not a MECARD."


@dataclass(frozen=True, slots=True)
class _Card:
    """A card: its line in the file, and the lines of a vCard that say the same."""

    line: int
    lines: list[str]


@dataclass(frozen=True, slots=True)
class OtherCards:
    """The contacts of a file of jCards or MECARDs.

    Args:
        source: a path, or the content itself.
        encoding: the encoding, if the user names it.
        layout: which of the two it is: `jCard` or `MECARD`.
    """

    source: Path | bytes
    encoding: str | None
    layout: str
    recognition: None = None
    suffix: str = ".vcf"

    def read(self) -> Iterator[Contact | Reject]:
        """The contacts, and the cards and lines that are none."""
        encoding = known_encoding(self.encoding) if self.encoding else recognize_encoding(self.source)[0]
        rejects: list[Reject] = []
        starts: dict[int, int] = {}
        lines: list[str] = []
        is_json = self.layout == JCARD
        for card in _jcards(self.source, encoding) if is_json else _mecards(self.source, encoding, rejects):
            starts[len(lines) + 1] = card.line
            lines += "BEGIN:VCARD", "VERSION:4.0", *card.lines, "END:VCARD"
        for result in vcard.read("\r\n".join(lines).encode("utf-8", "replace")) if lines else ():
            yield replace(result, row=starts[result.row]) if isinstance(result, Reject) else result
        yield from rejects


JCARD: Final = "jCard"
MECARD: Final = "MECARD"


def looks_like_mecard(sample: str) -> bool:
    """Whether a text begins with a MECARD."""
    return _MECARD.match(sample.lstrip("\ufeff \r\n")) is not None


def holds_jcard(value: object) -> bool:
    """Whether a JSON value is a jCard, the first word of one, or has one in it, as answers of RDAP have."""
    return value == "vcard" or next(_within(value), None) is not None


# jCard ----------------------------------------------------------------------------------------------------------------


def _jcards(source: Path | bytes, encoding: str) -> Iterator[_Card]:
    with open_text(source, encoding) as file:
        items = values_of(file)
        for item in items:
            value = [item.value, body.value] if item.value == "vcard" and (body := next(items, None)) else item.value
            for properties in _within(value):
                yield _Card(item.line, [line for one in properties if (line := _line_of(one))])


def _within(value: object) -> Iterator[list[Any]]:
    """The lists of properties of the jCards in a JSON value."""
    match value:
        case ["vcard", [*properties], *_]:
            yield properties
        case list():
            for member in value:
                yield from _within(member)
        case dict():
            yield from _within(list(value.values()))


def _line_of(prop: object) -> str:
    """The line of a vCard for `["tel", {"type": "work"}, "uri", "tel:+1"]`; empty for what is none."""
    match prop:
        case [str(name), dict(parameters), str(kind), *values] if values:
            group = f"{parameters['group']}." if isinstance(parameters.get("group"), str) else ""
            written = "".join(
                parameter(key.upper(), str(one))
                for key, given in parameters.items() if key != "group"
                for one in (given if isinstance(given, list) else [given])
            )  # fmt: skip
            typed = "" if kind in {"text", "unknown"} else f";VALUE={kind}"
            return f"{group}{name.upper()}{written}{typed}:" + ",".join(_value(value, kind) for value in values)
    return ""


def _value(value: object, kind: str) -> str:
    if isinstance(value, list):  # the components of a structured value, each of which may be several
        return ";".join(
            ",".join(_value(one, kind) for one in part) if isinstance(part, list) else _value(part, kind)
            for part in value
        )
    return str(value) if kind == "uri" else escape(str(value))


# MECARD ---------------------------------------------------------------------------------------------------------------


def _mecards(source: Path | bytes, encoding: str, rejects: list[Reject]) -> Iterator[_Card]:
    """The cards of a text, one in each line; what else stands there comes into `rejects`."""
    with open_text(source, encoding) as file:
        for number, line in enumerate(lines_of(file, rejects), start=1):
            text = line.strip("\ufeff\r\n ")
            if start := _MECARD.match(text):
                yield _Card(number, list(_lines_of(text[start.end() :])))
            elif text:
                rejects.append(Reject(number, _NO_MECARD, text))


def _lines_of(text: str) -> Iterator[str]:
    """The lines of a vCard for the fields of a MECARD, whose parts are separated by commas, the family name first."""
    for match in _FIELD.finditer(text):
        name, _, value = match[1].partition(":")
        key = name.strip().upper()
        parts = [part.strip() for part in _COMMA.split(value)]
        if key == "N" and len(parts) == 1:
            yield f"FN:{value}"
        elif key in {"N", "SOUND"} or (key == "ADR" and len(parts) == _ADDRESS):
            yield f"{_NAMES.get(key, key)}:{';'.join(parts)}"
        elif key == "ADR":
            yield f"ADR:;;{value}"
        elif key:
            yield f"{_NAMES.get(key, key)}:{value}"
