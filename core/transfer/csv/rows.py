"""Rows to contacts, wherever the rows come from: the lines of a text, a sheet, the objects of a JSON array."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import dropwhile
from typing import Final, Protocol

from coterie.core.model import Contact, Email, Phone
from coterie.core.text import clean_line
from coterie.core.transfer.csv.contacts import RowReader
from coterie.core.transfer.csv.layout import NumberedRow, Table, continues_heading, is_typed
from coterie.core.transfer.csv.mapping import map_columns
from coterie.core.transfer.csv.recognition import Recognition, names_of
from coterie.core.transfer.csv.values import is_phone, recipient, split_emails, split_recipients
from coterie.core.transfer.own_csv import LAYOUT as OWN_LAYOUT
from coterie.core.transfer.own_csv import OwnReader
from coterie.core.transfer.reject import Reject, checked

LIST: Final = "List of people"
"""The layout of a text whose lines are people, each in its own way: `Ann <ann@x.org>`, `Bob; bob@x.org`."""
_COMMENT: Final = re.compile(r"(?:#|//|;)\s+\S")
_COMMENTED: Final = "A comment, not a contact."
_LIST_NAME: Final = re.compile(
    r"(?:distribution list|contact group|group|mailing list|verteilerliste|kontaktgruppe|liste de distribution|"
    r"groupe de contacts|lista de distribución)(?: name)?\s*:\s*(.+)",
    re.IGNORECASE,
)
_MEMBERS: Final = re.compile(r"(?:members|mitglieder|membres|miembros|membri|leden)\s*:", re.IGNORECASE)
_SEPARATORS: Final = re.compile(r"[,;|\t]")
# The share of a list's lines that hold an address.
_NEARLY_ALL: Final = 0.9
_UNEVEN: Final = 0.5
# A lone cell of this many characters below a wide table is a footnote.
_FOOTNOTE: Final = 30
_WIDE: Final = 3
_MARKS: Final = frozenset("#/;")


class TableRows(Protocol):
    """The rows of a table: an iterator of lists of cells that knows where it is."""

    def __iter__(self) -> Iterator[list[str]]:
        """Itself."""

    def __next__(self) -> list[str]:
        """The next row; empty ones may be among them."""

    @property
    def line(self) -> int:
        """The number of the line or row of the present row, counted from 1."""

    @property
    def text(self) -> str:
        """The present row as text, for those who mend it."""

    def split_again(self, width: int) -> list[str] | None:
        """The present row, which has one cell, in `width` cells or nearly; None if it cannot be separated."""


def read_rows(rows: TableRows, recognition: Recognition) -> Iterator[Contact | Reject]:
    """The contacts in `rows`, and the rows that hold none, in their order. Blank rows are passed over."""
    headings = [column.heading for column in recognition.columns]
    targets = [column.target for column in recognition.columns]
    main, *others = recognition.tables
    if recognition.layout == LIST:
        yield from _read_list(rows)
        return
    if not main.heading_line and len(targets) > 1 and set(targets) == {"email"}:
        yield from _read_addresses(rows)
        return
    own = OwnReader.of(main.headings, recognition.date_order) if recognition.layout == OWN_LAYOUT else None
    typed = is_typed(recognition.layout)
    reader = own or RowReader(headings, targets, recognition.vocabulary, recognition.date_order, typed=typed)
    yield from _read_table(rows, main, reader, comments=not typed)
    for table in others:
        raw = list(table.headings)
        targets, vocabulary = map_columns(raw, [[] for _ in raw])
        further = RowReader(names_of(raw), targets, vocabulary, recognition.date_order, typed=typed)
        yield from _read_table(rows, table, further, comments=not typed)


def _read_table(
    rows: TableRows, table: Table, reader: RowReader | OwnReader, *, comments: bool
) -> Iterator[Contact | Reject]:
    width = len(table.headings)
    first, last = table.first_line, table.last_line
    heading = [cell.strip() for cell in table.headings] if table.heading_line else None
    start = heading[0] if heading else ""
    blank_before = False
    is_first = heading is not None and isinstance(reader, RowReader)
    make = reader.read
    later: list[Contact] = []  # the members of lists, who may be in the table as well
    for row in dropwhile(lambda _: rows.line <= first, rows):
        comment = comments and row and row[0][:1] in _MARKS and _COMMENT.match(row[0])
        if len(row) < 2 and width > 1 and row and not comment and (again := rows.split_again(width)):
            row = again  # noqa: PLW2901 - the row as it was meant
        if len(row) < 2 and not (row and row[0].strip()):
            blank_before = True
        else:
            result = _COMMENTED if comment else make(row)
            if is_first:
                is_first = False
                if continues_heading(row):
                    yield Reject(rows.line, "A second row of headings, not a contact.", rows.text)
                    continue
            if type(result) is Contact:
                if heading and row[0].strip() == start and [cell.strip() for cell in row] == heading:
                    continue  # the heading again, as joined files have it
                if blank_before and width >= _WIDE and _is_footnote(row):
                    yield Reject(rows.line, "A line of text below the table, not a contact.", rows.text)
                    continue
                blank_before = False
                yield checked(result, rows.line, rows.text)
            elif isinstance(result, tuple):
                later += result
            elif any(map(str.strip, row)):
                yield Reject(rows.line, str(result), rows.text)
            else:
                blank_before = True
        if last is not None and rows.line >= last:
            break
    yield from later


def without_comments(rows: Iterable[NumberedRow]) -> list[NumberedRow]:
    """The rows but those that are comments; a heading behind a # is none."""
    return [
        (line, cells) for line, cells in rows
        if not (cells and _COMMENT.match(cells[0]) and not any(cell.strip() for cell in cells[1:]))
    ]  # fmt: skip


def is_list(lines: Iterable[str], even: float) -> bool:
    """Whether the lines of a text without a heading are people, each written in its own way.

    Args:
        lines: the first lines of the text.
        even: the share of lines that have the same number of cells, more than one.
    """
    people = [line for line in map(str.strip, lines) if line and not _COMMENT.match(line)]
    if people and _LIST_NAME.match(people[0]):
        return True
    forms = {
        "<" if "<" in line else "".join(sorted(set(_SEPARATORS.findall(line))))
        for line in people if "@" in line
    }  # fmt: skip
    if sum("@" in line for line in people) < _NEARLY_ALL * len(people):
        return False
    return (len(forms - {""}) > 1 and even < _UNEVEN) or any(len(split_recipients(line)) > 1 for line in people)


def _read_list(rows: TableRows) -> Iterator[Contact | Reject]:
    """Lines that are people, below the name of their group if it stands there."""
    groups: tuple[str, ...] = ()
    for _ in rows:
        line = clean_line(rows.text)
        if not line or _MEMBERS.fullmatch(line):
            continue
        if name := _LIST_NAME.fullmatch(line):
            groups = (clean_line(name[1]),)
        elif _COMMENT.match(line):
            yield Reject(rows.line, _COMMENTED, rows.text)
        elif people := _people(rows.text):
            yield from (replace(person, groups=groups) for person in people)
        else:
            yield Reject(rows.line, f"“{line}” has no e-mail address.", rows.text)


def _people(line: str) -> list[Contact]:
    """Who stands in a line: `Ann <ann@x.org>; Bob <bob@x.org>` are two, `Cy; cy@x.org; 030 1234567` is one."""
    if several := split_recipients(line):
        return [recipient(name, address) for name, address in several]
    addresses, _, beside = split_emails(line)
    cells = [cell for part in _SEPARATORS.split(line) if (cell := part.strip(" \"'\r\n")) and "@" not in cell]
    phones = [cell for cell in cells if is_phone(cell)]
    name = beside or next((cell for cell in cells if cell not in phones), "")
    if not addresses:
        return []
    if len(addresses) > 1 and not cells:
        return [Contact(emails=(Email(address),)) for address in addresses]
    return [Contact(name=name, emails=tuple(map(Email, addresses)), phones=tuple(map(Phone, phones)))]


def _read_addresses(rows: TableRows) -> Iterator[Contact | Reject]:
    """A list of addresses in rows, as it is copied from a message: every address is somebody's."""
    for row in rows:
        if people := split_recipients(rows.text):
            yield from (recipient(name, address) for name, address in people)
            continue
        for cell in row:
            addresses, rest, name = split_emails(cell)
            if rest and not addresses:
                yield Reject(rows.line, f"“{clean_line(cell)}” is not an e-mail address.", rows.text)
            for address in addresses:
                yield Contact(name=name, emails=(Email(address),))


def _is_footnote(row: list[str]) -> bool:
    filled = [cell for cell in row if cell.strip()]
    return (
        len(filled) == 1
        and "@" not in filled[0]
        and (len(filled[0]) > _FOOTNOTE or filled[0].rstrip().endswith((".", ":")))
    )
