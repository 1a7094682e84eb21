"""The pairs that the duplicates dialog goes through: surer ones that are found later come before those not yet seen."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from heapq import heapify, heappop, heappush

from coterie.core.duplicates import Pair, ids_of, pack, unpack


class Pairs:
    """The pairs seen, in the order in which they were, and behind them those to come, the surest first."""

    def __init__(self) -> None:
        self._seen: list[Pair] = []
        self._coming: list[int] = []
        self._seen_ids: set[tuple[int, int]] = set()
        self._changed: set[int] = set()

    def __len__(self) -> int:
        return len(self._seen) + len(self._coming)

    def add(self, pairs: Iterable[Pair]) -> None:
        """Take in what a search of the whole book found; it may not know yet what was changed since."""
        for pair in pairs:
            if pair.a not in self._changed and pair.b not in self._changed:
                heappush(self._coming, pack(pair))

    def renew(self, contact_ids: Collection[int], pairs: Iterable[Pair]) -> None:
        """After a change of these contacts, the pairs that they are in now replace those to come."""
        self._changed.update(contact_ids)
        gone = set(contact_ids)
        self._coming = [number for number in self._coming if gone.isdisjoint(ids_of(number))]
        self._coming += [pack(pair) for pair in pairs if (pair.a, pair.b) not in self._seen_ids]
        heapify(self._coming)

    def at(self, place: int) -> Pair | None:
        """The pair at this place; the one behind all that were seen is the surest to come. None if there is none."""
        if place == len(self._seen) and self._coming:
            pair = unpack(heappop(self._coming))
            self._seen.append(pair)
            self._seen_ids.add((pair.a, pair.b))
        return self._seen[place] if 0 <= place < len(self._seen) else None

    def drop(self, place: int) -> None:
        """Forget the pair at this place: one of its contacts is gone."""
        pair = self._seen.pop(place)
        self._seen_ids.discard((pair.a, pair.b))

    def bring(self, contact_ids: tuple[int, int], place: int) -> None:
        """Bring the pair of these contacts, which is to come, to this place."""
        ids = (min(contact_ids), max(contact_ids))
        packed = next((number for number in self._coming if ids_of(number) == ids), None)
        if packed is not None:
            self._coming.remove(packed)
            heapify(self._coming)
            self._seen.insert(place, unpack(packed))
            self._seen_ids.add(ids)
