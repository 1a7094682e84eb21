"""Titles and suffixes inside names: a given name `Dr. Ada`, a family name `King PhD`."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from coterie.core.cleanup.kind import Kind, Proposal, Usual, change
from coterie.core.cleanup.people import is_person, is_suffix, is_title
from coterie.core.model import Contact
from coterie.core.transform.people import titles_taken_out


class Titles(Kind):
    """What the contact is called stays the same."""

    id: ClassVar[str] = "titles"
    title: ClassVar[str] = "Titles inside names"
    about: ClassVar[str] = "Dr., Mrs., Jr. and PhD go into fields of their own; what the contact is called stays."

    def propose(self, contact: Contact, usual: Usual) -> Proposal | None:
        """The title in the prefix, the suffix in the suffix."""
        if not is_person(contact):
            return None
        given, family = contact.given_name.split(), contact.family_name.replace(",", " ").split()
        if not given and not family:
            *given, last = contact.name.replace(",", " ").split()
            family = [*given[-1:], last]
        titles = [word for word in given[:1] if is_title(word)]
        suffixes = [word for word in family[1:][-1:] if is_suffix(word)]
        if not titles and not suffixes:
            return None
        if len(given) == 1 and titles:  # Mrs. King
            after = replace(contact, prefix=contact.prefix or given[0], given_name="", family_name=family[-1])
        else:
            after = titles_taken_out(contact)
        return change(contact, after, "prefix" if titles else "suffix", " ".join([*titles, *suffixes]))
