"""The lines of a survey as CSV, to look at them in a spreadsheet first."""

from __future__ import annotations

import csv
from typing import Final, TextIO

from coterie.core.bulk.survey import BATCH, Kind, Survey
from coterie.core.changes import Progress
from coterie.core.transfer.formulas import guard_row

HEADINGS: Final = ("Id", "Contact", "Field", "Old", "New", "Left out", "Reason")


async def write_lines(survey: Survey, file: TextIO, progress: Progress | None = None) -> int:
    """Look at all contacts, and write what changes and what is refused; how many lines that were.

    Args:
        file: opened with `newline=""`.
        progress: called with (contacts looked at, of how many); it may raise Cancelled.
    """
    await survey.finish(progress)
    writer, written = csv.writer(file), 0
    writer.writerow(HEADINGS)
    for kind in Kind:
        for start in range(0, survey.count(kind), BATCH):
            for line in await survey.lines(range(start, min(start + BATCH, survey.count(kind))), kind):
                out = "yes" if line.contact_id in survey.left_out else ""
                row = [str(line.contact_id), line.contact, line.field, line.old, line.new, out, line.reason]
                writer.writerow(guard_row(row))
                written += 1
    return written
