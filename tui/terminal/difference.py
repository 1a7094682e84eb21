"""Writing runs of cells with as few bytes as possible.

The sequences are those of ECMA-48 and of DEC terminals (VT102, VT220): CUP, CUF, CUB, CUU, CUD, CHA, EL, ECH, ED,
DECSTBM, IL, DL and SGR, and VT, which moves down a line and keeps the column (LF would cost two bytes: terminal drivers
write CR LF for it). The pen and the place of the cursor are carried from run to run and from frame to frame.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from coterie.tui.terminal import stops
from coterie.tui.terminal.capabilities import Capabilities
from coterie.tui.terminal.pens import Pens
from coterie.tui.terminal.rows import Cell, Row, is_uncertain

SHORT_GAP = 4
"""So many equal cells between two runs are rewritten rather than jumped over: a jump takes four bytes."""

LONG_BLANK, LAST_BLANK = 10, 5
"""From so many blanks on, erasing and moving on takes fewer bytes than writing them; at the end of a run, where the
cursor goes elsewhere anyway, it is worth it sooner."""

FAR_DOWN = 3
"""So many lines are gone down one by one at most."""


class Writer:
    """Collects what to write, and knows where cursor and pen are after it.

    Attributes:
        runs: how many runs have been begun since the last `take`.
    """

    def __init__(self, pens: Pens, capabilities: Capabilities, width: int, height: int) -> None:
        self._pens = pens
        self._capabilities = capabilities
        self._width = width
        self._height = height
        self._out: list[str] = []
        # None: unknown. Everything is, until something was written that says where and how.
        self._pen: int | None = None
        self._x: int | None = None
        self._y: int | None = None
        self._stops: Sequence[int] = ()
        self.runs = 0

    def take(self) -> str:
        """What has been written since the last time."""
        text = "".join(self._out)
        self._out.clear()
        self.runs = 0
        return text

    def clear(self) -> None:
        """Blank the whole screen, with the default pen: terminals differ on the color otherwise."""
        self._use(self._pens.default)
        self._out.append("\x1b[H\x1b[J")
        self._x = self._y = 0

    def rest(self, x: int, y: int) -> None:
        """Leave the cursor at (x, y), where terminals open the windows of input methods."""
        self._move(x, y)

    def scroll(self, top: int, bottom: int, by: int) -> None:
        """Move the lines from `top` to `bottom` up by `by` (down if negative); default blanks come in."""
        self._use(self._pens.default)
        self._out.append(f"\x1b[{top + 1};{bottom + 1}r")
        self._x = self._y = None  # DECSTBM moves it home, as most terminals have it
        self._move(0, top)
        count = abs(by) if abs(by) > 1 else ""
        self._out.append(f"\x1b[{count}{'M' if by > 0 else 'L'}\x1b[r")
        self._x = self._y = None
        self.runs += 2

    def set_stops(self, columns: Sequence[int]) -> None:
        """Let tabs lead to these columns, until `reset_stops`."""
        self._stops = columns
        self._out.append(stops.begin(columns))
        self._x = columns[-1]

    def reset_stops(self) -> None:
        """Let tabs lead where they do by themselves."""
        self._stops = ()
        self._out.append(stops.again(self._width))
        self._x = (self._width - 1) // stops.EVERY * stops.EVERY

    def column(self, x: int, first: int, last: int, cell: Cell) -> None:
        """Write `cell`, a letter of one column, at `x` in the lines `first` to `last`."""
        letter, pen = cell
        self._move(x, first)
        self._use(pen)
        # If wrapping is off, the cursor stays in the last column.
        down = "\v" if x == self._width - 1 else "\v\b"
        self._out.append(down.join([letter] * (last - first + 1)))
        self._y = last
        self._advance(x, x + 1)
        self.runs += 1

    def line(self, y: int, old: Row, new: Row) -> None:
        """Make the line `y`, which shows `old`, show `new`."""
        changed = [x for x, (before, after) in enumerate(zip(old, new, strict=True)) if before != after]
        if not changed:
            return
        end = self._erasable_from(new)
        erases = sum(1 for x in changed if x >= end) > SHORT_GAP
        if erases:
            kept = [x for x in changed if x < end]
            self._write(
                y, new, [(first, min(last, end)) for first, last in self._runs(_whole_letters(kept, old, new), new)]
            )
            self._erase_to_end(y, max(end, min(x for x in changed if x >= end)), new)
        else:
            self._write(y, new, self._runs(_whole_letters(changed, old, new), new))

    # Parts -----------------------------------------------------------------------------------------------------

    def _can_erase(self, pen: int) -> bool:
        """Whether erased cells look like blanks of `pen`."""
        value = self._pens.pens[pen]
        return value.is_plain and (not value.background or self._capabilities.background_erase)

    def _erasable_from(self, row: Row) -> int:
        """Where the blanks begin that reach to the end of the line; its width if there are none to erase."""
        last = row[-1]
        if last[0] != " " or not self._can_erase(last[1]):
            return len(row)
        x = len(row)
        while x and row[x - 1] == last:
            x -= 1
        return x

    def _erase_to_end(self, y: int, x: int, row: Row) -> None:
        self._move(x, y)
        self._use(self._pens.blanks[row[-1][1]], plain=True)
        self._out.append("\x1b[K")
        self.runs += 1

    def _runs(self, changed: list[int], row: Row) -> list[tuple[int, int]]:
        """Where to begin and end writing: neighbors together, and over short gaps that need no other pen."""
        runs: list[tuple[int, int]] = []
        for x in changed:
            if runs and (x == runs[-1][1] or self._bridges(row, runs[-1][1], x)):
                runs[-1] = runs[-1][0], x + 1
            else:
                runs.append((x, x + 1))
        return runs

    def _bridges(self, row: Row, start: int, end: int) -> bool:
        """Whether it is shorter to write the cells from `start` to `end` than to jump over them."""
        pen = row[start - 1][1]
        if end - start > SHORT_GAP:
            # Blanks of which the first and the last ones changed are erased at once.
            blank = row[start]
            return blank[0] == " " and self._can_erase(pen) and row[start - 1 : end + 1].count(blank) == end - start + 2
        suiting = {pen, self._pens.blanks[pen]}
        return all(
            len(letter) == 1 and letter.isascii() and other in suiting and (letter == " " or other == pen)
            for letter, other in row[start:end]
        )

    def _write(self, y: int, row: Row, runs: list[tuple[int, int]]) -> None:
        for place, (first, last) in enumerate(runs):
            following = row[runs[place + 1][0]][1] if place + 1 < len(runs) else None
            self._run(y, row, first, last, following)

    def _run(self, y: int, row: Row, first: int, last: int, following: int | None) -> None:
        """Write the cells from `first` to `last`; after them the pen `following` will be needed, if that is known."""
        self._move(first, y)
        self.runs += 1
        x = first
        while x < last:
            letter, pen = row[x]
            if letter == " ":
                x = self._blanks(y, row, x, last, following)
                continue
            if pen != self._pen:
                self._use(pen)
            end = x + 1
            if letter.isascii():
                while end < last and row[end][1] == pen and row[end][0].isascii() and row[end][0]:
                    if row[end] == row[end - 1] and self._is_long_blank(row, end - 1, last):
                        end -= 1
                        break
                    end += 1
                self._out.append("".join([cell[0] for cell in row[x:end]]))
                self._advance(x, end)
            else:
                while end < last and not row[end][0]:
                    end += 1
                self._out.append(letter)
                self._advance(x, end)
                if is_uncertain(letter):
                    self._x = None
                    if end < last:
                        self._move(end, y)
            x = end

    def _blanks(self, y: int, row: Row, x: int, last: int, following: int | None) -> int:
        """Write the equal blanks from `x` on; returns where they end."""
        cell = row[x]
        end = x + 1
        while end < last and row[end] == cell:
            end += 1
        count, pen = end - x, cell[1]
        if count >= (LONG_BLANK if end < last else LAST_BLANK) and self._can_erase(pen):
            self._use(pen, plain=True)
            self._out.append(f"\x1b[{count}X")
            if end < last:
                self._move(end, y)
            return end
        if self._pen is None or self._pens.blanks[self._pen] != pen:
            if end < last:
                following = row[end][1]
            # Borrow the pen of what follows, if the blanks look the same with it.
            suits = following is not None and self._pens.blanks[following] == pen
            self._use(following if following is not None and suits else pen)
        self._out.append(" " * count)
        self._advance(x, end)
        return end

    def _is_long_blank(self, row: Row, x: int, last: int) -> bool:
        """Whether it is better to erase the blanks from `x` on than to write them."""
        end = x + LAST_BLANK
        if row[x][0] != " " or end > last or row[x:end].count(row[x]) < LAST_BLANK:
            return False
        if end == last or row[end : x + LONG_BLANK].count(row[x]) == LONG_BLANK - LAST_BLANK:
            return self._can_erase(row[x][1])
        return last < x + LONG_BLANK and row[end:last].count(row[x]) == last - end

    def _advance(self, x: int, end: int) -> None:
        # In the last column terminals differ on where the cursor is now.
        self._x = end if end < self._width else None

    def _use(self, pen: int, plain: bool = False) -> None:
        """Take up `pen`. With `plain` any pen will do whose erased cells look the same."""
        if self._pen is None:
            self._out.append("\x1b[m")
            self._pen = self._pens.default
        if plain and self._pens.blanks[self._pen] == pen and self._pens.pens[self._pen].is_plain:
            return
        if pen != self._pen:
            self._out.append(self._pens.change(self._pen, pen))
            self._pen = pen

    def _move(self, x: int, y: int) -> None:
        """Bring the cursor to (x, y) by the shortest way."""
        if (x, y) == (self._x, self._y):
            return
        row = str(y + 1) if y else ""
        ways = [f"\x1b[{row};{x + 1}H" if x else f"\x1b[{row}H"]
        if self._y == y:
            ways += self._along(self._x, x)
        elif self._y is not None:
            down = y - self._y
            if 0 < down <= FAR_DOWN and self._capabilities.vertical_tab:
                ways += ["\v" * down + way for way in self._along(self._x, x)]
                ways += ["\r" + "\v" * down + way for way in self._along(0, x)]
            elif down == 1:
                ways += [f"\r\n{way}" for way in self._along(0, x)]
            if x == self._x:
                count = abs(y - self._y)
                ways.append(f"\x1b[{count if count > 1 else ''}{'B' if y > self._y else 'A'}")
        self._out.append(min(ways, key=_length))
        self._x, self._y = x, y

    def _along(self, x: int | None, to: int) -> list[str]:
        """Ways from column `x` to column `to` of the same line, with the present stops."""
        ways = _along(x, to)
        if self._stops and x is not None and x < to:
            passed = bisect_right(self._stops, to) - bisect_right(self._stops, x)
            if passed:
                ways += ["\t" * passed + way for way in _along(self._stops[bisect_right(self._stops, to) - 1], to)]
        return ways


def _length(text: str) -> int:
    """The bytes on the wire: terminal drivers write CR LF for LF (ONLCR)."""
    return len(text) + text.count("\n")


def _along(x: int | None, to: int) -> list[str]:
    """Ways from column `x` to column `to` of the same line."""
    if x == to:
        return [""]
    ways = ["\r"] if to == 0 else [f"\x1b[{to + 1}G"]
    if x is not None:
        count = abs(to - x)
        ways.append(f"\x1b[{count if count > 1 else ''}{'C' if to > x else 'D'}")
        if to < x:
            ways.append("\b" * count)
    return ways


def _whole_letters(changed: list[int], old: Row, new: Row) -> list[int]:
    """`changed`, and the other halves of wide letters: to write on one half destroys the letter that was there."""
    if all(cell[0] for cell in new) and all(cell[0] for cell in old):
        return changed
    touched = set(changed)
    queue = list(changed)
    width = len(new)
    while queue:
        x = queue.pop()
        for row in (old, new):
            x1 = x
            while x1 > 0 and not row[x1][0]:
                x1 -= 1
            x2 = x + 1
            while x2 < width and not row[x2][0]:
                x2 += 1
            for other in range(x1, x2):
                if other not in touched:
                    touched.add(other)
                    queue.append(other)
    return sorted(touched) if len(touched) != len(changed) else changed
