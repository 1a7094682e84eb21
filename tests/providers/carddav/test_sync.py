from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from coterie.core.errors import BadReply, CursorExpired, PermissionMissing, ProviderError, Unreachable
from coterie.core.transfer.vcard import write_card
from coterie.providers.carddav.provider import CardDavProvider
from tests.providers.carddav.cards import card
from tests.providers.carddav.conftest import CardDavRemote
from tests.providers.carddav.server import RadicaleServer
from tests.providers.contract import ADA, PEOPLE, pull
from tests.providers.server import Request, Response

Hook = Callable[[Request], Response | None]


# Requests and address books -------------------------------------------------------------------------------------------


async def test_a_quiet_sync_is_one_request_however_many_address_books(
    remote: CardDavRemote, server: RadicaleServer
) -> None:
    server.make_book("second")
    await remote.add(ADA)
    cursor = (await pull(remote.provider)).cursor
    server.requests.clear()
    assert (await pull(remote.provider, cursor)).changed == {}
    assert [request.method for request in server.requests] == ["PROPFIND"]


async def test_a_quiet_sync_by_ctag_is_one_request_too(remote: CardDavRemote, server: RadicaleServer) -> None:
    server.sync_collection = False
    await remote.add(ADA)
    cursor = (await pull(remote.provider)).cursor
    server.requests.clear()
    await pull(remote.provider, cursor)
    assert len(server.requests) == 1


async def test_only_changed_cards_are_fetched(either: CardDavRemote) -> None:
    ids = [await either.add(person) for person in PEOPLE]
    cursor = (await pull(either.provider)).cursor
    await either.change(ids[3], replace(PEOPLE[3], company="New"))
    either.server.requests.clear()
    assert set((await pull(either.provider, cursor)).changed) == {ids[3]}
    fetched = [one.body.count(b"<d:href>") for one in either.server.requests if b"multiget" in one.body]
    assert fetched == [1]


async def test_all_address_books_come_and_new_ones_too(either: CardDavRemote) -> None:
    server = either.server
    server.make_book("work")
    server.put(server.path("1.vcf"), card("1", "Home"))
    server.put(server.path("1.vcf", "work"), card("1", "Work"))
    first = await pull(either.provider)
    assert first.names == {"Home", "Work"}
    assert first.pages[0].total == 2
    server.make_book("third")
    server.put(server.path("1.vcf", "third"), card("1", "Third"))
    server.put(server.path("2.vcf", "work"), card("2", "Work 2"))
    assert (await pull(either.provider, first.cursor)).names == {"Third", "Work 2"}


async def test_an_address_book_that_is_gone_asks_for_a_full_sync(either: CardDavRemote) -> None:
    server = either.server
    server.make_book("work")
    server.put(server.path("1.vcf", "work"), card("1", "Work"))
    await either.add(ADA)
    cursor = (await pull(either.provider)).cursor
    server.delete(server.path(book="work"))
    with pytest.raises(CursorExpired):
        await pull(either.provider, cursor)
    assert (await pull(either.provider)).names == {"Ada Lovelace"}


async def test_calendars_beside_the_address_books_are_left_alone(remote: CardDavRemote, server: RadicaleServer) -> None:
    body = (
        '<mkcalendar xmlns="urn:ietf:params:xml:ns:caldav"><d:set xmlns:d="DAV:"><d:prop>'
        "<d:displayname>c</d:displayname></d:prop></d:set></mkcalendar>"
    )
    assert server.ask("MKCALENDAR", "/ada/calendar/", body).status == 201
    await remote.add(ADA)
    assert (await pull(remote.provider)).names == {"Ada Lovelace"}
    assert not any("calendar" in request.path for request in server.requests)


# Cursors --------------------------------------------------------------------------------------------------------------


async def test_a_list_that_is_cut_short_goes_on(remote: CardDavRemote, server: RadicaleServer) -> None:
    server.most = 3
    ids = [await remote.add(person) for person in PEOPLE]
    first = await pull(remote.provider)
    assert set(first.changed) == set(ids)
    for one in ids[:5]:
        await remote.remove(one)
    server.requests.clear()
    increment = await pull(remote.provider, first.cursor)
    assert increment.deleted == set(ids[:5])
    assert sum(b"sync-collection" in request.body for request in server.requests) == 2


async def test_a_list_that_never_ends_is_given_up(remote: CardDavRemote, server: RadicaleServer) -> None:
    await remote.add(ADA)
    cut = (
        "<multistatus xmlns='DAV:'><response><href>/ada/contacts/</href><status>HTTP/1.1 507 x</status></response>"
        "<sync-token>same</sync-token></multistatus>"
    )
    server.before = lambda request: Response(207, cut.encode()) if b"sync-collection" in request.body else None
    with pytest.raises(BadReply):
        await pull(remote.provider)


@pytest.mark.parametrize(
    "answer",
    [
        Response(403, b'<d:error xmlns:d="DAV:"><d:valid-sync-token/></d:error>'),
        Response(409, b'<d:error xmlns:d="DAV:"><d:valid-sync-token/></d:error>'),
        Response(412),
        Response(400),
        Response(410),
        Response(415),
    ],
    ids=lambda answer: str(answer.status),
)
async def test_however_a_token_is_refused_a_full_sync_is_asked_for(
    remote: CardDavRemote, server: RadicaleServer, answer: Response
) -> None:
    cursor = (await pull(remote.provider)).cursor
    await remote.add(ADA)
    server.before = lambda request: answer if b"<d:sync-token>http" in request.body else None
    with pytest.raises(CursorExpired):
        await pull(remote.provider, cursor)
    assert (await pull(remote.provider)).names == {"Ada Lovelace"}


async def test_a_sync_token_without_sync_collection_falls_back_to_etags(
    remote: CardDavRemote, server: RadicaleServer
) -> None:
    server.before = lambda request: Response(501) if b"sync-collection" in request.body else None
    one = await remote.add(ADA)
    first = await pull(remote.provider)
    assert set(first.changed) == {one}
    await remote.remove(one)
    assert (await pull(remote.provider, first.cursor)).deleted == {one}


@pytest.mark.parametrize(
    "cursor", ["", "x", "[]", '{"format":0,"books":{}}', '{"format":1}', '{"format":1,"books":[]}']
)
async def test_a_cursor_of_another_version_asks_for_a_full_sync(remote: CardDavRemote, cursor: str) -> None:
    with pytest.raises(CursorExpired):
        await pull(remote.provider, cursor)


async def test_the_cursor_of_sync_collection_does_not_grow_with_the_contacts(remote: CardDavRemote) -> None:
    empty = len((await pull(remote.provider)).cursor)
    for person in PEOPLE:
        await remote.add(person)
    assert abs(len((await pull(remote.provider)).cursor) - empty) < 100


# Cards ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["2.1", "3.0", "4.0"])
async def test_every_version_is_read(remote: CardDavRemote, server: RadicaleServer, version: str) -> None:
    text = card("1", "Zoë").replace("VERSION:3.0", f"VERSION:{version}")
    if version == "2.1":
        text = text.replace("FN:Zoë", "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB")

    server.put(server.path("1.vcf"), card("1", "x"))
    server.before = _instead(server, text)
    assert (await pull(remote.provider)).names == {"Zoë"}


def _instead(server: RadicaleServer, text: str) -> Hook:
    """A server that gives `text` as the card 1.vcf."""

    def answer(request: Request) -> Response | None:
        if b"multiget" not in request.body:
            return None
        data = text.replace("&", "&amp;").replace("<", "&lt;").replace("\r\n", "&#13;\n")
        return Response(
            207,
            f"<multistatus xmlns='DAV:'><response><href>{server.path('1.vcf')}</href><propstat><prop>"
            f"<getetag>&quot;1&quot;</getetag><address-data xmlns='urn:ietf:params:xml:ns:carddav'>{data}"
            "</address-data>"
            "</prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>".encode(),
        )

    return answer


@pytest.mark.parametrize("text", ["", "no card", card("1", "").replace("N:;;;;", "N:;;;;")])
async def test_a_card_that_cannot_be_read_is_set_aside_with_its_reason(
    remote: CardDavRemote, server: RadicaleServer, text: str
) -> None:
    server.put(server.path("1.vcf"), card("1", "x"))
    server.before = _instead(server, text)
    found = await pull(remote.provider)
    (unreadable,) = [one for page in found.pages for one in page.unreadable]
    assert unreadable.remote_id == server.path("1.vcf")
    assert unreadable.reason.endswith(".")


async def test_one_resource_that_fails_is_set_aside_and_the_rest_goes_on(
    remote: CardDavRemote, server: RadicaleServer
) -> None:
    ids = [await remote.add(person) for person in PEOPLE[:3]]

    def broken(request: Request) -> Response | None:
        if b"multiget" not in request.body:
            return None
        head, *responses = server._past(request).content.replace(b"</multistatus>", b"").split(b"<response>")
        kept = [one for one in responses if ids[0].encode() in one]
        kept.append(f"<href>{ids[1]}</href><status>HTTP/1.1 500 x</status></response>".encode())
        return Response(207, b"<response>".join([head, *kept]) + b"</multistatus>")

    server.before = broken
    found = await pull(remote.provider)
    said = {one.remote_id for page in found.pages for one in page.unreadable}
    assert set(found.changed) == {ids[0]}
    assert said == set(ids[1:]), "one failed, and one was left out of the answer: neither is gone"
    assert not found.deleted


async def test_a_card_at_which_the_server_fails_is_set_aside(remote: CardDavRemote, server: RadicaleServer) -> None:
    ids = [await remote.add(person) for person in PEOPLE]
    bad = ids[4].encode()
    server.before = lambda one: Response(500) if b"multiget" in one.body and bad in one.body else None
    found = await pull(remote.provider)
    assert set(found.changed) == set(ids) - {ids[4]}
    assert [one.remote_id for page in found.pages for one in page.unreadable] == [ids[4]]


async def test_a_server_that_fails_at_everything_blames_no_card(remote: CardDavRemote, server: RadicaleServer) -> None:
    cursor = (await pull(remote.provider)).cursor
    await remote.add(ADA)
    down: list[Request] = []

    def fails(request: Request) -> Response | None:
        if b"multiget" in request.body:
            down.append(request)
        return Response(500) if down else None

    server.before = fails
    with pytest.raises(Unreachable, match="HTTP 500"):
        await pull(remote.provider, cursor)


def _failing(server: RadicaleServer, path: str, status: int) -> Hook:
    """A server that tells in a list that it fails at one of its resources."""

    def answer(request: Request) -> Response | None:
        if request.method != "PROPFIND":
            return None
        head, *responses = server._past(request).content.replace(b"</multistatus>", b"").split(b"<response>")
        failed = f"<href>{path}</href><status>HTTP/1.1 {status} x</status></response>".encode()
        told = [failed if f"<href>{path}</href>".encode() in one else one for one in responses]
        return Response(207, b"<response>".join([head, *told]) + b"</multistatus>")

    return answer


@pytest.mark.parametrize("cursor", [True, False])
async def test_an_address_book_that_fails_for_now_is_not_gone(
    remote: CardDavRemote, server: RadicaleServer, cursor: bool
) -> None:
    server.make_book("work")
    known = (await pull(remote.provider)).cursor if cursor else None
    server.before = _failing(server, server.path(book="work"), 500)
    with pytest.raises(Unreachable, match="all its address books"):
        await pull(remote.provider, known)


async def test_cards_that_fail_in_a_list_are_not_gone(remote: CardDavRemote, server: RadicaleServer) -> None:
    server.sync_collection = server.ctag = False
    ids = [await remote.add(person) for person in PEOPLE[:2]]
    cursor = (await pull(remote.provider)).cursor
    server.before = _failing(server, ids[0], 500)
    increment = await pull(remote.provider, cursor)
    assert (increment.changed, increment.deleted) == ({}, set())
    server.before = lambda _request: None
    quiet = await pull(remote.provider, increment.cursor)
    assert (quiet.changed, quiet.deleted) == ({}, set())


async def test_a_list_of_etags_that_is_cut_short_deletes_nobody(remote: CardDavRemote, server: RadicaleServer) -> None:
    server.sync_collection = server.ctag = False
    await remote.add(ADA)
    cursor = (await pull(remote.provider)).cursor
    part = f"<multistatus xmlns='DAV:'><response><href>{server.path()}</href><status>HTTP/1.1 507 x</status></response>"
    server.before = lambda request: (
        Response(207, f"{part}</multistatus>".encode()) if request.path == server.path() else None
    )
    with pytest.raises(BadReply, match="only some"):
        await pull(remote.provider, cursor)


async def test_a_card_deleted_while_we_read_is_gone(remote: CardDavRemote, server: RadicaleServer) -> None:
    ids = [await remote.add(person) for person in PEOPLE[:2]]

    def late(request: Request) -> Response | None:
        if b"multiget" in request.body and server.get(ids[0]):
            server.delete(ids[0])
        return None

    server.before = late
    found = await pull(remote.provider)
    assert set(found.changed) == {ids[1]}
    assert found.deleted == {ids[0]}


async def test_addresses_are_one_however_the_server_escapes_them(remote: CardDavRemote, server: RadicaleServer) -> None:
    path = server.path("zoë @1+ü.vcf")
    server.put(path, card("1", "Zoë"))
    first = await pull(remote.provider)
    (found,) = first.changed.values()

    def other_spelling(request: Request) -> Response | None:
        if request.method not in {"REPORT", "PROPFIND"}:
            return None
        answer = server._past(request)
        body = answer.content.replace(b"%20", b" ").replace(b"@", b"%40").replace(b"%C3", b"%c3")
        return Response(answer.status, body, {})

    server.before = other_spelling
    server.put(path, card("1", "Zoë Two"))
    second = await pull(remote.provider, first.cursor)
    assert [one.remote_id for one in second.changed.values()] == [found.remote_id]
    known = await remote.provider.read(found.remote_id)
    assert known is not None
    await remote.provider.delete(known)
    assert server.get(path) is None


async def test_the_uid_is_no_field_of_the_contact(remote: CardDavRemote, server: RadicaleServer) -> None:
    server.put(server.path("1.vcf"), card("1", "Ada", "TZ:-05:00", "X-FAVORITE:TRUE"))
    (found,) = (await pull(remote.provider)).changed.values()
    assert found.contact.custom == {"Time zone": "-05:00"}
    assert not found.contact.favorite
    assert "UID:1" in found.raw


# Answers that are none ------------------------------------------------------------------------------------------------


async def test_a_server_that_forbids_says_what_is_missing(remote: CardDavRemote, server: RadicaleServer) -> None:
    server.before = lambda _request: Response(403, b"")
    with pytest.raises(PermissionMissing, match="does not allow this"):
        await pull(remote.provider)


async def test_an_answer_without_sense_leaves_no_cursor(remote: CardDavRemote, server: RadicaleServer) -> None:
    await remote.add(ADA)
    server.before = lambda request: Response(207, b"<a/>") if b"multiget" in request.body else None
    with pytest.raises(ProviderError) as caught:
        await pull(remote.provider)
    assert caught.value.hint


async def test_a_raw_card_is_kept_as_it_is(remote: CardDavRemote, server: RadicaleServer) -> None:
    assert isinstance(remote.provider, CardDavProvider)
    text = write_card(replace(ADA, custom={"UID": "1"}), "3.0").replace("END:", "X-STRANGE;P=1:a\\,b\r\nEND:")
    server.put(server.path("1.vcf"), card("1", "x"))
    server.before = _instead(server, text)
    (found,) = (await pull(remote.provider)).changed.values()
    assert found.raw == text
