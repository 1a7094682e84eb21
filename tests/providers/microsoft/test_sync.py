from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import unquote

import pytest

from coterie.core.errors import (
    BadReply,
    CursorExpired,
    NotEnabled,
    PermissionMissing,
    RateLimited,
    Unreachable,
)
from coterie.core.provider import ChangePage
from coterie.providers.microsoft.mapping import PROPERTIES
from coterie.providers.microsoft.provider import MicrosoftProvider
from tests.providers.contract import ADA, PEOPLE, collect, pull
from tests.providers.microsoft.conftest import MicrosoftRemote
from tests.providers.microsoft.server import MicrosoftServer, graph_error
from tests.providers.server import Request, Response

GRACE = {"displayName": "Grace"}


# Folders --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lists_default", [True, False])
async def test_every_folder_comes_with_all_that_are_inside(
    remote: MicrosoftRemote, server: MicrosoftServer, lists_default: bool
) -> None:
    server.lists_default = lists_default
    parent = ""
    for depth in range(3):
        parent = server.folder(f"Level {depth}", parent)
        server.put({"displayName": f"In {depth}"}, folder=parent)
    for number in range(5):
        server.put({"displayName": f"Beside {number}"}, folder=server.folder(f"Sibling {number}"))
    server.put({"displayName": "Default"})
    first = await pull(remote.provider)
    assert first.names == {"Default", *(f"In {n}" for n in range(3)), *(f"Beside {n}" for n in range(5))}
    listings = [one for one in server.calls("Folders") if not one.path.endswith("delta")]
    assert any("$skip" in one.query for one in listings), "the lists of folders have pages too"


async def test_a_quiet_sync_is_one_request_for_each_folder_and_the_look_for_new_ones(
    remote: MicrosoftRemote, server: MicrosoftServer
) -> None:
    server.folder("Work")
    for person in PEOPLE:
        await remote.add(person)
    cursor = (await pull(remote.provider)).cursor
    server.requests.clear()
    await pull(remote.provider, cursor)
    assert len(server.calls("delta")) == 2
    assert len(server.requests) == 2 + 1 + 2


async def test_a_new_folder_is_read_from_its_start(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    await remote.add(ADA)
    cursor = (await pull(remote.provider)).cursor
    inner = server.folder("Inner", server.folder("Outer"))
    for number in range(7):
        server.put({"displayName": f"New {number}"}, folder=inner)
    increment = await pull(remote.provider, cursor)
    assert increment.names == {f"New {number}" for number in range(7)}
    assert (await pull(remote.provider, increment.cursor)).names == set()


async def test_a_folder_that_vanished_needs_a_full_sync(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    folder = server.folder("Work")
    server.put(GRACE, folder=folder)
    await remote.add(ADA)
    cursor = (await pull(remote.provider)).cursor
    server.remove_folder(folder)
    with pytest.raises(CursorExpired):
        await pull(remote.provider, cursor)
    assert (await pull(remote.provider)).names == {"Ada Lovelace"}


async def test_ids_that_differ_in_case_are_two(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    server.put(GRACE, "AAMkABC=")
    server.put(GRACE, "AAMkabc=")
    assert set((await pull(remote.provider)).changed) == {"AAMkABC=", "AAMkabc="}


# Moves ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("forth", [True, False])
async def test_a_contact_that_moves_is_present_and_not_deleted(
    remote: MicrosoftRemote, server: MicrosoftServer, forth: bool
) -> None:
    folder = server.folder("Work")
    here, there = (server.default, folder) if forth else (folder, server.default)
    contact = server.put(GRACE, folder=here)
    cursor = (await pull(remote.provider)).cursor
    server.move(contact, there)
    increment = await pull(remote.provider, cursor)
    assert set(increment.changed) == {contact}
    assert increment.deleted == set()


async def test_a_contact_that_moves_into_a_new_folder_is_not_deleted(
    remote: MicrosoftRemote, server: MicrosoftServer
) -> None:
    contact = server.put(GRACE)
    cursor = (await pull(remote.provider)).cursor
    server.move(contact, server.folder("New"))
    increment = await pull(remote.provider, cursor)
    assert (set(increment.changed), increment.deleted) == ({contact}, set())


@pytest.mark.parametrize("full", [True, False])
async def test_a_contact_that_moves_while_we_read_is_not_lost(
    remote: MicrosoftRemote, server: MicrosoftServer, full: bool
) -> None:
    folder = server.folder("Work")
    contact = server.put(GRACE, folder=folder)
    cursor = None if full else (await pull(remote.provider)).cursor
    moved: list[str] = []

    def move(request: Request) -> Response | None:
        if request.path.endswith("delta") and folder in unquote(request.path) and not moved:
            moved.append(contact)
            server.move(contact, server.default)
        return None

    server.hook = move
    found = await pull(remote.provider, cursor)
    assert moved
    assert (set(found.changed), found.deleted) == ({contact}, set())


# Pages ----------------------------------------------------------------------------------------------------------------


async def test_every_request_asks_for_immutable_ids_and_pages(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    for person in PEOPLE:
        await remote.add(person)
    first = await pull(remote.provider)
    created = await remote.provider.create(ADA)
    await remote.provider.update(created, replace(ADA, company="X"), {"company"})
    await remote.provider.delete(next(iter(first.changed.values())))
    sent = server.calls("")
    assert {one.method for one in sent} == {"GET", "POST", "PATCH", "DELETE"}
    assert {one.headers["prefer"] for one in sent} == {'IdType="ImmutableId", odata.maxpagesize=200'}
    starts = [one for one in server.calls("delta") if "$select" in one.query]
    assert {one.query["$select"] for one in starts} == {",".join(PROPERTIES)}


async def test_links_are_followed_as_they_are(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    query = "$skiptoken=a%2Bb%2f%3D'(x)*~&weird=%7B%22k%22%3a1%7D&$top=3"
    seen: list[str] = []

    def odd(request: Request) -> Response | None:
        if request.path.endswith("delta") and "$select" in request.query:
            return Response(body={"value": [], "@odata.nextLink": f"{server.url}{request.path}?{query}"})
        if "weird" in request.query:
            seen.append(request.query_string)
            return Response(body={"value": [], "@odata.deltaLink": f"{server.url}{request.path}?{query}&delta=1"})
        return None

    server.hook = odd
    await pull(remote.provider)
    assert seen[0] == query


@pytest.mark.parametrize("key", ["@odata.nextLink", "@odata.deltaLink"])
@pytest.mark.parametrize("listing", ["delta", "contactFolders"])
async def test_links_to_other_servers_are_not_followed(
    remote: MicrosoftRemote, server: MicrosoftServer, key: str, listing: str
) -> None:
    with MicrosoftServer() as foreign:

        def lead_away(request: Request) -> Response | None:
            if request.path.endswith(listing):
                return Response(body={"value": [], key: f"{foreign.url}{request.path}?$skiptoken=x"})
            return None

        server.hook = lead_away
        with pytest.raises(BadReply, match="another server"):
            await pull(remote.provider)
        assert foreign.requests == []


async def test_a_cursor_of_another_server_is_not_followed(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    cursor = (await pull(remote.provider)).cursor
    with MicrosoftServer() as foreign, pytest.raises(CursorExpired):
        await pull(remote.provider, cursor.replace(server.url, foreign.url))
    assert foreign.requests == []


async def test_links_that_lead_in_circles_end(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    server.hook = lambda request: (
        Response(body={"value": [], "@odata.nextLink": f"{server.url}{request.path}?$skiptoken=x"})
        if request.path.endswith("delta")
        else None
    )
    with pytest.raises(BadReply, match="circles"):
        await pull(remote.provider)


@pytest.mark.parametrize("body", [{"value": []}, {}, {"value": {}}, {"value": [], "@odata.deltaLink": 7}])
async def test_an_unfinished_answer_gives_no_cursor(
    remote: MicrosoftRemote, server: MicrosoftServer, body: dict[str, object]
) -> None:
    server.hook = lambda request: Response(body=body) if request.path.endswith("delta") else None
    pages: list[ChangePage] = []
    with pytest.raises(BadReply):
        await collect(remote.provider, pages)
    assert all(page.cursor is None for page in pages)


def scripted(server: MicrosoftServer, pages: Sequence[Sequence[object]]) -> None:
    """Let the delta of the default folder be these pages, each after the other, then nothing more."""
    left = list(pages)

    def tell(request: Request) -> Response | None:
        if not request.path.endswith("delta"):
            return None
        value = left.pop(0) if left else []
        name = "@odata.nextLink" if left else "@odata.deltaLink"
        return Response(body={"value": value, name: f"{server.url}{request.path}?$deltatoken={time.monotonic_ns()}"})

    server.hook = tell


def told(name: str, remote_id: str) -> dict[str, object]:
    return {**dict.fromkeys(PROPERTIES), "displayName": name, "id": remote_id}


GONE = {"@removed": {"reason": "deleted"}}


@pytest.mark.parametrize("full", [True, False])
async def test_within_a_folder_the_last_word_counts(
    remote: MicrosoftRemote, server: MicrosoftServer, full: bool
) -> None:
    cursor = None if full else (await pull(remote.provider)).cursor
    scripted(
        server,
        [
            [told("old", "repeated"), told("x", "removed")],
            [],
            [{"id": "back", **GONE}, {"id": "never seen", **GONE}],
            [told("new", "repeated"), {"id": "removed", **GONE}, told("y", "back"), told("z", "brief")],
            [{"id": "brief", **GONE}],
        ],
    )
    found = await pull(remote.provider, cursor)
    assert {one: remote.contact.name for one, remote in found.changed.items()} == {"repeated": "new", "back": "y"}
    assert found.deleted == (set() if full else {"removed", "brief", "never seen"})


async def test_what_is_taken_back_too_late_is_told_by_the_next_round(
    remote: MicrosoftRemote, server: MicrosoftServer
) -> None:
    many = [[told(str(n), f"id{n}") for n in range(start, start + 200)] for start in range(0, 1600, 200)]
    scripted(server, [*many, [{"id": "id0", **GONE}, {"id": "id1599", **GONE}]])
    first = await pull(remote.provider)
    assert "id0" in first.changed, "handed out before it was taken back"
    assert "id1599" not in first.changed
    second = await pull(remote.provider, first.cursor)
    assert second.deleted == {"id0"}
    assert (await pull(remote.provider, second.cursor)).deleted == set()


async def test_partial_changes_are_completed(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    contact = await remote.add(ADA)
    cursor = (await pull(remote.provider)).cursor
    server.partial = True
    await remote.change(contact, replace(ADA, company="Elsewhere"))
    ada = (await pull(remote.provider, cursor)).changed[contact]
    assert (ada.contact.company, ada.contact.name, ada.contact.email) == ("Elsewhere", ADA.name, ADA.email)
    assert set(PROPERTIES) <= json.loads(ada.raw).keys()


async def test_a_partial_change_of_what_is_gone_meanwhile_changes_nothing(
    remote: MicrosoftRemote, server: MicrosoftServer
) -> None:
    cursor = (await pull(remote.provider)).cursor
    scripted(server, [[{"id": "gone", "jobTitle": "x"}]])
    found = await pull(remote.provider, cursor)
    assert (found.changed, found.deleted) == ({}, set())


async def test_one_unreadable_contact_is_set_aside(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    scripted(server, [[{**told("x", "bad"), "emailAddresses": "what"}, told("Grace", "good")]])
    found = await pull(remote.provider)
    assert found.names == {"Grace"}
    assert [one.remote_id for page in found.pages for one in page.unreadable] == ["bad"]


# Starting over --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [410, 400])
@pytest.mark.parametrize("code", ["SyncStateNotFound", "syncStateNotFound", "resyncRequired", "ResyncRequired"])
@pytest.mark.parametrize("location", [True, False])
async def test_a_reset_is_named_in_every_spelling(
    remote: MicrosoftRemote, server: MicrosoftServer, status: int, code: str, location: bool
) -> None:
    cursor = (await pull(remote.provider)).cursor
    headers = {"Location": f"{server.endpoint}/me/contacts/delta?$skiptoken=x"} if location else {}
    server.hook = lambda request: graph_error(status, code, headers=headers) if "$deltatoken" in request.query else None
    with pytest.raises(CursorExpired):
        await pull(remote.provider, cursor)
    await remote.add(ADA)
    assert (await pull(remote.provider)).names == {"Ada Lovelace"}, "new links may be refused too"


async def test_a_link_that_the_server_finds_malformed_starts_over(
    remote: MicrosoftRemote, server: MicrosoftServer
) -> None:
    cursor = (await pull(remote.provider)).cursor
    server.hook = lambda request: graph_error(400, "BadRequest") if "$deltatoken" in request.query else None
    with pytest.raises(CursorExpired):
        await pull(remote.provider, cursor)


async def test_a_place_that_is_lost_in_the_middle_starts_the_folder_again(
    remote: MicrosoftRemote, server: MicrosoftServer
) -> None:
    for person in PEOPLE:
        await remote.add(person)
    lost: list[Request] = []

    def lose(request: Request) -> Response | None:
        if "$skiptoken" in request.query and not lost:
            lost.append(request)
            server.remove(next(iter(server.contacts)))
            return graph_error(410, "SyncStateNotFound")
        return None

    server.hook = lose
    assert (await pull(remote.provider)).names == {person.name for person in PEOPLE[1:]}


@pytest.mark.parametrize("cursor", ["", "nonsense", "{}", "[]", '{"shape": "another", "folders": {}}'])
async def test_a_cursor_of_another_version_starts_over(remote: MicrosoftRemote, cursor: str) -> None:
    with pytest.raises(CursorExpired):
        await pull(remote.provider, cursor)


# What the server refuses ----------------------------------------------------------------------------------------------


async def test_a_mailbox_that_is_elsewhere_is_explained(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    server.hook = lambda _request: graph_error(404, "MailboxNotEnabledForRESTAPI")
    with pytest.raises(NotEnabled, match="no mailbox"):
        await pull(remote.provider)


async def test_a_wrong_address_of_graph_is_explained(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    server.hook = lambda _request: graph_error(404, "ResourceNotFound")
    with pytest.raises(Unreachable, match="graph_endpoint"):
        await pull(remote.provider)


async def test_a_missing_permission_is_explained(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    server.hook = lambda _request: graph_error(403, "ErrorAccessDenied")
    with pytest.raises(PermissionMissing, match="Sign in again"):
        await pull(remote.provider)


async def test_throttling_with_a_page_of_html(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    html = {"Retry-After": "9", "Content-Type": "text/html"}
    for status in (429, 503, 504):
        answers = [Response(status, b"<html>Too many requests</html>", html)]
        server.hook = lambda _request: answers.pop() if answers else None  # noqa: B023 - used within the loop
        remote.waits.clear()
        await pull(remote.provider)
        assert remote.waits[0] == pytest.approx(9, abs=0.5)
    server.hook = lambda _request: Response(429, b"<html></html>", {"Retry-After": "3600"})
    with pytest.raises(RateLimited) as caught:
        await pull(remote.provider)
    assert caught.value.retry_after == 3600


class Counting(MicrosoftServer):
    """Counts how many requests to Graph it is given at once."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.most = 0
        self.count = threading.Lock()

    def _serve(self, handler: object) -> None:
        with self.count:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.02)
        super()._serve(handler)  # type: ignore[arg-type]
        with self.count:
            self.now -= 1


async def test_at_most_four_requests_are_under_way(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    with Counting() as busy:
        busy.access, busy.grants = server.access, server.grants
        settings = {**remote.provider.setup.settings, "graph_endpoint": busy.endpoint}
        provider = MicrosoftProvider(replace(remote.provider.setup, settings=settings))
        for number in range(12):
            busy.folder(f"Folder {number}")
        contacts = [busy.put(GRACE) for _ in range(12)]
        cursor = (await pull(provider)).cursor
        busy.partial = True
        for contact in contacts:
            busy.put({"displayName": "Hopper"}, contact)
        assert (await pull(provider, cursor)).names == {"Hopper"}
        await asyncio.gather(*(provider.read(contact) for contact in contacts))
        await provider.close()
        assert busy.most == 4
