"""Writing many contacts to Google at once: what each of the batch methods takes, and what it says of each contact.

Google refuses a batch as a whole and names the contacts that are to blame, if it names any
(BatchUpdateContactsErrorDetails): those are told, and the rest is sent again. Writes of one user go one after another.

Sources: https://developers.google.com/people/api/rest/v1/people/batchCreateContacts, …/batchUpdateContacts,
…/batchDeleteContacts, …/getBatchGet and …/contactGroups.members/modify, each with its limits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from coterie.core.errors import BadReply, Conflict, FailedTogether, Rejected, Unsure
from coterie.core.model import Contact
from coterie.core.provider import Answer, RemoteContact, Update
from coterie.core.text import email_key, number_of
from coterie.providers.google.errors import WHO, Full, NotThere, SomeRefused, refusal
from coterie.providers.google.mapping import PERSON_FIELDS, STARRED, Json, Labels, memberships, remote_contact
from coterie.providers.google.session import Session
from coterie.providers.google.writing import changed_fields, create_body, raw_person, same_state, update_body
from coterie.providers.refusing import together
from coterie.providers.retry import Broken, Nowhere

WRITTEN: Final = 200
"""Contacts in one batchCreateContacts or batchUpdateContacts."""
READ: Final = 150
"""Contacts in one getBatchGet: it takes 200, but all their names stand in the address."""
DELETED: Final = 500
"""Contacts in one batchDeleteContacts."""
MEMBERS: Final = 1000
"""Contacts in one contactGroups.members.modify."""
_IN_GROUPS: Final = frozenset({"groups", "favorite"})

Answers = dict[int, Answer]
Deletions = dict[int, Rejected | Conflict | None]


@dataclass(frozen=True, slots=True)
class _Moves:
    """Who is to join a group and who is to leave it: the numbers of contacts by their resource names."""

    joining: dict[str, int] = field(default_factory=dict)
    leaving: dict[str, int] = field(default_factory=dict)


class Batches:
    """Writes into one account.

    Args:
        session: signed in, with permission to write.
        labels: the account's labels, with all that the contacts are to be in.
        refused: the groups that Google does not accept as labels, and why.
    """

    def __init__(self, session: Session, labels: Labels, refused: Mapping[str, Rejected] | None = None) -> None:
        self._session = session
        self._labels = labels
        self._refused = refused or {}

    def _held_up(self, contacts: Sequence[Contact]) -> Answers:
        """The contacts that would be in a group that Google does not accept."""
        groups = {number: next((name for name in contact.groups if name in self._refused), "")
                  for number, contact in enumerate(contacts)}  # fmt: skip
        return {number: self._refused[name] for number, name in groups.items() if name}

    # Creating -----------------------------------------------------------------------------------------------------

    async def create(self, contacts: Sequence[Contact]) -> AsyncGenerator[Answers, None]:
        """Create contacts. An answer that is lost leaves it open whether those of its batch are there."""
        if held_up := self._held_up(contacts):
            yield held_up
        for batch in _parts([number for number in range(len(contacts)) if number not in held_up], WRITTEN):

            async def send(numbers: Sequence[int]) -> Answers:
                return await self._create([contacts[number] for number in numbers], numbers)

            async for answers in _apart(batch, lambda place, _number: str(place), send):
                yield answers

    async def _create(self, contacts: Sequence[Contact], numbers: Sequence[int]) -> Answers:
        people = [{"contactPerson": create_body(contact, self._labels)} for contact in contacts]
        body = {"contacts": people, "readMask": PERSON_FIELDS}
        created = await self._session.call(
            lambda api: api.people().batchCreateContacts(body=body),
            lambda answer: [self._answer(response) for response in answer.get("createdPeople") or ()],
            idempotent=False,
            count=len(contacts),
        )
        if len(created) != len(contacts):
            raise BadReply(f"{WHO} does not tell all the contacts that it created.", "The next sync looks for them.")
        return dict(zip(numbers, _in_order(contacts, created), strict=True))

    # Changing -----------------------------------------------------------------------------------------------------

    async def update(self, updates: Sequence[Update]) -> AsyncGenerator[Answers, None]:
        """Change contacts: groups and stars alone by group, all else guarded by etags and by the fields that change."""
        if held_up := self._held_up([update.contact if "groups" in update.fields else Contact() for update in updates]):
            yield held_up
        rest = [number for number in range(len(updates)) if number not in held_up]
        grouped = [number for number in rest if updates[number].fields <= _IN_GROUPS and updates[number].known.raw]
        others = sorted(set(rest) - set(grouped))
        if len(grouped) > 1:
            async for answers in self._regroup(updates, grouped):
                others += [number for number, answer in answers.items() if isinstance(answer, _LastGroup)]
                yield {number: answer for number, answer in answers.items() if not isinstance(answer, _LastGroup)}
        else:
            others += grouped
        by_mask: dict[str, list[int]] = defaultdict(list)
        bodies: dict[int, Json] = {}
        unchanged: Answers = {}
        for number in others:
            update = updates[number]
            bodies[number], mask = update_body(update.known, update.contact, update.fields, self._labels)
            if mask:
                by_mask[mask].append(number)
            else:
                unchanged[number] = update.known
        if unchanged:
            yield unchanged
        for mask, numbers in by_mask.items():
            async for answers in self._update(updates, numbers, bodies, mask):
                yield answers

    async def _update(
        self, updates: Sequence[Update], numbers: Sequence[int], bodies: Mapping[int, Json], mask: str
    ) -> AsyncIterator[Answers]:
        names = [update.known.remote_id for update in updates]

        async def send(some: Sequence[int]) -> Answers:
            people = {names[number]: bodies[number] for number in some}
            body = {"contacts": people, "updateMask": mask, "readMask": PERSON_FIELDS}
            told = await self._session.call(
                lambda api: api.people().batchUpdateContacts(body=body),
                lambda answer: {
                    name: self._answer(response) for name, response in (answer.get("updateResult") or {}).items()
                },
                count=len(some),
            )
            if missing := [names[number] for number in some if names[number] not in told]:
                raise BadReply(f"{WHO} does not tell what became of {number_of(len(missing))}.", "Sync again.")
            return {number: told[names[number]] for number in some}

        for batch in _parts(numbers, WRITTEN):
            async for answers in _apart(batch, lambda _place, number: names[number], send):
                yield answers

    # Groups and stars: what others change at the same time in a contact is not in the way -------------------------

    async def _regroup(self, updates: Sequence[Update], numbers: Sequence[int]) -> AsyncIterator[dict[int, Answer]]:
        refused: dict[int, Answer] = {}
        for group, moves in self._moves(updates, numbers).items():
            for joining, leaving in _requests(moves):
                try:
                    gone, last = await together(self._modify(group, joining, leaving), len(joining) + len(leaving))
                except (Rejected, Conflict) as refusal:
                    refused |= dict.fromkeys((*joining.values(), *leaving.values()), refusal)
                    continue
                refused |= {number: Conflict("The contact was deleted at Google.", "Sync.") for number in gone}
                refused |= {number: _LastGroup() for number in last}
        if refused:
            yield refused
        done = [number for number in numbers if number not in refused]
        if done:
            yield {number: self._moved(updates[number]) for number in done}

    def _moved(self, update: Update) -> RemoteContact:
        """The contact in its new groups. Its etag is the one of before; the next sync brings the new one."""
        person = raw_person(update.known)
        body, _ = changed_fields(person, update.contact, update.fields, self._labels)
        return self._remote({**person, **body})

    def _moves(self, updates: Sequence[Update], numbers: Sequence[int]) -> dict[str, _Moves]:
        """Who joins and leaves which group."""
        moves: dict[str, _Moves] = defaultdict(_Moves)
        for number in numbers:
            update = updates[number]
            present = set(memberships(raw_person(update.known))) - self._labels.deleted
            wanted = set(present)
            if "groups" in update.fields:
                wanted -= self._labels.names.keys()
                wanted |= {resource for name in update.contact.groups if (resource := self._labels.resource(name))}
            if "favorite" in update.fields:
                wanted = wanted - {STARRED} | ({STARRED} if update.contact.favorite else set())
            for group in sorted(wanted - present):
                moves[group].joining[update.known.remote_id] = number
            for group in sorted(present - wanted):
                moves[group].leaving[update.known.remote_id] = number
        return moves

    async def _modify(
        self, group: str, joining: Mapping[str, int], leaving: Mapping[str, int]
    ) -> tuple[list[int], list[int]]:
        """Change who is in a group: the numbers of those that are gone, and of those for whom it is the last group."""
        body = {"resourceNamesToAdd": list(joining), "resourceNamesToRemove": list(leaving)}
        both = {**joining, **leaving}

        def read(answer: Json) -> tuple[list[int], list[int]]:
            gone = answer.get("notFoundResourceNames") or ()
            last = answer.get("canNotRemoveLastContactGroupResourceNames") or ()
            return [both[name] for name in gone if name in both], [both[name] for name in last if name in both]

        return await self._session.call(
            lambda api: api.contactGroups().members().modify(resourceName=group, body=body), read, count=len(both)
        )

    # Deleting -----------------------------------------------------------------------------------------------------

    async def delete(self, contacts: Sequence[RemoteContact]) -> AsyncGenerator[Deletions, None]:
        """Delete contacts that are still as we know them: batchDeleteContacts takes no etags."""
        for batch in _parts(range(len(contacts)), DELETED):
            try:
                people = await self._read([contacts[number].remote_id for number in batch])
            except (Broken, BadReply) as error:
                failed = FailedTogether if len(batch) > 1 else Unsure
                yield dict.fromkeys(batch, failed(error.title, error.hint))
                continue
            there = {number: people.get(contacts[number].remote_id) for number in batch}
            answers: Deletions = {
                number: Conflict("The contact has changed at Google.", "Sync, then try again.") if person else None
                for number, person in there.items()
                if not person or not same_state(person, contacts[number])
            }
            if answers:
                yield answers
            async for told in self._delete(contacts, [number for number in batch if number not in answers]):
                yield told

    async def _delete(self, contacts: Sequence[RemoteContact], numbers: Sequence[int]) -> AsyncIterator[Deletions]:
        async def send(some: Sequence[int]) -> Answers:
            body = {"resourceNames": [contacts[number].remote_id for number in some]}
            try:
                await self._session.call(
                    lambda api: api.people().batchDeleteContacts(body=body), lambda _: None, count=len(some)
                )
            except NotThere:  # somebody else was faster with one of them
                if len(some) > 1:
                    raise
            return {number: contacts[number] for number in some}

        async for told in _apart(numbers, lambda _place, number: contacts[number].remote_id, send):
            yield {number: None if isinstance(answer, RemoteContact) else answer for number, answer in told.items()}

    async def _read(self, names: Sequence[str]) -> dict[str, Json]:
        """As `read`, of however many."""
        people: dict[str, Json] = {}
        for start in range(0, len(names), READ):
            people |= await self.read(names[start : start + READ])
        return people

    # Reading ------------------------------------------------------------------------------------------------------

    async def read(self, names: Sequence[str]) -> dict[str, Json]:
        """At most READ people as they are now, by the names that were asked for, without those that are gone."""

        def read(answer: Json) -> dict[str, Json]:
            return {
                str(response.get("requestedResourceName") or response["person"].get("resourceName")): response["person"]
                for response in answer.get("responses") or ()
                if isinstance(response.get("person"), dict)
            }

        return await self._session.call(
            lambda api: api.people().getBatchGet(resourceNames=list(names), personFields=PERSON_FIELDS), read
        )

    def _answer(self, response: Json) -> Answer:
        """What a PersonResponse says."""
        status = response.get("status") or {}
        if status.get("code") or not isinstance(response.get("person"), dict):
            return refusal(status)
        try:
            return self._remote(response["person"])
        except BadReply as error:
            return Unsure(error.title, error.hint)

    def _remote(self, person: Json) -> RemoteContact:
        try:
            return remote_contact(person, self._labels)
        except (TypeError, ValueError, AttributeError, KeyError) as error:
            raise BadReply(f"The answer from {WHO} is not what its documentation says.", "Sync again.") from error


class _LastGroup(Rejected):
    """A contact cannot leave a group, as it would be in none: it has to be put among all contacts instead."""

    def __init__(self) -> None:
        super().__init__("The contact would be in no group.")


async def _apart(
    numbers: Sequence[int],
    key: Callable[[int, int], str],
    send: Callable[[Sequence[int]], Awaitable[Answers]],
) -> AsyncIterator[Answers]:
    """Send a batch; if it is refused as a whole, tell who is to blame and send the rest.

    If the server fails at it, each contact in it is answered with FailedTogether, and nothing is sent again here.

    Args:
        numbers: what to send.
        key: gives the name by which Google blames a contact, from its place in the batch and its number; those that
            it does not name are found by halving.
        send: sends some of them.
    """
    if not numbers:
        return
    try:
        yield await together(send(numbers), len(numbers))
        return
    except FailedTogether as failed:
        yield dict.fromkeys(numbers, failed)
        return
    except SomeRefused as refused:
        by_key = {key(place, number): number for place, number in enumerate(numbers)}
        blamed: Answers = {by_key[name]: error for name, error in refused.errors.items() if name in by_key}
    except (Rejected, Conflict) as refusal:
        nobody_there = isinstance(refusal, Nowhere)  # it is not the contacts that are to blame
        blamed = dict.fromkeys(numbers, refusal) if nobody_there or len(numbers) == 1 else {}
    if blamed:
        yield blamed
        parts = [[number for number in numbers if number not in blamed]]
    else:
        parts = list(_parts(numbers, (len(numbers) + 1) // 2))
    full: Full | None = None
    for part in parts:
        if full is not None:  # what found no room leaves none for the others
            yield dict.fromkeys(part, full)
            continue
        async for answers in _apart(part, key, send):
            full = next((answer for answer in answers.values() if isinstance(answer, Full)), None)
            yield answers


def _in_order(sent: Sequence[Contact], told: Sequence[Answer]) -> list[Answer]:
    """The answers in the order of what was sent: by name and addresses, should the order be another one."""

    def key(contact: Contact) -> tuple[object, ...]:
        return contact.shown_name, *sorted(email_key(email.address) for email in contact.emails)

    waiting: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, answer in reversed(list(enumerate(told))):
        if isinstance(answer, RemoteContact):
            waiting[key(answer.contact)].append(place)
    places = [waiting[key(contact)].pop() if waiting.get(key(contact)) else None for contact in sent]
    left = iter(sorted(set(range(len(told))) - {place for place in places if place is not None}))
    return [told[next(left) if place is None else place] for place in places]


def _parts(numbers: Sequence[int], size: int) -> Iterator[list[int]]:
    return (list(numbers[start : start + size]) for start in range(0, len(numbers), size))


def _requests(moves: _Moves) -> Iterator[tuple[dict[str, int], dict[str, int]]]:
    """What of the moves goes into each request."""
    both = [(True, *move) for move in moves.joining.items()] + [(False, *move) for move in moves.leaving.items()]
    for start in range(0, len(both), MEMBERS):
        some = both[start : start + MEMBERS]
        yield (
            {name: number for joins, name, number in some if joins},
            {name: number for joins, name, number in some if not joins},
        )
