"""Groups that other programs invent: `myContacts` holds everybody and is no group, `starred` is our favorite mark."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from coterie.core.text import clean_line, group_key

_STARRED: Final = frozenset({"starred", "starred in android"})
_EVERYBODY: Final = frozenset({"mycontacts", "my contacts", "othercontacts", "other contacts", "all contacts"})


def sort_out(names: Iterable[str]) -> tuple[tuple[str, ...], bool]:
    """The real groups among `names`, once each and in order, and whether one of the others is the favorite mark."""
    groups: dict[str, str] = {}
    favorite = False
    for name in names:
        cleaned = clean_line(name)
        key = group_key(cleaned)
        system = key.removeprefix("* ")
        if system in _STARRED:
            favorite = True
        elif cleaned and system not in _EVERYBODY:
            groups.setdefault(key, cleaned)
    return tuple(sorted(groups.values(), key=str.casefold)), favorite
