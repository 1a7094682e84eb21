"""Move and copy contacts between places: address books, folders, accounts.

The plan notes where the contacts are wanted. The next sync creates them there, and deletes a moved one where it was,
once it has arrived.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from coterie.core.changes import CONTACTS, Placed, PlaceEach, Plan, Selection
from coterie.core.errors import InvalidInput, InvalidValue
from coterie.core.model import Contact
from coterie.core.places import KnownPlace


@dataclass(frozen=True, slots=True)
class Moving:
    """Moving or copying to a place.

    Attributes:
        target: where to.
        places: all places that the book knows.
        leaving: the place that moved contacts leave; None for the only one in which each is.
        copy: they stay where they are.
    """

    target: KnownPlace
    places: Sequence[KnownPlace]
    leaving: KnownPlace | None = None
    copy: bool = False
    _by_name: dict[str, KnownPlace] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {place.name: place for place in self.places})
        verb = "copied" if self.copy else "moved"
        if self.target.refusal:
            raise InvalidInput(f"Nothing can be {verb} there: {self.target.refusal}", _allow(self.target))
        if self.leaving is not None and not self.copy:
            if self.leaving.key == self.target.key:
                raise InvalidInput("That is where they are.", "Choose another place.")
            if self.leaving.refusal:
                raise InvalidInput(f"Nothing can be moved from there: {self.leaving.refusal}", "Copy them instead.")

    def plan(self, selection: Selection) -> Plan:
        """The plan for a selection; what cannot be moved is left out, with its reason."""
        verb, done = ("Copy", "Copied") if self.copy else ("Move", "Moved")
        sentence = f"{done} {CONTACTS} to {self.target.name}; the next sync does it there."
        return Plan("place", f"{verb} to {self.target.name}", (PlaceEach(selection, self),), sentence)

    def placings(self, contact: Contact) -> list[Placed]:
        """Where a contact is wanted. Raises InvalidValue if it cannot be moved."""
        present = self._present(contact)
        leaves = [] if self.copy else self._leaves(present)
        if reason := self._reason(present, leaves):
            raise InvalidValue("place", reason)
        contact_id = contact.id or 0
        placings = [
            Placed(contact_id, place.account, place.place.id, there=False)
            for place in leaves
            if place.key != self.target.key
        ]
        if self.target.key not in {place.key for place in present.values()}:
            placings.append(Placed(contact_id, self.target.account, self.target.place.id, there=True))
        return placings

    def _present(self, contact: Contact) -> Mapping[str, KnownPlace]:
        """The places where a contact is, by their names."""
        return {ref.where: self._by_name[ref.where] for ref in contact.sources if ref.where in self._by_name}

    def _leaves(self, present: Mapping[str, KnownPlace]) -> list[KnownPlace]:
        if self.leaving is not None:
            return [place for place in present.values() if place.key == self.leaving.key]
        return [place for place in present.values() if place.key != self.target.key]

    def _reason(self, present: Mapping[str, KnownPlace], leaves: Sequence[KnownPlace]) -> str:
        is_there = self.target.key in {place.key for place in present.values()}
        if is_there and not leaves:
            return f"is in {self.target.short} already"
        if self.leaving is not None and not self.copy and not leaves:
            return f"is not in {self.leaving.short}"
        if len(leaves) > 1:
            names = ", ".join(sorted(place.short for place in leaves))
            return f"is in several places ({names}): say which one it leaves"
        return next((place.refusal for place in leaves if place.refusal), "")


def _allow(place: KnownPlace) -> str:
    """What to do if a place takes nothing."""
    if place.place.writable and not place.read_only and not place.writes:
        return f"Allow it first: coterie accounts set {place.account} write=on"
    return "Choose another place."
