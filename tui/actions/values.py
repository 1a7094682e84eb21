"""The value under the cursor of an inspector: changed in its place, copied, opened."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from coterie.core.changes import Outcome
from coterie.core.errors import CoterieError, Stale
from coterie.core.fields import FIELDS
from coterie.core.model import Contact
from coterie.core.text import printable
from coterie.tui import plans
from coterie.tui.actions.changes import carry_out_quietly, tell_shown
from coterie.tui.actions.command import Command, Place, Section
from coterie.tui.actions.context import Context
from coterie.tui.actions.reasons import can_copy
from coterie.tui.offers import offers
from coterie.tui.values import can_be_changed, link_of, opener, text_of, with_text
from coterie.tui.widgets.modal import Origin

if TYPE_CHECKING:
    from coterie.tui.widgets.inspector import Inspector

_VALUES: Final = frozenset({Place.INSPECTOR, Place.DETAILS})


class ShowingValues(Context, Protocol):
    """A screen with an inspector."""

    @property
    def inspector(self) -> Inspector:
        """What shows the values."""


@dataclass(slots=True)
class SavedInPlace:
    """Saves what is typed over a value of a contact.

    Attributes:
        contact: the contact as it was read last.
        write: the contact with another text for the value. Raises CoterieError if the text will not do.
        outcomes: what was done.
    """

    here: Context
    contact: Contact
    write: Callable[[Contact, str], Contact]
    outcomes: list[Outcome] = field(default_factory=list)

    def check(self, text: str) -> Contact:
        """The contact with this text. Raises CoterieError if it will not do."""
        return self.write(self.contact, text)

    async def save(self, text: str) -> bool:
        """Save the text; whether that changes anything. Raises Stale once if somebody else was faster."""
        plan = plans.edit(self.contact, self.check(text))
        if plan is None:
            return False
        try:
            self.outcomes.append(await carry_out_quietly(self.here, plan))
        except Stale as error:
            with suppress(CoterieError):
                self.contact = await self.here.book.contact(self.contact.id or 0)
            raise Stale("Somebody else has changed this contact meanwhile.",
                        "Enter saves your value all the same.") from error  # fmt: skip
        return True


def edit_value(here: ShowingValues) -> Awaitable[object] | None:
    """Change the value in its place, then those to which the user goes on with tab and shift+tab."""
    contact, item = here.inspector.contact, here.inspector.item
    if contact is None or item is None:
        here.say(f"{here.key('down')} goes to a value first.")
    elif contact.deleted_at:
        here.say(f"This contact is in the Bin; {here.key('restore')} restores it.")
    elif not can_be_changed(contact, item):
        here.say(f"“{printable(item.label)}” has several parts; {here.key('edit')} shows them in the form.")
    else:
        return _change_values(here)
    return None


async def _change_values(here: ShowingValues) -> None:
    while by := await _change_value(here):
        here.inspector.move(by)
        contact, item = here.inspector.contact, here.inspector.item
        if contact is None or item is None or not can_be_changed(contact, item):
            return


async def _change_value(here: ShowingValues) -> int:
    """Change the marked value; by how many values the user goes on, 0 for none."""
    from coterie.tui.screens.cell_editor import CellEditor

    contact, item = here.inspector.contact, here.inspector.item
    assert contact is not None
    assert item is not None
    saved = SavedInPlace(here, contact, lambda contact, text: with_text(contact, item, text))

    async def save(text: str) -> None:
        await saved.save(text)

    completions = offers(here.book.lists.values, item.field) if item.field in FIELDS else None
    editor = CellEditor(here.inspector.value_region(), text_of(contact, item), saved.check, save, completions)
    content = {"id": contact.id, "field": item.field}
    editor.origin = Origin("cell", f"changing {item.label} of {here.book.called(contact)}", content)
    by = await here.ask(editor)
    await tell_shown(here, *saved.outcomes)
    return by or 0


def copy_value(here: ShowingValues) -> None:
    """Copy the value."""
    if item := here.inspector.item:
        copy_text(here, item.text)


def copy_text(here: Context, text: str) -> None:
    """Copy a text to the clipboard of the user's own machine, and say so."""
    here.app.copy_to_clipboard(text)
    here.say(f"Copied “{printable(' '.join(text.split()))}”.")


def open_value(here: ShowingValues) -> Awaitable[object] | None:
    """Open the value in the program that it is for."""
    item = here.inspector.item
    if item is None:
        here.say(f"{here.key('down')} goes to a value first.")
    elif not (link := link_of(item)):
        here.say("Only addresses, phone numbers and web sites can be opened.")
    elif here.state.options.restricted or not (program := opener()):
        here.say("It is a link: ctrl+click (or command+click) opens it on your own machine.")
    else:
        return _start(here, program, link)
    return None


async def _start(here: Context, program: str, link: str) -> None:
    nothing = asyncio.subprocess.DEVNULL
    try:
        await asyncio.create_subprocess_exec(
            program, link, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
        )
    except OSError as error:
        here.say(f"{program} cannot be started: {error.strerror}.")
    else:
        here.say(f"Opening {link} …")


COMMANDS: Final[tuple[Command, ...]] = (
    Command("edit_value", edit_value, ("c",), "Change the value", "Change the value under the cursor right there.",
            Section.CONTACT, _VALUES, footer={Place.INSPECTOR: 1, Place.DETAILS: 7}, short="change"),
    Command("copy_value", copy_value, ("y",), "Copy the value",
            "Copy the value under the cursor to the clipboard of your own machine, even over SSH.", Section.CONTACT,
            frozenset({Place.INSPECTOR}), can_copy, footer={Place.INSPECTOR: 2}, short="copy"),
    Command("open_value", open_value, ("o",), "Open the value",
            "Write to the address, call the number, open the web site, or show the address on a map.", Section.CONTACT,
            _VALUES | {Place.BINNED}, footer={Place.INSPECTOR: 3, Place.DETAILS: 8}, short="open"),
)  # fmt: skip
