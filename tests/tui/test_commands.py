"""One table of commands: every key of the design does what it says, in its place, and nothing else is bound."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from coterie.core.book import Book
from coterie.core.model import Contact, Group
from coterie.tui import reference
from coterie.tui.actions.command import Command, Place, Situation
from coterie.tui.commands import COMMANDS, Keymap, commands_in
from coterie.tui.key_words import key_name, key_words
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.screens.bin import Bin
from coterie.tui.screens.details import Details
from coterie.tui.screens.favorites import Favorites
from coterie.tui.screens.groups import Groups
from coterie.tui.screens.members import Members
from coterie.tui.screens.sync import Sync
from coterie.tui.state import State

SCREENS: dict[Place, type[Any]] = {
    Place.ALL: AllContacts,
    Place.FACETS: AllContacts,
    Place.FAVORITES: Favorites,
    Place.GROUPS: Groups,
    Place.MEMBERS: Members,
    Place.BIN: Bin,
    Place.DETAILS: Details,
    Place.BINNED: Details,
    Place.SIDEBAR: AllContacts,
    Place.INSPECTOR: AllContacts,
    Place.SAVED: AllContacts,
    Place.SEARCH: AllContacts,
    Place.SYNC: Sync,
}

# The table of the interface's section 3, for the view All contacts.
PROMISED = {
    "1": "show_all", "2": "show_favorites", "3": "show_groups", "4": "show_bin", "j": "down", "k": "up",
    "down": "down", "up": "up", "g": "first", "G": "last", "home": "first", "end": "last", "ctrl+d": "half_page_down",
    "ctrl+u": "half_page_up", "pagedown": "page_down", "pageup": "page_up", "h": "column_left", "l": "column_right",
    "left": "column_left", "right": "column_right", "space": "check", "v": "check_range", "a": "check_all",
    "A": "uncheck_all", "!": "invert_checks", "/": "search", "o": "arrange", "s": "sync", "S": "sync_now", "u": "undo",
    "ctrl+r": "redo", "?": "help", "q": "quit", "n": "new", "enter": "open", "e": "edit", "E": "edit_as_text",
    "c": "edit_cell", ".": "repeat", "f": "favorite", "+": "add_to_group", "-": "remove_from_group",
    "C": "group_checked", "d": "delete", "M": "duplicates", "i": "import", "x": "export", "y": "copy", "m": "more",
    "ctrl+p": "palette", "escape": "back",
}  # fmt: skip


def bound(place: Place) -> dict[str, str]:
    return {key_name(key): command.id for command in commands_in(place) for key in command.keys}


def test_the_promised_keys_are_bound() -> None:
    keys = bound(Place.ALL)
    assert {key: keys.get(key_name(key)) for key in PROMISED} == PROMISED
    assert bound(Place.BIN)["r"] == "restore"
    assert bound(Place.BIN)["d"] == "delete_forever"
    assert bound(Place.GROUPS)["c"] == "create_group"


@pytest.mark.parametrize("place", Place)
def test_no_key_has_two_commands_in_one_place(place: Place) -> None:
    keys = [key_name(key) for command in commands_in(place) for key in command.keys]
    assert len(keys) == len(set(keys))


async def nobody(contact_id: int, by: int) -> None:
    """A list of one contact."""


def opened(kind: type[Any], book: Book) -> Screen[None]:
    state = State()
    if kind is Members:
        return Members(book, state, Group(1, "Choir"))
    if kind is Details:
        return Details(book, state, Contact(name="Ada", id=1), nobody)
    screen: Screen[None] = kind(book, state)
    return screen


def asked_for(command: Command) -> set[str]:
    """What the context of a command's function has: the annotation of its first parameter says which it is."""
    context = vars(inspect.getmodule(command.run))[next(iter(command.run.__annotations__.values()))]
    protocols = [one for one in context.__mro__ if one.__module__.startswith("coterie.tui.actions")]
    names = {name for one in protocols for name in (*vars(one), *vars(one).get("__annotations__", ()))}
    return {name for name in names if not name.startswith("_")}


@pytest.mark.parametrize(("place", "kind"), [*SCREENS.items(), (Place.SIDEBAR, Groups), (Place.SAVED, Groups)])
def test_every_screen_offers_what_the_commands_of_its_places_ask_for(place: Place, kind: type[Any], book: Book) -> None:
    offered = set(dir(opened(kind, book)))
    missing = {command.id: asked_for(command) - offered for command in commands_in(place)}
    assert {"book", "ask", "say"} <= asked_for(COMMANDS["delete"])
    assert {name: lacks for name, lacks in missing.items() if lacks} == {}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
def test_every_command_explains_itself(command: Command) -> None:
    assert command.label
    assert command.tooltip.endswith(".")
    assert command.places
    assert len(command.brief) <= 24


def test_reasons_are_sentences() -> None:
    nothing = Situation(Place.ALL, restricted=True, clipboard=False)
    for name in ("delete", "check", "edit_as_text", "copy"):
        assert COMMANDS[name].reason(nothing).endswith(".")
    assert COMMANDS["delete"].reason(Situation(Place.ALL, row=True)) == ""


def test_the_documentation_is_the_table() -> None:
    assert Path("docs/keys.md").read_text(encoding="utf-8") == reference.page()


class TestKeymap:
    def test_a_choice_replaces_the_keys(self) -> None:
        keymap = Keymap({"delete": "f8,#"})
        assert keymap.problems == []
        assert keymap.overrides == {"delete": "f8,number_sign"}
        assert keymap.key(COMMANDS["delete"]) == "f8"

    def test_two_commands_may_exchange_their_keys(self) -> None:
        keymap = Keymap({"delete": "f", "favorite": "d"})
        assert keymap.problems == []
        assert keymap.overrides == {"delete": "f", "favorite": "d"}

    def test_a_key_that_belongs_to_another_command_stays_there(self) -> None:
        keymap = Keymap({"delete": "j"})
        assert keymap.overrides == {}
        assert keymap.problems == ["The settings give “j” to “delete”, but it belongs to “down”; it stays there."]

    def test_the_same_key_in_another_place_is_no_clash(self) -> None:
        assert Keymap({"restore": "n"}).problems == []

    def test_an_unknown_command_is_named(self) -> None:
        assert "no such command" in Keymap({"explode": "x"}).problems[0]


def test_keys_as_people_write_them() -> None:
    assert [key_words(key) for key in ("escape", "pagedown", "ctrl+d", "question_mark", "G", "up")] == [
        "esc", "page down", "ctrl+d", "?", "G", "↑",
    ]  # fmt: skip
