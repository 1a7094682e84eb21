"""FORMATS: what contacts can be exported as, declared once for the command line, the export dialog and the
documentation."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, Protocol, TextIO

from core.errors import InvalidInput
from core.jsonform import json_text
from core.model import Contact
from core.transfer.export.google_csv import GoogleCsv
from core.transfer.export.outlook_csv import OutlookCsv
from core.transfer.formulas import guard_row
from core.transfer.own_csv import OwnCsv
from core.transfer.shape import Shape
from core.transfer.vcard import write_card


class Writer(Protocol):
    """Writes contacts to a text file, one after the other."""

    def begin(self) -> None:
        """Write what comes before the first contact."""

    def add(self, contact: Contact) -> None:
        """Write one contact."""

    def end(self) -> None:
        """Write what comes after the last contact."""


class Layout(Protocol):
    """The columns of a table."""

    def headings(self) -> list[str]:
        """The heading line."""

    def row(self, contact: Contact) -> list[str]:
        """The cells of one contact."""


class CsvWriter:
    """A table as CSV (RFC 4180), safe in spreadsheets unless it is `raw`."""

    def __init__(self, layout: Layout, file: TextIO, *, raw: bool, mark: bool = False) -> None:
        self._headings = layout.headings()
        self._cells = layout.row
        self._file = file
        self._write = csv.writer(file, lineterminator="\r\n").writerow
        self._raw = raw
        self._mark = mark

    def begin(self) -> None:
        """Write the heading line, after a byte order mark where the format wants one."""
        if self._mark:
            self._file.write("\ufeff")
        self._write(self._headings if self._raw else guard_row(self._headings))

    def add(self, contact: Contact) -> None:
        """Write one row."""
        cells = self._cells(contact)
        self._write(cells if self._raw else guard_row(cells))

    def end(self) -> None:
        """A table has no end."""


class VcardWriter:
    """One vCard 4.0 after the other."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def begin(self) -> None:
        """Cards have no beginning of their own."""

    def add(self, contact: Contact) -> None:
        """Write one card."""
        self._file.write(write_card(contact))

    def end(self) -> None:
        """Cards have no end of their own."""


class JsonWriter:
    """One array of the objects that `list --json` prints."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._before = "[\n"

    def begin(self) -> None:
        """The bracket comes with the first contact."""

    def add(self, contact: Contact) -> None:
        """Write one object, on a line of its own."""
        self._file.write(self._before + json_text(contact))
        self._before = ",\n"

    def end(self) -> None:
        """Close the array."""
        self._file.write("[]\n" if self._before == "[\n" else "\n]\n")


@dataclass(frozen=True, slots=True)
class Format:
    """A way to export contacts.

    Attributes:
        id: its name after `--format`.
        label: its name on the screen.
        extensions: endings of file names that mean it, the usual one first.
        note: what the dialog says about it.
        lossless: whether an import brings back everything.
        shaped: whether its columns depend on the contacts.
        spreadsheet: whether `raw` makes a difference.
        open: makes the writer from the shape, the file and `raw`.
    """

    id: str
    label: str
    extensions: tuple[str, ...]
    note: str
    open: Callable[[Shape, TextIO, bool], Writer]
    lossless: bool = False
    shaped: bool = False
    spreadsheet: bool = False


_LIST: Final = (
    Format(
        "csv",
        "CSV",
        (".csv",),
        "A table with every field; imports back without loss.",
        lambda shape, file, raw: CsvWriter(OwnCsv(shape), file, raw=raw),
        lossless=True,
        shaped=True,
        spreadsheet=True,
    ),
    Format(
        "google",
        "Google CSV",
        (".google.csv",),
        "The table that Google Contacts imports.",
        lambda shape, file, raw: CsvWriter(GoogleCsv(shape), file, raw=raw),
        shaped=True,
        spreadsheet=True,
    ),
    Format(
        "outlook",
        "Outlook CSV",
        (".outlook.csv",),
        "The table that Outlook imports; what has no column there goes to the notes.",
        lambda shape, file, raw: CsvWriter(OutlookCsv(shape), file, raw=raw, mark=True),
        spreadsheet=True,
    ),
    Format(
        "vcard",
        "vCard",
        (".vcf", ".vcard"),
        "vCard 4.0, for telephones and other address books; imports back without loss.",
        lambda shape, file, raw: VcardWriter(file),
        lossless=True,
    ),
    Format(
        "json",
        "JSON",
        (".json",),
        "For programs: the objects that list --json prints.",
        lambda shape, file, raw: JsonWriter(file),
        lossless=True,
    ),
)

FORMATS: Final[dict[str, Format]] = {found.id: found for found in _LIST}


def find_format(name: str) -> Format:
    """The format called `name`. Raises InvalidInput, which names the known ones."""
    found = FORMATS.get(name.strip().lower())
    if found is None:
        raise InvalidInput(f"There is no format “{name}”.", f"The formats are: {', '.join(FORMATS)}.")
    return found


def format_for(path: PurePath) -> Format:
    """The format that the ending of a file's name means; CSV where it means none."""
    name = path.name.lower()
    fitting = [(len(end), found) for found in _LIST for end in found.extensions if name.endswith(end)]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else FORMATS["csv"]
