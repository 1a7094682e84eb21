"""A book and a Radicale server, synced by the real engine in both directions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coterie.core.book import Book
from coterie.core.bulk.merging import merge_plan
from coterie.core.changes import Create, Delete, DeleteGroup, Edit, MergeGroup, Plan, RenameGroup
from coterie.core.checks import Checks
from coterie.core.listing import Listing, View
from coterie.core.model import Contact, Email
from coterie.core.sync import Ended, SyncReport, sync
from tests.providers.carddav.cards import apple_group, card
from tests.providers.carddav.conftest import CardDavRemote
from tests.providers.carddav.server import RadicaleServer
from tests.providers.server import Response


class Pair:
    """A book and the account of a CardDAV server, writing back."""

    def __init__(self, book: Book, name: str, remote: CardDavRemote) -> None:
        self.book, self.name, self.remote = book, name, remote

    async def sync(self) -> SyncReport:
        account = await self.book.accounts.named(self.name)
        events = [event async for event in sync(self.book, account, self.remote.provider)]
        assert isinstance(events[-1], Ended)
        return events[-1].report

    async def people(self, view: View = View.ALL) -> dict[str, Contact]:
        return {one.name: one async for one in self.book.contacts(Listing(view))}

    async def edit(self, name: str, **values: object) -> None:
        contact = (await self.people())[name]
        await self.book.apply(Plan("edit", "Edit", [Edit(contact.id or 0, values)]))


@pytest.fixture
async def pair(book: Book, remote: CardDavRemote) -> Pair:
    account = await book.accounts.add("carddav", "ada@127.0.0.1")
    settings = {"write": True, "new_contacts_since": "2026-01-01T00:00:00+00:00"}
    await book.accounts.update(replace(account, settings=settings))
    return Pair(book, account.name, remote)


async def test_both_sides_come_together_and_then_rest(pair: Pair, server: RadicaleServer) -> None:
    server.put(server.path("1.vcf"), card("UID-1", "Ada", "EMAIL:ada@example.org", "ORG:Engines"))
    server.put(server.path("2.vcf"), card("UID-2", "Bob", "EMAIL:bob@example.org", "CATEGORIES:Chess"))
    server.put(server.path("g.vcf"), apple_group("Choir", "UID-1"))
    report = await pair.sync()
    assert (report.created, report.full) == (2, True)
    people = await pair.people()
    assert (people["Ada"].groups, people["Bob"].groups) == (("Choir",), ("Chess",))

    await pair.edit("Ada", company="Ours")
    await pair.edit("Bob", groups=("Chess", "Choir"))
    server.put(server.path("1.vcf"), card("UID-1", "Ada", "EMAIL:ada@example.org", "ORG:Engines", "TITLE:Countess"))
    report = await pair.sync()
    assert (report.updated, report.sent_updated, report.conflicts) == (1, 2, 0)
    ada = (await pair.people())["Ada"]
    assert (ada.company, ada.job_title) == ("Ours", "Countess")
    there = server.get(server.path("1.vcf")) or ""
    assert "ORG:Ours" in there
    assert "TITLE:Countess" in there
    assert "urn:uuid:UID-2" in (server.get(server.path("g.vcf")) or "")

    history = await pair.book.history.latest()
    for _ in range(2):
        report = await pair.sync()
        assert (report.updated, report.sent_updated, report.created) == (0, 0, 0)
    assert await pair.book.history.latest() == history
    server.requests.clear()
    await pair.sync()
    assert len(server.requests) == 1


async def test_new_and_deleted_contacts_go_both_ways(pair: Pair, server: RadicaleServer) -> None:
    server.put(server.path("1.vcf"), card("UID-1", "Ada"))
    server.put(server.path("2.vcf"), card("UID-2", "Bob"))
    server.put(server.path("3.vcf"), card("UID-3", "Cleo"))
    await pair.sync()
    new = Contact(name="Dora", emails=(Email("dora@example.org"),), groups=("Choir",))
    await pair.book.apply(Plan("add", "Add", [Create(new)]))
    bob = (await pair.people())["Bob"]
    await pair.book.apply(Plan("delete", "Delete", [Delete(Checks.of([bob.id or 0]))]))
    server.delete(server.path("3.vcf"))
    report = await pair.sync()
    assert (report.deleted, report.sent_created, report.sent_deleted) == (1, 1, 1)
    assert server.get(server.path("2.vcf")) is None
    assert set(await pair.people()) == {"Ada", "Dora"}
    assert set(await pair.people(View.BIN)) == {"Bob", "Cleo"}
    report = await pair.sync()
    assert (report.created, report.sent_created, report.deleted) == (0, 0, 0)
    assert set(await pair.people()) == {"Ada", "Dora"}


async def test_a_renamed_group_card_arrives(pair: Pair, server: RadicaleServer) -> None:
    server.put(server.path("1.vcf"), card("UID-1", "Ada"))
    server.put(server.path("g.vcf"), apple_group("Choir", "UID-1"))
    await pair.sync()
    server.put(server.path("g.vcf"), apple_group("Singers", "UID-1"))
    await pair.sync()
    assert (await pair.people())["Ada"].groups == ("Singers",)


async def test_a_group_card_is_renamed_and_deleted_and_categories_follow(pair: Pair, server: RadicaleServer) -> None:
    server.put(server.path("1.vcf"), card("UID-1", "Ada"))
    server.put(server.path("2.vcf"), card("UID-2", "Bob", "CATEGORIES:Choir"))
    server.put(server.path("g.vcf"), apple_group("Choir", "UID-1"))
    await pair.sync()
    [choir] = await pair.book.groups.all()
    await pair.book.apply(Plan("group", "Rename", [RenameGroup(choir.id, "Chorus")]))
    report = await pair.sync()
    assert (report.sent_groups, report.refused) == (1, [])
    assert "FN:Chorus" in (server.get(server.path("g.vcf")) or "")
    assert "CATEGORIES" not in (server.get(server.path("2.vcf")) or "")  # if groups have cards, new ones do
    assert "UID-2" in (server.get(server.path("g.vcf")) or "")
    for _ in range(2):
        report = await pair.sync()
        assert (report.updated, report.conflicts, report.refused) == (0, 0, [])
    assert {one.groups for one in (await pair.people()).values()} == {("Chorus",)}
    await pair.book.apply(Plan("group", "Delete", [DeleteGroup(choir.id)]))
    await pair.sync()
    assert server.get(server.path("g.vcf")) is None
    await pair.sync()
    assert {one.groups for one in (await pair.people()).values()} == {()}


async def test_merged_groups_are_one_group_card_or_category(pair: Pair, server: RadicaleServer) -> None:
    server.put(server.path("1.vcf"), card("UID-1", "Ada"))
    server.put(server.path("2.vcf"), card("UID-2", "Bob"))
    server.put(server.path("g.vcf"), apple_group("Choir", "UID-1"))
    server.put(server.path("h.vcf"), apple_group("Chorus", "UID-2").replace("UID:g\r", "UID:h\r"))
    await pair.sync()
    choir, chorus = await pair.book.groups.all()
    await pair.book.apply(Plan("group", "Merge", [MergeGroup(choir.id, chorus.id)]))
    report = await pair.sync()
    assert report.refused == []
    assert server.get(server.path("g.vcf")) is None
    kept = server.get(server.path("h.vcf")) or ""
    assert "UID-1" in kept
    assert "UID-2" in kept
    for _ in range(2):
        report = await pair.sync()
        assert (report.updated, report.conflicts, report.refused) == (0, 0, [])
    assert {one.groups for one in (await pair.people()).values()} == {("Chorus",)}


async def test_a_merge_keeps_the_lines_of_both_cards_and_what_is_restored_comes_back_whole(
    pair: Pair, server: RadicaleServer
) -> None:
    server.put(server.path("1.vcf"), card("UID-1", "Ada", "EMAIL:ada@example.org", "X-ONE:1"))
    server.put(
        server.path("2.vcf"),
        card("UID-2", "Ada King", "EMAIL:king@example.org", "X-TWO:2", "PHOTO;ENCODING=b;TYPE=PNG:iVBORw0KGgo="),
    )
    await pair.sync()
    people = await pair.people()
    await pair.book.apply(merge_plan([people["Ada"], people["Ada King"]]))
    report = await pair.sync()
    assert (report.sent_merged, report.refused) == (1, [])
    kept = server.get(server.path("1.vcf")) or ""
    for line in ("UID:UID-1", "X-ONE:1", "X-TWO:2", "iVBORw0KGgo=", "ada@example.org", "king@example.org"):
        assert line in kept
    assert "UID-2" not in kept
    assert server.get(server.path("2.vcf")) is None
    while len(await pair.people()) < 2:
        await pair.book.history.undo()
    report = await pair.sync()
    assert (report.sent_again, report.refused) == (1, [])
    [king] = (await pair.people())["Ada King"].sources
    again = server.get(king.remote_id) or ""
    for line in ("UID:UID-2", "X-TWO:2", "iVBORw0KGgo=", "king@example.org"):
        assert line in again


async def test_a_merged_card_has_once_what_a_card_has_once(pair: Pair, server: RadicaleServer) -> None:
    """Coterie writes an empty N, too; servers refuse a card with two."""
    server.put(server.path("0.vcf"), card("UID-0", "Works", "NOTE:Ours"))
    empty = card("UID-1", "Mills", "ORG:;", "NOTE:").replace("N:;Mills;;;", "N:;;;;")
    server.put(server.path("1.vcf"), empty)
    await pair.sync()
    people = await pair.people()
    await pair.book.apply(merge_plan([people["Works"], people["Mills"]]))
    report = await pair.sync()
    assert (report.sent_merged, report.refused) == (1, [])
    assert (server.get(server.path("0.vcf")) or "").count("\r\nN:") == 1
    assert (server.get(server.path("0.vcf")) or "").count("\r\nNOTE:") == 1


async def test_a_group_that_is_refused_is_listed_and_sent_again(pair: Pair, server: RadicaleServer) -> None:
    server.put(server.path("1.vcf"), card("UID-1", "Ada"))
    server.put(server.path("g.vcf"), apple_group("Choir"))
    await pair.sync()
    server.before = lambda one: Response(403) if one.method == "PUT" and b"SERVER-KIND" in one.body else None
    await pair.edit("Ada", groups=("Choir",), company="Works")
    for _ in range(2):
        report = await pair.sync()
        assert [(one.action, one.name) for one in report.refused] == [("update", "Ada")]
        assert "ORG:Works" in (server.get(server.path("1.vcf")) or "")
    server.before = lambda _: None
    assert (await pair.sync()).refused == []
    assert "UID-1" in (server.get(server.path("g.vcf")) or "")
    assert (await pair.people())["Ada"].groups == ("Choir",)


async def test_a_card_that_moves_to_another_address_book_is_the_same_contact(
    pair: Pair, server: RadicaleServer
) -> None:
    server.put(server.path("1.vcf"), card("UID-1", "Ada", "EMAIL:ada@example.org"))
    server.put(server.path("2.vcf"), card("UID-2", "Bob"))
    await pair.sync()
    await pair.edit("Ada", favorite=True, notes="mine")
    server.delete(server.path("1.vcf"))
    server.put(server.path("moved.vcf"), card("UID-1", "Ada", "EMAIL:ada@example.org"))
    report = await pair.sync()
    assert (report.created, report.deleted) == (0, 0)
    ada = (await pair.people())["Ada"]
    assert (ada.favorite, ada.notes, len(ada.sources)) == (True, "mine", 1)
