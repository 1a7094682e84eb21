"""Runs a program in a real pseudo-terminal and looks at its screen, as a person would.

    with Terminal(["coterie", "--demo"], size="80x24") as terminal:
        terminal.wait_for("All contacts")
        terminal.press("j", "space", "/").type("ada")
        assert "1 checked" in terminal.text

Reads and draws with pyte. Nothing sleeps for a fixed time: every wait ends as soon as what it waits for is there.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte
from pyte.screens import Char

from tests import preloaded

COTERIE = [sys.executable, "-m", "coterie.tui"]
KEYS = {
    "enter": "\r", "escape": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ", "backspace": "\x7f",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "delete": "\x1b[3~", "f1": "\x1bOP",
}  # fmt: skip

# pyte knows neither these private sequences (kitty keyboard, mode requests) nor how to skip them.
UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")


class TimedOut(AssertionError):
    """What was waited for did not come; the message shows the screen."""


class Terminal:
    """A program in a pseudo-terminal.

    Args:
        command: the program and its arguments.
        size: columns x lines.
        environment: set in addition to this process's; an empty value unsets.
        cwd: where it runs.
        timeout: seconds that a wait may take.
        fresh: whether it imports its modules itself, as at its first start; else see `tests.preloaded`.

    Attributes:
        screen: pyte's screen: cells with their attributes.
        written: all bytes that the program wrote.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        size: str = "80x24",
        environment: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        timeout: float = 60.0,
        fresh: bool = False,
    ) -> None:
        columns, lines = map(int, size.split("x"))
        self.screen = pyte.Screen(columns, lines)
        self.timeout = timeout
        self.written = bytearray()
        self._stream = pyte.ByteStream(self.screen)
        self._rest = b""
        self._lines: list[str] | None = None
        self._pty, inner = pty.openpty()
        self._set_size(columns, lines)
        settings = {"TERM": "xterm-256color", "COLORTERM": "", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "NO_COLOR": ""}
        settings |= environment or {}
        surroundings = {name: value for name, value in (os.environ | settings).items() if value or name not in settings}
        words = [str(word) for word in command]
        self.process: subprocess.Popen[bytes] | preloaded.Process
        if words[:3] == COTERIE and not fresh and preloaded.can_run_with(surroundings):
            streams = (inner, inner, inner)
            self.process = preloaded.Process(words[3:], streams, environment=surroundings, cwd=cwd, session=True)
        else:
            self.process = subprocess.Popen(
                words, stdin=inner, stdout=inner, stderr=inner, env=surroundings, cwd=cwd, preexec_fn=_own_terminal
            )
        os.close(inner)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the program, if it still runs, and close the terminal."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.hang_up()

    def hang_up(self) -> None:
        """Close the terminal's outer end, as a lost connection does."""
        if self._pty >= 0:
            os.close(self._pty)
            self._pty = -1

    # Typing ----------------------------------------------------------------------------------------------------

    def press(self, *keys: str) -> Terminal:
        """Press keys, one after the other: characters, names of `KEYS`, `ctrl+x`. The screen settles after each."""
        for key in keys:
            if key.startswith("ctrl+"):
                self.send(chr(ord(key[-1]) & 0x1F))
            else:
                self.send(KEYS.get(key, key))
        return self

    def type(self, text: str) -> Terminal:
        """Type a text letter by letter."""
        for letter in text:
            os.write(self._pty, letter.encode())
            self.settle(0.01)
        return self.settle()

    def paste(self, text: str) -> Terminal:
        """Paste a text (bracketed paste)."""
        return self.send(f"\x1b[200~{text}\x1b[201~")

    def send(self, sequence: str) -> Terminal:
        """Send characters as they are, and let the screen settle."""
        self.write(sequence)
        return self.settle()

    def write(self, sequence: str) -> None:
        """Send characters as they are, and wait for nothing."""
        os.write(self._pty, sequence.encode())

    def click(self, x: int, y: int) -> Terminal:
        """Click the left button on a cell (from 0)."""
        return self.send(f"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m")

    def click_on(self, text: str) -> Terminal:
        """Click where `text` first stands on the screen."""
        for y, line in enumerate(self.lines):
            if (x := line.find(text)) >= 0:
                return self.click(x, y)
        raise TimedOut(f"{text!r} is not on the screen:\n{self.text}")

    def resize(self, columns: int, lines: int) -> Terminal:
        """Give the terminal another size."""
        self.screen.resize(lines, columns)
        self._lines = None
        self._set_size(columns, lines)
        self.process.send_signal(signal.SIGWINCH)
        return self.settle()

    # Looking ---------------------------------------------------------------------------------------------------

    @property
    def lines(self) -> list[str]:
        """The lines of the screen, without the blanks at their ends."""
        if self._lines is None:
            self._lines = [line.rstrip() for line in self.screen.display]
        return self._lines

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(self.lines)

    def line_with(self, text: str) -> str:
        """The first line that contains `text`."""
        self.wait_for(text)
        return next(line for line in self.lines if text in line)

    def cell(self, x: int, y: int) -> Char:
        """A cell: its `data`, colors `fg` and `bg`, `bold`, `reverse`, `underscore` …"""
        return self.screen.buffer[y][x]

    def wait_for(self, text: str) -> Terminal:
        """Wait until `text` is on the screen."""
        return self.wait_until(lambda: text in self.text, f"{text!r} on the screen")

    def wait_for_same(self, other: Terminal) -> Terminal:
        """Wait until the other terminal's screen shows what this one's does."""

        def is_same() -> bool:
            other.settle()
            return self.screen.display == other.screen.display

        return self.wait_until(is_same, f"the same as this:\n{other.text}\n")

    def wait_gone(self, text: str) -> Terminal:
        """Wait until `text` is not on the screen."""
        return self.wait_until(lambda: text not in self.text, f"{text!r} gone from the screen")

    def wait_until(self, condition: Callable[[], object], what: str = "a condition") -> Terminal:
        """Wait until `condition` holds. Raises TimedOut."""
        end = time.monotonic() + self.timeout
        while not condition():
            if time.monotonic() > end or (not self._read(0.05) and self.process.poll() is not None):
                self._read(0)
                if condition():
                    break
                raise TimedOut(f"Waited in vain for {what}. Exit code: {self.process.poll()}. Screen:\n{self.text}")
        return self

    def wait_for_end(self) -> int:
        """Wait until the program has ended; its exit code."""
        end = time.monotonic() + self.timeout
        while (code := self.process.poll()) is None:
            if time.monotonic() > end:
                raise TimedOut(f"The program goes on. Screen:\n{self.text}")
            if not self._read(0.05):
                time.sleep(0.01)
        self._read(0)
        return code

    def settle(self, quiet: float = 0.06) -> Terminal:
        """Read until the program has written nothing for `quiet` seconds and has nothing left to compute."""
        end = time.monotonic() + self.timeout
        while (self._read(quiet) or self._works()) and time.monotonic() < end:
            pass
        return self

    def _works(self) -> bool:
        """Whether one of the program's threads runs, or would if it had a core (said by Linux alone; man 5 proc)."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        try:
            states = [(task / "stat").read_text().rpartition(")")[2].split()[0] for task in tasks.iterdir()]
        except OSError:  # the thread or the program has ended, or this is no Linux
            return False
        return "R" in states or "D" in states

    def _read(self, wait: float) -> bool:
        """Read what is there, waiting for up to `wait` seconds; whether anything came."""
        if self._pty < 0 or not select.select([self._pty], [], [], wait)[0]:
            return False
        try:
            new = os.read(self._pty, 65536)
        except OSError:  # the program has closed its end
            return False
        self.written += new
        # A sequence may be cut by the end of what was read; its start waits for the rest.
        whole = self._rest + new
        cut = whole.rfind(b"\x1b")
        if cut >= 0 and len(whole) - cut < 32 and not re.match(rb"\x1b(\[[0-9;<>=?$]*[@-~]|[^\[\]])", whole[cut:]):
            whole, self._rest = whole[:cut], whole[cut:]
        else:
            self._rest = b""
        self._stream.feed(UNKNOWN.sub(b"", whole))
        self._lines = None
        return bool(new)

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._pty, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def _own_terminal() -> None:
    """In the child: a session of its own, with the pseudo-terminal as the terminal that controls it."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
