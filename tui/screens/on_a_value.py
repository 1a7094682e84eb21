"""What the keys do with the value under the cursor of an inspector."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Awaitable
from contextlib import suppress
from functools import partial

from coterie.core.changes import Outcome
from coterie.core.errors import CoterieError, Stale
from coterie.core.fields import FIELDS
from coterie.core.text import printable
from coterie.tui import plans
from coterie.tui.offers import offers
from coterie.tui.screens.base import CommandScreen
from coterie.tui.values import can_be_changed, link_of, opener, text_of, with_text
from coterie.tui.widgets.inspector import Inspector
from coterie.tui.widgets.modal import Origin


class ValueCommands(CommandScreen):
    """Changes, copies and opens one value."""

    @property
    @abstractmethod
    def inspector(self) -> Inspector:
        """What shows the values."""

    def action_edit_value(self) -> Awaitable[object] | None:
        """Change the value in its place, then those to which the user goes on with tab and shift+tab."""
        contact, item = self.inspector.contact, self.inspector.item
        if contact is None or item is None:
            self.say(f"{self.key('down')} goes to a value first.")
        elif contact.deleted_at:
            self.say(f"This contact is in the Bin; {self.key('restore')} restores it.")
        elif not can_be_changed(contact, item):
            self.say(f"“{printable(item.label)}” has several parts; {self.key('edit')} shows them in the form.")
        else:
            return self._change_values()
        return None

    async def _change_values(self) -> None:
        while by := await self._change_value():
            self.inspector.move(by)
            contact, item = self.inspector.contact, self.inspector.item
            if contact is None or item is None or not can_be_changed(contact, item):
                return

    async def _change_value(self) -> int:
        """Change the marked value; by how many values the user goes on, 0 for none."""
        from coterie.tui.screens.cell_editor import CellEditor

        shown, item = self.inspector.contact, self.inspector.item
        assert shown is not None
        assert shown.id is not None
        assert item is not None
        contact, contact_id = shown, shown.id
        outcomes: list[Outcome] = []

        async def save(text: str) -> None:
            nonlocal contact
            plan = plans.edit(contact, with_text(contact, item, text))
            if plan is None:
                return
            try:
                outcomes.append(await self.carry_out_quietly(plan))
            except Stale as error:
                with suppress(CoterieError):
                    contact = await self.book.contact(contact_id)
                raise Stale("Somebody else has changed this contact meanwhile.",
                            "Enter saves your value all the same.") from error  # fmt: skip

        completions = offers(self.book.lists.values, item.field) if item.field in FIELDS else None
        check = partial(with_text, contact, item)
        editor = CellEditor(self.inspector.value_region(), text_of(contact, item), check, save, completions)
        content = {"id": contact_id, "field": item.field}
        editor.origin = Origin("cell", f"changing {item.label} of {self.book.called(contact)}", content)
        by = await self.app.push_screen_wait(editor)
        for outcome in outcomes:
            await self.tell_shown(outcome)
        return by or 0

    def action_copy_value(self) -> None:
        """Copy the value."""
        if item := self.inspector.item:
            self.app.copy_to_clipboard(item.text)
            self.say(f"Copied “{printable(' '.join(item.text.split()))}”.")

    def action_open_value(self) -> Awaitable[object] | None:
        """Open the value in the program that it is for."""
        item = self.inspector.item
        if item is None:
            self.say(f"{self.key('down')} goes to a value first.")
        elif not (link := link_of(item)):
            self.say("Only addresses, phone numbers and web sites can be opened.")
        elif self.state.options.restricted or not (program := opener()):
            self.say("It is a link in this terminal: ctrl+click or command+click opens it on your own machine.")
        else:
            return self._start(program, link)
        return None

    async def _start(self, program: str, link: str) -> None:
        nothing = asyncio.subprocess.DEVNULL
        try:
            await asyncio.create_subprocess_exec(
                program, link, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
            )
        except OSError as error:
            self.say(f"{program} cannot be started: {error.strerror}.")
        else:
            self.say(f"Opening {link} …")
