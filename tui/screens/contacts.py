"""ContactsScreen: a list of contacts with everything around it. The views All contacts, Favorites, a group's members
and the Bin differ only in what they list and in which commands apply.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import replace

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from core.book import Book
from core.checks import Checks
from core.errors import CoterieError, InvalidQuery
from core.fields import FIELDS
from core.listing import Counts, Listing, Row, View
from core.model import Group
from tui import notices
from tui.commands import COMMANDS, Situation, commands_in
from tui.messages import BookChanged
from tui.plans import number_of
from tui.screens.base import CommandScreen
from tui.state import State
from tui.widgets.contact_table import ContactTable
from tui.widgets.empty_page import EmptyPage
from tui.widgets.key_footer import KeyFooter
from tui.widgets.search_bar import SearchBar
from tui.widgets.selection_bar import SelectionBar
from tui.widgets.sidebar import Sidebar
from tui.widgets.status_bar import StatusBar
from tui.widgets.title_bar import TitleBar

DEBOUNCE = 0.06
"""Seconds to wait for the next letter before a search starts."""


class ContactList(CommandScreen):
    """The list itself: what it shows, searching, moving, the counts around it. `ContactsScreen` adds what it can do."""

    CSS_PATH = "contacts.tcss"
    view: View = View.ALL

    def __init__(self, book: Book, state: State, group: Group | None = None) -> None:
        super().__init__(book, state)
        self.group = group
        arrangement = state.arrangement(self.view)
        self.columns = arrangement.columns
        self.listing = Listing(self.view, group.id if group else None, sort=arrangement.sort)
        self.counts = Counts()
        self.groups: Sequence[Group] = ()
        self.table = ContactTable(book, state.glyphs)
        self._stale = False

    def compose(self) -> ComposeResult:
        """Title, sidebar, search, selection, table, status and keys."""
        yield TitleBar()
        with Horizontal(id="middle"):
            yield Sidebar(self.state.glyphs)
            with Vertical(id="list"):
                yield SearchBar()
                yield SelectionBar()
                yield self.table
                yield EmptyPage()
        yield StatusBar()
        yield KeyFooter()

    # What is shown ---------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Show the first rows before anything else is asked of the book."""
        self.table.focus()
        self.refresh_bars()
        self._open()

    @work(group="open", exit_on_error=False)
    async def _open(self) -> None:
        await self.show(self.listing)
        await self._refresh_counts()

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        self.table.checks = self.checks
        self.refresh_bars()
        self.show_said()
        if self._stale:
            self._reload()

    @on(BookChanged)
    def _book_changed(self) -> None:
        self._stale = True
        if self.app.screen is self or self in self.app.screen_stack:
            self._reload()

    @work(group="reload", exit_on_error=False)
    async def _reload(self) -> None:
        """Fetch again after a change; several changes at once are fetched once."""
        if not self._stale:
            return
        self._stale = False
        try:
            await self._forget_gone()
            await self.table.reload()
            await self._refresh_counts()
        except CoterieError as error:
            notices.show(self.app, error)

    async def _forget_gone(self) -> None:
        """Uncheck what no longer is where it was checked: deleted, restored or purged meanwhile."""
        whole = Listing(View.BIN if self.view is View.BIN else View.ALL)
        if self.checks and await self.book.hidden(self.checks, whole):
            self.checks &= await self.book.ids(whole)

    async def show(self, listing: Listing, keep: int | None = None) -> None:
        """Show `listing`. A search that cannot be read is explained beside its field, and the list stays as it is."""
        try:
            await self.table.show(listing, self.columns, keep)
        except InvalidQuery as problem:
            self.query_one(SearchBar).problem(str(problem))
            return
        self.listing = listing
        self.query_one(SearchBar).problem("")
        self.refresh_bars()
        self._count_hidden()

    async def _refresh_counts(self) -> None:
        self.counts = await self.book.counts()
        self.groups = await self.book.groups()
        self.refresh_bars()
        self._count_hidden()

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
        self.refresh_bars()
        self._count_hidden()

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.table.row if self.table.total else None

    @property
    def selected(self) -> Checks:
        """What a command acts on: what is checked, else the contact under the cursor."""
        if self.checks:
            return self.checks
        return Checks.of([self.row.id]) if self.row else Checks()

    @property
    def selected_name(self) -> str:
        """The name of the contact that a command acts on, where it is the one under the cursor."""
        row = self.row
        if row and (not self.checks or (len(self.checks) == 1 and row.id in self.checks)):
            return row.name
        return ""

    def situation(self) -> Situation:
        """The moment, for the reasons why a command cannot be used."""
        return replace(super().situation(), checked=len(self.checks), row=self.row is not None)

    # The bars around the list ----------------------------------------------------------------------------------

    @property
    def heading(self) -> str:
        """The title of the list."""
        return self.group.name if self.group else self.title_words

    def refresh_bars(self) -> None:
        """Show title, sidebar, footer and the empty page as they are now."""
        if not self.is_mounted:
            return
        total = self.table.total
        found = f"{total:,} found" if self.listing.query and total is not None else ""
        size = number_of(total) if total is not None else "…"
        buttons = [self.entry(name, rank, COMMANDS[name].label) for name, rank in (("more", 1), ("new", 2))]
        buttons = [entry for entry in reversed(buttons) if self.place in COMMANDS[entry.command].places]
        self.query_one(TitleBar).tell(self.heading, found or size, tuple(buttons))
        self.query_one(Sidebar).tell(self.counts, self.groups, self.sidebar_place)
        self.refresh_footer()
        empty = self.query_one(EmptyPage)
        nothing = total == 0
        if nothing:
            empty.tell(self.empty_lines())
        empty.set_class(nothing, "-shown")
        self.table.display = not nothing
        self._place()

    @property
    def sidebar_place(self) -> str | int:
        """What the sidebar marks as open."""
        return self.group.id if self.group else f"show_{self.view.value}"

    def empty_lines(self) -> list[tuple[str, str] | str]:
        """What to say where the list is empty."""
        return [f"Nothing matches “{self.listing.query}”.", "", ("esc", "clears the search")]

    @work(group="hidden", exclusive=True, exit_on_error=False)
    async def _count_hidden(self) -> None:
        checks = self.checks
        hidden = await self.book.hidden(checks, self.listing) if checks else 0
        now = [command for command in commands_in(self.place) if command.bar]
        entries = [self.entry(command.id, command.bar) for command in now]
        self.query_one(SelectionBar).tell(len(checks), hidden, entries)
        self.refresh_footer()

    def _place(self) -> None:
        field = self.listing.sort.field
        label = FIELDS[field].label if field in FIELDS else "Deleted"
        glyphs = self.state.glyphs
        arrow = glyphs.descending if self.listing.sort.descending else glyphs.ascending
        self.query_one(StatusBar).place(self.table.position, self.table.total, f"{label} {arrow}")

    @on(ContactTable.Highlighted)
    def _highlighted(self) -> None:
        self._place()

    def on_resize(self, event: events.Resize) -> None:
        """Give the list the room: no sidebar on a narrow terminal, a wider one on a wide one."""
        self.query_one(Sidebar).display = event.size.width >= 60
        self.query_one(Sidebar).styles.width = 26 if event.size.width >= 110 else 21

    # Searching -------------------------------------------------------------------------------------------------

    def action_search(self) -> None:
        """Go into the search field."""
        self.query_one(SearchBar).edit()

    @on(SearchBar.Changed)
    def _search_changed(self, event: SearchBar.Changed) -> None:
        event.stop()
        self._search(event.query)

    @work(group="search", exclusive=True, exit_on_error=False)
    async def _search(self, query: str) -> None:
        await asyncio.sleep(DEBOUNCE)
        if query.strip() == self.listing.query:
            self.query_one(SearchBar).problem("")
            return
        row = self.row
        try:
            await self.show(self.listing.searching(query.strip()), row.id if row and not query.strip() else None)
        except CoterieError as error:
            notices.show(self.app, error)

    @on(SearchBar.Submitted)
    def _search_submitted(self) -> None:
        self.table.focus()

    def end_search(self) -> bool:
        """Clear the search; whether there was one."""
        bar = self.query_one(SearchBar)
        was_editing = bar.editing
        if was_editing:
            self.table.focus()
        if bar.text or self.listing.query:
            bar.text = ""
            return True
        return was_editing

    def action_back(self) -> Awaitable[object] | None:
        """End the search, else uncheck all, else leave the screen where there is one beneath."""
        if self.query_one(Sidebar).has_focus:
            self.table.focus()
        elif self.end_search():
            pass
        elif self.checks:
            self.checks = Checks()
            self.say("Nothing is checked any more.")
        elif len(self.app.screen_stack) > 1:
            return self._leave()
        return None

    async def _leave(self) -> None:
        if self.is_current:
            await self.app.pop_screen()

    # Moving ----------------------------------------------------------------------------------------------------

    @property
    def _mover(self) -> ContactTable | Sidebar:
        sidebar = self.query_one(Sidebar)
        return sidebar if sidebar.has_focus else self.table

    def action_down(self) -> None:
        """Down."""
        self._mover.move(1)

    def action_up(self) -> None:
        """Up."""
        self._mover.move(-1)

    def action_first(self) -> None:
        """To the first row."""
        self._mover.first()

    def action_last(self) -> None:
        """To the last row."""
        self._mover.last()

    def action_page_down(self) -> None:
        """A page down."""
        self._mover.page(1)

    def action_page_up(self) -> None:
        """A page up."""
        self._mover.page(-1)

    def action_half_page_down(self) -> None:
        """Half a page down."""
        self._mover.page(0.5)

    def action_half_page_up(self) -> None:
        """Half a page up."""
        self._mover.page(-0.5)

    def action_column_left(self) -> None:
        """To the column on the left."""
        self.table.move_column(-1)

    def action_column_right(self) -> None:
        """To the column on the right."""
        self.table.move_column(1)

    def action_sidebar(self) -> None:
        """To the sidebar and back."""
        sidebar = self.query_one(Sidebar)
        if sidebar.has_focus or not sidebar.display:
            self.table.focus()
        else:
            sidebar.focus()

    @on(Sidebar.Chosen)
    def _sidebar_chosen(self, event: Sidebar.Chosen) -> None:
        event.stop()
        self.table.focus()
        if event.command:
            self.action_command(event.command)
        elif event.group:
            self.app.run_worker(self._guarded(self.open_group(event.group)), group="commands", exit_on_error=False)
