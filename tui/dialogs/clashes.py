"""ClashesDialog: value by value, what stays if a file and the book differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from coterie.core.merge import Keep
from coterie.core.text import printable, printable_lines
from coterie.core.transfer.choices import Clash
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.widgets.tick import Tick

_MOST = 400
"""Characters of a value that are shown."""


class ClashesDialog(Dialog[Mapping[Clash, Keep]]):
    """Answers what stays, for each of `clashes`; None if the user cancels. Nothing is changed meanwhile.

    Args:
        clashes: at least one.
    """

    CSS_PATH = [DIALOG_CSS, "clashes.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#confirm"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "take('theirs')", "File", show=False, tooltip="Take the value of the file."),
        Binding("b", "take('ours')", "Book", show=False, tooltip="Keep the value of the book."),
        Binding("k", "take('both')", "Both", show=False, tooltip="Keep both: the file's goes to a custom field."),
        Binding("a", "all", "All", show=False, tooltip="Do the same for all that follow."),
        Binding("backspace", "back", "Back", show=False, tooltip="Go back to the value before."),
    ]
    heading = "What differs"

    def __init__(self, clashes: Sequence[Clash]) -> None:
        super().__init__()
        self._clashes = clashes
        self._place = 0
        self._kept: dict[Clash, Keep] = {}
        self._following = Tick("the same for all that follow (a)", id="following")

    def compose_body(self) -> Iterable[Widget]:
        """Whose value, the two values, and whether the answer is for all."""
        yield Static(id="whose", markup=False)
        yield Static("In the book", classes="note")
        yield Static(id="ours", classes="value", markup=False)
        yield Static("In the file", classes="note")
        yield Static(id="theirs", classes="value", markup=False)
        yield self._following

    def compose_buttons(self) -> Iterable[Widget]:
        """What can be kept, and the way out."""
        yield DialogButton("Keep both", "take('both')", key="k", main=True, id="confirm")
        yield DialogButton("The book's", "take('ours')", key="b", id="ours-stays")
        yield DialogButton("The file's", "take('theirs')", key="f", id="theirs-stays")
        yield DialogButton("Cancel", "cancel", key="esc", id="cancel")

    def on_mount(self) -> None:
        """Begin with the first."""
        self._show()

    def _show(self) -> None:
        clash = self._clashes[self._place]
        self.retitle(f"What differs: {self._place + 1:,} of {len(self._clashes):,}")
        self.query_one("#whose", Static).update(printable(f"{clash.name}: {clash.field}"))
        for selector, value in (("#ours", clash.ours), ("#theirs", clash.theirs)):
            shown = value if len(value) <= _MOST else f"{value[:_MOST]}…"
            self.query_one(selector, Static).update(printable_lines(shown))

    def action_take(self, keep: str) -> None:
        """Settle this one, or this and all that follow; after the last one it is done."""
        following = self._clashes[self._place :] if self._following.value else [self._clashes[self._place]]
        self._kept.update(dict.fromkeys(following, Keep(keep)))
        self._place += len(following)
        if self._place == len(self._clashes):
            self.answer(self._kept)
        else:
            self._show()

    def action_confirm(self) -> None:
        """Keep both: nothing is lost."""
        self.action_take(Keep.BOTH)

    def action_all(self) -> None:
        """Turn over whether the answer is for all that follow."""
        self._following.value = not self._following.value

    def action_back(self) -> None:
        """Go back to the one before."""
        if self._place:
            self._place -= 1
            self._show()
