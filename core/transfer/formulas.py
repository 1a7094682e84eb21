"""Cells that a spreadsheet would run as a formula, made text by a guard, and the guard taken off again.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@`, perhaps after blanks or quotes, or with a tab or a
line end (OWASP, CSV Injection). The guard is an apostrophe before the cell, which spreadsheets take as “this is
text”. Telephone numbers, plain numbers and dates without a year are no formulas and stay as they are.
`unguard(guard(cell)) == cell` for every cell, also for text that begins with an apostrophe itself.
"""

from __future__ import annotations

import re
from typing import Final

GUARD: Final = "'"
_OPERATOR: Final = "=+\\-@＝＋－＠"
_BLANK: Final = " \t\r\n\xa0\u3000"
# +44 (0)20 7946-0000, -12.50, --12-01: figures and what stands between them, neither letters nor active operators.
_FIGURES: Final = r"[+-]{0,2}\(?\d[\d ().,/-]*"
_FORMULA: Final = re.compile(f"['\"]*[\t\r\n]|[{_BLANK}'\"]*[{_OPERATOR}]")
_NUMBER: Final = re.compile(_FIGURES)
# A cell that deserves a closer look, in a row whose cells stand between NULs.
_SUSPECT: Final = re.compile(f"\0(?=[{_OPERATOR}{_BLANK}'\"])(?!{_FIGURES}\0)")


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet might run the cell."""
    return _FORMULA.match(cell) is not None and _NUMBER.fullmatch(cell) is None


def guard(cell: str) -> str:
    """The cell as it is safe in a spreadsheet."""
    return GUARD + cell if is_formula(cell) else cell


def guard_row(cells: list[str]) -> list[str]:
    """The row with all of its cells safe; nearly every row is, which one search shows. Most cells are empty."""
    if _SUSPECT.search("\0" + "\0".join(filter(None, cells)) + "\0"):
        return [guard(cell) for cell in cells]
    return cells


def unguard(cell: str) -> str:
    """The cell that was guarded; cells without a guard are returned as they are."""
    return cell[1:] if cell[:1] == GUARD and is_formula(cell[1:]) else cell
