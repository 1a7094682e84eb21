"""Google's batches: how many requests it takes, who is to blame, quotas."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coterie.core.errors import Conflict, Rejected, Unreachable
from coterie.core.model import Contact, Email
from coterie.core.provider import RemoteContact, Update
from tests.providers.contract import Failure, gathered, pull
from tests.providers.google.conftest import STARRED, GoogleRemote
from tests.providers.google.server import GoogleServer, error
from tests.providers.server import Request, Response


def person(number: int) -> Contact:
    emails = (Email(f"p{number}@example.org"),)
    return Contact(name=f"Person {number}", given_name="Person", family_name=f"{number}", emails=emails)


async def many(remote: GoogleRemote, count: int) -> list[RemoteContact]:
    remote.server.page_limit = 1000
    for number in range(count):
        await remote.add(person(number))
    return list((await pull(remote.provider)).changed.values())


def paths(server: GoogleServer) -> list[str]:
    return [f"{one.method} {one.path.removeprefix('/v1/')}" for one in server.requests]


async def test_600_stars_are_one_request(remote: GoogleRemote) -> None:
    known = await many(remote, 600)
    remote.server.requests.clear()
    updates = [Update(one, replace(one.contact, favorite=True), frozenset({"favorite"})) for one in known]
    answers = await gathered(remote.provider.update_all(updates))
    assert all(isinstance(one, RemoteContact) and one.contact.favorite for one in answers.values())
    assert paths(remote.server) == ["POST contactGroups/starred/members:modify"]
    star = remote.server.membership(STARRED)
    assert all(star in one["memberships"] for one in remote.server.people.values())


async def test_creating_updating_and_deleting_keep_to_the_limits_of_each_method(remote: GoogleRemote) -> None:
    remote.server.page_limit = 1000
    created = await gathered(remote.provider.create_all([person(number) for number in range(501)]))
    known = [one for _, one in sorted(created.items()) if isinstance(one, RemoteContact)]
    assert [one.contact.name for one in known] == [f"Person {number}" for number in range(501)]
    updates = [Update(one, replace(one.contact, company="Firm"), frozenset({"company"})) for one in known]
    updated = await gathered(remote.provider.update_all(updates))
    now = [one for _, one in sorted(updated.items()) if isinstance(one, RemoteContact)]
    assert {one.contact.company for one in now} == {"Firm"}
    assert set((await gathered(remote.provider.delete_all(now))).values()) == {None}
    assert remote.server.people == {}
    counts = {path: paths(remote.server).count(path) for path in set(paths(remote.server))}
    assert counts["POST people:batchCreateContacts"] == counts["POST people:batchUpdateContacts"] == 3
    assert (counts["POST people:batchDeleteContacts"], counts["GET people:batchGet"]) == (2, 5)


@pytest.mark.parametrize("blames", [True, False])
async def test_a_refused_contact_does_not_keep_the_others_of_its_batch(remote: GoogleRemote, blames: bool) -> None:
    remote.server.blames = blames
    known = await many(remote, 20)
    remote.server.groups.clear()
    bad = replace(known[7], raw=known[7].raw.replace("contactGroups/myContacts", "contactGroups/nowhere"))
    known[7] = bad
    fields = frozenset({"groups", "company"})
    updates = [Update(one, replace(one.contact, company="Firm"), fields) for one in known]
    answers = await gathered(remote.provider.update_all(updates))
    assert {number for number, one in answers.items() if not isinstance(one, RemoteContact)} == {7}
    assert isinstance(answers[7], Rejected)
    assert not blames or "Unknown contact group" in str(answers[7])
    assert sum("organizations" in one for one in remote.server.people.values()) == 19


async def test_a_quota_is_waited_out_in_the_middle(remote: GoogleRemote) -> None:
    remote.server.page_limit = 1000
    remote.server.quota = 2
    created = await gathered(remote.provider.create_all([person(number) for number in range(900)]))
    assert all(isinstance(one, RemoteContact) for one in created.values())
    assert len(remote.server.people) == 900
    assert remote.waits, "it did wait"


async def test_what_was_done_is_told_before_what_ends_everything(remote: GoogleRemote) -> None:
    remote.server.page_limit = 1000
    told: dict[int, object] = {}

    async def create() -> None:
        async for answers in remote.provider.create_all([person(number) for number in range(400)]):
            told.update(answers)

    await remote.provider._listed_labels(await remote.provider._connected())  # type: ignore[attr-defined]
    remote.fail(Failure.RESET, after=1)
    with pytest.raises(Unreachable):
        await create()
    assert sorted(told) == list(range(200))


async def test_leaving_the_last_group_puts_a_contact_among_all_contacts(remote: GoogleRemote) -> None:
    known = await many(remote, 3)
    label = remote.server.group("Choir")
    for one in remote.server.people.values():
        one["memberships"] = [remote.server.membership(label)]
    known = list((await pull(remote.provider)).changed.values())
    updates = [Update(one, replace(one.contact, groups=()), frozenset({"groups"})) for one in known]
    answers = await gathered(remote.provider.update_all(updates))
    assert all(isinstance(one, RemoteContact) and one.contact.groups == () for one in answers.values())
    everybody = remote.server.membership("contactGroups/myContacts")
    assert all(one["memberships"] == [everybody] for one in remote.server.people.values())


async def test_stars_join_what_others_changed_meanwhile(remote: GoogleRemote) -> None:
    known = await many(remote, 4)
    await remote.change(known[0].remote_id, replace(known[0].contact, company="Theirs"))
    await remote.remove(known[1].remote_id)
    updates = [Update(one, replace(one.contact, favorite=True), frozenset({"favorite"})) for one in known]
    answers = await gathered(remote.provider.update_all(updates))
    assert isinstance(answers[1], Conflict)
    first = (await pull(remote.provider)).changed[known[0].remote_id].contact
    assert (first.company, first.favorite) == ("Theirs", True)


async def test_an_account_that_is_full_takes_what_it_has_room_for_and_is_not_asked_about_each(
    remote: GoogleRemote,
) -> None:
    def full(request: Request) -> Response | None:
        count = len(request.json["contacts"]) if request.path.endswith(":batchCreateContacts") else 0
        if not count or len(remote.server.people) + count <= 50:
            return None
        return error(400, "INVALID_ARGUMENT", "Too many contacts.", "MY_CONTACTS_OVERFLOW_COUNT")

    remote.server.before = full
    answers = await gathered(remote.provider.create_all([person(number) for number in range(200)]))
    assert [number for number, one in sorted(answers.items()) if isinstance(one, RemoteContact)] == list(range(50))
    assert {str(one) for one in answers.values() if isinstance(one, Rejected)} == {
        "The Google account is full: it cannot hold more contacts. Delete some there first."
    }
    assert len([one for one in paths(remote.server) if "batchCreate" in one]) < 20
