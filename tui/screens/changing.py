"""What the keys do that change contacts."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import partial

from textual import on

from core.change import Plan, Selection
from core.checks import Checks
from core.fields import FIELDS
from core.listing import Listing, View
from tui import plans
from tui.screens.checking import CheckingCommands
from tui.screens.editing import EditingOne
from tui.screens.grouping import GroupingCommands
from tui.state import LastChange
from tui.widgets.contact_table import ContactTable


class ChangingCommands(CheckingCommands, EditingOne, GroupingCommands):
    """New contacts, editing, stars, the Bin - one plan and one undo each."""

    async def action_repeat(self) -> None:
        """Make the last change again."""
        last = self.state.last_change
        if last is None:
            self.say("There is no change yet that could be repeated.")
        else:
            await self.carry_out(await last.plan(self.selected))

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
        """One form for all: what differs is shown as such, and what is not touched stays."""

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

            async def again(selection: Selection) -> Plan:
                return await plans.write_field(self.book, selection, spec, text)

            self.state.last_change = LastChange(f"set {spec.label}", again)

    # Stars and the Bin -----------------------------------------------------------------------------------------

    async def action_favorite(self) -> None:
        """Put a star on all, or take it off where all have one."""
        on = await self.book.hidden(self.selected, Listing(View.FAVORITES)) > 0
        await self.change("star" if on else "no star", partial(_starred, on))

    @on(ContactTable.StarClicked)
    def _star_clicked(self, event: ContactTable.StarClicked) -> None:
        row = event.row
        self.later(self.carry_out(plans.favorite(Checks.of([row.id]), not row.favorite, row.name)))

    async def action_delete(self) -> None:
        """Into the Bin; the checks of what is deleted go with it."""
        selection = self.selected
        if await self.carry_out(plans.delete(selection, self.selected_name)):
            self.checks -= selection


def _starred(on: bool, selection: Selection, name: str) -> Plan:
    return plans.favorite(selection, on, name)
