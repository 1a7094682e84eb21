"""Bytes that the program writes to a real pseudo-terminal, beside the limits of issue 3."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from benchmarks.books import Books
from benchmarks.figures import Figure
from tests.tui.terminal_harness import Terminal

_SIZES: Final = ("120x40", "200x50")


def measure(books: Books, size: int) -> Iterator[Figure]:
    """The bytes of each action, and for pages and dialogs those of the text that changed (every cell as UTF-8)."""
    for shape in _SIZES:
        command = [sys.executable, "-m", "tui", "--database", str(books.of(size))]
        with Terminal(command, size=shape) as terminal:
            terminal.wait_for("All contacts").settle(1.0)
            if shape == "120x40":
                yield Figure(f"{shape} start", len(terminal.written), 0, "bytes", "", most=8000)
            moves = [_bytes(terminal, "j")[0] for _ in range(5)]
            yield Figure(f"{shape} cursor move", max(moves), 0, "bytes", "", most=250)
            yield Figure(f"{shape} check", _bytes(terminal, "space")[0], 0, "bytes", "", most=120)
            for name, key, factor, more in (("page down", "pagedown", 1.3, 0), ("open help", "?", 1.3, 300)):
                written, changed = _bytes(terminal, key)
                yield Figure(f"{shape} {name}", written, factor * changed + more, "bytes",
                             f"{factor} x the changed text + {more}", target=1.0)  # fmt: skip
            terminal.press("escape").settle(0.5)
            yield Figure(f"{shape} idle for 2 s", _idle(terminal), 0, "bytes", "", most=0)


def _cells(terminal: Terminal) -> dict[tuple[int, int], str]:
    return {(y, x): cell.data for y, line in terminal.screen.buffer.items() for x, cell in line.items()}


def _bytes(terminal: Terminal, key: str) -> tuple[int, int]:
    """(bytes that a key costs, bytes of the text that changed)."""
    terminal.settle(0.3)
    before, start = _cells(terminal), len(terminal.written)
    terminal.press(key).settle(0.4)
    after = _cells(terminal)
    changed = sum(len(text.encode()) for place, text in after.items() if before.get(place, " ") != text)
    return len(terminal.written) - start, changed


def _idle(terminal: Terminal) -> int:
    start = len(terminal.written)
    terminal.settle(2.0)
    return len(terminal.written) - start
