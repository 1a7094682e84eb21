"""Long work: a dialog that appears only when it takes long, shows how far it is, and lets the user stop it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from threading import Event
from typing import Any, ClassVar, TypeVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Button, Static

from coterie.core.changes import Progress
from coterie.core.errors import Cancelled
from coterie.core.text import printable
from coterie.tui.messages import Progressed
from coterie.tui.widgets.modal import KeyLine, Modal

Result = TypeVar("Result")

PATIENCE = 0.4
"""Seconds that work may take before the dialog appears."""


class ProgressScreen(Modal[None]):
    """What is being done, how far it is, and a button that stops it.

    Args:
        title: what is being done.
        stop: set when the user wants it to end.
    """

    KEYS: ClassVar = frozenset({"escape", "tab", "shift+tab", "ctrl+q"})
    """What can be pressed here. Nothing has the focus: an enter meant for what follows must not stop the work."""
    AUTO_FOCUS = ""
    CSS_PATH = "progress.tcss"
    BINDINGS = [Binding("escape", "stop", "cancel", tooltip="Stop it; you are told what was done.")]  # noqa: RUF012 - Textual's way

    def __init__(self, title: str, stop: Event) -> None:
        super().__init__()
        self.heading = self._title = printable(title)
        self._stop = stop

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical(id="progress-box"):
            yield Static(self._title, id="progress-title", markup=False)
            yield Static("…", id="progress-count", markup=False)
            yield Button(Content.assemble("Cancel ", ("esc", "dim")), id="progress-stop", compact=True)
        yield KeyLine()

    @on(Progressed)
    def _progressed(self, message: Progressed) -> None:
        done, total = message.done, message.total
        text = f"{done:,}" if total is None else f"{done:,} of {total:,}"
        if total:
            room = 30
            filled = round(room * min(done / total, 1))
            text = f"{'━' * filled}{'─' * (room - filled)}  {text}"
        self.query_one("#progress-count", Static).update(text)

    @on(Button.Pressed)
    def action_stop(self) -> None:
        """Ask the work to end; the book is then as it was before."""
        self._stop.set()
        self.query_one("#progress-count", Static).update("Stopping…")


async def with_progress(app: App[Any], title: str, work: Callable[[Progress], Awaitable[Result]]) -> Result:
    """Await `work`, showing its progress once it takes long. Raises what it raises, and Cancelled."""
    stop = Event()
    screen = ProgressScreen(title, stop)

    def progress(done: int, total: int | None) -> None:
        if stop.is_set():
            raise Cancelled("You stopped it.", "Nothing was changed.")
        screen.post_message(Progressed(done, total))

    task = asyncio.ensure_future(work(progress))
    try:
        await asyncio.wait({task}, timeout=PATIENCE)
        if not task.done():
            await app.push_screen(screen)
        return await task
    except asyncio.CancelledError:
        stop.set()
        task.cancel()
        raise
    finally:
        screen.answer(None)
