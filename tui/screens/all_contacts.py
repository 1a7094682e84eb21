"""All contacts: the first view."""

from __future__ import annotations

from coterie.core.listing import View
from coterie.tui.actions.command import Place
from coterie.tui.commands import bindings_in
from coterie.tui.screens import empty
from coterie.tui.screens.contacts import ContactList


class AllContacts(ContactList):
    """All contacts that are not in the Bin."""

    BINDINGS = bindings_in(Place.ALL, Place.SIDEBAR)
    view = View.ALL
    place = Place.ALL
    title_words = "All contacts"

    def empty_lines(self) -> empty.Lines:
        """A newcomer's page."""
        return empty.EMPTY_BOOK
