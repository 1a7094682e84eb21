"""Checks: one, a range, all that match, none, inverted. They survive searches and changes of view."""

from __future__ import annotations

from typing import Final

from coterie.core.checks import Checks
from coterie.core.text import number_of
from coterie.tui.actions.command import CONTACTS, Command, Section, rank
from coterie.tui.actions.context import Rows
from coterie.tui.actions.reasons import needs_row, needs_rows


def check(here: Rows) -> None:
    """Check or uncheck, and move down."""
    here.table.toggle()
    here.checks = here.table.checks
    here.show_place()


async def check_range(here: Rows) -> None:
    """Start a range, or check all of it."""
    if here.table.in_range:
        await here.table.end_range()
    else:
        here.table.start_range()
        here.show_place()


async def check_all(here: Rows) -> None:
    """Check all that match, however many they are."""
    ids = await here.book.lists.ids(here.listing)
    here.checks |= ids
    here.say(f"Checked {number_of(len(ids))}.")


def uncheck_all(here: Rows) -> None:
    """Uncheck everything, in every view."""
    here.checks = Checks()


async def invert_checks(here: Rows) -> None:
    """Turn over all checks of this list; those that it does not show stay as they are."""
    here.checks ^= await here.book.lists.ids(here.listing)


COMMANDS: Final[tuple[Command, ...]] = (
    Command("check", check, ("space",), "Check and move down",
            "Check or uncheck the contact under the cursor and move down.", Section.CHECK, reason=needs_row,
            footer=rank(2, CONTACTS), short="check"),
    Command("check_range", check_range, ("v",), "Check a range",
            "Check a range: press it at one end, and again at the other.", Section.CHECK, reason=needs_row),
    Command("check_all", check_all, ("a",), "Check all", "Check everything in this view that matches the search.",
            Section.CHECK, reason=needs_rows, footer=rank(9), short="check all"),
    Command("uncheck_all", uncheck_all, ("A",), "Uncheck all", "Uncheck all, in every view.", Section.CHECK, bar=11,
            short="none", menu=True),
    Command("invert_checks", invert_checks, ("!",), "Invert the checks",
            "Check what is not checked in this view, and uncheck what is.", Section.CHECK, reason=needs_rows),
)  # fmt: skip
