"""Rows to contacts: one small function for each column, chosen once for a file, so that a row costs little."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, TypeVar

from core.model import Address, Contact, Email, Phone, Url
from core.text import clean_line, clean_lines, email_key, is_email
from core.transfer.csv.targets import ADDRESS_PARTS, CUSTOM, IGNORE, parts_of
from core.transfer.csv.values import (
    GOOGLE_SEPARATOR,
    clean_phone,
    date_from_parts,
    google_label,
    is_default,
    is_nothing,
    is_zero_date,
    iso_date,
    split_emails,
    split_google,
    split_groups,
)

_TOTAL: Final = re.compile(
    r"(?:grand |sub)?totals?\b.*|(?:gesamt)?summe\b.*|gesamt\b.*|somme\b.*|totale\b.*|suma\b.*|итого\b.*", re.IGNORECASE
)
_YES: Final = frozenset({"yes", "true", "1", "y", "x", "*", "★", "ja", "oui", "sí", "si", "sim", "да", "starred"})
_label: Final = lru_cache(512)(google_label)

_T = TypeVar("_T")
Put = Callable[["_Draft", str, Sequence[str]], None]


class _Draft:
    """What the cells of one row have said so far."""

    __slots__ = (
        "addresses",
        "birth",
        "custom",
        "emails",
        "favorite",
        "fields",
        "groups",
        "mail_name",
        "notes",
        "other_name",
        "phones",
        "preferred",
        "urls",
        "wrong",
    )

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.emails: list[Email] = []
        self.phones: list[Phone] = []
        self.urls: list[Url] = []
        self.addresses: dict[tuple[str, int], dict[str, str]] = {}
        self.groups: list[str] = []
        self.notes: list[str] = []
        self.custom: dict[str, str] = {}
        self.birth: dict[str, str] = {}
        self.mail_name = ""
        self.other_name = ("", "")
        self.wrong = ""
        self.preferred = False
        self.favorite = False

    def add_custom(self, heading: str, text: str) -> None:
        """Keep `text` under `heading`; several values of one heading stand in lines."""
        present = self.custom.get(heading)
        if present is None:
            self.custom[heading] = text
        elif text not in present.split("\n"):
            self.custom[heading] = f"{present}\n{text}"


class RowReader:
    """Makes the contacts of one table.

    Args:
        headings: the name of each column, none empty and none twice.
        targets: what each column becomes.
        vocabulary: the language of the headings, for the order of names.
        date_order: `dmy` or `mdy` where it is known which stands first.
    """

    def __init__(self, headings: Sequence[str], targets: Sequence[str], vocabulary: str, date_order: str) -> None:
        self._width = len(headings)
        self._japanese = vocabulary == "ja"
        self._date_order = date_order
        labels: dict[tuple[str, int], int] = {}
        for index, target in enumerate(targets):
            key, _, slot = parts_of(target)
            if key.endswith("_label"):
                labels[key.removesuffix("_label"), slot] = index
        self._plan: list[tuple[int, Put]] = []
        for index, target in enumerate(targets):
            put = self._setter(headings[index], target, labels)
            if put is not None:
                self._plan.append((index, put))

    def read(self, row: list[str]) -> Contact | str:
        """The contact that `row` holds, or the sentence that says why it holds none."""
        missing = self._width - len(row)
        if missing > 0:
            row = row + [""] * missing
        draft = _Draft()
        for index, put in self._plan:
            cell = row[index]
            if cell:
                put(draft, cell, row)
        if missing < 0:
            for index in range(self._width, len(row)):
                if text := clean_lines(row[index]):
                    draft.add_custom(f"Column {index + 1}", text)
        return self._contact(draft)

    def _contact(self, draft: _Draft) -> Contact | str:
        fields = draft.fields
        name = fields.get("name", "")
        if not name or "," in name:
            joined = self._joined(fields)
            # "Lovelace, Ada" is the sorting form of the name that the parts make.
            if not name or sorted(name.replace(",", " ").split()) == sorted(joined.split()):
                name = joined
        nickname = fields.get("nickname", "")
        if not name:
            name = nickname or draft.mail_name or draft.other_name[1]
        if draft.other_name[1] and draft.other_name[1] not in {name, fields.get("company", "")}:
            draft.add_custom(*draft.other_name)
        if not (name or draft.emails or draft.phones or "company" in fields):
            if draft.wrong:
                return f"“{draft.wrong}” is no e-mail address, and the row has no name, company or phone number."
            return "The row has no name, e-mail address, company or phone number."
        if not draft.emails and not draft.phones and _TOTAL.fullmatch(name or fields.get("company", "")):
            return "The row is a total, not a contact."
        if name:
            fields["name"] = name
        if draft.emails:
            fields["emails"] = _emails(draft.emails, preferred=draft.preferred)
        if draft.phones:
            fields["phones"] = _once(draft.phones)
        if draft.urls:
            fields["urls"] = _once(draft.urls)
        if draft.addresses:
            fields["addresses"] = _addresses(draft.addresses)
        if draft.groups:
            fields["groups"] = _groups(draft.groups)
        if draft.favorite:
            fields["favorite"] = True
        if draft.notes:
            fields["notes"] = "\n\n".join(dict.fromkeys(draft.notes))
        if draft.birth:
            birth = draft.birth
            date = date_from_parts(
                birth.get("birth_year", ""), birth.get("birth_month", ""), birth.get("birth_day", "")
            )
            if date:
                fields.setdefault("birthday", date)
        if draft.custom:
            fields["custom"] = draft.custom
        return Contact(**fields)

    def _joined(self, fields: dict[str, Any]) -> str:
        """The display name that the name parts make: without the form of address, family name first in East Asia."""
        given, middle, family = (
            fields.get("given_name", ""),
            fields.get("additional_names", ""),
            fields.get("family_name", ""),
        )
        if given and family and not given.isascii() and _is_east_asian(given) and _is_east_asian(family):
            kana = self._japanese or any("\u3040" <= char <= "\u30ff" for char in given + family)
            return f"{family} {given}" if kana else f"{family}{given}"
        if given and family and not middle:
            return f"{given} {family}"
        return " ".join(part for part in (given, middle, family) if part)

    def _setter(self, heading: str, target: str, labels: dict[tuple[str, int], int]) -> Put | None:
        """The function that takes the cells of one column; None for a column that says nothing by itself."""
        key, label, slot = parts_of(target)
        if key == IGNORE or key.endswith("_label"):
            return None
        if key in {"email", "phone", "url", "address", CUSTOM, *ADDRESS_PARTS}:
            group = "address" if key in ADDRESS_PARTS else key
            at = labels.get((group, slot), -1)
            if key == "email":
                return _email(heading, label, at)
            if key == "phone":
                return _phone(label, at)
            if key == "url":
                return _url(label, at)
            if key == CUSTOM:
                return _custom(heading, at)
            return _address(key, label, slot, at)
        if key in {"birth_day", "birth_month", "birth_year"}:
            return _birth_part(key)
        if key == "birthday":
            return _birthday(self._date_order)
        if key == "default":
            return _default(heading)
        if key == "other_name":
            return _other_name(heading)
        special = {
            "groups": _put_groups,
            "favorite": _put_favorite,
            "notes": _put_notes,
            "email_name": _put_mail_name,
            "prefix": _put_prefix,
        }
        return special.get(key) or _text(key, heading)


def _is_east_asian(text: str) -> bool:
    return all("\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" or char == "々" for char in text)


def _text(key: str, heading: str) -> Put:
    placeholders = key in {"company", "job_title", "department"}

    def put(draft: _Draft, cell: str, _row: Sequence[str]) -> None:
        text = cell.strip() if cell.isascii() and cell.isprintable() else clean_line(cell)
        if not text or (placeholders and is_nothing(text)):
            return
        fields = draft.fields
        if key not in fields:
            fields[key] = text
        elif fields[key] != text:
            draft.add_custom(heading, text)

    return put


def _email(heading: str, label: str, at: int) -> Put:
    def put(draft: _Draft, cell: str, row: Sequence[str]) -> None:
        address = cell.strip()
        name, starred = _label(row[at]) if at >= 0 and row[at] else (label, False)
        draft.preferred = draft.preferred or starred
        if is_email(address):
            draft.emails.append(Email(address, name, starred))
            return
        found, rest, beside = split_emails(clean_lines(cell))
        for place, one in enumerate(found):
            draft.emails.append(Email(one, name, starred and place == 0))
        draft.mail_name = draft.mail_name or beside
        text = clean_line(" ".join(rest))
        if text and not is_nothing(text):
            draft.wrong = draft.wrong or text
            draft.add_custom(heading, text)

    return put


def _phone(label: str, at: int) -> Put:
    def put(draft: _Draft, cell: str, row: Sequence[str]) -> None:
        name = _label(row[at])[0] if at >= 0 and row[at] else label
        if GOOGLE_SEPARATOR in cell or "\n" in cell:
            for part in cell.replace("\n", GOOGLE_SEPARATOR).split(GOOGLE_SEPARATOR):
                if number := clean_phone(part):
                    draft.phones.append(Phone(number, name))
        elif number := clean_phone(cell):
            if "@" in number and is_email(number):  # Palm and others keep addresses among the numbers
                draft.emails.append(Email(number))
            else:
                draft.phones.append(Phone(number, name))

    return put


def _url(label: str, at: int) -> Put:
    def put(draft: _Draft, cell: str, row: Sequence[str]) -> None:
        name = _label(row[at])[0] if at >= 0 and row[at] else label
        for part in split_google(cell):
            if (text := clean_line(part)) and not is_nothing(text):
                draft.urls.append(Url(text, name))

    return put


def _address(part: str, label: str, slot: int, at: int) -> Put:
    place = (label, slot)
    lines = part in {"street", "extended", "address"}

    def put(draft: _Draft, cell: str, row: Sequence[str]) -> None:
        text = cell.strip() if cell.isascii() and cell.isprintable() else clean_lines(cell)
        if not text:
            return
        if not lines:
            text = text.replace("\n", " ")
        parts = draft.addresses.get(place)
        if parts is None:
            parts = draft.addresses[place] = {"label": row[at] if at >= 0 else label}
        present = parts.get(part)
        parts[part] = text if present is None else f"{present}\n{text}"

    return put


def _custom(heading: str, at: int) -> Put:
    def put(draft: _Draft, cell: str, row: Sequence[str]) -> None:
        text = clean_lines(cell)
        if text and text != "'" and not is_zero_date(text):
            draft.add_custom(clean_line(row[at]).lstrip("* ") or heading if at >= 0 else heading, text)

    return put


def _default(heading: str) -> Put:
    def put(draft: _Draft, cell: str, _row: Sequence[str]) -> None:
        text = clean_line(cell)
        if text and not is_default(text):
            draft.add_custom(heading, text)

    return put


def _other_name(heading: str) -> Put:
    def put(draft: _Draft, cell: str, _row: Sequence[str]) -> None:
        draft.other_name = (heading, clean_line(cell))

    return put


def _birthday(order: str) -> Put:
    def put(draft: _Draft, cell: str, _row: Sequence[str]) -> None:
        if date := iso_date(cell, order):
            draft.fields.setdefault("birthday", date)

    return put


def _birth_part(key: str) -> Put:
    def put(draft: _Draft, cell: str, _row: Sequence[str]) -> None:
        draft.birth[key] = cell.strip()

    return put


def _put_groups(draft: _Draft, cell: str, _row: Sequence[str]) -> None:
    names, favorite = split_groups(cell)
    draft.groups += names
    draft.favorite = draft.favorite or favorite


def _put_favorite(draft: _Draft, cell: str, _row: Sequence[str]) -> None:
    draft.favorite = draft.favorite or cell.strip().casefold() in _YES


def _put_notes(draft: _Draft, cell: str, _row: Sequence[str]) -> None:
    if text := clean_lines(cell):
        draft.notes.append(text)


def _put_mail_name(draft: _Draft, cell: str, _row: Sequence[str]) -> None:
    text = clean_line(cell)
    if "@" in text:
        text = split_emails(text)[2]
    draft.mail_name = draft.mail_name or text


def _put_prefix(draft: _Draft, cell: str, _row: Sequence[str]) -> None:
    text = clean_line(cell)
    if text and not is_default(text):
        present = draft.fields.get("prefix")
        draft.fields["prefix"] = text if present in {None, text} else f"{present} {text}"


def _emails(emails: list[Email], *, preferred: bool) -> tuple[Email, ...]:
    """Each address once, the preferred one first; only one of them is preferred."""
    if len(emails) == 1:
        return (emails[0],)
    if preferred:
        emails = sorted(emails, key=lambda email: not email.primary)
    once: dict[str, Email] = {}
    for place, email in enumerate(emails):
        once.setdefault(email_key(email.address), Email(email.address, email.label, email.primary and place == 0))
    return tuple(once.values())


def _once(values: list[_T]) -> tuple[_T, ...]:
    """Each of `values` once, in their order."""
    return (values[0],) if len(values) == 1 else tuple(dict.fromkeys(values))


def _groups(groups: list[str]) -> tuple[str, ...]:
    if len(groups) == 1:
        return (groups[0],)
    names = {name.casefold(): name for name in reversed(groups)}
    return tuple(sorted(names.values(), key=str.casefold))


def _addresses(slots: dict[tuple[str, int], dict[str, str]]) -> tuple[Address, ...]:
    """The addresses of the slots; Google's several addresses of one slot are taken apart."""
    found: list[Address] = []
    for parts in slots.values():
        label = parts.pop("label")
        if GOOGLE_SEPARATOR in label or any(GOOGLE_SEPARATOR in text for text in parts.values()):
            columns = {key: [part.strip() for part in text.split(GOOGLE_SEPARATOR)] for key, text in parts.items()}
            labels = label.split(GOOGLE_SEPARATOR)
            for place in range(max(map(len, columns.values()), default=0)):
                one = {key: values[place] for key, values in columns.items() if place < len(values) and values[place]}
                found.append(_one_address(one, labels[min(place, len(labels) - 1)]))
        elif parts:
            found.append(_one_address(parts, label))
    return _once(found)


def _one_address(parts: dict[str, str], label: str) -> Address:
    """An address of its parts; a formatted one stands in for the street where there are no parts."""
    formatted = parts.pop("address", "")
    if formatted and "street" not in parts:
        # Parts that the formatted address repeats would stand twice.
        parts = {**({} if any(text in formatted for text in parts.values()) else parts), "street": formatted}
    if label:
        parts["label"] = _label(label)[0]
    return Address(**parts)
