"""What happens where contacts meet: known twice, joined, moved, renamed, in doubt, and two programs at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from coterie.core.book import Book
from coterie.core.bulk.merging import merge_plan
from coterie.core.changes import Create, Edit, Forget, Plan, Restore
from coterie.core.errors import BookBusy, Stale, Unreachable
from coterie.core.listing import Listing, View
from coterie.core.model import Contact, Email, Phone
from coterie.core.provider import ChangePage, Setup
from coterie.core.sync import Ended, sync
from coterie.providers.memory import MemoryProvider
from tests.conftest import Clock
from tests.core.sync.test_sync import ADA, BOB, Pair, Tokens

SECOND = replace(ADA, name="Ada King", emails=(*ADA.emails, Email("king@example.org")), company="Looms")


@pytest.fixture
async def pair(book: Book) -> Pair:
    return Pair(book, await book.accounts.add("memory", "ada@memory"))


async def other(pair: Pair) -> Pair:
    return Pair(pair.book, await pair.book.accounts.add("memory", "bob@memory"))


# Two contacts of a source that the user merged here, while nothing goes back ------------------------------------------


async def merged(pair: Pair) -> list[str]:
    refs = [pair.source.put(one).remote_id for one in (ADA, SECOND)]
    await pair.sync()
    people = await pair.people()
    await pair.book.apply(merge_plan([people["Ada"], people["Ada King"]]))
    return refs


async def test_a_contact_stays_while_its_source_still_has_the_other_of_two(pair: Pair) -> None:
    first, second = await merged(pair)
    pair.source.remove(first)
    assert (await pair.sync()).deleted == 0
    [ada] = (await pair.people()).values()
    assert [one.remote_id for one in ada.sources] == [second]


async def test_two_that_go_together_take_their_contact_along_and_are_counted_once(pair: Pair) -> None:
    refs = [pair.source.put(one).remote_id for one in (ADA, ADA)]
    await pair.sync()
    people = [one async for one in pair.book.contacts(Listing())]
    await pair.book.apply(merge_plan(people))
    for ref in refs:
        pair.source.remove(ref)
    assert (await pair.sync(yes=True)).deleted == 1
    assert set(await pair.people(View.BIN)) == {"Ada"}


async def test_a_value_of_before_connecting_is_not_sent_but_an_edit_is(pair: Pair) -> None:
    await pair.book.apply(Plan("add", "Add", [Create(replace(ADA, company="Here", notes="mine"))]))
    ref = pair.source.put(ADA).remote_id
    await pair.write_back()
    assert (await pair.sync()).sent_updated == 0
    assert pair.source.contacts[ref].contact == ADA
    await pair.edit("Ada", company="Mills")
    assert (await pair.sync()).sent_updated == 1
    there = pair.source.contacts[ref].contact
    assert (there.company, there.notes) == ("Mills", "")


async def test_a_deletion_of_before_connecting_is_not_sent(pair: Pair, clock: Clock) -> None:
    await pair.book.apply(Plan("add", "Add", [Create(ADA)]))
    await pair.delete("Ada")
    ref = pair.source.put(ADA).remote_id
    await pair.write_back()
    for _ in range(2):
        assert (await pair.sync()).sent_deleted == 0
    assert ref in pair.source.contacts
    await pair.book.apply(Plan("restore", "Restore", [Restore(Listing(View.BIN))]))
    clock.pass_days(1)
    await pair.delete("Ada")
    assert (await pair.sync()).sent_deleted == 1


# Addresses, ids and groups that move ----------------------------------------------------------------------------------


async def test_an_address_that_moves_to_a_new_contact_takes_nobody_along(pair: Pair) -> None:
    both = replace(ADA, emails=(Email("ada@example.org"), Email("bob@example.org")))
    ref = pair.source.put(both, "memory/z").remote_id
    await pair.sync()
    pair.source.put(ADA, ref)
    pair.source.put(BOB, "memory/a")  # read before the contact that had its address
    await pair.sync()
    people = await pair.people()
    assert {name: [email.address for email in one.emails] for name, one in people.items()} == {
        "Ada": ["ada@example.org"], "Bob": ["bob@example.org"],
    }  # fmt: skip


async def test_a_contact_with_a_new_id_still_counts_as_given_by_its_account(pair: Pair) -> None:
    ref = pair.source.put(ADA).remote_id
    await pair.sync()
    account = await pair.book.accounts.named(pair.name)
    await pair.edit("Ada", company="Here")
    pair.source.put(replace(ADA, company="There"), ref)
    await pair.sync()
    pair.source.rename(ref)
    await pair.sync()
    assert len(await pair.book.accounts.only_of(account)) == 1
    assert len(await pair.book.accounts.conflicts()) == 1


async def test_a_label_that_is_renamed_there_leaves_no_empty_group_behind(pair: Pair) -> None:
    refs = [pair.source.put(one).remote_id for one in (ADA, replace(BOB, groups=("Choir",)))]
    await pair.book.apply(Plan("add", "Add", [Create(Contact(name="Mine", groups=("Local",)))]))
    await pair.sync()
    for ref, one in zip(refs, (ADA, BOB), strict=True):
        pair.source.put(replace(one, groups=("Chorus",)), ref)
    await pair.sync()
    assert [(one.name, one.size) for one in await pair.book.groups.all()] == [("Chorus", 2), ("Local", 1)]
    await pair.book.history.undo()
    assert [(one.name, one.size) for one in await pair.book.groups.all()] == [("Choir", 2), ("Local", 1)]


async def test_a_group_with_members_of_ours_stays(pair: Pair) -> None:
    await pair.book.apply(Plan("add", "Add", [Create(Contact(name="Mine", groups=("Choir",)))]))
    ref = pair.source.put(ADA).remote_id
    await pair.sync()
    pair.source.put(replace(ADA, groups=()), ref)
    await pair.sync()
    assert [(one.name, one.size) for one in await pair.book.groups.all()] == [("Choir", 1)]


# Deletions ------------------------------------------------------------------------------------------------------------


async def test_what_a_source_has_again_comes_back(pair: Pair) -> None:
    ref = pair.source.put(ADA).remote_id
    await pair.sync()
    pair.source.remove(ref)
    await pair.sync(yes=True)
    pair.source.put(replace(ADA, company="Looms"), ref)
    report = await pair.sync()
    assert (report.restored, report.created) == (1, 0)
    assert (await pair.people())["Ada"].company == "Looms"


async def test_what_one_source_deleted_comes_with_another(pair: Pair) -> None:
    second = await other(pair)
    pair.source.remove(pair.source.put(ADA).remote_id)
    pair.source.put(ADA, "memory/9")
    await pair.sync()
    pair.source.remove("memory/9")
    await pair.sync(yes=True)
    second.source.put(ADA)
    assert (await second.sync()).restored == 1


async def test_nothing_is_kept_of_what_was_deleted_for_ever(pair: Pair) -> None:
    ref = pair.source.put(ADA).remote_id
    await pair.sync()
    await pair.delete("Ada")
    await pair.book.apply(Plan("forget", "Delete forever", [Forget(Listing(View.BIN))]))
    pair.source.put(replace(ADA, notes="private"), ref)
    assert (await pair.sync()).created == 0
    [known] = await pair.book.accounts.linked(await pair.book.accounts.named(pair.name), "", 9)
    assert (known.contact, known.base, known.raw) == (None, "", "")


async def test_a_round_that_was_cut_deletes_nobody_and_starts_over(pair: Pair) -> None:
    for one in (ADA, BOB):
        pair.source.put(one)
    await pair.sync()

    class Cut(MemoryProvider):
        async def changes(self, cursor: str | None) -> AsyncIterator[ChangePage]:
            yield ChangePage(changed=(self.source.contacts["memory/1"],), full=True)

    async for event in sync(pair.book, await pair.book.accounts.named(pair.name), Cut(Setup(Tokens()), pair.source)):
        assert not isinstance(event, Ended) or event.report.deleted == 0
    assert set(await pair.people()) == {"Ada", "Bob"}
    assert (await pair.sync()).full


# Conflicts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("here", [True, False])
async def test_a_conflict_ends_by_itself_once_both_sides_agree(pair: Pair, here: bool) -> None:
    ref = pair.source.put(ADA).remote_id
    await pair.sync()
    await pair.edit("Ada", company="Here")
    pair.source.put(replace(ADA, company="There"), ref)
    await pair.sync()
    if here:
        await pair.edit("Ada", company="There")
    else:
        pair.source.put(replace(ADA, company="Here"), ref)
    await pair.sync()
    assert await pair.book.accounts.conflicts() == []


async def test_a_conflict_follows_its_contact_into_another(pair: Pair) -> None:
    """And so keeps waiting there: nothing is sent over what the source says."""
    ref = pair.source.put(ADA).remote_id
    await pair.sync()
    await pair.book.apply(Plan("add", "Add", [Create(replace(BOB, company="Here"))]))
    await pair.edit("Ada", company="Here")
    pair.source.put(replace(ADA, company="There"), ref)
    await pair.sync()
    people = await pair.people()
    await pair.book.apply(merge_plan([people["Bob"], people["Ada"]]))
    [kept] = (await pair.people()).values()
    assert [(one.contact_id, one.field) for one in await pair.book.accounts.conflicts()] == [(kept.id, "company")]
    await pair.write_back()
    await pair.sync()
    assert pair.source.contacts[ref].contact.company == "There"


# Writing --------------------------------------------------------------------------------------------------------------


class Lossy(MemoryProvider):
    """Keeps numbers in another form than they were sent in."""

    async def update(self, known, contact, fields):  # type: ignore[no-untyped-def]
        phones = tuple(Phone(f"+{phone.number}") for phone in contact.phones)
        return await super().update(known, replace(contact, phones=phones), fields)


async def test_what_a_source_keeps_in_another_form_is_sent_once(pair: Pair) -> None:
    pair.source.put(ADA)
    await pair.sync()
    await pair.write_back()
    await pair.edit("Ada", phones=(Phone("123"),))
    for sent in (1, 0):
        async for event in sync(
            pair.book, await pair.book.accounts.named(pair.name), Lossy(Setup(Tokens()), pair.source)
        ):
            last = event
        assert isinstance(last, Ended)
        assert last.report.sent_updated == sent
        await pair.book.apply(Plan("add", "Add", [Create(Contact(name="Somebody"))]))  # so that all is looked through
    assert (await pair.people())["Ada"].phones == (Phone("123"),)


class Silent(MemoryProvider):
    """Creates what it is told to, and its answer is lost."""

    async def create(self, contact, raw=""):  # type: ignore[no-untyped-def]
        await super().create(contact, raw)
        raise Unreachable("The connection was reset.")


@pytest.mark.parametrize("lag", [False, True])
async def test_a_creation_without_an_answer_is_neither_repeated_nor_doubled(pair: Pair, lag: bool) -> None:
    await pair.write_back(new_contacts_since="2000-01-01T00:00:00+00:00")
    await pair.book.apply(Plan("add", "Add", [Create(Contact(name="No address"))]))
    with pytest.raises(Unreachable):
        async for _ in sync(pair.book, await pair.book.accounts.named(pair.name), Silent(Setup(Tokens()), pair.source)):
            pass
    arrived = pair.source.contacts.keys()
    if lag:  # it takes a while until the source tells of it
        changed = pair.source._changed.copy()
        pair.source._changed = dict.fromkeys(changed, 0)
    for _ in range(2):
        await pair.sync()
        assert pair.source.contacts.keys() == arrived
        assert len((await pair.people())["No address"].sources) == 1
    if lag:
        pair.source._changed.update(dict.fromkeys(changed, pair.source.clock + 1))
        pair.source._clock += 1
        await pair.sync()
    assert len(await pair.people()) == 1
    assert pair.source.contacts.keys() == arrived


async def test_a_creation_that_never_arrived_is_sent_again(pair: Pair) -> None:
    class Deaf(MemoryProvider):
        async def create(self, contact, raw=""):  # type: ignore[no-untyped-def]
            raise Unreachable("The connection was reset.")

    await pair.write_back(new_contacts_since="2000-01-01T00:00:00+00:00")
    for name in ("Zoe", "Ada"):
        await pair.book.apply(Plan("add", "Add", [Create(Contact(name=name))]))
    with pytest.raises(Unreachable):
        async for _ in sync(pair.book, await pair.book.accounts.named(pair.name), Deaf(Setup(Tokens()), pair.source)):
            pass
    assert (await pair.sync()).sent_created == 2
    assert sorted(one.contact.name for one in pair.source.contacts.values()) == ["Ada", "Zoe"]


async def test_a_dry_run_foresees_what_is_sent(pair: Pair) -> None:
    refs = [pair.source.put(one).remote_id for one in (ADA, BOB, replace(BOB, name="Eve", emails=(Email("e@x.org"),)))]
    await pair.sync()
    await pair.write_back(new_contacts_since="2000-01-01T00:00:00+00:00")
    await pair.edit("Ada", company="Here")  # in conflict
    pair.source.put(replace(ADA, company="There"), refs[0])
    await pair.delete("Bob")  # gone on both sides
    pair.source.remove(refs[1])
    await pair.edit("Eve", company="Here")  # to be sent
    for name in ("One", "Two"):  # one of which the source turns out to have
        await pair.book.apply(Plan("add", "Add", [Create(Contact(name=name, emails=(Email(f"{name}@x.org"),)))]))
    pair.source.put(Contact(name="Two", emails=(Email("two@x.org"),)))
    before = await pair.book.accounts.named(pair.name)
    foreseen = await pair.sync(dry_run=True)
    assert await pair.book.accounts.named(pair.name) == before
    done = await pair.sync()
    assert [(one.kind, one.name) for one in foreseen.writes] == [("update", "Eve"), ("create", "One")]
    assert [(one.field, one.old, one.new) for one in foreseen.writes[0].fields] == [("Company", "", "Here")]
    foreseen.outcome = done.outcome = None
    foreseen.writes.clear()
    assert foreseen == done
    assert (done.sent_created, done.sent_updated, done.sent_deleted, done.conflicts) == (1, 1, 0, 1)


# Two programs at once -------------------------------------------------------------------------------------------------


async def test_two_programs_sync_one_account_after_each_other(pair: Pair, clock: Clock) -> None:
    pair.source.put(ADA)
    account = await pair.book.accounts.named(pair.name)
    first = sync(pair.book, account, pair.provider())
    await anext(first)
    with pytest.raises(BookBusy, match="another program"):
        await pair.sync()
    assert (await pair.sync(dry_run=True)).created == 1
    await first.aclose()
    assert (await pair.sync()).created == 1


async def test_what_somebody_else_has_synced_meanwhile_is_not_applied_over(pair: Pair, tmp_path: Path) -> None:
    pair.source.put(ADA)
    events = sync(pair.book, await pair.book.accounts.named(pair.name), pair.provider())
    await anext(events)
    # On a file system without locks another program gets in between.
    for lock in list(tmp_path.rglob("*-sync-*")):  # noqa: ASYNC240 - nobody waits
        lock.unlink()
    await pair.sync()
    with pytest.raises(Stale):
        async for _ in events:
            pass
    assert len(await pair.people()) == 1


@pytest.mark.parametrize("steps", range(8))
async def test_holding_an_account_may_be_given_up_at_any_moment(pair: Pair, steps: int) -> None:
    account = await pair.book.accounts.named(pair.name)

    async def hold() -> None:
        async with pair.book.accounts.alone(account):
            await asyncio.sleep(1)

    holding = asyncio.create_task(hold())
    for _ in range(steps):
        await asyncio.sleep(0)
    holding.cancel()
    await asyncio.wait([holding])
    async with pair.book.accounts.alone(account):
        await pair.book.apply(Plan("add", "Add", [Create(ADA)]))
    assert set(await pair.people()) == {"Ada"}


async def test_options_that_are_chosen_during_a_sync_stay(pair: Pair) -> None:
    pair.source.put(ADA)
    await pair.write_back()
    async for _ in sync(pair.book, await pair.book.accounts.named(pair.name), pair.provider()):
        account = await pair.book.accounts.named(pair.name)
        await pair.book.accounts.update(replace(account, settings={**account.settings, "every_minutes": 5}))
    assert (await pair.book.accounts.named(pair.name)).settings["every_minutes"] == 5


async def test_no_base_is_stored_twice_as_large(pair: Pair) -> None:
    """What is left different takes some bytes a field, whatever the field holds."""
    await pair.book.apply(Plan("add", "Add", [Create(replace(ADA, notes="long " * 10_000))]))
    pair.source.put(ADA)
    await pair.sync()
    [known] = await pair.book.accounts.linked(await pair.book.accounts.named(pair.name), "", 9)
    assert json.loads(known.base)["left"].keys() == {"notes"}
    assert len(known.base) < 500


async def test_an_edit_during_the_sending_is_not_lost(pair: Pair) -> None:
    ref = pair.source.put(ADA).remote_id
    await pair.sync()
    await pair.write_back()
    await pair.edit("Ada", company="Here")

    class Slow(MemoryProvider):
        async def update(self, known, contact, fields):  # type: ignore[no-untyped-def]
            ours = (await pair.people())["Ada"]
            await pair.book.apply(Plan("edit", "Edit", [Edit(ours.id or 0, {"company": "Later"})]))
            return await super().update(known, contact, fields)

    async for _ in sync(pair.book, await pair.book.accounts.named(pair.name), Slow(Setup(Tokens()), pair.source)):
        pass
    assert (await pair.people())["Ada"].company == "Later"
    await pair.sync()
    assert pair.source.contacts[ref].contact.company == "Later"
