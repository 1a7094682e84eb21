"""Changing values in the table: the cell under the cursor and those after it, or a field of all that is checked."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from coterie.core.bulk.set_field import SetField
from coterie.core.changes import Outcome
from coterie.core.checks import Checks
from coterie.core.errors import CoterieError, Stale
from coterie.core.fields import FIELDS
from coterie.core.fields.spec import FieldSpec
from coterie.core.listing import Row
from coterie.tui import plans
from coterie.tui.offers import offers
from coterie.tui.screens.contacts import ContactList
from coterie.tui.screens.placing import PlacingCommands
from coterie.tui.target import Target
from coterie.tui.widgets.modal import Origin


class InPlaceCommands(ContactList, PlacingCommands):
    """The cells of the table, edited where they are."""

    async def action_edit_cell(self) -> None:
        """Change the value under the cursor: in its place, or in all that is checked, whichever the user wants."""
        spec = FIELDS.get(self.table.column, FIELDS["name"])
        if spec.write is None:
            self.say(f"“{spec.label}” cannot be changed here.")
            return
        target = await self.target("edit_cell")
        if target is None:
            return
        row = self.row
        if row and target.selection == Checks.of([row.id]):
            await self.change_cells(spec, row.id)
        else:
            await self.change_all(spec, target, row)

    async def change_all(self, spec: FieldSpec, target: Target, row: Row | None) -> None:
        """Ask for a value for all of the target; the user may take only the row instead."""
        from coterie.tui.dialogs.set_field import ONLY_ROW, SetForAll

        contacts = self.book.contacts(target.selection)
        values = {spec.read(contact) async for contact in contacts}
        completions = offers(self.book.lists.values, spec.key)
        dialog = SetForAll(spec, target, values, row=row is not None, completions=completions)
        content = {"checks": f"{target.selection.bits:x}", "field": spec.key}
        dialog.origin = Origin("set", f"changing {spec.label} of {target.words}", content)
        if await self.act_from(dialog, target, lambda value: SetField(spec.key, value)) == ONLY_ROW and row:
            await self.change_cells(spec, row.id)

    async def change_cells(self, spec: FieldSpec, contact_id: int) -> None:
        """Change a field of a contact in its place, then those to which the user goes on with tab and shift+tab."""
        cell: tuple[FieldSpec, int] | None = spec, contact_id
        while cell is not None:
            neighbors = await self._rows_beside(cell[1])
            by = await self._change_cell(*cell)
            cell = await self._go_on(cell, by, neighbors) if by else None

    async def _rows_beside(self, contact_id: int) -> dict[int, int | None]:
        """The contacts in the rows before (-1) and after (1) a contact, before a change moves it elsewhere."""
        place = await self.book.lists.position(self.listing, contact_id)
        if place is None:
            return {-1: None, 1: None}
        found = [row.id for row in await self.book.lists.rows(self.listing, max(place - 1, 0), 3)]
        here = min(place, 1)
        return {by: found[at] if 0 <= (at := here + by) < len(found) else None for by in (-1, 1)}

    async def _go_on(
        self, cell: tuple[FieldSpec, int], by: int, neighbors: dict[int, int | None]
    ) -> tuple[FieldSpec, int] | None:
        """Put the cursor on the next cell that can be changed (-1: the one before); None if there is none."""
        keys = [key for key in self.table.column_keys if (known := FIELDS.get(key)) and known.write]
        spec, contact_id = cell
        place = keys.index(spec.key) + by
        if not 0 <= place < len(keys):
            place %= len(keys)
            beside = neighbors[by]
            if beside is None:
                return None
            contact_id = beside
        position = await self.book.lists.position(self.listing, contact_id)
        if position is None:
            return None  # what was changed took it out of this list
        self.table.move_to(position)
        self._to_column(keys[place])
        await self.refreshed()
        return FIELDS[keys[place]], contact_id

    def _to_column(self, key: str) -> None:
        keys = self.table.column_keys
        self.table.move_column(keys.index(key) - keys.index(self.table.column))

    async def _change_cell(self, spec: FieldSpec, contact_id: int) -> int:
        """Change a field of one contact in its place; by how many cells the user goes on, 0 for none."""
        from coterie.tui.screens.cell_editor import CellEditor

        write = spec.write
        assert write is not None
        contact = await self.book.contact(contact_id)
        outcomes: list[Outcome] = []

        async def save(text: str) -> None:
            nonlocal contact
            plan = plans.edit(contact, write(contact, text))
            if plan is None:
                return
            try:
                outcomes.append(await self.carry_out_quietly(plan))
            except Stale as error:
                with suppress(CoterieError):
                    contact = await self.book.contact(contact_id)
                raise Stale("Somebody else has changed this contact meanwhile.",
                            "Enter saves your value all the same.") from error  # fmt: skip
            self.state.last_steps = (SetField(spec.key, text),)

        completions = offers(self.book.lists.values, spec.key)
        editor = CellEditor(self.table.cell_region(), spec.read(contact), partial(write, contact), save, completions)
        content = {"id": contact_id, "field": spec.key}
        editor.origin = Origin("cell", f"changing {spec.label} of {self.book.called(contact)}", content)
        by = await self.app.push_screen_wait(editor)
        for outcome in outcomes:
            await self.tell_shown(outcome)
        return by or 0
