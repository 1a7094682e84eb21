"""Sheets of workbooks (.xlsx, .ods) as rows of text, read by calamine."""

from __future__ import annotations

import csv
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from coterie.core.errors import InvalidValue, NoSuchFile, UnreadableFile
from coterie.core.files import reason
from coterie.core.limits import CELLS, WORKBOOK, size
from coterie.core.model import Contact
from coterie.core.transfer.csv.dialect import Dialect
from coterie.core.transfer.csv.reading import SAMPLE_ROWS, Attempt, attempt_rows, recognition_of
from coterie.core.transfer.csv.recognition import Recognition
from coterie.core.transfer.csv.rows import read_rows
from coterie.core.transfer.reject import Reject

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

PROTECTED: Final = "The workbook is protected by a password."
_BROKEN: Final = "This is not a workbook, or it is damaged."
_AGAIN: Final = "Open it in its program and save it again, or save the sheet as CSV."
# calamine takes 32 bytes for each cell of the rectangle between the first and the last one, and ends the whole program
# if there is not so much memory.
_CHUNK: Final = 1 << 20
_OVERLAP: Final = 400
_ENDLESS: Final = 1 << 62
_PICTURES: Final = ("xl/media/", "Pictures/", "Thumbnails/")  # nobody reads them
# References as XML allows them, and as programs write them, which are found ten times as fast.
_COLUMN: Final = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})""")
_ROW: Final = re.compile(rb"""\sr\s*=\s*["'][A-Z]{0,3}([0-9]{1,7})""")
_USUAL_COLUMN: Final = re.compile(rb' r="([A-Z]{1,3})')
_USUAL_ROW: Final = re.compile(rb' r="[A-Z]{0,3}([0-9]{1,7})"')
_REPEATED: Final = re.compile(rb"""number-(rows|columns)-repeated=["']\d{4,}["'][^>]*>""")
# Above it floating-point numbers leave out whole ones.
_EXACT: Final = 1 << 53


class SheetRows(Iterator[list[str]]):
    """The rows of a sheet, their cells as the sheet shows them; a number that was rounded there is whole."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self._rows = sheet.iter_rows()
        self._row: list[str] = []
        self.line = sheet.start[0] if sheet.start else 0

    def __next__(self) -> list[str]:
        row = next(self._rows)
        self.line += 1
        self._row = [cell if type(cell) is str else _text(cell) for cell in row]
        return self._row

    @property
    def text(self) -> str:
        """The present row as a line of CSV."""
        line = StringIO()
        csv.writer(line, lineterminator="").writerow(self._row)
        return line.getvalue()

    def split_again(self, _width: int) -> None:
        """Cells of a sheet are never separated further."""


def recognize(
    source: Path | bytes, *, sheet: str | None = None, overrides: Mapping[str, str] | None = None
) -> Recognition:
    """How a workbook is to be read: the sheet that holds the contacts, and its columns.

    Args:
        source: a path, or the content itself.
        sheet: the name of the sheet, if the user gives one; else visible ones come before hidden ones.
        overrides: heading -> target, in place of what is recognized.

    Raises UnreadableFile, and InvalidValue for a sheet that is not there or an override that cannot be followed.
    """
    with _opened(source) as book:
        names = tuple(book.sheet_names)
        for group in ([_named(names, sheet)],) if sheet else _by_visibility(book):
            attempts = {name: _attempt(book.get_sheet_by_name(name), forced=bool(overrides)) for name in group}
            if filled := [name for name, attempt in attempts.items() if attempt.tables]:
                best = max(filled, key=lambda name: attempts[name].score)
                return _with_note(recognition_of(attempts[best], overrides, sheet=best, sheets=names))
    raise UnreadableFile("No sheet with an e-mail or name column was found.", "Choose a workbook with contacts.")


def read(source: Path | bytes, recognition: Recognition) -> Iterator[Contact | Reject]:
    """The contacts of the recognized sheet, and the rows that hold none. Raises UnreadableFile."""
    with _opened(source) as book:
        sheet = book.get_sheet_by_name(recognition.sheet)
    return read_rows(SheetRows(sheet), recognition)


def _attempt(sheet: CalamineSheet, *, forced: bool) -> Attempt:
    rows = SheetRows(sheet)
    return attempt_rows([(rows.line, row) for row in islice(rows, SAMPLE_ROWS)], Dialect(), forced=forced)


def _with_note(recognition: Recognition) -> Recognition:
    others = [f"“{name}”" for name in recognition.sheets if name != recognition.sheet]
    if not others:
        return recognition
    words = f"The sheet {others[0]} is" if len(others) == 1 else f"The sheets {', '.join(others)} are"
    return replace(recognition, notes=(*recognition.notes, f"{words} left out."))


def _by_visibility(book: CalamineWorkbook) -> tuple[list[str], list[str]]:
    """The sheets that the workbook shows, and the hidden ones; charts and macros are none."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    return (
        [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible],
        [sheet.name for sheet in sheets if sheet.visible != SheetVisibleEnum.Visible],
    )


def _named(names: Sequence[str], wanted: str) -> str:
    for name in names:
        if name.casefold() == wanted.strip().casefold():
            return name
    listed = ", ".join(f"“{name}”" for name in names)
    raise InvalidValue("sheet", f"There is no sheet “{wanted}”.", f"The sheets are: {listed}.")


@contextmanager
def _opened(source: Path | bytes) -> Iterator[CalamineWorkbook]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        _check_size(BytesIO(source) if isinstance(source, bytes) else source)
        with CalamineWorkbook.from_object(BytesIO(source) if isinstance(source, bytes) else source) as book:
            yield book
    except PasswordError as error:
        raise UnreadableFile(PROTECTED, "Save it without a password, and import that file.") from error
    except (CalamineError, zipfile.BadZipFile, zlib.error, KeyError) as error:
        raise UnreadableFile(_BROKEN, _AGAIN) from error
    except OSError as error:
        raise NoSuchFile(f"{source!s} cannot be read: {reason(error)}.", "Check the path.") from error


def _check_size(file: IO[bytes] | Path) -> None:
    """Raises UnreadableFile if a sheet spans so many cells that reading it would take all memory."""
    room = WORKBOOK
    too_many = False
    with zipfile.ZipFile(file) as parts:
        for part in parts.infolist():
            if part.filename.startswith(_PICTURES):
                continue
            part.file_size = _ENDLESS  # what it says of itself may be wrong: it is read to its end
            chunks = _Chunks(parts.open(part), room)
            if part.filename == "content.xml":
                too_many = any(map(_repeats_values, chunks)) or too_many
            elif part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                too_many = _spanned(chunks) > CELLS or too_many
            for _ in chunks:
                pass
            room = chunks.room
    if too_many:
        raise UnreadableFile(
            "A sheet of this workbook has a cell far away from its table.",
            "Delete what stands there, or save the table as CSV.",
        )


class _Chunks(Iterator[bytes]):
    """The content of a part, in pieces that overlap by the length of a tag.

    `room` is how many more bytes may come. Raises UnreadableFile if more do.
    """

    def __init__(self, file: IO[bytes], room: int) -> None:
        self._file = file
        self._tail = b""
        self.room = room

    def __next__(self) -> bytes:
        chunk = self._file.read(_CHUNK)
        if not chunk:
            raise StopIteration
        self.room -= len(chunk)
        if self.room < 0:
            raise UnreadableFile(
                f"The workbook has more than {size(WORKBOOK)} when it is decompressed.", "Save the sheet as CSV."
            )
        piece, self._tail = self._tail + chunk, chunk[-_OVERLAP:]
        return piece


def _spanned(chunks: Iterable[bytes]) -> int:
    """How many cells the rectangle from the first cell to the last has."""
    columns: set[bytes] = set()
    last = 0
    for chunk in chunks:
        usual = _USUAL_COLUMN.findall(chunk)
        if chunk.count(b"<c") <= len(usual):
            columns.update(usual)
            last = max(last, *map(int, set(_USUAL_ROW.findall(chunk))), 0)
        else:
            columns.update(_COLUMN.findall(chunk))
            last = max(last, *map(int, set(_ROW.findall(chunk))), 0)
    return last * max(map(_number_of, columns), default=0)


def _number_of(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _repeats_values(chunk: bytes) -> bool:
    """Whether OpenDocument repeats something that is not empty a thousand times."""
    for match in _REPEATED.finditer(chunk):
        row = match[1] == b"rows"
        end = chunk.find(b"</table:table-row>", match.end()) if row else match.end()
        if b"office:value-type" in chunk[match.start() if row else chunk.rfind(b"<", 0, match.start()) : end]:
            return True
    return False


def _text(cell: object) -> str:
    """A cell as people write it: whole numbers without a point, dates as ISO 8601 writes them."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
