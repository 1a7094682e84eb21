"""ContactList: a list of contacts. All contacts, Favorites, a group's members and the Bin differ only in what they list
and in which commands apply.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from textual import events, on, work
from textual.content import Content
from textual.widget import Widget

from coterie.core.book import Book
from coterie.core.checks import Checks
from coterie.core.errors import CoterieError, InvalidQuery
from coterie.core.fields import FIELDS
from coterie.core.listing import Listing, Row, Sort, View
from coterie.core.model import Group
from coterie.core.query import narrowed, quote
from coterie.core.query.saved import written
from coterie.core.text import number_of
from coterie.tui import notices
from coterie.tui.commands import COMMANDS, Situation, commands_in
from coterie.tui.memory import Arrangement
from coterie.tui.screens import empty
from coterie.tui.screens.list_screen import ListScreen
from coterie.tui.screens.searching import CALM
from coterie.tui.state import State
from coterie.tui.target import Target
from coterie.tui.widgets import matches
from coterie.tui.widgets.command_bar import Entry
from coterie.tui.widgets.contact_table import ContactTable
from coterie.tui.widgets.search_bar import SearchBar
from coterie.tui.widgets.selection_bar import SelectionBar
from coterie.tui.widgets.sidebar_lines import place_query
from coterie.tui.widgets.status_bar import StatusBar

BEFORE: Final = "searches"
"""What the searches of before are remembered under."""
KEPT: Final = 50
"""So many of them are."""


class ContactList(ListScreen):
    """What is listed and how: the view, the search, the order, the columns, the checks.

    Args:
        group: whose members, for `View.GROUP`.
    """

    view: View = View.ALL

    def __init__(self, book: Book, state: State, group: Group | None = None) -> None:
        super().__init__(book, state)
        self.group = group
        arrangement = state.memory.arrangement(self.view)
        self.columns = arrangement.columns
        self.listing = Listing(self.view, group.id if group else None, sort=arrangement.sort)
        self.table = ContactTable(book.lists, state.glyphs)
        self.table.shown = self._shown
        self._rowless = True
        self._hidden = 0
        self._elsewhere: dict[str, int] = {}
        self._bar_entries: list[Entry] = []

    def compose_list(self) -> Iterable[Widget]:
        """The selection bar and the table."""
        yield SelectionBar()
        yield self.table

    @property
    def body(self) -> ContactTable:
        """The table."""
        return self.table

    @property
    def movable(self) -> ContactTable:
        """The table."""
        return self.table

    @property
    def fetching(self) -> bool:
        """Whether the row under the cursor is still on its way: the next key waits for it."""
        return self.table.fetching

    # What is shown ---------------------------------------------------------------------------------------------

    async def load(self) -> None:
        """Show the first rows."""
        self.table.checks = self.checks
        await self.show(self.listing)

    async def reload(self) -> None:
        """The book changed: uncheck what is gone, and fetch again."""
        whole = Listing(View.BIN if self.view is View.BIN else View.ALL)
        if self.checks and await self.book.lists.hidden(self.checks, whole):
            self.checks &= await self.book.lists.ids(whole)
        await self.table.reload()
        self._count_hidden()

    async def show(self, listing: Listing, keep: int | None = None) -> None:
        """Show `listing` with the cursor on the contact `keep`. Raises InvalidQuery; the list then stays as it is."""
        await self.table.show(listing, self.columns, keep)
        self.listing = listing
        self.query_text = listing.query
        self._mark_matches()
        self.refresh_bars()
        self._count_hidden()

    async def search(self, query: str) -> None:
        """Show what `query` finds; what is wrong with it is said beside the field."""
        row = self.row
        self.table.marks = ()
        try:
            await self.show(self.listing.searching(query), row.id if row and not query else None)
        except InvalidQuery as problem:
            self.query_one(SearchBar).problem(problem.title, problem.span)
            self.say(problem.hint)

    @work(group="marks", exclusive=True, exit_on_error=False)
    async def _mark_matches(self) -> None:
        """Mark in the rows what the search found, once the typing rests: no letter costs more bytes for it."""
        await asyncio.sleep(CALM if self.query_one(SearchBar).editing else 0)
        with suppress(InvalidQuery):
            self.table.mark(matches.of(self.query_text))

    async def completions(self, text: str) -> Sequence[str]:
        """What a search could become, in the words of the book."""
        try:
            return await self.book.lists.completions(text)
        except CoterieError:  # the list itself says what is wrong with the book
            return ()

    def searched_before(self) -> Sequence[str]:
        """The searches that ended with enter, the latest first."""
        kept = self.state.memory.recall(BEFORE)
        return [text for text in kept if isinstance(text, str)] if isinstance(kept, list) else []

    @on(SearchBar.Submitted)
    @work(group="submitted", exclusive=True, exit_on_error=False)
    async def _submitted(self) -> None:
        """Keep the search for the next time; say what of it is not finished, and so finds nothing."""
        bar = self.query_one(SearchBar)
        if not (query := bar.text.strip()):
            return
        try:
            await self.book.searches.check(query)
        except InvalidQuery as problem:
            bar.problem(problem.title, problem.span)
            self.say(problem.hint)
        else:
            self._mark_matches()
            before = [one for one in self.searched_before() if one != query]
            self.state.memory.remember(BEFORE, [query, *before][:KEPT])

    @property
    def query_to_save(self) -> str:
        """What is searched for here, as it finds the same in All contacts."""
        match self.view:
            case View.FAVORITES:
                terms = ["is:favorite"]
            case View.BIN:
                terms = ["in:bin"]
            case View.GROUP if self.group:
                terms = [f"group:={quote(self.group.name)}"]
            case _:
                terms = []
        return narrowed(self.query_text, terms)

    async def rearrange(self, columns: Sequence[str], sort: Sort) -> None:
        """Show these columns in this order from now on, here and the next time this view is opened."""
        self.columns = tuple(columns)
        self.state.memory.arrange(self.view, Arrangement(sort, self.columns))
        row = self.row
        await self.show(replace(self.listing, sort=sort), row.id if row else None)

    async def action_arrange(self) -> None:
        """Choose the sort order and the columns of this view."""
        from coterie.tui.dialogs.columns import ColumnsDialog

        sorts = [("deleted_at", "Deleted")] if self.view is View.BIN else []
        chosen = await self.app.push_screen_wait(ColumnsDialog(self.columns, self.listing.sort, sorts))
        if chosen:
            await self.rearrange(*chosen)

    @on(ContactTable.HeaderClicked)
    def _header_clicked(self, event: ContactTable.HeaderClicked) -> None:
        sort = self.listing.sort
        field = "deleted_at" if event.field in {"days_left", "deleted_by"} else event.field
        if field == "deleted_at" or (field in FIELDS and FIELDS[field].sortable):
            self.later(self.rearrange(self.columns, Sort(field, sort.field == field and not sort.descending)))
        else:
            self.say("The list cannot be sorted by this column.")

    # Checks and the selection ----------------------------------------------------------------------------------

    @property
    def checks(self) -> Checks:
        """What is checked among the contacts of this kind of list."""
        return self.state.bin_checks if self.view is View.BIN else self.state.checks

    @checks.setter
    def checks(self, checks: Checks) -> None:
        if self.view is View.BIN:
            self.state.bin_checks = checks
        else:
            self.state.checks = checks
        if self.table.checks != checks:
            self.table.checks = checks
        self._count_hidden()

    def uncheck(self) -> bool:
        """Uncheck all; a range that is being marked ends first."""
        if self.table.in_range:
            self.table.cancel_range()
            return True
        if not self.checks:
            return False
        self.checks = Checks()
        return True

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.table.row if self.table.total != 0 else None

    @property
    def _row_target(self) -> Target | None:
        return Target(Checks.of([self.row.id]), self.row.name) if self.row else None

    async def looked_at(self) -> Target:
        """What a command acts on that changes nothing: what is checked, shown here or not, else the row."""
        row, checks = self._row_target, self.checks
        if not checks:
            return row or Target(checks)
        hidden = await self.book.lists.hidden(checks, self.listing)
        return Target(checks, row.name if row and row.selection == checks else "", hidden)

    async def target(self, command_id: str) -> Target | None:
        """What a command changes: what is checked, else the row. What is not shown here is never changed unasked."""
        found = await self.looked_at()
        if not found.hidden:
            return found if found.selection else None
        from coterie.tui.dialogs.not_shown import NotShown

        shown = Target(found.selection & await self.book.lists.ids(self.listing))
        verb = COMMANDS[command_id].label
        return await self.app.push_screen_wait(NotShown(verb, found, shown, self._row_target))

    def situation(self) -> Situation:
        """The moment, for the reasons why a command cannot be used."""
        listed = self.view is View.BIN and self.row is not None  # known earlier than the counts
        now = replace(super().situation(), binned=max(self.counts.bin, listed))
        if self.in_sidebar:
            return now
        return replace(now, checked=len(self.checks), row=self.row is not None)

    def _count_hidden(self) -> None:
        """Show what is checked, and how much of it this list does not show; until that is known, the last figure."""
        whole = self.listing.view in {View.ALL, View.BIN} and not self.listing.query
        if whole or not self.checks:
            self._hidden = 0
        else:
            self._ask_hidden()
        self._show_checked()
        self.refresh_footer()

    @work(group="hidden", exclusive=True, exit_on_error=False)
    async def _ask_hidden(self) -> None:
        checks, listing = self.checks, self.listing
        hidden = await self.book.lists.hidden(checks, listing)
        if hidden != self._hidden and checks is self.checks and listing == self.listing:
            self._hidden = hidden
            self._show_checked()

    def _show_checked(self) -> None:
        if self.checks and not self._bar_entries:
            self._bar_entries = [self.entry(one.id, one.bar) for one in commands_in(self.place) if one.bar]
            self._bar_entries.append(self.entry("more", rank=0))  # what finds no room in the bar is there
        hidden = self._hidden if self.checks else 0
        self.query_one(SelectionBar).tell(len(self.checks), hidden, self._bar_entries)

    # The bars around the list ----------------------------------------------------------------------------------

    @property
    def heading(self) -> str:
        """The title of the list."""
        return self.group.name if self.group else self.title_words

    @property
    def size_words(self) -> str:
        """How many contacts are shown."""
        total = self.table.total
        if total is None:
            return "…"
        return f"{total:,} found" if self.query_text else number_of(total)

    @property
    def sidebar_place(self) -> str | int:
        """What the sidebar marks as open."""
        if self.view is View.ALL and self.query_text:
            if any(place_query(one) == self.query_text for one in self.places):
                return self.query_text
            names = (one.name for one in self.searches if one.query == self.query_text)
            if name := next(names, ""):
                return written(name)
        return self.group.id if self.group else f"show_{self.view.value}"

    def refresh_bars(self) -> None:
        """Show everything around the list as it is now."""
        super().refresh_bars()
        if self.is_mounted:
            self.table.chosen = {group.name: group.color for group in self.groups if group.color}
            if self.table.total == 0:
                self.table.empty = self.empty_text()
            self.show_place()

    def empty_text(self) -> Content:
        """What to say where the list is empty."""
        elsewhere = self._elsewhere.get(self.query_text, 0)
        lines = empty.nothing_found(self.query_text, elsewhere) if self.query_text else self.empty_lines()
        return empty.page(lines, self.keymap, max(self.table.size.width - 4, 20))

    def empty_lines(self) -> empty.Lines:
        """What to say where the list is empty although nothing is searched for."""
        return empty.NOTHING_HERE

    def show_place(self) -> None:
        """Show in the status bar where the cursor is, and the order: with the rows, where they are on their way."""
        if self.table.waiting:
            return
        sort = self.listing.sort
        label = FIELDS[sort.field].label if sort.field in FIELDS else "Deleted"
        arrow = self.state.glyphs.descending if sort.descending else self.state.glyphs.ascending
        self.query_one(StatusBar).place(self.table.position, self.table.total, f"{label} {arrow}")
        if self.table.in_range:
            size, key = self.table.range_size, self.key("check_range")
            self.say(f"Go to the other end of the range and press {key} ({number_of(size)}).")

    def row_shown(self) -> None:
        """The row under the cursor has been drawn, perhaps another one than before."""

    def _shown(self) -> None:
        if not self.is_mounted:
            return
        self.show_place()
        self.row_shown()
        if (self.table.row is None) != self._rowless:
            self._rowless = not self._rowless
            self.refresh_footer()

    @on(ContactTable.Counted)
    def _counted(self) -> None:
        self.refresh_bars()
        if self.table.total == 0 and self.query_text and self.view is not View.ALL:
            self._look_elsewhere()

    # All contacts, where this list has none ---------------------------------------------------------------------

    @work(group="elsewhere", exclusive=True, exit_on_error=False)
    async def _look_elsewhere(self) -> None:
        """Count what the search finds in All contacts."""
        query = self.query_text
        with suppress(CoterieError):
            self._elsewhere = {query: await self.book.lists.count(Listing(query=query))}
            self.refresh_bars()

    async def action_search_all(self) -> None:
        """Look for the same in All contacts."""
        query = self.query_text
        await self.action_show_all()
        if isinstance(screen := self.app.screen, ListScreen):
            await screen.look_for(query)

    def action_command(self, command_id: str) -> None:
        """Enter on an empty list opens what All contacts has instead."""
        if command_id == "open" and self.row is None and self._elsewhere.get(self.query_text):
            command_id = "search_all"
        super().action_command(command_id)

    @on(ContactTable.Failed)
    def _failed(self, event: ContactTable.Failed) -> None:
        notices.show(self.app, event.error)

    @on(events.ScreenResume)
    def _checks_from_elsewhere(self) -> None:
        if self.table.checks != self.checks:
            self.table.checks = self.checks
            self._count_hidden()

    # Columns ---------------------------------------------------------------------------------------------------

    def action_column_left(self) -> None:
        """To the column on the left."""
        self.table.move_column(-1)

    def action_column_right(self) -> None:
        """To the column on the right."""
        self.table.move_column(1)
