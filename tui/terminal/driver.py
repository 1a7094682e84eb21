"""Textual's driver for real terminals, made for slow lines and for terminals that go away."""

from __future__ import annotations

import os
import signal
import termios
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from rich.console import COLOR_SYSTEMS
from textual import events
from textual.app import App
from textual.geometry import Size
from textual.message import Message

from coterie.tui.terminal.capabilities import Capabilities
from coterie.tui.terminal.flow import Flow
from coterie.tui.terminal.output_file import OutputFile
from coterie.tui.terminal.screen import TerminalScreen
from coterie.tui.terminal.takeover import ALT_SCREEN, Takeover, output
from coterie.tui.terminal.textual_private import PrivateDriver, Update
from coterie.tui.terminal.typed import Answers, events_from

FAREWELL_WAIT: Final = 1.0
"""Seconds after a question in which to wait for the answer before leaving, lest the next program gets it."""

CATCH_UP: Final = 0.75
"""Seconds for which a frame waits at most while keys wait to be carried out: they change it again in a moment."""

LOOK_EVERY: Final = 0.02
"""Seconds after which is looked whether they still do."""

AS_AT_FIRST: Final = "\x1b[r\x1b[4l\x1b[?6l\x1b[?1l\x1b[?1002l\x1b>\x1b(B\x0f"
"""Ends what editors set and we don't: margins, inserting, keypad and mouse modes, character sets (VT100, xterm)."""

SMALLEST: Final = (20, 5)
"""Columns and lines that the program lays out at least: widgets of Textual fail with fewer. A smaller terminal shows
nothing but `TOO_SMALL`."""

TOO_SMALL: Final = "Too small"

POINTER: Final = "\x1b]22;"
"""The beginning of what sets the shape of the mouse pointer; Textual repeats it with each screen."""


class DifferenceDriver(PrivateDriver):
    """Writes differences between frames, one at a time, and none that the reader has no time for.

    `take` notes a frame; it is written as soon as the frame before has gone out, and together with those that came
    meanwhile. Everything else (bell, clipboard, title, mouse and keyboard modes) passes through `write` as ever.
    """

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._output = OutputFile(output(), self._on_drained, self._on_lost)
        self.write_to(self._output)
        capabilities = Capabilities.of(os.environ.get("TERM", ""))
        if _expands_tabs(self._output.fileno()):
            capabilities = replace(capabilities, tab_stops=False)
        self._screen = TerminalScreen(capabilities, COLOR_SYSTEMS[app.console.color_system or "truecolor"])
        self._flow = Flow()
        self._busy = False  # a frame is being written
        self._due = False  # there is something newer to show
        self._timer: Any = None
        self._painted = 0.0  # when the last frame was written
        self._rest = (0, 0)
        self._synchronized = False
        self._known_size: tuple[int, int] | None = None
        self._resized = False
        self._wake: tuple[int, int] | None = None
        self._open = False
        self._is_taking_again = False
        self._pointer = ""  # the shape that was set last
        self._takeover: Takeover | None = getattr(app, "takeover", None)

    # Frames ----------------------------------------------------------------------------------------------------

    def take(self, update: Update, rest: tuple[int, int], synchronized: bool) -> None:
        """Show `update`, now or as soon as the terminal has time.

        Args:
            rest: where to leave the cursor, (column, line).
            synchronized: whether the terminal said that it knows synchronized output.
        """
        self._screen.take(update)
        self._rest, self._synchronized = rest, synchronized
        self._due = True
        self._paint()

    def redraw(self) -> None:
        """Write the whole screen again: something else may have written to the terminal."""
        self._screen.forget()
        self._due = True
        self._paint()

    def write(self, data: str) -> None:
        """Write what is no frame: as it is, and the shape of the pointer only if it is another one."""
        if data == ALT_SCREEN and self._screen.is_known:
            return
        if data.startswith(POINTER):
            if data == self._pointer:
                return
            self._pointer = data
        super().write(data)

    def _paint(self) -> None:
        if self._resized:
            self._resized = False
            self._screen.forget()
        if not self._due or self._busy or not self._open:
            return
        if self._known_size is not None and self._known_size != _at_least(self._known_size):
            self._due = False
            self._screen.forget()
            self.write(f"\x1b[H\x1b[2J{TOO_SMALL[: self._known_size[0]]}")
            return
        now = time.monotonic()
        if delay := self._flow.delay(now) or self._behind(now):
            if self._timer is None:
                self._timer = self.loop.call_later(delay, self._on_timer)
            return
        self._due = False
        text = self._screen.difference(self._rest, self._synchronized)
        if text:
            self._busy = True
            self._painted = now
            self.write(text + self._flow.question(len(text), now))

    def _behind(self, now: float) -> float:
        """Seconds to wait because keys wait; 0 if none do, or if they have done so for long."""
        left = self._painted + CATCH_UP - now
        return min(left, LOOK_EVERY) if left > 0 and getattr(self.app, "keys_wait", False) else 0

    def _on_timer(self) -> None:
        self._timer = None
        self._paint()

    def _on_drained(self) -> None:
        """Called by the output thread when it has written everything."""
        if self._busy:
            self._call(self._next_frame)

    def _next_frame(self) -> None:
        self._busy = False
        self._paint()

    def _on_answer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._paint()

    def _call(self, callback: Callable[[], None]) -> None:
        """Have the event loop call `callback`, unless the program is ending."""
        try:
            self.loop.call_soon_threadsafe(callback)
        except RuntimeError:  # the loop is closed
            self._busy = False

    # A terminal of one's own -----------------------------------------------------------------------------------

    def start_application_mode(self) -> None:
        """Take over the terminal: what it shows is unknown, unless we have it already."""
        attributes = None
        self._screen.forget()
        if self._takeover is not None:
            attributes = self._takeover.hand_over()
            if attributes is not None:
                self._screen.adopt(self._takeover.lines, *self._takeover.shown_size)
                self._known_size = self._takeover.shown_size
            self._takeover = None
        self._flow.reset()
        self._busy = False
        self._pointer = f"{POINTER}default\x07"
        self._wake = os.pipe()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if attributes is not None:
            self.attrs_before = attributes
        self._open = True
        self._due = self._screen.size != (0, 0)
        self._paint()

    def disable_input(self) -> None:
        """Stop reading keys, after the terminal's last answer if one is due."""
        self._open = False
        while self.is_reading and not self._output.is_lost and self._flow.is_waiting(time.monotonic() - FAREWELL_WAIT):
            time.sleep(0.005)
        if self._wake is not None and not self.exit_event.is_set():
            os.write(self._wake[1], b"!")
        if self._is_taking_again:
            self.stop_reading()
        else:
            super().disable_input()
        if self._wake is not None:
            os.close(self._wake[0])
            os.close(self._wake[1])
            self._wake = None

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        self.write(self._screen.leave())
        super().stop_application_mode()

    def resume_application_mode(self) -> None:
        """Take the terminal again, from a program that may have been killed."""
        self._output.write(AS_AT_FIRST)
        super().resume_application_mode()

    # Stopping (ctrl+z) -----------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Give the terminal back and stop, with all programs of this job (`uv run`); return when that is over.

        If no shell could continue the job, the system does not stop it.
        """
        self.suspend_application_mode()
        kept = signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        try:
            os.killpg(os.getpgrp(), signal.SIGTSTP)
        finally:
            signal.signal(signal.SIGTSTP, kept)
        self._stop_process()
        self.resume_application_mode()

    def _stop_process(self) -> None:
        """Stop until we are continued in the foreground."""
        kept = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        try:
            signal.pthread_kill(threading.get_ident(), signal.SIGTSTP)
        finally:
            signal.signal(signal.SIGTSTP, kept)
        while self._is_in_background():
            os.kill(os.getpid(), signal.SIGSTOP)

    def _is_in_background(self) -> bool:
        try:
            return os.tcgetpgrp(self.fileno) != os.getpgrp()
        except OSError:  # it is not the terminal that controls us
            return False

    def asked_to_stop(self) -> None:
        """Somebody else asks us to stop: at once if another program has the terminal, as its ctrl+z is meant for it."""
        if self.takes_terminal_back:
            self._call(self.stop)
        else:
            self._stop_process()

    def continued(self) -> None:
        """Somebody else stopped us before we could give the terminal back: take it once more."""
        if self.takes_terminal_back and self._open:
            self._call(self._take_again)

    def _take_again(self) -> None:
        """Take the terminal once more; keys typed in this moment are ours."""
        if not self._open:
            return
        self._is_taking_again = True
        try:
            self.suspend_application_mode()
        finally:
            self._is_taking_again = False
        self.resume_application_mode()

    def terminal_size(self) -> tuple[int, int]:
        """The columns and lines that the program lays out."""
        try:
            width, height = os.get_terminal_size(self._output.fileno())
        except OSError:
            width, height = 0, 0
        if not (width and height):  # a serial line knows none; COLUMNS and LINES are often old (readline leaves them)
            width, height = super().terminal_size()
        self._note_size((width, height))
        return _at_least((width, height))

    def process_message(self, message: Message) -> None:
        """Send a key, the mouse or a new size to the app."""
        if isinstance(message, events.Resize):
            self._note_size(message.size)
            if (size := Size(*_at_least(message.size))) != message.size:
                message = events.Resize(size, size)
        super().process_message(message)

    def _note_size(self, size: tuple[int, int]) -> None:
        """Terminals rearrange what they show when their size changes, be it for a moment only."""
        if self._known_size not in {None, size}:
            self._resized = True
            self._call(self._after_resize)
        self._known_size = size

    def _after_resize(self) -> None:
        # If Textual sees no other size in the end, nobody else would draw.
        if self._known_size is not None and self._screen.size == _at_least(self._known_size):
            self._due = True
            self._paint()

    def _on_lost(self) -> None:
        """The terminal is gone: nobody can read, nobody can answer; end."""
        self._call(self._end)

    def _end(self) -> None:
        if self.app.is_running:
            self.app.exit(return_code=1)

    # Keys ------------------------------------------------------------------------------------------------------

    def run_input_thread(self) -> None:
        """Read keys until `disable_input`, or until the terminal is gone."""
        assert self._wake is not None
        try:
            for event in events_from(self.fileno, self._wake[0], self.key_parser(), Answers(self._answered)):
                self.process_message(event)
        except EOFError:
            self._on_lost()

    def _answered(self) -> None:
        self._flow.answered()  # at once: the event loop may be waiting for it in disable_input
        self._call(self._on_answer)


def _at_least(size: tuple[int, int]) -> tuple[int, int]:
    """The size that the program lays out in a terminal of that size."""
    return max(size[0], SMALLEST[0]), max(size[1], SMALLEST[1])


def _expands_tabs(fileno: int) -> bool:
    """Whether the terminal driver writes blanks for tabs (`stty tab3`, `stty oxtabs` on BSD)."""
    flag: int = getattr(termios, "TAB3", getattr(termios, "OXTABS", 0))
    try:
        return flag != 0 and int(termios.tcgetattr(fileno)[1]) & flag == flag
    except termios.error:
        return False
