"""Adding, opening and editing contacts: one in its form, several together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from coterie.core.bulk import BulkAction, Survey, again
from coterie.core.changes import Outcome, Plan
from coterie.core.errors import Stale
from coterie.core.model import Contact
from coterie.tui import notices, plans
from coterie.tui.actions.bulk import agreed
from coterie.tui.actions.changes import carry_out_quietly, tell_shown
from coterie.tui.actions.command import CONTACTS, LIVE, NOT_BIN, Command, Place, Section, rank
from coterie.tui.actions.context import Context, Listed, Rows, Selecting
from coterie.tui.actions.reasons import needs_row, needs_target
from coterie.tui.target import Target
from coterie.tui.widgets.modal import Origin

if TYPE_CHECKING:
    from coterie.tui.dialogs.form import Save

_FASTER = "Somebody else has {} meanwhile. Your changes are in the form, on top of theirs."


class Adding(Listed, Protocol):
    """A list to which contacts are added."""

    @property
    def new_joins(self) -> tuple[str, ...]:
        """The groups that a new contact joins."""


# One contact -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Saving:
    """Saves what a form answers, while the form is open.

    Attributes:
        before: the contact as it was read; None for a new one.
        shown: the contact as the form shows it at first.
        seen: called with a contact that was added, so that it is seen once the form closes.
        outcome: what was done.
        is_stale: whether somebody else was faster; `before` and `shown` are then those of the next form.
    """

    here: Context
    before: Contact | None
    shown: Contact | None
    seen: Callable[[int], Awaitable[None]] | None = None
    outcome: Outcome | None = None
    is_stale: bool = False

    async def save(self, after: Contact) -> bool:
        """Add the contact, or carry out what was changed in it. Raises what that raises, but Stale."""
        plan = plans.edit(self.before, after) if self.before else plans.add(after)
        if plan is not None:
            try:
                self.outcome = await carry_out_quietly(self.here, plan)
            except Stale:
                await self._read_again(plan)
            else:
                await self._show_added(self.outcome)
        return True

    async def _show_added(self, outcome: Outcome) -> None:
        if self.seen is None or not outcome.created_ids:
            return
        try:
            await self.seen(outcome.created_ids[0])
        except Exception as error:  # noqa: BLE001 - the contact is added: a form that stays would add it again
            notices.show(self.here.app, error)

    async def _read_again(self, plan: Plan) -> None:
        assert self.before is not None
        assert self.before.id is not None
        self.before = await self.here.book.contact(self.before.id)
        self.shown, self.is_stale = plans.onto(self.before, plan), True


async def add_one(here: Listed, *groups: str) -> None:
    """Ask for a new contact, which joins the groups of these names. The form closes over the list with its row."""

    async def seen(contact_id: int) -> None:
        await here.up_to_date()
        await here.go_to(contact_id)

    await _in_form(_Saving(here, None, Contact(groups=groups) if groups else None, seen))


async def edit_one(here: Context, contact_id: int) -> Outcome | None:
    """Show the form, which stays until what was changed in it is saved.

    If somebody else was faster, the form opens again with what was typed over what is stored now.
    """
    contact = await here.book.contact(contact_id)
    return await _in_form(_Saving(here, contact, contact))


async def _in_form(saving: _Saving) -> Outcome | None:
    here = saving.here
    while await _asked(here, saving.shown, saving.save) and saving.is_stale:
        saving.is_stale = False
        binned = saving.before is not None and saving.before.deleted_at is not None
        words = _FASTER.format("moved this contact to the Bin" if binned else "changed this contact")
        here.app.notify(words, markup=False)
    if saving.outcome is not None:
        await tell_shown(here, saving.outcome)
    return saving.outcome


async def _asked(here: Context, contact: Contact | None, save: Save[Contact]) -> Contact | None:
    from coterie.tui.dialogs.contact_form import ContactForm

    book = here.book
    groups = [group.name for group in await book.groups.all()]
    form = ContactForm(
        contact, groups, holders=book.by_address, values=book.lists.values, called=book.called, save=save
    )
    form.origin = _origin(here, contact)
    return await here.ask(form)


def _origin(here: Context, contact: Contact | None) -> Origin:
    if contact is not None and contact.id is not None:
        return Origin("contact", f"editing {here.book.called(contact) or 'a contact'}", {"id": contact.id})
    return Origin("contact", "adding a contact", {"groups": list(contact.groups) if contact else []})


# Several -----------------------------------------------------------------------------------------------------------


async def edit_together(here: Context, target: Target) -> None:
    """One form for all: what differs is shown as such, what is not touched stays; then a preview."""
    from coterie.tui.dialogs.bulk_edit import BulkEdit
    from coterie.tui.dialogs.in_common import Common

    groups = [group.name for group in await here.book.groups.all()]
    common = await Common.of(here.book.contacts(target.selection))
    outcomes: list[Outcome] = []

    async def save(steps: Sequence[BulkAction]) -> bool:
        title = f"Edit {plans.words_for(target.selection)}"
        survey = await agreed(here, title, await Survey.of(here.book, steps, target.selection))
        if survey and survey.changed:
            outcomes.append(await carry_out_quietly(here, survey.plan()))
            here.state.last_steps = again(steps)
        return survey is not None

    form = BulkEdit(common, groups, save, here.book.lists.values)
    form.origin = Origin("bulk", f"editing {target.words}", {"checks": f"{target.selection.bits:x}"})
    await here.ask(form)
    await tell_shown(here, *outcomes)
    here.show_said()


# Commands ----------------------------------------------------------------------------------------------------------


async def new(here: Adding) -> None:
    """Ask for a new contact; in a group's list it joins that group."""
    await add_one(here, *here.new_joins)


def open_row(here: Rows) -> Awaitable[object] | None:
    """Show everything about the contact under the cursor."""
    return open_contact(here, here.row.id) if here.row else None


async def open_contact(here: Rows, contact_id: int) -> None:
    """Show everything about a contact of a list."""
    await here.show_details(await here.book.contact(contact_id), partial(_beside, here))


async def _beside(here: Rows, contact_id: int, by: int) -> int | None:
    """Move the cursor to the contact `by` rows from another one of the list; None at its ends.

    If that one has left the list since, it is counted from the cursor.
    """
    position = await here.book.lists.position(here.listing, contact_id)
    wanted = (here.table.position if position is None else position) + by
    if wanted < 0 or not (rows := await here.book.lists.rows(here.listing, wanted, 1)):
        return None
    here.table.move_to(wanted)
    return rows[0].id


async def edit(here: Selecting) -> None:
    """One contact in its form; several together."""
    target = await here.target("edit")
    if target is None:
        return
    if len(target.selection) == 1:
        await edit_one(here, next(iter(target.selection)))
    else:
        await edit_together(here, target)


COMMANDS: Final[tuple[Command, ...]] = (
    Command("new", new, ("n",), "New contact", "Add a contact.", Section.CONTACT, NOT_BIN, footer=rank(1), short="new",
            menu=True),
    Command("open", open_row, ("enter",), "Open", "Show everything about this contact.", Section.CONTACT,
            reason=needs_row, footer=rank(4, CONTACTS), short="open"),
    Command("edit", edit, ("e",), "Edit", "Edit this contact; with several checked, edit them together.",
            Section.CONTACT, LIVE | {Place.DETAILS}, needs_target, footer={**rank(5), Place.DETAILS: 1}, short="edit",
            bar=4, menu=True),
)  # fmt: skip
