"""What the keys do that change contacts."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence

from textual import on

from coterie.core.bulk import BulkAction, Survey, make_plan
from coterie.core.bulk.favorite import Star, Unstar
from coterie.core.bulk.plan import again
from coterie.core.changes import Outcome
from coterie.core.checks import Checks
from coterie.core.listing import Listing, Row, View
from coterie.tui import plans
from coterie.tui.screens.as_text import TextCommands
from coterie.tui.screens.checking import CheckingCommands
from coterie.tui.screens.editing import EditingOne
from coterie.tui.screens.in_place import InPlaceCommands
from coterie.tui.screens.transforming import TransformCommands
from coterie.tui.target import Target
from coterie.tui.widgets.contact_table import ContactTable
from coterie.tui.widgets.modal import Origin


class ChangingCommands(CheckingCommands, EditingOne, InPlaceCommands, TextCommands, TransformCommands):
    """New contacts, editing, stars, the Bin - one plan and one undo each."""

    _deleted: int | None = None

    # One contact -----------------------------------------------------------------------------------------------

    async def action_new(self) -> None:
        """Ask for a new contact; in a group's list it joins that group."""
        group = self.group_under_cursor if self.in_sidebar else self.group
        added = await self.add_one(*[group.name] if group else [])
        if added is not None:
            await self.go_to(added)

    async def go_to(self, contact_id: int) -> None:
        """Put the cursor on a contact where this list shows it."""
        position = await self.book.lists.position(self.listing, contact_id)
        if position is not None:
            self.table.move_to(position)

    def action_open(self) -> Awaitable[object] | None:
        """Show everything about the contact under the cursor."""
        return self._open_details(self.row.id) if self.row else None

    @on(ContactTable.Activated)
    def _activated(self, event: ContactTable.Activated) -> None:
        self.later(self._open_details(event.row.id))

    async def _open_details(self, contact_id: int) -> None:
        from coterie.tui.screens.details import Details

        contact = await self.book.contact(contact_id)
        await self.app.push_screen(Details(self.book, self.state, contact, self.beside))

    async def beside(self, contact_id: int, by: int) -> int | None:
        """Move the cursor to the contact `by` rows from another one of this list; None where the list ends.

        One that has left the list since is taken for where the cursor is.
        """
        position = await self.book.lists.position(self.listing, contact_id)
        wanted = (self.table.position if position is None else position) + by
        if wanted < 0 or not (rows := await self.book.lists.rows(self.listing, wanted, 1)):
            return None
        self.table.move_to(wanted)
        return rows[0].id

    async def action_edit(self) -> None:
        """One contact in its form; several together."""
        target = await self.target("edit")
        if target is None:
            return
        if len(target.selection) == 1:
            await self.edit_one(next(iter(target.selection)))
        else:
            await self.edit_together(target)

    async def edit_together(self, target: Target) -> None:
        """One form for all: what differs is shown as such, what is not touched stays; then a preview."""
        from coterie.tui.dialogs.bulk_edit import BulkEdit
        from coterie.tui.dialogs.in_common import Common

        groups = [group.name for group in await self.book.groups.all()]
        common = await Common.of(self.book.contacts(target.selection))
        outcomes: list[Outcome] = []

        async def save(steps: Sequence[BulkAction]) -> bool:
            title = f"Edit {plans.words_for(target.selection)}"
            survey = await self.agreed(title, await Survey.of(self.book, steps, target.selection))
            if survey and survey.changed:
                outcomes.append(await self.carry_out_quietly(survey.plan()))
                self.state.last_steps = again(steps)
            return survey is not None

        form = BulkEdit(common, groups, save, self.book.lists.values)
        form.origin = Origin("bulk", f"editing {target.words}", {"checks": f"{target.selection.bits:x}"})
        await self.app.push_screen_wait(form)
        for outcome in outcomes:
            await self.tell_shown(outcome)
        self.show_said()

    # Stars and the Bin -----------------------------------------------------------------------------------------

    async def action_favorite(self) -> None:
        """Put a star on all, or take it off where all have one."""
        if target := await self.target("favorite"):
            on = await self.book.lists.hidden(target.selection, Listing(View.FAVORITES)) > 0
            await self.act(target, Star() if on else Unstar())

    @on(ContactTable.StarClicked)
    def _star_clicked(self, event: ContactTable.StarClicked) -> None:
        self.later(self._turn_star(event.row))

    async def _turn_star(self, row: Row) -> None:
        step = Unstar() if row.favorite else Star()
        await self.carry_out(await make_plan([step], Checks.of([row.id]), self.book.contacts))

    async def action_delete(self) -> None:
        """Into the Bin; the checks of what is deleted go with it."""
        target = await self.target("delete")
        if target is None:
            return
        selection = target.selection
        if await self.carry_out(plans.delete(selection, target.name)):
            self.checks -= selection
            self._deleted = next(iter(selection)) if len(selection) == 1 else None

    async def action_undo(self) -> None:
        """Take back the last change; a single contact that is restored from the Bin gets the cursor."""
        await super().action_undo()
        if self._deleted is not None:
            await self.go_to(self._deleted)
