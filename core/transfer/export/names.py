"""First and last names for layouts that have no column for the whole name."""

from __future__ import annotations

from core.model import Contact


def split_name(contact: Contact) -> tuple[str, str, str]:
    """The given, additional and family names; taken apart at its last blank where only the whole name is known.

    The name of a company stays empty: these layouts have a column of its own for it.
    """
    if contact.given_name or contact.additional_names or contact.family_name:
        return contact.given_name, contact.additional_names, contact.family_name
    if contact.name == contact.company:
        return "", "", ""
    given, _, family = contact.name.rpartition(" ")
    return (given, "", family) if given else (family, "", "")
