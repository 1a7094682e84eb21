"""Favorites: the contacts that have a star."""

from __future__ import annotations

from coterie.core.listing import View
from coterie.tui.actions.command import Place
from coterie.tui.commands import bindings_in
from coterie.tui.screens import empty
from coterie.tui.screens.contacts import ContactList


class Favorites(ContactList):
    """The contacts that have a star."""

    BINDINGS = bindings_in(Place.FAVORITES, Place.SIDEBAR)
    view = View.FAVORITES
    place = Place.FAVORITES
    title_words = "Favorites"

    def empty_lines(self) -> empty.Lines:
        """How to make one."""
        return empty.NO_FAVORITES
