"""A book and a Microsoft account through the sync engine: folders, moves, a lost cursor, and writing back."""

from __future__ import annotations

from dataclasses import replace

from coterie.core.book import Book
from coterie.core.changes import Delete, Edit, Plan, RenameGroup
from coterie.core.checks import Checks
from coterie.core.listing import Listing, View
from coterie.core.model import Contact
from coterie.core.sync import Ended, SyncReport, Vanishing, sync
from tests.providers.contract import PEOPLE
from tests.providers.microsoft.conftest import MicrosoftRemote
from tests.providers.microsoft.server import MicrosoftServer
from tests.providers.with_book import Synced

NAME = "microsoft:ada@example.org"


async def synced(book: Book, remote: MicrosoftRemote) -> SyncReport:
    async def confirm(_question: Vanishing) -> bool:
        return True

    account = await book.accounts.named(NAME)
    events = [event async for event in sync(book, account, remote.provider, confirm=confirm)]
    assert isinstance(events[-1], Ended)
    return events[-1].report


async def people(book: Book, view: View = View.ALL) -> dict[str, Contact]:
    return {one.name: one async for one in book.contacts(Listing(view))}


async def test_what_happens_there_happens_here(book: Book, remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    await book.accounts.add("microsoft", "ada@example.org")
    folder = server.folder("Work")
    ids = [await remote.add(person) for person in PEOPLE]
    mover = server.put({"displayName": "Mover"}, folder=folder)
    assert (await synced(book, remote)).created == len(PEOPLE) + 1

    server.move(mover, server.default)
    server.remove(ids[0])
    report = await synced(book, remote)
    assert (report.created, report.deleted, report.full) == (0, 1, False)

    server.expire()
    server.remove(ids[1])
    server.remove_folder(folder)
    report = await synced(book, remote)
    assert (report.created, report.deleted, report.full) == (0, 1, True)
    assert set(await people(book)) == {"Mover", *(person.name for person in PEOPLE[2:])}
    assert set(await people(book, View.BIN)) == {person.name for person in PEOPLE[:2]}


async def test_what_happens_here_happens_there(book: Book, remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    await book.accounts.add("microsoft", "ada@example.org")
    edited, deleted = [await remote.add(person) for person in PEOPLE[:2]]
    await synced(book, remote)
    account = await book.accounts.named(NAME)
    await book.accounts.update(replace(account, settings={**account.settings, "write": True}))
    ours = await people(book)
    values = {"company": "Here", "groups": ("Choir",)}
    await book.apply(Plan("edit", "Edit", [Edit(ours[PEOPLE[0].name].id or 0, values)]))
    await book.apply(Plan("delete", "Delete", [Delete(Checks.of([ours[PEOPLE[1].name].id or 0]))]))
    report = await synced(book, remote)
    assert (report.sent_updated, report.sent_deleted) == (1, 1)
    assert (server.contacts[edited]["companyName"], server.contacts[edited]["categories"]) == ("Here", ["Choir"])
    assert deleted not in server.contacts
    report = await synced(book, remote)
    assert (report.updated, report.deleted, report.sent_updated, report.sent_deleted) == (0, 0, 0, 0)


async def test_a_merge_and_a_return_keep_what_no_field_shows(
    book: Book, remote: MicrosoftRemote, server: MicrosoftServer
) -> None:
    outlook = await Synced.of(book, remote.provider)
    first = server.put({"displayName": "Ada", "spouseName": "William", "imAddresses": ["ada@im"]})
    second = server.put({"displayName": "Ada King", "manager": "Babbage", "imAddresses": ["king@im"]})
    server.photos[second] = b"a picture"
    await outlook.sync()
    await outlook.merge("Ada", "Ada King")
    report = await outlook.sync()
    assert server.photos[first] == b"a picture"
    assert (report.sent_merged, report.refused, second in server.contacts) == (1, [], False)
    kept = server.contacts[first]
    assert (kept["spouseName"], kept["manager"], kept["imAddresses"]) == ("William", "Babbage", ["ada@im", "king@im"])
    await outlook.delete("Ada")
    await outlook.sync()
    assert server.contacts == {}
    await outlook.restore()
    report = await outlook.sync()
    assert (report.sent_again, report.refused) == (1, [])
    again = next(one for one in server.contacts.values() if one["displayName"] == "Ada")
    assert (again["spouseName"], again["manager"]) == ("William", "Babbage")


async def test_a_renamed_category_is_renamed_with_each_contact(
    book: Book, remote: MicrosoftRemote, server: MicrosoftServer
) -> None:
    """Graph cannot rename a category, and contacts hold its name: the old one is left with nobody."""
    outlook = await Synced.of(book, remote.provider)
    ids = [server.put({"displayName": name, "categories": ["Choir", "Other"]}) for name in ("Ada", "Bob")]
    await outlook.sync()
    await outlook.apply(RenameGroup(await outlook.group("Choir"), "Chorus"))
    await outlook.sync()
    assert [set(server.contacts[one]["categories"]) for one in ids] == [{"Chorus", "Other"}] * 2
    report = await outlook.sync()
    assert (report.updated, report.sent_updated) == (0, 0)
