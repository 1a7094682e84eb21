"""Bytes that the program writes to a real pseudo-terminal, beside the limits of issue 3."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from benchmarks.books import Books
from benchmarks.figures import Figure
from benchmarks.terminal import Terminal

_SIZES: Final = ("120x40", "200x50")
_DIALOGS: Final = (
    ("help", "?", "to find a key"),
    ("contact form", "n", "Add contact"),
    ("group picker", "+", "Add to"),
)
_HELD: Final = 200
_SLOW: Final = 32_000


def measure(books: Books, size: int) -> Iterator[Figure]:
    """The bytes of each action, and for what draws anew those of the text that changed (every such cell as UTF-8)."""
    command = [sys.executable, "-m", "coterie.tui", "--database", str(books.copy(books.of(size), "wire.db"))]
    for shape in _SIZES:
        with Terminal(command, size=shape) as terminal:
            terminal.wait_for("All contacts").settle(1.5)
            yield _few(f"{shape} start", len(terminal.written), 8000)
            frame = len(terminal.written)
            yield _text(f"{shape} cursor move, with the inspector", terminal.cost("j"), 1.3, 320)
            terminal.press("I", "g").settle(1.0)  # it is measured by itself
            yield _few(f"{shape} cursor move", max(terminal.cost("j")[0] for _ in range(5)), 320)
            yield _text(f"{shape} page down", terminal.cost("pagedown"), 1.3, 0)
            yield _text(f"{shape} first check, and the bar that counts them", terminal.cost(" "), 1.3, 300)
            yield _few(f"{shape} check and move down", max(terminal.cost(" ")[0] for _ in range(5)), 320)
            terminal.press("A", "g")
            for name, key, words in _DIALOGS:
                yield _text(f"{shape} open the {name}", terminal.cost(key, until=words), 1.3, 300)
                yield _text(f"{shape} close the {name}", terminal.cost("escape", gone=words), 1.3, 300)
            terminal.press("/")
            yield _text(f"{shape} first search letter", terminal.cost("s", until="found"), 1.2, 200)
            yield _text(f"{shape} second search letter", terminal.cost("o", until="found"), 1.2, 200)
            terminal.press("escape", "escape", "g").settle(1.0)
            yield _few(f"{shape} idle for 2 s", _idle(terminal), 0)
            terminal.press("I").settle(1.0)  # as it was, for the next run
            yield Figure(f"{shape} {_HELD} x down at once, read at 32 kB/s", _held(terminal), frame, "bytes",
                         "a frame: all bytes of the start", target=1.5)  # fmt: skip


def _few(what: str, written: int, most: int) -> Figure:
    return Figure(what, written, 0, "bytes", "", most=most)


def _text(what: str, cost: tuple[int, int], factor: float, more: int) -> Figure:
    written, changed = cost
    limit = f"{factor} x the changed text{f' + {more}' if more else ''}"
    return Figure(what, written, factor * changed + more, "bytes", limit, target=1.0)


def _idle(terminal: Terminal) -> int:
    start = len(terminal.written)
    terminal.settle(2.0)
    return len(terminal.written) - start


def _held(terminal: Terminal) -> int:
    """Bytes that come after the last of many keys, to a reader that takes its time."""
    terminal.rate = _SLOW
    written, _ = terminal.cost(*"j" * _HELD, until=f"{_HELD + 1} of")
    terminal.rate = 0
    return written
