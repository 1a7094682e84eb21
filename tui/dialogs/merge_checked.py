"""MergeChecked: several contacts become one; the user sees every value that any of them has, and chooses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from coterie.core.bulk.merge_values import Choices, Value
from coterie.core.changes import Plan
from coterie.core.model import Contact
from coterie.core.names import Called
from coterie.core.text import number_of, printable
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog
from coterie.tui.dialogs.duplicates_sides import fit
from coterie.tui.widgets.dialog_list import DialogList

_WIDEST: Final = 100
_FRAME: Final = 7
"""Cells of the box, its padding and the scroll bar."""
_LABEL: Final = 12
_SIGN: Final = 4
_HOLDERS: Final = 12
_NUMBERED: Final = 9
"""So many contacts have a key of their own."""


class _Values(DialogList):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "screen.turn", "choose", tooltip="Choose this value; or leave it out, or take it in again."),
        *(
            Binding(str(number), f"screen.take({number - 1})", "take all of", number == 1, "1-9", True,
                    "Choose all values of that contact.")
            for number in range(1, _NUMBERED + 1)
        ),
    ]  # fmt: skip


class MergeChecked(Dialog[Plan]):
    """Answers the plan that merges the contacts; None if the user cancels.

    Args:
        contacts: two or more stored contacts.
        called: what contacts are called.
    """

    CSS_PATH = [DIALOG_CSS, "merge_checked.tcss"]  # noqa: RUF012
    gives_way = "#values"
    most_lines = 16
    AUTO_FOCUS = "#values"

    def __init__(self, contacts: Sequence[Contact], called: Called) -> None:
        super().__init__()
        self._called = called
        self._choices = Choices.of(contacts)
        self._values = self._choices.values()
        self.heading = f"Merge {number_of(len(contacts))} into one"
        self.confirm_label = f"Merge {len(contacts):,} into one"

    def compose_body(self) -> Iterable[Widget]:
        """Who they are, and what they say."""
        with Vertical(id="merge-page"):
            yield Static(self._who(), id="who", markup=False)
            yield _Values(*map(Option, self._lines()), id="values", markup=False, compact=True)
            yield Static(
                "One name and one company stay; the others go to the custom fields. u undoes it.",
                classes="note",
                markup=False,
            )

    def _who(self) -> Content:
        contacts = self._choices.contacts[:_NUMBERED]
        names = [f"{place} {printable(self._called(contact))}" for place, contact in enumerate(contacts, 1)]
        more = len(self._choices.contacts) - len(contacts)
        return Content("   ".join([*names, *([f"and {more:,} more"] if more else [])]))

    def _lines(self) -> list[Content]:
        before = ["", *(value.label for value in self._values)]
        return [
            self._line(value, is_first=value.label != last) for value, last in zip(self._values, before, strict=False)
        ]

    def _line(self, value: Value, *, is_first: bool) -> Content:
        room = min(self.app.size.width, _WIDEST) - _FRAME
        holders = min(_HOLDERS, room // 5)
        stays = self._choices.stays(value)
        sign = f"({'*' if stays else ' '}) " if value.is_one_of else f"[{'x' if stays else ' '}] "
        text = printable(" ".join(value.text.split()))
        return Content.assemble(
            (fit(value.label if is_first else "", _LABEL), "dim"),
            sign,
            (fit(text, max(4, room - _LABEL - _SIGN - holders)), "bold" if stays else "dim"),
            (fit(" " + " ".join(str(place + 1) for place in value.holders), holders), "dim"),
        )

    def _show(self, choices: Choices) -> None:
        """Show what has changed."""
        self._choices = choices
        self._rewrite()

    @on(events.Resize)
    def _rewrite(self) -> None:
        self.query_one(_Values).rewrite(self._lines())

    def action_turn(self) -> None:
        """Choose the marked value; or leave it out, or take it in again."""
        at = self.query_one(_Values).highlighted
        if at is not None:
            self._show(self._choices.turned(self._values[at]))

    def action_take(self, place: int) -> None:
        """Choose all values of one of the contacts."""
        if place < len(self._choices.contacts):
            self._show(self._choices.all_of(place))

    def action_confirm(self) -> None:
        """As it was chosen."""
        self.answer(self._choices.plan())
