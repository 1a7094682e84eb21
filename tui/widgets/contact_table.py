"""The table of contacts: any number of rows, of which it fetches and draws what is seen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, Protocol

from textual import events
from textual.geometry import Region
from textual.timer import Timer
from textual.worker import Worker

from coterie.core.checks import Checks
from coterie.core.errors import CoterieError
from coterie.core.listing import Listing, Row, View
from coterie.tui.glyphs import UNICODE, Glyphs
from coterie.tui.widgets.columns import GAP, Heading, headings
from coterie.tui.widgets.line_canvas import LineCanvas
from coterie.tui.widgets.matches import Match
from coterie.tui.widgets.row_texts import Line, box_width
from coterie.tui.widgets.table_messages import TableMessages
from coterie.tui.widgets.viewport import Viewport
from coterie.tui.widgets.windows import BLOCK, RowWindows

RANGE_STEP = 5_000
"""How many rows of a marked range are read at a time."""

PATIENCE = 0.1
"""Seconds for which the lines stay as they are until rows arrive; then those that are not here yet become blank."""


class Rows(Protocol):
    """Lists of contacts: `Book.lists`, or a book of the past."""

    async def rows(self, listing: Listing, start: int, count: int, columns: Sequence[str] = ()) -> list[Row]:
        """`count` rows from position `start` on, with the texts of `columns`."""

    async def count(self, listing: Listing) -> int:
        """How many contacts a listing shows."""

    async def position(self, listing: Listing, contact_id: int) -> int | None:
        """Where a contact stands in a listing; None if it does not show it."""


class ContactTable(TableMessages, LineCanvas, can_focus=True):
    """Shows a `Listing`: check boxes, stars, the name, and the columns that fit.

    It keeps its own scroll offset: a jump costs the same wherever it leads. Rows that are not here yet are blank, never
    wrong. The cursor is always on a line that is seen. The table has no key bindings: the screen's commands call its
    methods.

    Attributes:
        empty: what to say where the listing shows nothing; several lines are centred one by one.
        total: how many contacts the listing shows; None while that is being counted.
        marks: what was searched for; another one is drawn with the next lines, or by `mark` at once.
        shown: called after each drawing, for what has to be in the same frame: a message would come a frame later.
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
        super().__init__(glyphs, **options)
        self.total: int | None = None
        self.shown: Callable[[], None] = lambda: None
        self._lists = lists
        self._listing = Listing()
        self._keys: tuple[str, ...] = ()
        self._windows = RowWindows(partial(lists.rows, self._listing))
        self._wanted: tuple[Listing, tuple[str, ...]] = (self._listing, self._keys)
        self._ticket = 0  # numbers the loads: an answer to an older one is dropped
        self._reloads = 0
        self._keep: int | None = None
        self._to_last = False
        self.marks: Sequence[Match] = ()
        self._checks = Checks()
        self._anchor: int | None = None
        self._column = "name"
        self._column_used = False
        self._patience: Timer | None = None
        self._counting: Worker[None] | None = None
        self._bar: Viewport | None = None  # what the scroll bar shows

    # What is shown ---------------------------------------------------------------------------------------------

    async def show(self, listing: Listing, columns: Sequence[str], keep: int | None = None) -> None:
        """Display `listing`, with the columns `columns` (field keys) beside the name.

        Args:
            keep: the contact to put the cursor on; the top where it is None or not in the listing.

        Returns when its first rows are here; the number of rows may follow (`Counted`). What was shown stays until
        then. An answer that a newer call has overtaken is dropped. Raises what `Lists.rows` raises (InvalidQuery …).
        """
        self._wanted = wanted = listing, tuple(columns)
        self._keep = keep
        try:
            await self._load(keep, 0, 0)
        except BaseException:
            if self._wanted is wanted and self.columns:
                self._wanted = self._listing, self._keys
            raise

    async def reload(self) -> None:
        """The book changed: fetch again and stay on the same contact, else at the same position.

        Calls that come while one is under way are carried out together after it.
        """
        self._reloads += 1
        if self._reloads > 1:
            return
        try:
            while self._reloads:
                self._reloads = 1
                if self._wanted == (self._listing, self._keys):
                    row, view = self.row, self.view
                    await self._load(row.id if row else None, view.position, view.position - view.top)
                else:  # `show` is under way: in its place
                    await self._load(self._keep, 0, 0)
                self._reloads -= 1
        finally:
            self._reloads = 0

    async def _load(self, keep: int | None, fallback: int, line: int) -> None:
        """Fetch what is wanted and show it: `keep`, else the position `fallback`, on the line `line` of the list."""
        self._ticket += 1
        ticket, (listing, columns), before = self._ticket, self._wanted, self.view.position
        if self._counting is not None:
            self._counting.cancel()  # what is shown next must not wait for how long the last list is
        try:
            windows, position, total = await self._fetch(listing, columns, keep, fallback, line)
        except BaseException:
            if ticket == self._ticket and self.total is None and self.is_running:
                self._start_counting()
            raise
        if ticket != self._ticket:
            return
        if listing == self._listing:
            position += self.view.position - before  # the user went on meanwhile
            known = self.total
        else:
            known = None
            self._anchor, self._to_last = None, False
            self._column, self._column_used = "name", False
        rearranges = (listing, columns) != (self._listing, self._keys) or not self.columns
        self._listing, self._keys, self._windows = listing, columns, windows
        self.total = known if total is None else total
        self.view.position, self.view.top = position, position - line
        if rearranges:
            self._arrange()
        else:
            self._update()
        if total is None:
            self._start_counting()
        else:
            self._counted(total)

    async def _fetch(
        self, listing: Listing, columns: tuple[str, ...], keep: int | None, fallback: int, line: int
    ) -> tuple[RowWindows, int, int | None]:
        """The rows around the place of `keep` or `fallback`, that place, and how many there are, if that is known."""
        position = await self._lists.position(listing, keep) if keep is not None else None
        if position is None:
            position = fallback
        windows = RowWindows(partial(self._lists.rows, listing, columns=columns))
        top = max(0, position - line)
        first, page = top // BLOCK, max(self.view.page, self.app.size.height)
        await windows.load(first, (top + page - 1) // BLOCK - first + 1)
        total = windows.end
        if total is None and windows.row(position) is None:  # it has become shorter than that
            total = await self._lists.count(listing)
        return windows, position, total

    def _start_counting(self) -> None:
        count = partial(self._count, self._ticket, self._listing)
        self._counting = self.run_worker(count, name="count", group="contact-table")

    async def _count(self, ticket: int, listing: Listing) -> None:
        await self._drawn()
        try:
            total = await self._lists.count(listing)
        except CoterieError as error:
            self._to_last = False
            self.post_message(self.Failed(self, error))
            return
        if ticket == self._ticket:
            self._counted(total)

    def _counted(self, total: int) -> None:
        self.total = total
        if self._to_last:
            self.last()
        self.post_message(self.Counted(self, total))
        self._update()

    @property
    def listing(self) -> Listing:
        """What is shown."""
        return self._listing

    @property
    def checks(self) -> Checks:
        """What is checked; its meaning belongs to the screen."""
        return self._checks

    @checks.setter
    def checks(self, checks: Checks) -> None:
        self._checks = checks
        self._update()

    # The cursor ------------------------------------------------------------------------------------------------

    @property
    def position(self) -> int:
        """Where the cursor is, counted from 0."""
        return self.view.position

    @property
    def row(self) -> Row | None:
        """The row under the cursor; None where it is not loaded yet or the listing is empty."""
        return self._windows.row(self.view.position)

    @property
    def fetching(self) -> bool:
        """Whether the row under the cursor, or more of a list that is not counted yet, is on its way."""
        missing = self.total is None or (self.row is None and self.total != 0)
        return self._to_last or (missing and self._windows.fetching)

    @property
    def column(self) -> str:
        """The key of the current column."""
        return self._column if any(heading.key == self._column for heading in self.all_headings) else "name"

    @property
    def column_used(self) -> bool:
        """Whether the user has gone to a column."""
        return self._column_used

    @property
    def all_headings(self) -> list[Heading]:
        """Those of all columns, seen or not."""
        return headings(self._keys, self._listing.view is View.BIN)

    def move(self, by: int) -> None:
        """Move the cursor `by` rows down (up where negative), scrolling as little as possible."""
        self.move_to(self.view.position + by)

    def move_to(self, position: int) -> None:
        """Put the cursor on `position`, or as near as there are rows."""
        self.view.move_to(position)
        self.view_moved()

    def page(self, by: float) -> None:
        """Move the cursor and what is seen `by` pages down (up where negative)."""
        self.view.turn(by)
        self.view_moved()

    def first(self) -> None:
        """Go to the first row."""
        self.move_to(0)

    def last(self) -> None:
        """Go to the last row, as soon as it is known which that is."""
        if self.total is None:
            self.move_to(self.view.length - 1)
            self._to_last = True
        else:
            self.move_to(self.total - 1)

    @property
    def column_keys(self) -> list[str]:
        """The keys of all columns, also of those that find no room."""
        return [heading.key for heading in self.all_headings]

    def move_column(self, by: int) -> None:
        """Make the column `by` places to the right (left where negative) the current one; it comes where it is seen."""
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

    def activate(self) -> None:
        """Ask for the row under the cursor to be opened."""
        if self.row is not None:
            self.post_message(self.Activated(self, self.row))

    def view_moved(self) -> None:
        """The cursor or what is seen went elsewhere."""
        self._to_last = False
        self._update()

    # Checks ----------------------------------------------------------------------------------------------------

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
        found = Checks()
        for start in range(first, last + 1, RANGE_STEP):
            rows = await self._lists.rows(listing, start, min(RANGE_STEP, last + 1 - start))
            found |= Checks.of(row.id for row in rows)
        self._check(self._checks | found)

    def _check(self, checks: Checks) -> None:
        self.checks = checks
        self.post_message(self.ChecksChanged(self, checks))

    # Drawing ---------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Lay out the columns anew and draw everything."""
        self.place_columns(self.all_headings, self._listing.sort, self.column)
        self._settle()
        self._show()

    def _update(self) -> None:
        """Bring everything in line with the cursor and the offset, and redraw the lines that look different now.

        Where rows are missing, that waits for them: they are a few milliseconds away, and a frame with blank lines
        would only keep the one with the rows waiting.
        """
        self._settle()
        if self._is_complete or not self._windows.fetching:
            self._show()
        elif self._patience is None:
            self._patience = self.set_timer(PATIENCE, self._show)

    def mark(self, matches: Sequence[Match]) -> None:
        """Mark in the rows what was searched for."""
        if tuple(matches) != tuple(self.marks):
            self.marks = matches
            self._update()

    def _settle(self) -> None:
        """Bring cursor and offset into the list, and fetch what is missing."""
        view = self.view
        view.page = max(1, self.size.height - 1)
        view.length = self.total if self.total is not None else self._windows.known
        view.settle()
        if self._windows.want(view.top, view.page, view.forward):
            self.run_worker(self._fill(self._windows), name="rows", group="contact-table")

    @property
    def _is_complete(self) -> bool:
        view = self.view
        return all(map(self._windows.row, range(view.top, min(view.top + view.page, view.length))))

    @property
    def waiting(self) -> bool:
        """Whether what is seen still is what was seen before the cursor moved: its rows are on their way."""
        return self._patience is not None

    def _show(self) -> None:
        """Draw what is here."""
        view = self.view
        if self._patience is not None:
            self._patience.stop()
            self._patience = None
        if self.total is not None:  # until then it stays as it was: a bar that comes and goes flickers
            self._bar = replace(view) if view.scrolls else None
        self.draw([self._line(y) for y in range(view.page)], empty=self.total == 0)
        self.shown()

    async def _fill(self, windows: RowWindows) -> None:
        def arrived() -> None:
            if windows is self._windows:
                self._update()

        if self._is_complete:
            await self._drawn()
        try:
            await windows.fill(arrived)
        except CoterieError as error:
            self.post_message(self.Failed(self, error))

    async def _drawn(self) -> None:
        """Wait until what is here has been drawn: what is not seen yet shall not take the processor's time from it."""
        drawn = asyncio.Event()
        self.call_after_refresh(drawn.set)
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await drawn.wait()

    def _line(self, y: int) -> Line:
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

    def on_resize(self) -> None:
        """Fit the columns and the cursor into the new size."""
        self._arrange()

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
