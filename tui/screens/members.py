"""A group's members: the contacts screen on top of the list of groups."""

from __future__ import annotations

from coterie.core.listing import View
from coterie.tui.commands import Place, bindings_in
from coterie.tui.screens import empty
from coterie.tui.screens.contacts_screen import ContactsScreen


class Members(ContactsScreen):
    """The members of one group."""

    BINDINGS = bindings_in(Place.MEMBERS, Place.SIDEBAR)
    view = View.GROUP
    place = Place.MEMBERS

    def empty_lines(self) -> empty.Lines:
        """How to add some."""
        return empty.NO_MEMBERS
