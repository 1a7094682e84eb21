"""Which columns of a table fit, and where each stands: a pure function of the width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from coterie.core.fields import FIELDS

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
    shown = [Heading(spec.key, spec.label, spec.width, spec.rank) for key in keys if (spec := FIELDS.get(key))]
    return [shown[0], *BIN_HEADINGS, *shown[1:]] if in_bin else shown


def lay_out(wanted: Sequence[Heading], x: int, width: int, current: str = "") -> list[Column]:
    """Place `wanted` from cell `x` on into `width` cells, with the column of the key `current` among them.

    While they do not fit at about half their width, the column of the highest rank gives way, the last one first among
    equals; the first column always stays. If `current` would be among those that gave way, the columns are scrolled
    sideways: behind the first one stand those that end with it, and what else fits. What is left over is shared; beyond
    the widths they would like, in proportion to these.
    """
    kept = _fitting(wanted, width)
    if current not in {heading.key for heading in kept}:
        place = next((place for place, heading in enumerate(wanted) if heading.key == current), 0)
        kept = _around(wanted, place, width) if place else kept
    widths = _share(kept, [_narrowest(heading) for heading in kept], width - GAP * (len(kept) - 1))
    placed = []
    for heading, cells in zip(kept, widths, strict=True):
        placed.append(Column(heading.key, heading.label, x, cells))
        x += cells + GAP
    return placed


def hidden(wanted: Sequence[Heading], placed: Sequence[Column]) -> tuple[bool, bool]:
    """Whether there are columns that are not seen: left of those that are, behind the first one, and elsewhere."""
    seen = {column.key for column in placed}
    first = placed[1].key if len(placed) > 1 else ""
    unseen = [place for place, heading in enumerate(wanted) if heading.key not in seen]
    left = next((place for place, heading in enumerate(wanted) if heading.key == first), 0)
    return any(place < left for place in unseen), any(place > left for place in unseen)


def _fit(kept: Sequence[Heading], width: int) -> bool:
    return sum(_narrowest(heading) + GAP for heading in kept) - GAP <= width


def _fitting(wanted: Sequence[Heading], width: int) -> list[Heading]:
    """Those that find room by their rank."""
    kept = list(wanted)
    while len(kept) > 1 and not _fit(kept, width):
        last = max(range(1, len(kept)), key=lambda place: (kept[place].rank, place))
        del kept[last]
    return kept


def _around(wanted: Sequence[Heading], place: int, width: int) -> list[Heading]:
    """The first one and those that end at `place`, as many as find room; if there is more, those that follow."""
    first, last = place, place + 1
    while first > 1 and _fit([wanted[0], *wanted[first - 1 : last]], width):
        first -= 1
    while last < len(wanted) and _fit([wanted[0], *wanted[first : last + 1]], width):
        last += 1
    return [wanted[0], *wanted[first:last]]


def _narrowest(heading: Heading) -> int:
    # A name that is cut is worse than a cut address.
    least = heading.width * 2 // 3 if heading.rank == 0 else heading.width // 2
    return min(heading.width, max(NARROWEST, least))


def _share(kept: Sequence[Heading], narrow: list[int], room: int) -> list[int]:
    """Widths from `narrow` on that fill `room`: cells go to who misses most, and e-mail addresses miss threefold."""
    widths = list(narrow)
    for _ in range(sum(narrow), room):
        missing = [
            (heading.width - width) * (3 if heading.rank == 1 else 1)
            for heading, width in zip(kept, widths, strict=True)
        ]
        most = max(missing)
        if most <= 0:  # everybody has what they like
            break
        widths[missing.index(most)] += 1
    extra = room - sum(widths)
    if extra > 0:
        # Columns as narrow as a date gain nothing from more room.
        weights = [heading.width if heading.width > NARROWEST + 1 else 0 for heading in kept]
        widths = [width + extra * weight // sum(weights) for width, weight in zip(widths, weights, strict=True)]
    widths[0] = max(1, widths[0] + room - sum(widths))
    return widths
