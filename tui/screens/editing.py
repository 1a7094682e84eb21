"""The form of one contact, new or known: the same from every list and from its details."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coterie.core.changes import Outcome, Plan
from coterie.core.errors import Stale
from coterie.core.model import Contact
from coterie.tui import plans
from coterie.tui.screens.base import CommandScreen
from coterie.tui.widgets.modal import Origin

if TYPE_CHECKING:
    from coterie.tui.dialogs.form import Save

_FASTER = "Somebody else has {} meanwhile. Your changes are in the form, on top of theirs."


@dataclass(slots=True)
class _Saving:
    """Saves what a form answers, while the form is open.

    Attributes:
        before: the contact as it was read; None for a new one.
        shown: the contact as the form shows it at first.
        outcome: what was done.
        is_stale: whether somebody else was faster; `before` and `shown` are then those of the next form.
    """

    screen: CommandScreen
    before: Contact | None
    shown: Contact | None
    outcome: Outcome | None = None
    is_stale: bool = False

    async def save(self, after: Contact) -> bool:
        """Add the contact, or carry out what was changed in it. Raises what that raises, but Stale."""
        plan = plans.edit(self.before, after) if self.before else plans.add(after)
        if plan is not None:
            try:
                self.outcome = await self.screen.carry_out_quietly(plan)
            except Stale:
                await self._read_again(plan)
        return True

    async def _read_again(self, plan: Plan) -> None:
        assert self.before is not None
        assert self.before.id is not None
        self.before = await self.screen.book.contact(self.before.id)
        self.shown, self.is_stale = plans.onto(self.before, plan), True


class EditingOne(CommandScreen):
    """The form of one contact."""

    async def add_one(self, *groups: str) -> int | None:
        """Ask for a new contact, which joins the groups of these names; its id where it was added."""
        outcome = await self._in_form(_Saving(self, None, Contact(groups=groups) if groups else None))
        return outcome.created_ids[0] if outcome and outcome.created_ids else None

    async def edit_one(self, contact_id: int) -> Outcome | None:
        """Show the form, which stays until what was changed in it is saved.

        Where somebody else was faster, the form opens again with what was typed over what is stored now.
        """
        contact = await self.book.contact(contact_id)
        return await self._in_form(_Saving(self, contact, contact))

    async def _in_form(self, saving: _Saving) -> Outcome | None:
        while await self._asked(saving.shown, saving.save) and saving.is_stale:
            saving.is_stale = False
            binned = saving.before is not None and saving.before.deleted_at is not None
            words = _FASTER.format("moved this contact to the Bin" if binned else "changed this contact")
            self.app.notify(words, markup=False)
        if saving.outcome is not None:
            await self.tell_shown(saving.outcome)
        return saving.outcome

    async def _asked(self, contact: Contact | None, save: Save[Contact]) -> Contact | None:
        from coterie.tui.dialogs.contact_form import ContactForm

        groups = [group.name for group in await self.book.groups.all()]
        form = ContactForm(contact, groups, known=self.book.known, values=self.book.lists.values,
                           called=self.book.called, save=save)  # fmt: skip
        form.origin = self._origin(contact)
        return await self.app.push_screen_wait(form)

    def _origin(self, contact: Contact | None) -> Origin:
        if contact is not None and contact.id is not None:
            return Origin("contact", f"editing {self.book.called(contact) or 'a contact'}", {"id": contact.id})
        return Origin("contact", "adding a contact", {"groups": list(contact.groups) if contact else []})
