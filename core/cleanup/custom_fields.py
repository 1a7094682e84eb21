"""Custom fields that are really known fields: a custom field “Mobile” with a phone number in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar, Final

from coterie.core.cleanup.kind import Kind, Proposal, Usual, change
from coterie.core.fields.attributes import PLAIN
from coterie.core.fields.values import with_value
from coterie.core.merge import email_id, phone_id, url_id
from coterie.core.model import Contact, Email, Phone, Url
from coterie.core.text import group_key, is_email
from coterie.core.transfer.csv.headings import target_of
from coterie.core.transfer.csv.targets import parts_of
from coterie.core.transfer.dates import iso_date

_SINGLE: Final = frozenset({*PLAIN, "prefix", "suffix", "additional_names"}) - {"birthday"}
_PHONE: Final = re.compile(r"\+?[\d ()./\-\u00a0]{6,24}")
_DIGITS: Final = range(6, 16)
_URL: Final = re.compile(r"(?:https?://|www\.)\S+\.\S+", re.IGNORECASE)
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}|--\d{2}-\d{2}")
_PUT_ASIDE: Final = re.compile(r".*\(\d+\)")
"""What merging has put there, because the field itself says something else."""
_MANY_MEANINGS: Final = frozenset({"position", "name", "title", "role", "number", "status", "description"})


class CustomFields(Kind):
    """A value goes only where it fits: a number to the phones, an address with an @ to the e-mail addresses."""

    id: ClassVar[str] = "custom-fields"
    title: ClassVar[str] = "Custom fields that are known fields"
    about: ClassVar[str] = "A custom field such as Mobile goes into the field that it means, if that is free."

    def propose(self, contact: Contact, usual: Usual) -> Proposal | None:
        """The contact with these custom fields in their places."""
        after, moved = contact, []
        for heading, text in contact.custom.items():
            put = _place_of(heading)
            if put and (better := put(after, text)) is not None:
                rest = {key: value for key, value in after.custom.items() if key != heading}
                after = replace(better, custom=rest)
                moved.append(heading)
        return change(contact, after, "custom", ", ".join(moved))


Put = Callable[[Contact, str], Contact | None]
"""The contact with a value in its place; None if it does not fit there."""


def _place_of(heading: str) -> Put | None:
    if _PUT_ASIDE.fullmatch(heading) or group_key(heading) in _MANY_MEANINGS:
        return None
    target = target_of(heading)
    if not target or "?" in target:
        return None
    key, label, _ = parts_of(target)
    if key in _SINGLE:
        return lambda contact, text: _single(contact, key, text)
    many = {"email": _email, "phone": _phone, "url": _url, "birthday": _birthday}.get(key)
    word = label if key != "url" or label else ("" if "web" in group_key(heading) else heading)
    return (lambda contact, text: many(contact, text.strip(), word)) if many else None


def _single(contact: Contact, key: str, text: str) -> Contact | None:
    mine = getattr(contact, key)
    if "\n" in text or (mine and group_key(mine) != group_key(text)):
        return None
    return contact if mine else with_value(contact, key, text)


def _email(contact: Contact, text: str, label: str) -> Contact | None:
    if not is_email(text):
        return None
    new = Email(text, label)
    is_there = any(email_id(email) == email_id(new) for email in contact.emails)
    return contact if is_there else replace(contact, emails=(*contact.emails, new))


def _phone(contact: Contact, text: str, label: str) -> Contact | None:
    if not _PHONE.fullmatch(text) or sum(map(str.isdigit, text)) not in _DIGITS or _DATE.fullmatch(text):
        return None
    new = Phone(text, label)
    is_there = any(phone_id(phone) == phone_id(new) for phone in contact.phones)
    return contact if is_there else replace(contact, phones=(*contact.phones, new))


def _url(contact: Contact, text: str, label: str) -> Contact | None:
    if not _URL.fullmatch(text):
        return None
    new = Url(text, label)
    is_there = any(url_id(url) == url_id(new) for url in contact.urls)
    return contact if is_there else replace(contact, urls=(*contact.urls, new))


def _birthday(contact: Contact, text: str, _label: str) -> Contact | None:
    date = iso_date(text)
    if not _DATE.fullmatch(date) or (contact.birthday and contact.birthday != date):
        return None
    return replace(contact, birthday=date)
