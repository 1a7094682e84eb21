"""The lines that Textual composes, as rows of cells."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat
from typing import Final

from rich.cells import cell_len, split_graphemes
from textual.strip import Strip

from coterie.core.text import undirected
from coterie.tui.terminal.pens import Pens

Cell = tuple[str, int]
"""What stands in a cell - a letter with the marks that combine with it - and the number of its pen.

The second cell of a wide letter is ("", pen). A blank has the pen of which only the background is seen.
"""
Row = list[Cell]

_UNCERTAIN_FROM: Final = "\U0001f000"
_simple_letters: set[str] = set()
"""Letters of one cell that combine with nothing, as they were met."""


def is_uncertain(letter: str) -> bool:
    """Whether terminals may disagree on how wide `letter` is: emoji, and everything of several code points."""
    return len(letter) > 1 or letter >= _UNCERTAIN_FROM


def cells(strip: Strip, pens: Pens) -> Row:
    """The cells of `strip`. Control characters have none: whatever is in a text, it cannot act on the terminal.

    Nor have the marks that turn letters around: in a field, too, what is seen is what will be stored and sent.
    """
    row: Row = []
    for text, style, control in strip:
        if control:
            continue
        pen = pens.of(style)
        blank = (" ", pens.blanks[pen])
        if (text.isascii() and text.isprintable()) or _is_simple(text):
            if text.isspace():
                row += [blank] * len(text)
            elif pens.blanks[pen] == pen or " " not in text:
                row += zip(text, repeat(pen), strict=False)
            else:
                row += [blank if letter == " " else (letter, pen) for letter in text]
        else:
            _add_graphemes(row, text, pen, blank)
    return row


def _is_simple(text: str) -> bool:
    """Whether each code point of `text` is a letter of one cell."""
    if _simple_letters.issuperset(text):
        return True
    for letter in set(text) - _simple_letters:
        if letter < " " or "\x7f" <= letter < "\xa0" or letter >= _UNCERTAIN_FROM or cell_len(letter) != 1:
            return False
        _simple_letters.add(letter)
    return True


def _add_graphemes(row: Row, text: str, pen: int, blank: Cell) -> None:
    text = "".join(letter for letter in undirected(text) if letter >= " " and not "\x7f" <= letter < "\xa0")
    spans, _ = split_graphemes(text)
    for start, end, width in spans:
        letter = text[start:end]
        if letter == " ":
            row.append(blank)
        elif width == 0:
            if row and row[-1][0]:
                row[-1] = (row[-1][0] + letter, row[-1][1])
        else:
            row.append((letter, pen))
            row.extend([("", pen)] * (width - 1))


def place(row: Row, x: int, new: Iterable[Cell], pens: Pens) -> None:
    """Put the cells `new` into `row` from `x` on. Halves of wide letters that are left over become blanks."""
    cells = list(new)[: max(0, len(row) - x)]
    end = x + len(cells)
    if not cells:
        return
    if x > 0 and row[x][0] == "":
        row[x - 1] = (" ", pens.blanks[row[x - 1][1]])
    if end < len(row) and row[end][0] == "":
        row[end] = (" ", pens.blanks[row[end][1]])
    row[x:end] = cells
    if end == len(row) and cell_len(row[-1][0]) > 1:  # there is no room for its other half
        row[-1] = (" ", pens.blanks[row[-1][1]])
