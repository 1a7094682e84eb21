"""Contacts to rows and back: the one place that knows how a value is written in a column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import tzinfo
from operator import attrgetter
from typing import Any, Final

from coterie.core.clock import from_ms, to_ms
from coterie.core.fields import FIELDS
from coterie.core.fields.attributes import ATTRIBUTES, TEXT_FIELDS
from coterie.core.fields.codec import decode, encode
from coterie.core.fields.kinds import Custom
from coterie.core.fields.lists import Addresses, Urls
from coterie.core.model import UNDONE, Address, Contact, Email, Phone, RemoteRef, Url
from coterie.core.names import family_first
from coterie.core.text import email_key, fold, fold_again, folded_lines, phone_key

JSON_FIELDS: Final = tuple(key for key in ATTRIBUTES if isinstance(FIELDS[key].kind, Addresses | Urls | Custom))
"""Attributes that are one column of JSON text each; empty text if there is nothing."""
CONTACT_COLUMNS: Final = (
    "id", "state", "favorite", "sort_key", *TEXT_FIELDS, *JSON_FIELDS,
    "created_at", "updated_at", "deleted_at", "deleted_by", "version", "family_key",
)  # fmt: skip
READ_COLUMNS: Final = (
    "id", "favorite", *JSON_FIELDS, "created_at", "updated_at", "deleted_at", "deleted_by", "version", *TEXT_FIELDS,
)  # fmt: skip
"""The columns of which `contact_from_row` makes a contact."""
EMAIL_COLUMNS: Final = ("contact_id", "position", "address", "label", "is_primary", "norm")
PHONE_COLUMNS: Final = ("contact_id", "position", "number", "label", "norm")
LINE_COLUMNS: Final = ("department", "birthday", "address", "city", "country", "url", "custom")
"""The columns of `search` that hold each text between two line ends, see `core.text.folded_lines`."""
SEARCH_COLUMNS: Final = ("name", "email", "company", "title", "phone", "notes", *LINE_COLUMNS)
GONE: Final = "2"
"""What the journal calls the state of a contact that is not there: not created yet, or its creation was undone."""
NAMELESS: Final = "\uffff"
"""The sort key of who has no name, address and number: they come last."""
HAS_UID: Final = "custom LIKE '%\"UID\"%'"
"""Whether a contact has a UID; with it the index `contact_uid` finds `Dialect.uid`."""


_ADDRESS: Final = tuple(field.name for field in fields(Address))
_ADDRESS_TEXTS: Final = attrgetter(*_ADDRESS)
_OF_ADDRESS: Final = attrgetter("po_box", "extended", "street", "postal_code", "region")
_TEXTS: Final = attrgetter(*TEXT_FIELDS)
_NO_LINES: Final = ("",) * len(LINE_COLUMNS)
_NAMES: Final = attrgetter(*(key for key in TEXT_FIELDS if FIELDS[key].within == "name"))
_AMONG_CUSTOM: Final = tuple(key for key in TEXT_FIELDS if not FIELDS[key].search and FIELDS[key].within == "custom")
"""Text fields whose texts are searched beside the custom fields."""
_LABELS: Final = tuple(FIELDS[key].label for key in _AMONG_CUSTOM)
_FURTHER: Final = attrgetter("department", "birthday", "addresses", "urls", "custom", *_AMONG_CUSTOM)


def is_undone(contact: str = "contact") -> str:
    """SQL: whether the creation of a row of `contact`, by that name, was undone."""
    return f"{contact}.state = 1 AND {contact}.deleted_by = '{UNDONE}'"


def sort_key(contact: Contact) -> str:
    """The text by which lists are ordered: what the list calls the contact, folded; nameless ones come last."""
    return fold(contact.shown_name) or NAMELESS


def family_key(contact: Contact) -> str:
    """The same if family names come first."""
    return fold(family_first(contact)) or NAMELESS


def order_keys(contact: Contact) -> dict[str, str]:
    """The columns by which lists are ordered."""
    return {"sort_key": sort_key(contact), "family_key": family_key(contact)}


def contact_row(contact: Contact, contact_id: int, now: int, name: str) -> tuple[Any, ...]:
    """A new, live contact as a row of CONTACT_COLUMNS; `name` is its folded name."""
    name = name or sort_key(contact)
    return (
        contact_id, 0, int(contact.favorite), name,
        *_TEXTS(contact),
        encode("addresses", contact.addresses) if contact.addresses else "",
        encode("urls", contact.urls) if contact.urls else "",
        encode("custom", contact.custom) if contact.custom else "",
        to_ms(contact.created_at) if contact.created_at else now,
        to_ms(contact.updated_at) if contact.updated_at else now,
        None, None, 1, family_key(contact) if contact.family_name else name,
    )  # fmt: skip


def email_row(contact_id: int, place: int, email: Email, key: str) -> tuple[Any, ...]:
    """A row of EMAIL_COLUMNS; `key` is the `email_key` of the address."""
    return contact_id, place, email.address, email.label, int(email.primary), key


def phone_row(contact_id: int, place: int, phone: Phone, key: str) -> tuple[Any, ...]:
    """A row of PHONE_COLUMNS; `key` is the `phone_key` of the number."""
    return contact_id, place, phone.number, phone.label, key


def email_rows(contact_id: int, emails: Iterable[Email]) -> list[tuple[Any, ...]]:
    """Rows of EMAIL_COLUMNS."""
    return [email_row(contact_id, place, email, email_key(email.address)) for place, email in enumerate(emails)]


def phone_rows(contact_id: int, phones: Iterable[Phone]) -> list[tuple[Any, ...]]:
    """Rows of PHONE_COLUMNS."""
    return [phone_row(contact_id, place, phone, phone_key(phone.number)) for place, phone in enumerate(phones)]


def search_row(contact_id: int, contact: Contact) -> tuple[Any, ...]:
    """The row of `search`: (contact_id, *SEARCH_COLUMNS)."""
    emails = [email_key(email.address) for email in contact.emails]
    phones = [phone_key(phone.number) for phone in contact.phones]
    return searched(contact_id, contact, fold(contact.name), emails, phones)


def searched(
    contact_id: int, contact: Contact, name: str, emails: Sequence[str], phones: Sequence[str]
) -> tuple[Any, ...]:
    """The same, from a folded name and the keys of addresses and numbers."""
    whole = contact.name
    if others := [part for part in _NAMES(contact) if part and part not in whole]:
        name = fold(" ".join((whole, *others)))
    return (
        contact_id,
        name,
        _folded(emails) if emails else "",
        fold_again(contact.company) if contact.company else "",
        fold_again(contact.job_title) if contact.job_title else "",
        "\n".join(phones),
        fold(contact.notes) if contact.notes else "",
        *(_further(*further) if any(further := _FURTHER(contact)) else _NO_LINES),
    )


def _further(
    department: str,
    birthday: str,
    addresses: Iterable[Address],
    urls: Iterable[Url],
    custom: Mapping[str, str],
    *among_custom: str,
) -> tuple[str, ...]:
    """The LINE_COLUMNS of a contact."""
    others = [f"{heading}: {text}" for heading, text in custom.items()]
    if among_custom:
        others += [f"{label}: {text}" for label, text in zip(_LABELS, among_custom, strict=True) if text]
    return (
        folded_lines((department,)),
        folded_lines((birthday,)),
        folded_lines([text for address in addresses for text in _OF_ADDRESS(address)]),
        folded_lines([address.city for address in addresses]),
        folded_lines([address.country for address in addresses]),
        folded_lines([url.url for url in urls]),
        folded_lines(others),
    )


def _folded(keys: Sequence[str]) -> str:
    """The folded keys of addresses, in lines. Nearly all of them are folded already: ASCII, in small letters."""
    lines = "\n".join(keys)
    return lines if lines.isascii() and "  " not in lines else "\n".join(map(fold, keys))


def contact_from_row(
    row: Sequence[Any],
    emails: tuple[Email, ...],
    phones: tuple[Phone, ...],
    groups: tuple[str, ...],
    sources: tuple[RemoteRef, ...],
    zone: tzinfo | None,
) -> Contact:
    """The contact of a row of READ_COLUMNS and of what stands in other tables; its times as `zone` shows them."""
    number, favorite, addresses, urls, custom, created_at, updated_at, deleted_at, deleted_by, version, *texts = row
    return Contact(
        number,
        emails=emails,
        phones=phones,
        groups=groups,
        favorite=favorite == 1,
        addresses=decode("addresses", addresses) if addresses else (),
        urls=decode("urls", urls) if urls else (),
        custom=decode("custom", custom) if custom else {},
        sources=sources,
        created_at=from_ms(created_at, zone),
        updated_at=from_ms(updated_at, zone),
        deleted_at=None if deleted_at is None else from_ms(deleted_at, zone),
        deleted_by=deleted_by,
        version=version,
        **dict(zip(TEXT_FIELDS, texts, strict=True)),
    )
