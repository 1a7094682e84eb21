"""What a file may have had before, in little memory whatever its size."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

_BITS: Final = 1 << 27


class Seen:
    """A set of keys that takes about one new key in a hundred for one that it has seen, and never the reverse.

    It takes 16 MB; a set of a million addresses would take 150.
    """

    def __init__(self) -> None:
        self._bits = bytearray(_BITS >> 3)

    def add(self, key: Hashable) -> bool:
        """Add a key; whether it may have been added before."""
        place = hash(key) & (_BITS - 1)
        flag = 1 << (place & 7)
        was_set = self._bits[place >> 3] & flag
        if not was_set:
            self._bits[place >> 3] |= flag
        return bool(was_set)
