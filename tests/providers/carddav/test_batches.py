"""Many cards at once: how many requests it takes, group cards put once, what ends everything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coterie.core.errors import Rejected, Unreachable
from coterie.core.model import Contact, Email
from coterie.core.provider import RemoteContact, Update
from tests.providers.carddav.cards import apple_group
from tests.providers.carddav.conftest import CardDavRemote
from tests.providers.carddav.server import BOOK
from tests.providers.contract import gathered, pull
from tests.providers.server import Request, Response


def person(number: int, *groups: str) -> Contact:
    return Contact(name=f"Person {number}", emails=(Email(f"p{number}@example.org"),), groups=groups)


def methods(remote: CardDavRemote) -> list[str]:
    return [one.method for one in remote.server.requests]


@pytest.mark.parametrize("etags", [True, False])
async def test_cards_whose_etag_is_not_told_are_read_by_one_request(remote: CardDavRemote, etags: bool) -> None:
    remote.server.etag_after_put = etags
    await pull(remote.provider)
    remote.server.requests.clear()
    created = await gathered(remote.provider.create_all([person(number) for number in range(30)]))
    assert all(isinstance(one, RemoteContact) and one.etag for one in created.values())
    assert (methods(remote).count("PUT"), methods(remote).count("REPORT")) == (30, 0 if etags else 1)


async def test_a_group_card_is_put_once_for_all_its_new_members(remote: CardDavRemote) -> None:
    remote.server.put(remote.server.path("g.vcf"), apple_group("Choir"))
    await pull(remote.provider)
    remote.server.requests.clear()
    created = await gathered(remote.provider.create_all([person(number, "Choir", "Chess") for number in range(20)]))
    known = [one for _, one in sorted(created.items()) if isinstance(one, RemoteContact)]
    assert {one.contact.groups for one in known} == {("Chess", "Choir")}
    assert methods(remote).count("PUT") == 22, "20 contacts and two groups"
    remote.server.requests.clear()
    updates = [Update(one, replace(one.contact, groups=("Chess",)), frozenset({"groups"})) for one in known]
    updated = await gathered(remote.provider.update_all(updates))
    assert all(isinstance(one, RemoteContact) and one.contact.groups == ("Chess",) for one in updated.values())
    assert methods(remote).count("PUT") == 1
    assert {one.contact.groups for one in (await pull(remote.provider)).changed.values()} == {("Chess",)}


@pytest.mark.parametrize("status", [400, 413, 423, 507])
async def test_a_refused_card_does_not_keep_the_others(remote: CardDavRemote, status: int) -> None:
    def refuse(request: Request) -> Response | None:
        return Response(status) if request.method == "PUT" and b"Person 7" in request.body else None

    await pull(remote.provider)
    remote.server.before = refuse
    created = await gathered(remote.provider.create_all([person(number) for number in range(12)]))
    assert {number for number, one in created.items() if not isinstance(one, RemoteContact)} == {7}
    assert isinstance(created[7], Rejected)
    assert str(created[7])


async def test_what_ends_everything_ends_what_has_not_begun_and_the_rest_is_told(remote: CardDavRemote) -> None:
    sent = 0

    def break_down(request: Request) -> Response | None:
        nonlocal sent
        sent += request.method == "PUT"
        return Response(502) if request.method == "PUT" and sent > 10 else None

    await pull(remote.provider)
    remote.server.before = break_down
    told: dict[int, object] = {}

    async def create() -> None:
        async for answers in remote.provider.create_all([person(number) for number in range(90)]):
            told.update(answers)

    with pytest.raises(Unreachable):
        await create()
    assert len(told) == 10
    assert sent < 20


async def test_a_book_that_is_read_only_refuses_its_own_contacts_alone(remote: CardDavRemote) -> None:
    remote.server.make_book("other")
    here = await remote.add(person(1))
    elsewhere = remote.server.path("x.vcf", "other")
    await remote.change(elsewhere, person(2))
    known = (await pull(remote.provider)).changed
    remote.provider._books = [  # type: ignore[attr-defined]
        replace(one, writable="other" not in one.url)
        for one in remote.provider._books  # type: ignore[attr-defined]
    ]
    updates = [
        Update(known[one], replace(known[one].contact, company="Firm"), frozenset({"company"}))
        for one in (here, elsewhere)
    ]
    answers = await gathered(remote.provider.update_all(updates))
    assert isinstance(answers[0], RemoteContact)
    assert isinstance(answers[1], Rejected)
    assert "read-only" in str(answers[1])
    deleted = await gathered(remote.provider.delete_all([known[elsewhere]]))
    assert isinstance(deleted[0], Rejected)


async def test_new_contacts_go_to_the_chosen_address_book(remote: CardDavRemote) -> None:
    remote.server.make_book("Work")
    provider = remote.provider
    assert [one.name for one in await provider.places()] == [BOOK, "Work"]
    provider.setup = replace(provider.setup, settings={"place": "Work"})
    created = await gathered(provider.create_all([person(1)]))
    assert isinstance(created[0], RemoteContact)
    assert created[0].remote_id.startswith(remote.server.path("", "Work"))
    assert (await provider.create(person(2))).remote_id.startswith(remote.server.path("", "Work"))
    provider.setup = replace(provider.setup, settings={"place": "Gone"})
    refused = (await gathered(provider.create_all([person(3)])))[0]
    assert isinstance(refused, Rejected)
    assert "“Gone”" in str(refused)
