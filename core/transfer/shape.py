"""How wide a table must be: the columns of CSV depend on the contact that has the most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.model import Contact


@dataclass(frozen=True, slots=True)
class Shape:
    """The most that any contact has, and the headings of all custom fields.

    Attributes:
        emails, phones, addresses, urls: the largest number that one contact has.
        custom: every heading, in the order of its columns.
    """

    emails: int = 0
    phones: int = 0
    addresses: int = 0
    urls: int = 0
    custom: tuple[str, ...] = ()


def shape_of(contacts: Iterable[Contact]) -> Shape:
    """The shape of `contacts`, in one pass; a store can know it without reading them."""
    emails = phones = addresses = urls = 0
    headings: dict[str, None] = {}
    for contact in contacts:
        emails = max(emails, len(contact.emails))
        phones = max(phones, len(contact.phones))
        addresses = max(addresses, len(contact.addresses))
        urls = max(urls, len(contact.urls))
        if contact.custom:
            headings.update(dict.fromkeys(contact.custom))
    return Shape(emails, phones, addresses, urls, tuple(headings))
