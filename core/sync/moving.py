"""What the user moved or copied between places: it is created in one, and then deleted where it was.

Whatever kills this in between, the next sync goes on from what is there: nothing is deleted that has not arrived.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from typing import Final

from coterie.core.changes import Arrive, Change, Depart
from coterie.core.checks import Checks
from coterie.core.errors import Conflict, NotEnabled, RateLimited, Rejected, SignInNeeded
from coterie.core.model import Contact, Remembered
from coterie.core.places import Placing
from coterie.core.provider import Answer, RemoteContact
from coterie.core.sync.creating import Creating, numbers_of
from coterie.core.sync.halving import Refused, told_of_all

CHUNK: Final = 100
_NO_PLACE: Final = "The place does not exist any more."


class Moves(Creating):
    """Moves contacts in and out of the places of one account."""

    def _arrive(self, placing: Placing, remote_id: str) -> Arrive:
        return Arrive(placing.contact_id, self._account.name, placing.place, remote_id)

    async def _move_in(self, arrivals: Sequence[Placing]) -> AsyncIterator[int]:
        """Create contacts where they are wanted, as many at a time as go in one request."""
        together = self._provider.capabilities.together
        for place in dict.fromkeys(placing.place for placing in arrivals):
            there = [placing for placing in arrivals if placing.place == place]
            for start in range(0, len(there), together):
                await self._create_in(place, there[start : start + together])
                yield len(there[start : start + together])

    async def _create_in(self, place: str, placings: Sequence[Placing]) -> None:
        """Create contacts in a place, with all that a record of the same provider holds of them."""
        by_id = {placing.contact_id: placing for placing in placings}
        contacts = [contact async for contact in self._book.contacts(Checks.of(by_id)) if contact.deleted_at is None]
        if reason := self._read_only.get(place, "" if not place or place in self._names else _NO_PLACE):
            for contact in contacts:
                self._refuse("create", contact.shown_name, Rejected(reason), f"place {contact.id}", contact)
            return
        there = await self._begin_creating(contacts, place)
        arrived = {contact.id for contact, _ in there}
        rest = [contact for contact in contacts if contact.id not in arrived]
        await self._moved_in(there, by_id)
        records = await self._book.accounts.records(self._account.provider, [contact.id or 0 for contact in rest])

        def send(part: Sequence[Contact]) -> AsyncGenerator[Mapping[int, Answer], None]:
            return self._provider.create_all(part, place, [records.get(contact.id or 0, "") for contact in part])

        async def made(part: Sequence[Contact]) -> set[int]:
            created = await self._find(part, place, recent=True)
            await self._moved_in(created, by_id)
            return numbers_of(part, created)

        try:
            async for answers in told_of_all(send, rest, made):
                said = [(rest[number], answer) for number, answer in answers.items()]
                await self._moved_in(
                    [(contact, told) for contact, told in said if isinstance(told, RemoteContact)], by_id
                )
                for contact, told in said:
                    if not isinstance(told, RemoteContact):
                        self._not_taken(contact, told, "place")
        except (SignInNeeded, NotEnabled, RateLimited) as error:
            await self._not_created(error)
            raise
        await self._end_creating()

    async def _moved_in(self, said: Sequence[tuple[Contact, RemoteContact]], placings: Mapping[int, Placing]) -> None:
        self._report.moved_in += len(said)
        changes: list[Change] = [self._remember(answer, contact, None) for contact, answer in said]
        changes += [self._arrive(placings[contact.id or 0], answer.remote_id) for contact, answer in said]
        await self._store(changes)

    async def _move_out(self) -> AsyncIterator[int]:
        """Delete what the user moved where it was, once it has arrived; what another place lost stays."""
        leaving = {
            placing.remote_id: placing
            for placing in await self._book.accounts.placings(self._account)
            if not placing.there and placing.remote_id and not placing.waits
        }
        ids = sorted(leaving)
        for start in range(0, len(ids), CHUNK):
            records = await self._book.accounts.remembered(self._account, ids[start : start + CHUNK])
            some = [record for record in records.values() if self._may_leave(leaving[record.remote_id], record)]
            stays = [record for record in records.values() if not self._may_leave(leaving[record.remote_id], record)]
            await self._store([self._arrive(leaving[record.remote_id], "") for record in stays])
            some = [record for record in some if not self._is_refused("delete", record)]
            async for answers in told_of_all(self._provider.delete_all, [*map(self._as_remote, some)]):
                changes: list[Change] = []
                for number, answer in answers.items():
                    changes += self._moved_out(some[number], leaving[some[number].remote_id], answer)
                await self._store(changes)
            yield len(records)

    def _moved_out(self, gone: Remembered, placing: Placing, answer: Refused | None) -> list[Change]:
        """What an answer to a deletion changes."""
        if answer is None:
            self._report.moved_out += 1
            return [Depart(self._account.name, gone.remote_id, moved=True), self._arrive(placing, "")]
        if isinstance(answer, Conflict):
            answer = Rejected("It was changed there after it was moved: the next sync brings the change.")
        self._refuse("delete", gone.contact.shown_name if gone.contact else "", answer, gone.remote_id, gone.contact)
        return []
