"""What a bulk change is about, some thousand neighboring ids at a time: progress can be told, and it can be stopped.

Large parts cost nothing against one statement for all. A condition about the rows themselves is cheaper than a table of
ids to join with: checks are looked up as bytes, one for each id of a part.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from coterie.core.changes import Selection
from coterie.core.checks import Checks
from coterie.core.listing import Listing, Sort, View
from coterie.core.store.contacts.writer import Writer
from coterie.core.store.engine.database import Connection, listed, single
from coterie.core.store.engine.dialect import Dialect

_NARROW: Final = 2_000
_WIDE: Final = 32_000
_SECONDS: Final = (0.05, 0.2)
"""How long a part may take: words of progress come some times a second, at any speed of the machine and the change."""
_STATES: Final = {Listing(): 0, Listing(View.BIN): 1}
_FEW: Final = 200


@dataclass(frozen=True, slots=True)
class Part:
    """Some of what is selected.

    Attributes:
        first, last: its ids lie between these two.
        where: the condition of SQL about a row of `contact`.
        params: the parameters of the condition.
    """

    first: int
    last: int
    where: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    def between(self, column: str) -> str:
        """The condition that a column of ids is between the two."""
        return f"{column} BETWEEN {self.first} AND {self.last}"


class _Pace:
    """How many ids the next part has, by the time that the last one took."""

    def __init__(self) -> None:
        self.width = _NARROW
        self._begun = time.monotonic()

    def step(self) -> None:
        """Note that a part is done."""
        now = time.monotonic()
        shortest, longest = _SECONDS
        if now - self._begun < shortest:
            self.width = min(2 * self.width, _WIDE)
        elif now - self._begun > longest:
            self.width = max(self.width // 2, _NARROW)
        self._begun = now


async def parts_of(writer: Writer, selection: Selection) -> AsyncIterator[Part]:
    """All of what is selected, in the order of the ids; raises what the progress of `writer` raises."""
    connection = writer.connection
    if isinstance(selection, Checks):
        total, done, pace = len(selection), 0, _Pace()
        for part, count in _of_checks(selection, connection.dialect, pace):
            yield part
            pace.step()
            done += count
            writer.tell(done, total)
        return
    state = _STATES.get(selection.sorted_by(Sort().field)) if not selection.query.strip() else None
    if state is not None:
        total = single(await connection.rows(f"SELECT COUNT(*) FROM contact WHERE state = {state}"))
        async for part in spans(writer, "contact WHERE id", total):
            yield replace(part, where=f"{part.between('id')} AND state = {state}")
        return
    sql, params = await writer.resolve(selection)
    total = await connection.choose_from(sql, params)
    async for part in spans(writer, "chosen WHERE id", total):
        yield replace(part, where=f"id IN (SELECT id FROM chosen WHERE {part.between('id')})")


async def spans(writer: Writer, source: str, total: int) -> AsyncIterator[Part]:
    """The ids of a table, in parts; tells how many of `total` that may be.

    `source` is a table and the beginning of a condition that ends with the column: `contact WHERE id`.
    """
    connection, column, pace = writer.connection, source.rpartition(" ")[2], _Pace()
    lowest = first = await _least(connection, column, source, 0)
    highest = single(await connection.rows(f"SELECT MAX({column}) FROM {source} >= 0"))
    while first is not None and lowest is not None:
        last = first + pace.width - 1
        yield Part(first, last)
        pace.step()
        writer.tell(total * (min(last, highest) - lowest + 1) // (highest - lowest + 1), total)
        first = await _least(connection, column, source, last + 1)


async def _least(connection: Connection, column: str, source: str, least: int) -> int | None:
    lowest: int | None = single(await connection.rows(f"SELECT MIN({column}) FROM {source} >= {least}"))
    return lowest


def _of_checks(checks: Checks, dialect: Dialect, pace: _Pace) -> Iterator[tuple[Part, int]]:
    """Parts of checks, and how many are checked in each."""
    bits, first = checks.bits, 0
    while bits:
        width = pace.width
        gap = (bits & -bits).bit_length() - 1  # to the next one that is checked
        bits, first = bits >> gap, first + gap
        digits = f"{bits & ((1 << width) - 1):b}"[::-1]
        part, count = Part(first, first + len(digits) - 1), digits.count("1")
        if count <= _FEW:
            ids = listed([first + place for place, digit in enumerate(digits) if digit == "1"])
            yield replace(part, where=f"id IN ({ids})"), count
        else:
            test = dialect.digit_at(":checked", f"id - {first}")
            yield replace(part, where=f"{part.between('id')} AND {test}", params={"checked": digits.encode()}), count
        bits, first = bits >> width, first + width
