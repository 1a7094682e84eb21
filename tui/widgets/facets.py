"""FacetPanel: the commonest values of what is listed, in columns, below the search line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from coterie.core.store.lists.facets import Facet
from coterie.core.text import number_of, printable
from coterie.tui.glyphs import Glyphs

_LEAST: Final = 26
"""A column has so many cells at least; those for which there is no room come in from the side."""
_LINES: Final = 8


class FacetPanel(Widget, can_focus=True):
    """Drawn line by line; hidden until it is asked for. Its keys are commands of the screen.

    Args:
        glyphs: the signs to draw with.
    """

    ALLOW_SELECT = False
    KEYS_ARE_COMMANDS = True
    COMPONENT_CLASSES = {"facet-panel--header", "facet-panel--cursor", "facet-panel--muted"}  # noqa: RUF012
    DEFAULT_CSS = """
    FacetPanel {
        height: auto; display: none; padding: 0 1; border-bottom: solid $border-blurred;
        & > .facet-panel--header { text-style: bold; }
        & > .facet-panel--muted { color: $text-muted; }
        & > .facet-panel--cursor {
            color: $block-cursor-foreground; background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
        &:blur > .facet-panel--cursor { color: $foreground; background: transparent; text-style: none; }
        &:nocolor > .facet-panel--cursor { text-style: bold reverse; }
    }
    """

    @dataclass
    class Chosen(Message):
        """A value was clicked."""

        panel: FacetPanel

        @property
        def control(self) -> FacetPanel:
            """The panel."""
            return self.panel

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._facets: Mapping[str, Sequence[Facet]] = {}
        self._column = 0
        self._rows: dict[int, int] = {}

    def tell(self, facets: Mapping[str, Sequence[Facet]]) -> None:
        """Show these values by the headings of their columns, which are always the same."""
        self._facets = facets
        self.move(0)
        self.refresh(layout=True)

    @property
    def facet(self) -> Facet | None:
        """The value under the cursor."""
        column = self._columns[self._column][1] if self._facets else ()
        row = self._rows.get(self._column, 0)
        return column[row] if row < len(column) else None

    @property
    def words(self) -> str:
        """What is under the cursor: its heading, the value, how many have it, and where it stands among the others."""
        if not self._facets:
            return "Counting…"
        title, values = self._columns[self._column]
        if (facet := self.facet) is None:
            return f"{title}: none"
        place = self._rows.get(self._column, 0) + 1
        return f"{title}: {printable(facet.label)}, {number_of(facet.count)}, {place} of {len(values)}"

    @property
    def _columns(self) -> list[tuple[str, Sequence[Facet]]]:
        return list(self._facets.items())

    # Moving ------------------------------------------------------------------------------------------------------

    def move(self, by: int) -> None:
        """Move the cursor down (up if negative)."""
        if self._facets:
            length = len(self._columns[self._column][1])
            row = self._rows.get(self._column, 0) + by
            self._rows[self._column] = max(0, min(row, length - 1))
        self.refresh()

    def page(self, by: float) -> None:
        """Move by pages."""
        self.move(round(_LINES * by))

    def first(self) -> None:
        """To the commonest value."""
        self.move(-self._rows.get(self._column, 0))

    def last(self) -> None:
        """To the last value."""
        self.move(len(self._columns[self._column][1]) if self._facets else 0)

    def move_column(self, by: int) -> None:
        """To the column on the right (on the left if negative)."""
        self._column = max(0, min(self._column + by, len(self._facets) - 1))
        self.move(0)

    # Drawing -----------------------------------------------------------------------------------------------------

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """The headings, and so many values as the longest column has; a part of them in a low terminal."""
        longest = max((len(column) for column in self._facets.values()), default=0)
        return 1 + max(1, min(longest, _LINES, self.app.size.height // 2 - 4))

    @property
    def _seen(self) -> list[int]:
        """The columns for which there is room, that of the cursor among them."""
        count = len(self._facets)
        fit = max(1, min(count, self.content_size.width // _LEAST))
        start = max(0, min(self._column - fit + 1, count - fit))
        return list(range(start, start + fit))

    def render_line(self, y: int) -> Strip:
        """One line of all columns that are seen."""
        width = self.content_size.width
        if not self._facets:
            words = "Counting…" if y == 0 else ""
            muted = self.get_component_rich_style("facet-panel--muted")
            return Strip([Segment(set_cell_size(words, width), muted)], width)
        seen = self._seen
        cells = width // len(seen)
        segments = [part for column in seen for part in self._cell(column, y, cells)]
        return Strip([*segments, Segment(" " * (width - cells * len(seen)), self.rich_style)], width)

    def _cell(self, column: int, y: int, cells: int) -> list[Segment]:
        title, values = self._columns[column]
        if y == 0:
            header = self.rich_style + self.get_component_rich_style("facet-panel--header", partial=True)
            return [Segment(set_cell_size(title, cells), header)]
        at = self._rows.get(column, 0)
        page = max(1, self.content_size.height - 1)
        place = max(0, at - page + 1) + y - 1
        if place >= len(values):
            words = "none" if y == 1 else ""
            return [Segment(set_cell_size(words, cells), self.get_component_rich_style("facet-panel--muted"))]
        facet = values[place]
        size = f"{facet.count:,}"
        room = cells - cell_len(size) - 5
        label = printable(facet.label)
        if cell_len(label) > room:
            label = set_cell_size(label, max(room - 1, 1)) + self._glyphs.ellipsis
        is_cursor = column == self._column and place == at
        sign = self._glyphs.cursor if is_cursor else " "
        style, muted = self.rich_style, self.get_component_rich_style("facet-panel--muted")
        if is_cursor:
            style = muted = self.rich_style + self.get_component_rich_style("facet-panel--cursor", partial=True)
        return [
            Segment(set_cell_size(f"{sign} {label}", cells - cell_len(size) - 2), style),
            Segment(size, muted),
            Segment("  ", self.rich_style),
        ]

    def on_click(self, event: events.Click) -> None:
        """The cursor comes; a double click narrows the list to the value."""
        event.stop()
        seen = self._seen if self._facets else []
        cells = self.content_size.width // max(1, len(seen))
        column = (event.x - 1) // max(1, cells)
        if event.y < 1 or not 0 <= column < len(seen):
            return
        self._column = seen[column]
        page = max(1, self.content_size.height - 1)
        self._rows[self._column] = max(0, self._rows.get(self._column, 0) - page + 1) + event.y - 1
        self.move(0)
        if event.chain == 2 and self.facet:
            self.post_message(self.Chosen(self))
