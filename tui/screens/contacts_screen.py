"""ContactsScreen: the list of contacts with all its commands."""

from __future__ import annotations

from coterie.tui.screens.inspecting import InspectingCommands


class ContactsScreen(InspectingCommands):
    """What All contacts, Favorites, a group's members and the Bin have in common."""
