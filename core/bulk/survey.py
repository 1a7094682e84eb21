"""Survey: what bulk actions would do to many contacts, looked at some at a time - the one source of every preview.

It keeps two numbers for each line that it has seen and makes the lines themselves again when they are shown, so that
300,000 contacts take some megabytes. What was looked at is what is changed: `plan` leaves alone what somebody else
has changed since, and what the user left out.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from coterie.core.bulk.action import BulkAction
from coterie.core.bulk.plan import Reader, carried_out, plan_at_once, prepared, rewriting
from coterie.core.changes import Plan, Progress, Selection
from coterie.core.checks import Checks
from coterie.core.errors import InvalidValue
from coterie.core.fields import FIELDS
from coterie.core.fields.differences import Difference, differences
from coterie.core.model import Contact
from coterie.core.names import Called, as_named
from coterie.core.text import fold

BATCH: Final = 250
"""How many contacts are looked at before something else has its turn."""

Load = Callable[[Sequence[int]], Awaitable[list[Contact]]]
"""`Book.load`."""


class Kind(StrEnum):
    """The kinds of lines in a survey."""

    CHANGES = "changes"
    REFUSED = "refused"


class Contacts(Protocol):
    """The part of `Book` that a survey reads."""

    def called(self, contact: Contact) -> str:
        """What lists call a contact."""

    async def ordered(self, selection: Selection) -> Sequence[int]:
        """The ids of what is selected, in order."""

    async def load(self, ids: Sequence[int]) -> list[Contact]:
        """The contacts of these ids."""

    def contacts(self, selection: Selection) -> AsyncIterator[Contact]:
        """All that is selected, in order."""


@dataclass(slots=True)
class _Lines:
    """The lines of one kind: the id of the contact of each, in their order."""

    owners: array[int] = field(default_factory=lambda: array("q"))
    contacts: int = 0

    def add(self, contact_id: int, count: int) -> None:
        self.owners.extend([contact_id] * count)
        self.contacts += 1

    def place_within(self, place: int) -> int:
        """Which line of its contact a line is, counted from 0."""
        first = place
        while first and self.owners[first - 1] == self.owners[place]:
            first -= 1
        return place - first


class Survey:
    """What some steps would do to some contacts.

    Args:
        steps: what is done, in order.
        ids: to whom, in the order in which it is shown.
        load: reads contacts by their ids.
        called: what contacts are called.

    Attributes:
        looked: how many contacts were looked at.
        left_out: the contacts that the user leaves as they are.
    """

    def __init__(self, steps: Sequence[BulkAction], ids: Sequence[int], load: Load, called: Called = as_named) -> None:
        self.steps = tuple(steps)
        self.ids = ids
        self.looked = 0
        self.left_out = Checks()
        self._load = load
        self._called = called
        self._lines = {kind: _Lines() for kind in Kind}
        self._versions = array("L")  # plus one, by id; 0 for a contact that does not change

    @classmethod
    async def of(cls, book: Contacts, steps: Sequence[BulkAction], selection: Selection) -> Survey:
        """The survey of what is selected in a book."""
        read: Reader = book.contacts
        ready = await prepared(steps, selection, read)
        return cls(ready, await book.ordered(selection), book.load, book.called)

    # Looking ---------------------------------------------------------------------------------------------------

    @property
    def total(self) -> int:
        """How many contacts there are to look at."""
        return len(self.ids)

    @property
    def changed(self) -> int:
        """How many of those that were looked at change, also those that are left out."""
        return self._lines[Kind.CHANGES].contacts

    @property
    def refused(self) -> int:
        """How many stay as they are because a field refuses what it would get."""
        return self._lines[Kind.REFUSED].contacts

    @property
    def unchanged(self) -> int:
        """How many stay as they are because nothing would be different."""
        return self.looked - self.changed - self.refused

    @property
    def applied(self) -> int:
        """How many contacts `plan` changes."""
        return self.changed - len(self.left_out)

    @property
    def is_done(self) -> bool:
        """Whether all were looked at."""
        return self.looked >= self.total

    async def look(self, count: int = BATCH) -> None:
        """Look at the next `count` contacts; what takes time is done in a thread."""
        ids = self.ids[self.looked : self.looked + count]
        contacts = await self._load(ids)
        for contact, lines, refused in await asyncio.to_thread(self._judge, contacts):
            if lines:
                contact_id = contact.id or 0
                self._lines[Kind.REFUSED if refused else Kind.CHANGES].add(contact_id, lines)
                if not refused:
                    self._remember(contact_id, contact.version)
        self.looked += len(ids)

    async def finish(self, progress: Progress | None = None) -> None:
        """Look at all. Raises what `progress` raises."""
        while not self.is_done:
            await self.look()
            if progress:
                progress(self.looked, self.total)

    def _judge(self, contacts: Iterable[Contact]) -> list[tuple[Contact, int, bool]]:
        """Each contact with the number of its lines, and whether it is refused."""
        judged = []
        for contact in contacts:
            try:
                after = carried_out(self.steps, contact)
            except InvalidValue:
                judged.append((contact, 1, True))
            else:
                judged.append((contact, 0 if after is contact else len(differences(contact, after)), False))
        return judged

    def _remember(self, contact_id: int, version: int) -> None:
        missing = contact_id + 1 - len(self._versions)
        if missing > 0:
            self._versions.extend(array("L", bytes(missing * self._versions.itemsize)))
        self._versions[contact_id] = version + 1

    # Showing ---------------------------------------------------------------------------------------------------

    def count(self, kind: Kind = Kind.CHANGES) -> int:
        """How many lines there are so far."""
        return len(self._lines[kind].owners)

    def owner(self, place: int, kind: Kind = Kind.CHANGES) -> int:
        """The id of the contact of a line."""
        return self._lines[kind].owners[place]

    async def lines(self, places: Sequence[int], kind: Kind = Kind.CHANGES) -> list[Difference]:
        """The lines at these places, made again."""
        lines = self._lines[kind]
        owners = [lines.owners[place] for place in places]
        contacts = await self._load(list(dict.fromkeys(owners)))
        made = await asyncio.to_thread(lambda: {contact.id or 0: self._made(contact) for contact in contacts})
        shown = []
        for place, owner in zip(places, owners, strict=True):
            of_owner = made.get(owner, [])
            within = lines.place_within(place)
            gone = Difference(owner, "", "", "", "", reason="It was changed meanwhile.")
            shown.append(of_owner[within] if within < len(of_owner) else gone)
        return shown

    def _made(self, contact: Contact) -> list[Difference]:
        try:
            return differences(contact, carried_out(self.steps, contact), self._called)
        except InvalidValue as refused:
            spec = FIELDS.get(refused.field)
            label, old = (spec.label, spec.read(contact)) if spec else ("", "")
            name = self._called(contact)
            return [Difference(contact.id or 0, name, label, old, "", refused.field, refused.title)]

    async def matching(self, text: str, kind: Kind = Kind.CHANGES) -> AsyncIterator[tuple[int, list[int]]]:
        """(how many lines were searched, the places of those that hold `text`) from time to time, ignoring case."""
        wanted, place = fold(text), 0
        while place < self.count(kind):
            places = range(place, min(place + BATCH, self.count(kind)))
            matches = [
                at
                for at, line in zip(places, await self.lines(places, kind), strict=True)
                if any(wanted in fold(part) for part in (line.contact, line.field, line.old, line.new, line.reason))
            ]
            place = places.stop
            yield place, matches

    # Choosing and doing ----------------------------------------------------------------------------------------

    def leave_out(self, contact_ids: Iterable[int], *, out: bool = True) -> None:
        """Leave contacts as they are, or change them after all."""
        chosen = Checks.of(contact_ids)
        self.left_out = self.left_out | chosen if out else self.left_out - chosen

    def plan(self) -> Plan:
        """What does all that was looked at and not left out, in one change with one undo."""
        selection = Checks.of(self._lines[Kind.CHANGES].owners) - self.left_out
        return plan_at_once(self.steps, selection) or rewriting(self.steps, selection, self._versions)


def survey_of(steps: Sequence[BulkAction], contacts: Iterable[Contact], called: Called = as_named) -> Survey:
    """The survey of contacts that are in memory."""
    by_id = {contact.id or 0: contact for contact in contacts}

    async def load(ids: Sequence[int]) -> list[Contact]:
        return [by_id[contact_id] for contact_id in ids if contact_id in by_id]

    return Survey(steps, list(by_id), load, called)
