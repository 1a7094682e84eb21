"""ExportDialog: which contacts, in which format, to where."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import ClassVar, TextIO

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static

from coterie.core.book import Book
from coterie.core.changes import Progress, Selection
from coterie.core.errors import Cancelled, UnreadableFile
from coterie.core.text import number_of, printable
from coterie.core.transfer.export import all_formats, find_format, format_for, write
from coterie.tui import notices
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog
from coterie.tui.dialogs.file_picker import size_words
from coterie.tui.dialogs.pick import Pick
from coterie.tui.files import Files
from coterie.tui.widgets.choice import Choice
from coterie.tui.widgets.modal import Keeps
from coterie.tui.widgets.path_input import PathInput
from coterie.tui.widgets.progress_line import ProgressLine
from coterie.tui.widgets.tick import Tick

CLIPBOARD_LIMIT = 74_994
"""Bytes that terminals take by OSC 52 at least: xterm and tmux stop at 100,000 characters of base64."""


@dataclass(frozen=True, slots=True)
class Exportable:
    """Contacts that can be exported.

    Attributes:
        label: what they are: “the 3 that are checked”, “this list”, “Choir”.
        selection: which they are.
        count: how many; None if nobody has counted yet.
        name: a word for the file's name: “choir”.
    """

    label: str
    selection: Selection
    count: int | None = None
    name: str = "contacts"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was exported: how many contacts, and where they went, in words."""

    count: int
    where: str

    @property
    def sentence(self) -> str:
        """What the status bar says."""
        return f"Exported {number_of(self.count)} to {self.where}."


class ExportDialog(Dialog[Exported]):
    """Answers what was exported; None if nothing was.

    Args:
        book: where the contacts are.
        files: which files can be reached.
        choices: what can be exported, the likeliest first.
        clipboard: whether the clipboard may be used (OSC 52).
    """

    CSS_PATH = [DIALOG_CSS, "export_contacts.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#path Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "pick_what", "all choices", tooltip="List everything that can be exported.")
    ]
    heading = "Export contacts"
    least_lines = 9
    confirm_label = "Export"

    def __init__(self, book: Book, files: Files, choices: Sequence[Exportable], *, clipboard: bool = True) -> None:
        super().__init__()
        self._book = book
        self._files = files
        self._choices = list(choices)
        self._what = Choice([(str(at), _words(choice)) for at, choice in enumerate(choices)], id="what")
        self._format = Choice([(kind.id, kind.label) for kind in all_formats().values()], id="format")
        places = [("file", "a file on this machine"), ("clipboard", "the clipboard of your own machine")]
        self._where = Choice(places if clipboard else places[:1], id="where")
        self._raw = Tick("Without protection against formulas", id="raw")
        self._path = PathInput(files, self._proposed(), id="path")
        self._line = ProgressLine()
        self._own_name = True
        self._busy = False
        self._stop = False

    @property
    def fields(self) -> Mapping[str, Keeps]:
        """All but what is exported, which is chosen from what there is then."""
        return {"format": self._format, "where": self._where, "raw": self._raw, "path": self._path}

    def _proposed(self) -> str:
        end = find_format(self._format.value).extensions[0]
        return f"~/{self._choices[int(self._what.value)].name}{end}"

    # What is shown ---------------------------------------------------------------------------------------------

    def compose_body(self) -> Iterable[Widget]:
        """The choices, or how far it is."""
        with ContentSwitcher(initial="choices"):
            with Vertical(id="choices"):
                yield Horizontal(Static("Export", classes="word"), self._what, classes="line")
                yield Horizontal(Static("As", classes="word"), self._format, classes="line")
                yield Static(id="note", classes="note", markup=False)
                yield Horizontal(Static("To", classes="word"), self._where, classes="line")
                yield Horizontal(Static("Path", classes="word"), self._path, classes="line", id="path-line")
                yield self._raw
            yield Vertical(self._line, id="running")

    def on_mount(self) -> None:
        """Describe the format."""
        self._describe()

    @on(Choice.Changed)
    def _on_choice(self) -> None:
        if self._own_name and not self._busy:
            self._path.value = self._proposed()
        self._describe()

    def _describe(self) -> None:
        chosen = find_format(self._format.value)
        self.query_one("#note", Static).update(chosen.note)
        self._raw.display = chosen.spreadsheet
        self.query_one("#path-line").display = self._where.value == "file"
        self.say("")

    @on(PathInput.Changed, "#path")
    def _on_path(self, event: PathInput.Changed) -> None:
        if event.typed:
            self._own_name = False
            path = Path(self._path.value)
            meant = format_for(path)
            if path.suffix and path.name.lower().endswith(meant.extensions) and meant.id != self._format.value:
                self._follow(meant.id)

    def _follow(self, format_id: str) -> None:
        """The ending that was typed tells the format, but for one that the chosen format has as well.

        A plain `.csv` can be any of the tables, a plain `.vcf` either version of vCard.
        """
        chosen = find_format(self._format.value).extensions[0]
        if find_format(format_id).extensions[0] != PurePath(chosen).suffix:
            self._format.choose(format_id)
            self._describe()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A few choices need no list."""
        return len(self._choices) > 3 if action == "pick_what" else super().check_action(action, parameters)

    @work(group="pick", exclusive=True)
    async def action_pick_what(self) -> None:
        """Choose from the whole list of what can be exported."""
        options = [(str(at), _words(choice)) for at, choice in enumerate(self._choices)]
        chosen = await self.app.push_screen_wait(Pick("Export", options, self._what.value))
        if chosen is not None:
            self._what.choose(chosen)
            self._on_choice()

    # What is done ----------------------------------------------------------------------------------------------

    def action_confirm(self) -> None:
        """Export."""
        if not self._busy:
            self._export()

    @work(group="export")
    async def _export(self) -> None:
        self._busy = True
        try:
            exported = await (self._to_file() if self._where.value == "file" else self._to_clipboard())
        except Exception as error:  # noqa: BLE001 - the funnel: what went wrong is said here
            notice = notices.notice_of(error)
            if not self.is_open:
                return
            self._show("choices")
            self.say(f"{notice.title} {notice.hint}".strip())
        else:
            if exported is not None:
                self.answer(exported)
        finally:
            self._busy = False

    def _show(self, step: str) -> None:
        if not self.is_open:
            raise Cancelled("The dialog was closed.", "No file was written.")
        self.query_one(ContentSwitcher).current = step
        self.query_one("#confirm").display = step == "choices"
        if step == "running":
            self.say("")
            self.set_focus(self.query_one("#cancel"))

    def _progress(self) -> Progress:
        self._stop = False

        def progress(done: int, total: int | None) -> None:
            if self._stop:
                raise Cancelled("You stopped the export.", "No file was written.")
            self._line.tell(done, total)

        return progress

    async def _to_file(self) -> Exported | None:
        path = await asyncio.to_thread(self._files.path, self._path.value)
        if await asyncio.to_thread(os.path.isdir, path):
            raise UnreadableFile(f"{self._files.shown(path)} is a folder.", "Add the name of the file.")
        if await asyncio.to_thread(os.path.exists, path):
            question = Confirm(
                f"Replace {path.name}?",
                f"There is a file {self._files.shown(path)} already.",
                "Replace it",
                danger=True,
            )
            replace = await self.app.push_screen_wait(question)
            if not replace:
                return None
        self._show("running")
        with self._files.writing(path) as file:
            count = await self._write(file)
        return Exported(count, self._files.shown(path))

    async def _to_clipboard(self) -> Exported | None:
        text = _Limited(newline="")
        self._show("running")
        count = await self._write(text)
        self.app.copy_to_clipboard(text.getvalue())
        return Exported(count, "the clipboard")

    async def _write(self, file: TextIO) -> int:
        chosen = self._choices[int(self._what.value)]
        return await write(
            self._format.value,
            await self._book.selected(chosen.selection),
            file,
            raw=self._raw.value and self._raw.display,
            progress=self._progress(),
        )

    def action_cancel(self) -> None:
        """Stop the export that is running; else close."""
        if self._busy and self.query_one(ContentSwitcher).current == "running":
            self._stop = True
            self.say("Stopping…", error=False)
        else:
            self.answer(None)


class _Limited(io.StringIO):
    """A text that refuses to grow beyond what terminals put onto a clipboard."""

    def write(self, text: str) -> int:
        """Raises UnreadableFile if it gets too long."""
        count = super().write(text)
        if self.tell() > CLIPBOARD_LIMIT or len(self.getvalue().encode()) > CLIPBOARD_LIMIT:
            raise UnreadableFile(
                f"That is too much for a terminal's clipboard, which takes {size_words(CLIPBOARD_LIMIT)}.",
                "Export to a file instead, or fewer contacts.",
            )
        return count


def _words(choice: Exportable) -> str:
    return printable(choice.label if choice.count is None else f"{choice.label} ({choice.count:,})")
