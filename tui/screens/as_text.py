"""Editing contacts as text in the user's own editor, with a preview before anything changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from coterie.core.bulk import survey_of
from coterie.core.change import Edit, Plan
from coterie.core.errors import InvalidInput
from coterie.core.model import Contact
from coterie.tui import plans
from coterie.tui.screens.grouping import GroupingCommands

if TYPE_CHECKING:
    from coterie.tui.editor import EditedText

MOST = 10_000
"""How many contacts an editor is given at most."""


class TextCommands(GroupingCommands):
    """The selection as text."""

    async def action_edit_as_text(self) -> None:
        """Open the selection in $EDITOR; what was changed there is shown, and done where the user agrees."""
        from coterie.core.bulk.as_text import to_text
        from coterie.tui.editor import EditedText

        target = await self.target("edit_as_text")
        if target is None:
            return
        selection = target.selection
        if len(selection) > MOST:
            self.say(f"{len(selection):,} contacts are too many for an editor; {self.key('edit')} edits them together.")
            return
        contacts = {contact.id: contact async for contact in self.book.contacts(selection)}
        before = to_text(contacts.values())
        with EditedText(before) as text:
            plan = await self._edited(text, before, contacts)
        if plan is None or callable(plan.changes):
            return
        edits = [change for change in plan.changes if isinstance(change, Edit)]
        if not edits:
            self.say("Nothing was changed.")
            return
        from coterie.core.bulk.as_text import AsEdited

        title = f"Edit {plans.number_of(len(edits))} as text"
        edited = [contacts[edit.contact_id] for edit in edits]
        survey = await self.agreed(title, survey_of([AsEdited(edits)], edited, self.book.called))
        if survey:
            await self.carry_out(survey.plan())

    async def _edited(self, text: EditedText, before: str, contacts: Mapping[int | None, Contact]) -> Plan | None:
        """Open the editor until what it leaves can be read, or the user gives up."""
        from coterie.core.bulk.as_text import from_text
        from coterie.tui.dialogs.confirm import Confirm

        while True:
            try:
                with self.app.suspend():
                    after = await text.open()
            except InvalidInput:
                self.say("Nothing was changed.")
                raise
            if after == before:
                self.say("Nothing was changed.")
                return None
            try:
                return from_text(after, contacts.values())
            except InvalidInput as problem:
                question = Confirm("The text cannot be read", str(problem), yes="Edit it again", no="Give up")
                if not await self.app.push_screen_wait(question):
                    self.say("Nothing was changed.")
                    return None
