"""Messages that more than one part of the screen knows. A widget's own messages are nested in the widget."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class CommandChosen(Message):
    """A command was chosen with the mouse, from a bar or a menu.

    Attributes:
        command: its id in `tui.commands.COMMANDS`.
    """

    command: str


@dataclass
class Progressed(Message):
    """Long work got further. A newer one replaces those that nobody has read.

    Attributes:
        done: how many contacts are done.
        total: of how many; None if that is unknown.
    """

    done: int
    total: int | None

    def can_replace(self, message: Message) -> bool:
        """The newest says all."""
        return isinstance(message, Progressed)
