"""The moving keys on a screen that is one page of text."""

from __future__ import annotations

from textual.containers import VerticalScroll

from coterie.tui.screens.base import CommandScreen


class ScrollingCommands(CommandScreen):
    """Scrolls the screen's only `VerticalScroll`; esc goes back to the screen beneath."""

    def _scroll(self, lines: float) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    @property
    def _page(self) -> int:
        return self.query_one(VerticalScroll).size.height

    def action_down(self) -> None:
        """Down."""
        self._scroll(1)

    def action_up(self) -> None:
        """Up."""
        self._scroll(-1)

    def action_half_page_down(self) -> None:
        """Half a page down."""
        self._scroll(self._page // 2)

    def action_half_page_up(self) -> None:
        """Half a page up."""
        self._scroll(-(self._page // 2))

    def action_page_down(self) -> None:
        """A page down."""
        self._scroll(self._page - 1)

    def action_page_up(self) -> None:
        """A page up."""
        self._scroll(1 - self._page)

    def action_first(self) -> None:
        """To the top."""
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def action_last(self) -> None:
        """To the end."""
        self.query_one(VerticalScroll).scroll_end(animate=False)

    async def action_back(self) -> None:
        """Back to the screen beneath."""
        if self.is_active:
            self.dismiss()
