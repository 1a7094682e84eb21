"""The tokens of a transform: names, numbers, signs, and texts in quotation marks."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from coterie.core.transform.tree import InvalidTransform

_QUOTES: Final = {'"': '"', "'": "'", "“": "”", "„": "“", "‘": "’"}
_TOKEN: Final = re.compile(r"\s*(?:(?P<name>[^\W\d][\w-]*)|(?P<number>-?\d+)|(?P<sign>[=+(),.\[\]]))", re.UNICODE)


class Token(NamedTuple):
    """A part of a line.

    Attributes:
        kind: name, number, sign, text, or end, which is the last one.
        text: as it is typed; of a text, what stands between the quotation marks.
        place: the number of its first character, from 0.
        end: that of the character behind it.
    """

    kind: str
    text: str
    place: int
    end: int


def tokens(line: str) -> list[Token]:
    """The tokens of a line. Raises InvalidTransform if a character means nothing, or a text has no end."""
    parts: list[Token] = []
    place = 0
    while place < len(line):
        if line[place].isspace():
            place += 1
        elif line[place] in _QUOTES:
            token = _quoted(line, place)
            parts.append(token)
            place = token.end
        elif match := _TOKEN.match(line, place):
            kind = match.lastgroup or ""
            parts.append(Token(kind, match[kind], place, match.end()))
            place = match.end()
        else:
            hint = "Put a text in quotation marks."
            raise InvalidTransform(f"“{line[place]}” at character {place + 1} cannot be read.", hint, place)
    return [*parts, Token("end", "", len(line), len(line))]


def _quoted(line: str, start: int) -> Token:
    """The text in quotation marks that begins at `start`, with its backslashes."""
    end = _QUOTES[line[start]]
    raw, place = "", start + 1
    while place < len(line) and line[place] != end:
        if line[place] == "\\" and place + 1 < len(line):
            raw += line[place + 1] if line[place + 1] in (end, line[start]) else line[place : place + 2]
            place += 2
        else:
            raw += line[place]
            place += 1
    if place >= len(line):
        title = f"The text that begins at character {start + 1} has no end."
        raise InvalidTransform(title, f"Close it with {end}", start)
    return Token("text", raw, start, place + 1)
