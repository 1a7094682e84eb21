"""What several contacts have in common, for the form that edits them together."""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from coterie.core.fields import FIELDS
from coterie.core.fields.attributes import PLAIN
from coterie.core.fields.name_parts import NAME_PARTS
from coterie.core.model import Contact
from coterie.core.text import fold, group_key
from coterie.core.transform.targets import PARTS, Target

FIRST: Final = ("company", "job_title", "department", "emails", "phones", "notes")
SECOND: Final = ("name", *NAME_PARTS, *(key for key in PLAIN if key not in FIRST), "urls")
"""The fields that are set, cleared and replaced for several contacts at once, in the order of the form."""


@dataclass(frozen=True, slots=True)
class Common:
    """What several contacts have in common.

    Attributes:
        count: how many they are.
        values: the key of a field, or the part of an address -> the text that all have; None if they differ.
        groups: the names of the groups that any of them is in.
        favorite: whether all are favorites; None if they differ.
        customs: the name of each custom field that any of them has -> the same; the commonest first.
    """

    count: int
    values: Mapping[str, str | None]
    groups: tuple[str, ...]
    favorite: bool | None
    customs: Mapping[str, str | None] = field(default_factory=dict)

    @classmethod
    async def of(cls, contacts: AsyncIterable[Contact]) -> Common:
        """Read them once, keeping nothing but what they have in common."""
        count = 0
        values: dict[str, str | None] = {}
        groups: dict[str, str] = {}
        stars: set[bool] = set()
        customs: dict[str, _Custom] = {}
        open_keys = [*FIRST, *SECOND, *PARTS]
        async for contact in contacts:
            count += 1
            for key in open_keys.copy():
                text = _text(contact, key)
                if values.setdefault(key, text) != text:
                    values[key] = None
                    open_keys.remove(key)
            groups.update((group_key(name), name) for name in contact.groups)
            stars.add(contact.favorite)
            for heading, text in contact.custom.items():
                customs.setdefault(fold(heading), _Custom(heading, text)).count_in(text)
        names = tuple(sorted(groups.values(), key=str.casefold))
        common = {custom.heading: custom.text if custom.count == count else None
                  for custom in sorted(customs.values(), key=lambda custom: -custom.count)}  # fmt: skip
        return cls(count, values, names, stars.pop() if len(stars) == 1 else None, common)


@dataclass(slots=True)
class _Custom:
    """A custom field: how many have it, and the text that all of these have; None if they differ."""

    heading: str
    text: str | None
    count: int = 0

    def count_in(self, text: str) -> None:
        self.count += 1
        if text != self.text:
            self.text = None


def _text(contact: Contact, key: str) -> str:
    if key in PARTS:
        return "; ".join(Target("addresses", key).values(contact)) if contact.addresses else ""
    return FIELDS[key].read(contact)
