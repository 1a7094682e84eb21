"""Saved searches: saved, renamed, ordered, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final, Protocol

from coterie.core.errors import InvalidValue
from coterie.core.model import SavedSearch
from coterie.core.query.saved import written
from coterie.core.text import group_key
from coterie.tui import plans
from coterie.tui.actions.changes import carry_out, carry_out_from
from coterie.tui.actions.command import CONTACTS, IN_SEARCH, Command, Place, Section
from coterie.tui.actions.context import Context, Listed
from coterie.tui.actions.reasons import needs_search
from coterie.tui.widgets.modal import Origin

_SAVED: Final = frozenset({Place.SAVED})


class Saving(Listed, Protocol):
    """A list whose search can be saved."""

    @property
    def query_to_save(self) -> str:
        """What is searched for here, as it finds the same in All contacts."""


async def rename_search(here: Listed) -> None:
    """Ask for another name."""
    if search := here.sidebar.search:
        await ask_for_name(here, search)


async def ask_for_name(here: Context, search: SavedSearch) -> None:
    """Ask for another name of a saved search."""
    from coterie.tui.dialogs.prompt import Prompt

    check = partial(_free, await here.book.searches.all(), but=search)
    prompt = Prompt(f"Rename the search {search.name}", "New name", search.name, yes="Rename", check=check)
    prompt.origin = Origin("search_name", f"renaming the search {search.name}", {"id": search.id})
    await carry_out_from(here, prompt, lambda name: plans.rename_search(search, name) if name != search.name else None)


async def delete_search(here: Listed) -> None:
    """Delete it; that can be undone."""
    if search := here.sidebar.search:
        await carry_out(here, plans.delete_search(search))


async def search_down(here: Listed) -> None:
    """One place down."""
    await _move_search(here, 1)


async def search_up(here: Listed) -> None:
    """One place up."""
    await _move_search(here, -1)


async def _move_search(here: Listed, by: int) -> None:
    if search := here.sidebar.search:
        await carry_out(here, plans.move_search(search, by))


async def save_search(here: Saving) -> None:
    """Ask for a name and keep what is searched for."""
    query = here.query_to_save
    if not here.query_text:
        here.say("Nothing is searched for.")
        return
    await here.book.searches.check(query)
    await keep_search(here, query)


async def keep_search(here: Listed, query: str) -> None:
    """Ask for a name and keep a search."""
    from coterie.tui.dialogs.prompt import Prompt

    searches = await here.book.searches.all()
    names = [search.name for search in searches]
    prompt = Prompt("Save the search", f"A name for {query}", completions=names, yes="Save search")
    prompt.origin = Origin("search_new", f"saving the search {query}", {"query": query})
    if await carry_out_from(here, prompt, lambda name: plans.save_search(searches, name, query)):
        here.to_list()


def _free(searches: Sequence[SavedSearch], name: str, but: SavedSearch) -> None:
    """Raises InvalidValue if another search than `but` has this name."""
    for search in searches:
        if search.id != but.id and group_key(search.name) == group_key(name):
            title = f"There is already a saved search {written(search.name)}."
            raise InvalidValue("search", title, "Choose another name.")


COMMANDS: Final[tuple[Command, ...]] = (
    Command("save_search", save_search, ("ctrl+n",), "Save the search",
            "Save this search by name: it stays in the sidebar, with how many contacts it finds.", Section.FIND,
            CONTACTS | IN_SEARCH, needs_search, footer={Place.SEARCH: 5}, short="save", menu=True),
    Command("rename_search", rename_search, ("e",), "Rename the search", "Give this saved search another name.",
            Section.SEARCHES, _SAVED, footer={Place.SAVED: 2}, short="rename", menu=True),
    Command("delete_search", delete_search, ("d",), "Delete the search", "Delete this saved search; the contacts stay.",
            Section.SEARCHES, _SAVED, footer={Place.SAVED: 3}, short="delete", menu=True),
    Command("search_down", search_down, ("J",), "Move the search down", "Move this saved search down among the others.",
            Section.SEARCHES, _SAVED, footer={Place.SAVED: 4}, short="move down", menu=True),
    Command("search_up", search_up, ("K",), "Move the search up", "Move this saved search up among the others.",
            Section.SEARCHES, _SAVED, footer={Place.SAVED: 4}, short="move up", menu=True),
)  # fmt: skip
