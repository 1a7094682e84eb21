"""FateDialog: what becomes of contacts whose account or place goes: all stay as local ones, or the Bin gets some."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coterie.core.text import number_of, printable
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.widgets.dialog_list import DialogList

Fate = Literal["keep", "remove"]


class FateDialog(Dialog[Fate]):
    """Answers what to do with the contacts. A subclass gives the heading and the words.

    Args:
        contacts: how many contacts it is about.
        alone: how many of them nothing else knows.
    """

    CSS_PATH = [DIALOG_CSS, "fate.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#fates, #cancel"
    note: str = ""
    alone_words: ClassVar[str]
    """Which ones those are that nothing else knows: “that …”."""
    remove_label: ClassVar[str]

    def __init__(self, contacts: int, alone: int) -> None:
        super().__init__()
        self._fates = [f"Keep the {number_of(contacts)} here"] if contacts else []
        if alone:
            self._fates.append(f"Move the {number_of(alone)} {self.alone_words} to the Bin")

    def compose_body(self) -> Iterable[Widget]:
        """What happens in any case, then the choice."""
        yield Static(printable(self.note), classes="note gap", markup=False)
        if not self._fates:
            yield Static("No contacts here are from it.", classes="note", markup=False)
            return
        yield DialogList(
            *(self._line(place, 0) for place in range(len(self._fates))), id="fates", markup=False, compact=True
        )

    def _line(self, place: int, marked: int) -> Option:
        return Option(Content(f"({'x' if place == marked else ' '}) {self._fates[place]}"))

    @on(OptionList.OptionHighlighted)
    def _marked(self, event: OptionList.OptionHighlighted) -> None:
        for place in range(len(self._fates)):
            event.option_list.replace_option_prompt_at_index(place, self._line(place, event.option_index).prompt)
        removes = event.option_index == 1
        self.query_one("#confirm", DialogButton).relabel(self.remove_label if removes else self.confirm_label)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()

    def action_confirm(self) -> None:
        """Answer with what is marked."""
        removes = any(fates.highlighted == 1 for fates in self.query("#fates").results(OptionList))
        self.answer("remove" if removes else "keep")
