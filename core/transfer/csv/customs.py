"""Columns that become custom fields: under their heading, the label beside it, or the one that all formats share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from coterie.core.fields import FIELDS
from coterie.core.labelled import PHONETIC
from coterie.core.text import clean_line, clean_lines
from coterie.core.transfer.csv.drafting import Draft, Put
from coterie.core.transfer.csv.values import is_empty, split_google
from coterie.core.transfer.dates import is_zero_date, iso_date
from coterie.core.wellknown import (
    BY_GOOGLE_COLUMN,
    FULL_NAME,
    WELL_KNOWN,
    date_heading,
    detailed,
    relation_heading,
)

GROUPS: Final = frozenset({"relation", "event", "im"})
"""Google's numbered groups of columns for which a contact has no field of its own."""
# Other programs' own columns, and ours: “Given Yomi” is the phonetic given name.
_COLUMNS: Final = {
    column.casefold(): heading
    for column, heading in (
        *((field.outlook, field.heading) for field in WELL_KNOWN.values() if field.outlook),
        *((column, field.heading) for column, field in BY_GOOGLE_COLUMN.items()),
        *((FIELDS[key].label, heading) for key, heading in PHONETIC.items()),
    )
}


def custom(heading: str, labels: Mapping[tuple[str, int], int], slot: int) -> Put:
    """A column under its heading, or under the label that stands beside it."""
    at = labels.get(("custom", slot), -1) if slot else -1
    heading = _COLUMNS.get(heading.casefold(), heading)

    def put(draft: Draft, cell: str, row: Sequence[str]) -> None:
        label = _label(row, at)
        if label == FULL_NAME:
            draft.full_name = clean_line(cell)
            return
        for text in _texts(cell) if slot else [clean_lines(cell)]:
            if text and not is_empty(text) and not is_zero_date(text):
                draft.add_custom(label or heading, text)

    return put


def numbered(key: str, labels: Mapping[tuple[str, int], int], slot: int) -> Put:
    """Values of one of Google's GROUPS, each under the heading that its label makes."""
    at, kind_at = labels.get((key, slot), -1), labels.get((f"{key}_kind", slot), -1)

    def put(draft: Draft, cell: str, row: Sequence[str]) -> None:
        heading = _HEADINGS[key](_label(row, at), _label(row, kind_at))
        for text in _texts(cell):
            if not is_empty(text) and not is_zero_date(text):
                draft.add_custom(heading, iso_date(text) if key == "event" else text)

    return put


def _label(row: Sequence[str], at: int) -> str:
    return clean_line(row[at]).lstrip("* ") if at >= 0 else ""


def _texts(cell: str) -> list[str]:
    return [text for part in split_google(cell) if (text := clean_lines(part))]


def _messenger(service: str, kind: str) -> str:
    """`IM (Skype, work)`: the service, and where somebody is reached there."""
    place = kind.lower() if kind.lower() in {"home", "work"} else ""
    return detailed(WELL_KNOWN["IM"].heading, ", ".join(part for part in (service, place) if part))


_HEADINGS: Final[Mapping[str, Callable[[str, str], str]]] = {
    "relation": lambda label, _: relation_heading(label),
    "event": lambda label, _: date_heading(label),
    "im": _messenger,
}
