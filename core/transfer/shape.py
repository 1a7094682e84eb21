"""How wide a table must be: the columns of CSV depend on the contact that has the most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from coterie.core.model import Contact
from coterie.core.wellknown import are_dates, google_place

GROWN: Final = "A contact was changed while it was exported and no longer fits the table."


@dataclass(frozen=True, slots=True)
class Shape:
    """The most that any contact has, and the headings of all custom fields.

    Attributes:
        emails, phones, addresses, urls: the largest number that one contact has.
        custom: every heading, in the order of its columns.
        places: the largest number of custom fields that one contact has, for each of Google's groups of columns.
    """

    emails: int = 0
    phones: int = 0
    addresses: int = 0
    urls: int = 0
    custom: tuple[str, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)


def shape_of(contacts: Iterable[Contact]) -> Shape:
    """The shape of `contacts`, in one pass; a store can know it without reading them."""
    emails = phones = addresses = urls = 0
    headings: dict[str, None] = {}
    places: Counter[str] = Counter()
    for contact in contacts:
        emails = max(emails, len(contact.emails))
        phones = max(phones, len(contact.phones))
        addresses = max(addresses, len(contact.addresses))
        urls = max(urls, len(contact.urls))
        if contact.custom:
            headings.update(dict.fromkeys(contact.custom))
            places |= places_of(contact.custom)
    return Shape(emails, phones, addresses, urls, tuple(headings), places)


def places_of(custom: Mapping[str, str]) -> Counter[str]:
    """How many of a contact's custom fields belong to each of Google's groups of columns."""
    return Counter(google_place(heading, dated=are_dates(text))[0] for heading, text in custom.items())
