"""The search language in words, as the help of the search bar and docs/search.md show it."""

from __future__ import annotations

from typing import Final

from coterie.core.fields import SEARCHED
from coterie.core.fields.name_parts import NAME_PARTS
from coterie.core.query.tree import FLAG

FIELD_WORDS: Final = tuple(dict.fromkeys(spec.word for spec in SEARCHED.values()))
"""What each field is called in a search, in few letters."""

_SELDOM: Final = frozenset({*NAME_PARTS, FLAG, "created_at", "updated_at"})
_COMMON: Final = " ".join(dict.fromkeys(spec.word for spec in SEARCHED.values() if spec.key not in _SELDOM))

EXAMPLES: Final = (
    ("two words", "both must match, in any field"),
    ('"two words"', "this phrase"),
    ("-word", "not this word"),
    ("a OR b", "either word; brackets group"),
    ("company:acme", f"in one field: {_COMMON}"),
    ("field:=exact", "the whole field; field:~regex a regular expression"),
    ("is:favorite", "also is:duplicate, has:phone, missing:email, in:bin, id:12"),
    ("birthday:may", "also birthday:05-09, birthday:1990, birthday:<1980, birthday:today"),
    ('invited:"Summer party" answered:no', "also answered:yes, maybe or none; has:invited"),
    ("updated:<30d", "changed in the last 30 days; created:>2026-01-01"),
)
"""Pairs of what is typed and what it means."""


def fields_table() -> str:
    """The table of docs/search.md: every field with its names."""
    rows = [
        f"| `{spec.word}:` | {spec.label} | {' '.join(f'`{name}:`' for name in names if name != spec.word)} |"
        for spec in dict.fromkeys(SEARCHED.values())
        for names in [(spec.key, *spec.aliases)]
    ]
    return "\n".join(["| type | to search in | or type |", "|---|---|---|", *rows]) + "\n"
