"""What a sync tells while it runs, and what it reports at its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from coterie.core.change import Outcome


@dataclass(frozen=True, slots=True)
class Fetching:
    """Contacts read from the source so far; `total` where the source says it."""

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
        sent_*: what was written to the source.
        refused: what the source would not take: who, and why.
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
    refused: list[tuple[str, str]] = field(default_factory=list)
    outcome: Outcome | None = None

    @property
    def sentence(self) -> str:
        """The journal's sentence: “Synced google:ada@example.org: 12 new, 3 updated.”"""
        parts = (
            (self.created, "new"), (self.updated, "updated"), (self.restored, "restored from the Bin"),
            (self.deleted, "deleted there and moved to the Bin"),
            (self.conflicts, "in conflict"), (len(self.quarantined), "unreadable"),
            (self.sent_created + self.sent_updated + self.sent_deleted, "sent"), (len(self.refused), "refused there"),
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
            return f"{self.vanish:,} of {self.of:,} contacts would be deleted in {self.account}."
        if self.empty:
            return f"{self.account} suddenly has no contacts: all {self.vanish:,} would be moved to the Bin."
        return f"{self.vanish:,} of {self.of:,} contacts of {self.account} would be moved to the Bin."


SyncEvent = Fetching | Applying | Writing | Ended
Confirm = Callable[[Vanishing], Awaitable[bool]]
"""Asks the user; True goes on."""
