"""What only SQL decides, on the other database: links that move, what departs, groups that come back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from coterie.core.book import Book
from coterie.core.bulk.merging import merge_plan
from coterie.core.changes import DeleteGroup, Plan, RenameGroup, Restore
from coterie.core.listing import Listing, View
from coterie.core.sync.leaving_out import restore_left_out
from coterie.core.sync.splitting import take_apart
from tests.conftest import settings_in
from tests.core.sync.test_sync import ADA, BOB, Pair


async def test_links_move_depart_and_return(tmp_path: Path, postgresql_url: str) -> None:
    async with await Book.open(settings_in(tmp_path, database_url=postgresql_url)) as book:
        home = Pair(book, await book.accounts.add("memory", "home@memory"))
        work = Pair(book, await book.accounts.add("memory", "work@memory"))
        for pair in (home, work):
            await pair.write_back()
        home.source.put(ADA)
        home.source.put(BOB)
        await home.sync()
        await book.history.undo()
        assert (await home.sync()).left_out == 2
        account = await book.accounts.named(home.name)
        await book.apply(restore_left_out(account, await book.accounts.left_out(account)))
        assert (await home.people())["Ada"].groups == ("Choir",)

        work.source.put(replace(ADA, notes="private", company="Work"))
        await work.sync()
        ada = (await home.people())["Ada"]
        assert len(ada.sources) == 2
        await book.apply(take_apart(ada, ada.sources[1], await book.accounts.links([ada.id or 0])))
        assert sorted(one.company for one in [each async for each in book.contacts(Listing())]) == [
            "",
            "Engines",
            "Work",
        ]
        await book.history.undo()
        assert len((await home.people())["Ada"].sources) == 2

        people = await home.people()
        await book.apply(merge_plan([people["Bob"], people["Ada"]]))
        assert (await home.sync()).sent_merged == 1
        [choir] = await book.groups.all()
        await book.apply(Plan("group", "Rename", [RenameGroup(choir.id, "Chorus")]))
        await home.sync()
        assert [one.contact.groups for one in home.source.contacts.values()] == [("Chorus",)]
        await book.apply(Plan("group", "Delete", [DeleteGroup(choir.id)]))
        await home.delete("Bob")
        assert (await home.sync()).sent_deleted == 1
        await book.apply(Plan("restore", "Restore", [Restore(Listing(View.BIN))]))
        assert (await home.sync()).sent_again >= 1
        assert all("private" not in one.contact.notes for one in home.source.contacts.values())
