"""A table that is filled from a listing: its rows are fetched as they come near what is seen, and counted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from textual.timer import Timer
from textual.worker import Worker

from coterie.core.errors import CoterieError
from coterie.core.listing import Listing, Row, View
from coterie.tui.glyphs import Glyphs
from coterie.tui.jobs import job
from coterie.tui.widgets.columns import Heading, headings
from coterie.tui.widgets.line_canvas import LineCanvas
from coterie.tui.widgets.row_texts import Line
from coterie.tui.widgets.table_messages import TableMessages
from coterie.tui.widgets.viewport import Viewport
from coterie.tui.widgets.windows import BLOCK, RowWindows

PATIENCE = 0.1
"""Seconds for which the lines stay as they are until rows arrive; then those that are not here yet become blank."""

FIRST_PATIENCE = 1.0
"""The same for the first rows of all: on a terminal they may stand already (`tui.terminal.first_rows`)."""


class Rows(Protocol):
    """Lists of contacts: `Book.lists`, or a book of the past."""

    async def rows(self, listing: Listing, start: int, count: int, columns: Sequence[str] = ()) -> list[Row]:
        """`count` rows from position `start` on, with the texts of `columns`."""

    async def count(self, listing: Listing) -> int:
        """How many contacts a listing shows."""

    async def position(self, listing: Listing, contact_id: int) -> int | None:
        """Where a contact stands in a listing; None if it does not show it."""


class ListingCanvas(TableMessages, LineCanvas):
    """Shows a `Listing` of any length, with a cursor that is always on a line that is seen.

    It keeps its own scroll offset: a jump costs the same wherever it leads. Rows that are not here yet are blank, never
    wrong. A subclass says what each line looks like.

    Args:
        lists: where the rows come from.

    Attributes:
        total: how many contacts the listing shows; None while that is being counted.
        shown: called after each drawing, for what has to be in the same frame: a message would come a frame later.
    """

    def __init__(self, lists: Rows, glyphs: Glyphs, **options: Any) -> None:
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
        self._patience: Timer | None = None
        self._has_shown = False
        self._counting: Worker[None] | None = None
        self._bar: Viewport | None = None  # what the scroll bar shows

    # What a subclass says --------------------------------------------------------------------------------------

    def line(self, y: int) -> Line:
        """What stands on the line `y` of the list, counted from 0."""
        raise NotImplementedError

    @property
    def column(self) -> str:
        """The key of the current column, which is seen in any case."""
        return "name"

    def relisted(self) -> None:
        """Another listing is about to be shown: forget what belongs to the one before."""

    # What is shown ---------------------------------------------------------------------------------------------

    async def show(self, listing: Listing, columns: Sequence[str], keep: int | None = None) -> None:
        """Display `listing`, with the columns `columns` (field keys) beside the name.

        Args:
            keep: the contact to put the cursor on; the top if it is None or not in the listing.

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
            old_total = self.total
        else:
            old_total = None
            self._to_last = False
            self.relisted()
        rearranges = (listing, columns) != (self._listing, self._keys) or not self.columns
        self._listing, self._keys, self._windows = listing, columns, windows
        self.total = old_total if total is None else total
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
    def all_headings(self) -> list[Heading]:
        """Those of all columns, seen or not."""
        return headings(self._keys, self._listing.view is View.BIN)

    # The cursor ------------------------------------------------------------------------------------------------

    @property
    def position(self) -> int:
        """Where the cursor is, counted from 0."""
        return self.view.position

    @property
    def row(self) -> Row | None:
        """The row under the cursor; None if it is not loaded yet or the listing is empty."""
        return self._windows.row(self.view.position)

    @property
    def fetching(self) -> bool:
        """Whether the row under the cursor, or more of a list that is not counted yet, is on its way."""
        missing = self.total is None or (self.row is None and self.total != 0)
        return self._to_last or (missing and self._windows.fetching)

    def move(self, by: int) -> None:
        """Move the cursor `by` rows down (up if negative), scrolling as little as possible."""
        self.move_to(self.view.position + by)

    def move_to(self, position: int) -> None:
        """Put the cursor on `position`, or as near as there are rows."""
        self.view.move_to(position)
        self.view_moved()

    def page(self, by: float) -> None:
        """Move the cursor and what is seen `by` pages down (up if negative)."""
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

    async def go_to(self, contact_id: int) -> None:
        """Put the cursor on a contact, if the listing shows it, once the rows around it are here.

        Raises what `Lists.position` and `Lists.rows` raise.
        """
        position = await self._lists.position(self._listing, contact_id)
        if position is None:
            return
        view = replace(self.view, length=max(self.view.length, position + 1))
        view.move_to(position)
        await self._windows.reach(view.top, view.page)
        self.view.length = max(self.view.length, position + 1)  # one that was added may not be counted yet
        if self.total is not None:
            self.total = max(self.total, position + 1)
        self.move_to(position)

    def view_moved(self) -> None:
        """The cursor or what is seen went elsewhere."""
        self._to_last = False
        self._update()

    # Drawing ---------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Lay out the columns anew and draw everything."""
        self.place_columns(self.all_headings, self._listing.sort, self.column)
        self._settle()
        self._show()

    def _update(self) -> None:
        """Bring everything in line with the cursor and the offset, and redraw the lines that look different now.

        If rows are missing, that waits for them: they are a few milliseconds away, and a frame with blank lines
        would only keep the one with the rows waiting.
        """
        self._settle()
        if self._is_complete or not self._windows.fetching:
            self._show()
        elif self._patience is None:
            self._patience = self.set_timer(PATIENCE if self._has_shown else FIRST_PATIENCE, self._show)

    def _settle(self) -> None:
        """Bring cursor and offset into the list, and fetch what is missing."""
        view = self.view
        view.page = max(1, self.size.height - 1)
        view.length = self.total if self.total is not None else self._windows.least_length
        view.settle()
        if self._windows.want(view.top, view.page, view.forward):
            self.run_worker(job(self._fill, self._windows), name="rows", group="contact-table")

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
        self._has_shown = True
        view = self.view
        if self._patience is not None:
            self._patience.stop()
            self._patience = None
        if self.total is not None:  # until then it stays as it was: a bar that comes and goes flickers
            self._bar = replace(view) if view.scrolls else None
        self.draw([self.line(y) for y in range(view.page)], empty=self.total == 0)
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

    def on_resize(self) -> None:
        """Fit the columns and the cursor into the new size."""
        self._arrange()
