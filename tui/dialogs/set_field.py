"""SetForAll: one value for a field of several contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from coterie.core.bulk.set_field import SetField
from coterie.core.errors import InvalidInput
from coterie.core.fields.spec import FieldSpec
from coterie.core.text import number_of
from coterie.tui.dialogs.dialog import DialogButton
from coterie.tui.dialogs.form import Form
from coterie.tui.target import Target
from coterie.tui.widgets.completing_input import Completions, line_input
from coterie.tui.widgets.modal import Keeps

ONLY_ROW: Final = ""
"""The answer if only the row under the cursor is meant."""


class SetForAll(Form[str]):
    """Answers the value, or `ONLY_ROW`. An empty value is none: clearing is a step of the form for several.

    Args:
        spec: the field.
        target: the contacts.
        values: what they have there now.
        row: whether there is a row under the cursor that could be meant instead.
        completions: what the value could become.
    """

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "only_row", show=False, tooltip="Change only the contact under the cursor.")
    ]

    def __init__(
        self, spec: FieldSpec, target: Target, values: Set[str], *, row: bool, completions: Completions | None = None
    ) -> None:
        super().__init__()
        count = len(target.selection)
        self.heading = f"Change {spec.label} of {number_of(count, 'checked contact')}"
        self.confirm_label = f"Change {count:,}"
        self._spec = spec
        self._row = row
        self._field = line_input(next(iter(values)) if len(values) == 1 else "", completions=completions)
        same = "It is the same in all of them now." if count > 1 else ""
        self._now = same if len(values) == 1 else f"They have {len(values):,} different values now."

    def compose_body(self) -> Iterable[Widget]:
        """The field, and what stands there now."""
        yield self._field
        yield Static(self._now, classes="note", markup=False)

    def compose_buttons(self) -> Iterable[Widget]:
        """All of them, or the row."""
        yield DialogButton(self.confirm_label, "confirm", main=True, id="confirm")
        if self._row:
            yield DialogButton("Only this row", "only_row", key="ctrl+t", id="row")
        yield DialogButton(self.cancel_label, "cancel", key="esc", id="cancel")

    def action_only_row(self) -> None:
        """Answer that only the row is meant, if there is one."""
        if self._row:
            self.answer(ONLY_ROW)

    @property
    def fields(self) -> Mapping[str, Keeps]:
        """The one field, by its name."""
        return {"value": self._field}

    def details_of(self, typed: Mapping[str, Any]) -> str:
        """The text itself."""
        return f"“{typed['value']}”"

    def check(self) -> None:
        """Finish with the value, if it will do."""
        value = self._field.value.strip()
        if not value:
            self.say("Type something first; the form for several (e) clears a field.")
            return
        try:
            SetField(self._spec.key, value)
        except InvalidInput as problem:
            self.say(problem)
        else:
            self.finish(value)
