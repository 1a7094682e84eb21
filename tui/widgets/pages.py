"""Pages: a form in several pages, with their names on one line above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import ContentSwitcher

_GAP = "  "


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

    def render(self) -> Content:
        """All names; the open one bold and in brackets."""
        parts: list[Content] = []
        for place, name in enumerate(self._labels):
            if place == self.index:
                parts.append(Content.styled(f"[{name}]", "bold"))
            else:
                parts.append(Content.styled(f" {name} ", "dim"))
        return Content(_GAP).join(parts)

    def rename(self, index: int, name: str) -> None:
        """Show another name for a page."""
        self._labels[index] = name
        self.refresh(layout=True)

    def on_click(self, event: Click) -> None:
        """Open the page under the mouse."""
        event.stop()
        end = 0
        for place, name in enumerate(self._labels):
            end += cell_len(name) + 2 + len(_GAP)
            if event.x < end:
                self.post_message(self.Chosen(place))
                return


class Pages(Vertical):
    """Shows one of several pages. The keys that turn them belong to the dialog.

    Args:
        pages: (name, content) of each page, in their order.
    """

    DEFAULT_CSS = """
    Pages { height: auto; }
    Pages > ContentSwitcher, Pages > ContentSwitcher > Vertical { height: auto; }
    """

    def __init__(self, pages: Sequence[tuple[str, Widget]]) -> None:
        super().__init__()
        self._contents = [content for _, content in pages]
        for place, content in enumerate(self._contents):
            content.id = f"page-{place}"
        self._names = PageNames([name for name, _ in pages])

    def compose(self) -> ComposeResult:
        """The names and the open page."""
        yield self._names
        with ContentSwitcher(initial="page-0"):
            yield from self._contents

    @property
    def index(self) -> int:
        """Which page is open."""
        return self._names.index

    def rename(self, index: int, name: str) -> None:
        """Call a page by another name, such as one that tells how much it holds."""
        self._names.rename(index, name)

    def open(self, index: int) -> None:
        """Open a page."""
        self._names.index = index
        self.query_one(ContentSwitcher).current = f"page-{index}"

    def reveal(self, widget: Widget) -> None:
        """Open the page that holds `widget`."""
        for place, content in enumerate(self._contents):
            if content in widget.ancestors:
                self.open(place)

    async def turn(self, by: int) -> None:
        """Go on by so many pages, into the first field there."""
        self.open((self.index + by) % len(self._contents))
        content = self._contents[self.index]
        first = next((one for one in content.query("*") if one.can_focus and one.focusable), None)
        if first is not None:
            first.focus()

    @on(PageNames.Chosen)
    def _on_chosen(self, event: PageNames.Chosen) -> None:
        event.stop()
        self.open(event.index)
