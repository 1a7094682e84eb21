"""The values of a JSON file one after the other, with the lines where they begin, however large the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

from coterie.core.errors import UnreadableFile
from coterie.core.limits import JSON, count

_CHUNK: Final = 1 << 18
_GAP: Final = re.compile(r"[\s\x00\x1e\ufeff]*")
_BETWEEN: Final = re.compile(r"[\s,\x00\x1e\ufeff]*")


@dataclass(frozen=True, slots=True)
class Value:
    """A JSON value: the line in the file where it begins, its text and what it is."""

    line: int
    text: str
    value: Any


def values_of(file: IO[str]) -> Iterator[Value]:
    """The members of an array, or the values that follow each other, one after the other, however large the file.

    Raises UnreadableFile, which names the line, if the text is no JSON.
    """
    reading = _Reading(file)
    in_array = reading.skip(_GAP) == "["
    if in_array:
        reading.place += 1
    while (char := reading.skip(_BETWEEN)) and not (in_array and char == "]"):
        yield reading.value()
    if in_array and (not char or (reading.advance() and reading.skip(_BETWEEN))):
        raise reading.error("the array does not end where it should")


class _Reading:
    """A text of which a part is in memory, and the place in it."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._text = ""
        self._line = 1
        self.place = 0
        self._decode = json.JSONDecoder().raw_decode

    def skip(self, gap: re.Pattern[str]) -> str:
        """Pass over `gap`; the character that stands there now, empty at the end."""
        while True:
            match = gap.match(self._text, self.place)
            self.place = match.end() if match else self.place
            if self.place < len(self._text):
                return self._text[self.place]
            if not self._more():
                return ""

    def advance(self) -> bool:
        """Pass over one character."""
        self.place += 1
        return True

    def value(self) -> Value:
        """The value that stands here."""
        while True:
            try:
                value, end = self._decode(self._text, self.place)
            except ValueError as error:
                if not self._more():
                    raise self.error("it is cut or damaged") from error
                continue
            except RecursionError as error:
                raise self.error("it is nested too deeply") from error
            text = self._text[self.place : end]
            line = self._line + self._text.count("\n", 0, self.place)
            self.place = end
            return Value(line, text, value)

    def error(self, why: str) -> UnreadableFile:
        """What is wrong near the place."""
        line = self._line + self._text.count("\n", 0, self.place)
        return UnreadableFile(f"The JSON cannot be read from line {line} on: {why}.", "Export the file again.")

    def _more(self) -> bool:
        self._line += self._text.count("\n", 0, self.place)
        rest = self._text[self.place :]
        if len(rest) > JSON:
            raise self.error(f"one value has more than {count(JSON)} characters")
        more = self._file.read(max(_CHUNK, len(rest)))  # twice as much each time: a large value is not decoded often
        self._text, self.place = rest + more, 0
        return bool(more)
