"""What a command acts on."""

from __future__ import annotations

from dataclasses import dataclass

from coterie.core.checks import Checks
from coterie.tui.plans import words_for


@dataclass(frozen=True, slots=True)
class Target:
    """The contacts that a command acts on, as the user means it.

    Attributes:
        selection: the contacts.
        name: the contact's, if it is the only one and known.
        hidden: how many of them the list does not show.
    """

    selection: Checks
    name: str = ""
    hidden: int = 0

    @property
    def words(self) -> str:
        """“Ada King”, “3 contacts”, “3 contacts (2 not shown here)”."""
        words = words_for(self.selection, self.name)
        return f"{words} ({self.hidden:,} not shown here)" if self.hidden else words
