"""What the keys do that change contacts."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence

from textual import on

from core.bulk import BulkAction, make_plan, preview
from core.bulk.favorite import Star, Unstar
from core.bulk.set_field import SetField
from core.checks import Checks
from core.fields import FIELDS
from core.listing import Listing, Row, View
from tui import plans
from tui.screens.as_text import TextCommands
from tui.screens.checking import CheckingCommands
from tui.screens.editing import EditingOne
from tui.widgets.contact_table import ContactTable


class ChangingCommands(CheckingCommands, EditingOne, TextCommands):
    """New contacts, editing, stars, the Bin - one plan and one undo each."""

    _deleted: int | None = None

    # One contact -----------------------------------------------------------------------------------------------

    async def action_new(self) -> None:
        """Ask for a new contact; in a group's list it joins that group."""
        added = await self.add_one(self.group)
        if added is not None:
            await self.go_to(added)

    async def go_to(self, contact_id: int) -> None:
        """Put the cursor on a contact where this list shows it."""
        position = await self.book.position(self.listing, contact_id)
        if position is not None:
            self.table.move_to(position)

    def action_open(self) -> Awaitable[object] | None:
        """Show everything about the contact under the cursor; in the sidebar, open what is under its cursor."""
        if self.choose_in_sidebar() or self.row is None:
            return None
        return self._open_details(self.row.id)

    @on(ContactTable.Activated)
    def _activated(self, event: ContactTable.Activated) -> None:
        self.later(self._open_details(event.row.id))

    async def _open_details(self, contact_id: int) -> None:
        from tui.screens.details import Details

        await self.app.push_screen(Details(self.book, self.state, await self.book.contact(contact_id)))

    async def action_edit(self) -> None:
        """One contact in its form; several together."""
        selection = self.selected
        if len(selection) == 1:
            await self.edit_one(next(iter(selection)))
        else:
            await self.edit_together(selection)

    async def edit_together(self, selection: Checks) -> None:
        """One form for all: what differs is shown as such, what is not touched stays; then a preview."""
        from tui.dialogs.bulk_edit import BulkEdit, Common

        groups = [group.name for group in await self.book.groups()]
        common = await Common.of(self.book.contacts(selection))
        steps = await self.app.push_screen_wait(BulkEdit(common, groups))
        if steps and await self._agreed(steps, selection):
            await self.act(*steps)

    async def _agreed(self, steps: Sequence[BulkAction], selection: Checks) -> bool:
        """Show what the steps would do; whether the user wants it."""
        from tui.dialogs.bulk_preview import BulkPreview

        seen = await preview(steps, selection, self.book.contacts, called=self.book.called)
        if not seen.changed and not seen.skipped:
            self.say("Nothing would change: all of them are like that already.")
            return False
        title = f"Edit {plans.words_for(selection)}"
        agreed = await self.app.push_screen_wait(BulkPreview(title, seen.changed, seen.differences, seen.skipped))
        return agreed is True

    # In place --------------------------------------------------------------------------------------------------

    async def action_edit_cell(self) -> None:
        """Change the value under the cursor in its place."""
        from tui.screens.cell_editor import CellEditor

        row = self.row
        spec = FIELDS.get(self.table.column, FIELDS["name"])
        write = spec.write
        if row is None or write is None:
            self.say(f"“{spec.label}” cannot be changed here.")
            return
        contact = await self.book.contact(row.id)
        region = self.table.cell_region()
        text = await self.app.push_screen_wait(
            CellEditor(region, spec.read(contact), lambda value: write(contact, value))
        )
        plan = plans.edit(contact, write(contact, text)) if text is not None else None
        if text is not None and plan and await self.carry_out(plan):
            self.state.last_steps = (SetField(spec.key, text),)

    # Stars and the Bin -----------------------------------------------------------------------------------------

    async def action_favorite(self) -> None:
        """Put a star on all, or take it off where all have one."""
        on = await self.book.hidden(self.selected, Listing(View.FAVORITES)) > 0
        await self.act(Star() if on else Unstar())

    @on(ContactTable.StarClicked)
    def _star_clicked(self, event: ContactTable.StarClicked) -> None:
        self.later(self._turn_star(event.row))

    async def _turn_star(self, row: Row) -> None:
        step = Unstar() if row.favorite else Star()
        await self.carry_out(await make_plan([step], Checks.of([row.id]), self.book.contacts))

    async def action_delete(self) -> None:
        """Into the Bin; the checks of what is deleted go with it."""
        selection = self.selected
        if await self.carry_out(plans.delete(selection, self.selected_name)):
            self.checks -= selection
            self._deleted = next(iter(selection)) if len(selection) == 1 else None

    async def action_undo(self) -> None:
        """Take back the last change; a single contact that is restored from the Bin gets the cursor."""
        await super().action_undo()
        if self._deleted is not None:
            await self.go_to(self._deleted)
