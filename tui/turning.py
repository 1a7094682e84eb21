"""How far an undo or a redo goes that is asked for at an entry of the journal, and why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coterie.core.model import Operation
from coterie.core.text import number_of, printable


@dataclass(frozen=True, slots=True)
class Turning:
    """What is undone, or redone, to have an entry undone, or redone.

    Attributes:
        back: undo, not redo.
        ids: the operations, in the order in which they are turned; empty if that cannot be.
        reason: why it cannot be, a sentence.
    """

    back: bool = True
    ids: tuple[int, ...] = ()
    reason: str = ""

    @property
    def words(self) -> str:
        """What a button says: “Undo this change”, “Undo 9 changes”."""
        verb = "Undo" if self.back else "Redo"
        return f"{verb} this change" if len(self.ids) < 2 else f"{verb} {len(self.ids):,} changes"

    def scope(self, contacts: int) -> str:
        """What several changes are, which changed so many contacts: a sentence for the question before them."""
        rest = "all of yours after it" if self.back else "all that you undid before it"
        return f"This change and {rest}; they changed {number_of(contacts)}."

    @staticmethod
    def foreign(others: Mapping[str, int]) -> str:
        """Whose changes since then stay as they are: a sentence; empty if nobody else changed anything.

        `others`: who changed how many contacts, see `core.store.journal.entries`.
        """
        whose = ", ".join(f"{printable(actor)} ({number_of(count)})" for actor, count in others.items())
        return f"What others have changed since stays as it is: {whose}." if whose else ""


def turning(operations: Sequence[Operation], at: int, actor: str | None) -> Turning:
    """What turning line `at` of the journal (newest first) means for `actor`; None stands for everybody."""
    chosen = operations[at]

    def mine(entry: Operation) -> bool:
        return entry.undoable and (actor is None or entry.actor == actor)

    if not chosen.undoable:
        return Turning(reason="It cannot be undone: what is deleted forever is gone.")
    if not mine(chosen):
        return Turning(reason=f"Only {printable(chosen.actor)} can undo it.")
    if chosen.undone_at is None:
        return Turning(ids=tuple(entry.id for entry in operations[: at + 1] if mine(entry) and not entry.undone_at))
    if not chosen.redoable:
        return Turning(False, reason="It is undone. Other changes were made since then, so it cannot be redone.")
    return Turning(False, tuple(entry.id for entry in reversed(operations[at:]) if mine(entry) and entry.redoable))
