"""Editing contacts as text in the user's own editor, with a preview before anything changes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from coterie.core.bulk import survey_of
from coterie.core.changes import Edit, Plan
from coterie.core.checks import Checks
from coterie.core.errors import CoterieError, InvalidInput
from coterie.core.jsonform import as_json
from coterie.core.model import Contact
from coterie.core.text import number_of
from coterie.tui.actions.bulk import agreed
from coterie.tui.actions.changes import carry_out
from coterie.tui.actions.command import LIVE, Command, Section
from coterie.tui.actions.context import Rows
from coterie.tui.actions.reasons import needs_editor
from coterie.tui.drafts import Held, beside

if TYPE_CHECKING:
    from coterie.tui.editor import EditedText

MOST: Final = 10_000
"""How many contacts an editor is given at most."""


async def edit_as_text(here: Rows) -> None:
    """Open the selection in $EDITOR; what was changed there is shown, and done if the user agrees."""
    await _open_as_text(here, None)


async def edit_columns_as_text(here: Rows) -> None:
    """The same, with the fields that this list shows as columns, and no others."""
    from coterie.core.bulk.as_text import editable

    await _open_as_text(here, editable(("name", *here.columns)))


async def _open_as_text(here: Rows, keys: Sequence[str] | None) -> None:
    target = await here.target("edit_as_text")
    if target is None:
        return
    selection = target.selection
    if len(selection) > MOST:
        here.say(f"{number_of(len(selection))} are too many for an editor; {here.key('edit')} edits them together.")
        return
    contacts = {contact.id: contact async for contact in here.book.contacts(selection)}
    path = await asyncio.to_thread(here.state.drafts.new)
    if path is not None:
        words = f"editing {target.words} as text"
        content = {"contacts": [as_json(contact) for contact in contacts.values()], "keys": keys}
        await asyncio.to_thread(here.state.drafts.keep, path, Held("text", words, content))
    await edit_text(here, contacts, path, keys)


async def edit_text(
    here: Rows, contacts: Mapping[int | None, Contact], path: Path | None = None, keys: Sequence[str] | None = None
) -> None:
    """Open contacts, as they were when the text was made, in $EDITOR, and do what the user changed.

    Args:
        contacts: the contacts by their ids.
        path: the draft beside which the text is kept; a text that is there already goes on from there.
        keys: the fields that are in the text; None for all.
    """
    from coterie.core.bulk.as_text import to_text
    from coterie.tui.editor import EditedText

    before = to_text(contacts.values(), keys)
    with EditedText(before, beside(path) if path else None) as text:
        try:
            plan = await _edited(here, text, before, contacts, keys)
            if plan is not None:
                await _do(here, [change for change in plan.changes if isinstance(change, Edit)])
        except CoterieError as error:
            if path is None:
                raise
            if not (await asyncio.to_thread(text.is_changed, before) or text.is_left):
                await asyncio.to_thread(here.state.drafts.forget, path)
                raise
            here.say(f"{error.title} The text is kept: Coterie offers it when it is started again.")
            return
        if path is not None:
            await asyncio.to_thread(here.state.drafts.forget, path)


async def _do(here: Rows, edits: Sequence[Edit]) -> None:
    """Show what the edits would change in the contacts as they are now, and do what the user agrees to."""
    from coterie.core.bulk.as_text import AsEdited

    if not edits:
        here.say("Nothing was changed.")
        return
    title = f"Edit {number_of(len(edits))} as text"
    now = [contact async for contact in here.book.contacts(Checks.of(edit.contact_id for edit in edits))]
    survey = await agreed(here, title, survey_of([AsEdited(edits)], now, here.book.called))
    if survey:
        await carry_out(here, survey.plan())


async def _edited(
    here: Rows, text: EditedText, before: str, contacts: Mapping[int | None, Contact], keys: Sequence[str] | None
) -> Plan | None:
    """Open the editor until what it leaves can be read, or the user gives up.

    It begins at the contact under the cursor, and after a mistake at its line.
    """
    from coterie.core.bulk.as_text import InvalidText, from_text, line_of
    from coterie.tui.dialogs.confirm import Confirm

    line = line_of(before, here.row.id) if here.row else 1
    is_left = await asyncio.to_thread(text.is_changed, before)  # by an editor that the line dropped under
    while True:
        try:
            if is_left:
                after = await asyncio.to_thread(text.read)
            else:
                with here.app.suspend():
                    after = await text.open(line)
        except InvalidInput:
            here.say("Nothing was changed.")
            raise
        if after == before:
            here.say("Nothing was changed.")
            return None
        try:
            return from_text(after, contacts.values(), keys)
        except InvalidText as problem:
            line = problem.problems[0][0]
            question = Confirm("The text cannot be read", str(problem), yes="Edit it again", no="Give up")
            if not await here.ask(question):
                here.say("Nothing was changed.")
                return None
            is_left = False


COMMANDS: Final[tuple[Command, ...]] = (
    Command("edit_as_text", edit_as_text, ("E",), "Edit as text", "Edit what is checked in your own editor ($EDITOR).",
            Section.SEVERAL, LIVE, needs_editor, short="as text", bar=10, menu=True),
    Command("edit_columns_as_text", edit_columns_as_text, (), "Edit columns as text",
            "Edit the visible columns of what is checked in your own editor.", Section.SEVERAL, LIVE,
            needs_editor, menu=True),
)  # fmt: skip
