"""Groups that are one but for blanks, hyphens or accents: Book Club, Book-club, Bookclub.

Case alone never makes two groups: the book takes `choir` and `Choir` for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import ClassVar, Final

from coterie.core.cleanup.kind import Kind, Proposal, Usual, change
from coterie.core.cleanup.spellings import by_key, replaced
from coterie.core.model import Contact
from coterie.core.text import fold, group_key

_BETWEEN_FIGURES: Final = re.compile(r"(?<=\d)[\s\-_.]+(?=\d)")
_BETWEEN: Final = re.compile(r"[\s\-_.'’]+")
_LETTERS: Final = 3


class Groups(Kind):
    """Figures stay apart, and so does whatever else stands in a name: C, C++ and C# are three groups."""

    id: ClassVar[str] = "groups"
    title: ClassVar[str] = "Groups that differ only in case, blanks or hyphens"
    about: ClassVar[str] = "Their members move to the group that has most; a group without members goes."

    def propose(self, contact: Contact, usual: Usual) -> Proposal | None:
        """The contact in the groups that have most members."""
        if usual.groups.keys().isdisjoint(contact.groups):
            return None
        names = {group_key(name): name for name in (usual.groups.get(group, group) for group in contact.groups)}
        after = replace(contact, groups=tuple(sorted(names.values(), key=group_key)))
        old = ", ".join(group for group in contact.groups if group in usual.groups)
        return change(contact, after, "groups", f"{old} is written otherwise, too")


def fingerprint(name: str) -> str:
    """What makes two names one group; empty for what is too short to tell."""
    made = _BETWEEN.sub("", _BETWEEN_FIGURES.sub("|", fold(name)))
    return made if sum(map(str.isalpha, made)) >= _LETTERS else ""


def alike(names: Iterable[str]) -> list[str]:
    """Those that are one group with another one."""
    return [name for cluster in by_key(names, fingerprint).values() if len(cluster) > 1 for name in cluster]


def spellings(sizes: Mapping[str, int]) -> dict[str, str]:
    """Each group that gives way, and the one that stays, by their sizes."""
    clusters = by_key(sizes, fingerprint).values()
    return replaced((cluster for cluster in clusters if len(cluster) > 1), sizes)
