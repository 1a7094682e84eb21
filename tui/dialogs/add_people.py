"""AddPeople: put contacts into a group, one after the other, each found by typing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from rich.cells import cell_len, set_cell_size
from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from coterie.core.book import Book
from coterie.core.errors import CoterieError, InvalidQuery
from coterie.core.listing import Listing, Row
from coterie.core.query import narrowed, quote
from coterie.core.text import number_of, printable
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.dialogs.pick import PickFilter
from coterie.tui.widgets.dialog_list import PagedList

_MOST: Final = 100
"""How many are listed; typing finds the others."""
_CALM: Final = 0.05
_COLUMNS: Final = ("emails", "company")
_NAME_CELLS: Final = 26


class AddPeople(Dialog[int]):
    """Stays open until the user closes it; answers how many were added.

    Args:
        book: where contacts are found.
        group: the name of the group; who is in it is not listed.
        add: puts a contact, by its id, into the group; whether that was done.
    """

    CSS_PATH = [DIALOG_CSS, "pick.tcss"]  # noqa: RUF012
    gives_way = "#choices"
    AUTO_FOCUS = "#filter"
    confirm_label = "Add"

    def __init__(self, book: Book, group: str, add: Callable[[int], Awaitable[bool]]) -> None:
        super().__init__()
        self.heading = f"Add people to {group}"
        self._book = book
        self._group = group
        self._add = add
        self._added = 0
        self._rows: list[Row] = []
        self._adding = False

    def compose_body(self) -> Iterable[Widget]:
        """The field and the list."""
        with Vertical(id="picker"):
            yield PickFilter(placeholder="Type a name, an address or a company", id="filter")
            choices = PagedList(id="choices", markup=False, compact=True)
            choices.can_focus = False
            yield choices

    def compose_buttons(self) -> Iterable[Widget]:
        """Adding leaves the dialog open; closing it takes nothing back."""
        yield DialogButton(self.confirm_label, "confirm", main=True, id="confirm")
        yield DialogButton("Close", "cancel", key="esc", id="cancel")

    def on_mount(self) -> None:
        """List the first."""
        self._find("")

    @on(Input.Changed)
    def _on_typed(self, event: Input.Changed) -> None:
        if event.value:  # it is emptied after each who was added, and that is still to be read
            self.say("")
        self._find(event.value.strip())

    @work(group="find", exclusive=True, exit_on_error=False)
    async def _find(self, typed: str) -> None:
        await asyncio.sleep(_CALM if typed else 0)
        listing = Listing(query=narrowed(typed, [f"-group:={quote(self._group)}"]))
        try:
            rows = await self._book.lists.rows(listing, 0, _MOST, _COLUMNS)
        except InvalidQuery as problem:
            self.say(problem)
            return
        self._show(rows)

    def _show(self, rows: list[Row]) -> None:
        if not self.is_open:
            return
        self._rows = rows
        choices = self.query_one("#choices", OptionList)
        choices.clear_options()
        choices.add_options(Option(_line(row)) for row in rows)
        choices.highlighted = 0 if rows else None

    def action_move(self, by: int) -> None:
        """Go up or down in the list."""
        choices = self.query_one("#choices", OptionList)
        if self._rows:
            choices.highlighted = max(0, min(len(self._rows) - 1, (choices.highlighted or 0) + by))

    @on(OptionList.OptionSelected)
    def _on_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_confirm()

    def action_confirm(self) -> None:
        """Add who is marked; the field is free for the next."""
        at = self.query_one("#choices", OptionList).highlighted
        if at is None or at >= len(self._rows):
            self.say("Nobody else is found: those in the group are not listed.")
        elif not self._adding:
            self._adding = True
            self._put_in(self._rows[at])

    @work(group="add", exit_on_error=False)
    async def _put_in(self, row: Row) -> None:
        try:
            self._added += await self._add(row.id)
        except CoterieError as error:
            self.say(error)
            return
        finally:
            self._adding = False
        self.query_one("#filter", Input).value = ""
        self._find("")
        self.say(f"Added {printable(row.name)}; {number_of(self._added, 'contact')} so far.", error=False)

    def action_cancel(self) -> None:
        """Close; who was added stays."""
        self.answer(self._added)


def _line(row: Row) -> Content:
    name = printable(row.name)
    if cell_len(name) > _NAME_CELLS:
        name = set_cell_size(name, _NAME_CELLS - 1) + "…"
    rest = "  ".join(printable(row.values[key]) for key in _COLUMNS if row.values[key])
    return Content.assemble(set_cell_size(name, _NAME_CELLS + 2), (rest, "dim"))
