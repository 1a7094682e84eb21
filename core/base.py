"""What a source said, and what of ours is not for it: the base of three-way merges, and of what there is to send.

What a source said, what the user did and what is shown are three things. A base keeps the first. What is shown may
differ from it for three reasons, value by value:

- The user changed it since: that is sent.
- It was here before the contact was joined with that of the source, or the source keeps it in another form than we sent
  it: that is left so until the user changes it.
- Another account said it, or took it away: that is never for this source, whatever becomes of it here.

The base notes the second and the third; all else is the user's. A value is one text, or one entry of a list, by what
makes two entries one (`core.merge3.identity_of`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field, is_dataclass, replace
from datetime import UTC
from hashlib import blake2b
from typing import Any, Final

from coterie.core.fields.attributes import ATTRIBUTES
from coterie.core.fields.values import with_value
from coterie.core.jsonform import from_json, stored_json
from coterie.core.merge import IDENTITIES
from coterie.core.merge3 import identity_of
from coterie.core.model import Contact, Email
from coterie.core.text import group_key

LISTS: Final = frozenset({*IDENTITIES, "custom"})
_MISSING: Final = ""
"""The mark of what is not there."""
Value = tuple[str, Hashable]
"""An attribute, and which entry of its list it is about; None for a single text."""
Mark = str | list[str]
"""The mark of our value that is left different; in a list if it is another account's."""


def contact_text(contact: Contact) -> str:
    """A contact as the source mapped it, as text."""
    return json.dumps(_kept(contact), ensure_ascii=False, separators=(",", ":"))


def contact_of(text: str) -> Contact:
    """The contact that `contact_text` wrote."""
    return from_json(json.loads(text)) if text else Contact()


def _kept(contact: Contact) -> dict[str, object]:
    return {key: value for key, value in stored_json(contact).items() if value not in ("", [], {}, None, False)}


@dataclass(frozen=True, slots=True)
class Base:
    """What is known of a remote contact since the last time.

    Attributes:
        said: the contact as the source mapped it.
        left: what differs and is not to be sent, by `_name` of the value.
        binned: when ours went to the Bin, if it was there already when we heard of theirs; such a deletion is
            older than the connection, and is not sent.
        made: the contact there was made by us, from ours.
    """

    said: Contact
    left: Mapping[str, Mark] = field(default_factory=dict)
    binned: str = ""
    made: bool = False

    @classmethod
    def of(cls, text: str) -> Base:
        """The base that `text` wrote."""
        if not text:
            return cls(Contact())
        stored = json.loads(text)
        return cls(from_json(stored), stored.get("left", {}), stored.get("binned", ""), bool(stored.get("made")))

    def text(self) -> str:
        """The base as text, for `Remember`."""
        kept = _kept(self.said)
        for key, value in (("left", dict(self.left)), ("binned", self.binned), ("made", self.made)):
            if value:
                kept[key] = value
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    def edits(self, ours: Contact, fields: Collection[str]) -> set[Value]:
        """The values of `fields` that the user changed here, and that are to be sent."""
        return {value for value in _differing(self.said, ours, fields) if self._is_edit(value, ours)}

    def _is_edit(self, value: Value, ours: Contact) -> bool:
        left = self.left.get(_name(value))
        return left is None or (isinstance(left, str) and left != _mark(value, ours))

    def wanted(self, ours: Contact, edits: Collection[Value]) -> Contact:
        """What the source is to say: what it said, with these values as they are here."""
        wanted = self.said
        for name in sorted({name for name, _ in edits}):
            keys = {key for other, key in edits if other == name}
            wanted = with_value(wanted, name, _with(name, self.said, ours, keys))
        return wanted

    def agreed(
        self,
        said: Contact,
        ours: Contact,
        fields: Collection[str],
        edits: Collection[Value] = (),
        *,
        shared: bool = False,
    ) -> Base:
        """The base after the source said something: what differs and is none of `edits` is left so.

        Args:
            said: what it says now.
            ours: the contact as it is here now.
            fields: the attributes that the source keeps.
            edits: what is still to be sent, or to be settled.
            shared: other accounts know the contact too, so what differs from now on is theirs.
        """
        left: dict[str, Mark] = {}
        for value in _differing(said, ours, fields):
            if value not in edits:
                mark, before = _mark(value, ours), self.left.get(_name(value))
                is_other = isinstance(before, list) or (shared and before is None)
                left[_name(value)] = [mark] if is_other else mark
        return replace(self, said=said, left=left)

    def without(self, before: Contact, after: Contact, *, other: bool = True) -> Base:
        """The base after somebody else than the user changed ours: nothing of that is for this source.

        Args:
            before: ours until then.
            after: ours since then.
            other: another account did it; False if it was this one, by another of its contacts.
        """
        left = dict(self.left)
        theirs = {name: _entries(name, self.said) for name in ATTRIBUTES}
        for value in _differing(before, after, ATTRIBUTES):
            name, key = value
            if _same(name, theirs[name].get(key), _entries(name, after).get(key)):
                left.pop(_name(value), None)
            else:
                mark = _mark(value, after)
                left[_name(value)] = [mark] if other else mark
        return replace(self, left=left)

    def foreign(self) -> Base:
        """The base in which all that is left different is another account's."""
        return replace(self, left={name: [mark] if isinstance(mark, str) else mark for name, mark in self.left.items()})

    def alone(self, ours: Contact, fields: Collection[str]) -> Base:
        """The base once no other account knows the contact: what was another's is ours as it is now."""
        if not any(isinstance(left, list) for left in self.left.values()):
            return self
        left = {
            _name(value): _mark(value, ours)
            for value in _differing(self.said, ours, fields)
            if isinstance(self.left.get(_name(value)), list)
        }
        kept = {name: mark for name, mark in self.left.items() if isinstance(mark, str)}
        return replace(self, left=kept | left)

    def is_foreign(self, value: Value) -> bool:
        """Whether what is shown of a value is another account's."""
        return isinstance(self.left.get(_name(value)), list)

    def regrouped(self, names: Mapping[str, str]) -> Base:
        """The base after the user renamed groups (key -> new name): what is left of the old is left of the new."""
        kept = set(map(group_key, self.said.groups))
        left = dict(self.left)
        for old, new in names.items():
            mark = left.pop(_name(("groups", old)), None) if old not in kept else None
            if mark is not None:
                left[_name(("groups", group_key(new)))] = mark
        return replace(self, left=left)


def differing(first: Contact, second: Contact, fields: Iterable[str]) -> set[str]:
    """The attributes of `fields` that do not say the same; the order of a list does not count."""
    return {name for name, _ in _differing(first, second, fields)}


def bin_mark(contact: Contact) -> str:
    """Which deletion brought the contact into the Bin; empty if it is not there."""
    return contact.deleted_at.astimezone(UTC).isoformat() if contact.deleted_at is not None else ""


def _differing(first: Contact, second: Contact, fields: Iterable[str]) -> Iterator[Value]:
    for field_or_part in fields:
        name, _, part = field_or_part.partition("/")
        if getattr(first, name) == getattr(second, name):
            continue
        some, others = _entries(name, first), _entries(name, second)
        for key in (part,) if part else {**some, **others}:
            if not _same(name, some.get(key), others.get(key)):
                yield name, key


def _entries(name: str, contact: Contact) -> dict[Hashable, Any]:
    """The values of an attribute by what makes each one what it is."""
    value = getattr(contact, name)
    if name == "custom":
        return dict(reversed(value.items()))
    if name in LISTS:
        return {identity_of(name, entry): entry for entry in reversed(value)}
    return {None: value}


def _same(name: str, first: object, second: object) -> bool:
    """Whether two values say the same; spelling a group's name in another way is no change."""
    return (first is None) == (second is None) if name == "groups" else first == second


def _with(name: str, said: Contact, ours: Contact, keys: Collection[Hashable]) -> object:
    """An attribute as the source has it, but for these entries, which are as they are here."""
    theirs, mine = _entries(name, said), _entries(name, ours)
    if name not in LISTS:
        return mine[None]
    kept = {key: value for key, value in theirs.items() if key not in keys}
    kept |= {key: mine[key] for key in keys if key in mine}
    order = [key for key in (*reversed(mine), *(key for key in reversed(theirs) if key not in mine)) if key in kept]
    if name == "custom":
        return {key: kept[key] for key in order}
    values = tuple(kept[key] for key in order)
    return _one_preferred(values, keys) if name == "emails" else values


def _one_preferred(emails: tuple[Email, ...], chosen: Collection[Hashable]) -> tuple[Email, ...]:
    """At most one preferred address: the one that the user has chosen before the one that the source has."""
    preferred = sorted(
        (identity_of("emails", email) not in chosen, place) for place, email in enumerate(emails) if email.primary
    )
    return tuple(
        replace(email, primary=bool(preferred) and place == preferred[0][1]) for place, email in enumerate(emails)
    )


def _name(value: Value) -> str:
    """A short name for a value: its attribute, and for an entry of a list a digest of what it is."""
    name, key = value
    return name if name not in LISTS else f"{name}/{_digest(key)}"


def _mark(value: Value, contact: Contact) -> str:
    """A short text that stands for a value of a contact; empty if it is not there."""
    name, key = value
    entry = _entries(name, contact).get(key)
    if entry is None:
        return _MISSING
    return _digest("" if name == "groups" else entry)


def _digest(value: object) -> str:
    plain = list(astuple(value)) if is_dataclass(value) and not isinstance(value, type) else value
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
