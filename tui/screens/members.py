"""A group's members: the contacts screen on top of the list of groups."""

from __future__ import annotations

from coterie.core.listing import View
from coterie.core.model import Group
from coterie.tui.commands import Place, bindings_in
from coterie.tui.screens import empty
from coterie.tui.screens.contacts_screen import ContactsScreen
from coterie.tui.screens.group_verbs import NO_ADDRESS


class Members(ContactsScreen):
    """The members of one group."""

    BINDINGS = bindings_in(Place.MEMBERS, Place.SIDEBAR)
    view = View.GROUP
    place = Place.MEMBERS

    @property
    def group_under_cursor(self) -> Group | None:
        """The sidebar's group while that has the focus, else the one that is shown."""
        return super().group_under_cursor if self.in_sidebar else self.group

    async def action_no_address(self) -> None:
        """Show the members who have no e-mail address; again, all of them."""
        if self.in_sidebar:
            await super().action_no_address()
        else:
            await self.look_for("" if self.query_text == NO_ADDRESS else NO_ADDRESS)

    def empty_lines(self) -> empty.Lines:
        """How to add some."""
        return empty.NO_MEMBERS
