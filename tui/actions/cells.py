"""Changing values in the table: the cell under the cursor and those after it, or a field of all that is checked."""

from __future__ import annotations

from typing import Final

from coterie.core.bulk.set_field import SetField
from coterie.core.checks import Checks
from coterie.core.fields import FIELDS
from coterie.core.fields.spec import FieldSpec
from coterie.core.listing import Row
from coterie.tui.actions.bulk import act_from
from coterie.tui.actions.changes import tell_shown
from coterie.tui.actions.command import LIVE, Command, Section
from coterie.tui.actions.context import Rows
from coterie.tui.actions.reasons import needs_target
from coterie.tui.actions.values import SavedInPlace
from coterie.tui.offers import offers
from coterie.tui.target import Target
from coterie.tui.widgets.modal import Origin


async def edit_cell(here: Rows) -> None:
    """Change the value under the cursor: in its place, or in all that is checked, whichever the user wants."""
    spec = FIELDS.get(here.table.column, FIELDS["name"])
    if spec.write is None:
        here.say(f"“{spec.label}” cannot be changed here.")
        return
    target = await here.target("edit_cell")
    if target is None:
        return
    row = here.row
    if row and target.selection == Checks.of([row.id]):
        await change_cells(here, spec, row.id)
    else:
        await change_all(here, spec, target, row)


async def change_all(here: Rows, spec: FieldSpec, target: Target, row: Row | None) -> None:
    """Ask for a value for all of the target; the user may take only the row instead."""
    from coterie.tui.dialogs.set_field import ONLY_ROW, SetForAll

    contacts = here.book.contacts(target.selection)
    values = {spec.read(contact) async for contact in contacts}
    completions = offers(here.book.lists.values, spec.key)
    dialog = SetForAll(spec, target, values, row=row is not None, completions=completions)
    content = {"checks": f"{target.selection.bits:x}", "field": spec.key}
    dialog.origin = Origin("set", f"changing {spec.label} of {target.words}", content)
    if await act_from(here, dialog, target, lambda value: SetField(spec.key, value)) == ONLY_ROW and row:
        await change_cells(here, spec, row.id)


async def change_cells(here: Rows, spec: FieldSpec, contact_id: int) -> None:
    """Change a field of a contact in its place, then those to which the user goes on with tab and shift+tab."""
    cell: tuple[FieldSpec, int] | None = spec, contact_id
    while cell is not None:
        neighbors = await _rows_beside(here, cell[1])
        by = await _change_cell(here, *cell)
        cell = await _go_on(here, cell, by, neighbors) if by else None


async def _rows_beside(here: Rows, contact_id: int) -> dict[int, int | None]:
    """The contacts in the rows before (-1) and after (1) a contact, before a change moves it elsewhere."""
    place = await here.book.lists.position(here.listing, contact_id)
    if place is None:
        return {-1: None, 1: None}
    ids = [row.id for row in await here.book.lists.rows(here.listing, max(place - 1, 0), 3)]
    at = min(place, 1)
    return {by: ids[at + by] if 0 <= at + by < len(ids) else None for by in (-1, 1)}


async def _go_on(
    here: Rows, cell: tuple[FieldSpec, int], by: int, neighbors: dict[int, int | None]
) -> tuple[FieldSpec, int] | None:
    """Put the cursor on the next cell that can be changed (-1: the one before); None if there is none."""
    keys = [key for key in here.table.column_keys if (spec := FIELDS.get(key)) and spec.write]
    changed, contact_id = cell
    place = keys.index(changed.key) + by
    if not 0 <= place < len(keys):
        place %= len(keys)
        beside = neighbors[by]
        if beside is None:
            return None
        contact_id = beside
    position = await here.book.lists.position(here.listing, contact_id)
    if position is None:
        return None  # what was changed took it out of this list
    here.table.move_to(position)
    _to_column(here, keys[place])
    await here.shown()
    return FIELDS[keys[place]], contact_id


def _to_column(here: Rows, key: str) -> None:
    keys = here.table.column_keys
    here.table.move_column(keys.index(key) - keys.index(here.table.column))


async def _change_cell(here: Rows, spec: FieldSpec, contact_id: int) -> int:
    """Change a field of one contact in its place; by how many cells the user goes on, 0 for none."""
    from coterie.tui.screens.cell_editor import CellEditor

    write = spec.write
    assert write is not None
    contact = await here.book.contact(contact_id)
    saved = SavedInPlace(here, contact, write)

    async def save(text: str) -> None:
        if await saved.save(text):
            here.state.last_steps = (SetField(spec.key, text),)

    completions = offers(here.book.lists.values, spec.key)
    editor = CellEditor(here.table.cell_region(), spec.read(contact), saved.check, save, completions)
    content = {"id": contact_id, "field": spec.key}
    editor.origin = Origin("cell", f"changing {spec.label} of {here.book.called(contact)}", content)
    by = await here.ask(editor)
    await tell_shown(here, *saved.outcomes)
    return by or 0


COMMANDS: Final[tuple[Command, ...]] = (
    Command("edit_cell", edit_cell, ("c",), "Change the cell",
            "Change the value under the cursor right there; with several checked, change it in all of them.",
            Section.CONTACT, LIVE, needs_target),
)  # fmt: skip
