"""What is typed, as events: keys, pastes, the mouse, and the terminal's answers."""

from __future__ import annotations

import os
import select
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from textual import constants

from coterie.tui.terminal.flow import ANSWER

if TYPE_CHECKING:
    from textual.message import Message

    from coterie.tui.terminal.textual_private import KeyParser

ESCAPE_WAIT: Final = constants.ESCAPE_DELAY if "ESCDELAY" in os.environ else 0.025
"""Seconds after which a lone ESC is the escape key. Terminals send the sequences of other keys in one piece."""


def events_from(fileno: int, wake: int, parser: KeyParser, answers: Answers) -> Iterator[Message]:
    """Yield what is typed, until something can be read from `wake`.

    Raises EOFError when the terminal is gone.
    """
    decode = getincrementaldecoder("utf-8")("replace").decode
    while True:
        is_pending = parser.is_waiting or answers.is_pending
        ready, _, _ = select.select([fileno, wake], [], [], ESCAPE_WAIT if is_pending else None)
        if wake in ready:
            return
        if ready:
            if text := answers.without(decode(_read(fileno))):
                yield from parser.feed(text)
        else:
            if text := answers.give_up():
                yield from parser.feed(text)
            yield from parser.give_up()


def _read(fileno: int) -> bytes:
    try:
        read = os.read(fileno, 4096)
    except OSError as error:
        raise EOFError from error
    if not read:
        raise EOFError
    return read


class Answers:
    """Takes the terminal's answers out of what is read, also if they come in pieces.

    Args:
        answered: called at each answer.
    """

    def __init__(self, answered: Callable[[], None]) -> None:
        self._answered = answered
        self._kept = ""

    @property
    def is_pending(self) -> bool:
        """Whether the beginning of what may be an answer is kept back."""
        return bool(self._kept)

    def without(self, text: str) -> str:
        """`text` without the answers in it."""
        text = self._kept + text
        self._kept = ""
        while ANSWER in text:
            text = text.replace(ANSWER, "", 1)
            self._answered()
        for size in range(len(ANSWER) - 1, 0, -1):
            if text.endswith(ANSWER[:size]):
                self._kept = text[-size:]
                return text[:-size]
        return text

    def give_up(self) -> str:
        """What was kept back, as the rest of an answer did not come."""
        kept, self._kept = self._kept, ""
        return kept
