from __future__ import annotations

import json
from dataclasses import replace

import pytest

from coterie.core.errors import Conflict, CursorExpired, PermissionMissing, Rejected
from coterie.core.provider import Setup
from coterie.providers.google.client import client_file
from coterie.providers.google.cursor import PAGE
from coterie.providers.google.mapping import PERSON_FIELDS
from coterie.providers.google.provider import GoogleProvider
from coterie.providers.google.tokens import Permission
from tests.providers.contract import ADA, PEOPLE, Failure, pull
from tests.providers.google.conftest import GoogleRemote
from tests.providers.google.server import READ, GoogleServer
from tests.providers.prompter import MemoryTokens
from tests.providers.server import Request, Response


def paths(server: GoogleServer) -> list[str]:
    return [request.path for request in server.requests]


async def test_a_quiet_sync_is_one_request_for_the_people_and_one_for_the_labels(
    remote: GoogleRemote, server: GoogleServer
) -> None:
    await remote.add(ADA)
    cursor = (await pull(remote.provider)).cursor
    server.page_limit = 1000
    server.requests.clear()
    await pull(remote.provider, cursor)
    assert paths(server) == ["/v1/contactGroups", "/v1/people/me/connections"]


async def test_every_page_asks_with_the_same_parameters(remote: GoogleRemote, server: GoogleServer) -> None:
    for person in PEOPLE:
        await remote.add(person)
    await pull(remote.provider)
    asked = [one.query for one in server.requests if one.path.endswith("connections")]
    assert len(asked) == 3
    assert {(one["personFields"], one["pageSize"], one["requestSyncToken"]) for one in asked} == {
        (PERSON_FIELDS, str(PAGE), "true")
    }
    assert all(one.headers["authorization"].startswith("Bearer ya29.") for one in server.requests)


async def test_a_cursor_of_another_mask_or_version_has_expired(remote: GoogleRemote) -> None:
    cursor = (await pull(remote.provider)).cursor
    for other in (json.dumps({**json.loads(cursor), "mask": "another"}), "CAAQ", "[]"):
        with pytest.raises(CursorExpired):
            await pull(remote.provider, other)


async def test_a_malformed_sync_token_is_a_plain_400_and_means_a_full_sync(remote: GoogleRemote) -> None:
    cursor = json.loads((await pull(remote.provider)).cursor)
    with pytest.raises(CursorExpired):
        await pull(remote.provider, json.dumps({**cursor, "token": "nonsense"}))


async def test_a_new_resource_name_tells_the_old_one(remote: GoogleRemote, server: GoogleServer) -> None:
    old = await remote.add(ADA)
    cursor = (await pull(remote.provider)).cursor
    new = server.rename_person(old)
    increment = await pull(remote.provider, cursor)
    assert increment.changed[new].previous_ids == (old,)
    server.remove(new)
    server.previous.clear()
    assert new in (await pull(remote.provider, increment.cursor)).deleted


async def test_renaming_a_label_brings_its_members(remote: GoogleRemote, server: GoogleServer) -> None:
    members = [await remote.add(replace(person, groups=("Choir",))) for person in PEOPLE[:4]]
    await remote.add(PEOPLE[4])
    cursor = (await pull(remote.provider)).cursor
    server.groups[server.group("Choir")] = "Ensemble"
    await remote.change(members[0], replace(PEOPLE[0], groups=("Ensemble",), company="New"))
    increment = await pull(remote.provider, cursor)
    assert {one: found.contact.groups for one, found in increment.changed.items()} == dict.fromkeys(
        members, ("Ensemble",)
    )
    assert sum(len(page.changed) for page in increment.pages) == 4, "nobody comes twice"
    assert not (await pull(remote.provider, increment.cursor)).changed


async def test_a_label_made_while_we_read_has_its_name(remote: GoogleRemote, server: GoogleServer) -> None:
    respond = server.respond

    def late(request: Request) -> Response:
        answer = respond(request)
        if request.path == "/v1/contactGroups" and not server.groups:
            server.put({"names": [{"givenName": "Late"}], "memberships": [server.membership(server.group("Fresh"))]})
        return answer

    server.respond = late  # type: ignore[method-assign]
    (late_one,) = (await pull(remote.provider)).changed.values()
    assert late_one.contact.groups == ("Fresh",)


async def test_old_system_groups_are_labels_and_my_contacts_is_none(remote: GoogleRemote, server: GoogleServer) -> None:
    names = ("myContacts", "starred", "friends")
    server.put({"memberships": [server.membership(f"contactGroups/{name}") for name in names]})
    (one,) = (await pull(remote.provider)).changed.values()
    assert (one.contact.groups, one.contact.favorite) == (("Friends",), True)


async def test_one_bad_person_is_put_aside(remote: GoogleRemote, server: GoogleServer) -> None:
    await remote.add(ADA)
    server.put({"names": ["Bob"]}, "people/bad")
    server.person = _undecorated(server)  # type: ignore[method-assign]
    first = await pull(remote.provider)
    assert first.names == {"Ada Lovelace"}
    (bad,) = [one for page in first.pages for one in page.unreadable]
    assert bad.remote_id == "people/bad"
    assert bad.reason
    assert json.loads(bad.raw)["names"] == ["Bob"]


def _undecorated(server: GoogleServer):  # type: ignore[no-untyped-def]
    person = type(server).person

    def show(resource: str, mask: str) -> dict[str, object]:
        if resource == "people/bad":
            return {"resourceName": resource, **server.people[resource]}
        return person(server, resource, mask)

    return show


# Writing --------------------------------------------------------------------------------------------------------------


async def test_an_update_keeps_what_only_google_knows(remote: GoogleRemote, server: GoogleServer) -> None:
    resource = server.put(
        {
            "names": [{"givenName": "Ada", "phoneticGivenName": "AY-da"}],
            "emailAddresses": [{"value": "a@example.org", "displayName": "The Countess", "type": "home"}],
            "organizations": [{"name": "Old", "symbol": "OLD"}, {"name": "Second"}],
            "relations": [{"person": "Byron", "type": "father"}],
            "memberships": [server.membership("contactGroups/myContacts")],
        }
    )
    known = (await pull(remote.provider)).changed[resource]
    wanted = replace(known.contact, company="New", family_name="L", emails=(*known.contact.emails, *ADA.emails))
    await remote.provider.update(known, wanted, {"company", "family_name", "emails"})
    request = server.requests[-1]
    assert set(request.query["updatePersonFields"].split(",")) == {"names", "emailAddresses", "organizations"}
    person = server.people[resource]
    assert person["organizations"] == [{"name": "New", "symbol": "OLD"}, {"name": "Second"}]
    assert person["names"][0]["phoneticGivenName"] == "AY-da"
    assert person["names"][0]["familyName"] == "L"
    assert person["emailAddresses"][0]["displayName"] == "The Countess"
    assert len(person["emailAddresses"]) == 3
    assert person["relations"] == [{"person": "Byron", "type": "father"}]
    assert person["memberships"] == [server.membership("contactGroups/myContacts")]


async def test_groups_are_made_where_they_are_missing_and_found_however_spelled(
    remote: GoogleRemote, server: GoogleServer
) -> None:
    server.group("Choir")
    resource = await remote.add(replace(ADA, favorite=True))
    known = (await pull(remote.provider)).changed[resource]
    wanted = replace(known.contact, groups=("choir", "New one"))
    updated = await remote.provider.update(known, wanted, {"groups"})
    assert updated.contact.groups == ("Choir", "New one")
    assert updated.contact.favorite
    assert [name for name in server.groups.values() if name.casefold() == "choir"] == ["Choir"]
    cleared = await remote.provider.update(
        updated, replace(updated.contact, groups=(), favorite=False), {"groups", "favorite"}
    )
    assert (cleared.contact.groups, cleared.contact.favorite) == ((), False)
    assert server.people[resource]["memberships"] == [server.membership("contactGroups/myContacts")]


async def test_a_label_that_somebody_else_has_just_made_is_taken(remote: GoogleRemote, server: GoogleServer) -> None:
    await pull(remote.provider)
    server.group("Choir")
    created = await remote.provider.create(replace(ADA, groups=("Choir",)))
    assert created.contact.groups == ("Choir",)


async def test_a_name_that_google_keeps_for_itself_is_refused(remote: GoogleRemote, server: GoogleServer) -> None:
    with pytest.raises(Rejected, match="starred"):
        await remote.provider.create(replace(ADA, groups=("starred",)))
    assert not server.people


async def test_a_lost_answer_to_an_update_is_found_out_by_the_etag(remote: GoogleRemote, server: GoogleServer) -> None:
    resource = await remote.add(ADA)
    known = (await pull(remote.provider)).changed[resource]
    server.fail(Failure.RESET, 1)
    with pytest.raises(Conflict):
        await remote.provider.update(known, replace(known.contact, company="Ours"), {"company"})
    now = await remote.provider.read(resource)
    assert now is not None
    assert now.contact.company == "Ours"


async def test_updating_what_is_gone_is_a_conflict(remote: GoogleRemote) -> None:
    resource = await remote.add(ADA)
    known = (await pull(remote.provider)).changed[resource]
    await remote.remove(resource)
    with pytest.raises(Conflict, match="deleted"):
        await remote.provider.update(known, known.contact, {"company"})


async def test_without_the_wide_scope_nothing_is_sent(server: GoogleServer, setup: Setup) -> None:
    refresh, access = server.grant(READ)
    text = Permission(client_file(setup.settings["client_secrets"]), refresh, access, (READ,)).to_text()
    google = GoogleProvider(replace(setup, tokens=MemoryTokens(text)))
    with pytest.raises(PermissionMissing):
        await google.create(ADA)
    assert server.requests == []


@pytest.mark.parametrize("ending", ["", "/", "/v1", "/v1/"])
async def test_the_end_point_may_be_written_with_its_version(remote: GoogleRemote, ending: str) -> None:
    remote.provider.setup = replace(
        remote.provider.setup, settings={**remote.provider.setup.settings, "endpoint": remote.server.url + ending}
    )
    await remote.add(ADA)
    assert (await pull(remote.provider)).names == {"Ada Lovelace"}
