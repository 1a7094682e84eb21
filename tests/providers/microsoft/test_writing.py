from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from coterie.core.errors import (
    Conflict,
    Rejected,
    Unreachable,
)
from tests.providers.contract import ADA, PEOPLE, Failure, pull
from tests.providers.microsoft.conftest import MicrosoftRemote, card_of
from tests.providers.microsoft.server import API, MicrosoftServer, graph_error
from tests.providers.server import Request, Response


async def test_a_new_contact_goes_into_the_default_folder_in_one_request(
    remote: MicrosoftRemote, server: MicrosoftServer
) -> None:
    created = await remote.provider.create(replace(ADA, groups=("Choir",)))
    assert server.contacts[created.remote_id]["parentFolderId"] == server.default
    assert [one.method for one in server.calls("")] == ["POST"]
    assert server.contacts[created.remote_id]["categories"] == ["Choir"]


async def test_an_update_is_guarded_and_keeps_the_display_name(
    remote: MicrosoftRemote, server: MicrosoftServer
) -> None:
    contact = await remote.add(ADA)
    known = (await pull(remote.provider)).changed[contact]
    updated = await remote.provider.update(known, replace(known.contact, given_name="Eva"), {"given_name"})
    (patch,) = [one for one in server.requests if one.method == "PATCH"]
    assert patch.headers["if-match"] == known.etag
    assert patch.json == {"givenName": "Eva", "displayName": "Ada Lovelace"}
    assert updated.contact.name == "Ada Lovelace"
    assert server.contacts[contact]["spouseName"] == "KEPT"
    assert updated.etag != known.etag


async def test_an_update_whose_answer_was_lost_is_a_conflict_and_not_sent_twice(
    remote: MicrosoftRemote, server: MicrosoftServer
) -> None:
    contact = await remote.add(ADA)
    known = (await pull(remote.provider)).changed[contact]
    server.fail(Failure.RESET, times=1)
    with pytest.raises(Conflict):
        await remote.provider.update(known, replace(known.contact, company="Ours"), {"company"})
    assert server.contacts[contact]["companyName"] == "Ours"


async def test_updating_what_was_deleted_is_a_conflict(remote: MicrosoftRemote) -> None:
    contact = await remote.add(ADA)
    known = (await pull(remote.provider)).changed[contact]
    await remote.remove(contact)
    with pytest.raises(Conflict, match="deleted"):
        await remote.provider.update(known, replace(known.contact, company="Ours"), {"company"})


async def test_an_answer_to_an_update_that_says_little_is_completed(
    remote: MicrosoftRemote, server: MicrosoftServer
) -> None:
    contact = await remote.add(ADA)
    known = (await pull(remote.provider)).changed[contact]

    def silently(request: Request) -> Response | None:
        if request.method != "PATCH":
            return None
        server.put({**card_of(ADA), **request.json}, contact)
        return Response(204)

    server.hook = silently
    updated = await remote.provider.update(known, replace(known.contact, company="Ours"), {"company"})
    assert (updated.contact.company, updated.contact.job_title) == ("Ours", ADA.job_title)


async def test_what_lies_among_the_deleted_things_is_gone(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    contact = await remote.add(ADA)
    known = (await pull(remote.provider)).changed[contact]
    server.contacts[contact]["parentFolderId"] = "deleted items"
    assert await remote.provider.read(contact) is None
    await remote.provider.delete(known)
    assert contact in server.contacts


async def test_a_refused_contact_is_named_with_the_reason(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    server.hook = lambda request: (
        graph_error(400, "ErrorInvalidRequest", "Too many\u202e addresses.") if request.method == "POST" else None
    )
    with pytest.raises(Rejected, match=r"Too many addresses\.") as caught:
        await remote.provider.create(ADA)
    assert caught.value.hint


async def test_writes_go_one_after_another(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    writing: list[str] = []

    def note(request: Request) -> Response | None:
        if request.method == "POST":
            writing.append(request.json["displayName"])
        return None

    server.hook = note
    await asyncio.gather(*(remote.provider.create(person) for person in PEOPLE))
    assert writing == [person.name for person in PEOPLE]


async def test_redirects_are_not_followed_with_the_permission(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    with MicrosoftServer() as foreign:
        server.hook = lambda request: Response(302, b"", {"Location": foreign.url + API + "/me/contactFolders"})
        with pytest.raises(Unreachable):
            await pull(remote.provider)
        assert foreign.requests == []
