from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from coterie.core.errors import Conflict, Rejected, SignInNeeded
from coterie.core.model import Contact, Email
from coterie.core.provider import RemoteContact
from coterie.core.transfer.vcard import parse_card
from tests.providers.carddav.cards import apple_group, card
from tests.providers.carddav.conftest import CardDavRemote
from tests.providers.carddav.server import USER, RadicaleServer
from tests.providers.contract import ADA, pull
from tests.providers.server import Request, Response

PHOTO = "PHOTO;ENCODING=b;TYPE=JPEG:" + "/9j/4AAQSkZJRgABAQAAAQABAAD/" * 20


async def known_of(remote: CardDavRemote, name: str) -> RemoteContact:
    return next(one for one in (await pull(remote.provider)).changed.values() if one.contact.name == name)


def puts(server: RadicaleServer) -> list[Request]:
    return [request for request in server.requests if request.method == "PUT"]


# Cards ----------------------------------------------------------------------------------------------------------------


async def test_what_we_do_not_know_survives_writing(remote: CardDavRemote, server: RadicaleServer) -> None:
    path = server.path("1.vcf")
    extra = (PHOTO, "X-STRANGE;P=1:a\\,b", "item1.EMAIL:a@example.org", "item1.X-ABLabel:_$!<Other>!$_", "TZ:+01:00")
    server.put(path, card("UID-1", "Ada", *extra))
    known = await known_of(remote, "Ada")
    wanted = replace(known.contact, company="Engines", emails=(*known.contact.emails, Email("b@example.org", "work")))
    updated = await remote.provider.update(known, wanted, {"company", "emails"})
    there = (server.get(path) or "").replace("\r\n ", "").splitlines()
    assert {"UID:UID-1", PHOTO, "X-STRANGE;P=1:a\\,b", "TZ:+01:00", "ORG:Engines"} <= set(there)
    assert sum("EMAIL" in line for line in there) == 2
    assert updated.contact.company == "Engines"
    assert PHOTO in updated.raw.replace("\r\n ", "")


async def test_what_changes_nothing_is_not_sent(remote: CardDavRemote, server: RadicaleServer) -> None:
    server.put(server.path("1.vcf"), card("1", "Ada"))
    known = await known_of(remote, "Ada")
    server.requests.clear()
    assert (await remote.provider.update(known, known.contact, {"name", "custom", "groups"})).etag == known.etag
    assert not puts(server)


async def test_a_new_contact_gets_a_uid_of_its_own(remote: CardDavRemote, server: RadicaleServer) -> None:
    server.put(server.path("1.vcf"), card("taken", "Bob"))
    imported = replace(ADA, custom={"UID": "taken", "Role": "Boss"})
    created = [await remote.provider.create(imported) for _ in range(2)]
    uids = {parse_card(server.get(one.remote_id) or "").custom["UID"] for one in created}
    assert len(uids) == 2
    assert "taken" not in uids
    assert all(request.headers["if-none-match"] == "*" for request in puts(server))
    assert created[0].contact.custom == {"Role": "Boss"}


async def test_a_server_that_takes_4_0_only_gets_that(remote: CardDavRemote, server: RadicaleServer) -> None:
    def only_four(request: Request) -> Response | None:
        if request.method != "PROPFIND":
            return None
        told = server._past(request).content.replace(b'version="3.0"', b'version="4.0"')
        return Response(207, told)

    server.before = only_four
    created = await remote.provider.create(ADA)
    assert "VERSION:4.0" in created.raw


async def test_a_weak_etag_still_guards(remote: CardDavRemote, server: RadicaleServer) -> None:
    path = server.path("1.vcf")
    server.put(path, card("1", "Ada"))
    known = await known_of(remote, "Ada")
    weak = replace(known, etag=f"W/{known.etag}")
    known = await remote.provider.update(weak, replace(weak.contact, company="Ours"), {"company"})
    weak = replace(known, etag=f"W/{known.etag}")
    server.put(path, card("1", "Ada", "ORG:Theirs"))
    with pytest.raises(Conflict):
        await remote.provider.update(weak, replace(weak.contact, company="Again"), {"company"})


async def test_a_contact_without_an_etag_is_read_before_it_is_written(
    remote: CardDavRemote, server: RadicaleServer
) -> None:
    path = server.path("1.vcf")
    server.put(path, card("1", "Ada"))
    known = replace(await known_of(remote, "Ada"), etag="")
    assert (
        await remote.provider.update(known, replace(known.contact, company="A"), {"company"})
    ).contact.company == "A"
    with pytest.raises(Conflict):
        await remote.provider.update(known, replace(known.contact, company="B"), {"company"})
    with pytest.raises(Conflict):
        await remote.provider.delete(known)
    server.delete(path)
    with pytest.raises(Conflict):
        await remote.provider.update(known, replace(known.contact, company="B"), {"company"})
    await remote.provider.delete(known)


async def test_updating_what_is_gone_is_a_conflict(remote: CardDavRemote, server: RadicaleServer) -> None:
    server.put(server.path("1.vcf"), card("1", "Ada"))
    known = await known_of(remote, "Ada")
    server.delete(server.path("1.vcf"))
    with pytest.raises(Conflict):
        await remote.provider.update(known, replace(known.contact, company="A"), {"company"})
    assert await remote.provider.read(known.remote_id) is None


async def test_writes_go_to_the_address_book_of_the_contact(remote: CardDavRemote, server: RadicaleServer) -> None:
    server.make_book("work")
    server.put(server.path("1.vcf", "work"), card("1", "Ada"))
    known = await known_of(remote, "Ada")
    await remote.provider.update(known, replace(known.contact, company="A"), {"company"})
    assert "ORG:A" in (server.get(server.path("1.vcf", "work")) or "")


# Refusals -------------------------------------------------------------------------------------------------------------


def read_only(server: RadicaleServer, *books: str) -> Callable[[Request], Response | None]:
    def answer(request: Request) -> Response | None:
        if request.method != "PROPFIND":
            return None
        head, *responses = server._past(request).content.split(b"<response>")
        for number, one in enumerate(responses):
            if any(f"/{USER}/{book}/<".encode() in one for book in books):
                privileges, rest = one.split(b"</current-user-privilege-set>")
                privileges = privileges.partition(b"<current-user-privilege-set>")[0]
                allowed = b"<current-user-privilege-set><privilege><read/></privilege></current-user-privilege-set>"
                responses[number] = privileges + allowed + rest
        return Response(207, b"<response>".join([head, *responses]))

    return answer


async def test_new_contacts_go_where_they_may(remote: CardDavRemote, server: RadicaleServer) -> None:
    server.make_book("second")
    server.before = read_only(server, "contacts")
    created = await remote.provider.create(ADA)
    assert created.remote_id.startswith(server.path(book="second"))


async def test_a_read_only_address_book_refuses_in_plain_words(remote: CardDavRemote, server: RadicaleServer) -> None:
    server.put(server.path("1.vcf"), card("1", "Ada"))
    server.before = read_only(server, "contacts")
    known = await known_of(remote, "Ada")
    with pytest.raises(Rejected, match="read-only"):
        await remote.provider.update(known, replace(known.contact, company="A"), {"company"})
    with pytest.raises(Rejected, match="read-only"):
        await remote.provider.delete(known)
    with pytest.raises(Rejected, match="can be written to"):
        await remote.provider.create(ADA)
    assert not puts(server)


@pytest.mark.parametrize(
    ("status", "body", "error", "word"),
    [
        (401, b"", SignInNeeded, "user name and password"),
        (403, b"", Rejected, "does not allow"),
        (403, b'<e:error xmlns:e="DAV:"><e:need-privileges/></e:error>', Rejected, "need-privileges"),
        (
            409,
            b'<error xmlns="DAV:"><no-uid-conflict xmlns="urn:ietf:params:xml:ns:carddav"/></error>',
            Rejected,
            "no-uid-conflict",
        ),
        (412, b"", Conflict, "changed"),
        (412, b'<error xmlns="DAV:"><valid-address-data/></error>', Rejected, "valid-address-data"),
        (413, b"", Rejected, "of this size"),
        (415, b"", Rejected, "415"),
        (423, b"", Rejected, "locked"),
        (507, b"", Rejected, "no room"),
    ],
)
async def test_refusals_are_plain_words(
    remote: CardDavRemote, server: RadicaleServer, status: int, body: bytes, error: type[Exception], word: str
) -> None:
    await pull(remote.provider)
    server.requests.clear()
    server.before = lambda request: Response(status, body) if request.method == "PUT" else None
    with pytest.raises(error, match=word) as caught:
        await remote.provider.create(ADA)
    assert str(caught.value).endswith(".")
    assert len(puts(server)) == 1


# Groups that have a card ----------------------------------------------------------------------------------------------


@pytest.fixture
def choir(server: RadicaleServer) -> str:
    server.put(server.path("1.vcf"), card("UID-1", "Ada"))
    server.put(server.path("2.vcf"), card("UID-2", "Bob"))
    server.put(server.path("g.vcf"), apple_group("Choir", "UID-2").replace("END:", "X-KEPT:1\r\nEND:"))
    return server.path("g.vcf")


async def test_joining_and_leaving_changes_the_group_card(
    remote: CardDavRemote, server: RadicaleServer, choir: str
) -> None:
    ada = await known_of(remote, "Ada")
    joined = await remote.provider.update(ada, replace(ada.contact, groups=("choir",)), {"groups"})
    assert joined.contact.groups == ("Choir",)
    there = (server.get(choir) or "").splitlines()
    assert {"X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:UID-1", "X-KEPT:1"} <= set(there)
    assert "CATEGORIES" not in (server.get(server.path("1.vcf")) or "")
    assert (await known_of(remote, "Ada")).contact.groups == ("Choir",)

    left = await remote.provider.update(joined, replace(joined.contact, groups=()), {"groups"})
    assert left.contact.groups == ()
    there = (server.get(choir) or "").splitlines()
    assert "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:UID-1" not in there
    assert "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:UID-2" in there


@pytest.mark.usefixtures("choir")
async def test_new_groups_become_cards_where_groups_are_cards(remote: CardDavRemote, server: RadicaleServer) -> None:
    ada = await known_of(remote, "Ada")
    wanted = replace(ada.contact, groups=("Choir", "Zebras, wild"))
    updated = await remote.provider.update(ada, wanted, {"groups"})
    assert updated.contact.groups == ("Choir", "Zebras, wild")
    created = await remote.provider.create(Contact(name="Cleo", groups=("Zebras, wild",)))
    assert created.contact.groups == ("Zebras, wild",)
    fresh = await pull(remote.provider)
    assert {one.contact.name: one.contact.groups for one in fresh.changed.values()} == {
        "Ada": ("Choir", "Zebras, wild"),
        "Bob": ("Choir",),
        "Cleo": ("Zebras, wild",),
    }


@pytest.mark.usefixtures("choir")
async def test_categories_that_a_card_has_stay_categories(remote: CardDavRemote, server: RadicaleServer) -> None:
    server.put(server.path("3.vcf"), card("UID-3", "Cleo", "CATEGORIES:Chess,Go"))
    cleo = await known_of(remote, "Cleo")
    updated = await remote.provider.update(cleo, replace(cleo.contact, groups=("Chess", "Choir")), {"groups"})
    assert updated.contact.groups == ("Chess", "Choir")
    assert "CATEGORIES:Chess\r\n" in (server.get(server.path("3.vcf")) or "")


async def test_a_group_card_that_somebody_else_changes_is_read_again(
    remote: CardDavRemote, server: RadicaleServer, choir: str
) -> None:
    ada = await known_of(remote, "Ada")
    raced: list[Request] = []

    def race(request: Request) -> Response | None:
        if request.method == "PUT" and request.path == choir and not raced:
            raced.append(request)
            server.put(choir, apple_group("Choir", "UID-2", "UID-9"))
        return None

    server.before = race
    await remote.provider.update(ada, replace(ada.contact, groups=("Choir",)), {"groups"})
    there = server.get(choir) or ""
    assert all(f"urn:uuid:UID-{number}" in there for number in (1, 2, 9))


async def test_the_next_sync_tells_our_own_group_change_once(remote: CardDavRemote, choir: str) -> None:
    first = await pull(remote.provider)
    ada = next(one for one in first.changed.values() if one.contact.name == "Ada")
    await remote.provider.update(ada, replace(ada.contact, groups=("Choir",)), {"groups"})
    after = await pull(remote.provider, first.cursor)
    assert {one.contact.name: one.contact.groups for one in after.changed.values()} == {"Ada": ("Choir",)}
    assert (await pull(remote.provider, after.cursor)).changed == {}
    assert choir not in after.changed
