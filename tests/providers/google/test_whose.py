"""A book and a Google account through the sync engine: people stay apart, labels, merges, and what comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coterie.core.book import Book
from coterie.core.changes import CreateGroup, DeleteGroup, Edit, MergeGroup, RenameGroup
from tests.providers.google.conftest import GoogleRemote
from tests.providers.google.server import GoogleServer, Json
from tests.providers.server import Request
from tests.providers.with_book import Synced

EVENT = {"date": {"year": 2001, "month": 2, "day": 3}, "type": "anniversary"}
RELATION = {"person": "Lord Byron", "type": "father"}
INTEREST = {"value": "Engines"}


def person(name: str, **fields: object) -> Json:
    return {
        "names": [{"displayName": name, "givenName": name}],
        "emailAddresses": [{"value": "office@example.org"}],
        **fields,
    }


@pytest.fixture
async def google(book: Book, remote: GoogleRemote) -> Synced:
    return await Synced.of(book, remote.provider)


def written(server: GoogleServer) -> list[str]:
    return [f"{one.method} {one.path}" for one in server.requests if one.method != "GET" and "/people" in one.path]


async def test_three_people_of_one_office(google: Synced, server: GoogleServer) -> None:
    for name in ("Ann", "Ben", "Cleo"):
        server.put(person(name))
    await google.sync()
    await google.edit("Ann", company="Looms")
    await google.delete("Ben")
    await google.sync()
    there = {one["names"][0]["displayName"]: one.get("organizations") for one in server.people.values()}
    assert there == {"Ann": [{"name": "Looms"}], "Cleo": None}


async def test_a_label_is_renamed_and_deleted_for_all_its_members_at_once(google: Synced, server: GoogleServer) -> None:
    label = server.group("Choir")
    for number in range(7):
        server.put(person(f"P{number}", memberships=[server.membership(label)]))
    await google.sync()
    server.requests.clear()
    await google.apply(RenameGroup(await google.group("Choir"), "Chorus"))
    report = await google.sync()
    assert (report.sent_groups, report.sent_updated, report.refused) == (1, 0, [])
    assert server.groups == {label: "Chorus"}
    assert written(server) == []
    report = await google.sync()
    assert (report.sent_updated, report.updated) == (0, 0)
    assert {one.groups for one in (await google.people()).values()} == {("Chorus",)}
    await google.apply(DeleteGroup(await google.group("Chorus")))
    report = await google.sync()
    assert (report.sent_groups, report.sent_updated, server.groups) == (1, 0, {})
    await google.sync()
    assert written(server) == []
    assert {one.groups for one in (await google.people()).values()} == {()}
    assert len(server.people) == 7


async def test_merged_labels_are_one_there_and_two_after_an_undo(google: Synced, server: GoogleServer) -> None:
    choir, chorus = server.group("Choir"), server.group("Chorus")
    server.put(person("Ann", memberships=[server.membership(choir)]))
    server.put(person("Bob", memberships=[server.membership(choir), server.membership(chorus)]))
    await google.sync()
    await google.apply(MergeGroup(await google.group("Choir"), await google.group("Chorus")))
    report = await google.sync()
    assert (report.sent_groups, report.refused, server.groups) == (1, [], {chorus: "Chorus"})
    assert all(server.membership(chorus) in one["memberships"] for one in server.people.values())
    assert (await google.sync()).sent_updated == 0
    await google.book.history.undo()
    await google.sync()
    assert {name: one.groups for name, one in (await google.people()).items()} == {
        "Ann": ("Choir",),
        "Bob": ("Choir", "Chorus"),
    }
    assert sorted(server.groups.values()) == ["Choir", "Chorus"]


async def test_an_empty_group_is_created_where_new_contacts_go(google: Synced, server: GoogleServer) -> None:
    server.put(person("Ann"))
    await google.sync()
    await google.apply(CreateGroup("Here"))
    await google.sync()
    assert server.groups == {}
    account = await google.book.accounts.named(google.name)
    since = {"new_contacts_since": "2000-01-01T00:00:00+00:00"}
    await google.book.accounts.update(replace(account, settings={**account.settings, **since}))
    await google.apply(CreateGroup("There"))
    assert (await google.sync()).sent_groups == 1
    assert list(server.groups.values()) == ["There"]
    assert (await google.sync()).sent_groups == 0


async def test_a_label_whose_new_name_is_taken_there_goes_contact_by_contact(
    google: Synced, server: GoogleServer
) -> None:
    choir, chorus = server.group("Choir"), server.group("Chorus")
    server.put(person("Ann", memberships=[server.membership(choir)]))
    await google.sync()
    await google.apply(RenameGroup(await google.group("Choir"), "Chorus"))
    report = await google.sync()
    assert ([one.name for one in report.refused], report.sent_updated) == (["Chorus"], 1)
    [ann] = server.people.values()
    assert server.membership(chorus) in ann["memberships"]
    assert server.membership(choir) not in ann["memberships"]


async def test_a_merge_keeps_what_no_field_shows_of_both_and_undo_brings_it_back(
    google: Synced, server: GoogleServer
) -> None:
    first = server.put(person("Ada", events=[EVENT], interests=[INTEREST]))
    second = server.put(person("Ada King", relations=[RELATION], interests=[INTEREST], phoneNumbers=[{"value": "1"}]))
    await google.sync()
    await google.merge("Ada", "Ada King")
    report = await google.sync()
    assert (report.sent_merged, report.refused) == (1, [])
    assert server.people.keys() == {first}
    kept = server.people[first]
    assert (kept["events"], kept["relations"], kept["interests"]) == ([EVENT], [RELATION], [INTEREST])
    assert [one["value"] for one in kept["phoneNumbers"]] == ["1"]
    while len(await google.people()) < 2:
        await google.book.history.undo()
    report = await google.sync()
    assert (report.sent_again, report.refused) == (1, [])
    [again] = server.people.keys() - {first}
    assert again != second
    assert server.people[again]["relations"] == [RELATION]
    assert "phoneNumbers" not in {key for key, value in server.people[first].items() if value}


async def test_a_merge_keeps_the_record_that_has_a_picture(google: Synced, server: GoogleServer) -> None:
    drawn = {"url": "https://lh3.example/a", "default": True}
    server.put(person("Ada", photos=[drawn]))
    second = server.put(person("Ada King", photos=[{"url": "https://lh3.example/b"}]))
    await google.sync()
    await google.merge("Ada", "Ada King")
    report = await google.sync()
    assert (report.sent_merged, report.refused) == (1, [])
    assert server.people.keys() == {second}
    assert server.people[second]["names"][0].get("unstructuredName", "") in {"Ada", ""}


async def test_what_changed_there_is_read_again_and_sent_in_batches(google: Synced, server: GoogleServer) -> None:
    server.page_limit = 1000
    for number in range(300):
        server.put(person(f"N{number}"))
    await google.sync()
    people = await google.people()
    await google.apply(*(Edit(one.id or 0, {"company": "Firm"}) for one in people.values()))
    late: list[str] = []

    def meanwhile(request: Request) -> None:
        if request.path.endswith(":batchUpdateContacts") and not late:
            late.extend(server.people)
            for name in late:
                server.put({**server.people[name], "nicknames": [{"value": "theirs"}]}, name)

    server.before = meanwhile
    server.requests.clear()
    report = await google.sync()
    assert (report.sent_updated, report.refused) == (300, [])
    assert len(server.requests) < 20
    for one in server.people.values():
        assert (one["organizations"][0]["name"], one["nicknames"][0]["value"]) == ("Firm", "theirs")
    assert {one.nickname for one in (await google.people()).values()} == {"theirs"}


async def test_what_is_restored_is_created_again_with_all_that_it_held(google: Synced, server: GoogleServer) -> None:
    server.put(person("Ada", events=[EVENT], emailAddresses=[{"value": "ada@example.org", "displayName": "A. L."}]))
    server.put(person("Bob"))
    await google.sync()
    await google.delete("Ada")
    await google.sync()
    assert len(server.people) == 1
    await google.restore()
    report = await google.sync()
    assert (report.sent_again, report.sentence) == (1, "Synced google:ada@example.org: 1 created there again.")
    [ada] = [one for one in server.people.values() if one["names"][0].get("givenName") == "Ada"]
    assert (ada["events"], ada["emailAddresses"][0]["displayName"]) == ([EVENT], "A. L.")
    report = await google.sync()
    assert (report.created, report.sent_again, report.sent_updated) == (0, 0, 0)
