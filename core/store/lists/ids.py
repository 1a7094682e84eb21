"""The ids of a list in order, millions of them: taking some of them out, and putting others in the same order."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import compress, count, groupby, repeat, takewhile
from operator import itemgetter
from typing import Any, Final

from coterie.core.checks import Checks

_PIECE: Final = 1 << 15
_DIGITS: Final = bytes.maketrans(b"01", b"\0\1")


@dataclass(slots=True)
class OrderedIds:
    """The ids of a list, in order, and (once asked for) as a set."""

    ids: array[int]
    checks: Checks | None = None

    def in_order(self, some: array[int], stopped: Callable[[], bool] = lambda: False) -> array[int]:
        """Those of `some` that the list shows, in its order, once each; only some of them once `stopped` is true."""
        ordered = array("i")
        if len(some) <= _PIECE:
            few = set(some)
            for piece in _pieces(self.ids):
                ordered.extend([contact_id for contact_id in piece if contact_id in few])
            return ordered
        end = 1 + max(max(piece) for piece in _pieces(some))
        wanted = bytearray(end)
        for piece in _pieces(some):
            deque(map(wanted.__setitem__, piece, repeat(1)), maxlen=0)
        for piece in takewhile(lambda _: not stopped(), _pieces(self.ids)):
            ordered.extend([contact_id for contact_id in piece if contact_id < end and wanted[contact_id]])
        return ordered

    def among(self, wanted: bytes) -> array[int]:
        """Those that the list shows whose byte in `wanted` is 1, in its order."""
        ordered, end = array("i"), len(wanted)
        for piece in _pieces(self.ids):
            within = piece if max(piece) < end else array("i", [contact_id for contact_id in piece if contact_id < end])
            ordered.extend(array("i", compress(within, map(wanted.__getitem__, within))))
        return ordered

    def positions(self) -> array[int]:
        """The position of each id; -1 for what the list does not show."""
        positions = array("i", [-1]) * (1 + max((max(piece) for piece in _pieces(self.ids)), default=0))
        for number, piece in enumerate(_pieces(self.ids)):
            deque(map(positions.__setitem__, piece, count(number * _PIECE)), maxlen=0)
        return positions


def by_value(rows: Iterator[tuple[Any, ...]], base: OrderedIds) -> array[int]:
    """The ids of rows (id, value) in order, of equal values in that of `base`; last those of `base` without a row."""
    ids, places = array("i"), base.positions()
    end = len(places)
    for _, group in groupby(rows, itemgetter(1)):
        equal = [contact_id for contact_id, _ in group if contact_id < end and places[contact_id] >= 0]
        if len(equal) > _PIECE:
            ids += base.in_order(array("i", equal))
        else:
            equal.sort(key=places.__getitem__)
            ids.extend(equal)
    if len(ids) < len(base.ids):
        left = bytearray(b"\1") * end
        for piece in _pieces(ids):
            deque(map(left.__setitem__, piece, repeat(0)), maxlen=0)
        for piece in _pieces(base.ids):
            ids.extend([contact_id for contact_id in piece if left[contact_id]])
    return ids


def flags(checks: Checks) -> bytes:
    """One byte for each id from 0 on: 1 for what is checked."""
    return f"{checks.bits:b}".encode().translate(_DIGITS)[::-1]


def _pieces(ids: array[int]) -> Iterator[array[int]]:
    """`ids` in pieces: while C goes through a million at once, no other thread runs, and the screen stands still."""
    return (ids[start : start + _PIECE] for start in range(0, len(ids), _PIECE))
