"""What a round of a source means for the book: pure functions from what it says and what we know to changes.

- A remote contact that we never saw is linked with the contact of another account, or of none, whose name and address
  (or UID) agree; else it is created. Two remote contacts of one account are never one contact here, unless the user
  merges them.
- One that we know is merged three ways, against what the source last said. If the user changed the same, ours
  stays, and the conflict waits to be settled. If another account's value is shown, that stays, and theirs is put
  aside (“Company (2)”).
- One that was deleted here stays in the Bin, kept up to date, until it is restored.
- One that was deleted there goes to the Bin, unless somebody else still has it; if it comes again, it comes back. If it
  was changed here meanwhile, that is a conflict.

Contacts that we know go first, new ones after, so that an address that has moved is found where it is now.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from coterie.core.base import LISTS, Base, Value, bin_mark
from coterie.core.changes import (
    Change,
    Create,
    Delete,
    Depart,
    Disagree,
    Edit,
    Quarantine,
    Rebase,
    Remember,
    Restore,
    Return,
    Settle,
)
from coterie.core.checks import Checks
from coterie.core.fields import FIELDS
from coterie.core.fields.attributes import PLAIN
from coterie.core.fields.cleaning import clean
from coterie.core.fields.differences import changed_values
from coterie.core.fields.values import with_values
from coterie.core.merge import absorb, with_second_value
from coterie.core.merge3 import FieldConflict, merge3
from coterie.core.model import GONE, UNDONE, Conflict, Contact, Link, Remembered, RemoteRef
from coterie.core.provider import RemoteContact, Unreadable
from coterie.core.sync.disagreeing import conflict_of, gone_and_edited
from coterie.core.sync.events import SyncReport
from coterie.core.sync.linking import Owners, uid_of_remote
from coterie.core.text import group_key

_ACCOUNT: Final = re.compile(r"[a-z][a-z0-9_]*:\S+")


@dataclass(slots=True)
class _Person:
    """A contact that this batch makes or changes: `stored` is what the book has, `value` what it will have."""

    value: Contact
    stored: Contact | None = None
    is_restored: bool = False

    @property
    def id(self) -> int:
        """The contact's; 0 for a new one."""
        return (self.stored.id if self.stored else 0) or 0


_BOTH_SHOWN: Final = frozenset({"name", *PLAIN, "notes"})
"""The texts of which two accounts may say something else, and both can be shown."""


@dataclass(slots=True)
class Planner:
    """Plans batch after batch for one account; `report` keeps count.

    Attributes:
        account: `Account.name`.
        fields: the attributes that the source keeps; all others stay ours.
        planned: how many remote contacts were planned.
        doubtful: contacts of ours that were sent there as new ones, without an answer that they arrived.
        joined: our contacts that no account knew, and that joined one of the source.
        disagreed: (remote id, attribute) of the conflicts.
        agreed: those that nobody has to settle any more.
        left: the keys of groups that contacts have left.
        changed: the contacts that this batch changes, before and after: others may know them; see `others`.
    """

    account: str
    fields: frozenset[str]
    report: SyncReport
    planned: int = 0
    doubtful: Sequence[Contact] = ()
    joined: set[int] = field(default_factory=set)
    disagreed: set[tuple[str, str]] = field(default_factory=set)
    agreed: set[tuple[str, str]] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    changed: dict[int, tuple[Contact, Contact]] = field(default_factory=dict)

    def seen(self, batch: Sequence[RemoteContact], remembered: Mapping[str, Remembered]) -> list[Change]:
        """Plan a batch of remote contacts that we saw before.

        Args:
            batch: as the source has them now.
            remembered: what we know of each of them, by their present or earlier ids.
        """
        self.planned += len(batch)
        by_id: dict[int | None, _Person] = {}
        said = [_cleaned(remote) for remote in batch]
        before = [
            next(remembered[key] for key in (remote.remote_id, *remote.previous_ids) if key in remembered)
            for remote in said
        ]
        edits = [self._merge(remote, earlier, by_id) for remote, earlier in zip(said, before, strict=True)]
        # Only now is it known what ours become: two of one account may be about the same contact.
        after = [
            change
            for remote, earlier, edited in zip(said, before, edits, strict=True)
            for change in self._seen(remote, earlier, edited, by_id)
        ]
        return [*self._changes(by_id.values()), *after]

    def new(self, batch: Sequence[RemoteContact], owners: Owners) -> list[Change]:
        """Plan a batch of remote contacts that we never saw."""
        self.planned += len(batch)
        created: list[_Person] = []
        by_id: dict[int | None, _Person] = {}
        after: list[Change] = []
        said = [_cleaned(remote) for remote in batch]
        uids = Counter(map(uid_of_remote, said))
        # Those with exactly the same name choose first.
        for exactly in (True, False):
            rest: list[RemoteContact] = []
            for remote in said:
                owner = owners.of(
                    remote,
                    self.account,
                    taken=by_id.keys(),
                    exactly=exactly,
                    trust_uid=uids[uid_of_remote(remote)] == 1,
                    doubtful=self.doubtful,
                )
                if owner is None and exactly:
                    rest.append(remote)
                elif owner is None:
                    created.append(self._create(remote, after))
                elif (before := owners.moved.get(owner.id or 0)) is not None:
                    after += self._seen(remote, before, self._merge(remote, before, by_id), by_id)
                    after.append(Settle(Conflict(self.account, remote.remote_id, owner.id or 0, GONE)))
                else:
                    person = by_id.setdefault(owner.id, _Person(owner, owner))
                    self._join(remote, person, owners.departed.get(remote.remote_id))
                    after.append(self.remember(remote, owner.id, self._left(remote.contact, person)))
                    after += [Return(self.account, remote.remote_id)] if remote.remote_id in owners.departed else []
            said = rest
        return [*self._changes([*created, *by_id.values()]), *after]

    def others(self, links: Iterable[Link], but: Iterable[str] = ()) -> list[Change]:
        """What the last batch changes of what is known elsewhere: nothing that it brought is for other accounts.

        Args:
            links: those of the contacts in `changed`.
            but: remote ids of this account that the batch was about itself.
        """
        named = set(but)
        changes: list[Change] = []
        for link in links:
            if link.base and not (link.account == self.account and link.remote_id in named):
                base = Base.of(link.base).without(*self.changed[link.contact_id], other=link.account != self.account)
                changes.append(Rebase(link.account, link.remote_id, base.text()))
        self.changed.clear()
        return changes

    def remember(
        self, remote: RemoteContact, contact_id: int | None, base: Base | None, replaces: str = ""
    ) -> Remember:
        """What is kept of a remote contact; without a `base`, nothing but that we know it."""
        text, raw = (base.text(), remote.raw) if base is not None else ("", "")
        return Remember(self.account, remote.remote_id, contact_id, remote.etag, text, raw, replaces, remote.place)

    # What we know ------------------------------------------------------------------------------------------------

    def _merge(
        self, remote: RemoteContact, before: Remembered, by_id: dict[int | None, _Person]
    ) -> tuple[set[Value], list[FieldConflict]]:
        """Bring what a source says now into ours; what is still to be sent or settled."""
        ours = before.contact
        if ours is None:  # deleted forever: nothing of it is kept
            self.report.in_bin += 1
            return set(), []
        person = by_id.setdefault(ours.id, _Person(ours, ours))
        if not before.base:
            self._join(remote, person)
            return set(), []
        base = Base.of(before.base)
        edits = base.edits(ours, self.fields)
        merged, conflicts = self._merged(base, person.value, remote.contact)
        if ours.deleted_by == UNDONE:
            self.report.left_out += 1
        elif ours.deleted_at is not None:
            self.report.in_bin += 1  # it stays there, and is up to date when it is restored
        elif merged == person.value:
            self.report.unchanged += 1
        else:
            self.report.updated += 1
        person.value = merged
        return edits, conflicts

    def _merged(self, base: Base, ours: Contact, theirs: Contact) -> tuple[Contact, list[FieldConflict]]:
        """Ours with what changed there. Theirs is put aside if another account's value is shown."""
        shown = {name for name in self.fields - LISTS if base.is_foreign((name, None))}
        merged, conflicts = merge3(base.said, ours, theirs, self.fields - shown)
        for name in sorted(shown & _BOTH_SHOWN):
            was, now = getattr(base.said, name), getattr(theirs, name)
            if now not in (was, getattr(merged, name)):
                merged = replace(merged, custom=with_second_value(merged, FIELDS[name].label, was, now))
        for conflict in conflicts:
            if conflict.field == "custom" and base.is_foreign((conflict.field, conflict.key)):
                was = base.said.custom.get(str(conflict.key), "")
                merged = replace(merged, custom=with_second_value(merged, str(conflict.key), was, str(conflict.theirs)))
        return merged, [conflict for conflict in conflicts if not base.is_foreign((conflict.field, conflict.key))]

    def _seen(
        self,
        remote: RemoteContact,
        before: Remembered,
        edited: tuple[set[Value], list[FieldConflict]],
        by_id: Mapping[int | None, _Person],
    ) -> list[Change]:
        replaces = "" if before.remote_id == remote.remote_id else before.remote_id
        if before.contact is None:
            return [self.remember(remote, None, None, replaces)]
        edits, conflicts = edited
        person = by_id[before.contact.id]
        if not before.base:
            return [self.remember(remote, person.id, self._left(remote.contact, person), replaces)]
        edits = edits | {(conflict.field, conflict.key) for conflict in conflicts}
        self.report.conflicts += len(conflicts)
        self.disagreed.update((remote.remote_id, conflict.field) for conflict in conflicts)
        shared = bool(before.others)
        base = Base.of(before.base).agreed(remote.contact, person.value, self.fields, edits, shared=shared)
        said: list[Change] = [self.remember(remote, person.id, base, replaces)]
        return said + [
            Disagree(conflict_of(self.account, remote.remote_id, person.id, conflict)) for conflict in conflicts
        ]

    # What is new -------------------------------------------------------------------------------------------------

    def _create(self, remote: RemoteContact, after: list[Change]) -> _Person:
        self.report.created += 1
        ref = RemoteRef(self.account, remote.remote_id, remote.etag)
        person = _Person(replace(remote.contact, id=None, sources=(ref,)))
        after.append(self.remember(remote, None, self._left(remote.contact, person)))
        return person

    def _left(self, theirs: Contact, person: _Person) -> Base:
        """The base of a remote contact that has just come: what is different is left so."""
        in_bin = person.stored is not None and person.stored.deleted_at is not None and not person.is_restored
        base = Base(theirs).agreed(theirs, person.value, self.fields)
        if person.stored is not None and any(ref.account != self.account for ref in person.stored.sources):
            base = base.foreign()
        return replace(base, binned=bin_mark(person.value) if in_bin else "")

    def _join(self, remote: RemoteContact, person: _Person, before: Remembered | None = None) -> None:
        """Let a remote contact join one of ours, which keeps what it says; `before` is what it was before it left."""
        if person.stored is not None and person.stored.deleted_at is not None and not person.is_restored:
            if not _ACCOUNT.fullmatch(person.stored.deleted_by or ""):
                self.report.in_bin += 1
                return
            # A source, and nobody here, had deleted it; now a source has it again.
            person.is_restored = True
            self.report.restored += 1
        if before is not None and before.base and before.contact is not None and before.contact.id == person.id:
            merged, _ = self._merged(Base.of(before.base), person.value, remote.contact)
            values = changed_values(person.value, merged)
        else:
            values = self._absorbed(person, remote.contact)
        if not person.is_restored:
            self.report.updated += bool(values)
            self.report.unchanged += not values
        person.value = with_values(person.value, values)
        if person.stored is not None and not person.stored.sources:
            self.joined.add(person.id)

    def _absorbed(self, person: _Person, theirs: Contact) -> dict[str, object]:
        """What changes in ours when a remote contact joins it. The notes of two accounts are never put together."""
        ours = person.value
        if not ours.sources or not ours.notes or not theirs.notes or ours.notes == theirs.notes:
            return absorb(ours, theirs)
        apart = with_values(ours, absorb(ours, replace(theirs, notes="")))
        return absorb(ours, replace(apart, custom=with_second_value(apart, FIELDS["notes"].label, "", theirs.notes)))

    def gone(self, remote_ids: Sequence[str], remembered: Mapping[str, Remembered]) -> list[Change]:
        """What deletions there change here. Ids that we never saw mean nothing."""
        changes: list[Change] = []
        deleted: dict[int, None] = {}
        together = set(remote_ids)
        for before in (remembered[remote_id] for remote_id in remote_ids if remote_id in remembered):
            ours = before.contact
            if (
                ours is not None
                and ours.deleted_at is None
                and not before.others
                and together.issuperset(before.siblings)
            ):
                if edited := self.edited(before):
                    self.report.conflicts += 1
                    self.disagreed.add((before.remote_id, GONE))
                    changes.append(Disagree(gone_and_edited(self.account, before, edited)))
                    continue
                deleted[ours.id or 0] = None
            changes.append(Depart(self.account, before.remote_id))
        if deleted:
            self.report.deleted += len(deleted)
            changes.append(Delete(Checks.of(deleted), by=self.account))
        return changes

    def edited(self, record: Remembered) -> set[str]:
        """The attributes that the user changed here since the source said something."""
        if record.contact is None or not record.base:
            return set()
        return {name for name, _ in Base.of(record.base).edits(record.contact, self.fields)}

    def _changes(self, people: Iterable[_Person]) -> list[Change]:
        """What becomes of our contacts."""
        creations: list[Change] = []
        edits: list[Change] = []
        restored: list[int] = []
        for person in people:
            if person.stored is None:
                creations.append(Create(person.value))
                continue
            if person.is_restored:
                restored.append(person.id)
            values = changed_values(person.stored, person.value)
            if "groups" in values:
                self.left |= set(map(group_key, person.stored.groups)) - set(map(group_key, person.value.groups))
            if values:
                edits.append(Edit(person.id, values))
                self.changed[person.id] = (person.stored, person.value)
        return [*creations, *([Restore(Checks.of(restored))] if restored else []), *edits]

    def unreadable(self, record: Unreadable) -> list[Change]:
        """A record that cannot be understood is set aside; the rest goes on."""
        self.report.quarantined.append((record.remote_id, record.reason))
        return [Quarantine(self.account, record.remote_id, record.reason, record.raw)]


def _cleaned(remote: RemoteContact) -> RemoteContact:
    """What a source says, as it would be stored: it is compared with what is."""
    return replace(remote, contact=clean(remote.contact))
