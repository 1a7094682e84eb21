"""The end of an import: where the rejected rows are kept, and the confirmation in words."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coterie.core.errors import UnreadableFile
from coterie.core.text import number_of, printable
from coterie.core.transfer.importing import ImportReport, StagedImport
from coterie.core.transfer.rejects import write_rejects
from coterie.tui.dialogs.import_preview import report_lines
from coterie.tui.files import Files


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the rejected rows: a sentence, and the path of their file as people write it."""

    sentence: str = ""
    path: str = ""


def keep_rejects(files: Files, staged: StagedImport, report: ImportReport) -> Kept:
    """Write the rejected rows beside their file, or at home if that cannot be, never over another file."""
    if not report.rejects:
        return Kept()
    source = staged.source
    folders = [source.parent, files.start] if isinstance(source, Path) else [files.start]
    name = f"{source.stem if isinstance(source, Path) else 'import'}-rejects{staged.reader.suffix}"
    why = ""
    for folder in folders:
        path = _free(folder / name)
        try:
            with files.writing(path) as file:
                write_rejects(report.rejects, staged.recognition, file)
        except UnreadableFile as problem:
            why = problem.title
        else:
            shown = files.shown(path)
            return Kept(f"The rejected rows are in {shown}, with the reasons.", shown)
    return Kept(f"The rejected rows could not be written to a file: {why}")


def _free(path: Path) -> Path:
    """`path`, with a number if there is a file of that name."""
    number = 2
    free = path
    while free.exists():
        free = path.with_stem(f"{path.stem}-{number}")
        number += 1
    return free


def confirmation(report: ImportReport, kept: Kept) -> str:
    """What the user reads after an import, below the number of imported contacts."""
    lines = [f"{count:>7,}  {words}" for count, words in report_lines(report, done=True)]
    lines += [f"{report.total:>7,}  rows in all", ""]
    if report.sharing:
        lines += ["They share an address:", *(f"  {line}" for line in report.sharing)]
    if report.restored:
        lines.append(f"Restored {number_of(report.restored)} from the Bin.")
    if report.groups_created:
        lines.append(f"New groups: {', '.join(report.groups_created)}.")
    if kept.sentence:
        lines.append(kept.sentence)
    if report.outcome is not None and report.outcome.operation_id is not None:
        lines.append("u undoes all of it.")
    return "\n".join(map(printable, lines)).rstrip()
