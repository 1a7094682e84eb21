"""What both sides knew when they last agreed: the base of three-way merges, and of what there is to send.

A base is what the source last said, and besides what was left different then: values that were ours before the contact
was joined with that of the source, and values that the source keeps in another form than we sent them. Only what is
edited later is sent, so that connecting an account overwrites nothing there.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from hashlib import blake2b

from coterie.core.jsonform import as_json, from_json
from coterie.core.model import Contact
from coterie.core.text import group_key


def contact_text(contact: Contact) -> str:
    """A contact as the source mapped it, as text."""
    return json.dumps(_kept(contact), ensure_ascii=False, separators=(",", ":"))


def contact_of(text: str) -> Contact:
    """The contact that `contact_text` wrote."""
    return from_json(json.loads(text)) if text else Contact()


def _kept(contact: Contact) -> dict[str, object]:
    return {key: value for key, value in as_json(contact).items() if value not in ("", [], {}, None, False)}


@dataclass(frozen=True, slots=True)
class Base:
    """What is known of a remote contact since the last time.

    Attributes:
        said: the contact as the source mapped it.
        left: attribute -> a mark of our value, where it differed from theirs and was left so.
        binned: when ours went into the Bin, where it was there already as we heard of theirs; such a deletion is
            older than the connection, and is not sent.
    """

    said: Contact
    left: Mapping[str, str] = field(default_factory=dict)
    binned: str = ""

    @classmethod
    def of(cls, text: str) -> Base:
        """The base that `text` wrote."""
        if not text:
            return cls(Contact())
        stored = json.loads(text)
        return cls(from_json(stored), stored.get("left", {}), stored.get("binned", ""))

    def text(self) -> str:
        """The base as text, for `Remember`."""
        kept = _kept(self.said)
        if self.left:
            kept["left"] = dict(self.left)
        if self.binned:
            kept["binned"] = self.binned
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    def edited(self, ours: Contact, fields: Collection[str]) -> set[str]:
        """The attributes of `fields` that were changed here, and are to be sent."""
        return {name for name in differing(self.said, ours, fields) if self.left.get(name) != _mark(ours, name)}


def leave(said: Contact, ours: Contact, fields: Collection[str], *, binned: bool = False) -> Base:
    """The base that takes `ours` as it is for agreed, in these `fields`: only later edits are sent.

    With `binned`, that ours is in the Bin is taken for agreed, too.
    """
    left = {name: _mark(ours, name) for name in differing(said, ours, fields)}
    return Base(said, left, bin_mark(ours) if binned else "")


def differing(one: Contact, other: Contact, fields: Collection[str]) -> set[str]:
    """The attributes of `fields` that are not the same; order and spelling of groups do not count."""
    differ = {name for name in fields if getattr(one, name) != getattr(other, name)}
    if "groups" in differ and set(map(group_key, one.groups)) == set(map(group_key, other.groups)):
        differ.discard("groups")
    return differ


def bin_mark(contact: Contact) -> str:
    """Which deletion brought the contact into the Bin; empty where it is not there."""
    return contact.deleted_at.astimezone(UTC).isoformat() if contact.deleted_at is not None else ""


def _mark(contact: Contact, name: str) -> str:
    """A short text that stands for the value of an attribute."""
    value = sorted(map(group_key, contact.groups)) if name == "groups" else as_json(contact)[name]
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
