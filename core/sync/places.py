"""Choosing the places of an account: which are synced, which are read-only, and where new contacts go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from coterie.core.book import Book
from coterie.core.changes import CONTACTS, Delete, Outcome, Plan
from coterie.core.checks import Checks
from coterie.core.errors import InvalidInput
from coterie.core.model import Account
from coterie.core.places import READ_ONLY, SYNCED, Place, place_called, places_called

NEW: Final = "place"
"""The key of an account's settings that holds the id of the place where new contacts go (once its name)."""


@dataclass(frozen=True, slots=True)
class PlaceChoices:
    """What the user chose for the places of an account, by their ids.

    Attributes:
        synced: those whose contacts are in the book; None for all, also those made later.
        read_only: those in which nothing is to be changed.
        new: where new contacts go; empty for the first one that can be written to.
    """

    synced: frozenset[str] | None = None
    read_only: frozenset[str] = frozenset()
    new: str = ""

    @classmethod
    def of(cls, account: Account) -> PlaceChoices:
        """The choices that are stored with an account."""
        synced, read_only = account.settings.get(SYNCED), account.settings.get(READ_ONLY)
        return cls(
            frozenset(map(str, synced)) if isinstance(synced, list) else None,
            frozenset(map(str, read_only)) if isinstance(read_only, list) else frozenset(),
            place_of(account),
        )

    def settings(self, account: Account) -> dict[str, object]:
        """The settings of the account with these choices."""
        chosen: dict[str, object] = {
            SYNCED: sorted(self.synced) if self.synced is not None else None,
            READ_ONLY: sorted(self.read_only) or None,
            NEW: self.new or None,
        }
        return {key: value for key, value in {**account.settings, **chosen}.items() if value is not None}

    def syncs(self, place_id: str) -> bool:
        """Whether the contacts of a place are in the book."""
        return self.synced is None or place_id in self.synced

    def turned(self, place_id: str, places: Sequence[Place]) -> PlaceChoices:
        """With a place synced that is not, or the other way round. If all of them are, later ones are, too."""
        all_ids = frozenset(place.id for place in places)
        synced = (all_ids if self.synced is None else self.synced) ^ {place_id}
        return replace(self, synced=None if all_ids <= synced else synced)

    def barred(self, place_id: str) -> PlaceChoices:
        """With a place read-only that is not, or the other way round."""
        return replace(self, read_only=self.read_only ^ {place_id})

    def place_for_new(self, places: Sequence[Place]) -> Place | None:
        """Where new contacts go: the place that is chosen, else the first that takes them."""
        takes = (
            place for place in places if place.writable and self.syncs(place.id) and place.id not in self.read_only
        )
        return next((place for place in takes if self.new in {"", place.id, place.name}), None)

    def check(self, account: Account, places: Sequence[Place]) -> None:
        """Raise InvalidInput if they do not go together, or with what the server says."""
        if self.synced is not None and not self.synced:
            raise InvalidInput(
                "An account needs a place that is synced.", f"To sync none: coterie disconnect {account.name}"
            )
        new = next((place for place in places if self.new in {place.id, place.name}), None) if self.new else None
        if new is None:
            return
        if not new.writable or new.id in self.read_only:
            raise InvalidInput(f"“{new.name}” is read-only: new contacts cannot go there.", "Choose another place.")
        if self.synced is not None and new.id not in self.synced:
            raise InvalidInput(f"New contacts go to “{new.name}”, so it must be synced.", "Choose another place first.")


def _synced(choices: PlaceChoices, value: str, places: Sequence[Place]) -> PlaceChoices:
    if value.casefold() in {"all", ""}:
        return replace(choices, synced=None)
    return replace(choices, synced=frozenset(place.id for place in places_called(value, places)))


def _read_only(choices: PlaceChoices, value: str, places: Sequence[Place]) -> PlaceChoices:
    return replace(choices, read_only=frozenset(place.id for place in places_called(value, places)))


def _new(choices: PlaceChoices, value: str, places: Sequence[Place]) -> PlaceChoices:
    return replace(choices, new=place_called(value, places).id if value else "")


CHOICES: Final[dict[str, Callable[[PlaceChoices, str, Sequence[Place]], PlaceChoices]]] = {
    "place": _new,
    "places": _synced,
    "read-only": _read_only,
}
"""What `accounts set` calls each choice -> the choices with it. They raise InvalidInput."""


def place_of(account: Account) -> str:
    """The id of the place to which the account's new contacts go; empty for the provider's own choice."""
    place = account.settings.get(NEW)
    return place if isinstance(place, str) else ""


def is_less(choices: PlaceChoices, before: PlaceChoices) -> bool:
    """Whether places that are synced now no longer would be."""
    return choices.synced is not None and (before.synced is None or not before.synced <= choices.synced)


async def choose_places(
    book: Book, account: Account, choices: PlaceChoices, places: Sequence[Place], *, keep: bool
) -> Outcome | None:
    """Store the choices. What becomes of the contacts of a place that is no longer synced is told as an Outcome.

    They stay as local contacts (`keep`), or those that nobody else knows go to the Bin; nothing changes at the server.
    Raises InvalidInput, and BookBusy if the account is being synced.
    """
    choices.check(account, places)
    accounts = book.accounts
    outcome: Outcome | None = None
    async with accounts.alone(account):
        account = await accounts.named(account.name)
        chosen = replace(account, settings=choices.settings(account))
        if not is_less(choices, PlaceChoices.of(account)):
            await accounts.update(chosen)
            return None
        kept = choices.synced or frozenset()
        leaving = await accounts.leaving(account, kept)
        if leaving.alone and not keep:
            gone = Delete(Checks.of(leaving.alone), by=account.name)
            done = f"No longer synced: moved {CONTACTS} of {account.name} to the Bin."
            outcome = await book.apply(Plan("places", f"Sync less of {account.name}", [gone], done=done))
        await accounts.leave_places(chosen, kept)
    return outcome
