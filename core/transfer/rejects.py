"""The rejects file: what an import could not take, with the reasons, so that it can be mended and imported again."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Final, TextIO

from coterie.core.transfer.csv import Recognition
from coterie.core.transfer.csv.dialect import Rows
from coterie.core.transfer.formulas import guard_row
from coterie.core.transfer.reject import Reject

REASON: Final = "Rejected because"
"""The heading of the first column; an import of the mended file leaves that column out."""


def write_rejects(rejects: Iterable[Reject], recognition: Recognition | None, file: TextIO) -> None:
    """Write rejected rows below the headings of their table, each behind its reason; vCards as they were.

    Args:
        rejects: what was rejected.
        recognition: how their file was read; None for vCard.
        file: opened for UTF-8 with `newline=""`.
    """
    if recognition is None:
        file.writelines(f"{reject.text.rstrip()}\r\n" for reject in rejects)
        return
    table = csv.writer(file, lineterminator="\r\n")
    table.writerow(guard_row([REASON, *(column.heading for column in recognition.columns)]))
    for reject in rejects:
        rows = list(Rows(reject.text.splitlines(keepends=True), recognition.dialect))
        cells = rows[0] if len(rows) == 1 else [reject.text]  # what cannot be separated stays together
        table.writerow(guard_row([reject.reason, *cells]))
