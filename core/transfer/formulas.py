"""Cells that a spreadsheet would run as a formula, made text by a guard, and the guard taken off again.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@`, perhaps after blanks or quotes, or with a tab or a
line end (OWASP, CSV Injection). The guard is an apostrophe before the cell, which spreadsheets take as “this is
text”. Phone numbers, plain numbers and dates without a year are no formulas and stay as they are.
`unguard(guard(cell)) == cell` for every cell, also for text that begins with an apostrophe itself.

What spreadsheets and the programs that fear them do to cells is undone here as well: numbers behind an apostrophe or in
a formula, long numbers that were rounded.
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
# '0123, '+31 6 12345678, '9013808660771: numbers that a spreadsheet would change; two digits are a year ('68).
_GUARDED_NUMBER: Final = re.compile(r"'(?:\+ ?\(?|\(?0|(?=(?:\D*\d){5}))[\d(][\d ().,/-]*")
_TEXT_FORMULA: Final = re.compile(r'="([^"]*)"')
# =HYPERLINK("mailto:ada@example.org","Ada"), or with a semicolon if the comma is the decimal point.
_LINK: Final = re.compile(r'=HYPERLINK\(\s*"([^"]*)"\s*(?:[,;]\s*"([^"]*)"\s*)?\)', re.IGNORECASE)
_SCIENTIFIC: Final = re.compile(r"(\d)(?:[.,](\d+))?E\+?(\d{1,2})", re.IGNORECASE)
# 447911123456.0: a program took the number for a quantity.
_DECIMAL: Final = re.compile(r"(\d{7,})\.0")
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


def unmasked(cell: str) -> str:
    """A cell of any program as a spreadsheet shows it: without a guard, also that of a number or of `="0049 30 1"`.

    An apostrophe before words stays: `'t Hooft`.
    """
    if cell[:1] == GUARD:
        return cell[1:] if _GUARDED_NUMBER.fullmatch(cell.rstrip()) else unguard(cell)
    text = cell.strip()
    if match := _TEXT_FORMULA.fullmatch(text):
        return match[1]
    link = _LINK.fullmatch(text) if text[:1] == "=" else None
    return _linked(link[1], link[2] or "") if link else cell


def _linked(target: str, shown: str) -> str:
    """What a link says: the address or number that it leads to, else what is shown, with another place behind it."""
    kind, colon, rest = target.partition(":")
    if colon and kind.lower() in {"mailto", "tel"}:
        return rest.partition("?")[0]
    return f"{shown} ({target})" if shown and shown != target else target


def whole_number(cell: str) -> str | None:
    """The digits of a number that was written as a quantity; empty if some of them are lost, None for any other text.

    A spreadsheet shows 447911123456 as `4.47911E+11`, and saves to CSV what it shows.
    """
    if match := _DECIMAL.fullmatch(cell.strip()):
        return match[1]
    match = _SCIENTIFIC.fullmatch(cell.strip())
    if match is None:
        return None
    digits = match[2] or ""
    return match[1] + digits if len(digits) == int(match[3]) else ""
