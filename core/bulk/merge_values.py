"""Merging value by value: what several contacts say, which of it stays, and the plan that comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from coterie.core.bulk.merging import CHOSEN, merge_into, merged
from coterie.core.certain import richest
from coterie.core.changes import Plan
from coterie.core.fields import FIELDS
from coterie.core.fields.values import with_value
from coterie.core.labelled import field_of
from coterie.core.merge import IDENTITIES
from coterie.core.model import Contact
from coterie.core.text import group_key

_LISTS: Final = tuple(IDENTITIES)
_KEPT: Final = (*_LISTS, "favorite", "notes", "custom")
"""Fields of which all values are kept, unless the user leaves one out."""


@dataclass(frozen=True, slots=True)
class Value:
    """Something that one or more of the contacts say.

    Attributes:
        field: the key of the field.
        text: as users read it.
        holders: the places of the contacts that say it.
        identity: what makes it one value, within its field.
    """

    field: str
    text: str
    holders: tuple[int, ...]
    identity: object

    @property
    def label(self) -> str:
        """What its field is called."""
        shown = field_of(*self.identity) if self.field == "custom" and isinstance(self.identity, tuple) else self.field
        return FIELDS[shown].label

    @property
    def is_one_of(self) -> bool:
        """Whether only one value of the field can stay; else each is kept or left out by itself."""
        return self.field in CHOSEN


@dataclass(frozen=True, slots=True)
class Choices:
    """Several stored contacts that become one, and what the user has chosen so far.

    Attributes:
        contacts: two or more.
        keep: the place of the one that stays; the others go to the Bin.
        taken: fields of which one value stays, with the place of a contact that says it.
        left_out: the fields and identities of values that are not kept.
    """

    contacts: tuple[Contact, ...]
    keep: int
    taken: Mapping[str, int] = field(default_factory=dict)
    left_out: frozenset[tuple[str, object]] = frozenset()

    @classmethod
    def of(cls, contacts: Sequence[Contact]) -> Choices:
        """What is proposed: the contact that says most stays, and all values are kept."""
        return cls(tuple(contacts), contacts.index(richest(contacts)))

    def values(self) -> list[Value]:
        """All that the contacts say, field by field."""
        return [value for key in (*CHOSEN, *_KEPT) for value in self._of_field(key)]

    def _of_field(self, key: str) -> list[Value]:
        values: dict[object, tuple[str, list[int]]] = {}
        for place, contact in enumerate(self.contacts):
            for identity, text in _said(contact, key):
                values.setdefault(identity, (text, []))[1].append(place)
        return [Value(key, text, tuple(holders), identity) for identity, (text, holders) in values.items()]

    def stays(self, value: Value) -> bool:
        """Whether a value stays as it is; one that does not is put among the custom fields, or left out."""
        if value.is_one_of:
            return self._taken(value.field) in value.holders
        return (value.field, value.identity) not in self.left_out

    def _taken(self, key: str) -> int:
        """The place of the contact whose value of the field stays."""
        if key in self.taken:
            return self.taken[key]
        places = (self.keep, *range(len(self.contacts)))
        return next((place for place in places if getattr(self.contacts[place], key)), self.keep)

    def turned(self, value: Value) -> Choices:
        """The value stays; if it stays already and can be left out, it is."""
        if value.is_one_of:
            return replace(self, taken={**self.taken, value.field: value.holders[0]})
        return replace(self, left_out=self.left_out ^ {(value.field, value.identity)})

    def all_of(self, place: int) -> Choices:
        """The contact at `place` stays, and wherever only one value can, its own."""
        mine = {key: place for key in CHOSEN if getattr(self.contacts[place], key)}
        return replace(self, keep=place, taken={**self.taken, **mine})

    def plan(self) -> Plan:
        """What makes one contact of them."""
        lean = [self._without_left_out(contact) for contact in self.contacts]
        keep = self.contacts[self.keep]
        taken = {key: lean[self._taken(key)] for key in CHOSEN}
        others = [contact for place, contact in enumerate(self.contacts) if place != self.keep]
        return merge_into(keep, others, merged(lean, lean[self.keep], taken))

    def _without_left_out(self, contact: Contact) -> Contact:
        for key in _KEPT:
            left_out = {identity for name, identity in self.left_out if name == key}
            if left_out:
                contact = _without(contact, key, left_out)
        return contact


def _said(contact: Contact, key: str) -> Iterator[tuple[object, str]]:
    """The values of a field, each with what makes it one."""
    value = getattr(contact, key)
    if key in IDENTITIES:
        identity = IDENTITIES[key]
        yield from ((identity(item), FIELDS[key].read(with_value(Contact(), key, (item,)))) for item in value)
    elif key == "custom":
        fields = sorted(value.items(), key=lambda pair: list(FIELDS).index(field_of(*pair)))
        yield from (((heading, text), f"{heading}: {text}") for heading, text in fields)
    elif value:
        yield _identity(key, value), FIELDS[key].read(contact)


def _identity(key: str, value: object) -> object:
    """What makes a single value one: each spelling of a name can be chosen, and notes are one as `merge` sees it."""
    return group_key(str(value)) if key == "notes" else value


def _without(contact: Contact, key: str, left_out: set[object]) -> Contact:
    value = getattr(contact, key)
    if key in IDENTITIES:
        return with_value(contact, key, tuple(item for item in value if IDENTITIES[key](item) not in left_out))
    if key == "custom":
        return replace(contact, custom=dict(pair for pair in value.items() if pair not in left_out))
    return with_value(contact, key, type(value)()) if _identity(key, value) in left_out else contact
