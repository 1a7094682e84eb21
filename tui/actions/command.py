"""Command: one thing that a user can do, with its keys, its function, its places and its reason to be disabled."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final


class Place(StrEnum):
    """Where a command applies."""

    ALL = "all"
    FAVORITES = "favorites"
    GROUPS = "groups"
    MEMBERS = "members"
    BIN = "bin"
    DETAILS = "details"
    BINNED = "details in the Bin"
    SIDEBAR = "sidebar"
    INSPECTOR = "inspector"
    SAVED = "saved search in the sidebar"
    FACETS = "facets"
    SEARCH = "search field"
    SYNC = "sync"


class Section(StrEnum):
    """The headings of the help page, in its order."""

    VIEWS = "Views"
    MOVE = "Moving"
    FIND = "Finding"
    CHECK = "Checking"
    CONTACT = "One contact"
    SEVERAL = "What is checked, or the contact under the cursor"
    GROUPS = "Groups"
    SEARCHES = "Saved searches"
    BIN = "The Bin"
    ACCOUNTS = "Sync contacts"
    BOOK = "The whole book"
    PROGRAM = "The program"


LIVE: Final = frozenset({Place.ALL, Place.FAVORITES, Place.MEMBERS})
CONTACTS: Final = LIVE | {Place.BIN}
BESIDE: Final = CONTACTS | {Place.INSPECTOR}
LISTS: Final = CONTACTS | {Place.GROUPS, Place.SIDEBAR, Place.SAVED}
ON_GROUPS: Final = frozenset({Place.GROUPS, Place.SIDEBAR})
ON_ONE: Final = frozenset({Place.DETAILS, Place.BINNED})
NOT_BIN: Final = LIVE | ON_GROUPS | {Place.SAVED}
IN_SIDEBAR: Final = frozenset({Place.SIDEBAR, Place.SAVED})
IN_SEARCH: Final = frozenset({Place.SEARCH})
IN_FACETS: Final = frozenset({Place.FACETS})
IN_SYNC: Final = frozenset({Place.SYNC})
EVERYWHERE: Final = frozenset(Place) - {Place.SEARCH, Place.SYNC}
"""In the search field letters are text; Sync contacts is a dialog, which has the keys of dialogs."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a command may need to know about the moment, to say why it cannot be used.

    Attributes:
        checked: how many contacts are checked (of the live ones, or of the Bin's if the Bin is shown).
        row: whether something is under the cursor: in the sidebar, a group.
        searching: whether something is searched for.
        typing: whether the search field has the focus.
        binned: how many contacts are in the Bin.
        restricted: the setting of that name.
        clipboard: whether the clipboard may be written to.
        syncing: whether the account under the cursor is being synced.
        conflicts, unreadable, refused, left_out, places: how many the account under the cursor has.
        sources: how many accounts know this contact.
    """

    place: Place
    checked: int = 0
    row: bool = False
    searching: bool = False
    typing: bool = False
    binned: int = 0
    restricted: bool = False
    clipboard: bool = True
    syncing: bool = False
    conflicts: int = 0
    unreadable: int = 0
    refused: int = 0
    left_out: int = 0
    places: int = 0
    sources: int = 0


Reason = Callable[[Situation], str]
"""Why a command cannot be used now, in a sentence; empty if it can."""
Run = Callable[[Any], Awaitable[object] | None]
"""Takes a screen that offers what the function's context asks for, as every screen of the command's places does."""


def always(_: Situation) -> str:
    """It can always be used."""
    return ""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a user can do.

    Attributes:
        id: its name in settings (`keys.<id>`).
        run: does it, on the screen that it is given (see `tui.actions.context`): at once, or as what is to be awaited.
        keys: what it is bound to at first, in Textual's key names.
        label: a few words, as a button says it.
        tooltip: what it does, one sentence.
        section: where the help page lists it.
        places: where it applies.
        reason: why it cannot be used in this situation; empty if it can.
        footer: places whose footer names it, each with its rank there: the lower, the longer it stays; those of rank 0
            stand at its end and always stay.
        short: its label in footer and bars, which have little room.
        bar: its rank in the selection bar; 0 for not there. What has one is in More actions too.
        menu: whether More actions lists it.
    """

    id: str
    run: Run
    keys: tuple[str, ...]
    label: str
    tooltip: str
    section: Section
    places: frozenset[Place] = CONTACTS
    reason: Reason = always
    footer: Mapping[Place, int] = field(default_factory=dict)
    short: str = ""
    bar: int = 0
    menu: bool = False

    @property
    def brief(self) -> str:
        """The shortest label there is."""
        return self.short or self.label


def rank(number: int, places: Iterable[Place] = LIVE) -> dict[Place, int]:
    """The same rank in the footer of several places."""
    return dict.fromkeys(places, number)
