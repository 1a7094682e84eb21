"""HistoryEntry: what one entry of the history changed - the contacts, with their values before and after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from coterie.core.store.journal.entries import Trace
from coterie.core.text import number_of, printable
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.dialogs.placement import NARROW
from coterie.tui.glyphs import Glyphs, glyphs_on
from coterie.tui.widgets.cells import fit
from coterie.tui.widgets.dialog_list import DialogList

SHOWN = 100
"""So many contacts are shown."""
_NAME, _FIELD, _FRAME, _NARROW_FRAME = 20, 12, 11, 10


class HistoryEntry(Dialog[None]):
    """Shows what was changed; there is nothing to answer.

    Args:
        summary: the sentence of the entry.
        contacts: how many contacts it changed.
        traces: what it did to the first of them, see `core.store.journal.entries`.
    """

    CSS_PATH = [DIALOG_CSS, "history.tcss"]  # noqa: RUF012
    gives_way = "#traces"
    AUTO_FOCUS = "#traces"
    confirm_label = "Close"

    def __init__(self, summary: str, contacts: int, traces: Sequence[Trace]) -> None:
        super().__init__()
        self.heading = summary
        self._traces = traces
        shown = min(contacts, SHOWN)
        self._more = f"The first {shown:,} of {number_of(contacts)}." if contacts > shown else ""

    def compose_body(self) -> Iterable[Widget]:
        """A line for each value, and how many more contacts there are."""
        lines = map(Option, self._lines())
        nothing = Option(Content("The history has kept no details of this."), disabled=True)
        yield DialogList(*(list(lines) or [nothing]), id="traces", markup=False, compact=True)
        if self._more:
            yield Static(self._more, classes="note", markup=False)

    def _lines(self) -> Iterable[Content]:
        for trace in self._traces:
            yield trace_line(trace.subject or "(no name)", trace, self.app.size.width, glyphs_on(self.app))

    def on_resize(self) -> None:
        """Let the values have the room that there is."""
        self.query_one("#traces", DialogList).rewrite(self._lines())

    def compose_buttons(self) -> Iterable[Widget]:
        """Nothing but the way out."""
        yield DialogButton("Close", "cancel", key="esc", main=True, id="cancel")

    def action_confirm(self) -> None:
        """Close."""
        self.answer(None)


def trace_line(head: str, trace: Trace, width: int, glyphs: Glyphs) -> Content:
    """A line of a list: `head`, the field, what it said before and after, for a terminal of so many columns.

    In a narrow terminal the values have a line of their own.
    """
    what = Content.assemble(
        (fit(head, _NAME, glyphs.ellipsis), "bold"), " ", (fit(trace.field, _FIELD - 1, glyphs.ellipsis), "dim")
    )
    if width < NARROW:
        return Content.assemble(what, "\n  ", _values(trace, (width - _NARROW_FRAME) // 2, glyphs))
    return Content.assemble(what, " ", _values(trace, (min(width, 110) - _NAME - _FIELD - _FRAME) // 2, glyphs))


def _values(trace: Trace, room: int, glyphs: Glyphs) -> Content:
    old, new = (fit(one_line(text) or "(nothing)", max(8, room), glyphs.ellipsis) for text in (trace.old, trace.new))
    return Content.assemble(old, f" {glyphs.becomes} ", (new, "bold"))


def one_line(text: str) -> str:
    """`text` in one line, as it can be shown."""
    return printable(" ".join(text.split()))
