"""Real Textual programs at random: after every frame both outputs have led to the same screen."""

from __future__ import annotations

import random
from typing import Any

import pytest
from rich.console import Console
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import DataTable, Footer, Input, OptionList, Static

from coterie.core.listing import Listing
from coterie.tui.terminal.capabilities import Capabilities
from coterie.tui.terminal.screen import TerminalScreen
from coterie.tui.widgets.contact_table import ContactTable
from tests.tui.terminal.emulator import Terminal
from tests.tui.widgets.fake_book import FakeBook

CONSOLE = Console(color_system="truecolor", force_terminal=True, legacy_windows=False, _environ={})
NAMES = ["Ada", "山田太郎", "e\u0301lan", "😀 Smile", "한국", "Zoë", "x" * 70, ""]


class Veil(ModalScreen[None]):
    """A dialog with a translucent backdrop: it recolors every cell."""

    def compose(self) -> ComposeResult:
        yield Input("山 in a dialog")


class Opaque(ModalScreen[None]):
    DEFAULT_CSS = "Opaque { align: center middle; background: transparent; } Opaque Static { width: 21; height: 5; }"

    def compose(self) -> ComposeResult:
        yield Static("太郎 half over wide letters 山山山山山山", markup=False)


class Fuzzed(App[None]):
    CSS = "#side { width: 15; } DataTable, OptionList, ContactTable { height: 8; } Input { height: 3; }"

    def __init__(self, width: int, height: int, kind: Capabilities) -> None:
        super().__init__()
        self.kind = kind
        self.frames = 0
        self.begin(width, height)

    def begin(self, width: int, height: int) -> None:
        self.plain, self.light = Terminal(width, height), Terminal(width, height, self.kind.background_erase)
        self.model = TerminalScreen(self.kind)

    def compose(self) -> ComposeResult:
        yield Input()
        with Horizontal():
            yield Static("\n".join(NAMES), id="side", markup=False)
            with VerticalScroll():
                yield ContactTable(FakeBook(500))
                yield DataTable()
                yield OptionList(*(f"{number} {NAMES[number % 8]}" for number in range(50)))
        yield Footer()

    async def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("One", "Two", "Three")
        for number in range(40):
            table.add_row(NAMES[number % 8], str(number), NAMES[number % 5])
        await self.query_one(ContactTable).show(Listing(), ("emails", "company"))

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        super()._display(screen, renderable)
        if not isinstance(renderable, LayoutUpdate | ChopsUpdate) or self._batch_count:
            return
        if isinstance(renderable, LayoutUpdate) and renderable.region.size != self.model.size:
            self.begin(*renderable.region.size)
        if self.model.size == (0, 0) and isinstance(renderable, ChopsUpdate):
            return
        self.plain.feed(renderable.render_segments(CONSOLE))
        self.model.take(renderable)
        written = self.model.difference()
        self.light.feed(written)
        self.frames += 1
        difference = self.light.differs_from(self.plain)
        if difference is not None:
            raise AssertionError(f"frame {self.frames}: {difference} {written!r}")


KEYS = [
    "j",
    "tab",
    "shift+tab",
    "down",
    "down",
    "down",
    "up",
    "pagedown",
    "pageup",
    "end",
    "home",
    "a",
    "山",
    "space",
    "left",
]


@pytest.mark.parametrize("seed", range(5))
async def test_any_program_looks_the_same(seed: int) -> None:
    chance = random.Random(seed)
    kind = Capabilities(*(chance.random() < 0.5 for _ in range(4)))
    app = Fuzzed(0, 0, kind)
    async with app.run_test(size=(chance.randint(30, 90), chance.randint(12, 40))) as pilot:
        for _ in range(40):
            step = chance.random()
            table = app.screen_stack[0].query_one(ContactTable)
            if step < 0.6:
                await pilot.press(chance.choice(KEYS))
            elif step < 0.75:
                table.page(chance.choice([-1, 0.5, 1]))
            elif step < 0.85:
                table.toggle()
            elif step < 0.9:
                await pilot.resize_terminal(chance.randint(20, 90), chance.randint(8, 40))
            elif len(app.screen_stack) > 1:
                await app.pop_screen()
            else:
                await app.push_screen(chance.choice([Veil, Opaque])())
            await pilot.pause()
        assert app.frames > 25
