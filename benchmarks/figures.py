"""A figure is what we took beside what the floor took, in one run on one machine: only the ratio says something."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

START: Final = "<!-- figures -->"
END: Final = "<!-- /figures -->"

HEADLINES: Final = (
    "120x40 start", "120x40 cursor move", "120x40 page down", "120x40 idle", "ssh: move", "ssh: page down",
    "ssh: let go", "Start to first rows", "page (pagedown) at", "First rows of a search", "coterie query at",
    "Import", "Bulk 1,000,000: star", "Bulk 1,000,000: undo of star", "Duplicates of 1,000,000: all pairs",
)  # fmt: skip
"""How the names of the figures begin that README shows first."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        floor: what it is compared with, as a number of the same unit; 0 where only a limit is known.
        against: what the floor is, in words.
        target: the most that `ratio` may be; 0 where `ours` itself has the limit `most`, infinite where the two are
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
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def page(figures: Sequence[Figure], where: str) -> str:
    """What README shows: the headlines, and all figures behind them.

    Args:
        where: on which machine, by which command.
    """
    short = [figure for figure in figures if figure.what.startswith(HEADLINES)]
    everything = f"<details>\n<summary>All figures</summary>\n\n{table(figures)}\n\n</details>"
    return f"{table(short)}\n\n{where}\n\n{everything}"


def write_into(page: Path, text: str) -> None:
    """Put a table between the marks in a page. Raises ValueError where it has none."""
    before, _, rest = page.read_text("utf-8").partition(START)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{page} has no {START} … {END}.")
    page.write_text(f"{before}{START}\n{text}\n{END}{after}", "utf-8")
