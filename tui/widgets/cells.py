"""Texts cut and padded to a number of terminal cells."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from coterie.core.text import printable


def fit(text: str, width: int, ellipsis: str) -> str:
    """`text`, made harmless, in exactly `width` cells: padded with blanks, or cut with an `ellipsis` at its end.

    Wide characters are never halved and combining ones stay with their letter.
    """
    text = printable(text)
    if text.isascii():
        if len(text) <= width:
            return text.ljust(width)
    elif cell_len(text) <= width:
        return text + " " * (width - cell_len(text))
    if width <= cell_len(ellipsis):
        return set_cell_size(text, width)
    # A wide character that does not fit before the ellipsis leaves a blank cell; the ellipsis belongs before it.
    cut = set_cell_size(text, width - cell_len(ellipsis))
    kept = cut.rstrip()
    return kept + ellipsis + " " * (width - cell_len(kept) - cell_len(ellipsis))
