"""Whatever happens on both sides, in whatever order: nobody is lost, nobody doubles, both sides agree in the end."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from coterie.core.base import Base, differing
from coterie.core.book import Book
from coterie.core.changes import AddToGroup, Create, Delete, Edit, Plan, RemoveFromGroup, Restore
from coterie.core.checks import Checks
from coterie.core.errors import NotFound
from coterie.core.listing import Listing, View
from coterie.core.model import Contact, Email, Phone
from coterie.core.provider import Setup
from coterie.core.sync import Ended, SyncReport, Vanishing, sync
from coterie.core.text import email_key
from coterie.providers.memory import FIELDS, MemoryProvider, MemorySource
from tests.conftest import settings_in
from tests.providers.prompter import MemoryTokens

WORDS = st.sampled_from(["", "Engines", "Looms", "Mills"])
GROUPS = st.sets(st.sampled_from(["Choir", "Board", "Team"]), max_size=2).map(lambda names: tuple(sorted(names)))
PHONES = st.sets(st.sampled_from(["1001", "1002", "1003"]), max_size=2).map(
    lambda numbers: tuple(map(Phone, sorted(numbers)))
)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "company": WORDS, "notes": WORDS, "favorite": st.booleans(), "phones": PHONES, "groups": GROUPS,
        "custom": st.dictionaries(st.sampled_from(["Pet", "Hat"]), st.sampled_from(["x", "y"]), max_size=2),
    },
)  # fmt: skip
PLACE = st.integers(0, 30)


class Side:
    """A source and the account that it is."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.source = MemorySource(page_size=2)
        self.gone: set[str] = set()

    def pick(self, place: int) -> str:
        ids = sorted(self.source.contacts)
        return ids[place % len(ids)]


class Convergence(RuleBasedStateMachine):
    """Everybody is known by the address that he was made with, which nobody changes."""

    writes = False
    two = False

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.book = self.do(Book.open(settings_in(Path(self.folder.name))))
        self.sides = [Side("memory:a"), *([Side("memory:b")] if self.two else [])]
        self.born: set[str] = set()
        self.met: set[str] = set()
        self.mine: dict[int, str] = {}
        for side in self.sides:
            account = self.do(self.book.accounts.add("memory", side.name[-1]))
            chosen = {"write": True, "new_contacts_since": "2000-01-01T00:00:00+00:00"} if self.writes else {}
            self.do(self.book.accounts.update(replace(account, settings=chosen)))

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        try:
            self.settle_down()
        finally:
            self.do(self.book.close())
            self.loop.close()
            self.folder.cleanup()

    # What people do -------------------------------------------------------------------------------------------------

    def someone(self, values: dict[str, Any]) -> Contact:
        address = f"n{len(self.born)}@example.org"
        self.born.add(address)
        return Contact(name=address.partition("@")[0].upper(), emails=(Email(address),), **values)

    @rule(values=VALUES)
    def create_here(self, values: dict[str, Any]) -> None:
        self.apply(Create(self.someone(values)))

    @rule(values=VALUES, side=PLACE)
    def create_there(self, values: dict[str, Any], side: int) -> None:
        self.side(side).source.put(self.someone(values))

    @precondition(lambda self: self.two)
    @rule(values=VALUES)
    def create_at_both(self, values: dict[str, Any]) -> None:
        contact = self.someone({})
        self.met.add(contact.email)
        for side in self.sides:
            side.source.put(replace(contact, **values) if side is self.sides[0] else contact)

    @precondition(lambda self: self.born)
    @rule(values=VALUES, place=PLACE)
    def create_the_same_there(self, values: dict[str, Any], place: int) -> None:
        """Somebody whom the book may know already, and the source not."""
        address = sorted(self.born)[place % len(self.born)]
        side = self.side(place)
        self.met.add(address)
        if not any(email.address == address for one in side.source.contacts.values() for email in one.contact.emails):
            side.source.put(Contact(name=address.partition("@")[0].upper(), emails=(Email(address),), **values))

    @rule(values=VALUES, place=PLACE)
    def edit_here(self, values: dict[str, Any], place: int) -> None:
        if (contact := self.pick(place)) is not None:
            self.apply(Edit(contact.id or 0, values))
            if "notes" in values:
                self.mine.pop(contact.id or 0, None)

    @rule(place=PLACE)
    def write_a_note_here(self, place: int) -> None:
        if (contact := self.pick(place)) is not None:
            self.mine[contact.id or 0] = f"mine {len(self.mine)} {contact.version}"
            self.apply(Edit(contact.id or 0, {"notes": self.mine[contact.id or 0]}))

    @rule(values=VALUES, place=PLACE, side=PLACE)
    def edit_there(self, values: dict[str, Any], place: int, side: int) -> None:
        source = self.side(side).source
        if source.contacts:
            remote_id = self.side(side).pick(place)
            source.put(replace(source.contacts[remote_id].contact, **values), remote_id)

    @rule(place=PLACE, group=st.sampled_from(["Choir", "Board"]), joins=st.booleans())
    def group_here(self, place: int, group: str, joins: bool) -> None:
        if (contact := self.pick(place)) is not None:
            chosen = Checks.of([contact.id or 0])
            if joins:
                self.apply(AddToGroup(chosen, group))
            elif any(one.name == group for one in self.do(self.book.groups.all())):
                self.apply(RemoveFromGroup(chosen, group))

    @rule(place=PLACE)
    def delete_here(self, place: int) -> None:
        if (contact := self.pick(place)) is not None:
            self.apply(Delete(Checks.of([contact.id or 0])))

    @rule(place=PLACE, side=PLACE)
    def delete_there(self, place: int, side: int) -> None:
        there = self.side(side)
        if there.source.contacts:
            remote_id = there.pick(place)
            there.gone |= {email.address for email in there.source.contacts[remote_id].contact.emails}
            there.source.remove(remote_id)

    @rule(place=PLACE, side=PLACE)
    def rename_there(self, place: int, side: int) -> None:
        there = self.side(side)
        if there.source.contacts:
            there.source.rename(there.pick(place))
            self.sync_with(there)  # the source tells of the last id of before alone

    @rule(place=PLACE)
    def restore_here(self, place: int) -> None:
        contact = self.pick(place, View.BIN)
        # Whose arrival was undone, and whom another account has brought since, is there twice if he is restored, too.
        if contact is not None and not any(one.email == contact.email for one in self.people()):
            self.apply(Restore(Checks.of([contact.id or 0])))

    @rule()
    def undo(self) -> None:
        self.mine.clear()
        try:
            self.do(self.book.history.undo())
        except NotFound:
            return

    @rule(side=PLACE)
    def forget_cursors(self, side: int) -> None:
        self.side(side).source.expire_cursors()

    @rule(side=PLACE)
    def sync(self, side: int) -> None:
        self.sync_with(self.side(side))

    # What holds -----------------------------------------------------------------------------------------------------

    @invariant()
    def nobody_is_there_twice(self) -> None:
        addresses = [email_key(email.address) for one in self.people() for email in one.emails]
        assert len(addresses) == len(set(addresses)), addresses

    def settle_down(self) -> None:
        """After a while of quiet."""
        for _ in range(4 if self.two else 2):
            for side in self.sides:
                self.sync_with(side)
        self.nobody_is_lost()
        for side in self.sides:
            self.is_quiet(side)
        if self.writes and not self.do(self.book.accounts.conflicts()):
            for side in self.sides:
                self.agrees(side)

    def is_quiet(self, side: Side) -> None:
        asked, before = side.source.requests, self.do(self.book.history.latest())
        told = dict(side.source.contacts)
        report = self.sync_with(side)
        assert side.source.contacts == told
        assert (report.created, report.updated, report.deleted, report.restored) == (0, 0, 0, 0), report
        assert (report.sent_created, report.sent_updated, report.sent_deleted, report.refused) == (0, 0, 0, []), report
        assert self.do(self.book.history.latest()) == before
        assert side.source.requests == asked + 1

    def nobody_is_lost(self) -> None:
        """Everybody is here or in the Bin, was undone here, or is gone where he was made."""
        known = {email.address for one in (*self.people(), *self.people(View.BIN)) for email in one.emails}
        there = {
            email.address
            for side in self.sides
            for one in side.source.contacts.values()
            for email in one.contact.emails
        }
        gone = {address for side in self.sides for address in side.gone}
        assert self.born - known - gone - there - self.undone() == set()
        # Whoever is there is known here, too, unless his arrival was undone.
        assert there - known - self.undone() == set()

    def undone(self) -> set[str]:
        """Whom an undo has taken away: creations that stand no longer."""

        async def look() -> set[str]:
            async with self.book._database.reading() as connection:
                return {
                    row[0]
                    for row in await connection.rows(
                        "SELECT e.address FROM email e JOIN contact c ON c.id = e.contact_id WHERE c.state = 2"
                    )
                }

        return self.do(look())  # type: ignore[no-any-return]

    def agrees(self, side: Side) -> None:
        """What both sides know is the same, but for what they said differently before they met."""
        account = self.do(self.book.accounts.named(side.name))
        for one in self.do(self.book.accounts.linked(account, "", 1000)):
            if one.contact is None or one.contact.deleted_at is not None:
                continue
            there = side.source.contacts[one.remote_id].contact
            assert Base.of(one.base).edits(one.contact, FIELDS) == set(), (one.contact, there)
            differ = differing(one.contact, there, FIELDS)
            assert not differ or one.contact.email in self.met, (one.contact, there)

    # Steps ----------------------------------------------------------------------------------------------------------

    def side(self, place: int) -> Side:
        return self.sides[place % len(self.sides)]

    def people(self, view: View = View.ALL) -> list[Contact]:
        async def look() -> list[Contact]:
            return [one async for one in self.book.contacts(Listing(view))]

        return self.do(look())  # type: ignore[no-any-return]

    def pick(self, place: int, view: View = View.ALL) -> Contact | None:
        people = self.people(view)
        return people[place % len(people)] if people else None

    def apply(self, change: Any) -> None:
        self.do(self.book.apply(Plan("edit", "Change", [change])))

    def sync_with(self, side: Side) -> SyncReport:
        async def confirm(question: Vanishing) -> bool:
            return True

        async def run() -> SyncReport:
            account = await self.book.accounts.named(side.name)
            provider = MemoryProvider(Setup(MemoryTokens(), write=self.writes), side.source)
            events = [event async for event in sync(self.book, account, provider, confirm=confirm)]
            assert isinstance(events[-1], Ended)
            return events[-1].report

        report: SyncReport = self.do(run())
        if not self.writes:
            self.nothing_local_is_wiped()
        return report

    def nothing_local_is_wiped(self) -> None:
        """What was written here, and no source has ever said, is still there."""
        for one in (*self.people(), *self.people(View.BIN)):
            assert self.mine.get(one.id or 0, "") in one.notes, (self.mine, one.notes)


class Writing(Convergence):
    writes = True


class TwoSources(Convergence):
    two = True


class TwoWriting(Convergence):
    writes = two = True


for machine in (Convergence, Writing, TwoSources, TwoWriting):
    machine.TestCase.settings = settings(
        max_examples=12, stateful_step_count=20, suppress_health_check=list(HealthCheck)
    )
TestReading = Convergence.TestCase
TestWriting = Writing.TestCase
TestTwoSources = TwoSources.TestCase
TestTwoWriting = TwoWriting.TestCase
