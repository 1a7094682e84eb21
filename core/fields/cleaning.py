"""Contacts as they may be stored: whatever they come from, they are cleaned by the kinds of their fields."""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from typing import Any, Final

from coterie.core.fields.attributes import ATTRIBUTES, TEXT_FIELDS
from coterie.core.fields.codec import cleaned
from coterie.core.model import Address, Contact
from coterie.core.text import email_key

_CLEANED: Final = tuple(name for name in ATTRIBUTES if name != "favorite")
_TEXTS: Final = attrgetter(*TEXT_FIELDS)
_ADDRESS_TEXTS: Final = attrgetter(*(field.name for field in dataclasses.fields(Address)))
_PUNCTUATION: Final = " .,;"
"""What no address and no number ends with; an empty text is in it, too."""


def clean(contact: Contact) -> Contact:
    """The contact as it may be stored; the same object if nothing has to change."""
    if _is_clean(contact):
        return contact
    changes: dict[str, Any] = {}
    for field in _CLEANED:
        value = getattr(contact, field)
        if value and (neat := cleaned(field, value)) != value:
            changes[field] = neat
    return dataclasses.replace(contact, **changes) if changes else contact


def _is_clean(contact: Contact) -> bool:
    """Whether `cleaned` would surely leave this contact as it is. A quick look, since nearly all contacts are clean."""
    texts = [*_TEXTS(contact), *[group or " " for group in contact.groups]]
    emails = contact.emails
    for email in emails:
        if email.address[-1:] in _PUNCTUATION:
            return False
        texts += (email.address, email.label)
    if len(emails) > 1 and (
        any(e.primary for e in emails[1:]) or len({email_key(e.address) for e in emails}) < len(emails)
    ):
        return False
    for phone in contact.phones:
        if phone.number[-1:] in _PUNCTUATION:
            return False
        texts += (phone.number, phone.label)
    for address in contact.addresses:
        parts = _ADDRESS_TEXTS(address)
        texts += parts if any(parts[:-1]) else (" ",)
    for url in contact.urls:
        texts += (url.url or " ", url.label)
    if contact.custom:
        for heading, text in contact.custom.items():
            texts += (heading or " ", text or " ")
    text = f"|{'|'.join(texts)}|"
    return text.isprintable() and "| " not in text and " |" not in text
