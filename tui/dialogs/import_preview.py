"""The second step of an import: what was recognized, and what would happen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar, cast

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coterie.core.bulk.recipes import Applying
from coterie.core.model import Contact
from coterie.core.text import clean_line, printable
from coterie.core.transfer.csv import Column, Recognition, label_of
from coterie.core.transfer.importing import Duplicates, ImportOptions, ImportReport, StagedImport
from coterie.core.transfer.reject import Reject
from coterie.tui.widgets.choice import Choice
from coterie.tui.widgets.completing_input import CompletingInput, among
from coterie.tui.widgets.dialog_list import DialogList
from coterie.tui.widgets.modal import Keeps
from coterie.tui.widgets.pages import Pages
from coterie.tui.widgets.progress_line import ProgressLine
from coterie.tui.widgets.tick import Tick

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", "": "nothing"}
_ENCODINGS = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "ascii": "UTF-8", "cp1252": "Windows-1252", "latin-1": "Latin-1"}
_MOST = 300
"""How many rejects are listed."""
_DUPLICATES = (
    ("merge", "merge: fill in what is missing"),
    ("skip", "skip the row"),
    ("create", "create another contact"),
    ("update", "update: the file's values win"),
    ("ask", "ask about each value that differs"),
)
_FIRST = 3
"""How many contacts the first page shows."""


def fit(text: str, cells: int) -> str:
    """`text` as a column of so many cells: cut with `…`, or filled with blanks."""
    text = printable(text)
    return set_cell_size(text, cells) if cell_len(text) <= cells else set_cell_size(text, cells - 1) + "…"


def layout_words(staged: StagedImport) -> str:
    """How the file is read, in one line: its layout, encoding, delimiter and headings."""
    recognition = staged.recognition
    if recognition is None:
        return staged.layout
    if recognition.sheet:
        return f"{recognition.layout}, sheet “{recognition.sheet}”"
    if not recognition.encoding:
        return staged.layout
    encoding = _ENCODINGS.get(recognition.encoding, recognition.encoding.replace("_", "-").upper())
    parted = _DELIMITERS.get(recognition.delimiter, f"“{recognition.delimiter}”")
    heading = "" if recognition.heading_line else ", no headings"
    return f"{recognition.layout}, {encoding}, separated by {parted}{heading}"


def report_lines(report: ImportReport, *, done: bool = False) -> list[tuple[int, str]]:
    """The figures of an import with their words, in the order in which they are read; noughts are left out."""
    skips = Counter(skip.reason for skip in report.skips)
    lines = [
        (report.created, "new"),
        (report.merged, "merged into contacts" if done else "merged into contacts that are already here"),
        (report.unchanged, "already here, nothing new"),
        *((count, f"skipped: {reason}") for reason, count in skips.items()),
        (report.skipped - sum(skips.values()), "skipped"),
        (report.rejected, "rejected: they cannot become contacts"),
        *report.remarks,
    ]
    if not report.total:
        return [(0, "nothing to import")]
    return [(count, words) for count, words in lines if count > 0]


class _Columns(DialogList):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "select", "change", tooltip="Change what this column becomes.")
    ]


class PreviewPage(Vertical):
    """What was recognized, the columns, the first contacts, what is rejected, and the choices.

    Args:
        groups: the names of all groups, for completion.
    """

    def __init__(self, groups: Sequence[str]) -> None:
        super().__init__(id="preview")
        self.group = CompletingInput(among(groups), placeholder="no group", id="group")
        self.duplicates = Choice(_DUPLICATES, id="duplicates")
        self.restore = Tick("Restore contacts that are in the Bin", id="restore")
        self.sheet = Choice([("", "")], id="sheet")
        self.counting = ProgressLine()
        self.columns: tuple[Column, ...] = ()

    def compose(self) -> ComposeResult:
        """The pages."""
        summary = Vertical(
            Static(id="layout", markup=False),
            Static(id="notes", classes="note", markup=False),
            Horizontal(Static("Sheet", classes="word"), self.sheet, classes="line", id="sheet-line"),
            self.counting,
            Static(id="counts", markup=False),
            Static(id="first", markup=False),
            Horizontal(Static("If the contact is already here", classes="word"), self.duplicates, classes="line"),
            Horizontal(Static("Add to group", classes="word"), self.group, classes="line"),
            self.restore,
        )
        yield Pages(
            [
                ("Import", summary),
                ("Columns", Vertical(_Columns(id="columns", markup=False, compact=True))),
                ("Contacts", Vertical(DialogList(id="contacts", markup=False, compact=True))),
                ("Rejected", Vertical(DialogList(id="rejects", markup=False, compact=True))),
            ]
        )

    @property
    def fields(self) -> Mapping[str, Keeps]:
        """What is chosen beside the columns."""
        return {"group": self.group, "duplicates": self.duplicates, "restore": self.restore}

    def options(self, change: Applying | None = None) -> ImportOptions:
        """What is chosen beside the columns, and the `change` of each contact."""
        group = clean_line(self.group.value)
        chosen = self.duplicates.value
        duplicates = cast("Duplicates", "merge" if chosen == "ask" else chosen)  # the others are these words
        return ImportOptions(
            (group,) if group else (), duplicates=duplicates, restore=self.restore.value, change=change
        )

    def show(self, staged: StagedImport) -> None:
        """Show a staged file."""
        self.query_one("#layout", Static).update(printable(layout_words(staged)))
        notes = self.query_one("#notes", Static)
        sentences = staged.recognition.notes if staged.recognition else ()
        notes.update(printable(" ".join(sentences)))
        notes.display = bool(sentences)
        sheets = staged.recognition.sheets if staged.recognition else ()
        self.query_one("#sheet-line").display = len(sheets) > 1
        if staged.recognition and sheets:
            self.sheet.offer([(name, name) for name in sheets], staged.recognition.sheet)
        self._show_columns(staged.recognition)
        lines = [_contact_line(contact) for contact in staged.preview]
        self._fill("#contacts", lines, "There are no contacts.")
        self.query_one("#first", Static).update(Content("\n").join(lines[:_FIRST]))
        pages = self.query_one(Pages)
        pages.rename(1, f"Columns {len(self.columns)}" if self.columns else "Columns")
        pages.rename(2, f"First {len(lines)} contacts" if len(lines) > 1 else "Contacts")
        self._show_rejects(staged.preview_rejects)

    def _show_rejects(self, rejects: Sequence[Reject]) -> None:
        lines = [
            Content.assemble((f"{reject.row:>6}  ", "dim"), printable(reject.reason)) for reject in rejects[:_MOST]
        ]
        if len(rejects) > _MOST:
            lines.append(Content.styled(f"and {len(rejects) - _MOST:,} more", "dim"))
        self._fill("#rejects", lines, "No rows are rejected.")
        self.query_one(Pages).rename(3, f"Rejected {len(rejects):,}" if rejects else "Rejected")

    def _show_columns(self, recognition: Recognition | None) -> None:
        self.columns = recognition.columns if recognition else ()
        columns = self.query_one("#columns", OptionList)
        marked = columns.highlighted
        self._fill("#columns", [_column_line(column) for column in self.columns], "This file has no columns.")
        columns.highlighted = marked if marked is not None and marked < len(self.columns) else 0

    def _fill(self, selector: str, lines: Sequence[Content], nothing: str) -> None:
        choices = self.query_one(selector, OptionList)
        choices.clear_options()
        choices.add_options(Option(line) for line in lines or [Content.styled(nothing, "dim")])

    def show_counts(self, report: ImportReport | None) -> None:
        """Show what would happen; None while it is being counted."""
        self.counting.display = report is None
        counts = self.query_one("#counts", Static)
        counts.display = report is not None
        if report is None:
            self.counting.tell(0)
            return
        self._show_rejects(report.rejects)
        lines = [Content(f"{count:>7,}  {printable(words)}") for count, words in report_lines(report)]
        if report.in_bin:
            lines.append(Content(f"{report.in_bin:>7,}  of them in the Bin"))
        if report.clashes:
            words = "value differs" if report.clashes == 1 else "values differ"
            lines.append(Content(f"{report.clashes:>7,}  {words} from what the book has"))
        counts.update(Content("\n").join(lines))


def _column_line(column: Column) -> Content:
    sample = next((printable(text.replace("\n", " ")) for text in column.samples if text.strip()), "")
    target = fit(label_of(column.target), 24)
    style = "dim" if column.target == "ignore" else "bold"
    return Content.assemble(fit(column.heading, 22), "  ", (target, style), "  ", (sample, "dim"))


def _contact_line(contact: Contact) -> Content:
    rest = ", ".join(part for part in (contact.company, contact.phone, *contact.groups) if part)
    mark = "* " if contact.favorite else "  "
    return Content.assemble(mark, fit(contact.name, 22), "  ", fit(contact.email, 26), "  ", (fit(rest, 20), "dim"))
