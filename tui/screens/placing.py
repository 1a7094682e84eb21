"""Moving and copying contacts between the places of accounts: the same for a list and for one contact's details."""

from __future__ import annotations

from coterie.tui.screens.grouping import GroupingCommands


class PlacingCommands(GroupingCommands):
    """To another address book, folder or account."""

    async def action_move_to_place(self) -> None:
        """Choose a place and move the selection there."""
        await self._to_place("move_to_place", "Move", copy=False)

    async def action_copy_to_place(self) -> None:
        """Choose a place and copy the selection there."""
        await self._to_place("copy_to_place", "Copy", copy=True)

    async def _to_place(self, command_id: str, verb: str, *, copy: bool) -> None:
        places = [one for one in await self.book.accounts.places() if one.synced]
        allowed = [one for one in places if not one.refusal]
        if not allowed:
            self.say(places[0].refusal if places else "There is no account to move contacts to: connect one with s.")
            return
        if target := await self.target(command_id):
            from coterie.core.bulk.moving import Moving
            from coterie.tui.dialogs.pick import Pick

            options = [(one.name, one.name) for one in allowed]
            chosen = await self.app.push_screen_wait(Pick(f"{verb} {target.words} to", options, yes=verb))
            if chosen:
                place = next(one for one in allowed if one.name == chosen)
                plan = Moving(place, places, copy=copy).plan(target.selection)
                await self.carry_out(plan)
