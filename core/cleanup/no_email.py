"""Contacts without an e-mail address."""

from __future__ import annotations

from typing import ClassVar

from coterie.core.cleanup.empty import is_empty
from coterie.core.cleanup.kind import Kind, Leads, Proposal, Usual, remark
from coterie.core.model import Contact


class NoEmail(Kind):
    """Nothing can be proposed: they are checked in the list, for the user to write to, phone or delete them."""

    id: ClassVar[str] = "no-email"
    title: ClassVar[str] = "No e-mail address"
    about: ClassVar[str] = "They are checked in the list, and you decide what to do with them."
    leads: ClassVar[Leads] = Leads.CHECK
    query: ClassVar[str] = "missing:email"

    def propose(self, contact: Contact, usual: Usual) -> Proposal | None:
        """A remark; about empty contacts there is another kind."""
        if contact.emails or is_empty(contact):
            return None
        return remark(contact, "emails", "There is a phone number." if contact.phones else "There is no phone number.")
