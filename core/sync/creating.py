"""Creating contacts at an account: one whose answer is lost is looked for there before it is created again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from datetime import UTC

from coterie.core.changes import Change, Return
from coterie.core.errors import Conflict, NotEnabled, RateLimited, Rejected, SignInNeeded, Unsure
from coterie.core.model import Contact, Remembered
from coterie.core.provider import RemoteContact
from coterie.core.sync.answered import Answered
from coterie.core.sync.halving import told_of_all
from coterie.core.sync.linking import is_same
from coterie.core.sync.work import doubtful

Matches = list[tuple[Contact, RemoteContact]]
"""Contacts of ours, with what is there of them."""


class Creating(Answered):
    """Creates contacts at one account."""

    async def _create_again(self, gone: Remembered) -> None:
        """Create a contact that was deleted there, and that an undo or a restore has brought back here."""
        contact = gone.contact
        if contact is None:
            return
        if arrived := await self._begin_creating([contact]):
            await self._created(arrived, gone)
            return
        try:
            said = await self._provider.create(self._wanted(gone), gone.raw)
        except (Rejected, Conflict) as refusal:
            self._not_taken(contact, refusal)
        except (SignInNeeded, NotEnabled, RateLimited) as error:
            await self._not_created(error)
            raise
        else:
            await self._created([(contact, said)], gone)
        await self._end_creating()

    def _not_taken(self, contact: Contact, refusal: Rejected | Conflict, key: str = "contact") -> None:
        self._refuse("create", contact.shown_name, refusal, f"{key} {contact.id}", contact)
        if isinstance(refusal, Unsure):
            self._unsure.add(contact.id or 0)

    async def _create(self, contacts: Sequence[Contact]) -> None:
        """Create contacts there, in one request if the provider can."""
        if not contacts:
            return
        arrived = await self._begin_creating(contacts)
        await self._created(arrived)
        there = {contact.id for contact, _ in arrived}
        rest = [contact for contact in contacts if contact.id not in there]
        try:
            async for answers in told_of_all(self._provider.create_all, rest, self._made):
                said = {rest[number].id: answer for number, answer in answers.items()}
                await self._created(
                    [(contact, answer) for contact in rest if isinstance(answer := said.get(contact.id), RemoteContact)]
                )
                for contact in rest:
                    if isinstance(refusal := said.get(contact.id), (Rejected, Conflict)):
                        self._not_taken(contact, refusal)
        except (SignInNeeded, NotEnabled, RateLimited) as error:
            await self._not_created(error)
            raise
        await self._end_creating()

    async def _made(self, contacts: Sequence[Contact]) -> set[int]:
        """The numbers of those that were created, as it turns out, although the server failed at their request."""
        created = await self._find(contacts, recent=True)
        await self._created(created)
        return numbers_of(contacts, created)

    async def _begin_creating(self, contacts: Sequence[Contact], place: str | None = None) -> Matches:
        """Note what is about to be created: those that turn out to be there already, as an answer was lost.

        If `place` is given, only what is in that place counts.

        Whatever happens from here on, a second creation would be a second contact: see `doubtful`.
        """
        await self._still_alone()
        lost = set(doubtful(await self._book.accounts.named(self._account.name)))
        arrived = await self._find([contact for contact in contacts if contact.id in lost], place)
        await self._doubt({contact.id or 0 for contact in contacts})
        return arrived

    async def _doubt(self, contact_ids: set[int]) -> None:
        """Note which of ours may be there, beside those of which no clear answer came before."""
        if not (in_doubt := sorted(contact_ids | self._unsure)):
            await self._choose(creating=None)
            return
        now = self._book.now().astimezone(UTC).isoformat()
        await self._choose(creating={"contacts": in_doubt, "at": now})

    async def _end_creating(self) -> None:
        await self._doubt(set())

    async def _not_created(self, error: Exception) -> None:
        """End the doubt about what is created, if it was refused."""
        if not isinstance(error, RateLimited) or error.undone:
            await self._end_creating()

    async def _created(self, said: Sequence[tuple[Contact, RemoteContact]], gone: Remembered | None = None) -> None:
        if gone is None:
            self._report.sent_created += len(said)
        else:
            self._report.sent_again += len(said)
        returned: list[Change] = [Return(self._account.name, gone.remote_id)] if gone else []
        await self._store([*(self._remember(answer, contact, gone) for contact, answer in said), *returned])

    async def _find(self, contacts: Sequence[Contact], place: str | None = None, *, recent: bool = False) -> Matches:
        """Contacts that were sent once, among those there that we do not know yet: changes may lag behind.

        `recent`: they were sent just now.
        """
        matches: Matches = []
        looked_for = list(contacts)
        if not looked_for:
            return matches
        async with aclosing(self._provider.recent() if recent else self._provider.present()) as present:
            async for remote in present:
                if place not in {None, remote.place}:
                    continue
                same = next((contact for contact in looked_for if is_same(contact, remote.contact)), None)
                if same and not await self._book.accounts.remembered(
                    self._account, [remote.remote_id, *remote.previous_ids]
                ):
                    looked_for.remove(same)
                    matches.append((same, remote))
        return matches


def numbers_of(contacts: Sequence[Contact], matches: Matches) -> set[int]:
    """The numbers of those contacts that have a match."""
    there = {contact.id for contact, _ in matches}
    return {number for number, contact in enumerate(contacts) if contact.id in there}
