"""Pages: a form in several pages, with their names on one line above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import ContentSwitcher

_GAP = "  "
_AROUND: Final = 10
"""Lines of a terminal that are not a page's: the frame of the dialog, the names of the pages, the bottom line."""


class PageNames(Widget):
    """The names of the pages; the open one stands in brackets. A click opens another."""

    DEFAULT_CSS = """
    PageNames {
        height: 1;
        margin-bottom: 1;
    }
    """
    ALLOW_SELECT = False

    index: reactive[int] = reactive(0)

    @dataclass
    class Chosen(Message):
        """Another page is wanted."""

        index: int

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._labels = list(names)

    def _width(self, places: range) -> int:
        return sum(cell_len(self._labels[place]) + 2 + len(_GAP) for place in places) - len(_GAP)

    @property
    def _shown(self) -> range:
        """Which names stand there: all, or as many whole ones around the open one as there is room for."""
        room, first, end = self.content_size.width, self.index, self.index + 1
        while first > 0 and self._width(range(first - 1, end)) <= room:
            first -= 1
        while end < len(self._labels) and self._width(range(first, end + 1)) <= room:
            end += 1
        return range(first, end)

    def render(self) -> Content:
        """The names; the open one bold and in brackets."""
        names = [(self._labels[place], place == self.index) for place in self._shown]
        return Content(_GAP).join(
            Content.styled(f"[{name}]", "bold") if is_open else Content.styled(f" {name} ", "dim")
            for name, is_open in names
        )

    def rename(self, index: int, name: str) -> None:
        """Show another name for a page."""
        self._labels[index] = name
        self.refresh(layout=True)

    def on_click(self, event: Click) -> None:
        """Open the page under the mouse."""
        event.stop()
        shown = self._shown
        for place in shown:
            if event.x < self._width(range(shown.start, place + 1)) + len(_GAP):
                self.post_message(self.Chosen(place))
                return


class _Switcher(ContentSwitcher):
    """As high as the highest of its pages, if the terminal is: the next page moves nothing around it."""

    least = 0
    """How many lines the highest page needs, if that is known before all of them are there; else 0."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The lines that all pages need, or else those of the open one."""
        own = super().get_content_height(container, viewport, width)
        heights = (page.get_content_height(container, viewport, width) for page in self.children)
        highest = self.least or max(heights, default=own)
        return max(own, min(highest, viewport.height - _AROUND))


class Pages(Vertical):
    """Shows one of several pages. The keys that turn them belong to the dialog.

    Args:
        pages: (name, content) of each page, in their order.
        highest: how many lines the highest page needs, if pages are mounted when they are first opened; else 0:
            all of them are there from the start.
    """

    DEFAULT_CSS = """
    Pages { height: auto; }
    Pages > ContentSwitcher, Pages > ContentSwitcher > Vertical { height: auto; }
    """

    def __init__(self, pages: Sequence[tuple[str, Widget]], *, highest: int = 0) -> None:
        super().__init__()
        self._highest = highest
        self._contents = [content for _, content in pages]
        for place, content in enumerate(self._contents):
            content.id = f"page-{place}"
        self._names = PageNames([name for name, _ in pages])

    def compose(self) -> ComposeResult:
        """The names and the open page."""
        yield self._names
        with _Switcher(initial="page-0") as switcher:
            switcher.least = self._highest
            yield from self._contents[:1] if self._highest else self._contents

    async def mount_all_pages(self) -> None:
        """Have all pages, also those that were not opened yet."""
        missing = [content for content in self._contents if not content.is_attached]
        for content in missing:
            content.display = False
        await self.query_one(_Switcher).mount_all(missing)

    @property
    def index(self) -> int:
        """Which page is open."""
        return self._names.index

    def rename(self, index: int, name: str) -> None:
        """Call a page by another name, such as one that tells how much it holds."""
        self._names.rename(index, name)

    async def open(self, index: int) -> None:
        """Open a page."""
        content = self._contents[index]
        if not content.is_attached:
            content.display = False
            await self.query_one(_Switcher).mount(content)
        self._show(index)

    def _show(self, index: int) -> None:
        self._names.index = index
        self.query_one(_Switcher).current = f"page-{index}"

    def reveal(self, widget: Widget) -> None:
        """Open the page that holds `widget`, which is there."""
        for place, content in enumerate(self._contents):
            if content in widget.ancestors:
                self._show(place)

    async def turn(self, by: int) -> None:
        """Go on by so many pages, into the first field there."""
        await self.open((self.index + by) % len(self._contents))
        content = self._contents[self.index]
        first = next((widget for widget in content.query("*") if widget.can_focus and widget.focusable), None)
        if first is not None:
            first.focus()

    @on(PageNames.Chosen)
    async def _on_chosen(self, event: PageNames.Chosen) -> None:
        event.stop()
        await self.open(event.index)
