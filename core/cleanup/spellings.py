"""Clusters of spellings that mean the same, and the one that is used most: for names of companies and of groups.

Spellings meet by their fingerprint (no case, accents, blanks and punctuation) or because one is the other with a
typing error. Only those that share a fingerprint, or one without one of its letters, are compared.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import combinations
from typing import Final

Domains = Mapping[str, AbstractSet[str]]
"""The domains of the e-mail addresses behind each spelling."""

_LONG: Final = 8
"""Letters that a name must have before a typing error is looked for."""
_RARE: Final = 3
"""A spelling without a witness is a typing error only if another is so many times as frequent."""
_ALIKE: Final = 88
"""Of 100 by rapidfuzz, if both have addresses in one domain."""
_FIGURES: Final = re.compile(r"\d+")


def best_of(spellings: Iterable[str], counts: Mapping[str, int]) -> str:
    """The spelling that is used most; of equals one in mixed case, then one with few signs, then one with accents."""
    return max(spellings, key=lambda spelling: (counts[spelling], *_looks(spelling), spelling))


def _looks(name: str) -> tuple[bool, bool, int, bool]:
    """The better a spelling looks, the higher."""
    signs = sum(not (char.isalnum() or char.isspace()) for char in name)
    return not (name.isupper() or name.islower()), name[:1].isupper(), -signs, not name.isascii()


def replaced(clusters: Iterable[Collection[str]], counts: Mapping[str, int]) -> dict[str, str]:
    """Each spelling that gives way, and the one that stays."""
    made: dict[str, str] = {}
    for cluster in clusters:
        best = best_of(cluster, counts)
        made |= {spelling: best for spelling in cluster if spelling != best}
    return made


def by_key(spellings: Iterable[str], key: Callable[[str], str]) -> dict[str, list[str]]:
    """The spellings of each fingerprint; those without one are left out."""
    by_fingerprint: dict[str, list[str]] = defaultdict(list)
    for spelling in spellings:
        if made := key(spelling):
            by_fingerprint[made].append(spelling)
    return by_fingerprint


def mistyped(weights: Mapping[str, int], domains: Domains) -> Iterator[tuple[str, str]]:
    """Pairs (wrong, right) of fingerprints of which one is the other with a typing error.

    Args:
        weights: how often each fingerprint is used.
        domains: by fingerprint.
    """
    near: dict[str, list[str]] = defaultdict(list)
    for key in weights:
        if len(key) >= _LONG:
            near[key].append(key)
            for shorter in {key[:at] + key[at + 1 :] for at in range(1, len(key))}:
                near[shorter].append(key)
    seen: set[tuple[str, str]] = set()
    for group in near.values():
        for pair in combinations(sorted(set(group)), 2):
            if pair not in seen:
                seen.add(pair)
                wrong, right = sorted(pair, key=lambda key: (weights[key], key))
                if _is_mistyped(wrong, right, weights, domains):
                    yield wrong, right


def _is_mistyped(wrong: str, right: str, weights: Mapping[str, int], domains: Domains) -> bool:
    from rapidfuzz.fuzz import ratio

    if _FIGURES.findall(wrong) != _FIGURES.findall(right) or weights[wrong] == weights[right]:
        return False
    mine, theirs = domains.get(wrong, frozenset()), domains.get(right, frozenset())
    if mine & theirs:
        return bool(ratio(wrong, right, score_cutoff=_ALIKE))
    if (mine and theirs) or weights[right] < weights[wrong] * _RARE:
        return False
    return _is_swap(wrong, right) or _is_doubling(wrong, right)


def _is_swap(wrong: str, right: str) -> bool:
    """Whether two neighboring letters have changed places: lufthasna."""
    if len(wrong) != len(right):
        return False
    differ = [at for at, (a, b) in enumerate(zip(wrong, right, strict=True)) if a != b]
    return (
        len(differ) == 2
        and differ[1] == differ[0] + 1
        and wrong[differ[0]] == right[differ[1]]
        and wrong[differ[1]] == right[differ[0]]
    )


def _is_doubling(wrong: str, right: str) -> bool:
    """Whether a letter stands twice in one of them and once in the other: microsofft."""
    short, long = sorted((wrong, right), key=len)
    if len(long) != len(short) + 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return long[at] == long[at - 1] and short[at:] == long[at + 1 :]
