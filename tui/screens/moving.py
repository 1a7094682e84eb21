"""The moving keys on a screen with a cursor."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from coterie.tui.screens.base import CommandScreen


class Movable(Protocol):
    """What the moving keys move: the list, or the sidebar while it has the focus."""

    def move(self, by: int) -> None:
        """Move the cursor."""

    def page(self, by: float) -> None:
        """Move by pages."""

    def first(self) -> None:
        """To the first row."""

    def last(self) -> None:
        """To the last row."""


class MovingCommands(CommandScreen):
    """Moves the cursor of what has it."""

    @property
    @abstractmethod
    def mover(self) -> Movable:
        """What the moving keys move."""

    def show_place(self) -> None:
        """Show in the status bar where the cursor is, in the same frame as the cursor itself."""

    def action_down(self) -> None:
        """Down."""
        self.mover.move(1)
        self.show_place()

    def action_up(self) -> None:
        """Up."""
        self.mover.move(-1)
        self.show_place()

    def action_first(self) -> None:
        """To the first row."""
        self.mover.first()
        self.show_place()

    def action_last(self) -> None:
        """To the last row."""
        self.mover.last()
        self.show_place()

    def action_page_down(self) -> None:
        """A page down."""
        self.mover.page(1)
        self.show_place()

    def action_page_up(self) -> None:
        """A page up."""
        self.mover.page(-1)
        self.show_place()

    def action_half_page_down(self) -> None:
        """Half a page down."""
        self.mover.page(0.5)
        self.show_place()

    def action_half_page_up(self) -> None:
        """Half a page up."""
        self.mover.page(-0.5)
        self.show_place()
