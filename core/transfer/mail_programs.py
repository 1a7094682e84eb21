"""Reading the address books of mail programs in a terminal: aliases of mutt and NeoMutt, Alpine's, and abook's file.

Sources: neomuttrc(5), “alias”; Alpine's technical notes, “Address Books”; abookrc(5) and abook's own files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from coterie.core.model import Contact, Email
from coterie.core.text import clean_line, email_key, is_email
from coterie.core.transfer.csv.contacts import RowReader
from coterie.core.transfer.csv.encoding import known_encoding, open_text, recognize_encoding
from coterie.core.transfer.csv.values import as_spoken, split_emails, split_recipients
from coterie.core.transfer.reject import Reject, checked, lines_of
from coterie.core.transfer.system_groups import sort_out

_ALIASES: Final = re.compile(r"(?:#.*\s+)*alias\s+\S+\s.*<?\S+@")
_ABOOK: Final = re.compile(r"(?:#.*\s+)*\[format\]\s+program=abook")
_ALIAS: Final = re.compile(r"\s*alias\s+((?:-group\s+\S+\s+)*)(\S+)\s+(.*?)(?:\s+#\s*(.*))?", re.DOTALL)
# A nickname, a name, an address or a list in brackets, a folder and a comment, with tabs between them.
_PINE: Final = re.compile(r"([^\t\n]*)\t([^\t\n]*)\t(\([^\t]*\)|[^\t\n(]*)(?:\t[^\t\n]*(?:\t([^\t\n]*))?)?")
_PINE_LIST: Final = re.compile(r"\t\([^\t]*[@,]")
_COMMAS: Final = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')  # not those within quotes
_TARGETS: Final = {
    "name": "name", "email": "email", "phone": "phone:home", "workphone": "phone:work", "mobile": "phone:mobile",
    "fax": "phone:fax", "address": "street", "address2": "extended", "city": "city", "state": "region",
    "zip": "postal_code", "country": "country", "nick": "nickname", "url": "url", "notes": "notes", "groups": "groups",
}  # fmt: skip
_CALLED: Final = {"anniversary": "Anniversary"} | {f"custom{number}": f"Custom {number}" for number in range(1, 6)}


@dataclass(frozen=True, slots=True)
class _Alias:
    line: int
    text: str
    key: str
    people: tuple[tuple[str, str], ...]
    others: tuple[str, ...]
    groups: tuple[str, ...]
    comment: str
    called: str = ""

    @property
    def group(self) -> str:
        """The name of the group that a list is."""
        return self.called or self.key

    @property
    def is_list(self) -> bool:
        return bool(self.called) or len(self.people) + len(self.others) > 1


class TextFile:
    """A text whose lines are read as often as is asked.

    Args:
        source: a path, or the content itself.
        encoding: the encoding, if the user names it.
    """

    recognition = None
    suffix = ".txt"

    def __init__(self, source: Path | bytes, encoding: str | None = None) -> None:
        self._source = source
        self._too_long: list[Reject] = []
        self._encoding = known_encoding(encoding) if encoding else recognize_encoding(source)[0]

    def _lines(self) -> Iterator[tuple[int, str]]:
        self._too_long.clear()
        with open_text(self._source, self._encoding) as file:
            yield from enumerate(lines_of(file, self._too_long), start=1)


class Aliases(TextFile):
    """The people in aliases of mutt: the alias is the nickname, or a group if it has several people, as `-group` is."""

    layout = "mutt aliases"

    def read(self) -> Iterator[Contact | Reject]:
        """A contact for each address, and the lines that hold none."""
        aliases: dict[str, _Alias] = {}
        for line, text in self._statements():
            alias = self._alias(line, text)
            if isinstance(alias, Reject):
                yield alias
            else:
                aliases[alias.key or f"\t{alias.line}"] = alias
        people: dict[str, Contact] = {}
        for alias in aliases.values():
            yield from _unknown(alias, aliases)
            groups = (*alias.groups, *((alias.group,) if alias.is_list else ()))
            for name, address in _members(alias, aliases, frozenset()):
                contact = people.setdefault(email_key(address), Contact(name=name, emails=(Email(address),)))
                people[email_key(address)] = _joined(contact, alias, name, groups)
        for place, contact in enumerate(people.values(), start=1):
            yield checked(contact, place, contact.shown_name)
        yield from self._too_long

    def _alias(self, line: int, text: str) -> _Alias | Reject:
        return _alias(line, text)

    def _statements(self) -> Iterator[tuple[int, str]]:
        """The lines that say something, those that end with a backslash joined to the next."""
        start, whole = 0, ""
        for number, line in self._lines():
            start = start if whole else number
            whole += line.rstrip("\r\n")
            if whole.endswith("\\"):
                whole = whole[:-1]
                continue
            if whole.strip() and not whole.lstrip().startswith("#"):
                yield start, whole
            whole = ""


class Alpine(Aliases):
    """The people in Alpine's address book: the nickname stays one, or names a group if it has several people."""

    layout = "Alpine address book"

    def _alias(self, line: int, text: str) -> _Alias | Reject:
        match = _PINE.fullmatch(text)
        if match is None:
            return Reject(line, "The line is not an entry of an address book.", text)
        key, name, members = match[1].strip(), as_spoken(clean_line(match[2])), match[3].strip()
        is_list = members.startswith("(")
        people, others = _people_in(members.strip("()"))
        named = people if is_list else [(name or beside, address) for beside, address in people]
        return _Alias(
            line,
            text,
            key,
            tuple(named),
            tuple(others),
            (),
            clean_line(match[4] or ""),
            name if is_list else "",
        )

    def _statements(self) -> Iterator[tuple[int, str]]:
        """The entries, with the lines that begin with a blank joined to the one before; deleted ones are none."""
        start, whole = 0, ""
        for number, line in self._lines():
            if line[:1] == " ":
                whole += f" {line.strip()}"
                continue
            if whole and not whole.startswith("#DELETED"):
                yield start, whole
            start, whole = number, line.rstrip("\r\n")
        if whole and not whole.startswith("#DELETED"):
            yield start, whole


class Abook(TextFile):
    """The contacts in a file of abook."""

    layout = "abook"

    def __init__(self, source: Path | bytes, encoding: str | None = None) -> None:
        super().__init__(source, encoding)
        self._reader = RowReader(list(_TARGETS), list(_TARGETS.values()), "en", "")

    def read(self) -> Iterator[Contact | Reject]:
        """The contacts, and the entries that are none."""
        start, values = 0, dict[str, str]()
        for number, line in self._lines():
            if line.startswith("["):
                yield from self._contact(start, values)
                start, values = number, {}
            elif "=" in line and not line.startswith("#"):
                key, _, value = line.strip().partition("=")
                values[key.strip()] = value.strip()
        yield from self._contact(start, values)
        yield from self._too_long

    def _contact(self, line: int, values: dict[str, str]) -> Iterator[Contact | Reject]:
        if not values or values.get("program") == "abook":
            return
        text = "\n".join(f"{key}={value}" for key, value in values.items())
        result = self._reader.read([values.pop(key, "") for key in _TARGETS])
        if not isinstance(result, Contact):
            yield Reject(line, str(result), text)
            return
        further = {_CALLED.get(key, key): value for key, value in values.items() if value}
        yield checked(replace(result, custom={**result.custom, **further}), line, text)


def looks_like_aliases(sample: str) -> bool:
    """Whether a text begins with an alias of mutt."""
    return _ALIASES.match(sample.lstrip("\ufeff \r\n")) is not None


def looks_like_alpine(sample: str) -> bool:
    """Whether a text is an address book of Alpine: each entry of the right form, and a list among them."""
    entries = re.sub(r"\r?\n +", " ", sample).splitlines()
    return any(map(_PINE_LIST.search, entries)) and all(_PINE.fullmatch(entry) for entry in entries[:-1] or entries)


def looks_like_abook(sample: str) -> bool:
    """Whether a text is a file of abook."""
    return _ABOOK.match(sample.lstrip("\ufeff \r\n")) is not None


def _alias(line: int, text: str) -> _Alias | Reject:
    match = _ALIAS.fullmatch(text)
    if match is None:
        return Reject(line, "The line is not an alias.", text)
    groups = tuple(match[1].split()[1::2])
    people, others = _people_in(match[3])
    return _Alias(line, text, match[2], tuple(people), tuple(others), groups, clean_line(match[4] or ""))


def _people_in(text: str) -> tuple[list[tuple[str, str]], list[str]]:
    """The names and addresses in a list with commas, and what may be other aliases."""
    people: list[tuple[str, str]] = []
    others: list[str] = []
    for part in filter(None, map(str.strip, _COMMAS.split(text))):
        addresses, _, beside = split_emails(part)
        named = split_recipients(part)
        if named or addresses:
            people += named or [(beside, address) for address in addresses]
        else:
            others.append(part)
    return people, others


def _members(alias: _Alias, aliases: dict[str, _Alias], above: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Who an alias stands for, the people of other aliases that it names among them."""
    yield from ((clean_line(name), address) for name, address in alias.people if is_email(address))
    for key in alias.others:
        if key in aliases and key not in above:
            yield from _members(aliases[key], aliases, above | {alias.key})


def _unknown(alias: _Alias, aliases: dict[str, _Alias]) -> Iterator[Reject]:
    for key in alias.others:
        if key not in aliases:
            reason = f"“{clean_line(key)}” is neither an address nor an alias of this file."
            yield Reject(alias.line, reason, alias.text)


def _joined(contact: Contact, alias: _Alias, name: str, groups: tuple[str, ...]) -> Contact:
    """The contact with what one more alias says of it."""
    is_own = not alias.is_list
    return replace(
        contact,
        name=contact.name or name,
        nickname=contact.nickname or (alias.key if is_own and alias.people else ""),
        notes=contact.notes or (alias.comment if is_own else ""),
        groups=sort_out((*contact.groups, *groups))[0],
    )
