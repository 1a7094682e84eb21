"""Whatever the user and two accounts do, in whatever order: no value appears at a source where nobody put it.

Each value tells who has made it: `a…` and `b…` are of the two sources, `u…` of the user. He never types a value of
theirs, so none of them may ever be seen at the other one.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from coterie.core.book import Book
from coterie.core.bulk.merging import merge_plan
from coterie.core.change import Change, Create, Delete, Edit, Plan, RenameGroup, Restore
from coterie.core.checks import Checks
from coterie.core.errors import NotFound
from coterie.core.fields import FIELDS
from coterie.core.listing import Listing, View
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.provider import Setup
from coterie.core.sync import Ended, Vanishing, sync
from coterie.core.sync.splitting import take_apart
from coterie.providers.memory import MemoryProvider, MemorySource
from tests.conftest import settings_in
from tests.providers.prompter import MemoryTokens

FIELD = st.sampled_from(
    ["company", "job_title", "notes", "nickname", "phones", "groups", "custom", "urls", "addresses", "emails"]
)
PLACE = st.integers(0, 20)
SIDE = st.sampled_from("ab")


class Leaks(RuleBasedStateMachine):
    """Names and addresses are shared, so that contacts of both accounts are linked; all else tells where it is from."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.book = self.do(Book.open(settings_in(Path(self.folder.name))))
        self.sources = {name: MemorySource(page_size=3) for name in "ab"}
        self.numbers = count(1)
        for name in self.sources:
            account = self.do(self.book.accounts.add("memory", name))
            chosen = {"write": True, **({"new_contacts_since": "2000-01-01T00:00:00+00:00"} if name == "a" else {})}
            self.do(self.book.accounts.update(replace(account, settings=chosen)))

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        try:
            for _ in range(4):
                for side in "ab":
                    self.sync(side)
                    self.each_says_what_was_put_there()
            for side in "ab":
                before = dict(self.sources[side].contacts)
                self.sync(side)
                assert self.sources[side].contacts == before
        finally:
            self.do(self.book.close())
            self.loop.close()
            self.folder.cleanup()

    # Values ---------------------------------------------------------------------------------------------------------

    def value(self, field: str, who: str, before: Contact) -> dict[str, object]:
        """A new value of a field; of a list, one more, one less or another one."""
        number = next(self.numbers)
        text = f"{who}{number}"
        made: dict[str, object] = {
            "phones": Phone("".join(str(ord(one)) for one in text), text), "urls": Url(f"https://{text}.example"),
            "addresses": Address(street=text), "emails": Email(f"{text}@example.org"), "groups": text,
        }  # fmt: skip
        if field == "custom":
            kept = dict(list(before.custom.items())[number % 2 :])
            return {"custom": {**kept, f"{text} heading": text}}
        if field not in made:
            return {field: text if number % 4 else ""}
        values = list(getattr(before, field))
        place = number % (len(values) + 1)
        values[place : place + number % 2] = [made[field]]
        if field == "emails" and not any(one.address.startswith("shared") for one in values):
            values = [*before.emails[:1], *values]
        return {field: tuple(values)}

    def shared(self, place: int) -> Contact:
        return Contact(name=f"Person {place % 4}", emails=(Email(f"shared{place % 3}@example.org"),))

    # What people do -------------------------------------------------------------------------------------------------

    @rule(side=SIDE, place=PLACE, fields=st.sets(FIELD, max_size=4))
    def create_there(self, side: str, place: int, fields: set[str]) -> None:
        contact = self.shared(place)
        for field in sorted(fields):
            contact = replace(contact, **self.value(field, side, contact))  # type: ignore[arg-type]
        self.sources[side].put(contact)

    @rule(side=SIDE, place=PLACE, field=FIELD)
    def edit_there(self, side: str, place: int, field: str) -> None:
        source = self.sources[side]
        if ids := sorted(source.contacts):
            one = source.contacts[ids[place % len(ids)]]
            source.put(replace(one.contact, **self.value(field, side, one.contact)), one.remote_id)  # type: ignore[arg-type]

    @rule(side=SIDE, place=PLACE)
    def delete_there(self, side: str, place: int) -> None:
        if ids := sorted(self.sources[side].contacts):
            self.sources[side].remove(ids[place % len(ids)])

    @rule(place=PLACE, field=FIELD)
    def create_here(self, place: int, field: str) -> None:
        self.apply(Create(replace(self.shared(place), **self.value(field, "u", Contact()))))  # type: ignore[arg-type]

    @rule(place=PLACE, field=FIELD)
    def edit_here(self, place: int, field: str) -> None:
        """The user types a value of his own; what he leaves in a list stays what it is."""
        if people := self.people():
            contact = people[place % len(people)]
            self.apply(Edit(contact.id or 0, self.value(field, "u", contact)))

    @rule(place=PLACE)
    def delete_here(self, place: int) -> None:
        if people := self.people():
            self.apply(Delete(Checks.of([people[place % len(people)].id or 0])))

    @rule(place=PLACE)
    def restore_here(self, place: int) -> None:
        if people := self.people(View.BIN):
            self.apply(Restore(Checks.of([people[place % len(people)].id or 0])))

    @rule(place=PLACE, other=PLACE)
    def merge_here(self, place: int, other: int) -> None:
        people = self.people()
        chosen = {one.id: one for one in (people[place % len(people)], people[other % len(people)])} if people else {}
        if len(chosen) == 2:
            self.do(self.book.apply(merge_plan(list(chosen.values()))))

    @rule(place=PLACE)
    def take_apart_here(self, place: int) -> None:
        people = [one for one in self.people() if len(one.sources) > 1]
        if people:
            contact = people[place % len(people)]
            links = self.do(self.book.accounts.links([contact.id or 0]))
            self.do(self.book.apply(take_apart(contact, contact.sources[place % len(contact.sources)], links)))

    @rule(place=PLACE)
    def rename_group(self, place: int) -> None:
        if groups := self.do(self.book.groups()):
            group = groups[place % len(groups)]
            # The name stays that of its maker: the user may call it anything, and those who have it hear of it.
            self.apply(RenameGroup(group.id, f"{group.name} {next(self.numbers)}"))

    @rule()
    def undo(self) -> None:
        try:
            self.do(self.book.undo())
        except NotFound:
            return

    @rule()
    def redo(self) -> None:
        try:
            self.do(self.book.redo())
        except NotFound:
            return

    @rule(side=SIDE)
    def forget_cursors(self, side: str) -> None:
        self.sources[side].expire_cursors()

    @rule(side=SIDE)
    def sync(self, side: str) -> None:
        async def confirm(question: Vanishing) -> bool:
            return True

        async def run() -> None:
            account = await self.book.accounts.named(f"memory:{side}")
            provider = MemoryProvider(Setup(MemoryTokens(), write=True), self.sources[side])
            events = [event async for event in sync(self.book, account, provider, confirm=confirm)]
            assert isinstance(events[-1], Ended)
            assert events[-1].report.refused == []

        self.do(run())

    # What holds -----------------------------------------------------------------------------------------------------

    @invariant()
    def each_says_what_was_put_there(self) -> None:
        for side, other in ("ab", "ba"):
            for one in self.sources[side].contacts.values():
                for spec in FIELDS.values():
                    for text in spec.read(one.contact).replace("https://", "").replace(": ", ";").split(";"):
                        word = text.strip()
                        assert not (word[:1] == other and word[1:2].isdigit()), (side, spec.key, one.contact)

    @invariant()
    def those_of_one_account_are_apart(self) -> None:
        """One contact of ours is several of an account only where the user has merged them and not synced since."""
        for contact in self.people() if not self.merged() else ():
            accounts = [ref.account for ref in contact.sources]
            assert len(accounts) == len(set(accounts)), contact

    def merged(self) -> bool:
        return any(one.kind == "merge" for one in self.do(self.book.history()))

    # Steps ----------------------------------------------------------------------------------------------------------

    def people(self, view: View = View.ALL) -> list[Contact]:
        async def look() -> list[Contact]:
            return [one async for one in self.book.contacts(Listing(view))]

        return self.do(look())  # type: ignore[no-any-return]

    def apply(self, change: Change) -> None:
        self.do(self.book.apply(Plan("edit", "Change", [change])))


Leaks.TestCase.settings = settings(
    max_examples=15, stateful_step_count=25, suppress_health_check=list(HealthCheck), deadline=None
)
TestLeaks = Leaks.TestCase
