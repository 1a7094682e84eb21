"""Moving contacts to the Bin, restoring them, and deleting them forever."""

from __future__ import annotations

from typing import Final, Protocol

from coterie.core.checks import Checks
from coterie.core.listing import Listing, View
from coterie.core.text import are, number_of
from coterie.tui import plans
from coterie.tui.actions.changes import carry_out
from coterie.tui.actions.command import LIVE, Command, Place, Section, rank
from coterie.tui.actions.context import Context, Rows, Selecting
from coterie.tui.actions.reasons import needs_bin, needs_target
from coterie.tui.target import Target

_BIN: Final = frozenset({Place.BIN})


class Deleting(Selecting, Protocol):
    """A screen from which contacts are deleted."""

    async def after_delete(self, selection: Checks) -> None:
        """These were deleted from what this screen shows."""


async def delete(here: Deleting) -> None:
    """Move contacts to the Bin; the checks of what is deleted go with it."""
    target = await here.target("delete")
    if target and await carry_out(here, plans.delete(target.selection, target.name)):
        here.drop(target.selection)
        await here.after_delete(target.selection)


async def restore(here: Selecting) -> None:
    """Restore what is checked, or the contact under the cursor."""
    if target := await here.target("restore"):
        await _restore(here, target)


async def _restore(here: Selecting, target: Target) -> None:
    if await carry_out(here, plans.restore(target.selection, target.name)):
        here.drop(target.selection)


async def restore_all(here: Rows) -> None:
    """Restore all that somebody has deleted; if a search hides some of it, ask how much is meant.

    What an undo has moved to the Bin stays there: it was meant to go.
    """
    from coterie.tui.dialogs.not_shown import NotShown

    undone = await here.book.bin.undone()
    everything = await here.book.lists.ids(Listing(View.BIN)) - undone
    shown = await here.book.lists.ids(here.listing) - undone
    if not everything:
        here.say(f"All of these are here because they were undone. {here.key('restore')} restores what is checked.")
        return
    target: Target | None = Target(everything, hidden=len(everything - shown))
    if target and target.hidden:
        target = await here.ask(NotShown("Restore", target, Target(shown), thing="deleted contact"))
    if target:
        await _restore(here, target)


async def delete_forever(here: Deleting) -> None:
    """Ask, then delete forever what is checked, or the contact under the cursor."""
    target = await here.target("delete_forever")
    if target and await _is_deleted(here, target, f"Delete {target.words} forever?"):
        here.drop(target.selection)
        await here.after_delete(target.selection)


async def empty_bin(here: Rows) -> None:
    """Ask, then delete everything in the Bin forever."""
    everything = await here.book.lists.ids(Listing(View.BIN))
    hidden = len(everything - await here.book.lists.ids(here.listing))
    question = f"Empty the Bin? {number_of(len(everything))} would be deleted forever."
    not_shown = f"{hidden:,} of them {are(hidden)} not shown here." if hidden else ""
    if await _is_deleted(here, Target(everything), question, not_shown):
        here.drop(everything)


async def _is_deleted(here: Context, target: Target, question: str, text: str = "") -> bool:
    """Ask, and delete the target forever; whether that was done."""
    from coterie.tui.dialogs.confirm import Confirm

    text = f"{text} This cannot be undone.".strip()
    if not await here.ask(Confirm(question, text, yes="Delete forever", danger=True)):
        return False
    return await carry_out(here, plans.forget(target.selection, target.name)) is not None


COMMANDS: Final[tuple[Command, ...]] = (
    Command("delete", delete, ("d",), "Delete", "Move what is checked to the Bin.", Section.SEVERAL,
            LIVE | {Place.DETAILS}, needs_target, footer={**rank(6), Place.DETAILS: 4}, short="delete", bar=1,
            menu=True),
    Command("restore", restore, ("r",), "Restore", "Restore what is checked from the Bin.", Section.BIN,
            _BIN | {Place.BINNED}, needs_target, footer={Place.BIN: 1, Place.BINNED: 1}, short="restore", bar=1,
            menu=True),
    Command("delete_forever", delete_forever, ("d",), "Delete forever", "Delete what is checked forever, after asking.",
            Section.BIN, _BIN | {Place.BINNED}, needs_target, footer={Place.BIN: 1, Place.BINNED: 2}, short="delete",
            bar=2, menu=True),
    Command("restore_all", restore_all, ("R",), "Restore all", "Restore all that was deleted.", Section.BIN, _BIN,
            needs_bin, footer={Place.BIN: 3}, short="restore all", menu=True),
    Command("empty_bin", empty_bin, ("D",), "Empty the Bin", "Delete everything in the Bin forever, after asking.",
            Section.BIN, _BIN, needs_bin, footer={Place.BIN: 1}, short="empty", menu=True),
)  # fmt: skip
