"""What a source said, what the user did and what is shown are three things: nothing goes where nobody put it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coterie.core.book import Book
from coterie.core.bulk.merging import merge_plan
from coterie.core.changes import AddToGroup, Create, DeleteGroup, MergeGroup, Plan, RenameGroup, Restore
from coterie.core.checks import Checks
from coterie.core.listing import Listing, View
from coterie.core.model import GONE, Contact, Email, Phone
from coterie.core.sync.settling import settle
from tests.core.sync.test_sync import ADA, BOB, Pair

OFFICE = Email("office@example.org")


@pytest.fixture
async def home(book: Book) -> Pair:
    pair = Pair(book, await book.accounts.add("memory", "home@memory"))
    await pair.write_back()
    return pair


@pytest.fixture
async def work(book: Book) -> Pair:
    pair = Pair(book, await book.accounts.add("memory", "work@memory"))
    await pair.write_back()
    return pair


def there(pair: Pair) -> list[Contact]:
    return [one.contact for one in pair.source.contacts.values()]


async def settle_down(*pairs: Pair) -> None:
    for _ in range(3):
        for pair in pairs:
            await pair.sync(yes=True)


# Identity -------------------------------------------------------------------------------------------------------------


async def test_three_people_of_one_office_are_three_contacts(home: Pair) -> None:
    for name in ("Ann", "Ben", "Cleo"):
        home.source.put(Contact(name=name, emails=(OFFICE,)))
    await home.sync()
    assert set(await home.people()) == {"Ann", "Ben", "Cleo"}
    await home.edit("Ann", company="Anna's")
    await home.delete("Ben")
    await home.sync()
    assert sorted((one.name, one.company) for one in there(home)) == [("Ann", "Anna's"), ("Cleo", "")]


async def test_even_the_same_contact_twice_in_an_account_is_two(home: Pair) -> None:
    for _ in range(2):
        home.source.put(ADA)
    await home.sync()
    assert await home.book.lists.count(Listing()) == 2
    home.source.expire_cursors()
    await home.sync()
    assert await home.book.lists.count(Listing()) == 2


@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        (ADA, True),
        (replace(ADA, name="Ada King"), True),
        (replace(ADA, name="Bob"), False),
        (replace(ADA, name="", company="Mills"), False),
        (replace(ADA, emails=(Email("other@example.org"),)), False),
        (replace(ADA, name="Somebody else", emails=(), custom={"UID": "u-1"}), True),
    ],
)
async def test_two_accounts_share_a_contact_where_name_and_address_or_uid_agree(
    home: Pair, work: Pair, other: Contact, is_one: bool
) -> None:
    home.source.put(replace(ADA, custom={"UID": "u-1"}))
    await home.sync()
    work.source.put(other)
    await work.sync()
    assert await home.book.lists.count(Listing()) == (1 if is_one else 2)


async def test_a_name_that_fits_several_people_is_linked_with_none(home: Pair, work: Pair) -> None:
    for name in ("John Smith", "Jane Smith"):
        home.source.put(Contact(name=name, emails=(OFFICE,)))
    await home.sync()
    work.source.put(Contact(name="J. Smith", emails=(OFFICE,)))
    work.source.put(Contact(name="Jane Smith", emails=(OFFICE,)))
    await work.sync()
    sources = {one.name: len(one.sources) for one in (await home.people()).values()}
    assert sources == {"John Smith": 1, "Jane Smith": 2, "J. Smith": 1}


# No leaks -------------------------------------------------------------------------------------------------------------


async def test_a_second_account_changes_nothing_in_the_first(home: Pair, work: Pair) -> None:
    home.source.put(ADA)
    await home.sync()
    private = replace(
        ADA, name="Ada King", notes="private", favorite=True, groups=("Secret",), phones=(Phone("1"),), company="Work",
        job_title="Boss", emails=(*ADA.emails, Email("ada@work.example")), custom={"Pet": "cat"},
    )  # fmt: skip
    work.source.put(private)
    await work.sync()
    assert await home.book.lists.count(Listing()) == 1
    await settle_down(home, work)
    assert there(home) == [ADA]
    assert there(work) == [private]
    [shown] = (await home.people()).values()
    assert (shown.notes, shown.favorite, shown.company) == ("private", True, "Engines")
    assert (shown.custom["Company (2)"], set(shown.groups)) == ("Work", {"Choir", "Secret"})


async def test_what_one_account_changes_or_takes_away_stays_in_the_other(home: Pair, work: Pair) -> None:
    both = replace(ADA, phones=(Phone("1"), Phone("2")), notes="note")
    home.source.put(both)
    ref = work.source.put(both).remote_id
    await settle_down(home, work)
    work.source.put(replace(ADA, company="Looms", phones=(Phone("2", "work"), Phone("3"))), ref)
    await settle_down(work, home)
    assert there(home) == [both]
    [shown] = (await home.people()).values()
    assert (shown.company, shown.notes) == ("Looms", "")


async def test_what_the_user_adds_goes_to_both_and_what_he_edits_to_where_it_came_from(home: Pair, work: Pair) -> None:
    home.source.put(replace(ADA, notes="home note"))
    work.source.put(replace(ADA, phones=(Phone("1"),)))
    await settle_down(home, work)
    await home.edit("Ada", notes="home note!", phones=(Phone("1", "mobile"), Phone("7")), job_title="Countess")
    await settle_down(work, home)
    [at_home], [at_work] = there(home), there(work)
    assert (at_home.notes, at_work.notes) == ("home note!", "")
    assert (at_home.phones, set(at_work.phones)) == ((Phone("7"),), {Phone("1", "mobile"), Phone("7")})
    assert at_home.job_title == at_work.job_title == "Countess"


async def test_notes_of_two_accounts_stand_beside_each_other(home: Pair, work: Pair) -> None:
    home.source.put(replace(ADA, notes="at home"))
    ref = work.source.put(replace(ADA, notes="at work")).remote_id
    await settle_down(home, work)
    await home.edit("Ada", notes="at home, edited")
    work.source.put(replace(ADA, notes="at work, edited"), ref)
    await settle_down(work, home)
    assert ([one.notes for one in there(home)], [one.notes for one in there(work)]) == (
        ["at home, edited"], ["at work, edited"],
    )  # fmt: skip
    [shown] = (await home.people()).values()
    assert (shown.notes, shown.custom) == ("at home, edited", {"Notes (2)": "at work, edited"})
    assert await home.book.accounts.conflicts() == []


async def test_an_undone_sync_of_one_account_sends_nothing_to_the_other(home: Pair, work: Pair) -> None:
    home.source.put(replace(ADA, company="Home"))
    ref = work.source.put(replace(ADA, company="Work")).remote_id
    await settle_down(home, work)
    work.source.put(replace(ADA, company="Work 2", phones=(Phone("1"),)), ref)
    await work.sync()
    await work.book.history.undo()
    await settle_down(home, work)
    assert there(home) == [replace(ADA, company="Home")]


async def test_merging_across_accounts_sends_nothing_across_and_undo_neither(home: Pair, work: Pair) -> None:
    home.source.put(ADA)
    work.source.put(replace(BOB, notes="private", groups=("Secret",)))
    await settle_down(home, work)
    people = await home.people()
    await home.book.apply(merge_plan([people["Ada"], people["Bob"]]))
    await settle_down(home, work)
    assert there(home) == [ADA]
    assert there(work) == [replace(BOB, notes="private", groups=("Secret",))]
    await home.book.history.undo()
    await settle_down(home, work)
    assert there(home) == [ADA]
    assert there(work) == [replace(BOB, notes="private", groups=("Secret",))]
    assert set(await home.people()) == {"Ada", "Bob"}


async def test_what_a_disconnected_account_gave_is_no_new_contact_for_another(home: Pair, work: Pair) -> None:
    await home.write_back(new_contacts_since="2000-01-01T00:00:00+00:00")
    work.source.put(ADA)
    await work.sync()
    await work.book.accounts.remove(await work.book.accounts.named(work.name))
    await home.book.apply(Plan("add", "Add", [Create(BOB)]))
    await home.sync()
    assert there(home) == [BOB]


async def test_what_a_disconnected_account_gave_is_not_sent_until_it_is_edited(home: Pair, work: Pair) -> None:
    home.source.put(ADA)
    work.source.put(replace(ADA, notes="private", phones=(Phone("1"),)))
    await settle_down(home, work)
    await work.book.accounts.remove(await work.book.accounts.named(work.name))
    await settle_down(home)
    assert there(home) == [ADA]
    await home.edit("Ada", notes="no secret any more")
    await settle_down(home)
    assert there(home) == [replace(ADA, notes="no secret any more")]


async def test_what_the_user_puts_into_a_linked_contact_goes_to_both(home: Pair, work: Pair) -> None:
    for pair in (home, work):
        pair.source.put(ADA)
    await settle_down(home, work)
    await home.edit("Ada", emails=(*ADA.emails, Email("new@example.org")), groups=("Choir", "Board"))
    await settle_down(home, work)
    for pair in (home, work):
        [one] = there(pair)
        assert ([email.address for email in one.emails], set(one.groups)) == (
            ["ada@example.org", "new@example.org"], {"Choir", "Board"},
        )  # fmt: skip


# Merging and splitting ------------------------------------------------------------------------------------------------


async def test_a_merge_is_made_there_and_its_undo_makes_two_again(home: Pair) -> None:
    other = replace(ADA, name="Ada King", emails=(Email("king@example.org"),), phones=(Phone("1"),), groups=("Board",))
    for one in (ADA, other):
        home.source.put(one)
    await home.sync()
    people = await home.people()
    await home.book.apply(merge_plan([people["Ada"], people["Ada King"]]))
    report = await home.sync()
    assert (report.sent_merged, report.refused) == (1, [])
    [one] = there(home)
    assert ([email.address for email in one.emails], one.phones, set(one.groups)) == (
        ["ada@example.org", "king@example.org"], (Phone("1"),), {"Choir", "Board"},
    )  # fmt: skip
    await home.book.history.undo()
    while len(await home.people()) < 2:
        await home.book.history.undo()
    report = await home.sync()
    assert report.sent_again == 1
    assert "1 created there again" in report.sentence
    assert sorted(there(home), key=lambda one: one.name) == [ADA, other]
    assert (await home.sync()).sent_updated == 0


# Undo reaches the server ----------------------------------------------------------------------------------------------


async def test_what_is_restored_after_its_deletion_was_sent_is_created_there_again(home: Pair) -> None:
    home.source.put(ADA)
    home.source.put(BOB)
    await home.sync()
    await home.delete("Ada")
    assert (await home.sync()).sent_deleted == 1
    await home.book.apply(Plan("restore", "Restore", [Restore(Listing(View.BIN))]))
    report = await home.sync()
    assert (report.sent_again, report.sent_created) == (1, 0)
    assert sorted(there(home), key=lambda one: one.name) == [ADA, BOB]
    await settle_down(home)
    assert len(await home.people()) == 2
    assert [len(one.sources) for one in (await home.people()).values()] == [1, 1]


async def test_what_was_made_there_goes_when_its_creation_is_undone(home: Pair) -> None:
    await home.write_back(new_contacts_since="2000-01-01T00:00:00+00:00")
    home.source.put(BOB)
    await home.sync()
    await home.book.apply(Plan("add", "Add", [Create(ADA)]))
    await home.sync()
    assert len(there(home)) == 2
    undone = {"Ada"}
    while undone & (await home.people()).keys():
        await home.book.history.undo()
    await settle_down(home)
    assert "Ada" not in [one.name for one in there(home)]


async def test_after_the_undo_of_a_first_sync_the_rest_can_be_brought_back(home: Pair) -> None:
    ref = home.source.put(ADA).remote_id
    home.source.put(BOB)
    await home.sync()
    await home.book.history.undo()
    home.source.put(replace(ADA, company="Looms"), ref)
    report = await home.sync()
    assert (report.left_out, report.sent_deleted) == (2, 0)
    assert "2 left out" in report.sentence
    left_out = await home.book.accounts.left_out(await home.book.accounts.named(home.name))
    await home.book.apply(Plan("restore", "Bring back", [Restore(left_out)]))
    report = await home.sync()
    assert (report.left_out, report.sent_updated) == (0, 0)
    assert {one.name: one.company for one in (await home.people()).values()} == {"Ada": "Looms", "Bob": ""}
    assert len(there(home)) == 2


@pytest.mark.parametrize("theirs", [True, False])
async def test_deleted_there_and_edited_here_is_a_conflict(home: Pair, theirs: bool) -> None:
    ref = home.source.put(ADA).remote_id
    home.source.put(BOB)
    await home.sync()
    await home.edit("Ada", company="Looms")
    home.source.remove(ref)
    report = await home.sync()
    assert (report.deleted, report.conflicts) == (0, 1)
    [conflict] = await home.book.accounts.conflicts()
    assert (conflict.field, conflict.ours, conflict.theirs) == (GONE, "changed: Company", "deleted")
    await home.sync()
    assert [one.name for one in there(home)] == ["Bob"]
    await home.book.apply(settle(conflict, (await home.people())["Ada"], theirs=theirs))
    await home.sync()
    assert await home.book.accounts.conflicts() == []
    assert sorted(one.name for one in there(home)) == (["Bob"] if theirs else ["Ada", "Bob"])
    assert sorted(await home.people()) == (["Bob"] if theirs else ["Ada", "Bob"])


# Groups ---------------------------------------------------------------------------------------------------------------


async def group_id(pair: Pair, name: str) -> int:
    return next(one.id for one in await pair.book.groups.all() if one.name == name)


async def test_a_renamed_group_goes_only_to_those_who_have_it(home: Pair, work: Pair) -> None:
    home.source.put(ADA)
    work.source.put(replace(ADA, groups=()))
    await settle_down(home, work)
    await home.book.apply(Plan("group", "Rename", [RenameGroup(await group_id(home, "Choir"), "Chorus")]))
    await settle_down(work, home)
    assert [one.groups for one in there(home)] == [("Chorus",)]
    assert [one.groups for one in there(work)] == [()]
    await home.book.apply(Plan("group", "Delete", [DeleteGroup(await group_id(home, "Chorus"))]))
    await settle_down(work, home)
    assert [one.groups for one in there(home)] == [()]


@pytest.mark.parametrize("is_undone", [False, True])
async def test_merged_groups_are_one_there_too(home: Pair, is_undone: bool) -> None:
    home.source.put(ADA)
    home.source.put(replace(BOB, groups=("Chorus",)))
    await settle_down(home)
    change = MergeGroup(await group_id(home, "Chorus"), await group_id(home, "Choir"))
    await home.book.apply(Plan("group", "Merge", [change]))
    await settle_down(home)
    assert [one.groups for one in there(home)] == [("Choir",), ("Choir",)]
    if is_undone:
        await home.book.history.undo()
        await settle_down(home)
        assert [one.groups for one in there(home)] == [("Choir",), ("Chorus",)]


async def test_a_merged_group_goes_only_to_those_who_have_it(home: Pair, work: Pair) -> None:
    """Ada's group is known at home alone; Bob joins the other one by the user's hand, before the merge."""
    home.source.put(ADA)
    home.source.put(replace(BOB, groups=("Choir",)))
    work.source.put(replace(ADA, groups=()))
    work.source.put(replace(BOB, groups=()))
    await settle_down(home, work)
    bob = (await home.people())["Bob"].id or 0
    await home.book.apply(Plan("group", "Add", [AddToGroup(Checks.of([bob]), "Board")]))
    change = MergeGroup(await group_id(home, "Choir"), await group_id(home, "Board"))
    await home.book.apply(Plan("group", "Merge", [change]))
    await settle_down(work, home)
    assert [one.groups for one in there(home)] == [("Board",), ("Board",)]
    assert [one.groups for one in there(work)] == [(), ("Board",)]


async def test_a_group_of_the_users_goes_to_both(home: Pair, work: Pair) -> None:
    for pair in (home, work):
        pair.source.put(replace(ADA, groups=()))
    await settle_down(home, work)
    ada = (await home.people())["Ada"]
    await home.book.apply(Plan("group", "Add", [AddToGroup(Checks.of([ada.id or 0]), "Board")]))
    await settle_down(home, work)
    assert [one.groups for one in (*there(home), *there(work))] == [("Board",), ("Board",)]


async def test_a_contact_that_moves_there_keeps_what_the_user_did(home: Pair) -> None:
    """A card that is moved to another address book goes under one id, and comes under another."""
    ref = home.source.put(ADA).remote_id
    home.source.put(BOB)
    await home.sync()
    await home.edit("Ada", company="Looms", favorite=True)
    home.source.remove(ref)
    home.source.put(replace(ADA, job_title="Countess"), "memory/elsewhere")
    report = await home.sync()
    assert (report.created, report.deleted, report.conflicts) == (0, 0, 0)
    assert there(home) == [BOB, replace(ADA, company="Looms", job_title="Countess", favorite=True)]
    assert await home.book.lists.count(Listing(View.BIN)) == 0


async def test_what_another_account_says_of_a_restored_contact_does_not_go_where_it_is_created_again(
    home: Pair, work: Pair
) -> None:
    home.source.put(replace(ADA, company=""))
    await home.sync()
    await home.delete(ADA.name)
    await home.sync()
    assert there(home) == []
    work.source.put(replace(ADA, company="Work"))
    await home.book.history.undo()
    await settle_down(work, home)
    assert [one.company for one in there(home)] == [""]


async def test_a_contact_that_takes_in_what_an_account_once_had_takes_it_nowhere(home: Pair, work: Pair) -> None:
    await work.write_back(new_contacts_since="2000-01-01T00:00:00+00:00")
    await home.book.apply(Plan("add", "Add", [Create(replace(ADA, company="Mine"))]))
    await work.sync()
    home.source.put(replace(BOB, company="Home"))
    await home.sync()
    home.source.remove(next(iter(home.source.contacts)))
    await home.sync(yes=True)
    await home.book.history.undo()
    people = await home.people()
    await home.book.apply(merge_plan([people[ADA.name], people[BOB.name]], people[ADA.name]))
    await settle_down(work, home)
    assert [one.company for one in there(work)] == ["Mine"]
    assert not [one for one in there(work) if "Home" in (one.company, *one.custom.values())]
