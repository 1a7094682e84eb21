"""ButtonRow: buttons beside each other, on a second line if the first is too short for all."""

from __future__ import annotations

from textual.containers import Container
from textual.geometry import Offset, Region, Size, Spacing
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget


class _Flow(Layout):
    """Widgets of one line from left to right, like words in a text."""

    name = "flow"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """Where each of the widgets goes."""
        placements: list[WidgetPlacement] = []
        x = y = 0
        for child in children:
            wanted = child.get_content_width(size, parent.app.size) + child.gutter.width
            width, margin = min(wanted, size.width), child.styles.margin
            if x and x + width > size.width:
                x, y = 0, y + 1
            placements.append(WidgetPlacement(Region(x, y, width, 1), Offset(), Spacing(), child, 0, False, False))
            x += width + margin.right
        return placements


class ButtonRow(Container):
    """The buttons of a dialog."""

    DEFAULT_CSS = "ButtonRow { width: 100%; height: auto; }"

    @property
    def layout(self) -> Layout:
        """From left to right, as many as a line takes."""
        return _FLOW


_FLOW = _Flow()
