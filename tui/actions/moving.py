"""Moving: the cursor of a list, the page of one contact, from one contact to the next."""

from __future__ import annotations

from typing import Final, Protocol

from coterie.tui.actions.command import CONTACTS, EVERYWHERE, IN_FACETS, IN_SEARCH, ON_ONE, Command, Place, Section
from coterie.tui.actions.context import Context


class Movable(Protocol):
    """What the moving keys move: the list, or another part of the screen while it has the focus."""

    def move(self, by: int) -> None:
        """Move the cursor."""

    def page(self, by: float) -> None:
        """Move by pages."""

    def first(self) -> None:
        """To the first row."""

    def last(self) -> None:
        """To the last row."""


class Moving(Context, Protocol):
    """A screen with a cursor."""

    @property
    def mover(self) -> Movable:
        """What the moving keys move."""

    def show_place(self) -> None:
        """Show in the status bar where the cursor is, in the same frame as the cursor itself."""


class WithColumns(Context, Protocol):
    """A list whose cursor is in one of several columns."""

    def move_column(self, by: int) -> None:
        """Move the cursor to another column."""


class InOrder(Context, Protocol):
    """One contact of a list."""

    async def go(self, by: int) -> bool:
        """Show another contact of the list; whether there is one."""


def down(here: Moving) -> None:
    """Down."""
    here.mover.move(1)
    here.show_place()


def up(here: Moving) -> None:
    """Up."""
    here.mover.move(-1)
    here.show_place()


def first(here: Moving) -> None:
    """To the first row."""
    here.mover.first()
    here.show_place()


def last(here: Moving) -> None:
    """To the last row."""
    here.mover.last()
    here.show_place()


def half_page_down(here: Moving) -> None:
    """Half a page down."""
    here.mover.page(0.5)
    here.show_place()


def half_page_up(here: Moving) -> None:
    """Half a page up."""
    here.mover.page(-0.5)
    here.show_place()


def page_down(here: Moving) -> None:
    """A page down."""
    here.mover.page(1)
    here.show_place()


def page_up(here: Moving) -> None:
    """A page up."""
    here.mover.page(-1)
    here.show_place()


def column_left(here: WithColumns) -> None:
    """To the column on the left."""
    here.move_column(-1)


def column_right(here: WithColumns) -> None:
    """To the column on the right."""
    here.move_column(1)


async def next_contact(here: InOrder) -> None:
    """Show the contact below this one in the list."""
    if not await here.go(1):
        here.say("This is the last contact of the list.")


async def previous_contact(here: InOrder) -> None:
    """Show the contact above this one in the list."""
    if not await here.go(-1):
        here.say("This is the first contact of the list.")


COMMANDS: Final[tuple[Command, ...]] = (
    Command("down", down, ("j", "down"), "Down", "Move down.", Section.MOVE, EVERYWHERE | IN_SEARCH,
            footer={Place.SEARCH: 3}, short="down"),
    Command("up", up, ("k", "up"), "Up", "Move up.", Section.MOVE, EVERYWHERE | IN_SEARCH, footer={Place.SEARCH: 4},
            short="up"),
    Command("first", first, ("g", "home"), "First", "Go to the first row.", Section.MOVE, EVERYWHERE),
    Command("last", last, ("G", "end"), "Last", "Go to the last row.", Section.MOVE, EVERYWHERE),
    Command("half_page_down", half_page_down, ("ctrl+d",), "Half a page down", "Move down by half a page.",
            Section.MOVE, EVERYWHERE),
    Command("half_page_up", half_page_up, ("ctrl+u",), "Half a page up", "Move up by half a page.", Section.MOVE,
            EVERYWHERE),
    Command("page_down", page_down, ("pagedown",), "Page down", "Move down by a page.", Section.MOVE, EVERYWHERE),
    Command("page_up", page_up, ("pageup",), "Page up", "Move up by a page.", Section.MOVE, EVERYWHERE),
    Command("column_left", column_left, ("h", "left"), "Column to the left", "Go to the column on the left.",
            Section.MOVE, CONTACTS | IN_FACETS),
    Command("column_right", column_right, ("l", "right"), "Column to the right", "Go to the column on the right.",
            Section.MOVE, CONTACTS | IN_FACETS),
    Command("next_contact", next_contact, ("J",), "Next contact", "Show the next contact of the list.", Section.MOVE,
            ON_ONE, footer={Place.DETAILS: 5, Place.BINNED: 5}, short="next"),
    Command("previous_contact", previous_contact, ("K",), "Previous contact",
            "Show the contact before this one in the list.", Section.MOVE, ON_ONE,
            footer={Place.DETAILS: 5, Place.BINNED: 5}, short="previous"),
)  # fmt: skip
