"""LeavePlaces: what becomes of the contacts in places that are no longer to be synced."""

from __future__ import annotations

from coterie.core.text import number_of
from coterie.tui.dialogs.fate import FateDialog


class LeavePlaces(FateDialog):
    """Answers what to do with the contacts.

    Args:
        contacts: how many contacts would no longer be synced.
        alone: how many of them are known to no other place.
    """

    heading = "Sync less"
    confirm_label = "Save and keep"
    remove_label = "Save and remove"
    cancel_label = "Go back"
    alone_words = "that no other place has"

    def __init__(self, contacts: int, alone: int) -> None:
        super().__init__(contacts, alone)
        self.note = f"{number_of(contacts)} would no longer sync. On the server nothing changes."
