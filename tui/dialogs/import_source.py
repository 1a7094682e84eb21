"""The first step of an import: which file, or which rows."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Key, Paste
from textual.widgets import Static, TextArea

from coterie.core.errors import InvalidInput, UnreadableFile
from coterie.tui.dialogs.dialog import DialogButton
from coterie.tui.dialogs.file_picker import FilePicker
from coterie.tui.files import Files
from coterie.tui.widgets.path_input import PathInput

_HINT = """\
Is the file on your own machine? Paste its rows, or copy it here:
  scp people.csv host:       then type ~/people.csv
  ssh host coterie import - < people.csv"""
_SHOWN = 4000
"""Characters of a pasted text that are shown; all of it is imported."""


class Rows(TextArea):
    """Pasted rows. A long text is kept whole, but only its beginning is shown. Right after a paste enter goes on."""

    def __init__(self) -> None:
        super().__init__(id="rows", compact=True, soft_wrap=False, tab_behavior="focus", highlight_cursor_line=False)
        self.cursor_blink = False
        self._long = ""
        self._pasted = ""

    @property
    def rows(self) -> str:
        """All of what was pasted or typed."""
        return self._long or self.text

    def take(self, text: str) -> None:
        """Put pasted rows in place of what is there."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        self._long = text if len(text) > _SHOWN else ""
        lines = text.count("\n") + 1
        self.read_only = bool(self._long)
        self.text = self._pasted = f"{text[:_SHOWN]}…\n({lines:,} lines in all)" if self._long else text
        self.move_cursor(self.document.end)

    def clear_rows(self) -> None:
        """Forget what was pasted."""
        self._long = ""
        self.read_only = False
        self.text = self._pasted = ""

    async def on_key(self, event: Key) -> None:
        """Go on with enter right after a paste."""
        if event.key == "enter" and self._pasted and self.text == self._pasted:
            event.stop()
            event.prevent_default()
            await self.run_action("screen.confirm")

    async def on_paste(self, event: Paste) -> None:
        """Take the rows; after others, behind those."""
        event.stop()
        event.prevent_default()
        self.take(event.text if self._long or not self.text.strip() else f"{self.text}{event.text}")


class SourcePage(Vertical):
    """A path, or pasted rows.

    Args:
        files: which files can be reached.
        path: what stands in the field at first.
    """

    def __init__(self, files: Files, path: str = "") -> None:
        super().__init__(id="source")
        self._files = files
        self.path = PathInput(files, path, placeholder="~/people.csv, or drop the file here", id="path")
        self.rows = Rows()

    def compose(self) -> ComposeResult:
        """The field with Browse, the rows, and how to bring a file over SSH."""
        with Horizontal(id="path-line"):
            yield Static("File", classes="word")
            yield self.path
            yield DialogButton("Browse", "browse", key="ctrl+o", id="browse")
        yield Static("or paste rows, for example from a spreadsheet:", classes="note")
        yield self.rows
        yield Static(_HINT, classes="note", id="bring", markup=False)

    @on(PathInput.RowsPasted)
    def _take_rows(self, event: PathInput.RowsPasted) -> None:
        self.rows.take(event.text)
        self.path.value = ""
        self.rows.focus()

    async def browse(self) -> bool:
        """Let the user choose the file in its folder; whether one was chosen. Call it in a worker."""
        start = None
        if self.path.value:
            try:
                typed = await asyncio.to_thread(self._files.path, self.path.value)
                start = typed if await asyncio.to_thread(os.path.isdir, typed) else typed.parent
            except UnreadableFile:
                start = None  # what was typed leads nowhere: begin at home
        chosen = await self._pick(start)
        if chosen is not None:
            self.rows.clear_rows()
        return chosen is not None

    async def chosen(self) -> Path | bytes | None:
        """The file, or the rows; None if the user was asked for a file of the folder and chose none.

        Call it in a worker. Raises InvalidInput if there is neither, UnreadableFile for a path that leads nowhere.
        """
        if not self.path.value.strip():
            if not self.rows.rows.strip():
                raise InvalidInput("Type the path of a file, choose one, or paste rows.")
            return self.rows.rows.encode("utf-8", "surrogatepass")
        path = await asyncio.to_thread(self._files.path, self.path.value)
        return await self._pick(path) if await asyncio.to_thread(os.path.isdir, path) else path

    async def _pick(self, folder: Path | None) -> Path | None:
        chosen = await self.app.push_screen_wait(FilePicker(self._files, folder))
        if chosen is not None:
            self.path.value = self._files.shown(chosen)
        return chosen
