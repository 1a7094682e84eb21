"""FilePicker: browse the folders of the machine that Coterie runs on, and choose a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from coterie.core.errors import UnreadableFile
from coterie.core.text import fold, printable
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.files import Files, FolderEntry
from coterie.tui.widgets.completing_input import LineInput
from coterie.tui.widgets.dialog_list import PagedList

_NAME_CELLS = 38
_MOST = 2000
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def size_words(size: int) -> str:
    """A size in bytes, as people say it: `840 bytes`, `12 kB`, `3.4 MB`."""
    amount = float(size)
    for unit in _UNITS:
        if amount < 1000 or unit == _UNITS[-1]:
            return f"{amount:.0f} {unit}" if amount >= 10 or unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    raise AssertionError("every size has a unit")


class _Filter(LineInput):
    """Up and down move in the list beneath; backspace in the empty field and left go to the folder above."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.move(1)", "move", key_display="↓ ↑", tooltip="Move in the list."),
        Binding("up", "screen.move(-1)", show=False),
        Binding("pagedown", "screen.move(10)", show=False),
        Binding("pageup", "screen.move(-10)", show=False),
        Binding("left,backspace", "screen.parent_folder", "up", tooltip="Go to the folder above."),
        Binding("right", "screen.enter_folder", show=False, tooltip="Go into the folder."),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In a field with text, left, right and backspace edit it."""
        if action in {"screen.parent_folder", "parent_folder"}:
            return not self.value
        if action in {"screen.enter_folder", "enter_folder"}:
            return self.cursor_at_end
        return super().check_action(action, parameters)


class FilePicker(Dialog[Path]):
    """Answers the file that was chosen.

    Only folders and files that can be imported are listed; ctrl+t lists all, hidden ones too.

    Args:
        files: which files can be reached.
        start: the folder to begin in.
    """

    CSS_PATH = [DIALOG_CSS, "file_picker.tcss"]  # noqa: RUF012
    gives_way = "#choices"
    AUTO_FOCUS = "#filter"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "toggle_all", show=False, tooltip="List all files, or only those that can be imported.")
    ]

    heading = "Choose a file"
    confirm_label = "Open"

    def __init__(self, files: Files, start: Path | None = None) -> None:
        super().__init__()
        self._files = files
        self._folder = start or files.start
        self._every = False
        self._entries: list[FolderEntry] = []
        self._shown: list[FolderEntry] = []

    def compose_body(self) -> Iterable[Widget]:
        """Where we are, the field, the list."""
        with Vertical(id="picker"):
            yield Static(id="folder", markup=False)
            yield _Filter(placeholder="Type to search; enter opens, left goes up", id="filter")
            choices = PagedList(id="choices", markup=False, compact=True)
            choices.can_focus = False
            yield choices

    def compose_buttons(self) -> Iterable[Widget]:
        """Open, all files, cancel."""
        yield DialogButton(self.confirm_label, "confirm", main=True, id="confirm")
        yield DialogButton("All files", "toggle_all", key="ctrl+t", id="all")
        yield DialogButton("Cancel", "cancel", key="esc", id="cancel")

    def on_mount(self) -> None:
        """Show the first folder."""
        self._open(self._folder)

    @work(thread=True, group="folder", exclusive=True)
    def _open(self, folder: Path, came_from: Path | None = None) -> None:
        try:
            entries = self._files.folder(folder, every=self._every)
        except UnreadableFile as problem:
            self.app.call_from_thread(self.say, problem)
        else:
            self.app.call_from_thread(self._opened, folder, entries, came_from)

    def _opened(self, folder: Path, entries: list[FolderEntry], came_from: Path | None) -> None:
        if not self.is_mounted:
            return
        self._folder, self._entries = folder, entries
        self.say("")
        self.query_one("#folder", Static).update(printable(self._files.shown(folder)))
        field = self.query_one("#filter", Input)
        with field.prevent(Input.Changed):
            field.value = ""
        self._list("", came_from)
        if not entries:
            words = "This folder is empty." if self._every else "There is no file of contacts here."
            self.say(words, error=False)

    @on(Input.Changed)
    def _on_typed(self, event: Input.Changed) -> None:
        self.say("")
        self._list(event.value)

    def _list(self, typed: str, marked: Path | None = None) -> None:
        wanted = fold(typed)
        self._shown = [entry for entry in self._entries if wanted in fold(entry.path.name)][:_MOST]
        choices = self.query_one("#choices", OptionList)
        choices.clear_options()
        choices.add_options(Option(_line(entry)) for entry in self._shown)
        places = [place for place, entry in enumerate(self._shown) if entry.path == marked]
        choices.highlighted = (places or [0])[0] if self._shown else None

    @property
    def _marked(self) -> FolderEntry | None:
        at = self.query_one("#choices", OptionList).highlighted
        return self._shown[at] if at is not None else None

    def action_move(self, by: int) -> None:
        """Go up or down in the list."""
        choices = self.query_one("#choices", OptionList)
        if self._shown:
            choices.highlighted = max(0, min(len(self._shown) - 1, (choices.highlighted or 0) + by))

    def action_parent_folder(self) -> None:
        """Go to the folder above, if it can be reached."""
        if self._folder != self._folder.parent:
            self._open(self._folder.parent, self._folder)

    def action_enter_folder(self) -> None:
        """Go into the marked folder."""
        if self._marked is not None and self._marked.folder:
            self._open(self._marked.path)

    def action_toggle_all(self) -> None:
        """List all files, or only those that can be imported."""
        self._every = not self._every
        self.query_one("#all", DialogButton).relabel("Importable" if self._every else "All files")
        self._open(self._folder)

    @on(OptionList.OptionSelected)
    def _on_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_confirm()

    def action_confirm(self) -> None:
        """Go into the marked folder, or answer with the marked file."""
        marked = self._marked
        if marked is None:
            self.say("There is no file with that name here.")
        elif marked.folder:
            self._open(marked.path)
        else:
            self.answer(marked.path)


def _line(entry: FolderEntry) -> Content:
    name = printable(entry.path.name) + ("/" if entry.folder else "")
    if cell_len(name) > _NAME_CELLS:
        name = set_cell_size(name, _NAME_CELLS)
    if entry.folder:
        return Content.styled(name, "bold")
    day = entry.changed.strftime("%Y-%m-%d") if entry.changed else ""
    blanks = " " * (_NAME_CELLS - cell_len(name))
    return Content.assemble(name, (f"{blanks}{size_words(entry.size):>10}  {day}", "dim"))
