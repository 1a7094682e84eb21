"""Checks: which contacts are checked, as one bit for each id - a million checks take 125 kB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


def _bits(ids: Iterable[int]) -> int:
    flags = bytearray()
    for one in ids:
        place = one >> 3
        if place >= len(flags):
            flags.extend(bytes(max(place + 1 - len(flags), len(flags))))
        flags[place] |= 1 << (one & 7)
    return int.from_bytes(flags, "little")


@dataclass(frozen=True, slots=True, repr=False)
class Checks:
    """An immutable set of contact ids with the operations of the check keys. Equal sets are equal values."""

    bits: int = 0

    @classmethod
    def of(cls, ids: Iterable[int]) -> Checks:
        """The checks of these ids."""
        return cls(_bits(ids))

    def __repr__(self) -> str:
        return f"Checks({len(self):,} checked)"

    def __len__(self) -> int:
        return self.bits.bit_count()

    def __bool__(self) -> bool:
        return self.bits != 0

    def __contains__(self, contact_id: object) -> bool:
        return isinstance(contact_id, int) and bool(self.bits >> contact_id & 1)

    def __iter__(self) -> Iterator[int]:
        data = self.bits.to_bytes((self.bits.bit_length() + 7) // 8, "little")
        for place, byte in enumerate(data):
            if byte:
                yield from (place * 8 + bit for bit in range(8) if byte >> bit & 1)

    def __or__(self, other: Checks) -> Checks:
        return Checks(self.bits | other.bits)

    def __and__(self, other: Checks) -> Checks:
        return Checks(self.bits & other.bits)

    def __sub__(self, other: Checks) -> Checks:
        return Checks(self.bits & ~other.bits)

    def __xor__(self, other: Checks) -> Checks:
        return Checks(self.bits ^ other.bits)

    def toggled(self, contact_id: int) -> Checks:
        """These checks with one turned over."""
        return Checks(self.bits ^ 1 << contact_id)
