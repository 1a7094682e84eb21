"""Recognize a file and read its contacts: the two steps of an import from CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from coterie.core.errors import UnreadableFile
from coterie.core.limits import CUSTOM
from coterie.core.model import Contact
from coterie.core.transfer.csv.dialect import Dialect, Rows, candidates
from coterie.core.transfer.csv.encoding import known_encoding, open_text, recognize_encoding
from coterie.core.transfer.csv.languages import DAY_FIRST
from coterie.core.transfer.csv.layout import NumberedRow, Table, find_tables, layout_name
from coterie.core.transfer.csv.mapping import map_columns, override
from coterie.core.transfer.csv.recognition import Column, Recognition, identifies, names_of, signature_of
from coterie.core.transfer.csv.rows import LIST, is_list, read_rows, without_comments
from coterie.core.transfer.csv.targets import parts_of
from coterie.core.transfer.dates import date_order
from coterie.core.transfer.own_csv import LAYOUT as OWN_LAYOUT
from coterie.core.transfer.own_csv import OwnReader
from coterie.core.transfer.reject import Reject, lines_of

# How much of a file is looked at to recognize it.
_SAMPLE: Final = 1 << 18
SAMPLE_ROWS: Final = 600
# How many cells of a column the preview shows.
_SHOWN: Final = 3
_CENTRAL_EUROPEAN: Final = frozenset({"hu", "pl", "cs", "sk"})
_NOBODY: Final = "No e-mail or name column was found."


def recognize(
    source: Path | bytes,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    overrides: Mapping[str, str] | None = None,
) -> Recognition:
    """How `source` is to be read.

    Args:
        source: a path, or the content itself.
        encoding: Python's name of its encoding, if the user gives it.
        delimiter: the character between cells, likewise; `tab` or `\\t` for a tab.
        overrides: heading (or `Column 3`) -> target, as `targets.legal_target` accepts it.

    Raises UnreadableFile if nothing can be recognized, InvalidValue for an override that cannot be followed.
    """
    encodings = [known_encoding(encoding)] if encoding else recognize_encoding(source)
    if delimiter is not None:
        delimiter = "\t" if delimiter in {"tab", "\\t", "\t"} else delimiter[:1] or None
    best: tuple[str, Attempt] | None = None
    for likely in encodings:
        sample, whole = _sample(source, likely)
        if not sample.strip("\ufeff\0 \t\r\n,;|"):
            raise UnreadableFile("The file is empty.", "Choose a file with contacts.")
        for dialect in candidates(sample, delimiter):
            attempt = _attempt(sample, dialect, whole=whole, forced=bool(overrides))
            if best is None or attempt.score > best[1].score:
                best = likely, attempt
    assert best is not None
    likely, attempt = best
    score, even, _ = attempt.score
    if delimiter is None and not overrides and score <= 0 and is_list(sample.splitlines()[:SAMPLE_ROWS], even):
        return _list_of_people(likely, sample)
    recognition = recognition_of(attempt, overrides, encoding=likely)
    if encoding is None and likely == "cp1252" and recognition.vocabulary in _CENTRAL_EUROPEAN:
        # õ for ő is Portuguese as far as letters go; only the words of the headings tell.
        return recognize(source, encoding="cp1250", delimiter=delimiter, overrides=overrides)
    return recognition


def _list_of_people(encoding: str, sample: str) -> Recognition:
    lines = tuple(line for line in sample.splitlines() if "@" in line)[:_SHOWN]
    return Recognition(
        encoding=encoding,
        dialect=Dialect(),
        layout=LIST,
        vocabulary="en",
        columns=(Column(0, "Column 1", "email", lines),),
        tables=(Table(0, 0, None, ("",)),),
        signature=signature_of(("list of people",)),
    )


def read(source: Path | bytes, recognition: Recognition) -> Iterator[Contact | Reject]:
    """The contacts of `source`, and the rows that hold none, in the order of the file. Blank rows are passed over.

    Memory does not grow with the file. Raises UnreadableFile if the file cannot be read to its end.
    """
    try:
        with open_text(source, recognition.encoding) as file:
            too_long: list[Reject] = []
            for result in read_rows(Rows(lines_of(file, too_long), recognition.dialect), recognition):
                if too_long:
                    yield from too_long
                    too_long.clear()
                yield result
            yield from too_long
    except UnicodeError as error:
        raise UnreadableFile(f"The text cannot be read as {recognition.encoding}.", "Give another encoding.") from error


def _sample(source: Path | bytes, encoding: str) -> tuple[str, bool]:
    """The beginning of the text, up to a line end, and whether it is all of it."""
    with open_text(source, encoding) as lines:
        try:
            sample = lines.read(_SAMPLE)
            rest = lines.readline(_SAMPLE)
        except UnicodeError as error:
            raise UnreadableFile(f"The text cannot be read as {encoding}.", "Give another encoding.") from error
    return (sample + rest).replace("\0", ""), len(sample) < _SAMPLE


class Attempt(NamedTuple):
    """What the first rows of a file are in one dialect; the one with the highest `score` is taken."""

    score: tuple[float, ...]
    dialect: Dialect
    rows: list[NumberedRow]
    tables: list[Table]
    notes: list[str]


def _attempt(sample: str, dialect: Dialect, *, whole: bool, forced: bool) -> Attempt:
    """What `sample` is if `dialect` separates it, and how much speaks for that."""
    table = Rows(StringIO(sample, newline=""), dialect)
    rows = [(table.line, row) for row in islice(table, SAMPLE_ROWS)]
    if not whole and len(rows) > 1 and len(rows) < SAMPLE_ROWS:
        rows.pop()  # perhaps cut within quotes
    return attempt_rows(rows, dialect, forced=forced)


def attempt_rows(rows: list[NumberedRow], dialect: Dialect, *, forced: bool) -> Attempt:
    """Which tables stand in the first rows of a file, and how much speaks for that.

    Args:
        rows: these rows, with their numbers.
        dialect: how they were separated.
        forced: whether the user names the columns, so that anything is a table.
    """
    rows = without_comments(rows)
    tables, notes = find_tables(rows)
    if not tables and forced and (filled := [row for row in rows if any(map(str.strip, row[1]))]):
        line, cells = filled[0]
        tables = [Table(line, line, None, tuple(cells))]
    widths = [len(row) for _, row in rows if any(map(str.strip, row))]
    common = max(set(widths), key=widths.count) if widths else 0
    even = widths.count(common) / len(widths) if widths else 0.0
    score = tables[0].score if tables else -1
    return Attempt((score, even if common > 1 else 0.0, common), dialect, rows, tables, notes)


def recognition_of(
    attempt: Attempt, overrides: Mapping[str, str] | None = None, *, encoding: str = "", **further: Any
) -> Recognition:
    """How to read the tables of an attempt.

    Args:
        attempt: what `attempt_rows` gave.
        overrides: heading -> target, as the user wants it.
        encoding: the encoding of a text.
        further: other attributes of the recognition: the sheet, its siblings.

    Raises UnreadableFile if nothing tells who the people are, InvalidValue for an override that cannot be followed.
    """
    _, dialect, rows, tables, notes = attempt
    if not tables:
        raise UnreadableFile(_NOBODY, "Choose a table of contacts, or name its columns with --map.")
    table = tables[0]
    width = max(len(table.headings), 1)
    if width > CUSTOM:
        raise UnreadableFile(f"The table has {width:,} columns; {CUSTOM:,} are the most.", "Delete those without text.")
    data = [
        row for line, row in rows
        if line > table.first_line and (table.last_line is None or line <= table.last_line) and any(map(str.strip, row))
    ]  # fmt: skip
    mixed = width > 1 and data and sum(len(row) == 1 for row in data) * 2 > len(data)
    if mixed:
        data = _separated_again(data, dialect, width)
    samples = [
        [row[place].strip() for row in data if place < len(row) and row[place].strip()] for place in range(width)
    ]
    raw = list(table.headings)
    if table.targets:
        targets, vocabulary = list(table.targets), "en"
    else:
        targets, vocabulary = map_columns(raw, samples)
    names = names_of(raw)
    if overrides:
        targets = override(names, targets, overrides)
    if not identifies(tuple(targets)):
        raise UnreadableFile(_NOBODY, "Choose a table of contacts, or name its columns with --map.")
    dates = [
        cell for place, target in enumerate(targets) if parts_of(target)[0] == "birthday" for cell in samples[place]
    ]
    layout = layout_name(raw, targets, vocabulary) if table.heading_line else "Table without headings"
    if not overrides and OwnReader.of(raw) is not None:
        layout = OWN_LAYOUT
    return Recognition(
        encoding=encoding,
        dialect=dialect,
        layout=layout,
        vocabulary=vocabulary,
        columns=tuple(
            Column(place, names[place], target, tuple(samples[place][:_SHOWN])) for place, target in enumerate(targets)
        ),
        tables=tuple(tables),
        date_order=date_order(dates) or ("dmy" if vocabulary in DAY_FIRST else ""),
        notes=tuple(notes),
        **further,
        signature=signature_of(tuple(raw) if table.heading_line else (f"{width} columns without headings",)),
    )


def _separated_again(data: list[list[str]], dialect: Dialect, width: int) -> list[list[str]]:
    separated = []
    for row in data:
        again = Rows([row[0]], dialect) if len(row) == 1 else None
        cells = (next(again, None) and again.split_again(width)) if again else None
        separated.append(cells or row)
    return separated
