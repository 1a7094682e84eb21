"""A group's members: the contacts screen on top of the list of groups."""

from __future__ import annotations

from coterie.core.listing import View
from coterie.core.model import Group
from coterie.tui.actions.command import Place
from coterie.tui.commands import bindings_in
from coterie.tui.screens import empty
from coterie.tui.screens.contacts import ContactList


class Members(ContactList):
    """The members of one group."""

    BINDINGS = bindings_in(Place.MEMBERS, Place.SIDEBAR)
    view = View.GROUP
    place = Place.MEMBERS

    @property
    def group_under_cursor(self) -> Group | None:
        """The sidebar's group while that has the focus, else the one that is shown."""
        return super().group_under_cursor if self.in_sidebar else self.group

    def empty_lines(self) -> empty.Lines:
        """How to add some."""
        return empty.NO_MEMBERS
