"""Coterie beside VisiData, abook and khard: bytes, times and memory, in the same terminal with the same people."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from typing import Final

from benchmarks.books import Books
from benchmarks.figures import Figure
from benchmarks.measure import run
from benchmarks.programs import Program, coterie, khard, peers
from benchmarks.screen import Screen
from benchmarks.terminal import Terminal
from tests.tui.terminal_harness import KEYS

_SIZE: Final = "120x40"
_MOST: Final = 100_000
_KHARD: Final = 10_000
_STARTS: Final = 5
_KEYS_PRESSED: Final = 20
_PAUSE: Final = 0.4  # VisiData draws twice, 0.3 s apart
_ACTIONS: Final = {"down": "move", "page": "page down", "check": "check", "dialog": "open a contact or a form"}


def measure(books: Books, size: int) -> Iterator[Figure]:
    """What each of the others takes, beside what Coterie takes. There is no target: it is what it is."""
    size = min(size, _MOST)
    ours = _figures(coterie(books, size))
    for program in peers(books, size):
        theirs = _figures(program)
        for what, (value, unit) in ours.items():
            yield Figure(f"{what}, {size:,}", value, theirs[what][0], unit, program.name, target=math.inf)
    yield from _one_shots(books)


def _figures(program: Program) -> dict[str, tuple[float, str]]:
    starts, figures = [], {}
    for _ in range(_STARTS):
        with _open(program) as terminal:
            starts.append(terminal.until(lambda: b"@" in terminal.written) * 1000)
    figures["start to first rows"] = min(starts), "ms"
    with _open(program) as terminal:
        terminal.wait_until(lambda: b"@" in terminal.written)
        terminal.settle(2.0)
        figures["bytes of the start"] = len(terminal.written), "bytes"
        for action, words in _ACTIONS.items():
            for _ in range(2):  # the first one may bring something else along
                figures[f"bytes to {words}"] = terminal.cost(program.keys[action])[0], "bytes"
                if action == "dialog":
                    terminal.cost(program.keys["close"])
        figures["memory"] = _memory(terminal.process.pid), "MB"
    with Screen(program.command, variables=program.environment) as screen:  # pyte would take longer than the programs
        screen.settle(2.0)
        for action in ("down", "page"):
            keys = KEYS.get(program.keys[action], program.keys[action])
            times = [screen.press(keys, _PAUSE) for _ in range(_KEYS_PRESSED)]
            figures[f"key to frame, {_ACTIONS[action]}, p95"] = quantiles(times, n=20)[-1], "ms"
    return figures


def _open(program: Program) -> Terminal:
    return Terminal(program.command, size=_SIZE, environment=program.environment)


def _memory(pid: int) -> float:
    """The memory that a process has now, in megabytes."""
    match = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(match[1]) / 1024 if match else 0.0


def _one_shots(books: Books) -> Iterator[Figure]:
    """Commands at 10,000 people: khard reads all of its files each time."""
    if (command := khard(books, _KHARD)) is None:
        return
    query: list[str | Path] = [sys.executable, "-m", "coterie.tui", "--database", books.of(_KHARD), "query", "harbour"]
    ours = min(run(query, check=False).wall for _ in range(3)) * 1000
    for words in (["list"], ["email", "--parsable", "harbour"]):
        taken = run([*command, *words], check=False).wall * 1000
        yield Figure(f"coterie query, {_KHARD:,}", ours, taken, "ms", f"khard {words[0]}", target=math.inf)
