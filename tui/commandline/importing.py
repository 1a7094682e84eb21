"""coterie import."""

from __future__ import annotations

import codecs
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coterie.core.errors import InvalidInput, UnreadableFile
from coterie.core.text import are, number_of
from coterie.core.transfer.choices import Duplicates, ImportOptions, ImportReport
from coterie.core.transfer.importing import StagedImport, run, stage
from coterie.core.transfer.rejects import write_rejects
from coterie.tui.commandline import output, paths
from coterie.tui.commandline.filters import DryRun, Json
from coterie.tui.commandline.funnel import complain
from coterie.tui.commandline.recipes import on_import
from coterie.tui.commandline.session import Session

if TYPE_CHECKING:
    from coterie.core.book import Book

_SHOWN = 5  # rejected rows that are shown


def register(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command("import")(import_file)


def import_file(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILE|-...", help="Files of contacts; - is standard input.")],
    group: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Add all of them to this group.")] = None,
    mapping: Annotated[
        list[str] | None, typer.Option("--map", metavar="Column=field", help="What a column holds.")
    ] = None,
    duplicates: Annotated[
        Duplicates,
        typer.Option(
            help="What to do if a contact is in the book already: add what is new to it (merge), let the values of the"
            " file win (update), leave it as it is (skip), or add a second one (create)."
        ),
    ] = "merge",
    restore: Annotated[bool, typer.Option("--restore", help="Restore contacts that are in the Bin.")] = False,
    encoding: Annotated[str | None, typer.Option(metavar="NAME", help="The encoding, such as cp1252.")] = None,
    delimiter: Annotated[str | None, typer.Option(metavar="CHAR", help="What separates the columns.")] = None,
    sheet: Annotated[str | None, typer.Option(metavar="NAME", help="The sheet of a workbook.")] = None,
    recipe: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME|FILE", help="Do the transforms of a recipe to each contact before it is imported."),
    ] = None,
    rejects: Annotated[str, typer.Option(metavar="FILE", help="Write the rejected rows to this file.")] = "",
    dry_run: DryRun = False,
    json: Json = False,
) -> int:
    """Import contacts from CSV, vCard, LDIF, JSON, .xlsx or .ods. --group and --map can be given several times.

    Several files are imported one after the other, and each is undone by itself.
    """
    session = Session.of(context)
    applying = on_import(session.settings, recipe or ())
    options = ImportOptions(
        groups=tuple(group or ()),
        mapping=dict(map(_pair, mapping or ())),
        duplicates=duplicates,
        restore=restore,
        encoding=_encoding(encoding),
        delimiter=_delimiter(delimiter),
        sheet=sheet,
        change=applying,
    )

    if rejects and len(files) > 1:
        raise InvalidInput("--rejects is for one file.", "Import the files one by one.")

    with ExitStack() as opened:
        # Outside the event loop: while standard input is waited for, ctrl+c ends the program at once.
        sources = [opened.enter_context(paths.reading(session.settings, file)) for file in files]
        rejects_file = opened.enter_context(paths.writing(session.settings, rejects)) if rejects else None

        async def work(book: Book) -> int:
            codes = []
            for source, name in sources:
                try:
                    codes.append(await imported(book, source, name))
                except UnreadableFile as error:
                    if len(sources) == 1:
                        raise
                    complain(error.title, error.hint)
                    codes.append(1)
            return max(codes)

        async def imported(book: Book, source: Path | bytes, name: str) -> int:
            staged = await _staged(source, name, options)
            if applying:
                applying.restart()
            with output.progress("Counted" if dry_run else "Imported") as progress:
                report = await (staged.count(book, progress) if dry_run else run(book, staged, progress))
            if rejects_file:
                write_rejects(report.rejects, staged.recognition, rejects_file)
            if json:
                output.write_json(_object(report))
            else:
                _tell(staged, report, dry_run=dry_run)
            if applying and applying.refused:
                output.note(f"coterie: {applying.remark}")
            if report.rejected:
                _complain(report, rejects)
            return 1 if report.rejected else 0

        return session.run(work)


async def _staged(source: Path | bytes, name: str, options: ImportOptions) -> StagedImport:
    """The recognized file. Raises UnreadableFile, which names it."""
    try:
        return await stage(source, name=name, options=options)
    except UnreadableFile as error:
        raise type(error)(error.title if name in error.title else f"{name}: {error.title}", error.hint) from error


def _pair(text: str) -> tuple[str, str]:
    column, equals, field = text.rpartition("=")
    if not equals or not column.strip() or not field.strip():
        raise InvalidInput(f"--map “{text}” is not of the form Column=field.", "For example: --map 'E-Mail=email'.")
    return column.strip(), field.strip()


def _encoding(name: str | None) -> str | None:
    try:
        return name and codecs.lookup(name.strip()).name
    except LookupError as error:
        raise InvalidInput(f"There is no encoding “{name}”.", "Use a name such as utf-8 or windows-1252.") from error


def _delimiter(text: str | None) -> str | None:
    names = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
    if text is None:
        return None
    char = names.get(text.casefold(), text)
    if len(char) != 1:
        raise InvalidInput(
            f"--delimiter “{text}” is not one character.", "Write one, or one of: tab, comma, semicolon, pipe."
        )
    return char


def _object(report: ImportReport) -> dict[str, object]:
    return {
        "total": report.total,
        "created": report.created,
        "merged": report.merged,
        "unchanged": report.unchanged,
        "skipped": report.skipped,
        "rejected": report.rejected,
        "restored": report.restored,
        "groups_created": list(report.groups_created),
        "sharing": [
            {"name": neighbor.name, "other": neighbor.other, "address": neighbor.address}
            for neighbor in report.neighbors
        ],
        "rejects": [{"row": row.row, "reason": row.reason, "text": row.text} for row in report.rejects],
    }


def _tell(staged: StagedImport, report: ImportReport, *, dry_run: bool) -> None:
    """The confirmation: how many there are now, and what became of the rest."""
    done = "Would import" if dry_run else "Imported"
    imported = report.created + report.merged
    output.say(f"{done} {number_of(imported)} from {staged.name} ({staged.layout}), of {report.total:,} read.")
    counts = (
        ("new", report.created),
        ("merged", report.merged),
        ("unchanged", report.unchanged),
        ("skipped", report.skipped),
        ("rejected", report.rejected),
        ("restored from the Bin", report.restored),
    )
    for word, count in counts:
        if count:
            output.say(f"{count:>9,} {word}")
    if report.groups_created:
        output.say(f"New groups: {', '.join(report.groups_created)}.")
    for count, words in report.remarks:
        output.say(f"{count:>9,} {words}")
    for line in report.sharing:
        output.say(f"{'':>10}{line}")
    if report.in_bin and report.skipped:
        output.say(f"{report.in_bin:,} of them {are(report.in_bin)} in the Bin; --restore restores what is there.")
    if dry_run:
        output.say("Nothing was changed.")


def _complain(report: ImportReport, rejects: str) -> None:
    for row in report.rejects[:_SHOWN]:
        output.note(f"coterie: Row {row.row}: {row.reason}")
    more = report.rejected - _SHOWN
    if rejects:
        output.note(f"coterie: {report.rejected:,} rejected; they are in {rejects}, with their reasons.")
    elif more > 0:
        output.note(f"coterie: {more:,} more were rejected; --rejects FILE writes them to a file, with their reasons.")
