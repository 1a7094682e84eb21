"""BookAsItWas: the list at a moment of the past. It can be looked at, and contacts can be put back as they were."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar, Final

from rich.cells import set_cell_size
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from coterie.core.errors import CoterieError, InvalidQuery
from coterie.core.fields import FIELDS, NOTED
from coterie.core.fields.differences import differences
from coterie.core.model import Contact
from coterie.core.store.journal.as_of import PastBook, PastListing
from coterie.core.text import number_of, printable
from coterie.tui.called_rows import CalledRows
from coterie.tui.dialogs.dialog import DIALOG_CSS, Dialog, DialogButton
from coterie.tui.glyphs import Glyphs
from coterie.tui.widgets import matches
from coterie.tui.widgets.contact_table import ContactTable
from coterie.tui.widgets.dialog_list import DialogList
from coterie.tui.widgets.modal import KeyLine, Modal
from coterie.tui.widgets.search_bar import SearchBar

PutBack = Callable[[Contact, Contact | None], Awaitable[str]]
"""Makes a contact of now what it was then; says what it did."""
Called = Callable[[str], str]
_FIELD_CELLS: Final = 14
_EVERYBODY: Final = PastListing()
_CHANGED: Final = PastListing(changed_only=True)


class _PastTable(ContactTable):
    """The table; its keys belong to what lies over the screen."""

    KEYS_ARE_COMMANDS = False


class PastContact(Dialog[bool]):
    """A contact as it was, and where it differs from now. Answers whether it is to be put back.

    Args:
        name: what lists called it.
        then, now: the contact; without `now` it was deleted forever.
    """

    CSS_PATH = [DIALOG_CSS, "history.tcss"]  # noqa: RUF012
    gives_way = "#traces"
    most_lines = 16
    AUTO_FOCUS = "#traces"
    confirm_label = "Put back"
    cancel_label = "Close"

    def __init__(self, name: str, then: Contact, now: Contact | None) -> None:
        super().__init__()
        self.heading = f"{name}, as it was"
        self._then, self._now = then, now
        self._differs = now is not None and (now.deleted_at is not None or bool(_differing(then, now)))

    def compose_body(self) -> Iterable[Widget]:
        """A line for each value, those that differ with what they are now."""
        yield DialogList(*self._lines(), id="traces", markup=False, compact=True)

    def _lines(self) -> Iterable[Option]:
        differing = _differing(self._then, self._now) if self._now else {}
        if self._now is not None and self._now.deleted_at is not None:
            yield Option(Content.styled("It is in the Bin now; put back, it is restored.", "italic"))
        for key, spec in FIELDS.items():
            text = " ".join(spec.read(self._then).split())
            if key in NOTED or not (text or key in differing):
                continue
            now = f"   now: {printable(differing[key] or '(nothing)')}" if key in differing else ""
            label = set_cell_size(spec.label, _FIELD_CELLS)
            yield Option(Content.assemble((label, "dim"), printable(text) or "(nothing)", (now, "bold")))

    def compose_buttons(self) -> Iterable[Widget]:
        """Put back, if something differs, and close."""
        if self._differs:
            yield DialogButton(self.confirm_label, "confirm", main=True, id="confirm")
        yield DialogButton(self.cancel_label, "cancel", key="esc", id="cancel")

    def action_confirm(self) -> None:
        """Put back."""
        if self._differs:
            self.answer(True)
        else:
            self.answer(None)


def _differing(then: Contact, now: Contact) -> dict[str, str]:
    """The fields that differ, with what they say now."""
    return {difference.key: " ".join(difference.new.split()) for difference in differences(then, now)}


class BookAsItWas(Modal[None]):
    """The list of a moment in the past over the whole screen; nothing can be changed in it.

    Args:
        past: the book as it was.
        when: the moment in words, as in “the book at 2026-11-24 14:05”.
        columns: the keys of the fields to show.
        glyphs: the signs to draw with.
        put_back: makes a contact of now what it was.
        called: calls accounts in a text as people call them.
    """

    CSS_PATH = "book_as_it_was.tcss"
    AUTO_FOCUS = "ContactTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "show", tooltip="Show this contact as it was, and where it differs from now."),
        Binding("p", "put_back", "put back", tooltip="Make this contact what it was then."),
        Binding("slash", "search", "search", key_display="/", tooltip="Search these contacts for words."),
        Binding("c", "only_changed", "changed only", tooltip="Show only who differs from now, or everybody again."),
        Binding("j", "move(1)", "move", key_display="j k", tooltip="Move down and up."),
        Binding("down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("g,home", "first", show=False),
        Binding("G,end", "last", show=False),
        Binding("l,right", "column(1)", show=False),
        Binding("h,left", "column(-1)", show=False),
        Binding("ctrl+d", "page(0.5)", show=False),
        Binding("ctrl+u", "page(-0.5)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("escape", "end_search", "end search", key_display="esc", tooltip="Show everybody again."),
        Binding("escape", "close", "back to now", key_display="esc", tooltip="Go back to the book as it is now."),
        Binding("q", "leave", show=False),
    ]
    heading = "The book as it was"

    def __init__(
        self, past: PastBook, when: str, columns: Sequence[str], glyphs: Glyphs, put_back: PutBack, called: Called = str
    ) -> None:
        super().__init__()
        self._past = past
        self._when = when
        self._columns = tuple(columns)
        self._put_back = put_back
        self._table = _PastTable(CalledRows(past, called), glyphs)
        self._search = SearchBar()
        self._listing = _EVERYBODY

    def compose(self) -> ComposeResult:
        """What moment it is, the search, the table, what was done, the keys."""
        yield Static(printable(f" The past, read only: the book {self._when}"), id="moment")
        yield self._search
        yield Static("", id="difference", markup=False)
        yield self._table
        yield Static("", id="done", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show everybody."""
        self._show(_EVERYBODY)

    @work(group="show", exclusive=True)
    async def _show(self, listing: PastListing) -> None:
        try:
            count = await self._past.count(listing)
        except InvalidQuery as problem:
            self._search.problem(problem.title, problem.span)
            self._say(problem.hint)
            return
        except CoterieError as error:
            self._say(str(error))
            return
        self._listing = listing
        self._search.problem("")
        self._say("")
        self._table.empty = Content("Nobody is found." if listing.query else "Nobody is here.")
        await self._table.show(listing, self._columns)
        differing = await self._past.count(_CHANGED)
        words = [
            number_of(await self._past.count(_EVERYBODY)),
            f"{differing:,} of them {'differs' if differing == 1 else 'differ'} from now",
        ]
        if self._past.added:
            words.append(f"{number_of(self._past.added)} of now not there yet")
        self.query_one("#difference", Static).update(f" {', '.join(words)}{_shown(listing, count)}")

    def action_move(self, by: int) -> None:
        """Down or up."""
        self._table.move(by)

    def action_page(self, by: float) -> None:
        """By pages."""
        self._table.page(by)

    def action_first(self) -> None:
        """To the first row."""
        self._table.first()

    def action_last(self) -> None:
        """To the last row."""
        self._table.last()

    def action_column(self, by: int) -> None:
        """To the next column."""
        self._table.move_column(by)

    def action_only_changed(self) -> None:
        """Show only who differs from now, or everybody again."""
        self._show(replace(self._listing, changed_only=not self._listing.changed_only))

    # Searching -------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Esc ends a search before it leaves the past."""
        if action in {"end_search", "close"}:
            return (action == "end_search") == self._is_searching
        return not (action == "search" and self._is_searching and self._search.editing)

    @property
    def _is_searching(self) -> bool:
        return self._search.is_mounted and bool(self._search.text or self._search.editing)

    def action_search(self) -> None:
        """Type what to search for."""
        self._search.edit()

    def action_end_search(self) -> None:
        """Show everybody again."""
        self._search.text = ""
        self._to_list()

    @on(SearchBar.Changed)
    def _typed(self, message: SearchBar.Changed) -> None:
        message.stop()
        self._table.mark(())
        self.show_keys()
        self._show(replace(self._listing, query=message.query.strip()))

    @on(SearchBar.Submitted)
    @on(SearchBar.NothingToComplete)
    def _to_list(self) -> None:
        """Go back to the list, with what was found marked."""
        self._table.focus()
        with suppress(InvalidQuery):
            self._table.mark(matches.of(self._search.text))

    # One contact -----------------------------------------------------------------------------------------------

    @work(group="past", exclusive=True)
    async def action_open(self) -> None:
        """Show the contact under the cursor as it was."""
        row = self._table.row
        if row is None:
            return
        try:
            then, now = await self._past.contact(row.id)
        except CoterieError as error:
            self._say(str(error))
            return
        if await self.app.push_screen_wait(PastContact(row.name, then, now)):
            self._say(await self._put_back(then, now))

    @work(group="past", exclusive=True)
    async def action_put_back(self) -> None:
        """Make the contact under the cursor what it was then."""
        row = self._table.row
        if row is None:
            return
        try:
            self._say(await self._put_back(*await self._past.contact(row.id)))
        except CoterieError as error:
            self._say(str(error))

    def _say(self, words: str) -> None:
        for line in self.query("#done").results(Static):
            line.update(printable(f" {words}"))

    def action_close(self) -> None:
        """Back to the book as it is now."""
        self.answer(None)

    def action_leave(self) -> None:
        """The same, whatever is searched for."""
        self.action_close()


def _shown(listing: PastListing, count: int) -> str:
    """What of the book is shown, if not all of it."""
    parts = [f"{count:,} found"] if listing.query else []
    if listing.changed_only:
        parts.append("only those that differ are shown")
    return f"  ({', '.join(parts)})" if parts else ""
