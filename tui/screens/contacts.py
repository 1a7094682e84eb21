"""ContactList: a list of contacts. Views and groups differ only in what they list and in which commands apply."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.content import Content
from textual.widget import Widget

from coterie.core.book import Book
from coterie.core.checks import Checks
from coterie.core.errors import InvalidQuery
from coterie.core.fields import FIELDS
from coterie.core.listing import Listing, Row, Sort, View
from coterie.core.model import Contact, Group
from coterie.core.query.saved import written
from coterie.core.text import number_of
from coterie.tui import notices
from coterie.tui.actions.bulk import turn_star
from coterie.tui.actions.command import Command, Place, Situation
from coterie.tui.actions.context import Beside
from coterie.tui.actions.editing import open_contact
from coterie.tui.actions.exchange import exportables_of
from coterie.tui.actions.finding import sort_by
from coterie.tui.actions.moving import Movable
from coterie.tui.actions.transform import transform
from coterie.tui.called_rows import CalledRows
from coterie.tui.memory import Arrangement
from coterie.tui.palette import BookCommands, VerbCommands
from coterie.tui.screens import empty
from coterie.tui.screens.faceting import Faceting
from coterie.tui.screens.inspecting import Inspecting
from coterie.tui.screens.list_screen import ListScreen
from coterie.tui.screens.search_line import SearchLine
from coterie.tui.screens.selecting import Selection
from coterie.tui.state import State
from coterie.tui.target import Target
from coterie.tui.widgets.contact_table import ContactTable
from coterie.tui.widgets.facets import FacetPanel
from coterie.tui.widgets.inspector import Inspector
from coterie.tui.widgets.search_bar import SearchBar
from coterie.tui.widgets.selection_bar import SelectionBar
from coterie.tui.widgets.sidebar_lines import place_query
from coterie.tui.widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from coterie.tui.dialogs.export_contacts import Exportable


class ContactList(ListScreen):
    """What is listed and how: the view, the search, the order, the columns, the checks.

    Args:
        group: whose members, for `View.GROUP`.
    """

    COMMANDS = {BookCommands, VerbCommands}  # noqa: RUF012 - Textual's way
    view: View = View.ALL

    def __init__(self, book: Book, state: State, group: Group | None = None) -> None:
        super().__init__(book, state)
        self.group = group
        arrangement = state.memory.arrangement(self.view)
        self.columns = arrangement.columns
        self.listing = Listing(self.view, group.id if group else None, sort=arrangement.sort)
        rows = CalledRows(book.lists, state.called, partial(state.learn_accounts, book))
        self.table = ContactTable(rows, state.glyphs)
        self.table.shown = self._shown
        self.selection = Selection(self)
        self.search_line = SearchLine(self)
        self.faceting = Faceting(self)
        self.inspecting = Inspecting(self)
        self._rowless = True
        self._deleted: int | None = None

    def compose_list(self) -> Iterable[Widget]:
        """The facets, the selection bar and the table."""
        yield self.faceting.panel
        yield SelectionBar()
        yield self.table

    def compose_beside(self) -> Iterable[Widget]:
        """The inspector."""
        yield self.inspecting.pane

    @property
    def body(self) -> ContactTable:
        """The table."""
        return self.table

    @property
    def fetching(self) -> bool:
        """Whether the row under the cursor is still on its way: the next key waits for it."""
        return self.table.fetching or self.inspecting.fetching

    # Where the keys act ----------------------------------------------------------------------------------------

    @property
    def where(self) -> Place:
        """The facets or the inspector while they have the focus."""
        if self.faceting.has_focus:
            return Place.FACETS
        return Place.INSPECTOR if self.inspecting.has_focus else super().where

    @property
    def mover(self) -> Movable:
        """The same, as what the moving keys move."""
        if self.faceting.has_focus:
            return self.faceting.panel
        return self.inspector if self.inspecting.has_focus else super().mover

    @property
    def inspector(self) -> Inspector:
        """What shows the values of the contact under the cursor."""
        return self.inspecting.pane

    @property
    def parts(self) -> list[Widget]:
        """The inspector comes between the list and the sidebar."""
        body, *others = super().parts
        return [body, *([self.inspector] if self.inspecting.can_take_focus else ()), *others]

    def not_here(self, command: Command) -> str:
        """The command is for the list while something beside it has the focus."""
        if self.faceting.has_focus:
            return f"“{command.label}” acts on the list; {self.key('facets')} closes the facets."
        if self.inspecting.has_focus:
            return f"“{command.label}” acts on the list; {self.key('back')} leads back there."
        return super().not_here(command)

    def move_column(self, by: int) -> None:
        """Move the cursor to another column."""
        (self.faceting if self.faceting.has_focus else self.table).move_column(by)

    def back(self) -> Awaitable[object] | None:
        """Out of the facets or the inspector, else as from any list."""
        if self.faceting.has_focus:
            self.faceting.close()
        elif self.inspecting.has_focus:
            self.to_list()
        else:
            return super().back()
        return None

    def give_way(self) -> None:
        """Let what the user waits for have the database before what is only counted."""
        super().give_way()
        self.faceting.give_way()

    def on_resize(self, event: events.Resize) -> None:
        """Give the inspector its room."""
        self.inspecting.make_room(event.size.width)

    @on(FacetPanel.Chosen)
    def _facet_chosen(self) -> None:
        self.action_command("narrow")

    @on(SearchBar.Changed)
    def _search_typed(self) -> None:
        self.faceting.stop()  # what is searched for comes first

    # What is shown ---------------------------------------------------------------------------------------------

    async def load(self) -> None:
        """Show the first rows."""
        self.table.checks = self.checks
        await self.show(self.listing)

    async def reload_rows(self) -> None:
        """The book changed: uncheck what is gone, and fetch again."""
        whole = Listing(View.BIN if self.view is View.BIN else View.ALL)
        if self.checks and await self.book.lists.hidden(self.checks, whole):
            self.checks &= await self.book.lists.ids(whole)
        await self.table.reload()
        self.selection.show()

    async def show(self, listing: Listing, keep: int | None = None) -> None:
        """Show `listing` with the cursor on the contact `keep`. Raises InvalidQuery; the list then stays as it is."""
        await self.table.show(listing, self.columns, keep)
        self.listing = listing
        self.query_text = listing.query
        self.search_line.mark()
        self.refresh_bars()
        self.selection.show()

    async def search(self, query: str) -> None:
        """Show what `query` finds; what is wrong with it is said beside the field."""
        row = self.row
        self.table.marks = ()
        try:
            await self.show(self.listing.searching(query), row.id if row and not query else None)
        except InvalidQuery as problem:
            self.search_line.show_problem(problem)

    async def completions(self, text: str) -> Sequence[str]:
        """What a search could become."""
        return await self.search_line.completions(text)

    def searched_before(self) -> Sequence[str]:
        """The searches of before, the latest first."""
        return self.search_line.before()

    @on(SearchBar.Submitted)
    def _submitted(self) -> None:
        self.search_line.submitted()

    @property
    def query_to_save(self) -> str:
        """What is searched for here, as it finds the same in All contacts."""
        return self.search_line.to_save

    async def rearrange(self, columns: Sequence[str], sort: Sort) -> None:
        """Show these columns in this order from now on, here and the next time this view is opened."""
        self.columns = tuple(columns)
        self.state.memory.arrange(self.view, Arrangement(sort, self.columns))
        row = self.row
        await self.show(replace(self.listing, sort=sort), row.id if row else None)

    @on(ContactTable.HeaderClicked)
    def _header_clicked(self, event: ContactTable.HeaderClicked) -> None:
        self.later(sort_by(self, event.field))

    # What is checked and what commands act on ------------------------------------------------------------------

    @property
    def checks(self) -> Checks:
        """What is checked among the contacts of this kind of list."""
        return self.selection.checks

    @checks.setter
    def checks(self, checks: Checks) -> None:
        self.selection.checks = checks

    def uncheck(self) -> bool:
        """Uncheck all; whether anything was checked."""
        return self.selection.uncheck()

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.table.row if self.table.total != 0 else None

    async def looked_at(self) -> Target:
        """What a command acts on that changes nothing: what is checked, shown here or not, else the row."""
        return await self.selection.looked_at()

    async def target(self, command_id: str) -> Target | None:
        """What a command changes: what is checked, else the row. What is not shown here is never changed unasked."""
        return await self.selection.target(command_id)

    def situation(self) -> Situation:
        """The moment, for the reasons why a command cannot be used."""
        listed = self.view is View.BIN and self.row is not None  # known earlier than the counts
        now = replace(super().situation(), binned=max(self.figures.counts.bin, listed))
        if self.in_sidebar:
            return now
        row = self.faceting.panel.facet if self.faceting.has_focus else self.row
        return replace(now, checked=len(self.checks), row=row is not None)

    @on(ContactTable.ChecksChanged)
    def _checks_changed(self, event: ContactTable.ChecksChanged) -> None:
        if event.checks is not self.checks:
            self.checks = event.checks

    @property
    def new_joins(self) -> tuple[str, ...]:
        """In a group's list, or with the sidebar's cursor on a group, a new contact joins it."""
        group = self.group_under_cursor if self.in_sidebar else self.group
        return (group.name,) if group else ()

    async def go_to(self, contact_id: int) -> None:
        """Put the cursor on a contact, if the list shows it."""
        await self.table.go_to(contact_id)

    def drop(self, selection: Checks) -> None:
        """These are not checked any more: they have moved elsewhere."""
        self.checks -= selection

    async def after_delete(self, selection: Checks) -> None:
        """Remember a single contact that was deleted."""
        self._deleted = next(iter(selection)) if len(selection) == 1 else None

    async def after_undo(self) -> None:
        """A single contact that is restored from the Bin gets the cursor."""
        if self._deleted is not None:
            await self.go_to(self._deleted)

    async def show_details(self, contact: Contact, beside: Beside) -> None:
        """Show everything about a contact."""
        from coterie.tui.screens.details import Details

        await self.app.push_screen(Details(self.book, self.state, contact, beside))

    async def exportables(self) -> tuple[list[Exportable], list[Exportable]]:
        """What is checked and what is listed; the contact under the cursor."""
        return await exportables_of(self)

    def transform_with(self, line: str) -> None:
        """Ask for a transform that begins with this line."""
        self.later(transform(self, line), "transform")

    @on(ContactTable.Activated)
    def _activated(self, event: ContactTable.Activated) -> None:
        self.later(open_contact(self, event.row.id))

    @on(ContactTable.StarClicked)
    def _star_clicked(self, event: ContactTable.StarClicked) -> None:
        self.later(turn_star(self, event.row))

    # The bars around the list ----------------------------------------------------------------------------------

    @property
    def heading(self) -> str:
        """The title of the list."""
        return self.group.name if self.group else self.title_words

    @property
    def size_words(self) -> str:
        """How many contacts are shown."""
        if (total := self.table.total) is None:
            return "…"
        return f"{total:,} found" if self.query_text else number_of(total)

    @property
    def sidebar_place(self) -> str | int:
        """What the sidebar marks as open."""
        if self.view is View.ALL and self.query_text:
            if any(place_query(source) == self.query_text for source in self.figures.places):
                return self.query_text
            names = (search.name for search in self.figures.searches if search.query == self.query_text)
            if name := next(names, ""):
                return written(name)
        return self.group.id if self.group else f"show_{self.view.value}"

    def refresh_bars(self) -> None:
        """Show everything around the list as it is now."""
        super().refresh_bars()
        if self.is_mounted:
            self.table.chosen = {group.name: group.color for group in self.figures.groups if group.color}
            if self.table.total == 0:
                self.table.empty = self.empty_text()
            self.show_place()

    def empty_text(self) -> Content:
        """What to say if the list is empty."""
        elsewhere = self.search_line.elsewhere
        lines = empty.nothing_found(self.query_text, elsewhere) if self.query_text else self.empty_lines()
        return empty.page(lines, self.keymap, max(self.table.size.width - 4, 20))

    def empty_lines(self) -> empty.Lines:
        """What to say if the list is empty although nothing is searched for."""
        return empty.NOTHING_HERE

    def show_place(self) -> None:
        """Show in the status bar where the cursor is, and the order: with the rows, if they are on their way."""
        if self.table.waiting:
            return
        sort = self.listing.sort
        label = FIELDS[sort.field].label if sort.field in FIELDS else "Deleted"
        arrow = self.state.glyphs.descending if sort.descending else self.state.glyphs.ascending
        self.query_one(StatusBar).place(self.table.position, self.table.total, f"{label} {arrow}")
        if self.table.in_range:
            size, key = self.table.range_size, self.key("check_range")
            self.say(f"Go to the other end of the range and press {key} ({number_of(size)}).")

    def _shown(self) -> None:
        if not self.is_mounted:
            return
        self.show_place()
        self.inspecting.follow()
        if (self.table.row is None) != self._rowless:
            self._rowless = not self._rowless
            self.refresh_footer()

    @on(ContactTable.Counted)
    def _counted(self) -> None:
        self.refresh_bars()
        self.faceting.list_changed()
        if self.table.total == 0 and self.query_text and self.view is not View.ALL:
            self.search_line.look_elsewhere()

    def action_command(self, command_id: str) -> None:
        """Enter on an empty list opens what All contacts has instead."""
        if command_id == "open" and self.row is None and self.search_line.elsewhere:
            command_id = "search_all"
        super().action_command(command_id)

    @on(ContactTable.Failed)
    def _failed(self, event: ContactTable.Failed) -> None:
        notices.show(self.app, event.error)

    @on(events.ScreenResume)
    def _checks_from_elsewhere(self) -> None:
        if self.table.checks != self.checks:
            self.table.checks = self.checks
            self.selection.show()
