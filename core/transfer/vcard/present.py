"""The card that a server has, taken apart so that each of its lines can be put back byte for byte."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from coterie.core.model import Contact
from coterie.core.transfer.vcard.cards import unfold_placed
from coterie.core.transfer.vcard.draft import read_lines
from coterie.core.transfer.vcard.values import Head, decode, escape, fold, split_line
from coterie.core.transfer.vcard.writing import Version

_SATELLITES: Final = frozenset({"X-ABLABEL", "X-ABADR"})  # they belong to the other property of their group
_NUMBER: Final = re.compile(r"ITEM(\d+)", re.IGNORECASE)
_FREE: Final = frozenset({"LANGUAGE", "PREF", "ALTID", "PID"})
"""Parameters that say nothing about the value itself, and so outlive a change of it; those of X- do, too."""


@dataclass(slots=True, eq=False)
class Property:
    """A logical line of the present card.

    Attributes:
        line: unfolded.
        text: as it stands in the card, with its folds and the end of its last line.
        satellites: the lines that its group ties to it.
        written: the logical lines that stand here from now on; None if it stays as it is.
        before, after: new logical lines around it.
        value: what it says of a field that can have several values.
    """

    line: str
    head: Head
    text: str
    satellites: list[Property] = field(default_factory=list)
    written: list[str] | None = None
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    value: Any = None

    @property
    def all_lines(self) -> list[str]:
        """The line, with those that belong to it."""
        return [self.line, *(satellite.line for satellite in self.satellites)]

    def contact(self) -> Contact:
        """What it says alone."""
        return read_lines(self.all_lines).contact()

    def custom(self) -> dict[str, str]:
        """The custom fields that it makes alone."""
        return read_lines(self.all_lines).custom()

    def replace(self, lines: list[str], *, keep_satellites: bool = False) -> None:
        """Put other logical lines in its place; none to take it away."""
        self.written = lines
        for satellite in () if keep_satellites else self.satellites:
            satellite.written = []

    def with_value(self, raw: str) -> list[str] | None:
        """The line with another raw value and all its parameters; None if they may say something of the old one."""
        parameters = self.head.parameters.keys()
        if any(name not in _FREE and not name.startswith("X-") for name in parameters):
            return None
        old = split_line(self.line)[1]
        return [f"{self.line[: len(self.line) - len(old)]}{raw}"]

    @property
    def end(self) -> Property:
        """The last line of what belongs together."""
        return self.satellites[-1] if self.satellites else self

    @property
    def now(self) -> list[str]:
        """The logical lines that stand here from now on."""
        return [*self.before, *([self.line] if self.written is None else self.written), *self.after]

    @property
    def bytes_now(self) -> str:
        """As `now`, as they stand in the card."""
        own = self.text if self.written is None else _folded(self.written)
        return _folded(self.before) + own + _folded(self.after)


class PresentCard:
    """A card as the server has it.

    Attributes:
        blocks: every logical line, in its order.
        properties: those that are no satellite of another.
        version: of the card; the given one if the card is older than 3.0, as it is written anew then.
        is_rewritten: the card is older than 3.0, and its lines are put into a newer form.
        last_group: the highest number of a group (`item3`).
    """

    def __init__(self, lines: list[str], version: Version) -> None:
        placed = unfold_placed(lines)
        heads = [split_line(line) for line, _ in placed]
        stated = next((value.strip() for head, value in heads if head.name == "VERSION"), "")
        self.is_rewritten = stated not in {"3.0", "4.0"}
        self.version: Version = version if self.is_rewritten else "4.0" if stated == "4.0" else "3.0"
        ends = [start for _, start in placed[1:]] + [len(lines)]
        self.blocks = [
            Property(line, head, self._text(line, head, lines[start:end]))
            for (line, start), (head, _), end in zip(placed, heads, ends, strict=True)
            if head.name != "VERSION" or not self.is_rewritten
        ]
        self.properties = _tied(self.blocks)
        numbers = [int(match[1]) for block in self.blocks if (match := _NUMBER.match(block.line))]
        self.last_group = max(numbers, default=0)

    def _text(self, line: str, head: Head, physical: list[str]) -> str:
        if self.is_rewritten:
            return fold(_as_line(line, head))
        return "".join(f"{part}\r\n" for part in physical)

    def text(self, end: list[str]) -> str:
        """The card from now on; `end` are new logical lines."""
        body = "".join([block.bytes_now for block in self.blocks]) + _folded(end)
        version = f"VERSION:{self.version}\r\n" if self.is_rewritten else ""
        return f"BEGIN:VCARD\r\n{version}{body}END:VCARD\r\n"

    @property
    def is_changed(self) -> bool:
        """Whether any line is another one now."""
        return any(block.written is not None or block.before or block.after for block in self.blocks)


def _tied(blocks: list[Property]) -> list[Property]:
    """Tie satellites to their properties; the others."""
    others: list[Property] = []
    by_group: dict[str, Property] = {}
    for block in blocks:
        if block.head.name in _SATELLITES and block.head.group:
            continue
        others.append(block)
        if block.head.group:
            by_group.setdefault(block.head.group, block)
    for block in blocks:
        if block.head.name in _SATELLITES and block.head.group in by_group:
            by_group[block.head.group].satellites.append(block)
    return others


def _folded(lines: list[str]) -> str:
    return "".join([fold(line) for line in lines])


def _as_line(line: str, head: Head) -> str:
    """A logical line of an old card as it is valid in vCard 3.0 and 4.0."""
    raw = split_line(line)[1]
    if head.quoted_printable:
        group = f"{head.group}." if head.group else ""
        return f"{group}{head.name}:{escape(decode(head, raw, 'cp1252'))}"
    return line.replace("\n", "" if head.binary else "\\n")
