"""Which columns of a table fit, and where each stands: a pure function of the width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.fields import FIELDS

GAP: Final = 2
"""Blank cells between two columns."""

NARROWEST: Final = 9
"""A column that would become narrower than this gives way instead (unless it never was wider)."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a table needs to know of a column: its key and label, how wide it would like to be, when it gives way."""

    key: str
    label: str
    width: int
    rank: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its place: `x` is its first cell, `width` how many it takes."""

    key: str
    label: str
    x: int
    width: int


BIN_HEADINGS: Final = (Heading("days_left", "Days left", 9, 2), Heading("deleted_by", "Deleted by", 20, 3))
"""The columns that only contacts in the Bin have (`Row.days_left`, `Row.deleted_by`)."""


def headings(columns: Sequence[str], in_bin: bool = False) -> list[Heading]:
    """The headings of a table: the name, in the Bin what became of the contact, then `columns` (field keys)."""
    keys = dict.fromkeys(("name", *columns))
    found = [Heading(spec.key, spec.label, spec.width, spec.rank) for key in keys if (spec := FIELDS.get(key))]
    return [found[0], *BIN_HEADINGS, *found[1:]] if in_bin else found


def lay_out(wanted: Sequence[Heading], x: int, width: int) -> list[Column]:
    """Place `wanted` from cell `x` on into `width` cells.

    While they do not fit at about half their width, the column of the highest rank gives way, the last one first among
    equals; the first column always stays. What is left over is shared in proportion to the widths they would like.
    """
    narrow = {heading.key: _narrowest(heading) for heading in wanted}
    kept = list(wanted)
    while len(kept) > 1 and sum(narrow[heading.key] + GAP for heading in kept) - GAP > width:
        last = max(range(1, len(kept)), key=lambda place: (kept[place].rank, place))
        del kept[last]
    widths = _share([narrow[heading.key] for heading in kept], [heading.width for heading in kept], width)
    placed = []
    for heading, cells in zip(kept, widths, strict=True):
        placed.append(Column(heading.key, heading.label, x, cells))
        x += cells + GAP
    return placed


def _narrowest(heading: Heading) -> int:
    # A name that is cut is worse than a cut address.
    least = heading.width * 2 // 3 if heading.rank == 0 else heading.width // 2
    return min(heading.width, max(NARROWEST, least))


def _share(narrow: list[int], liked: list[int], width: int) -> list[int]:
    """Widths between `narrow` and whatever fills `width`: first everybody gets what they like, then a share more."""
    room = width - GAP * (len(narrow) - 1)
    if len(narrow) == 1:
        return [max(1, room)]
    missing = sum(liked) - sum(narrow)
    spare = room - sum(narrow)
    if spare < missing:
        widths = [least + (most - least) * spare // missing for least, most in zip(narrow, liked, strict=True)]
    else:
        extra = room - sum(liked)
        # Columns as narrow as a date gain nothing from more room.
        weights = [most if most > NARROWEST + 1 else 0 for most in liked]
        whole = sum(weights) or 1
        widths = [most + extra * weight // whole for most, weight in zip(liked, weights, strict=True)]
    widths[0] += room - sum(widths)
    return widths
