"""What a look into the Bin did and what goes next, in sentences: for a notice and for `coterie purge`."""

from __future__ import annotations

from collections.abc import Iterator

from coterie.core.model import BinReport
from coterie.core.text import number_of

_DAY = 86_400_000


def bin_words(report: BinReport, *, dry_run: bool = False) -> Iterator[str]:
    """A sentence for each thing that is to be known; none if nothing happens."""
    days = number_of(report.days, "day")
    if report.purged:
        yield f"{'Would delete' if dry_run else 'Deleted'} {number_of(report.purged)} forever, after {days} in the Bin."
    if report.moved is not None and report.due:
        way = "back" if report.moved < 0 else "on"
        by = number_of(max(1, abs(report.moved) // _DAY), "day")
        yield f"The clock has moved {way} by {by} since the book was last used, so nothing is deleted yet."
    if report.due and report.due_from is not None:
        yield (
            f"{number_of(report.due)} in the Bin will be deleted forever from {report.due_from:%Y-%m-%d %H:%M} on:"
            f" the Bin keeps contacts for {days}. Restore what you want to keep."
        )
