"""Coterie, VisiData and abook behind a real sshd and a line of 300 ms and 256 kbit/s: from a key to the last byte."""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import median
from typing import Final

from benchmarks.books import Books
from benchmarks.figures import Figure
from benchmarks.programs import Program, coterie, from_debian, peers
from benchmarks.sshd import DELAY, RATE, Line, slow_line
from benchmarks.terminal import Terminal

_SIZE: Final = "120x40"
_MOST: Final = 100_000
_ROUND_TRIP: Final = 2 * DELAY * 1000
_PRESSES, _HELD_FOR = 30, 3.0  # a second, seconds
_TIMES: Final = 5
_ACTIONS: Final = (
    ("move", ("j",), ()),
    ("page down", ("pagedown",), ()),
    ("open a contact", ("enter",), ("escape",)),
    ("open the contact form", ("n",), ("escape",)),
    ("open the help", ("?",), ("escape",)),
    ("begin a search", ("/",), ()),
    ("first search letter", ("s",), ()),
    ("second search letter", ("o",), ()),
)
"""What is pressed one after the other, and what ends it again."""
_PAUSE: Final = 0.7
"""Seconds without output after which a frame is finished: a program may wait for an answer in the middle of one."""


def measure(books: Books, size: int) -> Iterator[Figure]:
    """Milliseconds beside the round trip, and beside what the others take; without a target but for the last one."""
    sshd = from_debian("openssh-server", "sshd")
    if sshd is None:
        return
    size = min(size, _MOST)
    with slow_line(sshd, (books.folder / "sshd").absolute()) as line:
        programs = [coterie(books, size), *peers(books, size)]
        yield from _beside_bytes(programs[0], line)
        for compressed in (False, True):
            ours, *others = [_figures(program, line, compressed=compressed) for program in programs]
            through = "ssh -C" if compressed else "ssh"
            for what, value in ours.items():
                target = 1.5 if what.startswith("let go") else math.inf
                yield Figure(f"{through}: {what}", value, _ROUND_TRIP, "ms", "the round trip", target=target)
            for program, theirs in zip(programs[1:], others, strict=True):
                for what in theirs:
                    yield Figure(f"{through}: {what}", ours[what], theirs[what], "ms", program.name, target=math.inf)


def _beside_bytes(program: Program, line: Line) -> Iterator[Figure]:
    """Milliseconds of each action beside the least that this line takes: a round trip, and the bytes at its rate."""
    with Terminal(
        line.command(program.command, program.environment, compressed=False), size=_SIZE, timeout=60
    ) as terminal:
        terminal.pause = _PAUSE
        terminal.wait_for("? help").settle(1.0)
        terminal.press("I").settle(1.0)  # the inspector follows later, in a frame of its own
        for what, keys, back in _ACTIONS:
            start = len(terminal.written)
            value = terminal.time(*keys) * 1000
            least = _ROUND_TRIP + (len(terminal.written) - start) / RATE * 1000
            yield Figure(f"ssh: {what}", value, least, "ms", "the round trip and its bytes", target=math.inf)
            if back:
                terminal.time(*back)
        terminal.press("escape", "escape", "I").settle(1.0)  # as it was, for the next run


def _figures(program: Program, line: Line, *, compressed: bool) -> dict[str, float]:
    """Milliseconds of each action."""
    command = line.command(program.command, program.environment, compressed=compressed)
    figures = {"first rows, signing in too": min(_first_rows(command) for _ in range(2))}
    with Terminal(command, size=_SIZE, timeout=60) as terminal:
        terminal.wait_until(lambda: b"@" in terminal.written)
        terminal.pause = _PAUSE
        terminal.settle(3.0)
        keys = program.keys
        for what, key in (("move", "down"), ("page down", "page"), ("check", "check")):
            figures[what] = median(terminal.time(keys[key]) for _ in range(_TIMES)) * 1000
        opened = []
        for _ in range(_TIMES):
            opened.append(terminal.time(keys["dialog"]))
            terminal.time(keys["close"])
        figures["open a contact or a form"] = median(opened) * 1000
        if program.name == "Coterie":
            terminal.time("/")
            figures["first search letter"] = terminal.time("s") * 1000
            figures["second search letter"] = terminal.time("o") * 1000
            terminal.press("escape", "escape").settle(1.0)
        figures["release a key held down"] = _let_go(terminal, keys["down"]) * 1000
    return figures


def _first_rows(command: list[str]) -> float:
    """Milliseconds until an address is seen."""
    with Terminal(command, size=_SIZE, timeout=60) as terminal:
        return terminal.until(lambda: b"@" in terminal.written) * 1000


def _let_go(terminal: Terminal, key: str) -> float:
    """Seconds from the last press of a key that was held down to the last byte."""
    for _ in range(int(_PRESSES * _HELD_FOR)):
        terminal.send_at_once(key)
        terminal.read_for(1 / _PRESSES)
    return terminal.time(key, settled=False)
