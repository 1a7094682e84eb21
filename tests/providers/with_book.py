"""A book and the accounts of real providers, writing back, for tests of what goes where."""

from __future__ import annotations

from dataclasses import replace

from coterie.core.book import Book
from coterie.core.bulk.merging import merge_plan
from coterie.core.changes import Change, Delete, Edit, Plan, Restore
from coterie.core.checks import Checks
from coterie.core.listing import Listing, View
from coterie.core.model import Contact
from coterie.core.provider import Provider
from coterie.core.sync import Ended, SyncReport, Vanishing, sync


class Synced:
    """One account of a book."""

    def __init__(self, book: Book, name: str, provider: Provider) -> None:
        self.book, self.name, self.provider = book, name, provider

    @classmethod
    async def of(cls, book: Book, provider: Provider, address: str = "ada@example.org") -> Synced:
        account = await book.accounts.add(provider.id, address)
        await book.accounts.update(replace(account, settings={"write": True}))
        return cls(book, account.name, provider)

    async def sync(self) -> SyncReport:
        async def confirm(_: Vanishing) -> bool:
            return True

        account = await self.book.accounts.named(self.name)
        events = [event async for event in sync(self.book, account, self.provider, confirm=confirm)]
        assert isinstance(events[-1], Ended)
        return events[-1].report

    async def people(self, view: View = View.ALL) -> dict[str, Contact]:
        return {one.name: one async for one in self.book.contacts(Listing(view))}

    async def apply(self, *changes: Change) -> None:
        await self.book.apply(Plan("edit", "Edit", changes))

    async def edit(self, name: str, **values: object) -> None:
        await self.apply(Edit((await self.people())[name].id or 0, values))

    async def delete(self, name: str) -> None:
        await self.apply(Delete(Checks.of([(await self.people())[name].id or 0])))

    async def restore(self) -> None:
        await self.apply(Restore(Listing(View.BIN)))

    async def merge(self, *names: str) -> None:
        people = await self.people()
        await self.book.apply(merge_plan([people[name] for name in names]))

    async def group(self, name: str) -> int:
        return next(one.id for one in await self.book.groups.all() if one.name == name)
