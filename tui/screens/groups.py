"""Groups: the list of groups with their sizes, and what can be done with a group as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on, work
from textual.widget import Widget

from coterie.core.book import Book
from coterie.core.checks import Checks
from coterie.core.errors import CoterieError
from coterie.core.model import Group
from coterie.core.text import fold, number_of
from coterie.tui.actions.command import Place, Situation
from coterie.tui.actions.groups import open_group
from coterie.tui.commands import bindings_in
from coterie.tui.screens import empty
from coterie.tui.screens.list_screen import ListScreen
from coterie.tui.state import State
from coterie.tui.target import Target
from coterie.tui.time_words import when_words
from coterie.tui.widgets.group_list import GroupList
from coterie.tui.widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from coterie.tui.dialogs.export_contacts import Exportable


class Groups(ListScreen):
    """All groups, also the empty ones; enter opens the members."""

    BINDINGS = bindings_in(Place.GROUPS, Place.SIDEBAR)
    place = Place.GROUPS
    title_words = "Groups"

    def __init__(self, book: Book, state: State) -> None:
        super().__init__(book, state)
        self.list = GroupList(state.glyphs)
        self.list.changed = self._changed

    def _changed(self, group: Group) -> str:
        """When and how a group was changed last."""
        if group.changed_at is None:
            return ""
        return f"Changed {when_words(group.changed_at, self.book.now())}: {group.change}"

    def compose_list(self) -> Iterable[Widget]:
        """The list."""
        yield self.list

    @property
    def body(self) -> GroupList:
        """The list."""
        return self.list

    @property
    def groups_meant(self) -> list[Group]:
        """In the list, those that are checked."""
        return super().groups_meant if self.in_sidebar else self.list.meant

    @property
    def size_words(self) -> str:
        """How many groups there are, or are checked."""
        if self.list.checked:
            return f"{len(self.list.checked):,} of {number_of(self.list.total, 'group')} checked"
        return f"{self.list.total:,} found" if self.query_text else number_of(self.list.total, "group")

    @property
    def sidebar_place(self) -> str:
        """The view."""
        return "show_groups"

    @property
    def group(self) -> Group | None:
        """The group under the cursor."""
        return self.list.group

    @property
    def group_under_cursor(self) -> Group | None:
        """The sidebar's group while that has the focus, else the list's."""
        return super().group_under_cursor if self.in_sidebar else self.group

    def situation(self) -> Situation:
        """The moment, for the reasons why a command cannot be used."""
        return replace(super().situation(), row=self.group_under_cursor is not None, checked=len(self.list.checked))

    async def load(self) -> None:
        """Show the groups."""
        await self.reload_rows()

    async def reload_rows(self) -> None:
        """Show the groups as they are now."""
        self.figures.groups = await self.book.groups.all()
        self._show(self.group.id if self.group else None)
        self._count_addressless()

    @work(group="addressless", exclusive=True, exit_on_error=False)
    async def _count_addressless(self) -> None:
        """Count the members without an address, once the list is there."""
        with suppress(CoterieError):
            self.list.addressless = await self.book.groups.addressless()
            self.list.refresh()

    async def search(self, query: str) -> None:
        """Show the groups whose name contains all words of `query`."""
        self.query_text = query
        self._show(self.group.id if self.group and not query else None)

    def _show(self, keep: int | None) -> None:
        words = fold(self.query_text).split()
        shown = [group for group in self.figures.groups if all(word in fold(group.name) for word in words)]
        lines = empty.nothing_found(self.query_text) if self.query_text else empty.NO_GROUPS
        self.list.empty = empty.page(lines, self.keymap, max(self.list.size.width - 4, 20))
        self.list.show(shown, keep)
        self.refresh_bars()

    def show_place(self) -> None:
        """Show in the status bar where the cursor is, and the order."""
        self.query_one(StatusBar).place(self.list.position, self.list.total, f"Name {self.state.glyphs.ascending}")

    @on(GroupList.Highlighted)
    def _highlighted(self) -> None:
        self.show_place()
        self.refresh_footer()

    @on(GroupList.Activated)
    def _activated(self, event: GroupList.Activated) -> None:
        self.later(open_group(self, event.group))

    # Commands --------------------------------------------------------------------------------------------------

    async def show_members(self, group: Group, query: str) -> None:
        """Show the members of a group that a search finds; esc leads back here."""
        from coterie.tui.screens.members import Members

        members = Members(self.book, self.state, group)
        await self.app.push_screen(members)
        if query:
            await members.look_for(query)

    def check_group(self) -> None:
        """Check or uncheck the group and move down."""
        self.list.check()
        self._show_checked()

    def uncheck(self) -> bool:
        """Uncheck all; whether anything was checked."""
        was = bool(self.list.checked)
        self.list.checked.clear()
        self.list.refresh()
        self._show_checked()
        return was

    def _show_checked(self) -> None:
        self.show_place()
        self.refresh_bars()

    async def go_to_group(self, name: str) -> None:
        """Put the cursor on a group."""
        self.figures.groups = await self.book.groups.all()
        self._show(next((group.id for group in self.figures.groups if group.name == name), None))

    async def target(self, command_id: str) -> Target | None:
        """In a list of groups no contacts are meant."""

    async def looked_at(self) -> Target:
        """In a list of groups no contacts are meant."""
        return Target(Checks())

    def drop(self, selection: Checks) -> None:
        """In a list of groups no contacts are checked."""

    @property
    def new_joins(self) -> tuple[str, ...]:
        """A new contact joins no group."""
        return ()

    async def go_to(self, contact_id: int) -> None:
        """A list of groups shows no contacts."""

    async def exportables(self) -> tuple[list[Exportable], list[Exportable]]:
        """Without a group under the cursor, there is only the whole book."""
        return [], []
