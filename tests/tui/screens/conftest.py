"""The whole program over a small real book, driven by keys."""

from __future__ import annotations

import builtins
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from coterie.core.book import Book
from coterie.core.changes import Create, CreateGroup, Plan
from coterie.core.listing import Listing, View
from coterie.core.model import Contact, Email
from coterie.tui.app import CoterieApp
from coterie.tui.memory import Memory
from coterie.tui.screens.base import CommandScreen
from coterie.tui.screens.contacts import ContactList
from coterie.tui.state import Options, State
from coterie.tui.widgets.status_bar import StatusBar

PEOPLE = (
    Contact(name="Ada Lovelace", emails=(Email("ada@example.org"),), company="Analytical", groups=("Choir",)),
    Contact(name="Bob Babbage", emails=(Email("bob@example.org"), Email("b@home.example")), favorite=True),
    Contact(name="Cleo Curie", company="Radium", job_title="Chemist", groups=("Board", "Choir")),
    Contact(name="Dora Darwin", emails=(Email("dora@example.org"),), notes="met in Rome"),
    Contact(name="Émile Euler", emails=(Email("emile@example.org"),), company="Analytical"),
)


PATIENCE = 30.0
"""Seconds after which a test that waits in vain fails."""


class Driver:
    """A running app: presses keys, waits for what follows, and reads what the screen and the book hold."""

    def __init__(self, app: CoterieApp, pilot: Pilot[None], book: Book) -> None:
        self.app = app
        self.pilot = pilot
        self.book = book

    @property
    def screen(self) -> Screen[object]:
        return self.app.screen

    @property
    def contacts(self) -> ContactList:
        assert isinstance(self.app.screen, ContactList)
        return self.app.screen

    @property
    def text(self) -> str:
        """Everything on the screen, as a terminal shows it."""
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips[:height] if width)

    @property
    def said(self) -> str:
        """The sentence in the status bar."""
        return self.app.state.said[0]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        await self.pilot.press(*("space" if letter == " " else letter for letter in text))

    async def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Let the app go on until `condition` holds; a core that is busy elsewhere only makes it later."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                waited = f"Waited in vain{f' for {what}' if what else ''}"
                raise AssertionError(f"{waited}. Said: {self.said!r}\n{self.text}")
            await self.pilot.pause(0.01)

    async def sees(self, *texts: str) -> None:
        await self.until(lambda: all(text in self.text for text in texts), repr(texts))

    async def misses(self, text: str) -> None:
        await self.until(lambda: text not in self.text, f"{text!r} to vanish")

    async def says(self, text: str) -> None:
        await self.until(lambda: text in self.said, f"the status bar to say {text!r}")

    async def opens(self, screen: builtins.type[Screen[object] | Widget]) -> None:
        await self.until(lambda: isinstance(self.app.screen, screen), f"{screen.__name__} to open")

    async def names(self, view: View = View.ALL, query: str = "") -> list[str]:
        return [row.name for row in await self.book.lists.rows(Listing(view, query=query), 0, 100)]


@asynccontextmanager
async def running(
    book: Book,
    *,
    size: tuple[int, int] = (100, 30),
    people: Sequence[Contact] = PEOPLE,
    options: Options | None = None,
    memory: Path | None = None,
) -> AsyncIterator[Driver]:
    """The program over `book`, which gets `people` first."""
    if people:
        await book.apply(Plan("add", "Add people", [*map(Create, people), CreateGroup("Empty")]))
    app = CoterieApp(book, State(Memory(memory), options))
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        driver = Driver(app, pilot, book)
        await driver.until(lambda: isinstance(app.screen, CommandScreen) and app.screen.query(StatusBar))
        size_of_book = await book.lists.count(Listing())
        await driver.until(lambda: driver.contacts.table.total == size_of_book == driver.contacts.figures.counts.all)
        yield driver


@pytest.fixture
async def driver(book: Book) -> AsyncIterator[Driver]:
    """The program over the five people of `PEOPLE`, at 100x30."""
    async with running(book) as one:
        yield one
