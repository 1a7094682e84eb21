"""What a round of a source means for the book: pure functions from what it says and what we know to changes.

- A remote contact that we never saw joins the contact that has one of its addresses, or is created.
- One that we know is merged three ways, against what the source last said. Where both sides changed the same, ours
  stays, and the conflict waits to be settled.
- One that was deleted here stays in the Bin, kept up to date, until it is restored.
- One that was deleted there goes to the Bin, unless somebody else still has it; if it comes again, it comes back.

Known ones go first, new ones after, so that an address that has moved is found where it is now.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from coterie.core.change import Change, Create, Delete, Disagree, Disown, Edit, Quarantine, Remember, Restore
from coterie.core.checks import Checks
from coterie.core.fields import with_values
from coterie.core.merge import absorb, phone_id
from coterie.core.merge3 import FieldConflict, merge3
from coterie.core.model import Conflict, Contact, Remembered, RemoteRef
from coterie.core.provider import RemoteContact, Unreadable
from coterie.core.store.creating import clean
from coterie.core.store.values import encode
from coterie.core.sync.base import Base, leave
from coterie.core.sync.events import SyncReport
from coterie.core.text import email_key, group_key

_ACCOUNT: Final = re.compile(r"[a-z][a-z0-9_]*:\S+")


@dataclass(slots=True)
class _Slot:
    """A contact that this batch makes or changes: `known` is how it is stored, `value` how it will be."""

    value: Contact
    known: Contact | None = None
    is_restored: bool = False


_ATTRIBUTES: Final = tuple(name for name in Contact.__dataclass_fields__ if name != "sources")


@dataclass(slots=True)
class Planner:
    """Plans batch after batch for one account; `report` keeps count.

    Attributes:
        account: `Account.name`.
        fields: the attributes that the source keeps; all others stay ours.
        doubtful: a contact of ours that was sent there as a new one, without an answer that it arrived.
        joined: our contacts that no account knew, and that joined one of the source.
        disagreed: (remote id, attribute) of the conflicts.
        agreed: those that nobody has to settle any more.
        left: the keys of groups that contacts have left.
    """

    account: str
    fields: frozenset[str]
    report: SyncReport
    doubtful: Contact | None = None
    joined: set[int] = field(default_factory=set)
    disagreed: set[tuple[str, str]] = field(default_factory=set)
    agreed: set[tuple[str, str]] = field(default_factory=set)
    left: set[str] = field(default_factory=set)

    def known(self, batch: Sequence[RemoteContact], remembered: Mapping[str, Remembered]) -> list[Change]:
        """What a batch of remote contacts that we saw before changes.

        Args:
            batch: as the source has them now.
            remembered: what we know of each of them, by their ids of now or of before.
        """
        by_id: dict[int | None, _Slot] = {}
        after: list[Change] = []
        for said in batch:
            # Compared with what is stored, so it has to be as it would be stored.
            remote = replace(said, contact=clean(said.contact))
            before = next(remembered[one] for one in (remote.remote_id, *remote.previous_ids) if one in remembered)
            after += self._known(remote, before, by_id)
        return [*self._changes(by_id.values()), *after]

    def new(
        self,
        batch: Sequence[RemoteContact],
        known: Mapping[str, Sequence[Contact]],
        remembered: Mapping[str, Remembered],
    ) -> list[Change]:
        """What a batch of remote contacts that we never saw changes.

        Args:
            batch: as the source has them now.
            known: our contacts by their addresses.
            remembered: what else the account knows these contacts of ours by.
        """
        slots: list[_Slot] = []
        by_id: dict[int | None, _Slot] = {}
        by_key: dict[str, _Slot] = {}
        arrived: list[tuple[RemoteContact, _Slot]] = []
        for said in batch:
            remote = replace(said, contact=clean(said.contact))
            slot = self._owner(remote, by_key, by_id, known)
            if slot is None:
                self.report.created += 1
                ref = RemoteRef(self.account, remote.remote_id, remote.etag)
                slot = _Slot(replace(remote.contact, id=None, sources=(ref,)))
                slots.append(slot)
            else:
                self._join(remote, slot)
            for email in slot.value.emails:
                by_key.setdefault(email_key(email.address), slot)
            arrived.append((remote, slot))
        after: list[Change] = [
            self.remember(remote, slot.known.id if slot.known else None, self._left(remote.contact, slot))
            for remote, slot in arrived
        ]
        # What one of them brings is no edit that the others lack.
        after += [
            self._remembered_again(one, by_id[one.contact.id])
            for one in remembered.values()
            if one.base and one.contact is not None and one.contact.id in by_id
        ]
        return [*self._changes([*slots, *by_id.values()]), *after]

    def _left(self, theirs: Contact, slot: _Slot) -> Base:
        """The base of a remote contact that has just come: what is different is left so."""
        in_bin = slot.known is not None and slot.known.deleted_at is not None and not slot.is_restored
        return leave(theirs, slot.value, self.fields, binned=in_bin)

    def _remembered_again(self, before: Remembered, slot: _Slot) -> Remember:
        """What is known of a remote contact whose contact of ours another one has joined."""
        base, ours = Base.of(before.base), slot.known or slot.value
        agreed = self.fields - base.edited(ours, self.fields)
        again = replace(leave(base.said, slot.value, agreed), binned=base.binned)
        remote = RemoteContact(before.remote_id, base.said, before.etag, before.raw)
        return self.remember(remote, ours.id, again)

    def remember(
        self, remote: RemoteContact, contact_id: int | None, base: Base | None, replaces: str = ""
    ) -> Remember:
        """What is kept of a remote contact; without a `base`, nothing but that we know it."""
        text, raw = (base.text(), remote.raw) if base is not None else ("", "")
        return Remember(self.account, remote.remote_id, contact_id, remote.etag, text, raw, replaces)

    def _known(self, remote: RemoteContact, before: Remembered, by_id: dict[int | None, _Slot]) -> list[Change]:
        """A remote contact that we saw before."""
        ours = before.contact
        replaces = "" if before.remote_id == remote.remote_id else before.remote_id
        if ours is None:
            # Deleted forever: nothing of it is kept. Its creation undone: a redo may want to go on from here.
            self.report.in_bin += 1
            return [self.remember(remote, None, Base(remote.contact) if before.base else None, replaces)]
        slot = by_id.setdefault(ours.id, _Slot(ours, ours))
        if not before.base:
            self._join(remote, slot)
            return [self.remember(remote, ours.id, self._left(remote.contact, slot), replaces)]
        base = Base.of(before.base)
        merged, conflicts = merge3(base.said, slot.value, remote.contact, self.fields)
        edited = base.edited(slot.value, self.fields) | {one.field for one in conflicts}
        if ours.deleted_at is not None:
            self.report.in_bin += 1  # it stays there, and is up to date when it is restored
        elif merged == slot.value:
            self.report.unchanged += 1
        else:
            self.report.updated += 1
        slot.value = merged
        self.report.conflicts += len(conflicts)
        self.disagreed.update((remote.remote_id, one.field) for one in conflicts)
        # What was left different stays so, unless somebody edited it.
        agreed = {name for name in base.left if name not in edited}
        now = replace(leave(remote.contact, merged, agreed), binned=base.binned)
        said: list[Change] = [self.remember(remote, ours.id, now, replaces)]
        return said + [Disagree(self.conflict(remote, ours.id or 0, one)) for one in conflicts]

    def conflict(self, remote: RemoteContact, contact_id: int, conflict: FieldConflict) -> Conflict:
        """A conflict as it is kept until the user settles it."""
        value = conflict.theirs
        if conflict.field == "custom":
            value = {str(conflict.key): value}
        elif conflict.key is not None:
            value = (value,)
        return Conflict(
            self.account, remote.remote_id, contact_id, conflict.field, key_text(conflict.key),
            _shown(conflict.field, conflict.ours), _shown(conflict.field, conflict.theirs),
            str(encode(conflict.field, value)),
        )  # fmt: skip

    def _owner(
        self,
        remote: RemoteContact,
        by_key: Mapping[str, _Slot],
        by_id: dict[int | None, _Slot],
        known: Mapping[str, Sequence[Contact]],
    ) -> _Slot | None:
        """The contact that a new remote contact joins: it has one of its addresses; live ones go first."""
        keys = [email_key(email.address) for email in remote.contact.emails]
        slot = next((by_key[key] for key in keys if key in by_key), None)
        if slot is not None:
            return slot
        owners = [owner for key in keys for owner in known.get(key, ())]
        owners.sort(key=lambda owner: owner.deleted_at is not None)
        if not owners and self.doubtful is not None and is_same(self.doubtful, remote.contact):
            owners = [self.doubtful]
        return by_id.setdefault(owners[0].id, _Slot(owners[0], owners[0])) if owners else None

    def _join(self, remote: RemoteContact, slot: _Slot) -> None:
        """Let a remote contact join one of ours, which keeps what it says."""
        if slot.known is not None and slot.known.deleted_at is not None and not slot.is_restored:
            if not _ACCOUNT.fullmatch(slot.known.deleted_by or ""):
                self.report.in_bin += 1
                return
            # A source, and nobody here, had deleted it; now a source has it again.
            slot.is_restored = True
            self.report.restored += 1
        else:
            is_new = bool(absorb(slot.value, remote.contact))
            self.report.updated += is_new
            self.report.unchanged += not is_new
        slot.value = with_values(slot.value, absorb(slot.value, remote.contact))
        if slot.known is None:
            ref = RemoteRef(self.account, remote.remote_id, remote.etag)
            slot.value = replace(slot.value, sources=(*slot.value.sources, ref))
        elif not slot.known.sources:
            self.joined.add(slot.known.id or 0)

    def gone(self, remote_ids: Sequence[str], remembered: Mapping[str, Remembered]) -> list[Change]:
        """What deletions there change here. Ids that we never saw mean nothing."""
        changes: list[Change] = []
        deleted: dict[int, None] = {}
        together = set(remote_ids)
        for before in (remembered[one] for one in remote_ids if one in remembered):
            ours = before.contact
            if (
                ours is not None
                and ours.deleted_at is None
                and not before.others
                and together.issuperset(before.siblings)
            ):
                deleted[ours.id or 0] = None
            changes.append(Disown(self.account, before.remote_id))
        if deleted:
            self.report.deleted += len(deleted)
            changes.append(Delete(Checks.of(deleted), by=self.account))
        return changes

    def _changes(self, slots: Iterable[_Slot]) -> list[Change]:
        """What becomes of our contacts."""
        creations: list[Change] = []
        edits: list[Change] = []
        restored: list[int] = []
        for slot in slots:
            if slot.known is None:
                creations.append(Create(slot.value))
                continue
            contact_id = slot.known.id or 0
            if slot.is_restored:
                restored.append(contact_id)
            values = {
                name: getattr(slot.value, name)
                for name in _ATTRIBUTES
                if getattr(slot.value, name) != getattr(slot.known, name)
            }
            if "groups" in values:
                self.left |= set(map(group_key, slot.known.groups)) - set(map(group_key, slot.value.groups))
            if values:
                edits.append(Edit(contact_id, values))
        return [*creations, *([Restore(Checks.of(restored))] if restored else []), *edits]

    def unreadable(self, one: Unreadable) -> list[Change]:
        """A record that cannot be understood is set aside; the rest goes on."""
        self.report.quarantined.append((one.remote_id, one.reason))
        return [Quarantine(self.account, one.remote_id, one.reason, one.raw)]


def key_text(key: object) -> str:
    """The key of a conflict as text; empty for the whole field."""
    return "" if key is None else key if isinstance(key, str) else json.dumps(key, ensure_ascii=False, default=str)


def _shown(field: str, value: object) -> str:
    """A value of a conflict, for the user to read."""
    if value is None:
        return ""
    if isinstance(value, str | bool):
        return str(value)
    if isinstance(value, tuple):
        return "; ".join(_shown(field, one) for one in value)
    names = getattr(type(value), "__dataclass_fields__", None)
    if names:
        return ", ".join(text for name in names if (text := _shown(field, getattr(value, name))) and text != "False")
    return str(value)


def is_same(ours: Contact, theirs: Contact) -> bool:
    """Whether a contact there is the one that we sent: by name and numbers, since the address may not be kept."""
    phones = set(map(phone_id, ours.phones)), set(map(phone_id, theirs.phones))
    return bool(ours.shown_name) and ours.shown_name == theirs.shown_name and phones[0] == phones[1]
