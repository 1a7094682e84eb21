"""The Bin: what was deleted, for how long it stays, and the ways back and out."""

from __future__ import annotations

from coterie.core.listing import View
from coterie.tui.actions.command import Place
from coterie.tui.commands import bindings_in
from coterie.tui.screens import empty
from coterie.tui.screens.contacts import ContactList


class Bin(ContactList):
    """Deleted contacts with the days that are left and what deleted them."""

    BINDINGS = bindings_in(Place.BIN, Place.SIDEBAR)
    view = View.BIN
    place = Place.BIN
    title_words = "Bin"

    def empty_lines(self) -> empty.Lines:
        """What the Bin is for."""
        return empty.empty_bin(self.book.bin.days)
