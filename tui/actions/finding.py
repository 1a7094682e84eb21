"""Finding: the search line, the order, the facets, and the way back."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from coterie.core.fields import FIELDS
from coterie.core.listing import Sort, View
from coterie.core.store.lists.facets import narrowed_to
from coterie.core.text import number_of
from coterie.tui.actions.command import (
    CONTACTS,
    EVERYWHERE,
    IN_FACETS,
    IN_SEARCH,
    IN_SIDEBAR,
    LISTS,
    Command,
    Place,
    Section,
    rank,
)
from coterie.tui.actions.context import Context, Listed, Rows
from coterie.tui.actions.reasons import needs_row, needs_search
from coterie.tui.actions.views import show_view

if TYPE_CHECKING:
    from coterie.tui.widgets.facets import FacetPanel
    from coterie.tui.widgets.search_bar import SearchBar


class Searched(Listed, Protocol):
    """A list with a search line."""

    @property
    def search_bar(self) -> SearchBar:
        """The search line."""


class Arranged(Rows, Protocol):
    """A list whose order and columns can be chosen."""

    async def rearrange(self, columns: Sequence[str], sort: Sort) -> None:
        """Show these columns in this order from now on, here and the next time this view is opened."""


class FacetsAbove(Protocol):
    """The facets above a list.

    Attributes:
        panel: what shows them.
    """

    panel: FacetPanel

    def toggle(self) -> None:
        """Show the facets, go to them, or close them."""


class Faceted(Rows, Protocol):
    """A list with facets."""

    @property
    def faceting(self) -> FacetsAbove:
        """The values that its contacts have most often."""


@runtime_checkable
class _LooksFor(Protocol):
    async def look_for(self, query: str) -> None: ...


class Leaving(Context, Protocol):
    """A screen from which esc leads somewhere."""

    def back(self) -> Awaitable[object] | None:
        """Close or end what is innermost, else leave the screen."""


def search(here: Searched) -> None:
    """Go into the search line."""
    here.search_bar.edit()


async def arrange(here: Arranged) -> None:
    """Choose the sort order and the columns of this view."""
    from coterie.tui.dialogs.columns import ColumnsDialog

    sorts = [("deleted_at", "Deleted")] if here.listing.view is View.BIN else []
    chosen = await here.ask(ColumnsDialog(here.columns, here.listing.sort, sorts))
    if chosen:
        await here.rearrange(*chosen)


async def sort_by(here: Arranged, field: str) -> None:
    """Sort by a column whose heading was clicked; in the other direction if it is sorted by that already."""
    sort = here.listing.sort
    key = "deleted_at" if field in {"days_left", "deleted_by"} else field
    if key == "deleted_at" or (key in FIELDS and FIELDS[key].sortable):
        await here.rearrange(here.columns, Sort(key, sort.field == key and not sort.descending))
    else:
        here.say("The list cannot be sorted by this column.")


def facets(here: Faceted) -> None:
    """Show the facets, go to them, or close them."""
    here.faceting.toggle()


async def narrow(here: Faceted) -> None:
    """Show only the contacts that have this value."""
    if facet := here.faceting.panel.facet:
        await here.look_for(narrowed_to(here.query_text, facet.term))


async def check_facet(here: Faceted) -> None:
    """Check all that have this value, of those that are shown."""
    if facet := here.faceting.panel.facet:
        ids = await here.book.lists.ids(here.listing.searching(narrowed_to(here.query_text, facet.term)))
        here.checks |= ids
        here.say(f"Checked {number_of(len(ids))}.")


def back(here: Leaving) -> Awaitable[object] | None:
    """Close the dialog, else end the search, else uncheck all, else go back."""
    return here.back()


def end_typing(here: Listed) -> None:
    """Leave the search line for what was found."""
    here.to_list()


async def search_all(here: Rows) -> None:
    """Look for the same in All contacts."""
    await open_query(here, here.query_text)


async def open_query(here: Context, query: str) -> None:
    """Show what a search finds in All contacts."""
    await show_view(here, "show_all")
    if isinstance(screen := here.app.screen, _LooksFor):
        await screen.look_for(query)


COMMANDS: Final[tuple[Command, ...]] = (
    Command("search", search, ("/",), "Search", "Search; esc clears the search.", Section.FIND, LISTS - IN_SIDEBAR,
            footer=rank(3, LISTS - IN_SIDEBAR), short="search"),
    Command("arrange", arrange, ("o",), "Sort order and columns", "Choose the sort order and the columns of this view.",
            Section.FIND, menu=True),
    Command("facets", facets, ("F",), "Facets",
            "Show the commonest companies, domains, groups and accounts of what is shown, or close them.", Section.FIND,
            CONTACTS | IN_FACETS, footer=dict.fromkeys(IN_FACETS, 4), short="close", menu=True),
    Command("narrow", narrow, ("enter",), "Narrow the list", "Show only the contacts that have this value.",
            Section.FIND, IN_FACETS, needs_row, footer=dict.fromkeys(IN_FACETS, 1), short="narrow"),
    Command("check_facet", check_facet, ("space",), "Check all of these",
            "Check all contacts shown that have this value.", Section.FIND, IN_FACETS, needs_row,
            footer=dict.fromkeys(IN_FACETS, 2), short="check all"),
    Command("back", back, ("escape",), "Back", "Close the dialog, else end the search, else uncheck all, else go back.",
            Section.FIND, EVERYWHERE | IN_SEARCH,
            footer={Place.MEMBERS: 12, Place.DETAILS: 2, Place.BINNED: 4, Place.SIDEBAR: 5, Place.SAVED: 5,
                    Place.SEARCH: 2, Place.INSPECTOR: 4}, short="back"),
    Command("end_typing", end_typing, ("enter",), "To the list", "Go from the search field to what was found.",
            Section.FIND, IN_SEARCH, footer={Place.SEARCH: 1}, short="to the list"),
    Command("search_all", search_all, ("*",), "Search all contacts", "Look for the same in All contacts.", Section.FIND,
            CONTACTS - {Place.ALL}, needs_search, menu=True),
)  # fmt: skip
