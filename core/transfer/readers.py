"""Which reader a file needs: its content tells, or the ending of its name if the content says nothing."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final, Protocol

from coterie.core.errors import InvalidInput, UnreadableFile
from coterie.core.model import Contact
from coterie.core.transfer import csv, json_reading, ldif, mail_programs, vcard, workbook
from coterie.core.transfer.csv import Recognition
from coterie.core.transfer.csv.encoding import CHOOSE, open_bytes
from coterie.core.transfer.labelled_lines import LabelledLines, looks_like_labelled_lines
from coterie.core.transfer.other_cards import MECARD, OtherCards, looks_like_mecard
from coterie.core.transfer.reject import Reject

_SNIFFED: Final = 4096
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Files that hold no contacts, by how they begin: what they are called, and what to do.
_EXPORT: Final = "Export the contacts as CSV or vCard where they come from."
_FOREIGN: Final = (
    (b"%PDF", "a PDF document", _EXPORT),
    (b"\x89PNG", "a picture", "Choose a CSV, vCard or other file of contacts."),
    (b"\xff\xd8\xff", "a picture", "Choose a CSV, vCard or other file of contacts."),
    (b"GIF8", "a picture", "Choose a CSV, vCard or other file of contacts."),
    (b"\x1f\x8b", "a file compressed by gzip", "Decompress it, and import what is in it."),
    (b"BZh", "a file compressed by bzip2", "Decompress it, and import what is in it."),
    (b"\xfd7zXZ", "a file compressed by xz", "Decompress it, and import what is in it."),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it, and import what is in it."),
    (b"Rar!", "a RAR archive", "Unpack it, and import what is in it."),
    (b"SQLite format 3", "an SQLite database", _EXPORT),
    (b"{\\rtf", "an RTF document", _EXPORT),
    (
        b"!BDN",
        "a mailbox of Outlook (.pst)",
        "In Outlook, export the contacts as CSV.",
    ),
)
_WITHOUT_COLUMNS: Final = {
    "vcard": "A vCard file",
    "ldif": "An LDIF file",
    "aliases": "A file of aliases",
    "abook": "A file of abook",
    "alpine": "An address book of Alpine",
    "mecard": "A MECARD",
    "labelled lines": "A text of labelled lines",
}
_HTML: Final = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_CARD: Final = re.compile(r"""(?:^|[\r\n])[^\w"]*BEGIN\s*:\s*VCARD""", re.IGNORECASE)
_XML: Final = re.compile(rb"\s*<\?xml\b")
# What a zip archive is, by a part of it.
_PARTS: Final = (
    ("xl/workbook.bin", "a binary workbook of Excel (.xlsb)", "Save it as .xlsx, and import that."),
    ("word/document.xml", "a Word document", _EXPORT),
    ("ppt/presentation.xml", "a presentation", _EXPORT),
    ("Index/Document.iwa", "a document of Apple's Numbers or Pages", "In Numbers, choose File > Export To > CSV."),
)


@dataclass(frozen=True, slots=True)
class HowToRead:
    """What the user chose, in place of what is recognized.

    Attributes:
        mapping: heading -> target.
        encoding, delimiter, sheet: None for what is recognized.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


class Reader(Protocol):
    """Gives the contacts of one recognized file, as often as it is asked.

    Attributes:
        layout: what the preview calls the kind of file: `Outlook (German)`, `vCard`, `LDIF`.
        recognition: how a table is read, column by column; None for files that are no tables.
        suffix: the ending of a file with what was rejected.
    """

    @property
    def layout(self) -> str: ...  # noqa: D102
    @property
    def recognition(self) -> Recognition | None: ...  # noqa: D102
    @property
    def suffix(self) -> str: ...  # noqa: D102

    def read(self) -> Iterator[Contact | Reject]:
        """All of the file, from its beginning. Raises UnreadableFile."""


@dataclass(frozen=True, slots=True)
class _Table:
    source: Path | bytes
    recognition: Recognition
    suffix: str = ".csv"

    @property
    def layout(self) -> str:
        return self.recognition.layout

    def read(self) -> Iterator[Contact | Reject]:
        if self.recognition.sheet:
            return workbook.read(self.source, self.recognition)
        return csv.read(self.source, self.recognition)


@dataclass(slots=True)
class _Cards:
    source: Path | bytes
    encoding: str | None
    layout: str = "vCard"
    recognition: None = None
    suffix: str = ".vcf"
    left_out: Counter[str] = field(default_factory=Counter)

    def read(self) -> Iterator[Contact | Reject]:
        reading = vcard.read(self.source, self.encoding)
        self.left_out = reading.left_out
        return reading


def left_out(reader: Reader) -> int:
    """How many pictures, sounds and keys the last reading of a file has left out so far."""
    return reader.left_out.total() if isinstance(reader, _Cards) else 0


def reader_of(source: Path | bytes, how: HowToRead | None = None) -> Reader:
    """The reader for a file or its content.

    Raises:
        UnreadableFile: it is missing, empty, damaged, protected, or of a kind that holds no contacts.
        InvalidInput: `how` names what the file does not have.
    """
    how = how or HowToRead()
    kind = kind_of(source)
    if kind != "workbook" and how.sheet:
        raise InvalidInput("Only workbooks have sheets.", "Leave out --sheet.")
    if kind in _WITHOUT_COLUMNS and (how.mapping or how.delimiter):
        raise InvalidInput(f"{_WITHOUT_COLUMNS[kind]} has no columns.", "Leave out --map and --delimiter.")
    match kind:
        case "vcard":
            return _Cards(source, how.encoding)
        case "ldif":
            return ldif.Ldif(source, how.encoding)
        case "aliases":
            return mail_programs.Aliases(source, how.encoding)
        case "alpine":
            return mail_programs.Alpine(source, how.encoding)
        case "abook":
            return mail_programs.Abook(source, how.encoding)
        case "labelled lines":
            return LabelledLines(source, how.encoding)
        case "mecard":
            return OtherCards(source, how.encoding, MECARD)
        case "json":
            return json_reading.reader_of(source, how.encoding, how.mapping)
        case "workbook":
            return _Table(source, workbook.recognize(source, sheet=how.sheet, overrides=how.mapping))
    return _Table(source, csv.recognize(source, encoding=how.encoding, delimiter=how.delimiter, overrides=how.mapping))


def kind_of(source: Path | bytes) -> str:
    """`vcard`, `ldif`, `aliases`, `abook`, `alpine`, `mecard`, `json`, `workbook`,
    `labelled lines` or `table`.

    Raises UnreadableFile for what holds no contacts.
    """
    with open_bytes(source) as file:
        start = file.read(_SNIFFED)
    if start.startswith(b"PK\x03\x04"):
        _check_zip(source)
        return "workbook"
    _refuse_foreign(source, start)
    text = _plain(start)
    suffix = source.suffix.lower() if isinstance(source, Path) else ""
    if _begins_card(text) or suffix in {".vcf", ".vcard"}:
        return "vcard"
    if ldif.looks_like_ldif(text) or suffix in {".ldif", ".ldi"}:
        return "ldif"
    if mail_programs.looks_like_aliases(text):
        return "aliases"
    if mail_programs.looks_like_abook(text):
        return "abook"
    if mail_programs.looks_like_alpine(text):
        return "alpine"
    if looks_like_mecard(text):
        return "mecard"
    if json_reading.looks_like_json(text) or (suffix in {".json", ".ndjson", ".jsonl"} and text.strip()):
        return "json"
    return "labelled lines" if looks_like_labelled_lines(text) else "table"


def _begins_card(text: str) -> bool:
    """Whether a card begins in a text, on a line of its own; not one within the quotation marks of a table's cell."""
    begin = _CARD.search(text)
    return begin is not None and text.count('"', 0, begin.start()) % 2 == 0


def _plain(start: bytes) -> str:
    """The beginning of a text whatever its encoding is: enough to know what is ASCII in it."""
    return (
        start.removeprefix(b"\xef\xbb\xbf")
        .removeprefix(b"\xff\xfe")
        .removeprefix(b"\xfe\xff")
        .replace(b"\0", b"")
        .decode("latin-1")
    )


def _refuse_foreign(source: Path | bytes, start: bytes) -> None:
    for magic, what, hint in _FOREIGN:
        if start.startswith(magic):
            raise UnreadableFile(f"This is {what}, not a file of contacts.", hint)
    if start.startswith(_OLE):
        with open_bytes(source) as file:
            content = file.read()
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFile(workbook.PROTECTED, "Save it without a password, and import that file.")
        raise UnreadableFile("This is a file of an old Office program.", "Save it as .xlsx or CSV, and import that.")
    if _HTML.match(start.removeprefix(b"\xef\xbb\xbf")):
        raise UnreadableFile("This is an HTML page, not a file of contacts.", f"{_EXPORT} Perhaps you were signed out.")
    if _XML.match(start.removeprefix(b"\xef\xbb\xbf")):
        raise UnreadableFile("This is an XML file, not a file of contacts.", _EXPORT)


def _check_zip(source: Path | bytes) -> None:
    """Raises UnreadableFile if a zip archive is no workbook."""
    try:
        with zipfile.ZipFile(BytesIO(source) if isinstance(source, bytes) else source) as parts:
            names = set(parts.namelist())
            kind = parts.read("mimetype")[:80].decode("latin-1") if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise UnreadableFile("The file is damaged: it begins as a workbook does, but it is cut or changed.",
                             "Copy or download it again.") from error  # fmt: skip
    if "xl/workbook.xml" in names or kind.startswith("application/vnd.oasis.opendocument.spreadsheet"):
        return
    for part, what, hint in _PARTS:
        if part in names:
            raise UnreadableFile(f"This is {what}.", hint)
    if kind.startswith("application/vnd.oasis.opendocument"):
        raise UnreadableFile("This is a document of LibreOffice, but no spreadsheet.", _EXPORT)
    raise UnreadableFile("This is a zip archive.", f"Unpack it, and import what is in it. {CHOOSE}")
