"""Prompt: one line of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Static

from coterie.core.errors import InvalidInput
from coterie.core.text import clean_line, printable_lines
from coterie.tui.dialogs.form import Form
from coterie.tui.widgets.completing_input import CompletingInput, among
from coterie.tui.widgets.modal import Keeps


class Prompt(Form[str]):
    """Asks for one line; answers it without its outer blanks, never empty.

    Args:
        title: what is done with it.
        label: what to type; a sentence or a word above the field.
        value: what stands there at first.
        completions: known values, offered as one types.
        yes: what the main button does: “Rename”.
        check: raises InvalidInput if the text will not do; its sentence is shown.
        may_be_empty: whether nothing is an answer too.
    """

    is_question = True

    def __init__(
        self,
        title: str,
        label: str = "",
        value: str = "",
        completions: Sequence[str] = (),
        *,
        yes: str = "OK",
        check: Callable[[str], object] | None = None,
        may_be_empty: bool = False,
    ) -> None:
        super().__init__()
        self.heading = title
        self.confirm_label = yes
        self._label = label
        self._check = check
        self._may_be_empty = may_be_empty
        self._field = CompletingInput(among(completions), value, id="value")

    def compose_body(self) -> Iterable[Widget]:
        """The label and the field."""
        with Vertical() as box:
            box.styles.height = "auto"
            if self._label:
                yield Static(printable_lines(self._label), classes="note", markup=False)
            yield self._field

    @property
    def fields(self) -> Mapping[str, Keeps]:
        """The one field, by its name."""
        return {"value": self._field}

    def details_of(self, typed: Mapping[str, Any]) -> str:
        """The text itself."""
        return f"“{clean_line(str(typed['value']))}”"

    def check(self) -> None:
        """Finish with the text, if it will do."""
        text = clean_line(self._field.value)
        if not text and not self._may_be_empty:
            self.say("Type something first.")
            return
        try:
            if self._check:
                self._check(text)
        except InvalidInput as problem:
            self.say(problem)
            return
        self.finish(text)
