"""ContactHistory: what became of one contact, value by value, and each value's way back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coterie.core.changes import Plan
from coterie.core.store.journal.past import Past
from coterie.core.text import printable
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.dialogs.history_entry import trace_line
from coterie.tui.glyphs import glyphs_on
from coterie.tui.time_words import when_words
from coterie.tui.widgets.dialog_list import DialogList


class ContactHistory(Dialog[Plan]):
    """Answers the plan that puts one value back; None if nothing is.

    Args:
        name: what lists call the contact.
        past: its changes, newest first.
        actor: who the user is.
        now: the present time, in the user's zone.
        editable: whether values can be put back: not in the Bin.
    """

    CSS_PATH = [DIALOG_CSS, "history.tcss"]  # noqa: RUF012
    gives_way = "#traces"
    AUTO_FOCUS = "#traces"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "confirm", show=False, tooltip="Put this one value back to what it was before.")
    ]
    confirm_label = "Put back"
    cancel_label = "Close"

    def __init__(self, name: str, past: Sequence[Past], actor: str, *, now: datetime, editable: bool) -> None:
        super().__init__()
        self.heading = f"History of {name}"
        self._past = past
        self._actor = actor
        self._now = now
        self._editable = editable

    def compose_body(self) -> Iterable[Widget]:
        """A line for each value, and what changed the marked one."""
        with Vertical(id="history-page"):
            if not self._past:
                yield Static("The history has kept nothing of this contact.", classes="note")
                return
            yield DialogList(*map(Option, map(self._line, self._past)), id="traces", markup=False, compact=True)
            yield Static(id="whole", markup=False)

    def compose_buttons(self) -> Iterable[Widget]:
        """Put back and close."""
        if self._past and self._editable:
            yield DialogButton(self.confirm_label, "confirm", key="p", main=True, id="confirm")
        yield DialogButton(self.cancel_label, "cancel", key="esc", id="cancel")

    def _line(self, past: Past) -> Content:
        when = when_words(past.operation.at, self._now)
        return trace_line(when, past.trace, self.app.size.width, glyphs_on(self.app))

    def on_resize(self) -> None:
        """Let the values have the room that there is."""
        for traces in self.query("#traces").results(DialogList):
            traces.rewrite(map(self._line, self._past))

    @property
    def _marked(self) -> Past | None:
        at = self.query_one("#traces", OptionList).highlighted if self._past else None
        return None if at is None else self._past[at]

    @on(OptionList.OptionHighlighted)
    def _on_marked(self) -> None:
        if (past := self._marked) is None:
            return
        who = "you" if past.operation.actor == self._actor else printable(past.operation.actor)
        undone = " It was undone." if past.operation.undone_at else ""
        old, new = (text or "(nothing)" for text in (past.trace.old, past.trace.new))
        value = f"{past.trace.field}: {old} {glyphs_on(self.app).becomes} {new}"
        self.query_one("#whole", Static).update(
            f"{printable(value)}\n{printable(past.operation.summary)} By {who}.{undone}"
        )
        for button in self.query("#confirm").results(DialogButton):
            button.disabled = past.plan() is None

    @on(OptionList.OptionSelected)
    def _on_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_confirm()

    def action_confirm(self) -> None:
        """Answer with what puts the marked value back."""
        past = self._marked
        plan = past.plan() if past and self._editable else None
        if plan is None:
            self.say("This is not a value that can be put back.", error=False)
        else:
            self.answer(plan)
