"""A stage for one dialog: an App that pushes it and keeps its answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from textual._context import active_app
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.store.journal.entries import Trace
from coterie.tui import themes

WAITING = object()


class Details:
    """A journal whose entries changed the same few values."""

    async def traces(self, operation_id: int, contacts: int = 100) -> list[Trace]:
        return [Trace(EVIL, "Company", f"old {operation_id}", EVIL)]

    async def others(self, operation_ids: Sequence[int]) -> dict[str, int]:
        return {}

    async def extent(self, operation_ids: Sequence[int]) -> int:
        return 132


EVIL = "Bob [/b] [a=1] [red]x\x1b[31m\u202emalice\x07 [@click=app.exit]y[/]"
"""Text from a stranger that would crash markup, color the terminal or turn the line round."""

HOSTILE = Contact(
    id=66,
    name=EVIL,
    given_name=EVIL,
    emails=(Email("bob@[/b].example", EVIL, primary=True), Email("second@example.org")),
    phones=(Phone(EVIL, EVIL),),
    company=EVIL,
    job_title=EVIL,
    groups=(EVIL,),
    notes=f"{EVIL}\n{EVIL}",
    birthday=EVIL,
    addresses=(Address(street=EVIL, city=EVIL, label=EVIL),),
    urls=(Url(EVIL, EVIL),),
    custom={EVIL: EVIL},
    version=3,
)

ADA = Contact(
    id=1,
    name="Ada King",
    given_name="Ada",
    family_name="King",
    emails=(Email("ada@example.org", "home"), Email("countess@example.com", "work", primary=True)),
    phones=(Phone("+44 20 7946 0000", "home"),),
    company="Analytical Engines",
    job_title="Mathematician",
    groups=("Choir", "Library"),
    notes="Met at the Royal Society.\nLikes looms.",
    birthday="1815-12-10",
    addresses=(Address(street="12 St James's Square", city="London", label="home"),),
    urls=(Url("https://example.org/ada"),),
    custom={"Number": "7"},
    version=2,
)


class Stage(App[None]):
    """The screen beneath a dialog."""

    COMMANDS = set()  # noqa: RUF012 - Textual's way
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, make: Callable[[], Any]) -> None:
        super().__init__()
        self.make = make
        self.answer: Any = WAITING
        self.answers = 0

    def compose(self) -> ComposeResult:
        yield Static("beneath")

    def on_mount(self) -> None:
        for name in themes.NAMES:
            theme = themes.find(name)
            assert theme is not None
            self.register_theme(theme)
        self.push_screen(self.make(), self._answered)

    def _answered(self, answer: Any) -> None:
        self.answer = answer
        self.answers += 1

    def seen(self) -> str:
        """The text on the screen, as the terminal would show it."""
        return "\n".join(
            "".join(segment.text for segment in strip) for strip in self.screen._compositor.render_strips()
        )


@asynccontextmanager
async def on_stage(
    make: Callable[[], Any], size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Stage, Pilot[None]]]:
    """The running stage and its pilot, once the dialog is up; `make` is called where an app is running."""
    stage = Stage(make)
    async with stage.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield stage, pilot


async def until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait until `condition` holds. Raises AssertionError, with the screen as it was last."""
    try:
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - what is waited for is on the screen, nothing tells of it
                await asyncio.sleep(0.01)
    except TimeoutError:
        stage = active_app.get()
        assert isinstance(stage, Stage)
        raise AssertionError(f"this never came:\n{stage.seen()}") from None


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Press the key of each character."""
    names = {" ": "space", "\n": "enter"}
    await pilot.press(*(names.get(char, char) for char in text))


def whole(stage: Stage) -> bool:
    """Whether the dialog's box lies inside the terminal, with all of its buttons in sight."""
    box = stage.screen.query_one("#dialog-box").region
    buttons = stage.screen.query_one("#dialog-buttons").region
    inside = stage.size.region
    return inside.contains_region(box) and inside.contains_region(buttons) and buttons.height >= 1
