"""What a contact is called on the screen: by its name as it is, or with the family name first."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from coterie.core.model import Contact


class NameOrder(StrEnum):
    """The setting `name_order`."""

    GIVEN = "given"
    FAMILY = "family"


Called = Callable[[Contact], str]
"""What contacts are called: `Book.called`."""


def as_named(contact: Contact) -> str:
    """What a contact is called with the given name first, as it mostly is."""
    return contact.shown_name


def called(contact: Contact, order: NameOrder) -> str:
    """What lists and titles call a contact."""
    return family_first(contact) if order is NameOrder.FAMILY else as_named(contact)


def family_first(contact: Contact) -> str:
    """`Family, Given Additional, Suffix`; a prefix stands only if there is no given name.

    A contact without a family name, or called like its company, is called by its name as it is.
    """
    if not contact.family_name or contact.name == contact.company:
        return as_named(contact)
    given = f"{contact.given_name} {contact.additional_names}".strip() or contact.prefix
    return ", ".join([part for part in (contact.family_name, given, contact.suffix) if part])


def called_apart(left: Contact, right: Contact, called: Called) -> tuple[str, str]:
    """What two named contacts are called; their names as they are if these differ and that would not show."""
    both = called(left), called(right)
    is_hidden = both[0] == both[1] and left.name != right.name
    return (left.name, right.name) if is_hidden or not (left.name and right.name) else both
