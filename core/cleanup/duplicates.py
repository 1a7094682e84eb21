"""The same person twice: leads to the duplicates, which are merged pair by pair."""

from __future__ import annotations

from typing import ClassVar

from coterie.core.cleanup.kind import Kind, Leads, Proposal, Usual
from coterie.core.model import Contact


class Duplicates(Kind):
    """Found by `core.store.duplicates`: one contact alone does not tell."""

    id: ClassVar[str] = "duplicates"
    title: ClassVar[str] = "The same contact twice"
    about: ClassVar[str] = "They are shown pair by pair, and you decide; or merge all that are certain at once."
    leads: ClassVar[Leads] = Leads.PAIRS

    def propose(self, contact: Contact, usual: Usual) -> Proposal | None:
        """Nothing: it takes two."""
        return None
