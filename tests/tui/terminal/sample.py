"""A program with light output for the tests to run in a pseudo-terminal: a long list, a bar at its side, a dialog."""

from __future__ import annotations

import subprocess
import sys
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Static

from coterie.tui.terminal.output import DifferenceOutput


class Rows(Widget, can_focus=True):
    DEFAULT_CSS = "Rows { width: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.top = 0

    def render_line(self, y: int) -> Strip:
        number = self.top + y
        text = f"{'›' if y == 0 else ' '} Person {number:05} 山田 {number * 7919 % 1000:03} e-mail{number}@example.org"
        return Strip([Segment(text, Style(bold=number % 3 == 0) + self.rich_style)]).adjust_cell_length(
            self.size.width, self.rich_style
        )

    def go(self, by: int) -> None:
        self.top += by
        self.refresh()


class Dialog(ModalScreen[None]):
    DEFAULT_CSS = (
        "Dialog { align: center middle; background: transparent; & Static { width: 40; height: 5; border: solid; } }"
    )

    def compose(self) -> ComposeResult:
        yield Static("Really?", markup=False)

    def key_escape(self) -> None:
        self.dismiss()


class Sample(DifferenceOutput[None]):
    ENABLE_COMMAND_PALETTE = False
    CSS = "Screen { layout: vertical; } #side { width: 18; } Input { height: 1; border: none; }"
    BINDINGS: ClassVar = [
        Binding("j", "go(1)"),
        Binding("k", "go(-1)"),
        Binding("space", "go(20)"),
        Binding("d", "dialog"),
        Binding("b", "bell"),
        Binding("w", "suspend_briefly"),
        Binding("q", "quit"),
    ]

    def compose(self) -> ComposeResult:
        field = Input()
        field.cursor_blink = False
        yield field
        with Horizontal():
            yield Static("All\nFavorites\nGroups\nBin", id="side", markup=False)
            yield Rows()

    def on_mount(self) -> None:
        self.query_one(Rows).focus()

    def action_go(self, by: int) -> None:
        self.query_one(Rows).go(by)

    def action_dialog(self) -> None:
        self.push_screen(Dialog())

    def action_suspend_briefly(self) -> None:
        with self.suspend():
            subprocess.run(["echo", "SOMETHING ELSE"], check=True)


if __name__ == "__main__":
    app = Sample()
    app.run()
    sys.exit(app.return_code)
