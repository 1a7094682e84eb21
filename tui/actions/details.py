"""One contact: its history, and taking it apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from coterie.tui.actions.changes import carry_out
from coterie.tui.actions.command import ON_ONE, Command, Place, Section
from coterie.tui.actions.context import Context
from coterie.tui.actions.reasons import needs_sources
from coterie.tui.target import Target

if TYPE_CHECKING:
    from coterie.core.model import Contact


class OfOne(Context, Protocol):
    """The screen of one contact.

    Attributes:
        contact: the contact as it is now.
    """

    contact: Contact

    @property
    def this(self) -> Target:
        """The contact, as what commands act on."""


async def contact_history(here: OfOne) -> None:
    """Show what became of the contact, and put one value back."""
    from coterie.tui.dialogs.contact_history import ContactHistory
    from coterie.tui.offered import account_names

    names = account_names(await here.book.accounts.all())
    past = [
        replace(change, operation=names.told(change.operation))
        for change in await here.book.history.of_contact(here.contact.id or 0)
    ]
    is_live = here.where is Place.DETAILS
    dialog = ContactHistory(here.this.name, past, here.book.actor, now=here.book.now(), editable=is_live)
    if plan := await here.ask(dialog):
        await carry_out(here, plan)


async def take_apart(here: OfOne) -> None:
    """Let what an account says be a contact of its own."""
    from coterie.core.sync.splitting import take_apart
    from coterie.tui.dialogs.pick import Pick

    contact, ids = here.contact, [here.contact.id or 0]
    refs = {ref.account: ref for ref in contact.sources}
    if len(contact.sources) == 1 and not await here.book.accounts.added(ids):
        here.say(f"This contact came from {here.state.called(next(iter(refs)))}, and from nowhere else.")
        return
    title = f"Which account means another person than {here.this.name}?"
    chosen = await here.ask(Pick(title, [(name, here.state.called(name)) for name in refs], yes="Take apart"))
    if chosen is not None:
        await carry_out(here, take_apart(contact, refs[chosen], await here.book.accounts.links(ids)))


COMMANDS: Final[tuple[Command, ...]] = (
    Command("take_apart", take_apart, ("t",), "Take apart",
            "Make a contact of its own of what one of its accounts says.", Section.CONTACT, frozenset({Place.DETAILS}),
            needs_sources),
    Command("contact_history", contact_history, ("H",), "History of this contact",
            "Show what became of this contact, and put single values back.", Section.CONTACT, ON_ONE,
            footer={Place.DETAILS: 6, Place.BINNED: 6}, short="history"),
)  # fmt: skip
