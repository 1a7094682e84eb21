"""A move between accounts with the book on a server."""

from __future__ import annotations

from pathlib import Path

from coterie.core.book import Book
from coterie.core.bulk.moving import Moving
from coterie.core.checks import Checks
from coterie.core.model import Contact, Email
from coterie.core.provider import Setup
from coterie.providers.memory import MemoryProvider, MemorySource
from tests.conftest import settings_in
from tests.providers.prompter import MemoryTokens
from tests.providers.with_book import Synced


async def test_a_move_is_carried_out_and_undone(tmp_path: Path, postgresql_url: str) -> None:
    sources = MemorySource(), MemorySource()
    sources[0].put(Contact(name="Ada", emails=(Email("ada@x.org"),)))
    async with await Book.open(settings_in(tmp_path, database_url=postgresql_url)) as book:
        home, work = [
            await Synced.of(book, MemoryProvider(Setup(MemoryTokens(), write=True), source), name)
            for source, name in zip(sources, ("home", "work"), strict=True)
        ]
        await home.sync()
        await work.sync()
        places = await book.accounts.places()
        ids = Checks.of([one.id or 0 for one in (await home.people()).values()])
        outcome = await book.apply(Moving(places[1], places).plan(ids))
        assert outcome.summary.startswith("Moved Ada to memory:work")
        traces = await book.history.traces(outcome.operation_id or 0)
        assert [(one.field, one.old, one.new) for one in traces] == [
            ("Place", "memory:home", ""),
            ("Place", "", "memory:work"),
        ]
        await work.sync()
        await home.sync()
        assert [len(one.contacts) for one in sources] == [0, 1]
        await book.history.undo()
        await home.sync()
        await work.sync()
        assert [len(one.contacts) for one in sources] == [1, 0]
        assert len(await home.people()) == 1
