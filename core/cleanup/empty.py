"""Empty contacts: a name at most, and nothing else that anybody could use."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Final

from coterie.core.cleanup.kind import Kind, Leads, Proposal, Usual
from coterie.core.model import Contact

_USEFUL: Final = (
    "emails", "phones", "addresses", "urls", "notes", "birthday", "company", "department", "job_title", "groups",
    "favorite",
)  # fmt: skip
_TRACES: Final = frozenset({"UID"})
"""Custom fields that say nothing about a person."""


class Empty(Kind):
    """In no group, without a star, and not kept by any account."""

    id: ClassVar[str] = "empty"
    title: ClassVar[str] = "Nothing but a name"
    about: ClassVar[str] = "They are moved to the Bin: there is no way to reach them, and nothing else is known."
    leads: ClassVar[Leads] = Leads.DELETE

    def propose(self, contact: Contact, usual: Usual) -> Proposal | None:
        """Away with it: the preview shows the name that goes."""
        if not is_empty(contact):
            return None
        after = replace(contact, name="") if contact.name else Contact(id=contact.id)
        return Proposal(contact, after, "name", "nothing but a name")


def is_empty(contact: Contact) -> bool:
    """Whether nothing is known of a contact but its name."""
    says_more = any(getattr(contact, key) for key in _USEFUL) or not contact.custom.keys() <= _TRACES
    return not says_more and not contact.sources
