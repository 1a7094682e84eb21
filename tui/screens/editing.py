"""The form of one contact, new or known: the same from every list and from its details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.change import Outcome
from core.errors import Stale
from core.model import Contact, Group
from tui import plans
from tui.screens.base import CommandScreen

if TYPE_CHECKING:
    from tui.dialogs.contact_form import ContactForm


class EditingOne(CommandScreen):
    """The form of one contact."""

    async def _form(self, contact: Contact | None) -> ContactForm:
        from tui.dialogs.contact_form import ContactForm

        groups = [group.name for group in await self.book.groups()]
        return ContactForm(contact, groups, known=self.book.known, called=self.book.called)

    async def add_one(self, group: Group | None = None) -> int | None:
        """Ask for a new contact, which joins `group` where one is given; its id where it was added."""
        start = Contact(groups=(group.name,)) if group else None
        contact = await self.app.push_screen_wait(await self._form(start))
        outcome = await self.carry_out(plans.add(contact)) if contact else None
        return outcome.created_ids[0] if outcome and outcome.created_ids else None

    async def edit_one(self, contact_id: int) -> Outcome | None:
        """Show the form and carry out what was changed in it.

        Where somebody else was faster, the form opens again with what was typed over what is stored now.
        """
        before = await self.book.contact(contact_id)
        shown = before
        while True:
            after = await self.app.push_screen_wait(await self._form(shown))
            plan = plans.edit(before, after) if after else None
            if after is None or plan is None:
                return None
            try:
                return await self.carry_out(plan)
            except Stale:
                before = await self.book.contact(contact_id)
                shown = plans.onto(before, plan)
                self.app.notify(
                    "Somebody else has changed this contact meanwhile. Your changes are in the form, on top of theirs.",
                    markup=False,
                )
