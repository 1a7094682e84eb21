"""The driver of `--linear`: it reads keys like that of the screen, and writes nothing but whole lines."""

from __future__ import annotations

from typing import Any, Final

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from coterie.tui.terminal.driver import DifferenceDriver

SIZE: Final = (200, 60)
"""Columns and lines of the screen that nobody sees."""
_PASSED: Final = ("\x1b]52;", "\x07")
"""What may go to the terminal besides lines, for it moves nothing: the clipboard and the bell."""


class LinearDriver(DifferenceDriver):
    """Takes frames for a sign that there may be something to say."""

    def take(self, *frame: Any) -> None:
        """Something was drawn."""
        self._look()

    def _look(self) -> None:
        if (narrator := getattr(self.app, "narrator", None)) is not None:
            narrator.look()

    def say(self, line: str) -> None:
        """Append a line."""
        LinuxDriver.write(self, f"{line}\n")

    def write(self, data: str) -> None:
        """Leave out whatever is for screens."""
        if data.startswith(_PASSED):
            LinuxDriver.write(self, data)

    def redraw(self) -> None:
        """Say once more what there is: another program may have had the terminal."""
        if (narrator := getattr(self.app, "narrator", None)) is not None:
            narrator.forget()

    def resume_application_mode(self) -> None:
        """Take the terminal again, and say where we are."""
        LinuxDriver.resume_application_mode(self)
        self.redraw()

    def _paint(self) -> None:
        self._due = False

    def terminal_size(self) -> tuple[int, int]:
        """That of the screen that nobody sees."""
        return SIZE

    def process_message(self, message: Message) -> None:
        """Send a key to the app; the terminal's own size means nothing here."""
        if isinstance(message, events.Resize):
            message = events.Resize(Size(*SIZE), Size(*SIZE))
        super().process_message(message)
        if isinstance(message, events.Key | events.Paste):
            self._call(self._look)  # what is said once more looks as before
