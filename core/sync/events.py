"""What a sync tells while it runs, and what it reports at its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from coterie.core.changes import Outcome
from coterie.core.model import Refusal
from coterie.core.text import number_of


@dataclass(frozen=True, slots=True)
class Fetching:
    """Contacts read from the source so far; `total` if the source says it."""

    done: int
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Applying:
    """Contacts brought into the book so far, of how many."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Writing:
    """Changes written to the source so far, of how many."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a write: its label, what the source says now and what it is to say."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Write:
    """One write to a source, as a dry run lists it.

    Attributes:
        kind: what it does, in words: “create”, “create again”, “create in Team”, “delete in Team”,
             “update”, “merge”, “delete”, “rename group”,
            “delete group”, “create group”.
        name: whom or what it is about.
        fields: what is written.
    """

    kind: str
    name: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(slots=True)
class SyncReport:
    """What a sync did, or (as a dry run) would do.

    Attributes:
        full: everything was read, not only what changed.
        unchanged: remote contacts that brought nothing new.
        in_bin: remote contacts that were deleted here, and so stay away.
        restored: contacts that were restored from the Bin, because a source that had deleted them has them again.
        conflicts: fields that both sides changed differently.
        quarantined: (remote id, reason) of records that could not be understood.
        left_out: contacts of the source that an undo took away here, so that they can be restored.
        sent_*: what was written to the source.
        sent_again: contacts that were deleted there, came back here, and were created there again.
        sent_merged: contacts that were merged there, as they were here.
        sent_groups: groups that were renamed or deleted there.
        moved_in, moved_out: contacts that the user moved or copied to one of its places, and away from one.
        writes: as a dry run: each write to the source, in order.
        refused: what the source would not take.
    """

    account: str
    full: bool = False
    created: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0
    in_bin: int = 0
    restored: int = 0
    conflicts: int = 0
    quarantined: list[tuple[str, str]] = field(default_factory=list)
    sent_created: int = 0
    sent_updated: int = 0
    sent_deleted: int = 0
    sent_again: int = 0
    sent_merged: int = 0
    sent_groups: int = 0
    moved_in: int = 0
    moved_out: int = 0
    left_out: int = 0
    writes: list[Write] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    outcome: Outcome | None = None

    @property
    def news(self) -> int:
        """How much there is to tell; 0 if nothing changed and nobody has to do anything."""
        sent = self.sent_created + self.sent_updated + self.sent_deleted + self.sent_again + self.sent_merged
        sent += self.moved_in + self.moved_out
        came = self.created + self.updated + self.deleted + self.restored
        waits = self.conflicts + len(self.quarantined) + len(self.refused) + self.left_out
        return came + sent + self.sent_groups + waits

    @property
    def sentence(self) -> str:
        """The journal's sentence: “Synced google:ada@example.org: 12 new, 3 updated.”"""
        parts = (
            (self.created, "new"), (self.updated, "updated"), (self.restored, "restored from the Bin"),
            (self.deleted, "deleted there and moved to the Bin"),
            (self.conflicts, "in conflict"), (len(self.quarantined), "unreadable"),
            (self.sent_created + self.sent_updated + self.sent_deleted + self.sent_groups, "sent"),
            (self.moved_in, "moved in"), (self.moved_out, "moved out"),
            (self.sent_merged, "merged there"), (self.sent_again, "created there again"),
            (len(self.refused), "refused there"), (self.left_out, "left out, as their arrival was undone"),
        )  # fmt: skip
        said = ", ".join(f"{count:,} {word}" for count, word in parts if count)
        return f"Synced {self.account}: {said or 'nothing new'}."


@dataclass(frozen=True, slots=True)
class Ended:
    """The last event: what the sync did."""

    report: SyncReport


@dataclass(frozen=True, slots=True)
class Vanishing:
    """A question before a sync that would take much away.

    Attributes:
        vanish: how many contacts would go to the Bin here (or, with `there`, be deleted at the source).
        of: how many the account knows.
        empty: the source has suddenly no contacts at all.
    """

    account: str
    vanish: int
    of: int
    empty: bool = False
    there: bool = False

    @property
    def sentence(self) -> str:
        """The question in words, without its question mark's choice."""
        if self.there:
            return f"{self.vanish:,} of {number_of(self.of)} would be deleted in {self.account}."
        if self.empty:
            return f"{self.account} suddenly has no contacts: all {self.vanish:,} would be moved to the Bin."
        return f"{self.vanish:,} of {number_of(self.of)} of {self.account} would be moved to the Bin."


SyncEvent = Fetching | Applying | Writing | Ended
Confirm = Callable[[Vanishing], Awaitable[bool]]
"""Asks the user; True goes on."""
