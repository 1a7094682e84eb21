"""What a source does not take stays listed with its reason, is tried again, and is no more once it is taken."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import replace

import pytest

from coterie.core.book import Book
from coterie.core.changes import Create, Delete, Edit, Forget, Plan
from coterie.core.checks import Checks
from coterie.core.errors import Conflict, RateLimited, Rejected, Unreachable
from coterie.core.listing import Listing
from coterie.core.model import Contact, Email
from coterie.core.provider import Answer, Capabilities, RemoteContact, Setup
from coterie.core.sync import Ended, SyncReport, sync
from coterie.core.sync.work import doubtful
from coterie.providers.memory import FIELDS, MemoryProvider, MemorySource
from tests.core.sync.test_sync import Tokens


class Picky(MemoryProvider):
    """Refuses those whose company is one of `refuses`; creates two at a time, and may lose the answer."""

    capabilities = Capabilities(favorites=True, groups=True, write=True, fields=FIELDS, together=2)
    refuses: Collection[str] = ()
    loses_answers = False
    over_quota = False

    async def update(self, known: RemoteContact, contact: Contact, fields: Collection[str]) -> RemoteContact:
        self._look(contact)
        return await super().update(known, contact, fields)

    async def create(self, contact: Contact, raw: str = "") -> RemoteContact:
        self._look(contact)
        return await super().create(contact, raw)

    async def create_all(self, contacts: Sequence[Contact]) -> AsyncGenerator[Mapping[int, Answer], None]:
        assert len(contacts) <= 2
        if self.over_quota:
            raise RateLimited("Wait.")
        answers: dict[int, Answer] = {}
        async for some in super().create_all(contacts):
            answers |= some
        if self.loses_answers:
            raise Unreachable("The answer was lost.")
        yield answers

    async def delete(self, known: RemoteContact) -> None:
        self._look(known.contact)
        await super().delete(known)

    def _look(self, contact: Contact) -> None:
        if contact.company in self.refuses:
            raise Rejected(f"{contact.company} is not accepted.", "Change it.")


class Side:
    def __init__(self, book: Book, name: str) -> None:
        self.book, self.name = book, name
        self.provider = Picky(Setup(Tokens()), MemorySource())
        self.source = self.provider.source

    async def sync(self) -> SyncReport:
        async for event in sync(self.book, await self.book.accounts.named(self.name), self.provider):
            if isinstance(event, Ended):
                return event.report
        raise AssertionError

    async def refused(self) -> list[tuple[str, str, str]]:
        return [(one.action, one.name, one.reason) for one in await self.book.accounts.refusals()]

    async def contact(self, name: str) -> Contact:
        async for one in self.book.contacts(Listing()):
            if one.name == name:
                return one
        raise AssertionError(name)

    async def edit(self, name: str, **values: object) -> None:
        contact = await self.contact(name)
        await self.book.apply(Plan("edit", "Edit", [Edit(contact.id or 0, values)]))


def person(name: str, company: str = "") -> Contact:
    return Contact(name=name, emails=(Email(f"{name.lower()}@example.org"),), company=company)


@pytest.fixture
async def side(book: Book) -> Side:
    account = await book.accounts.add("memory", "ada@memory")
    settings = {"write": True, "new_contacts_since": "2000-01-01T00:00:00+00:00"}
    await book.accounts.update(replace(account, settings=settings))
    return Side(book, account.name)


async def test_a_refused_change_stays_listed_until_it_is_taken(side: Side) -> None:
    side.source.put(person("Ada"))
    side.source.put(person("Bob"))
    await side.sync()
    side.provider.refuses = ("Looms",)
    await side.edit("Ada", company="Looms")
    await side.edit("Bob", company="Mills")
    report = await side.sync()
    assert (report.sent_updated, [one.name for one in report.refused]) == (1, ["Ada"])
    assert await side.refused() == [("update", "Ada", "Looms is not accepted. Change it.")]
    [first] = await side.book.accounts.refusals()
    assert len((await side.sync()).refused) == 1, "a quiet sync tries again"
    assert [one.since for one in await side.book.accounts.refusals()] == [first.since]
    side.provider.refuses = ()
    report = await side.sync()
    assert (report.sent_updated, report.refused) == (1, [])
    assert await side.refused() == []
    requests = side.source.requests
    await side.sync()
    assert side.source.requests == requests + 1, "nothing is tried any more"


async def test_a_refusal_ends_with_what_was_refused(side: Side) -> None:
    ref = side.source.put(person("Ada")).remote_id
    await side.sync()
    side.provider.refuses = ("Looms",)
    await side.edit("Ada", company="Looms")
    await side.sync()
    await side.edit("Ada", company="")
    await side.sync()
    assert await side.refused() == []
    assert side.source.contacts[ref].contact.company == ""


async def test_creations_and_deletions_are_refused_one_by_one(side: Side) -> None:
    people = [person("Ada", "Looms"), person("Bob"), person("Cy"), person("Di", "Looms"), person("Ed")]
    await side.book.apply(Plan("add", "Add", [Create(one) for one in people]))
    side.provider.refuses = ("Looms",)
    report = await side.sync()
    assert (report.sent_created, [one.name for one in report.refused]) == (3, ["Ada", "Di"])
    assert doubtful(await side.book.accounts.named(side.name)) == []
    side.provider.refuses = ()
    assert (await side.sync()).sent_created == 2
    side.provider.refuses = ("Looms",)
    gone = [(await side.contact(name)).id or 0 for name in ("Ada", "Bob")]
    await side.book.apply(Plan("delete", "Delete", [Delete(Checks.of(gone))]))
    report = await side.sync()
    assert (report.sent_deleted, [(one.action, one.name) for one in report.refused]) == (1, [("delete", "Ada")])
    assert await side.refused() == [("delete", "Ada", "Looms is not accepted. Change it.")]


async def test_creations_whose_answer_was_lost_are_not_made_twice(side: Side) -> None:
    await side.book.apply(Plan("add", "Add", [Create(person(name)) for name in ("Ada", "Bob", "Cy")]))
    side.provider.loses_answers = True
    with pytest.raises(Unreachable):
        await side.sync()
    assert len(doubtful(await side.book.accounts.named(side.name))) == 2
    side.provider.loses_answers = False
    await side.sync()
    assert sorted(one.contact.name for one in side.source.contacts.values()) == ["Ada", "Bob", "Cy"]
    assert doubtful(await side.book.accounts.named(side.name)) == []


async def test_creations_that_a_quota_held_up_are_in_no_doubt(side: Side) -> None:
    await side.book.apply(Plan("add", "Add", [Create(person("Ada"))]))
    side.provider.over_quota = True
    with pytest.raises(RateLimited):
        await side.sync()
    assert doubtful(await side.book.accounts.named(side.name)) == []
    side.provider.over_quota = False
    assert (await side.sync()).sent_created == 1


async def test_a_failure_keeps_what_was_refused_before_it(side: Side) -> None:
    await side.book.apply(Plan("add", "Add", [Create(person("Ada", "Looms"))]))
    side.provider.refuses = ("Looms",)
    await side.sync()
    await side.book.apply(Plan("add", "Add", [Create(person(name)) for name in ("Bob", "Cy")]))
    side.provider.loses_answers = True
    with pytest.raises(Unreachable):
        await side.sync()
    assert await side.refused() == [("create", "Ada", "Looms is not accepted. Change it.")]


async def test_what_is_deleted_forever_is_refused_no_more(side: Side) -> None:
    await side.book.apply(Plan("add", "Add", [Create(person("Ada", "Looms"))]))
    side.provider.refuses = ("Looms",)
    await side.sync()
    ada = Checks.of([(await side.contact("Ada")).id or 0])
    await side.book.apply(Plan("delete", "Delete", [Delete(ada)]))
    await side.book.apply(Plan("forget", "Delete forever", [Forget(ada)]))
    assert await side.refused() == []


async def test_a_conflict_in_a_batch_is_merged_again(side: Side) -> None:
    refs = [side.source.put(person(name)).remote_id for name in ("Ada", "Bob")]
    await side.sync()
    for name in ("Ada", "Bob"):
        await side.edit(name, company=f"{name}’s")

    class Late(Picky):
        done = False

        async def update(self, known: RemoteContact, contact: Contact, fields: Collection[str]) -> RemoteContact:
            if known.remote_id == refs[0] and not self.done:
                self.done = True
                self.source.put(replace(self.source.contacts[refs[0]].contact, job_title="Theirs"), refs[0])
                raise Conflict("It has changed there.")
            return await super().update(known, contact, fields)

    side.provider = Late(Setup(Tokens()), side.source)
    report = await side.sync()
    assert (report.sent_updated, report.refused) == (2, [])
    ada = side.source.contacts[refs[0]].contact
    assert (ada.company, ada.job_title) == ("Ada’s", "Theirs")
