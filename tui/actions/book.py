"""The whole book: duplicates, cleaning up, undo and redo, the history."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from coterie.core.errors import NotFound
from coterie.core.listing import View
from coterie.core.model import Contact
from coterie.core.text import number_of
from coterie.tui import plans
from coterie.tui.actions.changes import carry_out, carry_out_quietly, run_long
from coterie.tui.actions.command import EVERYWHERE, IN_SYNC, LISTS, LIVE, NOT_BIN, Command, Place, Section
from coterie.tui.actions.context import Context, Selecting
from coterie.tui.actions.views import show_found
from coterie.tui.target import Target
from coterie.tui.time_words import when_words

if TYPE_CHECKING:
    from coterie.tui.dialogs.history import Look

_MERGED: Final = 2
"""So many contacts must be checked for merging them."""


async def duplicates(here: Selecting) -> None:
    """Merge what is checked, if that are two or more; else look for duplicates."""
    if here.where not in LIVE or len(here.state.checks) < _MERGED:
        await _find_duplicates(here)
    elif target := await here.target("duplicates"):
        await _merge_checked(here, target)


async def _find_duplicates(here: Context) -> None:
    """Find contacts that seem to be the same, and go through them pair by pair."""
    from coterie.tui.dialogs.duplicates import DuplicatesDialog

    merged = await here.ask(DuplicatesDialog(here.book))
    if merged:
        await here.shown()
        here.say(f"Merged {number_of(merged, 'pair')} of contacts.", undo=True)


async def _merge_checked(here: Selecting, target: Target) -> None:
    from coterie.tui.dialogs.merge_checked import MergeChecked

    contacts = [contact async for contact in here.book.contacts(target.selection)]
    if len(contacts) < _MERGED:
        here.say("Check two or more contacts to merge them.")
        return
    plan = await here.ask(MergeChecked(contacts, here.book.called))
    if plan and await carry_out(here, plan):
        here.drop(target.selection)


async def cleanup(here: Context) -> None:
    """Show what could be cleaned up, and do it kind by kind."""
    from coterie.tui.dialogs.cleanup import CleanupDesk

    done = await here.ask(CleanupDesk(here.book, here.state.files))
    await here.shown()
    if done and done.changed:
        here.say(f"Cleaned up in {number_of(done.changed, 'step')}.", undo=True)
    if done and done.check is not None:
        here.state.checks = done.check
        await show_found(here, done.query)
        here.say(f"Checked {number_of(len(done.check))}.")


async def undo(here: Context) -> None:
    """Undo the last change."""
    try:
        await run_long(here, "Undo", here.book.history.undo, way_back="redo")
    except NotFound as nothing:
        here.say(str(nothing))
    await here.after_undo()


async def redo(here: Context) -> None:
    """Redo the change that was undone last."""
    try:
        await run_long(here, "Redo", here.book.history.redo)
    except NotFound as nothing:
        here.say(str(nothing))


async def history(here: Context) -> None:
    """Show what was changed, when and why, and undo or redo as far as the user chooses."""
    from coterie.tui.dialogs.history import HistoryDialog, Look
    from coterie.tui.offered import account_names

    names = account_names(await here.book.accounts.all())
    operations = [names.told(operation) for operation in await here.book.history.latest(500)]
    dialog = HistoryDialog(operations, here.book.actor, now=here.book.now(), details=here.book.history)
    meant = await here.ask(dialog)
    if isinstance(meant, Look):
        await _show_as_it_was(here, meant)
    elif meant is not None:
        turn = here.book.history.undo if meant.back else here.book.history.redo
        way_back = "redo" if meant.back else "undo"
        await run_long(here, meant.words, lambda progress: turn(progress, meant.ids), way_back)


async def _show_as_it_was(here: Context, look: Look) -> None:
    """Show the book as it was before a change, or on a day that is asked for."""
    from coterie.core.store.journal.as_of import Moment
    from coterie.tui.dialogs.book_as_it_was import BookAsItWas

    now = here.book.now()
    if look.before:
        moment = Moment.before(look.before)
        when = f"before “{look.before.summary.rstrip('.')}”, {when_words(look.before.at, now)}"
    elif at := await _moment(here, now):
        moment, when = Moment.of(at), f"as it was at {at:%Y-%m-%d %H:%M}"
    else:
        return
    past = await here.book.history.as_of(moment)
    columns = here.state.memory.arrangement(View.ALL).columns
    await here.ask(BookAsItWas(past, when, columns, here.state.glyphs, partial(_put_back, here), here.state.called))


async def _moment(here: Context, now: datetime) -> datetime | None:
    from coterie.tui.dialogs.prompt import Prompt
    from coterie.tui.moments import moment_of

    label = "A day, such as 2026-11-24, tuesday or yesterday; a time may follow: yesterday 14:05"
    prompt = Prompt("The book as it was on", label, yes="Show", check=lambda text: moment_of(text, now))
    text = await here.ask(prompt)
    return moment_of(text, now) if text else None


async def _put_back(here: Context, then: Contact, now: Contact | None) -> str:
    """Make a contact what it was then; a sentence about it."""
    plan = plans.put_back(now, then) if now else None
    if plan is None:
        return f"{then.shown_name} is now as it was then." if now else "It was deleted forever."
    return f"{(await carry_out_quietly(here, plan)).summary} It can be undone."


COMMANDS: Final[tuple[Command, ...]] = (
    Command("duplicates", duplicates, ("M",), "Find duplicates",
            "Find contacts that may be duplicates, and merge them; with two or more checked, merge these.",
            Section.BOOK, NOT_BIN - {Place.GROUPS}, menu=True),
    Command("cleanup", cleanup, ("T",), "Clean up",
            "Show what could be cleaned up in the book, and clean it up one kind at a time.", Section.BOOK, NOT_BIN,
            menu=True),
    Command("undo", undo, ("u",), "Undo", "Undo the last change, even one from an earlier day.", Section.BOOK,
            EVERYWHERE | IN_SYNC, menu=True),
    Command("redo", redo, ("ctrl+r",), "Redo", "Redo the change that was undone last.", Section.BOOK,
            EVERYWHERE | IN_SYNC, menu=True),
    Command("history", history, ("H",), "History", "Show what was changed, when and why.", Section.BOOK, LISTS,
            menu=True),
)  # fmt: skip
