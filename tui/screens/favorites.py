"""Favorites: the contacts that have a star."""

from __future__ import annotations

from core.listing import View
from tui.commands import Place, bindings_in
from tui.screens import empty
from tui.screens.contacts_screen import ContactsScreen


class Favorites(ContactsScreen):
    """The contacts that have a star."""

    BINDINGS = bindings_in(Place.FAVORITES, Place.SIDEBAR)
    view = View.FAVORITES
    place = Place.FAVORITES
    title_words = "Favorites"

    def empty_lines(self) -> empty.Lines:
        """How to make one."""
        return empty.NO_FAVORITES
