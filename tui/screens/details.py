"""Details: everything about one contact, and the commands for it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from textual import work
from textual.app import ComposeResult

from coterie.core.book import Book
from coterie.core.checks import Checks
from coterie.core.errors import CoterieError, NotFound
from coterie.core.model import Contact
from coterie.tui.actions.command import Command, Place, Situation
from coterie.tui.actions.context import Beside
from coterie.tui.commands import bindings_in
from coterie.tui.screens.base import CommandScreen
from coterie.tui.state import State
from coterie.tui.target import Target
from coterie.tui.widgets.contact_page import Item
from coterie.tui.widgets.inspector import Inspector
from coterie.tui.widgets.key_footer import KeyFooter
from coterie.tui.widgets.status_bar import StatusBar
from coterie.tui.widgets.title_bar import TitleBar


class Details(CommandScreen):
    """One contact with all its fields, live or in the Bin. esc leads back to the list.

    Args:
        contact: what to show at first.
        beside: asked for the contact so many rows from another one in the list beneath; None at its ends.
    """

    BINDINGS = bindings_in(Place.DETAILS, Place.BINNED)
    CSS_PATH = "details.tcss"
    place = Place.DETAILS
    group = None

    def __init__(self, book: Book, state: State, contact: Contact, beside: Beside) -> None:
        super().__init__(book, state)
        self.contact = contact
        self._beside = beside

    def compose(self) -> ComposeResult:
        """Title, the fields, status and keys."""
        yield TitleBar()
        yield Inspector(self.state.glyphs, self.state.called, id="page")
        yield StatusBar()
        yield KeyFooter()

    def on_mount(self) -> None:
        """Show the contact."""
        self.mover.focus()
        self._learn_colors()
        self._show()
        self.show_said()

    def _show(self) -> None:
        star = self.state.glyphs.star if self.contact.favorite else ""
        self.query_one(TitleBar).tell(self.book.called(self.contact), star, ())
        self.mover.show(self.contact, (), self.book.bin.days_left(self.contact))
        self.refresh_footer()
        self._say_more()

    @work(group="about", exclusive=True, exit_on_error=False)
    async def _say_more(self) -> None:
        """Show what else the book knows of the contact."""
        from coterie.tui.about import about

        with suppress(CoterieError):
            self.mover.add(await about(self.book, self.contact))

    @property
    def inspector(self) -> Inspector:
        """The fields."""
        return self.query_one(Inspector)

    @property
    def mover(self) -> Inspector:
        """The same, as what the moving keys move."""
        return self.inspector

    def show_place(self) -> None:
        """The cursor is on the page itself."""

    @work(group="colors", exit_on_error=False)
    async def _learn_colors(self) -> None:
        with suppress(CoterieError):
            self.mover.chosen = {group.name: group.color for group in await self.book.groups.all() if group.color}
            if self.mover.chosen:
                self._show()

    async def back(self) -> None:
        """Back to the list."""
        if self.is_active:
            self.dismiss()

    async def reload(self) -> None:
        """Show the contact as it is now; leave if it is gone forever."""
        try:
            self.contact = await self.book.contact(self.selected_id)
        except NotFound:
            await self.back()
        else:
            self._show()

    # What commands act on --------------------------------------------------------------------------------------

    @property
    def selected_id(self) -> int:
        """The contact's id."""
        assert self.contact.id is not None
        return self.contact.id

    @property
    def this(self) -> Target:
        """The contact."""
        return Target(Checks.of([self.selected_id]), self.book.called(self.contact))

    @property
    def group_under_cursor(self) -> None:
        """Here no group is meant."""

    @property
    def marked_value(self) -> Item | None:
        """The value under the cursor."""
        return self.inspector.item

    async def target(self, command_id: str) -> Target:
        """The contact."""
        return self.this

    async def looked_at(self) -> Target:
        """The contact."""
        return self.this

    def drop(self, selection: Checks) -> None:
        """It is not checked any more: it has moved elsewhere."""
        self.state.checks -= selection
        self.state.bin_checks -= selection

    async def after_delete(self, selection: Checks) -> None:
        """Back to the list."""
        await self.back()

    @property
    def where(self) -> Place:
        """What can be done with a contact in the Bin is something else."""
        return Place.BINNED if self.contact.deleted_at else Place.DETAILS

    def not_here(self, command: Command) -> str:
        """The contact is in the Bin, or is not."""
        if self.where is Place.BINNED:
            return f"This contact is in the Bin; {self.key('restore')} restores it."
        return "This contact is not in the Bin."

    def situation(self) -> Situation:
        """The moment, for the reasons why a command cannot be used."""
        return replace(super().situation(), row=True, sources=len(self.contact.sources))

    async def go(self, by: int) -> bool:
        """Show another contact of the list; whether there is one."""
        wanted = await self._beside(self.selected_id, by)
        if wanted is not None:
            self.contact = await self.book.contact(wanted)
            self.say("")
            self._show()
        return wanted is not None
