"""Favorites: the contacts that have a star."""

from __future__ import annotations

from coterie.core.listing import View
from coterie.tui.commands import Place, bindings_in
from coterie.tui.screens import empty
from coterie.tui.screens.contacts_screen import ContactsScreen


class Favorites(ContactsScreen):
    """The contacts that have a star."""

    BINDINGS = bindings_in(Place.FAVORITES, Place.SIDEBAR)
    view = View.FAVORITES
    place = Place.FAVORITES
    title_words = "Favorites"

    def empty_lines(self) -> empty.Lines:
        """How to make one."""
        return empty.NO_FAVORITES
