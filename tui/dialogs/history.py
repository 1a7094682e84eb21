"""HistoryDialog: what was changed, when and by whom, and how far back to undo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from core.model import Operation
from core.text import printable
from tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton

_WHEN_CELLS = 17


def when_words(at: datetime, now: datetime) -> str:
    """A time as people say it, in the local time zone: `today 14:05`, `yesterday 9:30`, `2026-03-01 08:15`."""
    at, now = at.astimezone(), now.astimezone()
    clock = f"{at.hour}:{at.minute:02}"
    if at.date() == now.date():
        return f"today {clock}"
    if at.date() == (now - timedelta(days=1)).date():
        return f"yesterday {clock}"
    return at.strftime("%Y-%m-%d %H:%M")


class HistoryDialog(Dialog[int]):
    """Answers how many of the user's last changes are to be undone; None where nothing is.

    Args:
        operations: the journal, newest first.
        actor: who the user is: the changes of others are shown, and only they can undo them. None counts all as theirs.
        now: the present time.
    """

    CSS_PATH = [DIALOG_CSS, "history.tcss"]  # noqa: RUF012
    gives_way = "#operations"
    most_lines = 13
    AUTO_FOCUS = "#operations"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("u", "confirm", show=False)]
    heading = "History"
    confirm_label = "Undo the last change"
    cancel_label = "Close"

    def __init__(self, operations: Sequence[Operation], actor: str | None = None, *, now: datetime) -> None:
        super().__init__()
        self._operations = list(operations)
        self._actor = actor
        self._now = now

    def compose_body(self) -> Iterable[Widget]:
        """The list, and the marked line in full."""
        with Vertical(id="history-page"):
            if not self._operations:
                yield Static("Nothing was changed yet.", classes="note")
                return
            yield OptionList(id="operations", markup=False, compact=True)
            yield Static(id="whole", markup=False)

    def on_mount(self) -> None:
        """List the journal."""
        for operations in self.query("#operations").results(OptionList):
            operations.add_options(self._line(one) for one in self._operations)
            operations.highlighted = 0

    def compose_buttons(self) -> Iterable[Widget]:
        """Undo and close."""
        if self._operations:
            yield DialogButton(self.confirm_label, "confirm", main=True, id="confirm")
        yield DialogButton(self.cancel_label, "cancel", key="esc", id="cancel")

    def _line(self, operation: Operation) -> Option:
        when = when_words(operation.at, self._now)
        mark = "undone" if operation.undone_at else "" if operation.undoable else "final"
        summary = printable(operation.summary)
        style = "dim" if operation.undone_at else ""
        blanks = " " * (_WHEN_CELLS - cell_len(when))
        return Option(
            Content.assemble((f"{when}{blanks} ", "dim"), (f"{mark} " if mark else "", "dim italic"), (summary, style))
        )

    def _mine(self, operation: Operation) -> bool:
        return self._actor is None or operation.actor == self._actor

    def _count(self, at: int) -> int:
        """How many changes an undo up to line `at` takes back; 0 where that line cannot be undone."""
        last = self._operations[at]
        if last.undone_at or not last.undoable or not self._mine(last):
            return 0
        return sum(one.undoable and not one.undone_at and self._mine(one) for one in self._operations[: at + 1])

    @on(OptionList.OptionHighlighted)
    def _on_marked(self, event: OptionList.OptionHighlighted) -> None:
        operation = self._operations[event.option_index]
        count = self._count(event.option_index)
        who = "you" if self._mine(operation) and self._actor else printable(operation.actor)
        number = f"{operation.contacts:,} contact{'' if operation.contacts == 1 else 's'}"
        state = self._state(operation)
        self.query_one("#whole", Static).update(f"{printable(operation.summary)}\nBy {who}, {number}. {state}".rstrip())
        button = self.query_one("#confirm", DialogButton)
        button.disabled = count == 0
        button.relabel("Undo this change" if count <= 1 else f"Undo this and the {count - 1:,} after it")

    def _state(self, operation: Operation) -> str:
        if operation.undone_at:
            return f"Undone {when_words(operation.undone_at, self._now)}."
        if not operation.undoable:
            return "It cannot be undone."
        return "" if self._mine(operation) else f"Only {printable(operation.actor)} can undo it."

    @on(OptionList.OptionSelected)
    def _on_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()

    def action_confirm(self) -> None:
        """Answer with how many changes are to be undone."""
        if not self._operations:
            self.answer(None)
            return
        at = self.query_one("#operations", OptionList).highlighted
        count = self._count(at) if at is not None else 0
        if count:
            self.answer(count)
        else:
            self.say("This change cannot be undone from here.")
