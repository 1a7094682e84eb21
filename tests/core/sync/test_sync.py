"""Syncing a real book with the reference provider: what comes, how it is merged, what goes back, what goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from coterie.core.book import Book
from coterie.core.bulk.merging import merge_plan
from coterie.core.changes import Create, Delete, Edit, Plan, Restore
from coterie.core.checks import Checks
from coterie.core.errors import Cancelled, CoterieError, SignInNeeded, Unreachable
from coterie.core.listing import Listing, View
from coterie.core.model import Account, Contact, Email, Phone
from coterie.core.provider import ChangePage, Setup, Unreadable
from coterie.core.secrets import Secrets
from coterie.core.settings import Settings
from coterie.core.sync import Accounts, Applying, Ended, Fetching, SyncReport, Vanishing, sync
from coterie.core.sync.accounts import Options
from coterie.core.sync.settling import settle, settle_all
from coterie.providers.memory import MemoryProvider, MemorySource
from tests.conftest import settings_in
from tests.providers.prompter import FakeUser

ADA = Contact(name="Ada", emails=(Email("ada@example.org"),), company="Engines", groups=("Choir",))
BOB = Contact(name="Bob", emails=(Email("bob@example.org"),))


class Tokens:
    secret: str | None = "allowed"

    async def load(self) -> str | None:
        return self.secret

    async def save(self, secret: str) -> None:
        self.secret = secret

    async def delete(self) -> None:
        self.secret = None


class Pair:
    """A book and a source, and the account between them."""

    def __init__(self, book: Book, account: Account) -> None:
        self.book, self.name = book, account.name
        self.source = MemorySource(page_size=3)

    def provider(self) -> MemoryProvider:
        return MemoryProvider(Setup(Tokens()), self.source)

    async def sync(self, *, yes: bool = False, dry_run: bool = False) -> SyncReport:
        async def confirm(question: Vanishing) -> bool:
            return yes

        account = await self.book.accounts.named(self.name)
        report = None
        async for event in sync(self.book, account, self.provider(), confirm=confirm, dry_run=dry_run):
            if isinstance(event, Ended):
                report = event.report
        assert report is not None
        return report

    async def write_back(self, **settings: object) -> None:
        account = await self.book.accounts.named(self.name)
        await self.book.accounts.update(replace(account, settings={**account.settings, "write": True, **settings}))

    async def people(self, view: View = View.ALL) -> dict[str, Contact]:
        return {one.name: one async for one in self.book.contacts(Listing(view))}

    async def edit(self, name: str, **values: object) -> None:
        contact = (await self.people())[name]
        await self.book.apply(Plan("edit", "Edit", [Edit(contact.id or 0, values)]))

    async def delete(self, *names: str) -> None:
        people = await self.people()
        await self.book.apply(Plan("delete", "Delete", [Delete(Checks.of(people[name].id or 0 for name in names))]))


@pytest.fixture
async def pair(book: Book) -> Pair:
    return Pair(book, await book.accounts.add("memory", "ada@memory"))


async def test_a_first_sync_brings_everybody(pair: Pair) -> None:
    for number in range(10):
        pair.source.put(replace(ADA, name=f"N{number}", emails=(Email(f"n{number}@x.org"),), favorite=number == 3))
    report = await pair.sync()
    assert (report.created, report.full) == (10, True)
    people = await pair.people()
    assert people["N3"].favorite
    assert people["N3"].groups == ("Choir",)
    assert [source.account for source in people["N3"].sources] == ["memory:ada@memory"]
    assert (await pair.book.history.latest())[0].summary == "Synced memory:ada@memory: 10 new."


async def test_a_quiet_sync_is_one_request_and_no_change(pair: Pair) -> None:
    pair.source.put(ADA)
    await pair.sync()
    before, asked = await pair.book.history.latest(), pair.source.requests
    report = await pair.sync()
    assert (report.full, report.created, report.updated) == (False, 0, 0)
    assert pair.source.requests == asked + 1
    assert await pair.book.history.latest() == before


async def test_an_edit_there_arrives_and_an_edit_here_stays(pair: Pair) -> None:
    ref = pair.source.put(ADA).remote_id
    await pair.sync()
    await pair.edit("Ada", notes="mine", phones=(Phone("1"),), groups=("Choir", "Local"), favorite=True)
    pair.source.put(replace(ADA, company="Looms", emails=(Email("ada@example.org"), Email("new@example.org"))), ref)
    report = await pair.sync()
    assert (report.updated, report.conflicts) == (1, 0)
    ada = (await pair.people())["Ada"]
    assert (ada.company, ada.notes, ada.phones, ada.groups, ada.favorite) == (
        "Looms", "mine", (Phone("1"),), ("Choir", "Local"), True,
    )  # fmt: skip
    assert [email.address for email in ada.emails] == ["ada@example.org", "new@example.org"]


@pytest.mark.parametrize("theirs", [True, False])
async def test_a_conflict_waits_and_is_settled_either_way(pair: Pair, theirs: bool) -> None:
    ref = pair.source.put(ADA).remote_id
    await pair.sync()
    await pair.edit("Ada", company="Here")
    pair.source.put(replace(ADA, company="There"), ref)
    assert (await pair.sync()).conflicts == 1
    [conflict] = await pair.book.accounts.conflicts()
    assert (conflict.field, conflict.ours, conflict.theirs) == ("company", "Here", "There")
    assert (await pair.people())["Ada"].company == "Here"
    await pair.sync()
    assert len(await pair.book.accounts.conflicts()) == 1
    await pair.book.apply(settle(conflict, await pair.book.contact(conflict.contact_id), theirs=theirs))
    assert await pair.book.accounts.conflicts() == []
    assert (await pair.people())["Ada"].company == ("There" if theirs else "Here")


@pytest.mark.parametrize("theirs", [True, False])
async def test_conflicts_about_one_number_and_one_custom_field_touch_no_other(pair: Pair, theirs: bool) -> None:
    first = replace(ADA, phones=(Phone("1"), Phone("2", "Home")), custom={"Size": "37", "Badge": "7"})
    here = replace(first, phones=(Phone("1", "Here"), Phone("2", "Home")), custom={"Size": "38", "Badge": "7"})
    there = replace(first, phones=(Phone("1", "There"), Phone("2", "Home")), custom={"Size": "39", "Badge": "7"})
    ref = pair.source.put(first).remote_id
    await pair.sync()
    await pair.edit("Ada", phones=here.phones, custom=here.custom)
    pair.source.put(there, ref)
    assert (await pair.sync()).conflicts == 2
    conflicts = await pair.book.accounts.conflicts()
    assert {(one.field, one.key, one.ours, one.theirs) for one in conflicts} == {
        ("phones", "1", "1, Here", "1, There"), ("custom", "Size", "38", "39"),
    }  # fmt: skip
    ada = (await pair.people())["Ada"]
    await pair.book.apply(settle_all(conflicts, {ada.id or 0: ada}, theirs=theirs))
    settled, expected = (await pair.people())["Ada"], there if theirs else here
    assert (settled.phones, settled.custom) == (expected.phones, expected.custom)
    assert await pair.book.accounts.conflicts() == []


@pytest.mark.parametrize("agreed", [True, False])
async def test_a_conflict_about_one_number_ends_by_itself_once_both_sides_agree(pair: Pair, agreed: bool) -> None:
    first = replace(ADA, phones=(Phone("1"), Phone("2")), custom={"Size": "37"})
    ref = pair.source.put(first).remote_id
    await pair.sync()
    await pair.edit("Ada", phones=(Phone("1", "Here"), Phone("2")), custom={"Size": "38"})
    pair.source.put(replace(first, phones=(Phone("1", "There"), Phone("2")), custom={"Size": "39"}), ref)
    await pair.sync()
    label, size = ("There", "39") if agreed else ("Elsewhere", "40")
    await pair.edit("Ada", phones=(Phone("1", label), Phone("2", "Home")), custom={"Size": size})
    await pair.sync()
    assert len(await pair.book.accounts.conflicts()) == (0 if agreed else 2)


async def test_a_known_name_and_address_join_their_contact(pair: Pair) -> None:
    await pair.book.apply(Plan("add", "Add", [Create(replace(ADA, notes="from a file", groups=("Mine",)))]))
    pair.source.put(replace(ADA, name="Ada King", emails=(Email("ADA@example.org"), Email("second@example.org"))))
    report = await pair.sync()
    assert report.created == 0
    [ada] = (await pair.people()).values()
    assert (ada.name, ada.notes, set(ada.groups)) == ("Ada", "from a file", {"Mine", "Choir"})
    assert [email.address for email in ada.emails] == ["ada@example.org", "second@example.org"]


async def test_deleted_there_goes_to_the_bin_and_says_so(pair: Pair) -> None:
    ref = pair.source.put(ADA).remote_id
    pair.source.put(BOB)
    await pair.sync()
    pair.source.remove(ref)
    assert (await pair.sync()).deleted == 1
    [row] = await pair.book.lists.rows(Listing(View.BIN), 0, 9)
    assert (row.name, row.deleted_by) == ("Ada", "memory:ada@memory")
    await pair.book.history.undo()
    assert set(await pair.people()) == {"Ada", "Bob"}
    assert (await pair.sync()).deleted == 0


async def test_deleted_there_stays_while_another_account_has_it(pair: Pair) -> None:
    second = Pair(pair.book, await pair.book.accounts.add("memory", "bob@memory"))
    ref = pair.source.put(ADA).remote_id
    second.source.put(ADA)
    await pair.sync()
    await second.sync()
    pair.source.remove(ref)
    assert (await pair.sync()).deleted == 0
    assert [one.account for one in (await pair.people())["Ada"].sources] == ["memory:bob@memory"]


async def test_deleted_here_does_not_come_back_until_it_is_restored(pair: Pair) -> None:
    ref = pair.source.put(ADA).remote_id
    await pair.sync()
    await pair.delete("Ada")
    pair.source.put(replace(ADA, company="Looms"), ref)
    assert (await pair.sync()).created == 0
    pair.source.expire_cursors()
    assert (await pair.sync()).in_bin == 1
    assert await pair.people() == {}
    await pair.book.apply(Plan("restore", "Restore", [Restore(Listing(View.BIN))]))
    assert (await pair.people())["Ada"].company == "Looms"
    pair.source.put(replace(ADA, company="Mills"), ref)
    await pair.sync()
    assert (await pair.people())["Ada"].company == "Mills"


async def test_merged_contacts_stay_merged_and_follow_their_sources(pair: Pair) -> None:
    first = pair.source.put(ADA).remote_id
    second = pair.source.put(replace(ADA, name="Ada King", emails=(Email("king@example.org"),))).remote_id
    await pair.sync()
    people = await pair.people()
    await pair.book.apply(merge_plan([people["Ada"], people["Ada King"]]))
    pair.source.put(replace(ADA, phones=(Phone("1"),)), first)
    pair.source.put(replace(ADA, emails=(Email("king@example.org"),), notes="new"), second)
    await pair.sync()
    [ada] = (await pair.people()).values()
    assert (len(ada.sources), [phone.number for phone in ada.phones], ada.notes) == (2, ["1"], "new")
    await pair.book.history.undo()
    await pair.book.history.undo()
    assert {name: len(one.sources) for name, one in (await pair.people()).items()} == {"Ada": 1, "Ada King": 1}


async def test_an_expired_cursor_starts_over_and_finds_deletions(pair: Pair) -> None:
    refs = [pair.source.put(replace(BOB, name=f"N{n}", emails=(Email(f"n{n}@x.org"),))).remote_id for n in range(20)]
    await pair.sync()
    pair.source.remove(refs[0])
    pair.source.expire_cursors()
    report = await pair.sync()
    assert (report.full, report.created, report.deleted, report.unchanged) == (True, 0, 1, 19)


async def test_an_id_that_changed_is_the_same_contact(pair: Pair) -> None:
    ref = pair.source.put(Contact(name="No address")).remote_id
    await pair.sync()
    new = pair.source.rename(ref)
    report = await pair.sync()
    assert (report.created, report.deleted) == (0, 0)
    [one] = (await pair.people()).values()
    assert [source.remote_id for source in one.sources] == [new]


async def test_a_source_that_is_suddenly_empty_is_asked_about(pair: Pair) -> None:
    for number in range(4):
        pair.source.put(replace(BOB, name=f"N{number}", emails=(Email(f"n{number}@x.org"),)))
    await pair.sync()
    pair.source.contacts.clear()
    pair.source.expire_cursors()
    with pytest.raises(Cancelled, match="suddenly has no contacts"):
        await pair.sync()
    assert len(await pair.people()) == 4
    assert (await pair.sync(yes=True)).deleted == 4
    assert await pair.people() == {}


async def test_a_small_account_is_asked_about_if_all_of_it_would_vanish(pair: Pair) -> None:
    refs = [pair.source.put(one).remote_id for one in (ADA, BOB)]
    await pair.sync()
    for ref in refs:
        pair.source.remove(ref)
    pair.source.put(replace(BOB, name="Somebody else", emails=(Email("else@x.org"),)))
    with pytest.raises(Cancelled, match="2 of 2 contacts of memory:ada@memory would be moved to the Bin"):
        await pair.sync()
    assert set(await pair.people()) == {"Ada", "Bob"}
    assert (await pair.sync(yes=True)).deleted == 2


async def test_all_of_an_account_is_asked_about_also_where_others_have_a_part_of_it(pair: Pair) -> None:
    second = Pair(pair.book, await pair.book.accounts.add("memory", "bob@memory"))
    refs = [pair.source.put(one).remote_id for one in (ADA, BOB)]
    second.source.put(BOB)
    await pair.sync()
    await second.sync()
    for ref in refs:
        pair.source.remove(ref)
    pair.source.put(replace(BOB, name="Somebody else", emails=(Email("else@x.org"),)))
    with pytest.raises(Cancelled, match="1 of 2"):
        await pair.sync()
    assert set(await pair.people()) == {"Ada", "Bob"}


async def test_many_deletions_are_asked_about(pair: Pair) -> None:
    refs = [pair.source.put(replace(BOB, name=f"N{n}", emails=(Email(f"n{n}@x.org"),))).remote_id for n in range(30)]
    await pair.sync()
    for ref in refs[:10]:
        pair.source.remove(ref)
    with pytest.raises(Cancelled, match="10 of 30"):
        await pair.sync()
    assert len(await pair.people()) == 30
    assert (await pair.sync(yes=True)).deleted == 10


async def test_a_dry_run_changes_nothing(pair: Pair) -> None:
    pair.source.put(ADA)
    assert (await pair.sync(dry_run=True)).created == 1
    assert await pair.people() == {}
    assert (await pair.book.accounts.named(pair.name)).cursor is None
    assert (await pair.sync()).created == 1


async def test_a_sync_is_one_step_to_undo_and_the_next_one_respects_it(pair: Pair) -> None:
    ref = pair.source.put(ADA).remote_id
    await pair.sync()
    pair.source.put(replace(ADA, company="Looms"), ref)
    pair.source.put(BOB)
    await pair.sync()
    await pair.book.history.undo()
    assert {name: one.company for name, one in (await pair.people()).items()} == {"Ada": "Engines"}
    await pair.sync()
    assert {name: one.company for name, one in (await pair.people()).items()} == {"Ada": "Engines"}


class Broken(MemoryProvider):
    """Fails in the middle of a round, or sends a record that nobody can read."""

    error: CoterieError | None = None
    unreadable: tuple[Unreadable, ...] = ()

    async def changes(self, cursor: str | None) -> AsyncIterator[ChangePage]:
        async for page in super().changes(cursor):
            yield replace(page, unreadable=self.unreadable)
            if self.error is not None:
                raise self.error


@pytest.mark.parametrize("error", [Unreachable("The connection was reset."), SignInNeeded("Signed out.")])
async def test_a_failure_in_the_middle_changes_nothing(pair: Pair, error: CoterieError) -> None:
    for number in range(10):
        pair.source.put(replace(BOB, name=f"N{number}", emails=(Email(f"n{number}@x.org"),)))
    provider = Broken(Setup(Tokens()), pair.source)
    provider.error = error
    with pytest.raises(type(error)):
        async for _ in sync(pair.book, await pair.book.accounts.named(pair.name), provider):
            pass
    assert await pair.people() == {}
    assert (await pair.sync()).created == 10


async def test_half_characters_and_nul_do_not_stop_a_sync(pair: Pair) -> None:
    odd = pair.source.put(replace(ADA, name="A\ud800da\x00", notes="\udfff"))
    pair.source.contacts[odd.remote_id] = replace(odd, raw='{"\x00": "\ud800"}')
    pair.source.put(BOB)
    assert (await pair.sync()).created == 2
    assert set(await pair.people()) == {"A\ufffdda", "Bob"}


async def test_one_bad_record_is_set_aside_and_the_rest_goes_on(pair: Pair) -> None:
    pair.source.put(ADA)
    provider = Broken(Setup(Tokens()), pair.source)
    provider.unreadable = (Unreadable("memory/bad", "its name is not text", "{}"),)
    async for event in sync(pair.book, await pair.book.accounts.named(pair.name), provider):
        last = event
    assert isinstance(last, Ended)
    assert last.report.quarantined == [("memory/bad", "its name is not text")]
    assert set(await pair.people()) == {"Ada"}
    account = await pair.book.accounts.named(pair.name)
    assert await pair.book.accounts.quarantined(account) == [("memory/bad", "its name is not text")]
    pair.source.put(BOB, "memory/bad")
    await pair.sync()
    assert await pair.book.accounts.quarantined(account) == []


# Writing back ---------------------------------------------------------------------------------------------------------


async def test_nothing_goes_there_until_it_is_switched_on(pair: Pair) -> None:
    ref = pair.source.put(ADA).remote_id
    await pair.sync()
    await pair.edit("Ada", company="Here")
    await pair.sync()
    assert pair.source.contacts[ref].contact.company == "Engines"


async def test_edits_stars_groups_and_deletions_go_there(pair: Pair) -> None:
    ada, bob = pair.source.put(ADA).remote_id, pair.source.put(BOB).remote_id
    await pair.sync()
    await pair.write_back()
    await pair.edit("Ada", company="Here", favorite=True, groups=("Choir", "Board"))
    await pair.delete("Bob")
    report = await pair.sync()
    assert (report.sent_updated, report.sent_deleted, report.refused) == (1, 1, [])
    there = pair.source.contacts[ada].contact
    assert (there.company, there.favorite, set(there.groups)) == ("Here", True, {"Choir", "Board"})
    assert bob not in pair.source.contacts
    asked = pair.source.requests
    report = await pair.sync()
    assert (report.sent_updated, report.updated, report.deleted) == (0, 0, 0)
    assert pair.source.requests == asked + 1


async def test_new_contacts_go_there_only_if_that_is_wanted(pair: Pair) -> None:
    await pair.write_back()
    await pair.book.apply(Plan("add", "Add", [Create(ADA)]))
    assert (await pair.sync()).sent_created == 0
    account = await pair.book.accounts.named(pair.name)
    await pair.write_back(new_contacts_since="2000-01-01T00:00:00+00:00")
    assert (await pair.sync()).sent_created == 1
    assert (await pair.sync()).sent_created == 0
    assert [one.contact.name for one in pair.source.contacts.values()] == ["Ada"]
    assert len(await pair.people()) == 1
    assert (await pair.book.accounts.named(account.name)).contacts == 1


async def test_a_change_there_in_the_meantime_is_merged_never_overwritten(pair: Pair) -> None:
    ref = pair.source.put(ADA).remote_id
    await pair.sync()
    await pair.write_back()
    await pair.edit("Ada", company="Here", notes="from here")

    class Racing(MemoryProvider):
        async def update(self, known, contact, fields):  # type: ignore[no-untyped-def]
            if self.source.contacts[ref].contact.job_title == "":
                self.source.put(replace(ADA, company="There", job_title="Countess"), ref)
            return await super().update(known, contact, fields)

    async for _ in sync(pair.book, await pair.book.accounts.named(pair.name), Racing(Setup(Tokens()), pair.source)):
        pass
    there, here = pair.source.contacts[ref].contact, (await pair.people())["Ada"]
    assert (there.company, there.notes, there.job_title) == ("There", "from here", "Countess")
    assert (here.company, here.notes, here.job_title) == ("Here", "from here", "Countess")
    [conflict] = await pair.book.accounts.conflicts()
    await pair.book.apply(settle(conflict, here, theirs=False))
    await pair.sync()
    assert pair.source.contacts[ref].contact.company == "Here"


async def test_many_deletions_here_are_asked_about_before_they_go_there(pair: Pair) -> None:
    for number in range(20):
        pair.source.put(replace(BOB, name=f"N{number}", emails=(Email(f"n{number}@x.org"),)))
    await pair.sync()
    await pair.write_back()
    await pair.delete(*(f"N{number}" for number in range(10)))
    with pytest.raises(Cancelled, match="10 of 20"):
        await pair.sync()
    assert len(pair.source.contacts) == 20
    assert (await pair.sync(yes=True)).sent_deleted == 10
    assert len(pair.source.contacts) == 10


async def test_several_conflicts_of_one_contact_are_settled_in_one_step(pair: Pair) -> None:
    ref = pair.source.put(replace(ADA, job_title="Countess")).remote_id
    await pair.sync()
    await pair.edit("Ada", company="Here", job_title="Here too")
    pair.source.put(replace(ADA, company="There", job_title="There too"), ref)
    assert (await pair.sync()).conflicts == 2
    conflicts = await pair.book.accounts.conflicts()
    ada = (await pair.people())["Ada"]
    await pair.book.apply(settle_all(conflicts, {ada.id or 0: ada}, theirs=True))
    settled = (await pair.people())["Ada"]
    assert (settled.company, settled.job_title) == ("There", "There too")
    assert await pair.book.accounts.conflicts() == []
    await pair.book.history.undo()
    assert (await pair.people())["Ada"].company == "Here"


# Accounts -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def source() -> MemorySource:
    return MemorySource()


@pytest.fixture
def accounts(book: Book, settings: Settings, source: MemorySource, tmp_path: Path) -> Accounts:
    class Here(MemoryProvider):
        def __init__(self, setup: Setup) -> None:
            super().__init__(setup, source)

    return Accounts(book, settings, Secrets(tmp_path / "secrets"), lambda _: Here, {"memory": "Memory"})


async def run(accounts: Accounts, account: Account) -> None:
    async for _ in accounts.sync(account):
        pass


async def test_accounts_of_the_same_address_are_told_apart_by_their_providers(accounts: Accounts, book: Book) -> None:
    account = await book.accounts.add("memory", "me@memory")
    assert await accounts.called(account) == "me@memory"
    await book.accounts.add("carddav", "me@memory")
    assert await accounts.called(account) == "me@memory (Memory)"


async def test_connect_sync_disconnect(accounts: Accounts, source: MemorySource, book: Book) -> None:
    await book.apply(Plan("add", "Add", [Create(BOB)]))
    source.put(ADA)
    source.put(BOB)
    account = await accounts.connect("memory", FakeUser(answers={"address": "me@memory"}))
    assert account.name == "memory:me@memory"
    await run(accounts, account)
    account = await book.accounts.named("me@memory")
    assert (account.state, account.contacts, account.last_sync is not None) == ("connected", 2, True)
    outcome = await accounts.disconnect(account, keep=False)
    assert outcome.summary == "Disconnected me@memory: moved Ada to the Bin."
    assert await book.accounts.all() == []
    assert [one.name async for one in book.contacts(Listing())] == ["Bob"]
    account = await accounts.connect("memory", FakeUser(answers={"address": "me@memory"}))
    await run(accounts, account)
    assert [one.name async for one in book.contacts(Listing())] == ["Ada", "Bob"]


async def test_disconnecting_keeps_the_contacts_and_reconnecting_matches(
    accounts: Accounts, source: MemorySource, book: Book
) -> None:
    source.put(ADA)
    account = await accounts.connect("memory", FakeUser(answers={"address": "me@memory"}))
    await run(accounts, account)
    await accounts.disconnect(await book.accounts.named(account.name), keep=True)
    [ada] = [one async for one in book.contacts(Listing())]
    assert ada.sources == ()
    account = await accounts.connect("memory", FakeUser(answers={"address": "me@memory"}))
    await run(accounts, account)
    assert await book.lists.count(Listing()) == 1


async def test_a_failure_is_noted_with_the_account(accounts: Accounts, source: MemorySource, book: Book) -> None:
    account = await accounts.connect("memory", FakeUser(answers={"address": "me@memory"}))
    source.allowed = False
    with pytest.raises(SignInNeeded):
        await run(accounts, account)
    account = await book.accounts.named(account.name)
    assert (account.state, "Sign in again" in account.message) == ("sign-in needed", True)
    again = await accounts.connect("memory", FakeUser(answers={"address": "me@memory"}))
    assert (again.id, again.state) == (account.id, "connected")


async def test_signing_in_again_is_for_the_same_account_and_keeps_what_it_may(
    accounts: Accounts, book: Book, source: MemorySource
) -> None:
    me, other = FakeUser(answers={"address": "me@memory"}), FakeUser(answers={"address": "other@memory"})
    account = await accounts.connect("memory", me, write=True)
    assert Options.of(await accounts.sign_in_again(account, me)).write
    with pytest.raises(SignInNeeded, match="You signed in as other@memory, not as me@memory"):
        await accounts.sign_in_again(account, other)
    assert [one.name for one in await book.accounts.all()] == [account.name]
    assert Options.of(await accounts.sign_in_again(await accounts.connect("memory", me), me, write=True)).write
    assert not Options.of(await accounts.connect("memory", me)).write


async def test_another_person_cannot_take_over_a_connected_account(
    accounts: Accounts, book: Book, source: MemorySource, tmp_path: Path
) -> None:
    me = FakeUser(answers={"address": "me@memory"})
    source.person = "people/1"
    account = await accounts.connect("memory", me)
    source.person = "people/2"
    tokens = Secrets(tmp_path / "secrets").tokens(account.name)
    before = await tokens.load()
    for _ in range(2):
        with pytest.raises(SignInNeeded, match="me@memory is connected already, and it is not the account"):
            await accounts.connect("memory", me)
        with pytest.raises(SignInNeeded, match="not the account that you signed in to"):
            await accounts.sign_in_again(account, me)
    assert await tokens.load() == before
    assert await book.accounts.all() == [account]


async def test_the_same_person_under_another_address_is_the_same_account(
    accounts: Accounts, book: Book, source: MemorySource
) -> None:
    source.person = "people/1"
    account = await accounts.connect("memory", FakeUser(answers={"address": "me@memory"}))
    alias = FakeUser(answers={"address": "alias@memory"})
    assert (await accounts.connect("memory", alias)).name == account.name
    assert (await accounts.sign_in_again(account, alias)).name == account.name
    assert [one.name for one in await book.accounts.all()] == [account.name]


async def test_an_account_of_an_older_version_is_told_by_its_tokens(
    accounts: Accounts, book: Book, source: MemorySource
) -> None:
    me = FakeUser(answers={"address": "me@memory"})
    source.person = "people/1"
    account = await accounts.connect("memory", me)
    await book.accounts.update(replace(account, settings={"write": False}))
    source.person = "people/2"
    with pytest.raises(SignInNeeded, match="connected already"):
        await accounts.connect("memory", me)
    source.person = "people/1"
    assert (await accounts.connect("memory", me)).settings["person"] == "people/1"


async def test_accounts_are_due_as_the_user_chose(accounts: Accounts) -> None:
    account = await accounts.connect("memory", FakeUser(answers={"address": "me@memory"}))
    assert await accounts.due(starting=True) == []
    account = await accounts.choose(account, Options(at_start=True))
    assert [one.name for one in await accounts.due(starting=True)] == [account.name]
    assert await accounts.due() == []
    await accounts.choose(account, Options(every_minutes=15))
    assert await accounts.due() == []


@pytest.mark.parametrize("kind", [Fetching, Applying])
async def test_a_sync_that_is_stopped_leaves_the_book_as_it_was(pair: Pair, kind: type) -> None:
    for number in range(3000):
        pair.source.put(replace(BOB, name=f"N{number}", emails=(Email(f"n{number}@x.org"),)))
    pair.source.page_size = 500
    events = sync(pair.book, await pair.book.accounts.named(pair.name), pair.provider())
    async for event in events:
        if isinstance(event, kind):
            break
    await events.aclose()
    assert await pair.people() == {}
    assert (await pair.sync()).created == 3000


async def test_the_same_on_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    async with await Book.open(settings_in(tmp_path, database_url=postgresql_url)) as book:
        pair = Pair(book, await book.accounts.add("memory", "ada@memory"))
        ref = pair.source.put(ADA).remote_id
        await pair.sync()
        await pair.edit("Ada", company="Here")
        pair.source.put(replace(ADA, company="There", notes="new"), ref)
        pair.source.put(BOB)
        report = await pair.sync()
        assert (report.created, report.updated, report.conflicts) == (1, 1, 1)
        await pair.book.apply(
            settle((await pair.book.accounts.conflicts())[0], (await pair.people())["Ada"], theirs=True)
        )
        pair.source.remove(ref)
        assert (await pair.sync()).deleted == 1
        assert set(await pair.people()) == {"Bob"}
