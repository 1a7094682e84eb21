"""Measuring: programs in processes of their own, so that each has its memory and its CPU time to itself."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Final

_LOOK: Final = 0.02  # seconds between two looks at the memory
ROOT: Final = Path(__file__).parent.parent
# If Python may write no bytecode, each start would compile whatever was edited since it was installed.
_ENVIRONMENT: Final = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took.

    Attributes:
        wall, cpu: seconds; `cpu` is that of all its threads, in user and kernel mode, and hardly depends on neighbors.
        memory: the most that it ever had in memory, in megabytes.
    """

    wall: float
    cpu: float
    memory: float
    output: str = ""


def run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None, *, check: bool = True) -> Run:
    """Run a command to its end. Raises RuntimeError if it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command],
        env={**_ENVIRONMENT, **(environment or {})},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    peak = _Peak(process.pid)
    peak.start()
    output = process.stdout.read().decode("utf-8", "replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if check and process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}:\n{output}")
    return Run(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, peak.stop(), output)


def peak_memory(status: Path = Path("/proc/self/status")) -> float:
    """The most memory that a process has had, in megabytes; 0 for one that has ended.

    (What getrusage says is at least what the parent had when it started the process.)
    """
    _, heading, rest = status.read_text().partition("VmHWM:")
    return int(rest.split()[0]) / 1024 if heading else 0.0


class _Peak(Thread):
    """The most memory that a process ever had, looked up again and again while it runs."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._status = Path(f"/proc/{pid}/status")
        self._ended = Event()
        self._megabytes = 0.0

    def run(self) -> None:
        while not self._ended.wait(_LOOK):
            with suppress(OSError):  # it has just ended
                self._megabytes = peak_memory(self._status) or self._megabytes

    def stop(self) -> float:
        """In megabytes."""
        self._ended.set()
        self.join()
        return self._megabytes


def python(module: str, *arguments: str | Path) -> Run:
    """Run one of our modules with this interpreter."""
    return run([sys.executable, "-m", module, *arguments])


def script(name: str, *arguments: str | Path) -> Run:
    """Run a floor, a script in `benchmarks/floors`, with this interpreter."""
    return run([sys.executable, ROOT / "benchmarks" / "floors" / name, *arguments])
