"""Reading texts in which each line says what it holds, and a blank line ends a contact.

Name: Ada King
E-mail: ada@example.org
Phone: +44 20 7946 0958
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from coterie.core.model import Contact
from coterie.core.transfer.csv.contacts import RowReader
from coterie.core.transfer.csv.headings import target_of
from coterie.core.transfer.csv.mapping import map_columns
from coterie.core.transfer.mail_programs import TextFile
from coterie.core.transfer.reject import Reject, checked

_LINE: Final = re.compile(r"\s*([^\W\d_][^:,;\t]{0,40}?)\s*:(?:\s+(.*))?")
_WHO: Final = frozenset({"name", "name?", "given_name", "family_name", "email", "company"})
_FEWEST: Final = 2


def looks_like_labelled_lines(sample: str) -> bool:
    """Whether a text begins with lines that have a label each, of which one says who somebody is."""
    lines = sample.lstrip("\ufeff \r\n").replace("\r", "").split("\n\n")[0].split("\n")
    matches = [_LINE.fullmatch(line) for line in lines if line.strip() and not line[0].isspace()]
    labels = [match[1] for match in matches if match]
    known = {target.partition(":")[0] for label in labels if (target := target_of(label))}
    is_all = len(labels) == len(matches) == len({label.casefold() for label in labels})
    return is_all and len(known) >= _FEWEST and not known.isdisjoint(_WHO)


class LabelledLines(TextFile):
    """The contacts in a text of labelled lines."""

    layout = "Labelled lines"

    def read(self) -> Iterator[Contact | Reject]:
        """The contacts, and the blocks of lines that hold none."""
        start, block = 0, list[str]()
        for number, line in self._lines():
            if line.strip():
                start = start if block else number
                block.append(line.rstrip())
            elif block:
                yield _contact(start, block)
                block = []
        if block:
            yield _contact(start, block)
        yield from self._too_long


def _contact(start: int, block: list[str]) -> Contact | Reject:
    text = "\n".join(block)
    cells: dict[str, str] = {}
    for line in block:
        if match := _LINE.fullmatch(line):
            label, value = match[1], (match[2] or "").strip()
        elif cells:  # goes on with what the line before holds
            value = line.strip()
        else:
            return Reject(start, f"“{line.strip()}” has no label.", text)
        cells[label] = f"{cells[label]}\n{value}".strip() if label in cells else value
    cells = {label: value for label, value in cells.items() if value}
    targets, vocabulary = map_columns(list(cells), [[cell] for cell in cells.values()])
    result = RowReader(list(cells), targets, vocabulary, "").read(list(cells.values()))
    if isinstance(result, Contact):
        return checked(result, start, text)
    return Reject(start, str(result).replace("The row", "The block of lines", 1), text)
