"""Pens: the styles of cells as SGR codes, and the shortest change from one to another (ECMA-48, 8.3.117)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

from coterie.tui.contrast import FIXED, nearest_fixed

BOLD_AND_DIM: Final = frozenset({1, 2})
_OFF: Final = {1: 22, 2: 22, 3: 23, 4: 24, 21: 24, 5: 25, 6: 25, 7: 27, 8: 28, 9: 29, 51: 54, 52: 54, 53: 55}
"""The code that ends each attribute."""

_SHOWS_ON_BLANKS: Final = frozenset({4, 21, 5, 6, 7, 9, 51, 52, 53})
"""Attributes that make a blank look different; bold, dim, italic and concealed blanks look like any other."""


class Pen(NamedTuple):
    """How a cell is drawn.

    Attributes:
        attributes: SGR codes that are on.
        foreground, background: the SGR codes of a color, such as `38;5;12`; empty for the terminal's own.
        link: the parameters of an OSC 8 link, `id=…;URL`; empty for none.
    """

    attributes: frozenset[int] = frozenset()
    foreground: str = ""
    background: str = ""
    link: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether a blank of this pen shows its background and nothing else."""
        return not (self.attributes & _SHOWS_ON_BLANKS or self.link)


DEFAULT: Final = Pen()


class Pens:
    """Numbers the pens in use, so that cells are compared by small numbers.

    Args:
        color_system: what colors are reduced to.
    """

    def __init__(self, color_system: ColorSystem = ColorSystem.TRUECOLOR) -> None:
        self._color_system = color_system
        self._numbers: dict[Pen, int] = {}
        self._styles: dict[Style, int] = {}
        self._changes: dict[tuple[int, int], str] = {}
        self.pens: list[Pen] = []
        self.blanks: list[int] = []
        """For each pen, the one that a blank drawn with it shows: only what a blank lets see."""
        self.default = self._number(DEFAULT)

    def of(self, style: Style | None) -> int:
        """The number of the pen that draws `style`."""
        if style is None:
            return self.default
        number = self._styles.get(style)
        if number is None:
            if len(self._styles) > 4096:  # styles differ by their meta too; the pens are few
                self._styles.clear()
            number = self._styles[style] = self._number(_pen(style, self._color_system))
        return number

    def change(self, before: int, after: int) -> str:
        """What to write so that the pen `before` becomes `after`."""
        change = self._changes.get((before, after))
        if change is None:
            old, new = self.pens[before], self.pens[after]
            change = min(_from_scratch(new), _step(old, new), key=len)
            if old.link != new.link:
                change += f"\x1b]8;{new.link or ';'}\x1b\\"
            self._changes[before, after] = change
        return change

    def _number(self, pen: Pen) -> int:
        number = self._numbers.get(pen)
        if number is None:
            number = self._numbers[pen] = len(self.pens)
            self.pens.append(pen)
            self.blanks.append(number)
            if pen.is_plain:
                self.blanks[number] = self._number(Pen(background=pen.background))
        return number


def _pen(style: Style, color_system: ColorSystem) -> Pen:
    """The pen that looks as Textual's own rendering of `style`."""
    few = color_system is ColorSystem.EIGHT_BIT  # Rich's own way there makes dark blues green
    codes = Strip.render_ansi(style, ColorSystem.TRUECOLOR if few else color_system)
    attributes, foreground, background = set(), "", ""
    parts = codes.split(";") if codes else []
    while parts:
        code = int(parts.pop(0))
        if code in {38, 48}:
            count = 2 if parts[0] == "5" else 4
            color = _shortest(code, tuple(parts[:count]), few)
            del parts[:count]
        else:
            color = str(code)
        if code in {38, 39} or 30 <= code <= 37 or 90 <= code <= 97:
            foreground = "" if code == 39 else color
        elif code in {48, 49} or 40 <= code <= 47 or 100 <= code <= 107:
            background = "" if code == 49 else color
        else:
            attributes.add(code)
    link = f"id={style.link_id};{style.link}" if style.link else ""
    return Pen(frozenset(attributes), foreground, background, link)


@lru_cache(1024)
def _shortest(code: int, parts: tuple[str, ...], few: bool) -> str:
    """A color given as `5;n` or `2;r;g;b`; an exact entry of the fixed part of xterm's palette takes fewer bytes.

    With `few`, the terminal knows no others, and the nearest will do.
    """
    if parts[0] == "2":
        red, green, blue = (int(part) for part in parts[1:])
        color = nearest_fixed((red, green, blue)) if few else (red, green, blue)
        if color in FIXED:
            return f"{code};5;{FIXED[color]}"
    return ";".join((str(code), *parts))


def _from_scratch(pen: Pen) -> str:
    codes = _codes(pen.attributes, pen.foreground, pen.background)
    return f"\x1b[0;{codes}m" if codes else "\x1b[m"


def _step(old: Pen, new: Pen) -> str:
    """Only what differs: what ends, then what begins."""
    ends = {_OFF[code] for code in old.attributes - new.attributes}
    begins = new.attributes - old.attributes
    if 22 in ends:  # it ends bold and dim alike
        begins |= new.attributes & BOLD_AND_DIM
    if 24 in ends:
        begins |= new.attributes & {4, 21}
    if 25 in ends:
        begins |= new.attributes & {5, 6}
    if 54 in ends:
        begins |= new.attributes & {51, 52}
    parts = [str(code) for code in sorted(ends)]
    foreground = "" if new.foreground == old.foreground else new.foreground or "39"
    background = "" if new.background == old.background else new.background or "49"
    if codes := _codes(begins, foreground, background):
        parts.append(codes)
    return f"\x1b[{';'.join(parts)}m" if parts else ""


def _codes(attributes: frozenset[int], foreground: str, background: str) -> str:
    return ";".join([*(str(code) for code in sorted(attributes)), *(part for part in (foreground, background) if part)])
