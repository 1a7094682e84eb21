"""Changes that belong together, and what applying them did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from coterie.core.changes.change import Change

CONTACTS: Final = "\0"
"""What `Plan.done` has where the number of contacts, or the name of one, belongs: no text of a book has it."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that a plan leaves out, and why, in words."""

    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes that belong together: one transaction, one journal entry, one undo.

    Attributes:
        kind: a word for programs (add, edit, delete, import, …), see `Operation.kind`.
        title: what it does, in the imperative, for buttons and previews: “Add to group Choir”.
        changes: what it does, in order.
        done: the journal's sentence, f"Added {CONTACTS} to Choir.", in which CONTACTS becomes “3 contacts”, or the
            contact's name if it is one; made from the title if it is empty.
        skipped: what it will not do.
    """

    kind: str
    title: str
    changes: Sequence[Change]
    done: str = ""
    skipped: Sequence[Skip] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What applying, undoing or redoing did.

    Attributes:
        operation_id: the journal entry; None if nothing changed (then nothing is written).
        summary: one sentence for the status bar: “Moved 3 contacts to the Bin.”
        changed: how many contacts changed.
        created_ids: the ids of new contacts, for small plans (at most 1,000 are listed).
        groups_created: the names of new groups.
        skipped: what was left out, with its reason.
        undoable: whether the opposite can be done: not after deleting forever.
    """

    operation_id: int | None
    summary: str
    changed: int = 0
    created: int = 0
    created_ids: tuple[int, ...] = ()
    groups_created: tuple[str, ...] = ()
    skipped: tuple[Skip, ...] = field(default=())
    undoable: bool = True


Progress = Callable[[int, int | None], None]
"""Called with (done, of how many, None if unknown) a few times a second. It may raise Cancelled."""
