"""What a round of a source means for the book: pure functions from what it says and what we know to changes.

- A remote contact that we never saw joins the contact that has one of its addresses, or is created.
- One that we know is merged three ways, against what the source last said. Where both sides changed the same, ours
  stays, and the conflict waits to be settled.
- One that was deleted here stays in the Bin, kept up to date, until it is restored.
- One that was deleted there goes to the Bin, unless another account still has it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.change import Change, Create, Delete, Disagree, Disown, Edit, Quarantine, Remember
from core.checks import Checks
from core.fields import with_values
from core.merge import absorb
from core.merge3 import FieldConflict, merge3
from core.model import Conflict, Contact, Remembered, RemoteRef
from core.provider import RemoteContact, Unreadable
from core.store.creating import clean
from core.store.values import encode
from core.sync.events import SyncReport
from core.sync.spool import contact_of, contact_text
from core.text import email_key


@dataclass(slots=True)
class _Slot:
    """A contact that this batch makes or changes: `known` is how it is stored, `value` how it will be."""

    value: Contact
    known: Contact | None = None


@dataclass(slots=True)
class Planner:
    """Plans batch after batch for one account; `report` keeps count.

    Attributes:
        account: `Account.name`.
        fields: the attributes that the source keeps; all others stay ours.
    """

    account: str
    fields: frozenset[str]
    report: SyncReport

    def present(
        self,
        batch: Sequence[RemoteContact],
        remembered: Mapping[str, Remembered],
        known: Mapping[str, Sequence[Contact]],
    ) -> list[Change]:
        """What a batch of remote contacts changes.

        Args:
            batch: as the source has them now.
            remembered: what we know of them, by their ids of now or of before.
            known: our contacts by their addresses.
        """
        slots: list[_Slot] = []
        by_id: dict[int | None, _Slot] = {}
        by_key: dict[str, _Slot] = {}
        after: list[Change] = []
        for said in batch:
            # Compared with what is stored, so it has to be as it would be stored.
            remote = replace(said, contact=clean(said.contact))
            before = self._remembered(remote, remembered)
            if before is not None:
                after += self._renamed(remote, before)
                after += self._known(remote, before, slots, by_id)
                continue
            slot = self._new(remote, slots, by_key, by_id, known)
            for email in slot.value.emails:
                by_key.setdefault(email_key(email.address), slot)
            after.append(self._remember(remote, slot.known.id if slot.known else None))
        return [*(change for slot in slots for change in _changes(slot)), *after]

    def _remembered(self, remote: RemoteContact, remembered: Mapping[str, Remembered]) -> Remembered | None:
        return next((remembered[one] for one in (remote.remote_id, *remote.previous_ids) if one in remembered), None)

    def _renamed(self, remote: RemoteContact, before: Remembered) -> list[Change]:
        return [] if before.remote_id == remote.remote_id else [Disown(self.account, before.remote_id)]

    def _remember(self, remote: RemoteContact, contact_id: int | None) -> Remember:
        return Remember(
            self.account, remote.remote_id, contact_id, remote.etag, contact_text(remote.contact), remote.raw
        )

    def _known(
        self, remote: RemoteContact, before: Remembered, slots: list[_Slot], by_id: dict[int | None, _Slot]
    ) -> list[Change]:
        """A remote contact that we saw before."""
        ours = before.contact
        if ours is None:
            self.report.in_bin += 1
            return [self._remember(remote, None)]
        slot = by_id.get(ours.id) or _Slot(ours, ours)
        conflicts: list[FieldConflict] = []
        if before.base:
            merged, conflicts = merge3(contact_of(before.base), slot.value, remote.contact, self.fields)
        else:
            merged = with_values(slot.value, absorb(slot.value, remote.contact))
        if ours.deleted_at is not None:
            self.report.in_bin += 1  # it stays there, and is up to date when it is restored
        elif merged == slot.value:
            self.report.unchanged += 1
        else:
            self.report.updated += 1
        slot.value = merged
        if ours.id not in by_id:
            slots.append(slot)
            by_id[ours.id] = slot
        self.report.conflicts += len(conflicts)
        said: list[Change] = [self._remember(remote, ours.id)]
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

    def _new(
        self,
        remote: RemoteContact,
        slots: list[_Slot],
        by_key: Mapping[str, _Slot],
        by_id: dict[int | None, _Slot],
        known: Mapping[str, Sequence[Contact]],
    ) -> _Slot:
        """A remote contact that we never saw: what it joins, or a new contact."""
        keys = [email_key(email.address) for email in remote.contact.emails]
        slot = next((by_key[key] for key in keys if key in by_key), None)
        owners = [owner for key in keys for owner in known.get(key, ())]
        owners.sort(key=lambda owner: owner.deleted_at is not None)
        if slot is None and owners:
            slot = by_id.get(owners[0].id) or _Slot(owners[0], owners[0])
        ref = RemoteRef(self.account, remote.remote_id, remote.etag)
        if slot is None:
            self.report.created += 1
            slot = _Slot(replace(remote.contact, id=None, sources=(ref,)))
            slots.append(slot)
            return slot
        if slot.known is not None and slot.known.deleted_at is not None:
            self.report.in_bin += 1
            return slot
        changes = absorb(slot.value, remote.contact)
        if changes:
            self.report.updated += 1
        else:
            self.report.unchanged += 1
        slot.value = with_values(slot.value, changes)
        if slot.known is None:
            slot.value = replace(slot.value, sources=(*slot.value.sources, ref))
        elif slot.known.id not in by_id:
            slots.append(slot)
            by_id[slot.known.id] = slot
        return slot

    def gone(self, remote_ids: Iterable[str], remembered: Mapping[str, Remembered]) -> list[Change]:
        """What deletions there change here. Ids that we never saw mean nothing."""
        changes: list[Change] = []
        deleted: list[int] = []
        for remote_id in remote_ids:
            before = remembered.get(remote_id)
            if before is None:
                continue
            ours = before.contact
            if ours is not None and ours.id is not None and ours.deleted_at is None and not before.others:
                deleted.append(ours.id)
            changes.append(Disown(self.account, remote_id))
        if deleted:
            self.report.deleted += len(deleted)
            changes.append(Delete(Checks.of(deleted), by=self.account))
        return changes

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


def _changes(slot: _Slot) -> list[Change]:
    if slot.known is None:
        return [Create(slot.value)]
    values = {
        name: getattr(slot.value, name)
        for name in Contact.__dataclass_fields__
        if getattr(slot.value, name) != getattr(slot.known, name)
    }
    return [Edit(slot.known.id or 0, values)] if values else []
