"""ImportDialog: from a file, or pasted rows, to contacts - choose, look, import, confirm."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import ContentSwitcher, OptionList, Static

from coterie.core.book import Book
from coterie.core.bulk.recipes import Applying
from coterie.core.errors import Cancelled, CoterieError
from coterie.core.merge import Keep
from coterie.core.text import number_of
from coterie.core.transfer.csv import TARGETS, label_of
from coterie.core.transfer.importing import ImportOptions, ImportReport, StagedImport, run, stage
from coterie.tui import notices
from coterie.tui.dialogs.clashes import ClashesDialog
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.dialogs.import_count import ImportCount
from coterie.tui.dialogs.import_mappings import ImportMappings, as_before
from coterie.tui.dialogs.import_preview import PreviewPage
from coterie.tui.dialogs.import_result import Kept, confirmation, keep_rejects
from coterie.tui.dialogs.import_source import SourcePage
from coterie.tui.dialogs.pick import Pick
from coterie.tui.dialogs.rejects import RejectsView
from coterie.tui.drafts import Held
from coterie.tui.files import Files
from coterie.tui.jobs import job
from coterie.tui.memory import Memory
from coterie.tui.widgets.choice import Choice
from coterie.tui.widgets.completing_input import CompletingInput
from coterie.tui.widgets.modal import Keeps, Origin
from coterie.tui.widgets.progress_line import ProgressLine
from coterie.tui.widgets.tick import Tick

_WIDE = 60
"""Columns of a terminal where a button may say everything."""


class ImportDialog(Dialog[ImportReport]):
    """Answers what was imported; None if nothing was.

    Args:
        book: where the contacts go.
        files: which files can be reached.
        groups: the names of all groups, for completion.
        memory: keeps the mapping that the user gave the columns of a set of headings.
        path: the file, if it is known already.
        applying: the recipes that are applied to each contact of the file.
    """

    CSS_PATH = [DIALOG_CSS, "import_contacts.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#path Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+o", "browse", show=False, tooltip="Look for the file."),
        Binding("v", "view_imported", show=False, tooltip="Show exactly what was imported."),
        Binding("r", "show_rejects", show=False, tooltip="Show what was rejected, and why."),
        Binding("ctrl+g", "back", show=False, tooltip="Go back to the choice of the file."),
        Binding("T", "clean_up", show=False, tooltip="Show what could be cleaned up in the book."),
    ]
    heading = "Import contacts"
    least_lines = 18

    def __init__(
        self,
        book: Book,
        files: Files,
        groups: Sequence[str],
        memory: Memory,
        *,
        path: str = "",
        applying: Applying | None = None,
    ) -> None:
        super().__init__()
        self._applying = applying
        self._book = book
        self._files = files
        self._mappings = ImportMappings(memory)
        self._source = SourcePage(files, path)
        self._preview = PreviewPage(groups)
        self._line = ProgressLine()
        self._step = "source"
        self._staged: StagedImport | None = None
        self._count = ImportCount(book, self._preview.counting.tell)
        self._stop = False
        self._report: ImportReport | None = None
        self._kept = Kept()
        self.is_list_wanted = False
        """Whether the user wants to see what was imported."""
        self.is_cleanup_wanted = False
        """Whether the user wants to clean up now."""

    # What is shown ---------------------------------------------------------------------------------------------

    def compose_body(self) -> Iterable[Widget]:
        """The four steps, one at a time."""
        with ContentSwitcher(initial="source"):
            yield self._source
            yield self._preview
            yield Vertical(self._line, id="running")
            yield Vertical(Static(id="result", markup=False), id="done")

    def compose_buttons(self) -> Iterable[Widget]:
        """All buttons of all steps; each step shows its own."""
        yield DialogButton("Next", "confirm", main=True, id="confirm")
        yield DialogButton("View them", "view_imported", key="v", id="view")
        yield DialogButton("Clean up", "clean_up", key="T", id="clean-up")
        yield DialogButton("Show rejected", "show_rejects", key="r", id="show-rejects")
        yield DialogButton("Back", "back", key="ctrl+g", id="back")
        yield DialogButton("Cancel", "cancel", key="esc", id="cancel")

    def on_mount(self) -> None:
        """Begin with the file; one that is known already is read at once."""
        self._show("source", "Import contacts", "Next")
        if self._source.path.value:
            self._read()

    def _show(self, step: str, heading: str, label: str = "") -> None:
        """Go to a step; the focus goes there at once, so that a key pressed now is not lost."""
        self._step = step
        self.retitle(heading)
        self.say("")
        self.query_one(ContentSwitcher).current = step
        self.query_one("#dialog-body").scroll_home(animate=False, immediate=True)
        confirm = self.query_one("#confirm", DialogButton)
        confirm.display = bool(label)
        confirm.relabel(label)
        self.query_one("#back").display = step == "preview"
        self.query_one("#cancel").display = step != "done"
        self.query_one("#view").display = step == "done" and self._is_anything_new
        self.query_one("#clean-up").display = step == "done" and self._is_anything_new
        self.query_one("#show-rejects").display = bool(step == "done" and self._report and self._report.rejects)
        self.set_focus(self._source.path.input if step == "source" else confirm if label else self.query_one("#cancel"))

    # What is typed ---------------------------------------------------------------------------------------------

    origin = Origin("import", "importing contacts")
    _wanted: Mapping[str, Any] = {}
    """What was chosen for this file before the line dropped."""

    @property
    def fields(self) -> Mapping[str, Keeps]:
        """What is chosen beside the file and its columns."""
        return self._preview.fields

    def held(self) -> Held | None:
        """The file or the rows, and what was chosen for them."""
        if self._going_on or self._step == "done":
            return self._going_on
        path, rows = self._source.path.value.strip(), self._source.rows.rows
        if not (path or rows.strip()):
            return None
        options = self._staged.options if self._staged and self._step != "source" else ImportOptions()
        typed = {name: text for name, field in self.fields.items() if (text := field.typed) is not None}
        content = {"path": path, "rows": rows, "mapping": dict(options.mapping), "sheet": options.sheet,
                   "is_read": self._step != "source", "typed": typed}  # fmt: skip
        return Held("import", f"importing {Path(path).name if path else 'pasted rows'}", content)

    async def _go_on(self) -> None:
        await super()._go_on()
        if held := self._claimed:
            self._source.path.value = str(held.content["path"])
            if rows := str(held.content["rows"]):
                self._source.rows.take(rows)
            if held.content["is_read"]:
                self._wanted = held.content
                self._read()

    # 1. The file -----------------------------------------------------------------------------------------------

    @work(group="browse", exclusive=True)
    async def action_browse(self) -> None:
        """Choose the file in its folder."""
        if self._step == "source" and await self._source.browse():
            self._read()

    @work(group="read", exclusive=True)
    async def _read(self) -> None:
        self.say("Reading…", error=False)
        try:
            source = await self._source.chosen()
            if source is None:
                self.say("")
            else:
                await self._recognize(source)
        except Exception as error:  # noqa: BLE001 - the funnel: whatever a file does to us is said here
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        notice = notices.notice_of(error)
        self.say(f"{notice.title} {notice.hint}".strip())

    async def _recognize(self, source: Path | bytes) -> None:
        staged = await stage(source, options=self._preview.options(self._applying))
        mapped = None if self._wanted else await self._mappings.applied(staged)
        if self._wanted:
            staged = await as_before(staged, self._wanted["sheet"], self._wanted["mapping"])
            self._wanted = {}
        self._show("preview", f"Import {staged.name}", "Import")
        self._show_staged(mapped or staged)
        if mapped:
            self.say("The columns are used as you chose for these headings last time.", error=False)

    # 2. The preview --------------------------------------------------------------------------------------------

    @on(Choice.Changed, "#duplicates")
    @on(Tick.Changed, "#restore")
    @on(CompletingInput.Changed, "#group")
    def _on_option(self) -> None:
        if self._staged is not None and self._step == "preview":
            chosen = self._preview.options()
            self._staged = self._staged.with_options(
                groups=chosen.groups, duplicates=chosen.duplicates, restore=chosen.restore
            )
            self._start_count(self._staged)

    @on(OptionList.OptionSelected)
    def _on_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_list.id == "columns" and event.option_index < len(self._preview.columns):
            self._retarget(event.option_index)

    @on(Choice.Changed, "#sheet")
    @work(group="retarget", exclusive=True)
    async def _on_sheet(self, event: Choice.Changed) -> None:
        if self._staged is None:
            return
        staged, problem = await self._staged.on_sheet(event.value)
        self._show_staged(staged)
        self.say(problem or "")

    @work(group="retarget", exclusive=True)
    async def _retarget(self, index: int) -> None:
        staged = self._staged
        if staged is None:
            return
        column = self._preview.columns[index]
        options = [(target.key, target.label) for target in TARGETS.values() if target.offered]
        if column.target not in TARGETS or not TARGETS[column.target].offered:
            options.insert(0, (column.target, label_of(column.target)))
        chosen = await self.app.push_screen_wait(Pick(f"What is in “{column.heading}”?", options, column.target))
        if chosen is None or chosen == column.target:
            return
        try:
            self._show_staged(await staged.remap({column.heading: chosen}))
        except CoterieError as problem:
            self.say(problem)

    def _show_staged(self, staged: StagedImport) -> None:
        self._staged = staged
        self._preview.show(staged)
        self._start_count(staged)

    def _start_count(self, staged: StagedImport) -> None:
        """Count in a worker of the app: closing the dialog lets it end by itself at its next word of progress."""
        turn = self._count.begin()
        self._preview.show_counts(None)
        self.query_one("#confirm", DialogButton).relabel("Import")
        self.app.run_worker(job(self._show_count, turn, staged), group="import-count", exit_on_error=False)

    async def _show_count(self, turn: int, staged: StagedImport) -> None:
        try:
            report = await self._count.count(turn, staged)
        except Exception as error:  # noqa: BLE001 - the funnel: whatever a file does to us is said here
            self._fail(error)
            return
        if report is not None:
            self._preview.show_counts(report)
            imported = report.created + report.merged
            words = number_of(imported) if self.size.width >= _WIDE else f"{imported:,}"
            self.query_one("#confirm", DialogButton).relabel(f"Import {words}" if imported else "Import")

    def action_back(self) -> None:
        """From the preview back to the file."""
        if self._step == "preview":
            self._count.stop()
            self._show("source", "Import contacts", "Next")

    @work(group="ask", exclusive=True)
    async def _ask(self, staged: StagedImport) -> None:
        """Ask about each value that differs, then import. Nothing is stored before the last answer."""
        self._count.stop()
        try:
            async with self._count.lock:
                clashes = await staged.clashes(self._book)
        except Exception as error:  # noqa: BLE001 - the funnel: whatever a file does to us is said here
            self._fail(error)
            return
        kept = await self.app.push_screen_wait(ClashesDialog(clashes)) if clashes else {}
        if kept is None:
            self.say("Nothing was imported.", error=False)
            self._start_count(staged)
        else:
            self._start(staged.with_options(settle=lambda clash: kept.get(clash, Keep.BOTH)))

    # 3. The import ---------------------------------------------------------------------------------------------

    def _start(self, staged: StagedImport) -> None:
        self._count.stop()
        self._stop = False
        self._show("running", f"Importing {staged.name}")
        self._line.tell(0, self._total)
        self.app.run_worker(job(self._import, staged), group="import", exit_on_error=False)

    async def _import(self, staged: StagedImport) -> None:
        def progress(done: int, total: int | None) -> None:
            if self._stop:
                raise Cancelled("You stopped the import.", "Nothing was imported.")
            self._line.tell(done, total)

        try:
            async with self._count.lock:
                if self._applying:
                    self._applying.restart()  # what was counted before was a look
                report = await run(self._book, staged, progress, total=self._total)
        except Exception as error:  # noqa: BLE001 - the funnel: nothing was imported, and the reason is said
            self._show("preview", f"Import {staged.name}", "Import")
            self._fail(error)
            return
        self._report = report
        try:
            self._mappings.keep(staged)
            self._kept = await asyncio.to_thread(keep_rejects, self._files, staged, report)
        except Exception as error:  # noqa: BLE001 - the contacts are there: what failed after that is said beside it
            self._kept = Kept(f"The rejected rows could not be written to a file: {notices.notice_of(error).title}")
        self._show_result(report)

    @property
    def _total(self) -> int | None:
        """How many contacts were counted, if the count came to its end."""
        return self._count.report.total if self._count.report else None

    # 4. The confirmation ---------------------------------------------------------------------------------------

    def _show_result(self, report: ImportReport) -> None:
        self._show("done", f"Imported {number_of(report.created + report.merged)}", "Done")
        self.query_one("#result", Static).update(confirmation(report, self._kept))

    @property
    def _is_anything_new(self) -> bool:
        outcome = self._report.outcome if self._report else None
        return outcome is not None and outcome.operation_id is not None

    def action_view_imported(self) -> None:
        """Close, and have the list show exactly what was imported."""
        if self._step == "done" and self._is_anything_new:
            self.is_list_wanted = True
            self.answer(self._report)

    def action_clean_up(self) -> None:
        """Close, and see what could be cleaned up."""
        if self._step == "done" and self._is_anything_new:
            self.is_cleanup_wanted = True
            self.answer(self._report)

    def action_show_rejects(self) -> None:
        """List what was rejected."""
        if self._report and self._report.rejects:
            self.set_focus(self.query_one("#confirm"))
            self.app.push_screen(RejectsView(self._report.rejects, self._kept.path))

    # Keys ------------------------------------------------------------------------------------------------------

    def action_confirm(self) -> None:
        """Go on to the next step."""
        if self._step == "source":
            self._read()
        elif self._step == "preview" and self._staged is not None:
            if self._preview.duplicates.value == "ask":
                self._ask(self._staged)
            else:
                self._start(self._staged)
        elif self._step == "done":
            self.answer(self._report)

    def action_cancel(self) -> None:
        """Stop the import that is running; else close."""
        if self._step == "running":
            self._stop = True
            self.say("Stopping…", error=False)
        else:
            self._count.stop()
            self.answer(self._report)
