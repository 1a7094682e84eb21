"""HistoryDialog: what was changed, when and by whom, what each change did, and how far to undo or redo."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Protocol

from rich.cells import cell_len
from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coterie.core.errors import CoterieError
from coterie.core.model import Operation
from coterie.core.store.journal.entries import Trace
from coterie.core.text import number_of, printable
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.dialogs.history_entry import SHOWN, HistoryEntry, one_line
from coterie.tui.glyphs import Glyphs, glyphs_on
from coterie.tui.time_words import when_words
from coterie.tui.turning import Turning, turning
from coterie.tui.widgets.cells import fit
from coterie.tui.widgets.dialog_list import DialogList

_WHEN_CELLS = 17
_OF_ENTRIES: Final = frozenset({"look", "look_at_day"})
_REST: Final = 0.15
"""Seconds on a change until its fields are told."""
_TOLD: Final = 2
"""So many fields are."""
_MORE: Final = "; enter shows all"


class Details(Protocol):
    """Looks into the journal: `Book.history`."""

    async def traces(self, operation_id: int, contacts: int = SHOWN) -> Sequence[Trace]:
        """What an operation did to its first contacts."""

    async def extent(self, operation_ids: Sequence[int]) -> int:
        """How many contacts operations changed."""

    async def others(self, operation_ids: Sequence[int]) -> Mapping[str, int]:
        """Who else has changed how many of these contacts since."""


class _Operations(DialogList):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.open_entry", "open", tooltip="Show what this changed.")
    ]


@dataclass(frozen=True, slots=True)
class Look:
    """The book is to be shown as it was before an operation; without one, on a day that is still to be asked for."""

    before: Operation | None = None


class HistoryDialog(Dialog[Turning | Look]):
    """Answers what is to be undone or redone, or which book of before is to be shown; None if nothing is.

    More than one change is asked about, and one that others have built on.

    Args:
        operations: the journal, newest first.
        actor: who the user is: the changes of others are shown, and only they can undo them. None counts all as theirs.
        now: the present time, in the user's zone.
        details: tells what an operation changed.
    """

    CSS_PATH = [DIALOG_CSS, "history.tcss"]  # noqa: RUF012
    gives_way = "#operations"
    most_lines = 13
    AUTO_FOCUS = "#operations"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "confirm", show=False, tooltip="Undo, or redo, back to this change."),
        Binding("b", "look", "book before it", tooltip="Show the book as it was before this change."),
        Binding("t", "look_at_day", "book on a day", tooltip="Show the book as it was on a day."),
    ]
    heading = "History"
    confirm_label = "Undo this change"
    cancel_label = "Close"

    def __init__(
        self, operations: Sequence[Operation], actor: str | None = None, *, now: datetime, details: Details
    ) -> None:
        super().__init__()
        self._operations = list(operations)
        self._actor = actor
        self._now = now
        self._details = details
        self._words = ("", "")

    def compose_body(self) -> Iterable[Widget]:
        """The list, and the marked line in full."""
        with Vertical(id="history-page"):
            if not self._operations:
                yield Static("Nothing has been changed yet.", classes="note")
                return
            yield _Operations(id="operations", markup=False, compact=True)
            yield Static(id="whole", markup=False)

    def on_mount(self) -> None:
        """List the journal."""
        for operations in self.query("#operations").results(OptionList):
            operations.add_options(self._line(operation) for operation in self._operations)
            operations.highlighted = 0

    def compose_buttons(self) -> Iterable[Widget]:
        """Undo and close."""
        if self._operations:
            yield DialogButton(self.confirm_label, "confirm", key="u", main=True, id="confirm")
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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a history there is no book of before."""
        return bool(self._operations) if action in _OF_ENTRIES else super().check_action(action, parameters)

    @property
    def _at(self) -> int | None:
        return self.query_one("#operations", OptionList).highlighted if self._operations else None

    @on(OptionList.OptionHighlighted)
    def _on_marked(self, event: OptionList.OptionHighlighted) -> None:
        operation = self._operations[event.option_index]
        meant = turning(self._operations, event.option_index, self._actor)
        who = "you" if self._mine(operation) and self._actor else printable(operation.actor)
        undone = f"Undone {when_words(operation.undone_at, self._now)}." if operation.undone_at else ""
        self._words = (
            f"{printable(operation.summary)}\nBy {who}, {number_of(operation.contacts)}",
            f". {undone} {meant.reason}".replace("  ", " ").rstrip(),
        )
        self._tell()
        self._show_traces(operation)
        button = self.query_one("#confirm", DialogButton)
        button.disabled = not meant.ids
        button.relabel(meant.words)

    @work(group="traces", exclusive=True, exit_on_error=False)
    async def _show_traces(self, operation: Operation) -> None:
        """Show the first fields that a change was about, before and after, once the cursor rests on it."""
        await asyncio.sleep(_REST)
        with suppress(CoterieError):
            traces = await self._details.traces(operation.id, _TOLD)
            if self.is_open and traces:
                self._tell(traces[:_TOLD], more=max(operation.contacts, len(traces)) > _TOLD)

    def _tell(self, traces: Sequence[Trace] = (), *, more: bool = False) -> None:
        """Say what the marked change was about, and some of what it did; with `more`, that this is not all."""
        whole = self.query_one("#whole", Static)
        lines = [_trace_words(trace, whole.size.width - 1, glyphs_on(self.app)) for trace in traces]
        whole.update("\n".join([(_MORE if more else "").join(self._words), *lines]))

    @on(OptionList.OptionSelected)
    def _on_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_open_entry()

    @work(group="pick", exclusive=True)
    async def action_open_entry(self) -> None:
        """Show what the marked change did."""
        if (at := self._at) is None:
            return
        operation = self._operations[at]
        try:
            traces = await self._details.traces(operation.id, SHOWN)
        except CoterieError as error:
            self.say(error)
            return
        await self.app.push_screen_wait(HistoryEntry(operation.summary, operation.contacts, traces))

    def action_look(self) -> None:
        """Answer with the marked operation: the book before it is to be shown."""
        if (at := self._at) is not None:
            self.answer(Look(self._operations[at]))

    def action_look_at_day(self) -> None:
        """Answer that the book of a day is to be shown."""
        if self._operations:
            self.answer(Look())

    def action_confirm(self) -> None:
        """Answer with what is to be undone or redone, once that is clear."""
        at = self._at
        meant = turning(self._operations, at, self._actor) if at is not None else None
        if meant is None:
            self.answer(None)
        elif not meant.ids:
            self.say(meant.reason)
        else:
            self._ask(meant)

    @work(group="finish", exclusive=True)
    async def _ask(self, meant: Turning) -> None:
        try:
            foreign = meant.foreign(await self._details.others(meant.ids))
            scope = meant.scope(await self._details.extent(meant.ids)) if len(meant.ids) > 1 else ""
        except CoterieError as error:
            self.say(error)
            return
        text = " ".join(filter(None, (scope, foreign)))
        if text:
            question = Confirm(f"{meant.words}?", text, meant.words, danger=True)
            if not await self.app.push_screen_wait(question):
                return
        self.answer(meant)


def _trace_words(trace: Trace, cells: int, glyphs: Glyphs) -> str:
    old, new = (one_line(text) or "(nothing)" for text in (trace.old, trace.new))
    return fit(f"{trace.subject}, {trace.field}: {old} {glyphs.becomes} {new}", max(cells, 1), glyphs.ellipsis).rstrip()
