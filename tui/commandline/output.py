"""What commands write: text that is aligned on a terminal and tab-separated in a pipe, JSON, and progress."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Final

from coterie.core import jsonform
from coterie.core.changes import Progress
from coterie.core.errors import InvalidInput
from coterie.core.text import printable, printable_lines
from coterie.tui.time_left import TimeLeft

_GAP: Final = "  "
_NARROWEST: Final = 4  # cells that a column keeps on a terminal that is too narrow
_PROGRESS_EVERY: Final = 0.1  # seconds


def say(text: str) -> None:
    """Lines of text for the user; the text may come from strangers."""
    print(printable_lines(text))


def note(text: str) -> None:
    """A remark beside the result: on standard error, so that pipes do not get it."""
    print(printable_lines(text), file=sys.stderr)


# Tables -------------------------------------------------------------------------------------------------------------


class Table:
    """Rows of text, written as they come.

    On a terminal the columns are aligned under their headings and cut to its width; the rows that come first decide how
    wide each column is. Everywhere else there is a line for each row, tabs between the values, and no heading.

    Args:
        headings: the names of the columns.
    """

    def __init__(self, headings: Sequence[str]) -> None:
        self._headings = tuple(headings)
        self._widths: list[int] = []

    def write(self, rows: Iterable[Sequence[str]]) -> None:
        """Write these rows below those before."""
        texts = [tuple(map(printable, row)) for row in rows]
        if not sys.stdout.isatty():
            sys.stdout.writelines("\t".join(text) + "\n" for text in texts)
            return
        if texts and not self._widths:
            self._widths = _widths([self._headings, *texts], shutil.get_terminal_size().columns)
            texts.insert(0, self._headings)
        sys.stdout.writelines(_aligned(text, self._widths) + "\n" for text in texts)


def _widths(rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """How wide each column becomes: as wide as its texts, the widest giving way if there is not enough room."""
    from rich.cells import cell_len

    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(rows[0]))]
    too_much = sum(widths) + len(_GAP) * (len(widths) - 1) - room
    while too_much > 0 and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
        too_much -= 1
    return widths


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    from rich.cells import cell_len, set_cell_size

    cells = (
        text + " " * (width - length)
        if (length := cell_len(text)) <= width
        else set_cell_size(text, max(width - 1, 0)) + "…"
        for text, width in zip(row, widths, strict=True)
    )
    return _GAP.join(cells).rstrip()


def properties(lines: Iterable[tuple[str, str]]) -> None:
    """Names with their values, of which some have several lines; the values stand below each other."""
    shown = [(name, text) for name, text in lines if text]
    width = max((len(name) for name, _ in shown), default=0)
    for name, text in shown:
        first, *others = printable_lines(text).split("\n")
        print(f"{name:<{width}}{_GAP}{first}")
        for line in others:
            print(f"{'':<{width}}{_GAP}{line}".rstrip())


# JSON ---------------------------------------------------------------------------------------------------------------


def json_text(value: object) -> str:
    """`value` as JSON on one line that cannot act on a terminal."""
    return jsonform.escaped(json.dumps(value, ensure_ascii=False))


def write_json(value: object) -> None:
    """`value` as one line of JSON, in UTF-8 whatever the locale (RFC 8259)."""
    _write_utf8(json_text(value) + "\n")


async def write_json_array(values: AsyncIterator[object]) -> int:
    """One array, an element a line, written as its elements come; returns how many there were."""
    count = 0
    async for value in values:
        _write_utf8((",\n" if count else "[\n") + json_text(value))
        count += 1
    _write_utf8("\n]\n" if count else "[]\n")
    return count


def _write_utf8(text: str) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())


# Asking and waiting -------------------------------------------------------------------------------------------------


def can_ask() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty()


def confirm(question: str, *, yes: bool) -> bool:
    """Whether the user wants it. Raises InvalidInput if nobody can be asked.

    Args:
        question: what would happen, as a question.
        yes: the answer was given beforehand (`--yes`).
    """
    if yes:
        return True
    if not can_ask():
        raise InvalidInput("Nothing was changed: there is no terminal to ask you.", "Add --yes to go ahead.")
    sys.stdout.flush()
    print(f"{printable(question)} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in {"y", "yes"}


@contextmanager
def progress(doing: str) -> Iterator[Progress]:
    """A line on standard error that counts, if that is a terminal; it vanishes at the end."""
    terminal = sys.stderr.isatty()
    left = TimeLeft()
    last = 0.0
    shown = ""

    def count(done: int, of: int | None) -> None:
        nonlocal last, shown
        if not terminal or monotonic() - last < _PROGRESS_EVERY:
            return
        last = monotonic()
        text = f"{doing} {done:,}" + (f" of {of:,}" if of else "")
        text += f", {words}" if (words := left.words(done, of)) else ""
        print("\r" + text.ljust(len(shown)), end="", file=sys.stderr, flush=True)
        shown = text

    try:
        yield count
    finally:
        if shown:
            print("\r" + " " * len(shown) + "\r", end="", file=sys.stderr, flush=True)
