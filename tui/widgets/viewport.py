"""Where the cursor is in a long list, and which part of the list is seen: numbers only, no drawing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Viewport:
    """A cursor and a scroll offset that keep each other company: the cursor is always on a line that is seen.

    Attributes:
        position: the cursor's place in the list, counted from 0.
        top: the first place that is seen.
        page: how many places are seen at once.
        length: how long the list is.
        forward: whether the last move went down.
    """

    position: int = 0
    top: int = 0
    page: int = 1
    length: int = 0
    forward: bool = True

    def settle(self) -> None:
        """Bring cursor and offset back into the list, scrolling as little as possible."""
        self.position = max(0, min(self.position, self.length - 1))
        self.top = max(0, min(self.top, self.length - self.page))
        self.top = max(self.position - self.page + 1, min(self.top, self.position))

    def move_to(self, position: int) -> None:
        """Put the cursor on `position`, or as near as there are places."""
        self.forward = position >= self.position
        self.position = position
        self.settle()

    def turn(self, pages: float) -> None:
        """Move the cursor and what is seen by `pages` pages (up if negative), by one place at least."""
        places = round(self.page * pages) or (1 if pages > 0 else -1)
        self.top += places
        self.move_to(self.position + places)

    def scroll_to(self, top: int) -> None:
        """Show the list from `top` on; the cursor comes along if it would go out of sight."""
        self.top = max(0, min(top, self.length - self.page))
        self.move_to(max(self.top, min(self.position, self.top + self.page - 1)))

    @property
    def scrolls(self) -> bool:
        """Whether there is more than is seen."""
        return self.length > self.page

    def is_thumb(self, line: int) -> bool:
        """Whether the thumb of a scroll bar as long as the page covers `line`, counted from 0."""
        size = max(1, self.page * self.page // self.length)
        start = round(self.top / (self.length - self.page) * (self.page - size))
        return start <= line < start + size

    def drag_to(self, line: int) -> None:
        """Show the part of the list to which `line` of the scroll bar points."""
        part = max(0.0, min(1.0, line / max(1, self.page - 1)))
        self.scroll_to(round(part * (self.length - self.page)))
