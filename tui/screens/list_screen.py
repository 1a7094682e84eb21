"""ListScreen: a list with title, sidebar, search, status and keys around it. Contacts and groups share it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input

from coterie.core.book import Book
from coterie.core.errors import CoterieError
from coterie.core.model import Group
from coterie.tui import notices
from coterie.tui.actions.command import Command, Place, Situation
from coterie.tui.actions.exchange import import_from
from coterie.tui.actions.finding import open_query
from coterie.tui.actions.groups import open_group
from coterie.tui.actions.moving import Movable
from coterie.tui.commands import COMMANDS
from coterie.tui.drafts import Held
from coterie.tui.files import IMPORTABLE, typed_path
from coterie.tui.screens.base import CommandScreen
from coterie.tui.screens.figures import MINUTE, Figures
from coterie.tui.screens.measures import is_low, sidebar_width
from coterie.tui.screens.searching import SearchCounts, Typing
from coterie.tui.state import State
from coterie.tui.terminal.textual_private import is_closing
from coterie.tui.widgets.key_footer import KeyFooter
from coterie.tui.widgets.search_bar import SearchBar
from coterie.tui.widgets.sidebar import Sidebar
from coterie.tui.widgets.status_bar import StatusBar
from coterie.tui.widgets.title_bar import TitleBar

if TYPE_CHECKING:
    from coterie.tui.widgets.contact_table import ContactTable
    from coterie.tui.widgets.group_list import GroupList

PATIENCE = 0.2
"""Seconds for which a new screen waits for its first rows; then it is shown without."""


class ListScreen(CommandScreen):
    """The chrome of a list, and what every list has: searching, the sidebar, going back.

    Attributes:
        figures: what the sidebar says.
        query_text: what is searched for.
    """

    CSS_PATH = "list_screen.tcss"

    def __init__(self, book: Book, state: State) -> None:
        super().__init__(book, state)
        self.figures = Figures(self)
        self.query_text = ""
        self.search_counts = SearchCounts(self)
        self.typing = Typing(self)

    def compose(self) -> ComposeResult:
        """Title, sidebar, search, the list, status and keys."""
        yield TitleBar()
        with Horizontal(id="middle"):
            yield Sidebar(self.state.glyphs)
            with Vertical(id="list"):
                yield SearchBar(self.completions, self.searched_before)
                yield from self.compose_list()
            yield from self.compose_beside()
        yield StatusBar()
        yield KeyFooter()

    # What a list says of itself --------------------------------------------------------------------------------

    @abstractmethod
    def compose_list(self) -> Iterable[Widget]:
        """What stands below the search line."""

    def compose_beside(self) -> Iterable[Widget]:
        """What stands on the right of the list."""
        return ()

    @property
    @abstractmethod
    def body(self) -> ContactTable | GroupList:
        """The widget of the list, which has the focus."""

    @property
    @abstractmethod
    def size_words(self) -> str:
        """How many rows there are, in words."""

    @property
    @abstractmethod
    def sidebar_place(self) -> str | int:
        """What the sidebar marks as open: the id of a command or of a group."""

    @abstractmethod
    async def load(self) -> None:
        """Show the list for the first time."""

    @abstractmethod
    async def reload_rows(self) -> None:
        """The book changed: show the list as it is now."""

    @abstractmethod
    async def search(self, query: str) -> None:
        """Show what `query` finds, or say beside the field why it cannot be read."""

    @property
    def heading(self) -> str:
        """The title of the list."""
        return self.title_words

    # Where the keys act ----------------------------------------------------------------------------------------

    @property
    def sidebar(self) -> Sidebar:
        """The sidebar."""
        return self.query_one(Sidebar)

    @property
    def search_bar(self) -> SearchBar:
        """The search line."""
        return self.query_one(SearchBar)

    @property
    def where(self) -> Place:
        """The sidebar while it has the focus, or the saved search under its cursor; else the list."""
        if not self.in_sidebar:
            return self.place
        return Place.SAVED if self.sidebar.search else Place.SIDEBAR

    @property
    def in_sidebar(self) -> bool:
        """Whether the sidebar has the focus."""
        return isinstance(self.focused, Sidebar)

    @property
    def key_place(self) -> Place:
        """The search field while one types in it."""
        return Place.SEARCH if isinstance(self.focused, Input) else self.where

    def situation(self) -> Situation:
        """The moment; in the sidebar, a row is a group."""
        typing = self.key_place is Place.SEARCH
        now = replace(super().situation(), searching=bool(self.query_text) and not typing, typing=typing)
        return replace(now, row=self.sidebar.group is not None) if self.in_sidebar else now

    @property
    def group_under_cursor(self) -> Group | None:
        """The group that commands for groups act on: the sidebar's, while it has the focus."""
        return self.sidebar.group if self.in_sidebar else None

    def not_here(self, command: Command) -> str:
        """The command is for the list while the sidebar has the focus, or for what the sidebar shows."""
        if self.place not in command.places:
            return f"“{command.label}” acts on the sidebar; {self.key('sidebar')} leads there."
        return f"“{command.label}” acts on the list; {self.key('sidebar')} leads back there."

    def to_list(self) -> None:
        """Give the list the focus, at once: the next key acts there."""
        self.set_focus(self.body)

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """Focus a widget, as in Textual, and name its keys in the same frame."""
        super().set_focus(widget, scroll_visible, from_app_focus)
        if not is_closing(self):
            self._cursor_moved()

    @on(Sidebar.Highlighted)
    def _cursor_moved(self) -> None:
        self._show_title()
        self.refresh_footer()

    def command_clicked(self, command_id: str) -> None:
        """A bar may offer what acts on the list while the sidebar has the focus."""
        if self.where not in COMMANDS[command_id].places:
            self.to_list()
        self.action_command(command_id)

    # Showing ---------------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Show the first rows before anything else is asked of the book."""
        self.to_list()
        self.refresh_bars()
        held = ExitStack()
        held.enter_context(self.app.batch_update())
        self.set_timer(PATIENCE, held.close)
        self.set_interval(MINUTE, self.figures.time_passes)
        self._open(held)

    @work(group="open", exit_on_error=False)
    async def _open(self, held: ExitStack) -> None:
        """Load the list. Drawing is `held` until the first rows are here, so that they are in the first frame."""
        try:
            with held:
                await self.load()
            self.refresh()
            await self._refresh_figures()
        except CoterieError as error:
            notices.show(self.app, error)

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        self.refresh_bars()
        self.show_said()
        self.search_counts.begin()

    @on(events.ScreenSuspend)
    def _suspended(self) -> None:
        self.search_counts.stop()

    def book_changed(self) -> None:
        """What is shown is out of date."""
        self.search_counts.stop()
        super().book_changed()

    async def reload(self) -> None:
        """Show the list and the sidebar's figures as they are now."""
        await self.reload_rows()
        await self._refresh_figures()

    async def _refresh_figures(self) -> None:
        await self.figures.refresh()
        self.search_counts.begin()

    def sync_moved(self) -> None:
        """A sync has begun, gone on or ended."""
        super().sync_moved()
        if self.is_mounted and self.state.syncing and not self.state.syncing.words:
            self.figures.time_passes()

    def refresh_bars(self) -> None:
        """Show title, sidebar and footer as they are now."""
        if not self.is_mounted:
            return
        self._show_title()
        self.figures.show()
        self.refresh_footer()

    def _show_title(self) -> None:
        glyphs = self.state.glyphs
        buttons = (("new", 2, f"{glyphs.new} New contact"), ("more", 1, f"{glyphs.more} More"))
        entries = [self.entry(*button) for button in buttons if self.place in COMMANDS[button[0]].places]
        self.query_one(TitleBar).tell(self.heading, self.size_words, tuple(entries))

    def on_resize(self, event: events.Resize) -> None:
        """Give the list the room: no sidebar on a narrow terminal, a wider one on a wide one."""
        sidebar = self.query_one(Sidebar)
        width = sidebar_width(event.size.width)
        sidebar.display = width > 0
        if not width and self.in_sidebar:
            self.to_list()
        sidebar.styles.width = width
        self.set_class(is_low(event.size.height), "-low")
        self.call_after_refresh(self.refresh_bars)

    def held(self) -> Held | None:
        """The search, for `tui.keeping`."""
        return self.typing.held() if self.is_mounted else None

    # Searching -------------------------------------------------------------------------------------------------

    @on(SearchBar.Changed)
    def _search_changed(self, event: SearchBar.Changed) -> None:
        event.stop()
        self.typing.search(event.query.strip())

    def action_command(self, command_id: str) -> None:
        """Carry out a command on what was searched for, not on what was there before the search."""
        self.give_way()
        if self.typing.has_settled or command_id in {"search", "back"}:
            super().action_command(command_id)
        else:
            self.later(self._when_settled(command_id), command_id)

    def give_way(self) -> None:
        """Let what the user waits for have the database before what is only counted."""
        self.search_counts.give_way()

    async def _when_settled(self, command_id: str) -> None:
        await self.typing.settle()
        super().action_command(command_id)

    @on(SearchBar.Submitted)
    def _typing_ended(self) -> None:
        self.to_list()

    def back(self) -> Awaitable[object] | None:
        """End the search, else uncheck all, else leave the screen if there is one beneath."""
        if self.in_sidebar:
            if not self.sidebar.end_filter():
                self.to_list()
        elif not self.typing.end() and not self.uncheck() and len(self.app.screen_stack) > 1:
            return self._leave()
        return None

    async def completions(self, text: str) -> Sequence[str]:
        """What a search could become."""
        return ()

    def searched_before(self) -> Sequence[str]:
        """The searches of before, the latest first."""
        return ()

    @on(SearchBar.NothingToComplete)
    def _nothing_to_complete(self) -> None:
        self.action_command("sidebar")

    def uncheck(self) -> bool:
        """Uncheck all; whether anything was checked."""
        return False

    async def _leave(self) -> None:
        if self.is_active:
            await self.app.pop_screen()

    @property
    def mover(self) -> Movable:
        """The sidebar while it has the focus; else the list."""
        return self.sidebar if self.in_sidebar else self.body

    def show_place(self) -> None:
        """Show in the status bar where the cursor is, in the same frame as the cursor itself."""

    @property
    def parts(self) -> list[Widget]:
        """What can have the focus, in the order in which tab goes there."""
        return [self.body, *([self.sidebar] if self.sidebar.display else ())]

    def to_part(self, by: int) -> None:
        """Give another part of the screen the focus; from the search field, the sidebar."""
        parts = self.parts
        at = parts.index(self.focused) + by if self.focused in parts else -1
        self.set_focus(parts[at % len(parts)])

    # What commands act on --------------------------------------------------------------------------------------

    @property
    def groups_meant(self) -> list[Group]:
        """The group under the cursor."""
        return [group for group in (self.group_under_cursor,) if group]

    @property
    def marked_value(self) -> None:
        """A list has no cursor on a single value."""

    async def go_to_group(self, name: str) -> None:
        """Put the cursor on a group, if this list shows groups."""

    @on(events.Paste)
    def _dropped(self, event: events.Paste) -> None:
        """A file that is dropped onto the terminal arrives as its path: offer to import it."""
        path = typed_path(event.text)
        if "\n" not in path and any(path.lower().endswith(ending) for ending in IMPORTABLE):
            event.stop()
            self.later(import_from(self, event.text.strip()))

    @on(Sidebar.Chosen)
    def _sidebar_chosen(self, event: Sidebar.Chosen) -> None:
        event.stop()
        self.to_list()
        if event.command:
            self.action_command(event.command)
        elif event.group:
            self.later(open_group(self, event.group))
        elif event.search:
            self.later(open_query(self, event.search.query))
        elif event.query:
            self.later(open_query(self, event.query))

    async def show_accounts(self) -> None:
        """Open Sync contacts over the list."""
        from coterie.tui.screens.sync import Sync

        await self.app.push_screen(Sync(self.book, self.state))

    async def look_for(self, query: str) -> None:
        """Put a search into the search line and show what it finds."""
        self.search_bar.text = query
        if query != self.query_text:
            await self.search(query)
