"""Groups that have a card of their own, as Apple's programs and vCard 4.0 know them."""

from __future__ import annotations

import json

import pytest

from coterie.core.errors import CursorExpired
from tests.providers.carddav.cards import apple_group, card
from tests.providers.carddav.conftest import CardDavRemote
from tests.providers.carddav.server import RadicaleServer
from tests.providers.contract import Round, pull


def groups_of(found: Round) -> dict[str, tuple[str, ...]]:
    return {one.contact.name: one.contact.groups for one in found.changed.values()}


@pytest.fixture
def people(server: RadicaleServer) -> None:
    server.put(server.path("a.vcf"), card("UID-A", "Ada"))
    server.put(server.path("uid-b.vcf"), card("uid-b", "Bob"))
    server.put(server.path("z.vcf"), card("UID-C", "Cleo", "CATEGORIES:Chess"))


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("name", ["0-first.vcf", "zz-last.vcf"])
async def test_members_of_a_group_card_are_in_the_group(either: CardDavRemote, name: str) -> None:
    server = either.server
    server.put(server.path(name), apple_group("Choir", "UID-A", "UID-C", "nobody"))
    server.put(server.path("g4.vcf"), card("g4", "Club", "KIND:group", "MEMBER:urn:uuid:uid-b").replace("3.0", "4.0"))
    first = await pull(either.provider)
    assert groups_of(first) == {"Ada": ("Choir",), "Bob": ("Club",), "Cleo": ("Chess", "Choir")}
    assert first.deleted == set()
    quiet = await pull(either.provider, first.cursor)
    assert (quiet.changed, quiet.deleted) == ({}, set())


@pytest.mark.usefixtures("people")
async def test_a_changed_group_card_changes_its_members(either: CardDavRemote) -> None:
    server = either.server
    server.put(server.path("g.vcf"), apple_group("Choir", "UID-A"))
    cursor = (await pull(either.provider)).cursor

    server.put(server.path("g.vcf"), apple_group("Choir", "uid-b"))
    swapped = await pull(either.provider, cursor)
    assert groups_of(swapped) == {"Ada": (), "Bob": ("Choir",)}

    server.put(server.path("g.vcf"), apple_group("Singers", "uid-b"))
    renamed = await pull(either.provider, swapped.cursor)
    assert groups_of(renamed) == {"Bob": ("Singers",)}

    server.put(server.path("uid-b.vcf"), card("uid-b", "Bob", "TITLE:Tenor"))
    edited = await pull(either.provider, renamed.cursor)
    assert groups_of(edited) == {"Bob": ("Singers",)}

    server.put(server.path("new.vcf"), card("UID-N", "New"))
    server.put(server.path("g.vcf"), apple_group("Singers", "uid-b", "UID-N"))
    grown = await pull(either.provider, edited.cursor)
    assert groups_of(grown) == {"New": ("Singers",)}

    server.delete(server.path("g.vcf"))
    gone = await pull(either.provider, grown.cursor)
    assert groups_of(gone) == {"Bob": (), "New": ()}
    assert gone.deleted <= {server.path("g.vcf")}


@pytest.mark.usefixtures("people")
async def test_the_first_group_card_of_an_account_asks_for_a_full_sync(either: CardDavRemote) -> None:
    server = either.server
    cursor = (await pull(either.provider)).cursor
    assert all(one["places"] is None for one in json.loads(cursor)["books"].values())
    server.put(server.path("g.vcf"), apple_group("Choir", "UID-A"))
    with pytest.raises(CursorExpired):
        await pull(either.provider, cursor)
    assert groups_of(await pull(either.provider))["Ada"] == ("Choir",)
