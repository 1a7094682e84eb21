"""Single lines of a card: their head (group, name, parameters), and decoding, splitting and escaping their values."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import a2b_qp
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from coterie.core.transfer.vcard.labels import label_of

_HEAD: Final = re.compile(r'((?:[^":]|"[^"]*")*):')
_PARAMETER: Final = re.compile(r'((?:[^";]|"[^"]*")*)(?:;|$)')
_LIST: Final = re.compile(r'"([^"]*)"|([^",]+)')
_ESCAPE: Final = re.compile(r"\\([nN\\;,:])")
# How Android writes a label of the user's own into vCard 2.1.
_ANDROID_LABEL: Final = re.compile(r"X-CUSTOM\((CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,)?(.*)\)", re.IGNORECASE)
_CARET: Final = re.compile(r"\^([n'^])")
_COMPONENT: Final = re.compile(r"(?:[^;\\]|\\.|\\$)*", re.DOTALL)
_ELEMENT: Final = re.compile(r"(?:[^,\\]|\\.|\\$)*", re.DOTALL)
# What programs call a standard property: Outlook for the numbers that TYPE cannot name, Nokia, DoCoMo for groups.
_STANDARD: Final = {"X-MS-TEL": "TEL", "X-NICKNAME": "NICKNAME", "X-GN": "CATEGORIES"}
SPOKEN_NAME: Final = "X-IRMC-N"
"""The type of a SOUND that is no sound but the name as it is spoken, in the parts of N: so Japanese phones write it."""
_BARE_ENCODINGS: Final = frozenset({"QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"})


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the colon of a property: `item1.TEL;TYPE=WORK,VOICE`.

    Attributes:
        group: `ITEM1`, or nothing.
        name: the property, in capitals.
        types: the values of TYPE, as they are written; in vCard 2.1 they stand alone.
        parameters: all others, their names in capitals.
        label: the user's word for `types`: `work`.
        preferred: how strongly it is preferred, 1 the most; None if it is not.
        charset: the CHARSET parameter, or nothing.
        quoted_printable, binary: its ENCODING.
    """

    group: str
    name: str
    types: tuple[str, ...] = ()
    parameters: dict[str, str] = field(default_factory=dict)
    label: str = ""
    preferred: int | None = None
    charset: str = ""
    quoted_printable: bool = False
    binary: bool = False


def split_line(line: str) -> tuple[Head, str]:
    """The head and the raw value of a logical line; a line without a colon has an empty value."""
    head, colon, value = line.partition(":")
    if '"' in head and colon and (match := _HEAD.match(line)):
        head, value = match[1], line[match.end() :]
    return parse_head(head), value


@lru_cache(maxsize=4096)
def parse_head(text: str) -> Head:
    """Parse a head. Cached: a file of 100,000 cards has a few dozen different ones."""
    first, *rest = [match[1].strip() for match in _PARAMETER.finditer(text)] if '"' in text else text.split(";")
    group, _, name = first.strip().rpartition(".")
    types: list[str] = []
    parameters: dict[str, str] = {}
    for piece in rest:
        if match := _ANDROID_LABEL.fullmatch(piece.strip()):
            types.append("X-" + (a2b_qp(match[2]).decode(errors="replace") if match[1] else match[2]))
            continue
        written, equals, value = piece.partition("=")
        written = written.strip()
        key = written.upper()
        value = value.strip()
        if not equals:
            if key in _BARE_ENCODINGS:
                parameters["ENCODING"] = key
            elif key:
                types.append(written)
        elif key == "TYPE":
            values = [quoted or plain for quoted, plain in _LIST.findall(value.replace("\\,", ","))]
            types += [kind for item in values for part in item.split(",") if (kind := part.strip())]
        elif key:
            parameters[key] = _CARET.sub(_caret, value.strip('"'))
    encoding = parameters.get("ENCODING", "").upper()
    return Head(
        group=group.upper(),
        name=_named(name.upper(), types),
        types=tuple(types),
        parameters=parameters,
        label=label_of(types),
        preferred=_preference(types, parameters.get("PREF")),
        charset=parameters.get("CHARSET", ""),
        quoted_printable=encoding.startswith("QUOTED"),
        binary=encoding in {"B", "BASE64"},
    )


def _named(name: str, types: list[str]) -> str:
    return SPOKEN_NAME if name == "SOUND" and SPOKEN_NAME in map(str.upper, types) else _STANDARD.get(name, name)


def _preference(types: list[str], pref: str | None) -> int | None:
    if pref is not None and pref.isascii() and pref.isdigit():
        return int(pref)
    return 1 if pref is not None or any(kind.upper() == "PREF" for kind in types) else None


def _caret(match: re.Match[str]) -> str:
    return {"n": "\n", "'": '"', "^": "^"}[match[1]]  # RFC 6868


def decode(head: Head, raw: str, fallback: str, *, structured: bool = False) -> str:
    """The value as text in its own characters, still escaped.

    Args:
        raw: as it stands in the file; bytes that are no UTF-8 are in it as surrogates (`surrogateescape`).
        fallback: the encoding for bytes that are not UTF-8 if there is no CHARSET.
        structured: its semicolons separate components; those that quoted-printable hides are text.
    """
    if head.binary:
        try:
            return _characters(b64decode(raw), head.charset, fallback)
        except ValueError:
            return raw  # it says so, but it is none
    if not head.quoted_printable:
        if raw.isascii() and not (head.charset and "\x1b" in raw):
            return raw
        return _characters(raw.encode("utf-8", "surrogateescape"), head.charset, fallback)
    if structured and ";" in raw:
        parts = [_characters(_bytes(part), head.charset, fallback).replace(";", "\\;") for part in _raw_components(raw)]
        return ";".join(parts)
    return _characters(_bytes(raw), head.charset, fallback)


def _bytes(quoted: str) -> bytes:
    if quoted.endswith("="):
        quoted = quoted.rstrip("= \t")  # a soft break before nothing
    return a2b_qp(quoted.encode("utf-8", "surrogateescape"))


def _raw_components(raw: str) -> list[str]:
    return [part.replace("\\;", ";") for part in _split(raw, ";", _COMPONENT)]


def _characters(data: bytes, charset: str, fallback: str) -> str:
    try:
        if b"\x1b" not in data:  # ISO-2022-JP looks like ASCII
            return data.decode("utf-8")
    except UnicodeDecodeError:
        pass  # not UTF-8: then it is what CHARSET says, or what the file is likely to be
    for codec in (charset.strip('"'), fallback):
        try:
            return data.decode(codec or "utf-8")
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", "replace")


def text_of(value: str) -> str:
    r"""The text behind an escaped value: `\n`, `\,` `\;` `\\`, and Apple's `\:`."""
    return _ESCAPE.sub(_unescape, value) if "\\" in value else value


def _unescape(match: re.Match[str]) -> str:
    char: str = match[1]
    return "\n" if char in "nN" else char


def components_of(value: str) -> list[str]:
    """The texts of a structured value (N, ADR, ORG), which semicolons separate."""
    if "\\" not in value:
        return value.split(";")
    return [text_of(part) for part in _split(value, ";", _COMPONENT)]


def elements_of(value: str) -> list[str]:
    """The texts of a list value (CATEGORIES, NICKNAME), which commas separate; empty ones are left out."""
    parts = _split(value, ",", _ELEMENT) if "\\" in value else value.split(",")
    return [text for part in parts if (text := text_of(part).strip())]


def _split(value: str, separator: str, pattern: re.Pattern[str]) -> list[str]:
    """Split at separators that no backslash escapes."""
    parts: list[str] = []
    position = 0
    while True:
        match = pattern.match(value, position)
        end = match.end() if match else position
        parts.append(value[position:end])
        if end >= len(value) or value[end] != separator:
            return parts
        position = end + 1


_TOKEN: Final = re.compile(r"[\w-]+", re.ASCII)
_TO_ESCAPE: Final = re.compile(r"[\\;,\n]")


def escape(text: str) -> str:
    """The text as a value: the inverse of `text_of`, and safe inside structured and list values."""
    return _TO_ESCAPE.sub(lambda match: "\\n" if match[0] == "\n" else "\\" + match[0], text)


def parameter(name: str, value: str) -> str:
    """A parameter as it follows the name of a property, quoted and caret-encoded if it must be (RFC 6868)."""
    if _TOKEN.fullmatch(value):
        return f";{name}={value}"
    encoded = value.replace("^", "^^").replace('"', "^'").replace("\n", "^n")
    return f';{name}="{encoded}"'


def fold(line: str) -> str:
    """The line with its end, folded into lines of at most 75 octets, never inside a character (RFC 6350, 3.2)."""
    if len(line) <= 75 and line.isascii():
        return line + "\r\n"
    octets = line.encode("utf-8", "replace")
    pieces: list[bytes] = []
    start, room = 0, 75
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # the second or a later octet of a character
            end -= 1
        pieces.append(octets[start:end])
        start, room = end, 74  # the blank that marks the fold counts too
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces).decode("utf-8") + "\r\n"
