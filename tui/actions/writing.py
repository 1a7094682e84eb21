"""Copying addresses and writing to people: the same for contacts and for a whole group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from coterie.core.changes import Selection
from coterie.core.checks import Checks
from coterie.core.listing import Listing, View
from coterie.core.model import Group
from coterie.core.text import number_of
from coterie.tui.actions.command import CONTACTS, LIVE, ON_GROUPS, ON_ONE, Command, Place, Section
from coterie.tui.actions.context import Context, Selecting
from coterie.tui.actions.posting import invite, write_mail
from coterie.tui.actions.reasons import copies, needs_target
from coterie.tui.actions.values import copy_text
from coterie.tui.actions.views import show_found

if TYPE_CHECKING:
    from coterie.tui.widgets.contact_page import Item


class Writing(Selecting, Protocol):
    """A screen whose people can be written to."""

    @property
    def marked_value(self) -> Item | None:
        """The value under a cursor that the screen has; what is copied is that value then."""


async def copy_addresses(here: Context, selection: Selection, hidden: int = 0) -> None:
    """Put the preferred address of each selected contact onto the clipboard of the user's own machine.

    `hidden` is how many of the contacts the list does not show: that is said.
    """
    from coterie.tui.recipients import Recipients

    recipients = await Recipients.of(here.book, selection)
    if recipients.people:
        here.app.copy_to_clipboard(recipients.addresses)
    not_shown = f" {number_of(hidden)} of these {'is' if hidden == 1 else 'are'} not shown here." if hidden else ""
    here.say(recipients.copied + not_shown)


async def show_addresses(here: Context, selection: Selection, whom: str) -> None:
    """Show the addresses of `selection` in the ways that mail programs take them."""
    from coterie.tui.recipients import Recipients
    from coterie.tui.screens.write_to import NextStep, WriteTo

    recipients = await Recipients.of(here.book, selection)
    if not recipients.people:
        here.say(recipients.copied)
        return
    said = await here.ask(
        WriteTo(
            whom,
            recipients,
            clipboard=here.state.options.clipboard,
            writes=here.state.posting is not None,
            lists=here.where is not Place.DETAILS,
        )
    )
    if said is NextStep.WRITE:
        await write_mail(here, selection, whom)
    elif said is NextStep.INVITE:
        await invite(here, selection, whom)
    elif said is NextStep.LIST:
        await _list_without(here, selection)
    elif said:
        here.say(said)


async def _list_without(here: Context, selection: Selection) -> None:
    """Check those who have no address, and show them."""
    without = [contact.id or 0 async for contact in here.book.contacts(selection) if not contact.email.strip()]
    here.state.checks = Checks.of(without)
    await show_found(here, "missing:email")
    here.say(f"Checked {number_of(len(without))} without an address.")


async def copy(here: Writing) -> None:
    """Copy the value under the cursor; else the addresses of what is checked, or of the members of a group."""
    if value := here.marked_value:
        copy_text(here, value.text)
    elif group := here.group_under_cursor:
        await copy_addresses(here, _members(group))
    else:
        target = await here.looked_at()
        await copy_addresses(here, target.selection, target.hidden)


async def write_to(here: Writing) -> None:
    """Show the addresses of the same ready for To or Bcc."""
    if group := here.group_under_cursor:
        await show_addresses(here, _members(group), group.name)
    else:
        target = await here.looked_at()
        await show_addresses(here, target.selection, target.words)


def _members(group: Group) -> Listing:
    return Listing(View.GROUP, group.id)


COMMANDS: Final[tuple[Command, ...]] = (
    Command("copy", copy, ("y",), "Copy the e-mail addresses",
            "Copy the e-mail addresses to the clipboard of your own machine, even over SSH.", Section.SEVERAL,
            CONTACTS | ON_GROUPS | ON_ONE, copies,
            footer={Place.GROUPS: 7, Place.DETAILS: 5, Place.BINNED: 5, Place.SIDEBAR: 8}, short="copy", bar=7,
            menu=True),
    Command("write_to", write_to, ("w",), "Write to",
            "Write a mail to them, invite them to something, or copy their addresses.", Section.SEVERAL,
            LIVE | ON_GROUPS | {Place.DETAILS}, needs_target, footer={Place.GROUPS: 6, Place.SIDEBAR: 7},
            short="write to", bar=9, menu=True),
)  # fmt: skip
