"""Measuring: programs in processes of their own, so that each has its memory and its CPU time to itself."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took.

    Attributes:
        wall, cpu: seconds; `cpu` is that of all its threads, in user and kernel mode, and hardly depends on neighbours.
        memory: the most that it ever had in memory, in megabytes.
    """

    wall: float
    cpu: float
    memory: float
    output: str = ""


def run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None, *, check: bool = True) -> Run:
    """Run a command to its end. Raises RuntimeError where it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command],
        env={**os.environ, **(environment or {})},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    output = process.stdout.read().decode("utf-8", "replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if check and process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}:\n{output}")
    return Run(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def python(module: str, *arguments: str | Path) -> Run:
    """Run one of our modules with this interpreter."""
    return run([sys.executable, "-m", module, *arguments])


def script(name: str, *arguments: str | Path) -> Run:
    """Run a floor, a script in `benchmarks/floors`, with this interpreter."""
    return run([sys.executable, ROOT / "benchmarks" / "floors" / name, *arguments])
