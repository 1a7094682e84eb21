"""NotShown: some of what is checked is not in the list that the user sees; what shall be changed?"""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coterie.core.text import number_of, printable
from coterie.tui.dialogs.dialog import Dialog, DialogButton
from coterie.tui.target import Target
from coterie.tui.widgets.dialog_list import DialogList


class NotShown(Dialog[Target]):
    """Answers what the user means: all that is checked, only what is shown, or only the row under the cursor.

    What is shown is marked at first.

    Args:
        verb: what would be done: “Delete”.
        meant: everything that the command is about, with how much of it is not shown.
        shown: the part of it that is shown.
        row: the row under the cursor.
        thing: what one of them is called.
    """

    AUTO_FOCUS = "#targets"

    def __init__(
        self, verb: str, meant: Target, shown: Target, row: Target | None = None, *, thing: str = "checked contact"
    ) -> None:
        super().__init__()
        self.heading = f"{number_of(meant.hidden, thing)} {'is' if meant.hidden == 1 else 'are'} not shown here"
        self._verb = verb
        self._choices = [("Those too: all ", meant)]
        if shown.selection:
            self._choices.append(("Only what is shown: ", shown))
        if row is not None:
            self._choices.append(("This row: ", row))
        self._first = min(1, len(self._choices) - 1)
        self.confirm_label = self._words(self._first)

    def compose_body(self) -> Iterable[Widget]:
        """The choices."""
        yield Static("Which contacts do you mean?", classes="note gap", markup=False)
        yield DialogList(
            *(self._line(place, self._first) for place in range(len(self._choices))),
            id="targets",
            markup=False,
            compact=True,
        )

    def on_mount(self) -> None:
        """Mark what the user sees."""
        self.query_one("#targets", OptionList).highlighted = self._first

    def _line(self, place: int, marked: int) -> Option:
        words, target = self._choices[place]
        many = target.name if words.startswith("This") else number_of(len(target.selection))
        return Option(Content(f"({'x' if place == marked else ' '}) {words}{printable(many)}"))

    @on(OptionList.OptionHighlighted)
    def _marked(self, event: OptionList.OptionHighlighted) -> None:
        for place in range(len(self._choices)):
            event.option_list.replace_option_prompt_at_index(place, self._line(place, event.option_index).prompt)
        self.query_one("#confirm", DialogButton).relabel(self._words(event.option_index))

    def _words(self, place: int) -> str:
        return f"{self._verb}: {number_of(len(self._choices[place][1].selection))}"

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_confirm()

    def action_confirm(self) -> None:
        """Answer with what is marked."""
        at = self.query_one("#targets", OptionList).highlighted
        if at is not None:
            self.answer(self._choices[at][1])
