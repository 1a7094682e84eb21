"""Taking over the terminal before Textual is there, and handing it over to its driver."""

from __future__ import annotations

import os
import re
import sys
import termios
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final

ALT_SCREEN: Final = "\x1b[?1049h"
_LEAVE: Final = "\x1b[?1049l\x1b[?25h"
_HIDE_CURSOR: Final = "\x1b[?25l"
_BLANKS: Final = re.compile(" {5,}")
_DIM, _PLAIN = "\x1b[2m", "\x1b[m"
_INPUT, _LOCAL = 0, 3
"""Places in what `termios.tcgetattr` returns."""

StyledLine = Sequence[tuple[str, bool]]
"""A line of text in pieces, from the left, each with whether it is dim."""


class Takeover:
    """The terminal, as long as nobody else has it: `with Takeover() as takeover: takeover.show(lines)`.

    Keys that are typed meanwhile are kept by the system for whoever reads next. At the end of the block the terminal is
    given back, unless the driver took it over (`hand_over`).

    Attributes:
        lines: what it shows, from the top.
        shown_size: the columns and lines that it had when they were shown.
    """

    def __init__(self) -> None:
        self.lines: Sequence[StyledLine] = ()
        self.shown_size = (0, 0)
        self._input = sys.__stdin__.fileno() if sys.__stdin__ is not None else 0
        self._output = output()
        self._attributes: list[Any] | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines; (0, 0) if the terminal does not tell."""
        try:
            width, height = os.get_terminal_size(self._output)
        except OSError:
            return 0, 0
        return width, height

    def show(self, lines: Sequence[StyledLine]) -> None:
        """Show lines of text on a screen of our own. What they hold must be printable and fit."""
        try:
            attributes = termios.tcgetattr(self._input)
            raw = list(attributes)
            # As Textual has it: no echo, no lines, no signals from keys, no flow control, no translation of CR.
            raw[_LOCAL] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
            raw[_INPUT] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
            termios.tcsetattr(self._input, termios.TCSANOW, raw)
        except termios.error:
            return
        self._attributes = attributes
        self.shown_size = self.size
        placed = [f"\x1b[{y}H{_written(line)}" for y, line in enumerate(lines, 1) if line]
        if self._write("".join((ALT_SCREEN, _HIDE_CURSOR, "\x1b[m\x1b[2J", *placed))):
            self.lines = lines

    def hand_over(self) -> list[Any] | None:
        """The attributes that the terminal had before, for whoever gives it back from now on; None: not taken over."""
        attributes, self._attributes = self._attributes, None
        return attributes

    def __enter__(self) -> Takeover:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if (attributes := self.hand_over()) is not None:
            self._write(_LEAVE)
            termios.tcsetattr(self._input, termios.TCSANOW, attributes)

    def _write(self, text: str) -> bool:
        rest = text.encode()
        try:
            while rest:
                rest = rest[os.write(self._output, rest) :]
        except OSError:  # the terminal is gone; the driver will find out
            return False
        return True


def _written(line: StyledLine) -> str:
    """A line that begins and ends with the plain pen."""
    text, dim = "", False
    for piece, is_dim in line:
        if is_dim != dim and not piece.isspace():
            text, dim = text + (_DIM if is_dim else _PLAIN), is_dim
        text += piece
    return _BLANKS.sub(_jump, text.rstrip()) + (_PLAIN if dim else "")


def _jump(blanks: re.Match[str]) -> str:
    """The way over blanks that are there already."""
    return f"\x1b[{len(blanks[0])}C"


def output() -> int:
    """The terminal to write to: standard error as Textual has it, or standard output if that was redirected."""
    for file in (sys.__stderr__, sys.__stdout__):
        if file is not None and os.isatty(file.fileno()):
            return file.fileno()
    return 2
