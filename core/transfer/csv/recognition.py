"""What was recognized in a file: the value that the preview shows and that reading follows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from coterie.core.text import clean_line
from coterie.core.transfer.csv.customs import GROUPS
from coterie.core.transfer.csv.dialect import Dialect
from coterie.core.transfer.csv.layout import Table
from coterie.core.transfer.csv.targets import CUSTOM, IGNORE, TARGETS, parts_of
from coterie.core.transfer.csv.words import heading_key


@dataclass(frozen=True, slots=True)
class Column:
    """One column and what becomes of it.

    Attributes:
        index: its place, counted from 0.
        heading: its name: the heading, numbered if it is repeated, or `Column 3` if there is none.
        target: a key of `targets.TARGETS`, perhaps with a label (`phone:mobile`), `custom` or `ignore`.
        samples: some of its cells that are not empty, as they stand in the file.
    """

    index: int
    heading: str
    target: str
    samples: tuple[str, ...] = ()

    @property
    def field(self) -> str | None:
        """The key of the target without its label; None if the column is kept as a custom field or left out."""
        key = parts_of(self.target)[0]
        return None if key in {CUSTOM, IGNORE, "default", *GROUPS} else key


@dataclass(frozen=True, slots=True)
class Recognition:
    """How a file is to be read.

    Attributes:
        encoding: Python's name of its encoding.
        dialect: how its cells are separated.
        layout: what people call the layout: `Google Contacts`, `Outlook (German)`, `Plain table`.
        vocabulary: the language of its headings, or the program whose words they are.
        columns: the columns of the table of people.
        tables: that table, and further ones of the same kind.
        date_order: `dmy` or `mdy` if the file's dates show it, else empty.
        notes: sentences about what is left out.
        sheet: the sheet of a workbook that is read; empty for other files.
        sheets: all sheets of the workbook.
        signature: the same for every file with these headings, so that a changed mapping is found again.
    """

    encoding: str
    dialect: Dialect
    layout: str
    vocabulary: str
    columns: tuple[Column, ...]
    tables: tuple[Table, ...]
    date_order: str = ""
    notes: tuple[str, ...] = ()
    signature: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()

    @property
    def delimiter(self) -> str:
        """The character between cells."""
        return self.dialect.delimiter

    @property
    def heading_line(self) -> int | None:
        """The number of the line of the heading, counted from 1; None if there is no heading."""
        return self.tables[0].heading_line or None


def signature_of(headings: tuple[str, ...]) -> str:
    """A short name for a set of headings, whatever their order and case."""
    keys = sorted(heading_key(heading) or "-" for heading in headings)
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]


def identifies(targets: tuple[str, ...]) -> bool:
    """Whether some column tells who a contact is."""
    return any(TARGETS[parts_of(target)[0]].identifies for target in targets)


def names_of(headings: Sequence[str]) -> list[str]:
    """A name for each column: its heading, numbered if it is repeated, `Column 3` if it is empty."""
    names: dict[str, None] = {}
    counts: Counter[str] = Counter()
    for place, heading in enumerate(headings):
        name = unique = clean_line(heading) or f"Column {place + 1}"
        while unique in names:
            counts[name] += 1
            unique = f"{name} ({counts[name] + 1})"
        names[unique] = None
    return list(names)
