"""What a file holds that is no contact: listed with its place, reason and text, so that nothing is lost silently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from coterie.core.limits import LINE, ROW, count, excess
from coterie.core.model import Contact


@dataclass(frozen=True, slots=True)
class Reject:
    """A row or card that did not become a contact.

    Attributes:
        row: the number of the line in the file where it starts, counted from 1.
        reason: why, as one sentence for the user.
        text: the original text, so that it can be mended and imported again.
    """

    row: int
    reason: str
    text: str


_CUT: Final = " …"


def checked(contact: Contact, row: int, text: str) -> Contact | Reject:
    """The contact, or why it is too large to be one."""
    error = excess(contact)
    return Reject(row, str(error), shortened(text)) if error else contact


def shortened(text: str) -> str:
    """The beginning of a text that is too large to be mended by hand."""
    return text if len(text) <= LINE else text[:LINE] + _CUT


def lines_of(file: IO[str], too_long: list[Reject]) -> Iterator[str]:
    """The lines of a text file with their ends; one that is longer than a row may be is empty, and in `too_long`."""
    number = 0
    while line := file.readline(ROW):
        number += 1
        if len(line) < ROW:
            yield line
            continue
        reason = f"The line has more than {count(ROW)} characters, and was left out."
        too_long.append(Reject(number, reason, shortened(line)))
        while len(file.readline(ROW)) == ROW:
            pass
        yield "\n"
