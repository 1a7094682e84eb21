"""What a contact is called on the screen: by its name as it is, or with the family name first."""

from __future__ import annotations

from enum import StrEnum

from core.model import Contact


class NameOrder(StrEnum):
    """The setting `name_order`."""

    GIVEN = "given"
    FAMILY = "family"


def called(contact: Contact, order: NameOrder) -> str:
    """What lists and titles call a contact."""
    return family_first(contact) if order is NameOrder.FAMILY else contact.shown_name


def family_first(contact: Contact) -> str:
    """`Family, Given Additional, Suffix`; a prefix stands only where there is no given name.

    Who has no family name, or is called like the company, is called as ever.
    """
    if not contact.family_name or contact.name == contact.company:
        return contact.shown_name
    given = " ".join(filter(None, (contact.given_name, contact.additional_names))) or contact.prefix
    return ", ".join(filter(None, (contact.family_name, given, contact.suffix)))
