"""The table of contacts: what a row of it looks like, its columns, its checks, and the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events
from textual.geometry import Region

from coterie.core.checks import Checks
from coterie.tui.glyphs import UNICODE, Glyphs
from coterie.tui.widgets.columns import GAP
from coterie.tui.widgets.line_canvas import LineCanvas
from coterie.tui.widgets.listing_canvas import ListingCanvas, Rows
from coterie.tui.widgets.matches import Match
from coterie.tui.widgets.row_texts import Line, box_width

RANGE_STEP = 5_000
"""How many rows of a marked range are read at a time."""


class ContactTable(ListingCanvas, can_focus=True):
    """Shows contacts: check boxes, stars, the name, and the columns that fit.

    It has no key bindings: the screen's commands call its methods.

    Attributes:
        marks: what was searched for; another one is drawn with the next lines, or by `mark` at once.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"contact-table--{part}" for part in (*LineCanvas.PARTS, "header", "scrollbar")
    }
    DEFAULT_CSS = """
    ContactTable {
        width: 1fr;
        height: 1fr;
        & > .contact-table--header { color: $text-muted; text-style: bold; }
        & > .contact-table--rest { color: $text-muted; }
        &:ansi > .contact-table--rest { color: $foreground; text-style: dim; }
        & > .contact-table--cursor { text-style: bold; }
        &:blur > .contact-table--cursor { text-style: underline; }
        &:nocolor > .contact-table--cursor { text-style: bold reverse; }
        &:nocolor:blur > .contact-table--cursor { text-style: underline; }
        & > .contact-table--cell { text-style: reverse; }
        &:blur > .contact-table--cell { text-style: underline; }
        & > .contact-table--checked { text-style: bold; }
        & > .contact-table--star { color: $text-warning; }
        & > .contact-table--match { text-style: underline; }
        & > .contact-table--scrollbar { color: $text-muted; }
        &:ansi > .contact-table--scrollbar { color: $foreground; text-style: dim; }
    }
    """

    def __init__(self, lists: Rows, glyphs: Glyphs = UNICODE, **options: Any) -> None:
        super().__init__(lists, glyphs, **options)
        self.marks: Sequence[Match] = ()
        self._checks = Checks()
        self._anchor: int | None = None
        self._column = "name"
        self._column_used = False

    # Rows ------------------------------------------------------------------------------------------------------

    def line(self, y: int) -> Line:
        """The contact there, as it is now: checked or not, under the cursor or not."""
        view = self.view
        position = view.top + y
        row = self._windows.row(position)
        cursor = position == view.position and view.length > 0
        anchor = view.position if self._anchor is None else self._anchor
        low, high = sorted((anchor, view.position))
        return Line(
            row,
            checked=row is not None and row.id in self._checks,
            ranged=self._anchor is not None and low <= position <= high,
            cursor=cursor,
            column=self.column if cursor and self._column_used else None,
            thumb=self._bar.is_thumb(y) if self._bar else None,
            matches=self.marks if row is not None else (),
        )

    def mark(self, matches: Sequence[Match]) -> None:
        """Mark in the rows what was searched for."""
        if tuple(matches) != tuple(self.marks):
            self.marks = matches
            self._update()

    def relisted(self) -> None:
        """No range is marked in another listing, and no column of it was gone to."""
        self._anchor = None
        self._column, self._column_used = "name", False

    def activate(self) -> None:
        """Ask for the row under the cursor to be opened."""
        if self.row is not None:
            self.post_message(self.Activated(self, self.row))

    # The current column ----------------------------------------------------------------------------------------

    @property
    def column(self) -> str:
        """The key of the current column."""
        return self._column if any(heading.key == self._column for heading in self.all_headings) else "name"

    @property
    def column_used(self) -> bool:
        """Whether the user has gone to a column."""
        return self._column_used

    @property
    def column_keys(self) -> list[str]:
        """The keys of all columns, also of those that find no room."""
        return [heading.key for heading in self.all_headings]

    def move_column(self, by: int) -> None:
        """Make the column `by` places to the right (left if negative) the current one, and bring it into sight."""
        if self.columns:
            self._go_to_column(self.column_keys.index(self.column) + by)

    def _go_to_column(self, place: int) -> None:
        wanted = self.all_headings
        self._column = wanted[max(0, min(len(wanted) - 1, place))].key
        self._column_used = True
        if self.laid_out(wanted, self._column) == self.columns:
            self._update()
        else:
            self._arrange()

    def cell_region(self) -> Region:
        """Where on the screen the current cell is, for editing in place."""
        column = next((column for column in self.columns if column.key == self.column), None)
        if column is None:
            return Region()
        x, y = self.region.offset
        return Region(x + column.x, y + 1 + self.view.position - self.view.top, column.width, 1)

    # Checks ----------------------------------------------------------------------------------------------------

    @property
    def checks(self) -> Checks:
        """What is checked; its meaning belongs to the screen."""
        return self._checks

    @checks.setter
    def checks(self, checks: Checks) -> None:
        self._checks = checks
        self._update()

    def toggle(self) -> None:
        """Check or uncheck the row under the cursor and move down. Whoever calls it looks at `checks`."""
        if self.row is not None:
            self._checks = self._checks.toggled(self.row.id)
            self.move(1)

    @property
    def in_range(self) -> bool:
        """Whether a range is being marked."""
        return self._anchor is not None

    @property
    def range_size(self) -> int:
        """How many rows the range that is being marked covers."""
        return 0 if self._anchor is None else abs(self._anchor - self.view.position) + 1

    def start_range(self) -> None:
        """Begin a range at the cursor; it reaches to wherever the cursor goes until `end_range` or `cancel_range`."""
        self._anchor = self.view.position
        self._update()

    def cancel_range(self) -> None:
        """Forget the range."""
        self._anchor = None
        self._update()

    async def end_range(self) -> None:
        """Check all rows from the range's start to the cursor. Raises what `Lists.rows` raises."""
        if self._anchor is None:
            return
        first, last = sorted((self._anchor, self.view.position))
        listing = self._listing
        self.cancel_range()
        in_range = Checks()
        for start in range(first, last + 1, RANGE_STEP):
            rows = await self._lists.rows(listing, start, min(RANGE_STEP, last + 1 - start))
            in_range |= Checks.of(row.id for row in rows)
        self._check(self._checks | in_range)

    def _check(self, checks: Checks) -> None:
        self.checks = checks
        self.post_message(self.ChecksChanged(self, checks))

    # The mouse -------------------------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """Headings sort, boxes check, stars star; elsewhere the cursor comes, and a double click opens."""
        if event.y == 0:
            self._header_clicked(event.x)
            return
        if event.x >= self.size.width - 1 and self.has_scroll_bar:
            return
        position = self.view.top + event.y - 1
        row = self._windows.row(position)
        if row is None:
            return
        self.move_to(position)
        star = 2 + box_width(self.glyphs)
        if event.x < star:
            self._check(self._checks.toggled(row.id))
        elif event.x <= star:
            self.post_message(self.StarClicked(self, row))
        elif event.chain == 2:
            self.activate()

    def _header_clicked(self, x: int) -> None:
        """A heading sorts; the signs of more columns bring the next one."""
        left, right = self.more_columns
        keys = self.column_keys
        seen = [keys.index(column.key) for column in self.columns]
        if right and x == self.size.width - 1:
            self._go_to_column(next(place for place in range(seen[0], len(keys)) if place not in seen))
        elif left and x == self.columns[0].x + self.columns[0].width + GAP - 1:
            self._go_to_column(seen[1] - 1)
        elif field := self.column_at(x):
            self.post_message(self.HeaderClicked(self, field))
