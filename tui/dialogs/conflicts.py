"""ConflictsDialog: what an account and we say differently, and whose value counts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from coterie.core.errors import CoterieError
from coterie.core.fields import FIELDS
from coterie.core.model import GONE, Conflict, Contact
from coterie.core.names import Called, as_named
from coterie.core.text import number_of, printable
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.widgets.dialog_list import DialogList

Settle = Callable[[Sequence[Conflict], bool], Awaitable[object]]
"""Settles conflicts for good: theirs if the second argument is True. Raises CoterieError."""

_CELLS = 200
"""Characters of a value that are shown."""


class ConflictsDialog(Dialog[int]):
    """Answers how many conflicts were settled.

    Args:
        label: what “there” is called: the account's address.
        conflicts: what waits to be settled, at least one.
        contacts: the contacts that they are about, by id.
        settle: called as the user decides.
        called: what contacts are called.
    """

    CSS_PATH = [DIALOG_CSS, "conflicts.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#conflicts"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "confirm", "keep ours", tooltip="Keep the value of the book."),
        Binding("t", "theirs", "take theirs", tooltip="Take what the account says."),
        Binding("O", "all_ours", show=False, tooltip="Keep the values of the book, for all of them."),
        Binding("T", "all_theirs", show=False, tooltip="Take what the account says, for all of them."),
    ]

    def __init__(
        self,
        label: str,
        conflicts: Sequence[Conflict],
        contacts: Mapping[int, Contact],
        settle: Settle,
        called: Called = as_named,
    ) -> None:
        super().__init__()
        self._label = label
        self._left = list(conflicts)
        self._contacts = contacts
        self._settle = settle
        self._called = called
        self._settled = 0
        self.heading = self._heading

    @property
    def _heading(self) -> str:
        return f"{number_of(len(self._left), 'conflict')} with {self._label}"

    def compose_body(self) -> Iterable[Widget]:
        """The list, and both values of the marked one."""
        with Vertical(id="conflicts-page"):
            yield Static(
                "Both sides have changed this. Until you decide, it stays as it is here.",
                classes="note gap",
                markup=False,
            )
            yield DialogList(*map(self._line, self._left), id="conflicts", markup=False, compact=True)
            yield Static(id="values", markup=False)

    def compose_buttons(self) -> Iterable[Widget]:
        """One or all, either way."""
        yield DialogButton("Keep ours", "confirm", key="o", main=True, id="confirm")
        yield DialogButton("Take theirs", "theirs", key="t", id="theirs")
        if len(self._left) > 1:
            yield DialogButton("All ours", "all_ours", key="O", id="all-ours")
            yield DialogButton("All theirs", "all_theirs", key="T", id="all-theirs")
        yield DialogButton("Close", "cancel", key="esc", id="cancel")

    def _line(self, conflict: Conflict) -> Option:
        contact = self._contacts.get(conflict.contact_id)
        name = printable(self._called(contact) if contact else str(conflict.contact_id))
        return Option(Content.assemble(name, (f"  {field_words(conflict)}", "dim")))

    @on(OptionList.OptionHighlighted)
    def _marked(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_index < len(self._left):
            conflict = self._left[event.option_index]
            self.query_one("#values", Static).update(
                Content.assemble(
                    ("Here   ", "bold"), _shown(conflict.ours), "\n", ("There  ", "bold"), _shown(conflict.theirs)
                )
            )

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()

    @property
    def _current(self) -> list[Conflict]:
        at = self.query_one("#conflicts", OptionList).highlighted
        return [] if at is None or at >= len(self._left) else [self._left[at]]

    def action_confirm(self) -> None:
        """Keep ours, of the marked one."""
        self._decide(self._current, False)

    def action_theirs(self) -> None:
        """Take theirs, of the marked one."""
        self._decide(self._current, True)

    def action_all_ours(self) -> None:
        """Keep ours everywhere."""
        self._decide(list(self._left), False)

    def action_all_theirs(self) -> None:
        """Take theirs everywhere."""
        self._decide(list(self._left), True)

    @work(group="settle", exit_on_error=False)
    async def _decide(self, conflicts: Sequence[Conflict], theirs: bool) -> None:
        try:
            await self._settle(conflicts, theirs)
        except CoterieError as error:
            self.say(error)
            return
        self._settled += len(conflicts)
        options = self.query_one("#conflicts", OptionList)
        at = options.highlighted or 0
        for conflict in conflicts:
            if conflict in self._left:
                options.remove_option_at_index(self._left.index(conflict))
                self._left.remove(conflict)
        if not self._left:
            self.answer(self._settled)
            return
        options.highlighted = min(at, len(self._left) - 1)
        self.retitle(self._heading)

    def action_cancel(self) -> None:
        """Close; what was settled stays settled."""
        self.answer(self._settled)


def field_words(conflict: Conflict) -> str:
    """What a conflict is about: “E-mail”."""
    if conflict.field == GONE:
        return "Contact"
    spec = FIELDS.get(conflict.field)
    return printable(conflict.key if conflict.field == "custom" else spec.label if spec else conflict.field)


def _shown(value: str) -> str:
    text = printable(value) or "(nothing)"
    return text if len(text) <= _CELLS else f"{text[:_CELLS]}…"
