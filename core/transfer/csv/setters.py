"""What each column does with its cells: one small function for each, chosen once for a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from coterie.core.model import Email, Phone, Url
from coterie.core.text import clean_line, clean_lines, email_key, is_email
from coterie.core.transfer.csv.customs import GROUPS, custom, numbered
from coterie.core.transfer.csv.drafting import Draft, Put
from coterie.core.transfer.csv.labels import emails_with_labels, phone_with_label
from coterie.core.transfer.csv.targets import ADDRESS_PARTS, CUSTOM, IGNORE, SPARES, parts_of
from coterie.core.transfer.csv.values import (
    EMPTY,
    GOOGLE_SEPARATOR,
    NO_NAME,
    NO_SIGN,
    NOTHING,
    clean_phone,
    clean_postal_code,
    google_label,
    is_default,
    is_empty,
    is_list_kind,
    is_no_name,
    is_nothing,
    is_plain_phone,
    names_beside,
    sorted_name,
    split_emails,
    split_google,
    split_groups,
    split_phones,
)
from coterie.core.transfer.dates import iso_date, serial_date
from coterie.core.transfer.formulas import whole_number

_YES: Final = frozenset({"yes", "true", "1", "y", "x", "*", "★", "ja", "oui", "sí", "si", "sim", "да", "starred"})
_NO: Final = frozenset({"n", "f"})
label_in: Final = lru_cache(512)(google_label)
_groups_in: Final = lru_cache(512)(split_groups)  # many rows have the same


def setter(
    heading: str, target: str, labels: Mapping[tuple[str, int], int], order: str, *, typed: bool = False
) -> Put | None:
    """The function that takes the cells of one column; None for a column that says nothing by itself.

    Args:
        heading: the name of the column, under which a custom field is kept.
        target: what the column becomes.
        labels: where the column with the labels of a key and a slot stands.
        order: `dmy` or `mdy` if it is known which stands first in dates.
        typed: whether a program wrote the file whose columns say of each value what it is.
    """
    key, label, slot = parts_of(target)
    if key == IGNORE or key.endswith("_label"):
        return None
    if key == CUSTOM:
        return custom(heading, labels, slot)
    if key in GROUPS:
        return numbered(key, labels, slot)
    if key in {"email", "phone", "url", "address", *ADDRESS_PARTS}:
        group = "address" if key in ADDRESS_PARTS else key
        at = labels.get((group, slot), -1)
        if key == "email":
            return _email(heading, label, at)
        if key == "phone":
            return _phone(heading, label, at, typed)
        if key == "url":
            return _url(label, at)
        return _address(key, label, slot, at)
    if SPARES.get(key) == target:
        return _spare(key, heading, _birthday(order) if key == "birthday" else _text(key, heading))
    if key in {"birth_day", "birth_month", "birth_year"}:
        return _birth_part(key)
    if key == "birthday":
        return _birthday(order)
    headed = {
        "default": _default,
        "favorite": _favorite,
        "other_name": _other_name,
        "other_title": _other_title,
        "list_kind": _list_kind,
    }
    if key in headed:
        return headed[key](heading)
    special = {
        "groups": _put_groups,
        "notes": _put_notes,
        "email_name": _put_mail_name,
        "other_phone": _put_other_phone,
        "members": _put_members,
        "sorted_name": _put_sorted_name,
        "prefix": _put_prefix,
    }
    return special.get(key) or _text(key, heading)


def _text(key: str, heading: str) -> Put:
    absent = {"given_name": NO_SIGN, "company": NOTHING, "job_title": NOTHING, "department": NOTHING}.get(key, NO_NAME)

    def put(draft: Draft, cell: str, _row: Sequence[str]) -> None:
        text = cell.strip() if cell.isprintable() else clean_line(cell)
        if not text or text in absent:
            return
        fields = draft.fields
        if key not in fields:
            fields[key] = text
        elif fields[key] != text:
            draft.add_custom(heading, text)

    return put


def _spare(key: str, heading: str, take: Put) -> Put:
    def put(draft: Draft, cell: str, _row: Sequence[str]) -> None:
        draft.spares += ((key, heading, cell, take),)

    return put


def _email(heading: str, label: str, at: int) -> Put:
    def put(draft: Draft, cell: str, row: Sequence[str]) -> None:
        whole = cell.strip()
        name, starred = label_in(row[at]) if at >= 0 and row[at] else (label, False)
        if starred:
            draft.preferred = True
        if is_email(whole):
            draft.emails += (Email(whole, name, starred),)
            return
        plain, labels = emails_with_labels(clean_lines(cell))
        addresses, rest, beside = split_emails(plain)
        for place, address in enumerate(addresses):
            draft.emails += (Email(address, name or labels.get(email_key(address), ""), starred and place == 0),)
        draft.mail_name = draft.mail_name or beside
        if len(addresses) > 1 and len(names := names_beside(cell)) > 1:
            draft.add_custom(heading, "; ".join(map(clean_line, names)))  # who is who is not known
        text = clean_line(" ".join(rest))
        if text and not is_nothing(text):
            draft.wrong = draft.wrong or text
            draft.add_custom(heading, text)

    return put


def _phone(heading: str, label: str, at: int, typed: bool) -> Put:
    def put(draft: Draft, cell: str, row: Sequence[str]) -> None:
        name = label_in(row[at])[0] if at >= 0 and row[at] else label
        if is_plain_phone(cell):
            draft.phones += (Phone(cell, name),)
        elif GOOGLE_SEPARATOR in cell or "\n" in cell:
            parts = cell.replace("\n", GOOGLE_SEPARATOR).split(GOOGLE_SEPARATOR)
            draft.phones += tuple(
                [phone for part in parts for number in split_phones(part) if (phone := _number(number, name))]
            )
        elif len(parts := split_phones(cell)) > 1:
            draft.phones += tuple([phone for part in parts if (phone := _number(part, name))])
        elif (digits := whole_number(cell)) is not None:
            if digits:
                draft.phones += (Phone(digits, name),)
            else:  # a spreadsheet rounded the number: it reaches nobody
                draft.add_custom(heading, cell.strip())
        elif phone := _number(cell, name):
            if not typed and "@" in phone.number and is_email(phone.number):  # people and Palm keep addresses there
                draft.emails += (Email(phone.number),)
            elif not typed and not any(map(str.isdigit, phone.number)):  # “ask Bob” is nothing to call
                draft.add_custom(heading, clean_line(cell))
            else:
                draft.phones += (phone,)

    return put


def _number(text: str, label: str) -> Phone | None:
    """The number in `text` with the label beside it, else with `label`: `Mobile: 1`, `1 (home)`."""
    if is_nothing(text.strip()):  # with its full stop, which no number has: “k. A.”
        return None
    bare, beside = phone_with_label(text)
    number = clean_phone(bare)
    return Phone(number, beside or label) if number else None


def _url(label: str, at: int) -> Put:
    def put(draft: Draft, cell: str, row: Sequence[str]) -> None:
        name = label_in(row[at])[0] if at >= 0 and row[at] else label
        for part in split_google(cell):
            if (text := clean_line(part)) and not is_nothing(text):
                draft.urls += (Url(text, name),)

    return put


def _address(part: str, label: str, slot: int, at: int) -> Put:
    place = (label, slot)
    lines = part in {"street", "extended", "address"}
    absent = EMPTY if part in {"region", "country"} else NOTHING  # NA is Namibia
    guarded = part == "postal_code"

    def put(draft: Draft, cell: str, row: Sequence[str]) -> None:
        text = cell.strip() if cell.isprintable() else clean_lines(cell)
        if guarded:
            text = clean_postal_code(text)
        if not text or text in absent:
            return
        if not lines:
            text = text.replace("\n", " ")
        parts = draft.addresses.get(place)
        if parts is None:
            parts = {"label": row[at] if at >= 0 else label}
            draft.addresses = {**draft.addresses, place: parts}
        present = parts.get(part)
        parts[part] = text if present is None else f"{present}\n{text}"

    return put


def _default(heading: str) -> Put:
    def put(draft: Draft, cell: str, _row: Sequence[str]) -> None:
        text = clean_line(cell)
        if text and not is_default(text):
            draft.add_custom(heading, text)

    return put


def _other_name(heading: str) -> Put:
    def put(draft: Draft, cell: str, _row: Sequence[str]) -> None:
        text = clean_line(cell)
        if is_no_name(text):
            return
        if any(map(str.isalpha, text)) and not draft.other_name[1]:
            draft.other_name = (heading, text)
        elif text and text != draft.other_name[1]:
            draft.add_custom(heading, text)

    return put


def _list_kind(heading: str) -> Put:
    def put(draft: Draft, cell: str, _row: Sequence[str]) -> None:
        if is_list_kind(cell):
            draft.is_list = True
        elif text := clean_line(cell):
            draft.add_custom(heading, text)

    return put


def _other_title(heading: str) -> Put:
    def put(draft: Draft, cell: str, _row: Sequence[str]) -> None:
        text = clean_line(cell)
        if text and not is_nothing(text):
            draft.other_title = (heading, text)

    return put


def _birthday(order: str) -> Put:
    def put(draft: Draft, cell: str, _row: Sequence[str]) -> None:
        if (date := serial_date(iso_date(cell, order))) and not is_nothing(date):
            draft.fields.setdefault("birthday", date)

    return put


def _birth_part(key: str) -> Put:
    def put(draft: Draft, cell: str, _row: Sequence[str]) -> None:
        draft.birth = {**draft.birth, key: cell.strip()}

    return put


def _put_groups(draft: Draft, cell: str, _row: Sequence[str]) -> None:
    names, favorite = _groups_in(cell)
    draft.groups += names
    draft.favorite = draft.favorite or favorite


def _favorite(heading: str) -> Put:
    def put(draft: Draft, cell: str, _row: Sequence[str]) -> None:
        text = clean_line(cell)
        if text.casefold() in _YES:
            draft.favorite = True
        elif text and not is_nothing(text) and not is_default(text) and text.casefold() not in _NO:
            draft.add_custom(heading, text)

    return put


def _put_notes(draft: Draft, cell: str, _row: Sequence[str]) -> None:
    if (text := clean_lines(cell)) and not is_empty(text):
        draft.notes += (text,)


def _put_mail_name(draft: Draft, cell: str, _row: Sequence[str]) -> None:
    text = clean_line(cell)
    if "@" in text:
        text = split_emails(text)[2]
    if not is_no_name(text):
        draft.mail_name = draft.mail_name or text


def _put_members(draft: Draft, cell: str, _row: Sequence[str]) -> None:
    if (text := clean_lines(cell)) and not is_nothing(text):
        draft.members = text


def _put_other_phone(draft: Draft, cell: str, _row: Sequence[str]) -> None:
    if number := clean_phone(cell):
        draft.other_phones += (Phone(number),)


def _put_sorted_name(draft: Draft, cell: str, _row: Sequence[str]) -> None:
    """“Lovelace, Ada”: the family name, then the given name. Names of companies keep their comma."""
    text = clean_line(cell)
    if parts := sorted_name(text):
        draft.fields["family_name"], draft.fields["given_name"] = parts
    elif text and not is_no_name(text):
        draft.fields["name"] = text


def _put_prefix(draft: Draft, cell: str, _row: Sequence[str]) -> None:
    text = clean_line(cell)
    if text and not is_default(text) and not is_empty(text):
        present = draft.fields.get("prefix")
        draft.fields["prefix"] = text if present in {None, text} else f"{present} {text}"
