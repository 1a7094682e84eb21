"""Contacts to another address book, folder or account."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final

from coterie.tui.actions.changes import carry_out
from coterie.tui.actions.command import LIVE, Command, Place, Section
from coterie.tui.actions.context import Selecting
from coterie.tui.actions.reasons import needs_target


def move_to_place(here: Selecting) -> Awaitable[None]:
    """Choose a place and move the selection there."""
    return _to_place(here, "move_to_place", "Move", copy=False)


def copy_to_place(here: Selecting) -> Awaitable[None]:
    """Choose a place and copy the selection there."""
    return _to_place(here, "copy_to_place", "Copy", copy=True)


async def _to_place(here: Selecting, command_id: str, verb: str, *, copy: bool) -> None:
    from coterie.core.bulk.moving import Moving
    from coterie.tui.dialogs.pick import Pick

    places = [place for place in await here.book.accounts.places() if place.synced]
    allowed = {place.name: place for place in places if not place.refusal}
    if not allowed:
        nowhere = f"There is no account to move contacts to: connect one with {here.key('sync')}."
        here.say(here.state.called(places[0].refusal) if places else nowhere)
        return
    if target := await here.target(command_id):
        choices = [(name, here.state.called(name)) for name in allowed]
        chosen = await here.ask(Pick(f"{verb} {target.words} to", choices, yes=verb))
        if chosen:
            moving = Moving(allowed[chosen], places, copy=copy)
            await carry_out(here, moving.plan(target.selection))


COMMANDS: Final[tuple[Command, ...]] = (
    Command("move_to_place", move_to_place, (), "Move to a place",
            "Move what is checked to another address book, folder or account.", Section.SEVERAL, LIVE | {Place.DETAILS},
            needs_target, menu=True),
    Command("copy_to_place", copy_to_place, (), "Copy to a place",
            "Copy what is checked to another address book, folder or account.", Section.SEVERAL, LIVE | {Place.DETAILS},
            needs_target, menu=True),
)  # fmt: skip
