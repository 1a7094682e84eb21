"""Where what was searched for stands in the text of a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from coterie.core.query import parse
from coterie.core.query.tree import And, Compare, Operator, Or, Tree, Word
from coterie.core.text import fold

_SHORTEST: Final = 3
"""One or two letters stand nearly everywhere."""

Match = tuple[str, str]
"""The key of the field that was searched in, empty for all of them, and the folded text."""


def of(query: str) -> tuple[Match, ...]:
    """What a search looks for in the texts of contacts. Raises InvalidQuery."""
    return tuple(match for match in dict.fromkeys(_looked_for(parse(query))) if len(match[1]) >= _SHORTEST)


def _looked_for(tree: Tree) -> Iterator[Match]:
    match tree:
        case Word(text):
            yield "", fold(text)
        case Compare(field, Operator.CONTAINS | Operator.EXACT, value):
            yield field, fold(value)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _looked_for(part)


def marked(shown: str, text: str, key: str, matches: Sequence[Match]) -> Iterator[tuple[str, bool]]:
    """The pieces of what is shown of a cell, each with whether it was looked for.

    Args:
        shown: the text as it fits into its column: cut, or with blanks behind it.
        text: the whole text of the field `key`.
    """
    kept = next(
        (place for place, (drawn, stored) in enumerate(zip(shown, text, strict=False)) if drawn != stored), None
    )
    kept = min(len(shown), len(text)) if kept is None else kept
    end = 0
    for start, stop in _places(text, [folded for field, folded in matches if field in {"", key}]):
        if start < kept:
            if start > end:
                yield shown[end:start], False
            end = min(stop, kept)
            yield shown[start:end], True
    if end < len(shown):
        yield shown[end:], False


def _places(text: str, wanted: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where any of these folded texts stands in a text, from left to right."""
    if not wanted:
        return
    folded, places = _folded(text)
    for match in re.finditer("|".join(map(re.escape, sorted(wanted, key=len, reverse=True))), folded):
        yield match.span() if places is None else (places[match.start()], places[match.end() - 1] + 1)


def _folded(text: str) -> tuple[str, list[int] | None]:
    """The folded text, and for each of its characters where it stands in `text`; None if they are the same."""
    if text.isascii():
        return text.lower(), None
    folded, places = "", []
    for place, char in enumerate(text):
        letters = fold(char) or (" " if char.isspace() else "")
        folded += letters
        places += [place] * len(letters)
    return folded, places
