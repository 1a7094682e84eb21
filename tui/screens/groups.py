"""Groups: the list of groups with their sizes, and what can be done with a group as a whole."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget

from core.book import Book
from core.listing import Listing, View
from core.model import Group
from core.text import fold
from tui import plans
from tui.commands import Place, Situation, bindings_in
from tui.plans import number_of
from tui.screens import empty
from tui.screens.editing import EditingOne
from tui.screens.grouping import free_name
from tui.screens.list_screen import ListScreen
from tui.screens.writing import WritingCommands
from tui.state import State
from tui.widgets.group_list import GroupList
from tui.widgets.status_bar import StatusBar

if TYPE_CHECKING:
    from tui.dialogs.export_contacts import Exportable


class Groups(ListScreen, EditingOne, WritingCommands):
    """All groups, also the empty ones; enter opens the members."""

    BINDINGS = bindings_in(Place.GROUPS)
    place = Place.GROUPS
    title_words = "Groups"

    def __init__(self, book: Book, state: State) -> None:
        super().__init__(book, state)
        self.list = GroupList(state.glyphs)

    def compose_list(self) -> Iterable[Widget]:
        """The list."""
        yield self.list

    @property
    def body(self) -> GroupList:
        """The list."""
        return self.list

    @property
    def movable(self) -> GroupList:
        """The list."""
        return self.list

    @property
    def size_words(self) -> str:
        """How many groups there are."""
        return f"{self.list.total:,} found" if self.query_text else number_of(self.list.total, "group")

    @property
    def sidebar_place(self) -> str:
        """The view."""
        return "show_groups"

    @property
    def group(self) -> Group | None:
        """The group under the cursor."""
        return self.list.group

    def situation(self) -> Situation:
        """The moment, for the reasons why a command cannot be used."""
        return replace(super().situation(), row=self.group is not None)

    async def load(self) -> None:
        """Show the groups."""
        await self.reload()

    async def reload(self) -> None:
        """Show the groups as they are now."""
        self.groups = await self.book.groups()
        self._show(self.group.id if self.group else None)

    async def search(self, query: str) -> None:
        """Show the groups whose name contains all words of `query`."""
        self.query_text = query
        self._show(self.group.id if self.group and not query else None)

    def _show(self, keep: int | None) -> None:
        words = fold(self.query_text).split()
        shown = [group for group in self.groups if all(word in fold(group.name) for word in words)]
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
        self.later(self.open_group(event.group))

    # Commands --------------------------------------------------------------------------------------------------

    async def action_open_group(self) -> None:
        """Show the members."""
        if not self.choose_in_sidebar() and self.group:
            await self.open_group(self.group)

    def action_new(self) -> Awaitable[object]:
        """Ask for a new contact."""
        return self.add_one()

    async def action_create_group(self) -> None:
        """Ask for a name and create an empty group."""
        from tui.dialogs.prompt import Prompt

        prompt = Prompt(
            "Create a group", "Name of the group", yes="Create group", check=partial(free_name, self.groups)
        )
        if name := await self.app.push_screen_wait(prompt):
            await self.carry_out(plans.create_group(name))
            self.groups = await self.book.groups()
            self._show(next((group.id for group in self.groups if group.name == name), None))

    async def action_rename_group(self) -> None:
        """Ask for another name."""
        from tui.dialogs.prompt import Prompt

        group = self.group
        if group is None:
            return
        title = f"Rename the group {group.name}"
        prompt = Prompt(
            title, "New name", group.name, yes="Rename", check=partial(free_name, self.groups, but=group.id)
        )
        name = await self.app.push_screen_wait(prompt)
        if name and name != group.name:
            await self.carry_out(plans.rename_group(group, name))

    async def action_delete_group(self) -> None:
        """Delete the group; its members stay. It can be undone, so only a group with members asks."""
        from tui.dialogs.confirm import Confirm

        group = self.group
        if group is None:
            return
        title = f"Delete the group {group.name}?"
        members = "Its only member stays" if group.size == 1 else f"Its {group.size:,} members stay"
        stay = f"{members} in your contacts."
        if group.size and not await self.app.push_screen_wait(Confirm(title, stay, yes="Delete group")):
            return
        await self.carry_out(plans.delete_group(group))

    async def action_copy(self) -> None:
        """Copy the addresses of all members."""
        if self.group:
            await self.copy_addresses(Listing(View.GROUP, self.group.id))

    async def action_write_to(self) -> None:
        """Show the addresses of all members, ready for To or Bcc."""
        if self.group:
            await self.write_to(Listing(View.GROUP, self.group.id), self.group.name)

    async def exportables(self) -> list[Exportable]:
        """The group under the cursor, then everything."""
        from tui.dialogs.export_contacts import Exportable

        choices = await super().exportables()
        if group := self.group:
            listing = Listing(View.GROUP, group.id)
            choices.insert(0, Exportable(f"the group {group.name}", listing, group.size, fold(group.name)))
        return choices
