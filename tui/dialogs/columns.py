"""ColumnsDialog: the sort order of a list, and its columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coterie.core.fields import FIELDS
from coterie.core.listing import Sort
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.widgets.choice import Choice
from coterie.tui.widgets.dialog_list import DialogList

_DEFAULT = tuple(key for key, spec in FIELDS.items() if spec.shown)
_NEVER = frozenset({"favorite"})
"""The star has a place of its own in each row."""


class _Columns(DialogList):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "screen.turn", "show or hide", tooltip="Show or hide the column."),
        Binding("J,shift+down", "screen.move(1)", "reorder", key_display="J K", tooltip="Move the column down."),
        Binding("K,shift+up", "screen.move(-1)", show=False, key_display="K", tooltip="Move the column up."),
    ]


class ColumnsDialog(Dialog[tuple[tuple[str, ...], Sort]]):
    """Answers the columns (field keys, in their order) and the sort order.

    Args:
        columns: the ones that are shown.
        sort: the present order.
        sorts: more orders than the sortable fields, each a (key, label): `deleted_at` in the Bin.
        default: what Reset brings back.
    """

    CSS_PATH = [DIALOG_CSS, "columns.tcss"]  # noqa: RUF012
    gives_way = "#columns"
    most_lines = 11
    AUTO_FOCUS = "#order"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("R", "reset", show=False, tooltip="The columns and the order as they are at first.")
    ]
    heading = "Sort order and columns"
    confirm_label = "Show"

    def __init__(
        self,
        columns: Sequence[str],
        sort: Sort,
        sorts: Sequence[tuple[str, str]] = (),
        default: Sequence[str] = _DEFAULT,
    ) -> None:
        super().__init__()
        keys = [key for key in FIELDS if key not in _NEVER]
        self._default = tuple(default)
        self._shown = {key for key in columns if key in FIELDS}
        self._order = [key for key in columns if key in FIELDS] + [key for key in keys if key not in columns]
        orders = [(key, FIELDS[key].label) for key in keys if FIELDS[key].sortable] + list(sorts)
        sortable = {key for key, _ in orders}
        self._by = Choice(orders, sort.field if sort.field in sortable else "name", id="order")
        self._direction = Choice(
            [("up", "A to Z, old to new"), ("down", "Z to A, new to old")], "down" if sort.descending else "up"
        )

    def compose_body(self) -> Iterable[Widget]:
        """The order and the columns."""
        with Vertical(id="columns-page"):
            with Horizontal(classes="line"):
                yield Static("Sort by", classes="word")
                yield self._by
            with Horizontal(classes="line"):
                yield Static("Order", classes="word")
                yield self._direction
            yield Static("Columns", classes="word above")
            yield _Columns(id="columns", markup=False, compact=True)

    def compose_buttons(self) -> Iterable[Widget]:
        """Show, reset, cancel."""
        yield DialogButton(self.confirm_label, "confirm", main=True, id="confirm")
        yield DialogButton("Reset", "reset", key="R", id="reset")
        yield DialogButton("Cancel", "cancel", key="esc", id="cancel")

    def on_mount(self) -> None:
        """List the columns."""
        self._list(0)

    def _list(self, marked: int) -> None:
        columns = self.query_one(_Columns)
        columns.clear_options()
        columns.add_options(Option(self._line(key)) for key in self._order)
        columns.highlighted = marked

    def _line(self, key: str) -> Content:
        return Content(f"[{'x' if key in self._shown else ' '}] {FIELDS[key].label}")

    @on(OptionList.OptionSelected)
    def _on_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_turn()

    def action_turn(self) -> None:
        """Show or hide the marked column; the last one stays."""
        at = self.query_one(_Columns).highlighted
        if at is None:
            return
        key = self._order[at]
        if self._shown == {key}:
            self.say("At least one column must be shown.")
            return
        self._shown ^= {key}
        self.query_one(_Columns).replace_option_prompt_at_index(at, self._line(key))

    def action_move(self, by: int) -> None:
        """Move the marked column up or down."""
        at = self.query_one(_Columns).highlighted
        if at is None or not 0 <= at + by < len(self._order):
            return
        self._order[at], self._order[at + by] = self._order[at + by], self._order[at]
        self._list(at + by)

    def action_reset(self) -> None:
        """The columns as they are at first, by name."""
        self._shown = set(self._default)
        self._order = [*self._default, *(key for key in FIELDS if key not in self._default and key not in _NEVER)]
        self._by.choose("name")
        self._direction.choose("up")
        self._list(0)

    def action_confirm(self) -> None:
        """Answer with what was chosen."""
        columns = tuple(key for key in self._order if key in self._shown)
        self.answer((columns, Sort(self._by.value, self._direction.value == "down")))
