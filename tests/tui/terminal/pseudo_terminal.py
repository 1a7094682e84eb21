"""A program in a pseudo-terminal whose other end is an emulator, as slow or as rude as a test wants it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from types import TracebackType

from tests.tui.terminal.emulator import Terminal


class PseudoTerminal:
    """Runs `module` as a program. Everything that it writes is counted, kept and shown on `terminal`.

    Args:
        answers: whether the terminal answers questions (DSR), as all real ones do.
    """

    def __init__(
        self, module: str, width: int = 80, height: int = 24, answers: bool = True, env: dict[str, str] | None = None
    ) -> None:
        self.terminal = Terminal(width, height)
        self.answers = answers
        self.written = b""
        self.fd, child = pty.openpty()
        self._set_size(width, height)
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=child,
            stdout=child,
            stderr=child,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}
            | (env or {}),
        )
        os.close(child)

    def __enter__(self) -> PseudoTerminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        self.hang_up()

    def _set_size(self, width: int, height: int) -> None:
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def resize(self, width: int, height: int) -> None:
        self.terminal = Terminal(width, height)
        self._set_size(width, height)
        os.kill(self.process.pid, signal.SIGWINCH)  # without a controlling terminal the kernel sends none

    def press(self, keys: str) -> None:
        os.write(self.fd, keys.encode())

    def hang_up(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def read(self, seconds: float) -> bytes:
        """What is written until nothing comes for `seconds`."""
        new = b""
        while select.select([self.fd], [], [], seconds)[0]:
            try:
                piece = os.read(self.fd, 65536)
            except OSError:
                break
            new += piece
            self._show(piece)
        self.written += new
        return new

    def until(self, condition: Callable[[], bool], seconds: float = 30.0) -> float:
        """Read until `condition` holds; returns the seconds that took."""
        start = time.monotonic()
        while not condition():
            assert time.monotonic() < start + seconds, "\n".join(self.terminal.text())
            if select.select([self.fd], [], [], 0.02)[0]:
                piece = os.read(self.fd, 65536)
                self.written += piece
                self._show(piece)
        return time.monotonic() - start

    def shows(self, text: str) -> bool:
        return any(text in line for line in self.terminal.text())

    def _show(self, piece: bytes) -> None:
        if self.answers:
            for _ in range(piece.count(b"\x1b[5n")):
                os.write(self.fd, b"\x1b[0n")
        # pyte takes the modes of other families (kitty's keyboard, DECRQM) for text.
        text = piece.decode("utf-8", "ignore")
        for sequence in ("\x1b[>1u", "\x1b[>25u", "\x1b[<u", "\x1b[?2026$p", "\x1b[?2048$p"):
            text = text.replace(sequence, "")
        self.terminal.feed(text)
