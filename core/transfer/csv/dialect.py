"""How cells and rows are separated: delimiter, quotes, line ends, and rows with the lines that they stand in.

Reads what RFC 4180 describes and what programs write instead: blanks before quotes, quotes that a backslash escapes or
that nothing closes, any line end, NUL bytes, a second delimiter in some rows.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from coterie.core.errors import UnreadableFile

DELIMITERS: Final = (",", ";", "\t", "|")
# A quoted cell of several lines that is longer than this was never closed.
_MOST_CHARACTERS: Final = 4 << 20
_LOOKED_AT: Final = 200
_SEP_LINE: Final = re.compile(r'\s*"?sep=(.)"?[\s,;]*', re.IGNORECASE)
_WRAPPED: Final = re.compile(r'"((?:[^"]|"")*)"[ \t]*\r?\n?')
_BACKSLASHED: Final = re.compile(r'[^\\,;\t|"\r\n]\\"[^,;\t|"\r\n]')
_DOUBLED: Final = re.compile(r'[^\\,;\t|"\r\n]""(?!")')

csv.field_size_limit(64 << 20)  # the default, 128 KiB, is less than a photo or a certificate


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the cells of a file are separated.

    Attributes:
        delimiter: the character between cells.
        backslash: whether a backslash, instead of a second quote, escapes a quote within quotes.
        skip: lines at the start that only name the delimiter (Excel's `sep=;`).
        wrapped: whether each line stands within quotes once more, as it does if a table is saved from one column.
    """

    delimiter: str = ","
    backslash: bool = False
    skip: int = 0
    wrapped: bool = False


class Rows(Iterator[list[str]]):
    """The rows of a table: an iterator of lists of cells that knows where in the file it is.

    A row that runs away because a quote is never closed is read again, its first line without quotes.

    Args:
        lines: the lines of the file, with their line ends.
        dialect: how the cells are separated.
    """

    def __init__(self, lines: Iterable[str], dialect: Dialect) -> None:
        self._lines = iter(lines)
        self._dialect = dialect
        self._again: deque[str] = deque()
        self._pending: list[str] = []
        self._size = 0
        self._is_text: bool | None = None
        self._dropped = 0
        self._read = 0
        self._ended = False
        self._other = tuple(mark for mark in DELIMITERS if mark != dialect.delimiter)
        for _ in range(dialect.skip):
            next(self._lines, None)
            self._read += 1
        self._reader = self._new_reader()

    @property
    def line(self) -> int:
        """The number of the line where the present row starts, counted from 1."""
        return self._read - self._dropped - len(self._pending) + 1

    @property
    def text(self) -> str:
        """The present row as it stands in the file, without its last line end."""
        return "".join(self._pending).rstrip("\r\n")

    def __next__(self) -> list[str]:
        self._pending.clear()
        self._size = self._dropped = 0
        self._is_text = None
        try:
            row = next(self._reader)
        except _RunawayError:
            return self._without_quotes()
        except csv.Error as error:
            raise UnreadableFile(
                f"Line {self.line} cannot be read as CSV: {error}.", "Correct the file there."
            ) from error
        if self._ended and self._dropped:
            raise UnreadableFile(f"The quoted text in line {self.line} does not end.", "Correct the file there.")
        if self._ended or (len(self._pending) > 1 and self._is_misquoted()):  # the file ended within quotes
            return self._without_quotes()
        return row

    def split_again(self, width: int) -> list[str] | None:
        """The present row, which has one cell, separated by another delimiter if that gives about `width` cells."""
        best: list[str] | None = None
        for mark in self._other:
            if mark in (text := self.text):
                cells = next(csv.reader([text], delimiter=mark, skipinitialspace=True), [])
                if 1 < len(cells) <= width + 1 and (best is None or len(cells) > len(best)):
                    best = cells
        return best

    def _new_reader(self) -> Iterator[list[str]]:
        backslash = self._dialect.backslash
        return csv.reader(
            self._feed(),
            delimiter=self._dialect.delimiter,
            doublequote=True,
            escapechar="\\" if backslash else None,
            skipinitialspace=True,
        )

    def _feed(self) -> Iterator[str]:
        pending = self._pending
        for line in chain(self._put_back(), self._lines):
            if "\0" in line:
                line = line.replace("\0", "")  # noqa: PLW2901 - the cleaned line is the line
            if self._dialect.wrapped:
                line = _unwrapped(line)  # noqa: PLW2901 - the line that was meant
            pending.append(line)
            self._read += 1
            if len(pending) > 1:
                self._size += len(line)
                if self._size > _MOST_CHARACTERS:
                    if self._is_text is None:
                        self._is_text = self._reads_as_text()
                    if not self._is_text:
                        raise _RunawayError
                    if '"' not in line:  # only its end counts: it is larger than a value may be
                        pending.pop()
                        self._dropped += 1
                        continue
            yield line
        self._ended = True

    def _reads_as_text(self) -> bool:
        """Whether the lines of a long row are a text within quotes: rows would have cells."""
        lines = self._pending[1:_LOOKED_AT]
        return sum(self._dialect.delimiter in line for line in lines) * 2 < len(lines)

    def _put_back(self) -> Iterator[str]:
        while self._again:
            yield self._again.popleft()

    def _is_misquoted(self) -> bool:
        """Whether a row of several lines only came about because a quote of its first line closes in another row."""
        if self._dialect.backslash:
            return False
        mark = self._dialect.delimiter
        text = re.sub(rf'"[ \t]+(?={re.escape(mark)}|[\r\n]|$)', '"', "".join(self._pending))
        try:
            next(csv.reader([text], delimiter=mark, skipinitialspace=True, strict=True))
        except csv.Error:
            return True
        return False

    def _without_quotes(self) -> list[str]:
        """The first pending line separated without regard to quotes; the others are read again after it."""
        first, *others = self._pending
        self._read -= len(others)
        self._again.extendleft(reversed(others))
        self._pending[:] = [first]
        self._ended = False
        self._reader = self._new_reader()
        cells = next(
            csv.reader([first], delimiter=self._dialect.delimiter, quoting=csv.QUOTE_NONE, skipinitialspace=True), []
        )
        return [cell.strip().strip('"') for cell in cells]


class _RunawayError(Exception):
    """A row that does not end."""


def sep_line(sample: str) -> tuple[str, int]:
    """The delimiter that a first line `sep=;` names and the lines to skip; nothing and 0 without such a line."""
    match = _SEP_LINE.fullmatch(sample.split("\n", 1)[0].rstrip("\r"))
    return (match[1], 1) if match else ("", 0)


def escapes_by_backslash(sample: str) -> bool:
    """Whether quotes inside quoted cells stand behind a backslash."""
    return _BACKSLASHED.search(sample) is not None and _DOUBLED.search(sample) is None


def _unwrapped(line: str) -> str:
    """A line without the quotes around it; a line without them as it is."""
    match = _WRAPPED.fullmatch(line)
    return match[1].replace('""', '"') + "\n" if match else line


def is_wrapped(sample: str) -> bool:
    """Whether every line is one quoted cell that holds a row: `"Ann,a@x.org"`."""
    lines = [line for line in sample.splitlines()[:_LOOKED_AT] if line.strip()]
    if len(lines) < 2 or not all(map(_WRAPPED.fullmatch, lines)):
        return False
    for mark in DELIMITERS:
        widths = {len(row) for row in csv.reader(map(_unwrapped, lines), delimiter=mark)}
        if len(widths) == 1 and widths != {1}:
            return True
    return False


def candidates(sample: str, delimiter: str | None = None) -> list[Dialect]:
    """The dialects that `sample` may be in: one for each delimiter that it holds, or only that of `delimiter`."""
    named, skip = sep_line(sample)
    if is_wrapped(sample):
        sample = "".join(map(_unwrapped, sample.splitlines()))
        return [Dialect(mark, wrapped=True) for mark in ([delimiter] if delimiter else DELIMITERS) if mark in sample]
    backslash = escapes_by_backslash(sample)
    marks = [delimiter or named] if delimiter or named else [mark for mark in DELIMITERS if mark in sample] or [","]
    return [Dialect(mark, backslash, skip) for mark in marks]
