"""Whatever the user and two accounts do, in whatever order: no value appears at a source where nobody put it.

Each value tells who has made it: `qa…` and `qb…` are of the two sources, `qu…` of the user. He never types a value of
theirs, so none of them may ever be seen at the other one, in whatever field of its own records. With servers, requests
fail in between, too: what was done although its answer was lost is done once.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections import Counter
from collections.abc import Coroutine
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from coterie.core.book import Book
from coterie.core.bulk.merging import merge_plan
from coterie.core.changes import Change, Create, Delete, Edit, Plan, RenameGroup, Restore
from coterie.core.checks import Checks
from coterie.core.errors import NotFound, ProviderError
from coterie.core.listing import Listing, View
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.sync import Ended, Vanishing, sync
from coterie.core.sync.splitting import take_apart
from tests.conftest import settings_in
from tests.providers.contract import PASSING, Failure
from tests.providers.devices import PLACES, Place

FIELD = st.sampled_from(
    ["company", "job_title", "notes", "nickname", "phones", "groups", "custom", "urls", "addresses", "emails"]
)
PLACE = st.integers(0, 20)
SIDE = st.sampled_from("ab")
FAILURE = st.sampled_from(sorted(PASSING, key=lambda one: one.name))
_WORD: Final = re.compile(r"q([abu])(\d+)z", re.IGNORECASE)
_NUMBER: Final = re.compile(r"447(0[012])(\d{5})9")
_MAKERS: Final = "abu"


def words_in(text: str) -> set[tuple[str, int]]:
    """Who has made what stands in a record: the maker and the number of each value."""
    numbers = re.sub(r"[ -]", "", text)
    told = {(maker.lower(), int(number)) for maker, number in _WORD.findall(text)}
    return told | {(_MAKERS[int(maker)], int(number)) for maker, number in _NUMBER.findall(numbers)}


class Leaks(RuleBasedStateMachine):
    """Names and addresses are shared, so that contacts of both accounts are linked; all else tells where it is from."""

    kinds: ClassVar[tuple[str, str]] = ("memory", "memory")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        self.book = self.do(Book.open(settings_in(folder)))
        self.places: dict[str, Place] = {}
        self.names: dict[str, str] = {}
        self.failing = False
        self.numbers = count(1)
        for side, kind in zip("ab", self.kinds, strict=True):
            (folder / side).mkdir()
            self.places[side] = place = PLACES[kind](folder / side, self.stack)
            self.do(place.open())
            account = self.do(self.book.accounts.add(kind, side))
            self.names[side] = account.name
            chosen = {"write": True, **({"new_contacts_since": "2000-01-01T00:00:00+00:00"} if side == "a" else {})}
            self.do(self.book.accounts.update(replace(account, settings=chosen)))

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        try:
            self.recover()
            for _ in range(4):
                for side in "ab":
                    self.sync(side)
                    self.each_says_what_was_put_there()
            for side in "ab":
                before = self.do(self.places[side].contacts())
                self.sync(side)
                assert self.do(self.places[side].contacts()) == before
            self.nobody_doubled()
            for place in self.places.values():
                self.do(place.close())
        finally:
            self.do(self.book.close())
            self.loop.close()
            self.stack.close()

    def nobody_doubled(self) -> None:
        """What the user typed into one contact is in one record of an account."""
        here = Counter(word for one in (*self.people(), *self.people(View.BIN)) for word in words_in(repr(one)))
        for place in self.places.values():
            there = Counter(word for one in self.do(place.contacts()) for word in words_in(one.raw))
            assert all(number <= max(1, here[word]) for word, number in there.items() if word[0] == "u"), there

    # Values ---------------------------------------------------------------------------------------------------------

    def value(self, field: str, who: str, before: Contact) -> dict[str, object]:
        """A new value of a field; of a list, one more, one less or another one."""
        number = next(self.numbers)
        text = f"q{who}{number}z"
        made: dict[str, object] = {
            "phones": Phone(f"+44 70{_MAKERS.index(who)} {number:05}9", "mobile"), "urls": Url(f"https://{text}.example"),
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

    def kept(self, side: str, fields: set[str]) -> list[str]:
        """Those of these fields that the account of a side keeps."""
        return sorted(fields & self.places[side].provider.capabilities.fields)

    # What people do -------------------------------------------------------------------------------------------------

    @rule(side=SIDE, place=PLACE, fields=st.sets(FIELD, max_size=4))
    def create_there(self, side: str, place: int, fields: set[str]) -> None:
        contact = self.shared(place)
        for field in self.kept(side, fields):
            contact = replace(contact, **self.value(field, side, contact))  # type: ignore[arg-type]
        self.recover()
        self.do(self.places[side].put(contact))

    @rule(side=SIDE, place=PLACE, field=FIELD)
    def edit_there(self, side: str, place: int, field: str) -> None:
        self.recover()
        if self.kept(side, {field}) and (found := self.do(self.places[side].contacts())):
            known = found[place % len(found)]
            wanted = replace(known.contact, **self.value(field, side, known.contact))
            self.do(self.places[side].change(known, wanted, field))

    @rule(side=SIDE, place=PLACE)
    def delete_there(self, side: str, place: int) -> None:
        self.recover()
        if found := self.do(self.places[side].contacts()):
            self.do(self.places[side].device.delete(found[place % len(found)]))

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
        if groups := self.do(self.book.groups.all()):
            group = groups[place % len(groups)]
            # The name stays that of its maker: the user may call it anything, and those who have it hear of it.
            self.apply(RenameGroup(group.id, f"{group.name} {next(self.numbers)}"))

    @rule()
    def undo(self) -> None:
        try:
            self.do(self.book.history.undo())
        except NotFound:
            return

    @rule()
    def redo(self) -> None:
        try:
            self.do(self.book.history.redo())
        except NotFound:
            return

    @rule(side=SIDE)
    def forget_cursors(self, side: str) -> None:
        self.places[side].expire()

    @rule(side=SIDE)
    def sync(self, side: str) -> None:
        async def confirm(question: Vanishing) -> bool:
            return True

        async def run() -> None:
            account = await self.book.accounts.named(self.names[side])
            provider = self.places[side].provider
            events = [event async for event in sync(self.book, account, provider, confirm=confirm)]
            assert isinstance(events[-1], Ended)
            assert events[-1].report.refused == [], events[-1].report.refused

        try:
            self.do(run())
        except ProviderError:
            assert self.failing

    @rule(side=SIDE, failure=FAILURE, times=st.integers(1, 9), after=st.integers(0, 6))
    def sync_over_a_bad_line(self, side: str, failure: Failure, times: int, after: int) -> None:
        """Some requests fail, in reading or writing, before or after the server has done what is asked."""
        self.failing = True
        self.places[side].fail(failure, times, after)
        self.sync(side)
        self.recover()

    def recover(self) -> None:
        self.failing = False
        for place in self.places.values():
            place.recover()

    # What holds -----------------------------------------------------------------------------------------------------

    @invariant()
    def each_says_what_was_put_there(self) -> None:
        for side, other in ("ab", "ba"):
            place = self.places[side]
            found = [f"{one.raw} {one.contact}" for one in self.do(place.contacts())]
            for text in (*found, *place.words()):
                assert not any(maker == other for maker, _ in words_in(text)), (side, text)

    @invariant()
    def those_of_one_account_are_apart(self) -> None:
        """One contact of ours is several of an account only if the user has merged them and not synced since."""
        for contact in self.people() if not self.merged() else ():
            accounts = [ref.account for ref in contact.sources]
            assert len(accounts) == len(set(accounts)), contact

    def merged(self) -> bool:
        return any(one.kind == "merge" for one in self.do(self.book.history.latest()))

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


class WithServers(Leaks):
    """The same with real clients of real protocols; fewer examples, as each sync takes some requests."""

    kinds = ("google", "radicale")


class BetweenGoogleAndMicrosoft(WithServers):
    kinds = ("microsoft", "google")


class BetweenXandikosAndMicrosoft(WithServers):
    kinds = ("xandikos", "microsoft")


for _machine in (WithServers, BetweenGoogleAndMicrosoft, BetweenXandikosAndMicrosoft):
    _machine.TestCase.settings = settings(Leaks.TestCase.settings, max_examples=3, stateful_step_count=20)
TestGoogleAndRadicale = WithServers.TestCase
TestMicrosoftAndGoogle = BetweenGoogleAndMicrosoft.TestCase
TestXandikosAndMicrosoft = BetweenXandikosAndMicrosoft.TestCase
