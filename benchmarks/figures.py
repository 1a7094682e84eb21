"""A figure is what we took beside what the floor took, in one run on one machine: only the ratio says something."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

START: Final = "<!-- figures -->"
END: Final = "<!-- /figures -->"


@dataclass(frozen=True, slots=True)
class Headline:
    """One of the few lines that README shows.

    Attributes:
        words: what was measured, for somebody who has never seen the program; `{size}` is the number of contacts.
        what: how the name of the figure begins.
        against: what that figure is compared with, as `Figure.against` says it.
    """

    words: str
    what: str
    against: str


HEADLINES: Final = (
    Headline("Start to first rows, of {size} contacts", "Start to first rows", "the same at 1,000"),
    Headline("First rows of a search in {size} contacts, 95 of 100 times", "First rows of a search", ""),
    Headline("A page down over SSH, on a line of 300 ms and 256 kbit/s", "ssh: page down", "the round trip"),
    Headline("What a page down sends to a terminal of 120x40", "120x40 page down", "1.3 x the changed text"),
    Headline("Import of {size} contacts from a CSV file", "Import", "csv + executemany by hand"),
    Headline("A star for {size} contacts", "Bulk", "bare SQL, with journal and index"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        floor: what it is compared with, as a number of the same unit; 0 if only a limit is known.
        against: what the floor is, in words.
        target: the most that `ratio` may be; 0 if `ours` itself has the limit `most`, infinite if the two are
            only compared.
    """

    what: str
    ours: float
    floor: float
    unit: str
    against: str
    target: float = 0.0
    most: float = 0.0

    @property
    def ratio(self) -> float:
        return self.ours / self.floor if self.floor else 0.0

    @property
    def reached(self) -> bool:
        return self.ratio <= self.target if self.target else self.ours <= self.most

    def cells(self) -> list[str]:
        ratio = f"{self.ratio:.2f} x" if self.floor else ""
        compared = self.target == math.inf
        wanted = "" if compared else f"<= {self.target:.2f} x" if self.target else f"<= {self.most:,.0f} {self.unit}"
        return [
            self.what, f"{self.ours:,.4g} {self.unit}", f"{self.floor:,.4g} {self.unit}" if self.floor else "",
            self.against, ratio, wanted, "" if compared else "yes" if self.reached else "**no**",
        ]  # fmt: skip


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table in Markdown."""
    head = ["What", "Coterie", "Floor", "Which is", "Ratio", "Target", "Reached"]
    rows = [head, ["---"] * len(head), *(figure.cells() for figure in figures)]
    return markdown(rows)


def headlines(figures: Sequence[Figure], size: int) -> str:
    """The lines of `HEADLINES` as a table in Markdown; those that were not measured are missing.

    Args:
        size: how many contacts were in the book.
    """
    rows = [["What", "Coterie", "Compared with"], ["---"] * 3]
    for line in HEADLINES:
        shown = (figure for figure in figures if figure.what.startswith(line.what) and figure.against == line.against)
        if figure := next(shown, None):
            floor = f"{figure.floor:,.4g} {figure.unit}: {figure.against}" if figure.floor else ""
            rows.append([line.words.format(size=f"{size:,}"), f"{figure.ours:,.4g} {figure.unit}", floor])
    return markdown(rows)


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a table; the second one is the line below the headings."""
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def write_into(page: Path, text: str) -> None:
    """Put a text between the marks in a page. Raises ValueError if the page has no marks."""
    before, _, rest = page.read_text("utf-8").partition(START)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{page} has no {START} … {END}.")
    page.write_text(f"{before}{START}\n{text}\n{END}{after}", "utf-8")
