"""The lines of the contact table as texts, each with the part of the table that it belongs to.

It needs no Textual, since the first rows are drawn before that is imported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from rich.cells import cell_len

from coterie.core.listing import Row
from coterie.tui.glyphs import Glyphs
from coterie.tui.widgets.cells import fit
from coterie.tui.widgets.columns import GAP, Column
from coterie.tui.widgets.matches import Match, marked

Part = Literal["base", "cursor", "cell", "checked", "star", "match"]
"""What decides how a text is drawn; a style of the table has each name."""


class Line(NamedTuple):
    """All that one line shows. Equal lines look the same, so a line that stays equal is not drawn again.

    Attributes:
        row: what it shows; None for a line that is empty or not loaded yet.
        cursor: whether it is under the cursor.
        column: the column to mark on it, if any.
        matches: what was searched for, to be marked.
        thumb: whether the scroll bar's thumb is on it; None where there is no scroll bar.
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
    return "1 day" if days == 1 else f"{days} days"


def cell_text(row: Row, key: str) -> str:
    """The text of one cell. A contact without a name goes by what else is known of it."""
    if key == "name":
        return row.name or next((value for value in row.values.values() if value), "")
    if key == "days_left":
        return days_words(row.days_left)
    if key == "deleted_by":
        return row.deleted_by or ""
    return row.values.get(key, "")


def texts(line: Line, columns: Sequence[Column], glyphs: Glyphs) -> Iterator[tuple[str, Part]]:
    """The texts of one line from left to right; that of each column is as wide as the column."""
    row = line.row
    pointer = glyphs.cursor if line.cursor else " "
    if row is None:
        yield pointer + " " * (prefix_width(glyphs) - 1), "base"
    else:
        box = glyphs.ranged if line.ranged else glyphs.checked if line.checked else glyphs.unchecked
        yield pointer, "base"
        yield box, "checked" if line.checked else "base"
        yield " ", "base"
        yield (glyphs.star, "star") if row.favorite else (glyphs.no_star, "base")
        yield " ", "base"
    for column in columns:
        text = fit(cell_text(row, column.key), column.width, glyphs.ellipsis) if row else " " * column.width
        part: Part = "base"
        if line.column == column.key:
            part = "cell"
        elif line.cursor and line.column is None and column.key == "name":
            part = "cursor"
        if part == "base" and line.matches:
            for piece, is_match in marked(text, cell_text(row, column.key) if row else "", column.key, line.matches):
                yield piece, "match" if is_match else part
        else:
            yield text, part
        yield " " * GAP, "base"
