"""Birthdays as people type them in a search: `1990`, `1990-05`, `05-09`, `may`, `"9 May"`, `today`."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from coterie.core.text import fold

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_SHORTEST_MONTH: Final = 3
_NUMBERS: Final = re.compile(r"([0-9]{1,2})-([0-9]{1,2})")
_DAY: Final = re.compile(r"(?:([a-z]+) )?([0-9]{1,2})(?: ([a-z]+))?")


def birthday_forms(text: str, today: date) -> tuple[str, ...]:
    """The folded texts, one of which stands in the birthday (an ISO 8601 date) that `text` means.

    A day or a month is found in every year, and also if no year is known.
    """
    typed = fold(text)
    if typed == "today":
        return (f"-{today:%m-%d}",)
    if month := _month(typed):
        return f"-{month:02}-", typed
    if (match := _NUMBERS.fullmatch(typed)) and 1 <= int(match[1]) <= len(_MONTHS):
        return (f"-{int(match[1]):02}-{int(match[2]):02}",)  # 05-09 itself stands in 2005-09-30 too
    if (match := _DAY.fullmatch(typed)) and (month := _month(match[1] or match[3] or "")):
        return f"-{month:02}-{int(match[2]):02}", typed
    return (typed,) if typed else ()


def _month(word: str) -> int:
    """The number of the month that is called or begins so; 0 if none is."""
    names = enumerate(_MONTHS, 1)
    return next((n for n, name in names if len(word) >= _SHORTEST_MONTH and name.startswith(word)), 0)
