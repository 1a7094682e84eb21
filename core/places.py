"""The places of an account: its address books, or its folders. What the server says of them, and what the user chose.

A place is named by its account and its own name, `carddav:ada@dav.example.org/Team`; in an account that has no places,
the account is the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from coterie.core.errors import InvalidInput
from coterie.core.model import Account

SYNCED: Final = "places"
READ_ONLY: Final = "read_only"
"""The keys of an account's settings that hold the ids of the places that are synced (all, if it is missing), and of
those in which nothing is to be changed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place as its provider tells of it.

    Attributes:
        id: the provider's own, which stays when the place is renamed: the address of an address book, a folder's id.
        name: for the user.
        writable: whether the server allows contacts there to be changed.
    """

    id: str
    name: str
    writable: bool = True


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place of a connected account, as the account last told, with the user's choices.

    Attributes:
        account: `Account.name`.
        place: what the account told; with an empty id if the account is the place.
        synced: its contacts are in the book.
        read_only: the user wants nothing changed there, by hand or by mistake.
        writes: changes go to the account at all.
        contacts: how many live contacts of the book are in it.
    """

    account: str
    place: Place
    synced: bool = True
    read_only: bool = False
    writes: bool = False
    contacts: int = 0

    @property
    def name(self) -> str:
        """“carddav:ada@dav.example.org/Team”."""
        return f"{self.account}/{self.place.name}" if self.place.id else self.account

    @property
    def short(self) -> str:
        """“Team”; the address of an account without places."""
        return self.place.name if self.place.id else self.account.partition(":")[2]

    @property
    def key(self) -> tuple[str, str]:
        """What the book knows it by: the account's name and the id of the place."""
        return self.account, self.place.id

    @property
    def refusal(self) -> str:
        """Why nothing may be changed there, in a sentence; empty if it may."""
        if not self.place.writable:
            return f"“{self.short}” is read-only on the server."
        if self.read_only:
            return f"“{self.short}” is read-only by your choice."
        if not self.writes:
            return f"Changes do not go to {self.account}."
        return "" if self.synced else f"“{self.short}” is not synced."


@dataclass(frozen=True, slots=True)
class Placing:
    """Where the user wants a contact to be in an account, or no longer to be.

    Attributes:
        there: whether it is wanted there.
        remote_id: under which id it is there now; empty if it is not.
        waits: it has yet to arrive somewhere, in whatever account.
        is_elsewhere: another place has it.
        has_departed: it was somewhere where it is no more.
    """

    contact_id: int
    place: str
    there: bool
    remote_id: str = ""
    waits: bool = False
    is_elsewhere: bool = False
    has_departed: bool = False


def is_synced(account: Account, place_id: str) -> bool:
    """Whether the user wants the contacts of a place."""
    chosen = account.settings.get(SYNCED)
    return not isinstance(chosen, list) or place_id in chosen


def is_read_only(account: Account, place_id: str) -> bool:
    """Whether the user wants nothing changed in a place."""
    chosen = account.settings.get(READ_ONLY)
    return isinstance(chosen, list) and place_id in chosen


def places_called(text: str, places: Sequence[Place]) -> list[Place]:
    """The places that a list such as “Contacts, Team” names; `all` and `none` are all and none. Raises InvalidInput."""
    if text.casefold() in {"all", "none", ""}:
        return list(places) if text.casefold() == "all" else []
    return [place_called(name.strip(), places) for name in _names(text, places)]


def _names(text: str, places: Iterable[Place]) -> list[str]:
    """The names in a list; a name of a place may have commas itself."""
    whole = [place.name for place in places if place.name.casefold() == text.casefold()]
    return whole or [name for name in text.split(",") if name.strip()]


def place_called(name: str, places: Sequence[Place]) -> Place:
    """The place of that name, or that id. Raises InvalidInput."""
    matches = [place for place in places if place.id == name] or [
        place for place in places if place.name.casefold() == name.casefold()
    ]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise InvalidInput(
            f"Several places are called “{name}”.", f"Use one of: {', '.join(place.id for place in matches)}."
        )
    names = ", ".join(place.name for place in places)
    raise InvalidInput(
        f"There is no place “{name}”.", f"The places are: {names}." if names else "The account has one place only."
    )


def source_called(name: str, places: Sequence[KnownPlace]) -> KnownPlace:
    """The place of a connected account that a name means: whole, or its own if only one has it.

    Raises InvalidInput.
    """
    wanted = name.casefold()
    matches = [place for place in places if wanted == place.name.casefold()]
    matches = matches or [place for place in places if wanted in {place.short.casefold(), place.account.casefold()}]
    if len(matches) == 1:
        return matches[0]
    names = ", ".join(place.name for place in matches or places)
    if matches:
        raise InvalidInput(f"“{name}” can be several places.", f"Use one of: {names}.")
    raise InvalidInput(
        f"There is no place “{name}”.",
        f"The places are: {names}." if names else "Connect an account first: coterie connect",
    )
