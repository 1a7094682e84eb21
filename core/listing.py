"""What a list shows: which contacts (a view and a search), in which order, and the rows that are seen of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class View(StrEnum):
    """The lists that a user can open. `GROUP` is one group's members."""

    ALL = "all"
    FAVORITES = "favorites"
    GROUP = "group"
    BIN = "bin"


@dataclass(frozen=True, slots=True)
class Sort:
    """An order: the key of a sortable field (or `deleted_at` in the Bin), then the name."""

    field: str = "name"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as a value: equal listings show the same contacts in the same order.

    Attributes:
        view: where to look.
        group_id: whose members, for `View.GROUP`.
        query: the search text, in the language of `core.query`; empty for all.
        sort: the order.
    """

    view: View = View.ALL
    group_id: int | None = None
    query: str = ""
    sort: Sort = Sort()

    def searching(self, query: str) -> Listing:
        """This list with another search."""
        return replace(self, query=query)

    def sorted_by(self, field: str, descending: bool = False) -> Listing:
        """This list in another order."""
        return replace(self, sort=Sort(field, descending))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: what the table draws, already as text, and nothing more.

    `values` are the texts of the columns that were asked for, by field key; groups are joined by `, `.

    Attributes:
        more_emails: how many addresses it has besides the one that is shown.
        groups: the names of its groups, if their column was asked for.
    """

    id: int
    name: str
    favorite: bool
    values: dict[str, str]
    deleted_at: datetime | None = None
    deleted_by: str | None = None
    days_left: int | None = None
    more_emails: int = 0
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many contacts each view holds, for the sidebar."""

    all: int = 0
    favorites: int = 0
    groups: int = 0
    bin: int = 0
