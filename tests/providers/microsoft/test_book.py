"""A book and a Microsoft account through the sync engine: folders, moves, a lost cursor, and writing back."""

from __future__ import annotations

from dataclasses import replace

from coterie.core.book import Book
from coterie.core.change import Delete, Edit, Plan
from coterie.core.checks import Checks
from coterie.core.listing import Listing, View
from coterie.core.model import Contact
from coterie.core.sync import Ended, SyncReport, Vanishing, sync
from tests.providers.contract import PEOPLE
from tests.providers.microsoft.conftest import MicrosoftRemote
from tests.providers.microsoft.server import MicrosoftServer

NAME = "microsoft:ada@example.org"


async def synced(book: Book, remote: MicrosoftRemote) -> SyncReport:
    async def confirm(_question: Vanishing) -> bool:
        return True

    account = await book.account(NAME)
    events = [event async for event in sync(book, account, remote.provider, confirm=confirm)]
    assert isinstance(events[-1], Ended)
    return events[-1].report


async def people(book: Book, view: View = View.ALL) -> dict[str, Contact]:
    return {one.name: one async for one in book.contacts(Listing(view))}


async def test_what_happens_there_happens_here(book: Book, remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    await book.add_account("microsoft", "ada@example.org")
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
    await book.add_account("microsoft", "ada@example.org")
    edited, deleted = [await remote.add(person) for person in PEOPLE[:2]]
    await synced(book, remote)
    account = await book.account(NAME)
    await book.update_account(replace(account, settings={**account.settings, "write": True}))
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
