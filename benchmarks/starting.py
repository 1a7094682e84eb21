"""Start to first rows beside a minimal Textual app; what the running program has in memory; that it rests."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.books import Books
from benchmarks.figures import Figure
from benchmarks.measure import ROOT
from benchmarks.screen import Screen

MINIMAL: Final = (sys.executable, ROOT / "benchmarks" / "floors" / "minimal_app.py")
MINIMAL_ROW: Final = b"Person 0000"
ROW: Final = "☐".encode()
LAST: Final = b"New contact"
"""What the first frame with everything around the rows holds; keys are carried out from then on."""
SMALL: Final = 1000
_TIMES: Final = 7
_IDLE: Final = 5.0


def program(book: Path) -> list[str | Path]:
    """The command that opens `book` full screen."""
    return [sys.executable, "-m", "coterie.tui", "--database", book]


def measure(books: Books, size: int) -> Iterator[Figure]:
    """Start, memory and rest, at 1,000 contacts and at `size`, in turns with the floor."""
    floor, small, whole, big = (
        min(took)
        for took in zip(
            *(
                (
                    _start(MINIMAL, MINIMAL_ROW),
                    _start(program(books.of(SMALL)), ROW),
                    _start(program(books.of(SMALL)), LAST),
                    _start(program(books.of(size)), ROW),
                )
                for _ in range(_TIMES)
            ),
            strict=True,
        )
    )
    yield Figure(f"Start to first rows at {SMALL:,}", small, floor, "ms", "a minimal Textual app", target=1.5)
    yield Figure(
        f"Start to the whole screen at {SMALL:,}", whole, floor, "ms", "a minimal Textual app", target=math.inf
    )
    yield Figure(f"Start to first rows at {size:,}", big, small, "ms", "the same at 1,000", target=1.2)
    least, _ = _use(books.of(SMALL))
    most, computed = _use(books.of(size))
    yield Figure(f"Memory in use at {size:,}", most, least, "MB", "the same at 1,000", target=1.3)
    yield Figure(f"CPU in {_IDLE:.0f} idle seconds at {size:,}", computed, 0, "ms", "", most=25)


def _start(command: list[str | Path] | tuple[str | Path, ...], text: bytes) -> float:
    with Screen(command) as screen:
        return (screen.wait_for(text) - screen.started) * 1000


def _use(book: Path) -> tuple[float, float]:
    """(megabytes after some use, milliseconds computed while nothing happens)."""
    with Screen(program(book)) as screen:
        screen.wait_for(ROW)
        screen.settle(2.0)
        for keys in ("G", "g", "/", *"gmail", "\x1b", "\x1b", "a"):
            screen.press(keys, 0.5)
        screen.settle(2.0)
        memory, computed = screen.memory(), screen.cpu()
        time.sleep(_IDLE)
        return memory, screen.cpu() - computed
