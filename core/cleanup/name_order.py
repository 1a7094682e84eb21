"""Given and family name reversed: a given name Smith and a family name John, or a name `Smith, John`."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Final

from coterie.core.cleanup.kind import Kind, Proposal, Usual, change
from coterie.core.cleanup.people import is_person, words_of
from coterie.core.identity import read_name
from coterie.core.model import Contact
from coterie.core.text import email_key
from coterie.core.transform.people import swapped

_WORDS: Final = 3
"""So many words a given or a family name has at most."""


class NameOrder(Kind):
    """Both must speak for it: the one is a family name and never a given name, the other the other way round."""

    id: ClassVar[str] = "name-order"
    title: ClassVar[str] = "Given and family name reversed"
    about: ClassVar[str] = "The given name and the family name change places."

    def propose(self, contact: Contact, usual: Usual) -> Proposal | None:
        """The name with its parts in their places."""
        if not is_person(contact):
            return None
        return _swapped(contact, usual) or _comma(contact, usual)


def _swapped(contact: Contact, usual: Usual) -> Proposal | None:
    given, family = words_of(contact.given_name), words_of(contact.family_name)
    if len(given) != 1 or len(family) != 1 or contact.additional_names:
        return None
    if given[0] not in usual.family or family[0] not in usual.given:
        return None
    turned = swapped(contact)
    return change(contact, turned, "name", f"{contact.family_name} is a given name, {contact.given_name} a family name")


def _comma(contact: Contact, usual: Usual) -> Proposal | None:
    family, comma, given = (part.strip() for part in contact.name.partition(","))
    if not comma or not family or not given or "," in given or contact.prefix or contact.suffix:
        return None
    mine, others = words_of(given), words_of(family)
    read = read_name(contact.name)
    if not (0 < len(mine) <= _WORDS and 0 < len(others) <= _WORDS) or not read.fore or not read.family:
        return None
    if mine[0] not in words_of(" ".join(read.fore)) or not _speaks(contact, usual, mine[0], others[-1]):
        return None
    first, _, middle = given.partition(" ") if contact.additional_names else (given, "", "")
    turned = replace(
        contact,
        name=f"{given} {family}",
        given_name=first,
        additional_names=contact.additional_names or middle,
        family_name=family,
    )
    return change(contact, turned, "name", "the family name first, with a comma")


def _speaks(contact: Contact, usual: Usual, given: str, family: str) -> bool:
    """Whether the parts of the name, the known names or an address say which is the given name."""
    if given in words_of(contact.given_name) and family in words_of(contact.family_name):
        return True
    if given in usual.given and family not in usual.given:
        return True
    boxes = [email_key(email.address).partition("@")[0] for email in contact.emails]
    return any(given in box and family in box for box in boxes)
