"""Details: everything about one contact, and the commands for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from textual import on, work
from textual.app import ComposeResult

from coterie.core.book import Book
from coterie.core.bulk.favorite import Star, Unstar
from coterie.core.checks import Checks
from coterie.core.errors import CoterieError, NotFound
from coterie.core.model import Contact
from coterie.tui import notices, plans
from coterie.tui.commands import Command, Place, Situation, bindings_in
from coterie.tui.messages import BookChanged
from coterie.tui.screens.bin_verbs import BinVerbs
from coterie.tui.screens.editing import EditingOne
from coterie.tui.screens.moving import MovingCommands
from coterie.tui.screens.on_a_value import ValueCommands
from coterie.tui.screens.placing import PlacingCommands
from coterie.tui.screens.writing import WritingCommands
from coterie.tui.state import State
from coterie.tui.target import Target
from coterie.tui.widgets.inspector import Inspector
from coterie.tui.widgets.key_footer import KeyFooter
from coterie.tui.widgets.status_bar import StatusBar
from coterie.tui.widgets.title_bar import TitleBar


class Details(EditingOne, PlacingCommands, BinVerbs, WritingCommands, MovingCommands, ValueCommands):
    """One contact with all its fields, live or in the Bin. esc leads back to the list.

    Args:
        contact: what to show at first.
        beside: asked for the contact so many rows from another one in the list beneath; None where the list ends.
    """

    BINDINGS = bindings_in(Place.DETAILS, Place.BINNED)
    CSS_PATH = "details.tcss"
    place = Place.DETAILS

    def __init__(
        self, book: Book, state: State, contact: Contact, beside: Callable[[int, int], Awaitable[int | None]]
    ) -> None:
        super().__init__(book, state)
        self.contact = contact
        self._beside = beside

    def compose(self) -> ComposeResult:
        """Title, the fields, status and keys."""
        yield TitleBar()
        yield Inspector(self.state.glyphs, id="page")
        yield StatusBar()
        yield KeyFooter()

    def on_mount(self) -> None:
        """Show the contact."""
        self.mover.focus()
        self._learn_colours()
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

    @work(group="colours", exit_on_error=False)
    async def _learn_colours(self) -> None:
        with suppress(CoterieError):
            self.mover.chosen = {group.name: group.color for group in await self.book.groups.all() if group.color}
            if self.mover.chosen:
                self._show()

    async def action_back(self) -> None:
        """Back to the list."""
        if self.is_active:
            self.dismiss()

    @on(BookChanged)
    @work(group="details", exit_on_error=False)
    async def _changed(self) -> None:
        """Show the contact as it is now; leave where it is gone forever."""
        try:
            self.contact = await self.book.contact(self.selected_id)
        except NotFound:
            await self.action_back()
        except CoterieError as error:
            notices.show(self.app, error)
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

    async def target(self, command_id: str) -> Target:
        """The contact."""
        return self.this

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

    # Commands --------------------------------------------------------------------------------------------------

    async def action_next_contact(self) -> None:
        """Show the contact below this one in the list."""
        await self._go(1, "This is the last contact of the list.")

    async def action_previous_contact(self) -> None:
        """Show the contact above this one in the list."""
        await self._go(-1, "This is the first contact of the list.")

    async def _go(self, by: int, at_the_end: str) -> None:
        wanted = await self._beside(self.selected_id, by)
        if wanted is None:
            self.say(at_the_end)
            return
        self.contact = await self.book.contact(wanted)
        self.say("")
        self._show()

    async def action_contact_history(self) -> None:
        """Show what became of the contact, and put one value back."""
        from coterie.tui.dialogs.contact_history import ContactHistory

        past = await self.book.history.of_contact(self.selected_id)
        name, is_live = self.this.name, self.where is Place.DETAILS
        dialog = ContactHistory(name, past, self.book.actor, now=self.book.now(), editable=is_live)
        if plan := await self.app.push_screen_wait(dialog):
            await self.carry_out(plan)

    def action_edit(self) -> Awaitable[object]:
        """The form."""
        return self.edit_one(self.selected_id)

    async def action_favorite(self) -> None:
        """The star on or off."""
        await self.act(self.this, Unstar() if self.contact.favorite else Star())

    async def action_delete(self) -> None:
        """Into the Bin, and back to the list."""
        this = self.this
        if await self.carry_out(plans.delete(this.selection, this.name)):
            self.state.checks -= this.selection
            await self.action_back()

    async def action_restore(self) -> None:
        """Bring the contact back from the Bin."""
        if await self.restore(self.this):
            self.state.bin_checks -= self.this.selection

    async def action_delete_forever(self) -> None:
        """Ask, then delete the contact forever, and go back to the list."""
        this = self.this
        if await self.delete_for_ever(this, f"Delete {this.name} forever?"):
            self.state.bin_checks -= this.selection
            await self.action_back()

    async def action_take_apart(self) -> None:
        """Let what an account says be a contact of its own."""
        from coterie.core.sync.splitting import take_apart
        from coterie.tui.dialogs.pick import Pick

        refs = {ref.account: ref for ref in self.contact.sources}
        if len(self.contact.sources) == 1 and not await self.book.accounts.added([self.selected_id]):
            self.say(f"This contact came from {next(iter(refs))}, and from nowhere else.")
            return
        title = f"Which account means another person than {self.this.name}?"
        chosen = await self.app.push_screen_wait(Pick(title, [(name, name) for name in refs], yes="Take apart"))
        if chosen is not None:
            links = await self.book.accounts.links([self.selected_id])
            await self.carry_out(take_apart(self.contact, refs[chosen], links))

    async def action_copy(self) -> None:
        """Copy the value under the cursor; without one, the address."""
        if self.inspector.item:
            self.action_copy_value()
        else:
            await self.copy_addresses(self.this.selection)

    async def action_write_to(self) -> None:
        """Show the address, ready for To or Bcc."""
        await self.write_to(self.this.selection, self.this.name)
