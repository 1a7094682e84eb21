"""What the keys do that change contacts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual import on

from core.change import Outcome, Plan, Selection
from core.checks import Checks
from core.fields import FIELDS, find_field
from core.listing import Listing, View
from tui import plans
from tui.dialogs.group_picker import GroupPicker
from tui.dialogs.prompt import Prompt
from tui.screens.cell_editor import CellEditor
from tui.screens.checking import CheckingCommands
from tui.state import LastChange
from tui.widgets.contact_table import ContactTable


def _in_group(make: Callable[[Selection, str, str], Plan], group: str, selection: Selection, name: str) -> Plan:
    return make(selection, group, name)


def _starred(on: bool, selection: Selection, name: str) -> Plan:
    return plans.favorite(selection, on, name)


class ChangingCommands(CheckingCommands):
    """New contacts, editing, groups, stars, the Bin - one plan and one undo each."""

    async def change(self, label: str, plan: Callable[[Selection, str], Plan]) -> Outcome | None:
        """Carry out a plan for what is selected, and keep it for `.`."""

        async def again(selection: Selection) -> Plan:
            return plan(selection, "")

        outcome = await self.carry_out(plan(self.selected, self.selected_name))
        if outcome:
            self.state.last_change = LastChange(label, again)
        return outcome

    async def action_repeat(self) -> None:
        """Make the last change again."""
        last = self.state.last_change
        if last is None:
            self.say("There is no change yet that could be repeated.")
        else:
            await self.carry_out(await last.plan(self.selected))

    # Stars and groups ------------------------------------------------------------------------------------------

    async def action_favorite(self) -> None:
        """Put a star on all, or take it off where all have one."""
        on = await self.book.hidden(self.selected, Listing(View.FAVORITES)) > 0
        await self.change("star" if on else "no star", partial(_starred, on))

    @on(ContactTable.StarClicked)
    def _star_clicked(self, event: ContactTable.StarClicked) -> None:
        row = event.row
        plan = plans.favorite(Checks.of([row.id]), not row.favorite, row.name)
        self.later(self.carry_out(plan))

    async def action_add_to_group(self) -> None:
        """Choose groups, known or new, and put the selection into them."""
        names = await self._choose_groups("Add", "to a group", "Add to", allow_new=True)
        for group in names:
            await self.change(f"add to {group}", partial(_in_group, plans.add_to_group, group))

    async def action_remove_from_group(self) -> None:
        """Choose groups and take the selection out of them; in a group's list, that one is offered first."""
        names = await self._choose_groups("Remove", "from a group", "Remove from", allow_new=False)
        for group in names:
            await self.change(f"remove from {group}", partial(_in_group, plans.remove_from_group, group))

    async def _choose_groups(self, verb: str, rest: str, button: str, *, allow_new: bool) -> tuple[str, ...]:
        groups = await self.book.groups()
        if self.group and not allow_new:
            groups.sort(key=lambda group: group.id != self.group.id if self.group else False)
        title = f"{verb} {plans.words_for(self.selected, self.selected_name)} {rest}"
        return await self.app.push_screen_wait(GroupPicker(title, groups, allow_new=allow_new, verb=button)) or ()

    async def action_group_checked(self) -> None:
        """Ask for a name and make a group of the selection."""
        known = [group.name for group in await self.book.groups()]
        title = f"Create a group from {plans.words_for(self.selected, self.selected_name)}"
        name = await self.app.push_screen_wait(
            Prompt(title, "Name of the group", completions=known, yes="Create group")
        )
        if name:
            await self.change(f"add to {name}", partial(_in_group, plans.add_to_group, name))

    # Editing ---------------------------------------------------------------------------------------------------

    async def action_edit_cell(self) -> None:
        """Change the value under the cursor in its place."""
        row = self.row
        spec = find_field(self.table.column) if self.table.column in FIELDS else FIELDS["name"]
        if row is None or spec.write is None:
            self.say(f"“{spec.label}” cannot be changed here.")
            return
        write = spec.write
        contact = await self.book.contact(row.id)
        text = await self.app.push_screen_wait(
            CellEditor(self.table.cell_region(), spec.read(contact), lambda value: write(contact, value))
        )
        if text is None:
            return
        plan = plans.edit(contact, write(contact, text))
        if plan:
            await self.carry_out(plan)

            async def again(selection: Selection) -> Plan:
                return await plans.write_field(self.book, selection, spec, text)

            self.state.last_change = LastChange(f"set {spec.label}", again)

    # The Bin ---------------------------------------------------------------------------------------------------

    async def action_delete(self) -> None:
        """Into the Bin; the checks of what is deleted go with it."""
        selection = self.selected
        if await self.carry_out(plans.delete(selection, self.selected_name)):
            self.checks -= selection
