"""Where the box of a dialog is: always in one place, and over another dialog so that the two are not taken for one."""

from __future__ import annotations

from typing import Final, NamedTuple

from textual.geometry import Region, Size

LOW: Final = 18
"""On terminals with fewer lines explanations give way."""
NARROW: Final = 60
"""On terminals with fewer columns buttons don't name their keys."""
SNUG: Final = 90
"""On terminals with fewer columns dialogs are as wide as the terminal: parts of a list beside them tell nothing."""
_STEP: Final = 6
"""Of so many lines beyond `LOW` one is above a dialog: that is its place, whatever it holds."""
_SIDES: Final = 6
"""Columns by which a question is narrower than the dialog beneath: what that has of border and padding."""
_TITLE: Final = 2
"""Lines of the dialog beneath that are in sight above a question: its border and its title."""
_SMALL: Final = 14
"""In a dialog of fewer lines there is no room for a question."""


class Placement(NamedTuple):
    """Where a box is.

    Attributes:
        above: lines above it.
        width: its columns; None for those of its kind.
        columns, lines: what it takes at least.
    """

    above: int
    width: int | None = None
    columns: int = 0
    lines: int = 0


def placement(terminal: Size, beneath: Region | None, *, question: bool) -> Placement:
    """Where the box of a dialog is; a question lies clearly within the box `beneath`, any other dialog covers that."""
    above = max(0, terminal.height - LOW) // _STEP
    if beneath is None:
        return Placement(above)
    if question and beneath.width >= NARROW and beneath.height >= _SMALL:
        return Placement(beneath.y + _TITLE, width=beneath.width - _SIDES)
    return Placement(above, columns=beneath.width, lines=beneath.bottom - above)
