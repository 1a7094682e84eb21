"""Reading LDIF (RFC 2849) as Thunderbird and OpenLDAP write it: entries of people, and lists as groups.

Attributes become what columns of the same meaning become (`core.transfer.csv.setters`); those that fit no field are
custom fields. Mailing lists (groupOfNames and its kin) are groups with their members.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from coterie.core.model import Contact, Email, Url
from coterie.core.text import clean_line, email_key
from coterie.core.transfer.csv.contacts import RowReader
from coterie.core.transfer.csv.drafting import Draft, Put
from coterie.core.transfer.csv.encoding import known_encoding, open_text, recognize_encoding
from coterie.core.transfer.csv.setters import setter
from coterie.core.transfer.ldap import CALLED, PASSED_OVER, SAID_ONCE, TARGETS
from coterie.core.transfer.reject import Reject, checked, lines_of
from coterie.core.transfer.system_groups import sort_out

_START: Final = re.compile(r"(?:#.*\s+|version:\s*1\s+)*dn::?\s", re.IGNORECASE)
_LISTS: Final = frozenset({"groupofnames", "groupofuniquenames", "groupofurls", "mozillaaddressbooklist", "posixgroup"})
_FIRST: Final = frozenset({"mail", "co"})  # the address to write to, and the country by its name
_LABELED: Final = "labeledur"
_MEMBERS: Final = ("member", "uniquemember", "memberuid")
_ESCAPED: Final = re.compile(r"((?:\\[0-9A-Fa-f]{2})+)|\\(.)")
_UNESCAPED_COMMA: Final = re.compile(r"(?<!\\),")


@dataclass(slots=True)
class _Entry:
    """One entry: the line where it begins, its text, and its attributes in small letters with their values."""

    line: int
    text: str
    values: list[tuple[str, str]] = field(default_factory=list)

    def all(self, *names: str) -> list[str]:
        return [value for name, value in self.values if name in names]

    @property
    def is_list(self) -> bool:
        return not _LISTS.isdisjoint(map(str.lower, self.all("objectclass")))


def looks_like_ldif(sample: str) -> bool:
    """Whether a text begins with an entry of LDIF."""
    return _START.match(sample.lstrip("\ufeff \r\n")) is not None


class Ldif:
    """The contacts of an LDIF file.

    Args:
        source: a path, or the content itself.
        encoding: the encoding, if the user names it; UTF-8 by the standard.
    """

    layout = "LDIF"
    recognition = None
    suffix = ".ldif"

    def __init__(self, source: Path | bytes, encoding: str | None = None) -> None:
        self._source = source
        self._too_long: list[Reject] = []
        self._encoding = known_encoding(encoding) if encoding else recognize_encoding(source)[0]

    def read(self) -> Iterator[Contact | Reject]:
        """The contacts, then the members of lists that have no entry, and what is no contact."""
        groups = _Groups()
        for entry in self._entries():
            if entry.all(*_MEMBERS):
                groups.add(entry)
        for entry in self._entries():
            change = entry.all("changetype")
            if change and change[0].strip().lower() != "add":
                yield Reject(
                    entry.line, f"The entry changes a directory ({change[0].strip()}); it is not a contact.", entry.text
                )
            elif entry.is_list:
                if not entry.all(*_MEMBERS):
                    yield Reject(entry.line, "The list has no members.", entry.text)
            else:
                result = _contact(entry, groups.of(entry))
                if isinstance(result, Contact):
                    yield checked(result, entry.line, entry.text)
                else:
                    yield Reject(entry.line, result, entry.text)
        yield from groups.without_entry()
        yield from self._too_long

    def _entries(self) -> Iterator[_Entry]:
        self._too_long.clear()
        with open_text(self._source, self._encoding) as file:
            yield from _entries(lines_of(file, self._too_long))


class _Groups:
    """Which lists name whom: by distinguished names, addresses and user names."""

    def __init__(self) -> None:
        self._names: dict[str, list[str]] = {}
        self._members: dict[str, tuple[int, str]] = {}

    def add(self, entry: _Entry) -> None:
        name = next(iter(entry.all("cn", "commonname", "displayname")), "")
        for member in entry.all(*_MEMBERS):
            key = _dn_key(member)
            self._names.setdefault(key, []).append(name)
            self._members.setdefault(key, (entry.line, member))

    def of(self, entry: _Entry) -> list[str]:
        """The lists that name the person of an entry; `without_entry` leaves that person out from now on."""
        keys = [*map(_dn_key, entry.all("dn")), *entry.all("uid")]
        for address in entry.all("mail"):
            keys += [key for key in self._members if _parts_of(key).get("mail") == email_key(address)]
        names = [name for key in keys for name in self._names.get(key, ())]
        for key in keys:
            self._members.pop(key, None)
        return names

    def without_entry(self) -> Iterator[Contact | Reject]:
        for key, (line, member) in self._members.items():
            parts = _parts_of(_dn_key(member, fold=False))
            groups = sort_out(self._names[key])[0]
            if address := parts.get("mail", ""):
                yield Contact(name=parts.get("cn", ""), emails=(Email(address),), groups=groups)
            else:
                yield Reject(
                    line, f"“{member}” is a member of {groups[0] if groups else 'a list'}, but has no entry.", member
                )


def _contact(entry: _Entry, groups: Iterable[str]) -> Contact | str:
    """The contact of an entry, or the sentence that says why it is none."""
    draft = Draft()
    said: set[str] = set()
    for name, value in dict.fromkeys(sorted(entry.values, key=_is_not_first)):
        put, target = _put(name), TARGETS.get(name, "")
        if put is None or (target in said and target in SAID_ONCE):
            continue
        said.add(target)
        if name.startswith(_LABELED):
            draft.urls += (_labeled(value),)
        else:
            put(draft, _lines_of_address(value) if name.endswith("postaladdress") else value, ())
    draft.groups = sort_out([*draft.groups, *groups])[0]
    result = RowReader([], [], "en", "").contact(draft)
    return result.replace("The row", "The entry", 1) if isinstance(result, str) else result


def _is_not_first(attribute: tuple[str, str]) -> bool:
    return attribute[0] not in _FIRST


def _labeled(value: str) -> Url:
    """A web address with the label behind it (RFC 2079)."""
    url, _, label = value.partition(" ")
    return Url(url, clean_line(label))


def _lines_of_address(value: str) -> str:
    """The lines of a postal address, between which dollar signs stand (RFC 4517, 3.3.28)."""
    return "\n".join(_unescaped(line.strip()) for line in value.split("$"))


@lru_cache(4096)
def _put(name: str) -> Put | None:
    if name in PASSED_OVER:
        return None
    return setter(CALLED.get(name, name), TARGETS.get(name, "custom"), {}, "")


def _entries(file: Iterable[str]) -> Iterator[_Entry]:
    """The entries of a file: blank lines end them, lines that begin with a blank go on, and # begins a comment."""
    lines: list[str] = []
    start = number = 0
    for number, raw in enumerate(file, 1):
        line = raw.rstrip("\r\n").replace("\0", "")
        if not line.strip():
            yield from _entry(start, lines)
            lines = []
        elif lines or not line.lower().startswith("version:"):
            start = start if lines else number
            lines.append(line)
    yield from _entry(start, lines)


def _entry(line: int, lines: list[str]) -> Iterator[_Entry]:
    logical: list[list[str]] = []
    for physical in lines:
        if physical[0] == " " and logical:
            logical[-1].append(physical[1:])
        else:
            logical.append([physical])
    entry = _Entry(line, "\n".join(lines))
    for parts in logical:
        name, colon, value = "".join(parts).partition(":")
        if colon and name[:1] != "#":
            name = name.partition(";")[0].strip().lower()
            if not value.startswith("<"):  # a file elsewhere
                entry.values.append((name, _decoded(value)))
    if entry.values:
        yield entry


def _decoded(value: str) -> str:
    if not value.startswith(":"):
        return value.strip()
    try:
        return b64decode(value[1:].strip(), validate=False).decode("utf-8", errors="replace")
    except (binascii.Error, ValueError):
        return value[1:].strip()


def _dn_key(name: str, *, fold: bool = True) -> str:
    """A distinguished name (RFC 4514) for comparing: no blanks round its parts, small letters, escapes undone."""
    parts = [part.partition("=") for part in _UNESCAPED_COMMA.split(name)]
    key = "\n".join(f"{kind.strip().lower()}{sign}{_unescaped(value.strip())}" for kind, sign, value in parts)
    return key.casefold() if fold else key


def _unescaped(value: str) -> str:
    def plain(match: re.Match[str]) -> str:
        return bytes.fromhex(match[1].replace("\\", "")).decode("utf-8", "replace") if match[1] else match[2]

    return _ESCAPED.sub(plain, value)


def _parts_of(key: str) -> dict[str, str]:
    return {kind: value for part in reversed(key.split("\n")) for kind, sign, value in [part.partition("=")] if sign}
