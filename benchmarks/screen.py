"""A program in a pseudo-terminal, read as fast as it writes: when did what it wrote come?

Nothing is drawn (pyte takes longer than the programs that are measured). The terminal answers what real ones answer.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final

from benchmarks.measure import ROOT

QUIET: Final = 0.08
"""Seconds without a byte after which a frame is taken to be finished."""
_LINES: Final = 150
_ANSWERS: Final = ((b"\x1b[5n", b"\x1b[0n"), (b"\x1b[?2026$p", b"\x1b[?2026;2$y"))


class Screen:
    """A program on a screen of 120x40.

    Args:
        command: the program and its arguments.
        width, height: columns and lines.
        variables: what its environment holds besides ours.

    Attributes:
        pid: the program's process.
        written: how many bytes it wrote.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        width: int = 120,
        height: int = 40,
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._pty, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        # With the last one, each start would compile whatever was edited since it was installed.
        for name in ("COLORTERM", "NO_COLOR", "PYTHONDONTWRITEBYTECODE"):
            environment.pop(name, None)
        environment |= variables
        self.written = 0
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            [str(word) for word in command], stdin=inner, stdout=inner, stderr=inner, env=environment, cwd=ROOT,
            start_new_session=True,
        )  # fmt: skip
        os.close(inner)
        self.pid = self._process.pid

    def __enter__(self) -> Screen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            end = time.monotonic() + 5
            while self._process.poll() is None and time.monotonic() < end:
                self._read(0.02)
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._pty)

    def _read(self, wait: float) -> bytes:
        if not select.select([self._pty], [], [], wait)[0]:
            return b""
        try:
            new = os.read(self._pty, 1 << 16)
        except OSError:  # the program has closed its end
            return b""
        for question, answer in _ANSWERS:
            if question in new:
                os.write(self._pty, answer)
        self.written += len(new)
        return new

    def settle(self, quiet: float = QUIET, most: float = 60.0) -> float:
        """Read until nothing comes for `quiet` seconds; when the last byte came (0: none did)."""
        last = 0.0
        end = time.perf_counter() + most
        while self._read(quiet):
            last = time.perf_counter()
            if last > end:
                break
        return last

    def wait_for(self, text: bytes, most: float = 60.0) -> float:
        """Read until `text` comes; when that was. Raises TimeoutError."""
        end = time.perf_counter() + most
        seen = b""
        while text not in seen:
            if time.perf_counter() > end or self._process.poll() is not None:
                raise TimeoutError(f"{text!r} did not come, but {seen[-2000:]!r}")
            seen += self._read(0.05)
        return time.perf_counter()

    def press(self, keys: str, quiet: float = QUIET) -> float:
        """Write keys as a terminal sends them; milliseconds until the last byte of what they change has come."""
        start = time.perf_counter()
        os.write(self._pty, keys.encode())
        last = self.settle(quiet)
        return (last - start) * 1000 if last else 0.0

    def first_lines(self, keys: str) -> float:
        """The same until `_LINES` bytes have come: lines, not only a letter and a number. What follows is read too.

        If no lines come, because they stay as they are, it is the time of the first byte.
        """
        start = first = time.perf_counter()
        os.write(self._pty, keys.encode())
        came = 0
        while came < _LINES and (new := self._read(0.5)):
            last = time.perf_counter()
            first, came = first if came else last, came + len(new)
        self.settle(0.5)
        return ((last if came >= _LINES else first) - start) * 1000

    def memory(self) -> float:
        """What the program has in memory now, in megabytes (VmRSS)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def cpu(self) -> float:
        """Milliseconds that the program's threads have computed so far; neighbors on the machine hardly matter."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6
