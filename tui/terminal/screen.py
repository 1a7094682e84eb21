"""The cells of a terminal: those it shows, those that are wanted, and what to write to get from these to those."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from coterie.tui.terminal import columns, stops
from coterie.tui.terminal.capabilities import Capabilities
from coterie.tui.terminal.difference import Writer
from coterie.tui.terminal.pens import Pens
from coterie.tui.terminal.rows import Cell, Row, cells, place
from coterie.tui.terminal.takeover import StyledLine
from coterie.tui.terminal.textual_private import Update, changed_pieces, whole_lines

FEWEST_SCROLLED = 4
"""Scrolling fewer lines than this gains nothing."""

SYNC_FROM = 512
"""A frame of fewer bytes arrives in one piece; a longer one is wrapped in synchronized output, if there is any."""

_DIM = Style(dim=True)

SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"


class TerminalScreen:
    """Takes the updates that Textual composes and gives the shortest writing that makes a terminal show them.

    Updates may be taken without their difference being asked for: the next one leads to the newest state at once.
    """

    def __init__(self, capabilities: Capabilities, color_system: ColorSystem = ColorSystem.TRUECOLOR) -> None:
        self._capabilities = capabilities
        self._pens = Pens(color_system)
        self._width = 0
        self._wanted: list[Row] = []
        self._shown: list[Row] | None = None  # None: unknown
        self._sources: list[list[Strip] | None] = []
        self._adopted = False
        self._writer = Writer(self._pens, capabilities, 0, 0)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what is wanted."""
        return self._width, len(self._wanted)

    def forget(self) -> None:
        """What the terminal shows is unknown: the next difference clears it and writes everything."""
        self._shown = None

    @property
    def is_known(self) -> bool:
        """Whether it is known what the terminal shows."""
        return self._shown is not None

    def adopt(self, lines: Sequence[StyledLine], width: int, height: int) -> None:
        """The terminal is of this size and shows these lines of text; below them, nothing.

        They stay until something is wanted: Textual's first frames are blank.
        """
        self._resize(width, height)
        shown = [self._blank_row() for _ in range(height)]
        for row, line in zip(shown, lines, strict=False):
            place(
                row,
                0,
                cells(Strip([Segment(text, _DIM if dim else None) for text, dim in line]), self._pens),
                self._pens,
            )
        self._writer = Writer(self._pens, self._capabilities, width, height)
        self._shown = shown
        self._adopted = True

    def take(self, update: Update) -> None:
        """Note what is to be shown."""
        if (whole := whole_lines(update)) is not None:
            (x, y, width, height), lines = whole
            if (x, y) == (0, 0) and self.size != (width, height):
                self._resize(width, height)
            for line, strips in enumerate(lines, y):
                self._take_line(line, x, list(strips))
        else:
            for x, y, strip in changed_pieces(update):
                if y < len(self._wanted):
                    self._put(y, x, [strip])
                    self._sources[y] = None

    def difference(self, rest: tuple[int, int] = (0, 0), synchronized: bool = False) -> str:
        """What to write so that the terminal shows what is wanted; empty if it does already.

        Args:
            rest: where to leave the cursor, (column, line); (0, 0) leaves it where it is.
            synchronized: whether the terminal knows synchronized output (DEC mode 2026).
        """
        writer = self._writer
        if self._adopted and self._shown is not None:
            blank = self._blank_row()
            if all(row == blank for row in self._wanted):
                return ""
            self._adopted = False
        if self._shown is None:
            writer = self._writer = Writer(self._pens, self._capabilities, self._width, len(self._wanted))
            writer.clear()
            self._shown = [self._blank_row()] * len(self._wanted)
        shown = self._shown
        changed = [y for y, row in enumerate(self._wanted) if row is not shown[y] and row != shown[y]]
        if self._capabilities.scroll_regions and _may_have_scrolled(changed):
            changed = self._scroll(shown, changed)
        if self._capabilities.vertical_tab and len(changed) >= columns.FEWEST:
            self._write_columns(shown, changed)
        use_tabs = self._capabilities.tab_stops and stops.worth_setting(shown, self._wanted, changed)
        if use_tabs:
            writer.set_stops(use_tabs)
        for y in changed:
            writer.line(y, shown[y], self._wanted[y])
            shown[y] = self._wanted[y]
        if use_tabs:
            writer.reset_stops()
        runs = writer.runs
        if runs and rest != (0, 0):
            writer.rest(*rest)
        text = writer.take()
        if synchronized and runs > 1 and len(text) > SYNC_FROM:
            return f"{SYNC_START}{text}{SYNC_END}"
        return text

    def leave(self) -> str:
        """What to write before the terminal is given to somebody else. What it shows is unknown from then on."""
        self.forget()
        return "\x1b]8;;\x1b\\\x1b[m" if any(pen.link for pen in self._pens.pens) else "\x1b[m"

    def _blank_row(self) -> Row:
        return [(" ", self._pens.default)] * self._width

    def _resize(self, width: int, height: int) -> None:
        self._width = width
        self._wanted = [self._blank_row()] * height
        self._sources = [None] * height
        self._shown = None

    def _take_line(self, y: int, x: int, strips: list[Strip]) -> None:
        if y >= len(self._wanted):
            return
        before = self._sources[y]
        # Textual keeps the strips of lines that did not change: the same strips, the same cells.
        if before is not None and len(before) == len(strips) and all(map(_is, before, strips)):
            return
        self._put(y, x, strips)
        self._sources[y] = strips

    def _put(self, y: int, x: int, strips: list[Strip]) -> None:
        row = list(self._wanted[y])  # rows are shared with what is shown, so they are never changed
        for strip in strips:
            place(row, x, cells(strip, self._pens), self._pens)
            x += strip.cell_length
        self._wanted[y] = row

    def _write_columns(self, shown: list[Row], changed: list[int]) -> None:
        """Write what goes from top to bottom; what is shown has it then."""
        own: set[int] = set()
        for x, first, last, cell in columns.columns(shown, self._wanted, changed):
            lines = range(first, last + 1)
            if any(_is_half(shown[y], x) for y in lines):
                continue
            self._writer.column(x, first, last, cell)
            for y in lines:
                if y not in own:  # rows may be shared
                    own.add(y)
                    shown[y] = list(shown[y])
                shown[y][x] = cell

    def _scroll(self, shown: list[Row], changed: list[int]) -> list[int]:
        """Scroll what can be scrolled; returns the lines that differ after that."""
        top, bottom = changed[0], changed[-1]
        by = self._shift(shown, changed)
        if not by or abs(by) > bottom - top:
            return changed
        gap = [self._blank_row()] * abs(by)
        moved = shown[top + by : bottom + 1] + gap if by > 0 else gap + shown[top : bottom + 1 + by]
        wanted = self._wanted[top : bottom + 1]
        if _cost(moved, wanted) * 4 > _cost(shown[top : bottom + 1], wanted) * 3:
            return changed
        self._writer.scroll(top, bottom, by)
        shown[top : bottom + 1] = moved
        return [y for y in range(top, bottom + 1) if shown[y] != self._wanted[y]]

    def _shift(self, shown: list[Row], changed: list[int]) -> int:
        """By how many lines most of the changed part of the screen went up (down if negative); 0 for none."""
        # Look only at the columns that changed: a sidebar that stays where it is must not have a say.
        differing = [x for y in changed for x in _edges(shown[y], self._wanted[y])]
        first, last = min(differing), max(differing) + 1
        places: dict[tuple[Cell, ...], list[int]] = {}
        for y in range(changed[0], changed[-1] + 1):
            places.setdefault(tuple(shown[y][first:last]), []).append(y)
        votes: Counter[int] = Counter()
        for y in changed:
            matches = places.get(tuple(self._wanted[y][first:last]), [])
            if len(matches) <= 2:  # blank lines and the like prove nothing
                votes.update(before - y for before in matches)
        by, count = votes.most_common(1)[0] if votes else (0, 0)
        return by if count * 3 >= len(changed) else 0


def _may_have_scrolled(changed: list[int]) -> bool:
    """Whether so many lines changed, and so close together, that it is worth a look."""
    return len(changed) >= FEWEST_SCROLLED and len(changed) * 2 > changed[-1] - changed[0]


def _is(old: object, new: object) -> bool:
    return old is new


def _is_half(row: Row, x: int) -> bool:
    """Whether a wide letter stands at `x`, with either half."""
    return not row[x][0] or (x + 1 < len(row) and not row[x + 1][0])


def _edges(old: Row, new: Row) -> tuple[int, int]:
    """The first and the last cell in which two rows differ."""
    differing = [x for x, (before, after) in enumerate(zip(old, new, strict=True)) if before != after]
    return differing[0], differing[-1]


def _cost(old: Iterable[Row], new: Iterable[Row]) -> int:
    """About how much is to be written: the cells that differ."""
    return sum(
        sum(1 for before, after in zip(row, wanted, strict=True) if before != after)
        for row, wanted in zip(old, new, strict=True)
        if row != wanted
    )
