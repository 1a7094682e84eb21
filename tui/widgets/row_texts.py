"""The lines of the contact table as texts, each with the part of the table that it belongs to.

It needs no Textual, since the first rows are drawn before that is imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

from rich.cells import cell_len

from coterie.core.listing import Row
from coterie.core.text import number_of, printable
from coterie.tui.colors import group_color
from coterie.tui.glyphs import Glyphs
from coterie.tui.widgets.cells import fit
from coterie.tui.widgets.columns import GAP, NARROWEST, Column
from coterie.tui.widgets.matches import Match, marked

_NOTHING: Final[Mapping[str, str]] = {}
_BETWEEN: Final = ", "
"""What stands between two groups."""

Part = str
"""What decides how a text is drawn: `name`, `rest`, `cursor`, `cell`, `checked`, `star`, `match`, or the color
of a group, such as `group-red`. A style of the table has each name."""


class Line(NamedTuple):
    """All that one line shows. Equal lines look the same, so a line that stays equal is not drawn again.

    Attributes:
        row: what it shows; None for a line that is empty or not loaded yet.
        cursor: whether it is under the cursor.
        column: the column to mark on it, if any.
        matches: what was searched for, to be marked.
        thumb: whether the scroll bar's thumb is on it; None if there is no scroll bar.
    """

    row: Row | None = None
    checked: bool = False
    ranged: bool = False
    cursor: bool = False
    column: str | None = None
    thumb: bool | None = None
    matches: Sequence[Match] = ()


def box_width(glyphs: Glyphs) -> int:
    """How many cells a check box takes."""
    return cell_len(glyphs.checked)


def prefix_width(glyphs: Glyphs) -> int:
    """How many cells stand before the name: the cursor's sign, the check box, the star, and a blank after each."""
    return 1 + box_width(glyphs) + 3


def days_words(days: int | None) -> str:
    """How long something stays in the Bin, in words; empty if it is not there."""
    if days is None:
        return ""
    if days < 1:
        return "today"
    return number_of(days, "day")


def cell_text(row: Row, key: str) -> str:
    """The text of one cell. A contact without a name goes by what else is known of it."""
    if key == "name":
        return row.name or next((value for value in row.values.values() if value), "")
    if key == "days_left":
        return days_words(row.days_left)
    if key == "deleted_by":
        return row.deleted_by or ""
    return row.values.get(key, "")


def texts(
    line: Line, columns: Sequence[Column], glyphs: Glyphs, chosen: Mapping[str, str] = _NOTHING
) -> Iterator[tuple[str, Part]]:
    """The texts of one line from left to right; that of each column is as wide as the column.

    Args:
        chosen: the colors that were chosen for groups, by their names.
    """
    row = line.row
    pointer = glyphs.cursor if line.cursor else " "
    if row is None:
        yield pointer + " " * (prefix_width(glyphs) - 1), "name"
    else:
        box = glyphs.ranged if line.ranged else glyphs.checked if line.checked else glyphs.unchecked
        yield pointer, "name"
        yield box, "checked" if line.checked else "rest"
        yield " ", "rest"
        yield (glyphs.star, "star") if row.favorite else (glyphs.no_star, "rest")
        yield " ", "rest"
    for column in columns:
        yield from _cell(line, column, glyphs, chosen)
        yield " " * GAP, "rest"


def _cell(line: Line, column: Column, glyphs: Glyphs, chosen: Mapping[str, str]) -> Iterator[tuple[str, Part]]:
    """The texts of one cell."""
    row, key = line.row, column.key
    if row is None:
        yield " " * column.width, "rest"
        return
    text = cell_text(row, key)
    if key == "groups" and row.groups:
        pieces = list(_in_colors(fit(text, column.width, glyphs.ellipsis), row.groups, chosen))
    else:
        pieces = [_piece(row, key, text, column.width, glyphs)]
    if line.column == key:
        pieces = [("".join(piece for piece, _ in pieces), "cell")]
    elif line.cursor and line.column is None and key == "name":
        pieces = [(pieces[0][0], "cursor")]
    elif line.matches:
        shown = "".join(piece for piece, _ in pieces)
        pieces = _overlaid(pieces, marked(shown, text, key, line.matches))
    yield from pieces


def _piece(row: Row, key: str, text: str, width: int, glyphs: Glyphs) -> tuple[str, Part]:
    """What a cell says, and its weight; of several addresses the first one, and how many more there are."""
    if key == "emails" and row.more_emails and width >= NARROWEST:
        more = f" +{row.more_emails}"
        text = fit(text, width - len(more), glyphs.ellipsis).rstrip() + more
    return fit(text, width, glyphs.ellipsis), "name" if key == "name" else "rest"


def _in_colors(shown: str, groups: Sequence[str], chosen: Mapping[str, str]) -> Iterator[tuple[str, Part]]:
    """The groups of a cell, each in its color, as far as they are shown."""
    end = 0
    for name in groups:
        start, end = end, end + len(printable(name)) + len(_BETWEEN)
        if start < len(shown):
            yield shown[start:end], f"group-{group_color(name, chosen.get(name))}"
    yield shown[end:], "rest"


def _overlaid(pieces: Sequence[tuple[str, Part]], marks: Iterable[tuple[str, bool]]) -> list[tuple[str, Part]]:
    """The same text in pieces, those that were searched for being matches."""
    parts = [part for text, part in pieces for _ in text]
    flags = [is_match for text, is_match in marks for _ in text]
    letters = zip("".join(text for text, _ in pieces), parts, flags, strict=True)
    said = ((letter, "match" if is_match else part) for letter, part, is_match in letters)
    return [("".join(letter for letter, _ in run), part) for part, run in groupby(said, key=itemgetter(1))]
