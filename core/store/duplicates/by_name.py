"""Who has a name like somebody else's and a second sign besides: in a whole book, with little memory.

Contacts are brought together by their second signs (`core.duplicates.second_signs`), and those who share one by the
parts of their names. Who shares a sign is kept as eight bytes for each, in arrays: dictionaries of lists would take
gigabytes for a million contacts. The work comes in pieces of some milliseconds, so that a screen stays alive beside
the thread that does it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final

from coterie.core.duplicates import LIKENESS, MAX_SHARING, are_alike, name_key, name_tokens, second_signs

_MOST_BUCKETS: Final = 512
_OF_A_BUCKET: Final = 2000  # contacts
MOST: Final = 1_500_000
"""So many contacts are compared by name at once; more are read several times, for a part of the signs each time."""
_MANY: Final = 5000  # of one company, whose names are sorted in buckets too
_PLACE_BITS: Final = 32
_SIGN_MASK: Final = (1 << 64 - _PLACE_BITS) - 1
_PLACE_MASK: Final = (1 << _PLACE_BITS) - 1

Ids = tuple[int, int]
NameRow = tuple[int, str, str, str, str | None, bool]
"""(id, name, nickname, folded company, keys of the e-mail addresses, one a line, whether there is a number)."""


class _Sharing:
    """Which places share a sign. A part of its hash is kept: who meets by chance is thrown out by comparing.

    Args:
        buckets: how many sorted lists to spread the signs over.
    """

    def __init__(self, buckets: int) -> None:
        self._buckets = [array("Q") for _ in range(buckets)]

    def add(self, sign: int, place: int) -> None:
        """Note that `place` has the sign of this hash, once."""
        bucket = self._buckets[sign % len(self._buckets)]
        bucket.append((sign >> 9 & _SIGN_MASK) << _PLACE_BITS | place)

    def groups(self, bucket: int) -> Iterator[list[int]]:
        """The places that share a sign of this bucket, in their order. Empties the bucket."""
        places: list[int] = []
        before = -1
        for number in sorted(self._buckets[bucket]):
            sign = number >> _PLACE_BITS
            if sign != before:
                if len(places) > 1:
                    yield places
                places = []
                before = sign
            places.append(number & _PLACE_MASK)
        if len(places) > 1:
            yield places
        self._buckets[bucket] = array("Q")


class Names:
    """The names of all contacts, and who shares a sign.

    Args:
        contacts: how many there are, roughly.
        part, parts: only the signs of this part of so many are looked at.

    Attributes:
        buckets: the signs are in so many buckets, which are sorted one after the other.
    """

    def __init__(self, contacts: int, part: int = 0, parts: int = 1) -> None:
        self.buckets = min(_MOST_BUCKETS, contacts // _OF_A_BUCKET + 1)
        self._part = part
        self._parts = parts
        self._ids = array("q")
        self._is_bare = bytearray()
        self._names = bytearray()
        self._ends = array("Q", [0])
        self._by_name = _Sharing(self.buckets)
        self._by_second = _Sharing(self.buckets)

    def add(self, rows: Iterable[NameRow]) -> None:
        """Take in these contacts, which come in the order of their ids."""
        for contact_id, name, nickname, company, emails, has_number in rows:
            key = name_key(name or nickname)
            if not key:
                continue
            place = len(self._ids)
            self._ids.append(contact_id)
            self._is_bare.append(not emails and not has_number)
            self._names += key.encode()
            self._ends.append(len(self._names))
            if self._is_mine(sign := hash(key)):
                self._by_name.add(sign, place)
            for second in second_signs(emails.split("\n") if emails else (), company):
                if self._is_mine(sign := hash(second)):
                    self._by_second.add(sign, place)

    def _is_mine(self, sign: int) -> bool:
        return self._parts == 1 or sign // _MOST_BUCKETS % self._parts == self._part

    def candidates(self, bucket: int) -> set[Ids]:
        """The ids of who may be a pair, by the signs of one bucket. Empties the bucket."""
        pairs: set[Ids] = set()
        for places in self._by_name.groups(bucket):
            if len(places) <= MAX_SHARING and any(self._is_bare[place] for place in places):
                # A name is a reason by itself only if one of the two has nothing else.
                pairs.update(
                    (self._ids[first], self._ids[second])
                    for first, second in combinations(places, 2)
                    if self._is_bare[first] or self._is_bare[second]
                )
        for places in self._by_second.groups(bucket):
            pairs.update((self._ids[first], self._ids[second]) for first, second in self._of_one_sign(places))
        return pairs

    def _of_one_sign(self, places: Sequence[int]) -> Iterator[Ids]:
        """Who has the same name or a similar one, of those who share a second sign; not what very many share."""
        if len(places) <= MAX_SHARING:
            yield from self._alike(places)
            return
        for namesakes in self._sharing(places, lambda name: (name,)):
            yield from combinations(namesakes, 2)
        for group in self._sharing(places, name_tokens):
            yield from self._alike(group)

    def _sharing(self, places: Sequence[int], signs: Callable[[str], Iterable[str]]) -> Iterator[list[int]]:
        """Who of these shares one of the signs of their names, if they are not too many."""
        buckets = len(places) // _MANY + 1
        sharing = _Sharing(buckets)
        for place in places:
            for sign in signs(self._name(place)):
                sharing.add(hash(sign), place)
        for bucket in range(buckets):
            yield from (group for group in sharing.groups(bucket) if len(group) <= MAX_SHARING)

    def _alike(self, places: Sequence[int]) -> Iterator[Ids]:
        from rapidfuzz.fuzz import ratio

        names = list(map(self._name, places))
        with_initial = [any(len(token) == 1 for token in name.split(" ")) for name in names]
        for left, right in combinations(range(len(places)), 2):
            first, second = names[left], names[right]
            # A quick look first: nearly none of them are alike.
            if first == second or (
                (ratio(first, second, score_cutoff=LIKENESS) or with_initial[left] or with_initial[right])
                and are_alike(first, second)
            ):
                yield places[left], places[right]

    def _name(self, place: int) -> str:
        return self._names[self._ends[place] : self._ends[place + 1]].decode()
