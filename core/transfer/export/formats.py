"""FORMATS: what contacts can be exported as, declared once for the command line, the export dialog and the
documentation.

Other packages add formats by an entry point of the group `coterie.formats`, whose name is the format's id.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, Protocol

from coterie.core.errors import InvalidInput
from coterie.core.jsonform import json_text
from coterie.core.model import Contact
from coterie.core.plugins import Plugins
from coterie.core.transfer.export.google_csv import GoogleCsv
from coterie.core.transfer.export.outlook_csv import OutlookCsv
from coterie.core.transfer.formulas import guard_row
from coterie.core.transfer.own_csv import OwnCsv
from coterie.core.transfer.shape import Shape
from coterie.core.transfer.vcard import Version, write_card


class Writer(Protocol):
    """Makes text of contacts.

    Attributes:
        between: what stands between the texts of two contacts.
    """

    between: str

    def begin(self, count: int) -> str:
        """What comes before the first of `count` contacts."""

    def texts(self, contacts: Sequence[Contact]) -> list[str]:
        """The text of each contact."""

    def end(self, count: int) -> str:
        """What comes after the last of `count` contacts."""


class Layout(Protocol):
    """The columns of a table."""

    def headings(self) -> list[str]:
        """The heading line."""

    def row(self, contact: Contact) -> list[str]:
        """The cells of one contact."""


class _Lines(list[str]):
    """What csv.writer takes for a file: it writes a row at a time."""

    write = list[str].append


class CsvWriter:
    """A table as CSV (RFC 4180), safe in spreadsheets unless it is `raw`."""

    between = ""

    def __init__(self, layout: Layout, *, raw: bool, mark: bool = False) -> None:
        self._headings = layout.headings()
        self._cells = layout.row
        self._raw = raw
        self._mark = mark

    def begin(self, count: int) -> str:
        """The heading line, after a byte order mark if the format wants one."""
        return ("\ufeff" if self._mark else "") + self._lines([self._headings])[0]

    def texts(self, contacts: Sequence[Contact]) -> list[str]:
        """A line for each."""
        return self._lines(map(self._cells, contacts))

    def _lines(self, rows: Iterable[list[str]]) -> list[str]:
        lines = _Lines()
        csv.writer(lines, lineterminator="\r\n").writerows(rows if self._raw else map(guard_row, rows))
        return lines

    def end(self, count: int) -> str:
        """A table has no end."""
        return ""


class VcardWriter:
    """One vCard after the other."""

    between = ""

    def __init__(self, version: Version = "4.0") -> None:
        self._version: Version = version

    def begin(self, count: int) -> str:
        """Cards have no beginning of their own."""
        return ""

    def texts(self, contacts: Sequence[Contact]) -> list[str]:
        """A card for each."""
        return [write_card(contact, self._version) for contact in contacts]

    def end(self, count: int) -> str:
        """Cards have no end of their own."""
        return ""


class JsonWriter:
    """One array of the objects that `list --json` prints, each on a line of its own."""

    between = ",\n"

    def begin(self, count: int) -> str:
        """The bracket."""
        return "[\n" if count else "["

    def texts(self, contacts: Sequence[Contact]) -> list[str]:
        """An object for each."""
        return [json_text(contact) for contact in contacts]

    def end(self, count: int) -> str:
        """Close the array."""
        return "\n]\n" if count else "]\n"


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
        open: makes the writer from the shape and `raw`.
    """

    id: str
    label: str
    extensions: tuple[str, ...]
    note: str
    open: Callable[[Shape, bool], Writer]
    lossless: bool = False
    shaped: bool = False
    spreadsheet: bool = False


_LIST: Final = (
    Format(
        "csv",
        "CSV",
        (".csv",),
        "A table with every field; Coterie imports it again without loss.",
        lambda shape, raw: CsvWriter(OwnCsv(shape), raw=raw),
        lossless=True,
        shaped=True,
        spreadsheet=True,
    ),
    Format(
        "google",
        "Google CSV",
        (".google.csv",),
        "The table that Google Contacts imports.",
        lambda shape, raw: CsvWriter(GoogleCsv(shape), raw=raw),
        shaped=True,
        spreadsheet=True,
    ),
    Format(
        "outlook",
        "Outlook CSV",
        (".outlook.csv",),
        "The table that Outlook imports; what has no column there is added to the notes.",
        lambda shape, raw: CsvWriter(OutlookCsv(shape), raw=raw, mark=True),
        spreadsheet=True,
    ),
    Format(
        "vcard",
        "vCard",
        (".vcf", ".vcard"),
        "vCard 4.0, for phones and other address books; Coterie imports it again without loss.",
        lambda shape, raw: VcardWriter(),
        lossless=True,
    ),
    Format(
        "vcard3",
        "vCard 3.0",
        (".v3.vcf",),
        "For programs that know no vCard 4.0; imports back without loss.",
        lambda shape, raw: VcardWriter("3.0"),
        lossless=True,
    ),
    Format(
        "json",
        "JSON",
        (".json",),
        "For programs: the objects that list --json prints.",
        lambda shape, raw: JsonWriter(),
        lossless=True,
    ),
)

FORMATS: Final[dict[str, Format]] = {own.id: own for own in _LIST}
"""Coterie's own formats, by their ids."""


def _unfit(name: str, part: object) -> str:
    if not isinstance(part, Format):
        return "it is not a Format"
    if not part.extensions:
        return "it has no extensions"
    return "" if part.id == name else f"its id is “{part.id}”"


PLUGINS: Final[Plugins[Format]] = Plugins("coterie.formats", "export format", FORMATS, _unfit)
"""The formats of other packages."""


def all_formats() -> dict[str, Format]:
    """Coterie's own formats, then those of other packages, by their ids."""
    return FORMATS | PLUGINS.parts


def find_format(name: str) -> Format:
    """The format called `name`. Raises InvalidInput, which names all formats."""
    wanted = name.strip().lower()
    match = FORMATS.get(wanted) or PLUGINS.parts.get(wanted)
    if match is None:
        raise InvalidInput(f"There is no format “{name}”.", f"The formats are: {', '.join(all_formats())}.")
    return match


def format_for(path: PurePath) -> Format:
    """The format that the ending of a file's name means; CSV if it means none."""
    name = path.name.lower()
    formats = all_formats().values()
    fitting = [(len(end), candidate) for candidate in formats for end in candidate.extensions if name.endswith(end)]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else FORMATS["csv"]
