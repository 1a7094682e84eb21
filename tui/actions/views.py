"""The views, and the parts of a list's screen: the list, the inspector and the sidebar."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final, Protocol

from textual.screen import ModalScreen

from coterie.tui.actions.command import BESIDE, EVERYWHERE, IN_SIDEBAR, LISTS, Command, Place, Section
from coterie.tui.actions.context import Context, Listed

MODES: Final = {"show_all": "contacts", "show_favorites": "favorites", "show_groups": "groups", "show_bin": "bin"}
"""The views: by command, the name of Textual's mode."""
STEP: Final = 4
"""Columns by which the inspector becomes wider or narrower."""


class Parted(Listed, Protocol):
    """A screen of several parts."""

    def to_part(self, by: int) -> None:
        """Give the next part (-1: the one before) the focus."""


class InspectorBeside(Protocol):
    """The inspector on the right of a list."""

    def toggle(self) -> None:
        """Show or hide it, here and the next time."""

    def widen(self, by: int) -> None:
        """Give it so many columns more; show it if it is hidden."""


class Inspecting(Context, Protocol):
    """A list with an inspector."""

    @property
    def inspecting(self) -> InspectorBeside:
        """The inspector."""


async def show_view(here: Context, command_id: str) -> None:
    """Show one of the views, without what was left open in it; the list of groups also from inside one of them."""
    app = here.app
    await app.switch_mode(MODES[command_id])
    while len(app.screen_stack) > 1 and not isinstance(app.screen, ModalScreen):
        await app.pop_screen()


def show_all(here: Context) -> Awaitable[None]:
    """Show all contacts."""
    return show_view(here, "show_all")


def show_favorites(here: Context) -> Awaitable[None]:
    """Show the favorites."""
    return show_view(here, "show_favorites")


def show_groups(here: Context) -> Awaitable[None]:
    """Show the list of groups."""
    return show_view(here, "show_groups")


def show_bin(here: Context) -> Awaitable[None]:
    """Show the Bin."""
    return show_view(here, "show_bin")


async def show_found(here: Context, query: str) -> None:
    """Show what a search finds among all contacts, as if it was typed."""
    from coterie.tui.widgets.search_bar import SearchBar

    await show_view(here, "show_all")
    here.app.screen.query_one(SearchBar).text = query


async def sync(here: Listed) -> None:
    """Show the connected accounts."""
    await here.show_accounts()


def sidebar(here: Parted) -> None:
    """From the list to the inspector, to the sidebar, and back to the list."""
    here.to_part(1)


def part_before(here: Parted) -> None:
    """The same, the other way round."""
    here.to_part(-1)


def inspector(here: Inspecting) -> None:
    """Show or hide the inspector, here and the next time."""
    here.inspecting.toggle()


def inspector_wider(here: Inspecting) -> None:
    """Make the inspector wider."""
    here.inspecting.widen(STEP)


def inspector_narrower(here: Inspecting) -> None:
    """Make the inspector narrower."""
    here.inspecting.widen(-STEP)


def choose(here: Listed) -> None:
    """Open what is under the sidebar's cursor."""
    here.sidebar.choose()


COMMANDS: Final[tuple[Command, ...]] = (
    Command("show_all", show_all, ("1",), "All contacts", "Show all contacts.", Section.VIEWS, EVERYWHERE),
    Command("show_favorites", show_favorites, ("2",), "Favorites", "Show the contacts that have a star.", Section.VIEWS,
            EVERYWHERE),
    Command("show_groups", show_groups, ("3",), "Groups", "Show the groups.", Section.VIEWS, EVERYWHERE),
    Command("show_bin", show_bin, ("4",), "Bin", "Show deleted contacts, which can be restored.", Section.VIEWS,
            EVERYWHERE),
    Command("sync", sync, ("s",), "Sync contacts", "Show the connected accounts.", Section.VIEWS, LISTS, menu=True),
    Command("sidebar", sidebar, ("tab",), "To the sidebar and back",
            "Move between the list, the inspector and the sidebar.", Section.VIEWS, LISTS | BESIDE,
            footer={Place.SIDEBAR: 6, Place.SAVED: 6}, short="list"),
    Command("part_before", part_before, ("shift+tab",), "To the part before",
            "Move between the list, the inspector and the sidebar, backwards.", Section.VIEWS,
            LISTS | BESIDE),
    Command("inspector", inspector, ("I",), "Show or hide the inspector",
            "Show the contact under the cursor beside the list, or hide it; it needs 110 columns.", Section.VIEWS,
            BESIDE, short="inspector", menu=True),
    Command("inspector_wider", inspector_wider, ("<",), "Wider inspector", "Make the inspector wider.",
            Section.VIEWS, BESIDE),
    Command("inspector_narrower", inspector_narrower, (">",), "Narrower inspector", "Make the inspector narrower.",
            Section.VIEWS, BESIDE),
    Command("choose", choose, ("enter",), "Open", "Open what is under the cursor of the sidebar.", Section.VIEWS,
            IN_SIDEBAR, footer={Place.SIDEBAR: 1, Place.SAVED: 1}, short="open"),
)  # fmt: skip
