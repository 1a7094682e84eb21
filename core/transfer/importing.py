"""Imports: a file becomes a plan - which rows are new, join a contact, are in the book already, or are left out.

`stage` recognizes the file and shows its first contacts; `StagedImport.count` says what would happen, by doing it and
rolling it back; `run` does it, as one operation with one undo. All three read the file by the same code.

`core.identity` says whom a row joins, and `core.transfer.joining` follows it. A second import of the same file changes
nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coterie.core.errors import CoterieError, UnreadableFile
from coterie.core.merge import Keep
from coterie.core.model import Contact
from coterie.core.transfer import collecting
from coterie.core.transfer.choices import Clash, Duplicates, ImportOptions, ImportReport
from coterie.core.transfer.csv import Recognition
from coterie.core.transfer.joining import Planning
from coterie.core.transfer.readers import HowToRead, Reader, left_out, reader_of
from coterie.core.transfer.reject import Reject

if TYPE_CHECKING:
    from coterie.core.book import Book

__all__ = ["Duplicates", "ImportOptions", "ImportReport", "StagedImport", "run", "stage"]

Progress = Callable[[int, int | None], None]
PREVIEWED: Final = 50


@dataclass(frozen=True, slots=True)
class StagedImport:
    """A file that was recognized and waits to be imported.

    Attributes:
        name: what messages call it.
        reader: what reads it.
        preview: its first contacts.
        preview_rejects: what among the first rows is no contact.
    """

    source: Path | bytes
    name: str
    options: ImportOptions
    reader: Reader
    preview: tuple[Contact, ...] = ()
    preview_rejects: tuple[Reject, ...] = ()

    @property
    def layout(self) -> str:
        """The recognized layout in words: “Google Contacts”, “Outlook (German)”, “vCard”."""
        return self.reader.layout

    @property
    def recognition(self) -> Recognition | None:
        """How a table is read, column by column; None for files that are no tables."""
        return self.reader.recognition

    @property
    def email_headings(self) -> frozenset[str]:
        """The names of its columns of e-mail addresses; in a card, of what stands where one should be."""
        if self.recognition is None:
            return frozenset({"E-mail"})
        return frozenset(column.heading for column in self.recognition.columns if column.field in {"email", "emails"})

    def read(self) -> Iterator[Contact | Reject]:
        """All of the file, from its beginning. Raises UnreadableFile."""
        change = self.options.change
        if change is None:
            return self.reader.read()
        return (change(row) if isinstance(row, Contact) else row for row in self.reader.read())

    def with_options(self, **changes: Any) -> StagedImport:
        """The same with other options (groups, duplicates, restore, settle), which do not change how it is read."""
        return replace(self, options=replace(self.options, **changes))

    async def remap(self, mapping: Mapping[str, str]) -> StagedImport:
        """The same file with other targets for its columns. Raises InvalidValue."""
        options = replace(self.options, mapping={**self.options.mapping, **mapping})
        return await stage(self.source, name=self.name, options=options)

    async def on_sheet(self, sheet: str) -> tuple[StagedImport, CoterieError | None]:
        """Another sheet of the same workbook, or the next one that holds contacts, and why it is not the wanted one."""
        names = self.recognition.sheets if self.recognition else ()
        start = names.index(sheet)
        problem: CoterieError | None = None
        for name in (*names[start:], *names[:start]):
            options = replace(self.options, sheet=name, mapping={})
            try:
                return await stage(self.source, name=self.name, options=options), problem
            except UnreadableFile:
                problem = problem or UnreadableFile(f"There are no contacts on the sheet “{sheet}”.")
        return self, problem

    async def clashes(self, book: Book, progress: Progress | None = None) -> list[Clash]:
        """What a merge would find to differ from the book, in the order of the file. Raises what `count` raises."""
        clashes: dict[Clash, None] = {}

        def note(clash: Clash) -> Keep:
            clashes[clash] = None
            return Keep.BOTH

        await self.with_options(settle=note).count(book, progress)
        return list(clashes)

    async def count(self, book: Book, progress: Progress | None = None) -> ImportReport:
        """What `run` would do. Raises UnreadableFile, and Cancelled if `progress` does."""
        return await _apply(book, self, progress, dry_run=True)


async def stage(source: Path | bytes, *, name: str = "", options: ImportOptions | None = None) -> StagedImport:
    """Recognize a file (or pasted text) and read its first contacts.

    Args:
        source: a file's path or its content.
        name: what messages call it; the file's name if it is empty.
        options: the user's choices so far.

    Raises UnreadableFile, InvalidValue (a mapping that names no column or no field), InvalidInput.
    """
    options = options or ImportOptions()
    shown = name or (source.name if isinstance(source, Path) else "pasted rows")
    return await asyncio.to_thread(_stage, source, shown, options)


def _stage(source: Path | bytes, name: str, options: ImportOptions) -> StagedImport:
    how = HowToRead(options.mapping, options.encoding, options.delimiter, options.sheet)
    staged = StagedImport(source, name, options, reader_of(source, how))
    first = list(islice(staged.read(), PREVIEWED))
    return replace(
        staged,
        preview=tuple(row for row in first if isinstance(row, Contact)),
        preview_rejects=tuple(row for row in first if isinstance(row, Reject)),
    )


async def run(
    book: Book, staged: StagedImport, progress: Progress | None = None, *, total: int | None = None
) -> ImportReport:
    """Import a staged file as one operation.

    `progress` is told the rows so far, and `total` if the caller knows it; it may raise Cancelled: nothing remains.
    Raises UnreadableFile, BookBusy.
    """
    return await _apply(book, staged, progress, total=total)


async def _apply(
    book: Book, staged: StagedImport, progress: Progress | None, *, total: int | None = None, dry_run: bool = False
) -> ImportReport:
    report = ImportReport()
    planning = Planning(staged.options, report, staged.email_headings)
    with collecting.paused():
        async with book.unit("import", f"Import {staged.name}") as unit:
            async for changes in planning.changes(unit, staged.read()):
                await unit.apply(changes)
                if progress is not None:
                    progress(report.total, total)
            report.left_out = left_out(staged.reader)
            report.outcome = await unit.end(report.sentence(staged.name), keep=not dry_run)
    report.groups_created = report.outcome.groups_created
    return report
