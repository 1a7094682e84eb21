"""COMMANDS: everything that a user can do on the screen, declared once.

Key bindings, footer, command palette, help, More actions, the selection bar, tooltips and docs/keys.md derive from this
table. A command is carried out by the method `action_<id>` of the screen that shows its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from textual.binding import Binding, BindingType
from textual.keys import format_key


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
EVERYWHERE: Final = frozenset(Place) - {Place.SEARCH, Place.SYNC}
"""In the search field letters are text; Sync contacts is a dialog, which has the keys of dialogs."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a command may need to know about the moment, to say why it cannot be used.

    Attributes:
        checked: how many contacts are checked (of the live ones, or of the Bin's where the Bin is shown).
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


def _always(_: Situation) -> str:
    return ""


def _needs_row(now: Situation) -> str:
    return "" if now.row else "There is nothing under the cursor."


def _needs_group(now: Situation) -> str:
    if now.place is Place.SIDEBAR:
        return "" if now.row else "The cursor is not on a group."
    return _needs_row(now)


def _needs_open_group(now: Situation) -> str:
    """In the list of its members the group is there in any case."""
    return "" if now.place is Place.MEMBERS else _needs_group(now)


def _needs_search(now: Situation) -> str:
    """In the field it is there before the first letter: a letter that changes the footer costs more bytes."""
    return "" if now.searching or now.typing else "Nothing is searched for."


def _needs_bin(now: Situation) -> str:
    return "" if now.binned else "The Bin is empty."


def _needs_target(now: Situation) -> str:
    if now.place is Place.SIDEBAR:
        return _needs_group(now)
    return "" if now.checked or now.row else "Nothing is checked, and there is nothing under the cursor."


def _needs_checks(now: Situation) -> str:
    return "" if now.checked else "Nothing is checked. Space checks the contact under the cursor."


def _copies(now: Situation) -> str:
    return _can_copy(now) or _needs_target(now)


def _can_copy(now: Situation) -> str:
    return "" if now.clipboard else "The clipboard is turned off in the settings (clipboard)."


def _needs_editor(now: Situation) -> str:
    return "This account is restricted: it has no editor." if now.restricted else _needs_target(now)


def _needs_shell(now: Situation) -> str:
    return "This account is restricted: it has no shell." if now.restricted else ""


def _needs_own_screen(now: Situation) -> str:
    return "This account is restricted: it has this book only." if now.restricted else ""


def _needs_account(now: Situation) -> str:
    return "" if now.row else "There is no account under the cursor."


def _can_sync(now: Situation) -> str:
    return "It is being synced." if now.syncing else _needs_account(now)


def _needs_places(now: Situation) -> str:
    return _can_sync(now) or ("" if now.places else "This account has no address books or folders to choose from.")


def _needs_sync(now: Situation) -> str:
    return "" if now.syncing else "It is not being synced."


def _needs_conflicts(now: Situation) -> str:
    return "" if now.conflicts else "There are no conflicts."


def _needs_refused(now: Situation) -> str:
    return "" if now.refused else "Nothing is refused there."


def _needs_unreadable(now: Situation) -> str:
    return "" if now.unreadable else "Everything could be read."


def _needs_left_out(now: Situation) -> str:
    return "" if now.left_out else "Nothing of this account is left out."


def _needs_sources(now: Situation) -> str:
    return "" if now.sources else "No account knows this contact."


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a user can do.

    Attributes:
        id: its name in settings (`keys.<id>`) and the screen's method `action_<id>`.
        keys: what it is bound to at first, in Textual's key names.
        label: a few words, as a button says it.
        tooltip: what it does, one sentence.
        section: where the help page lists it.
        places: where it applies.
        reason: why it cannot be used in this situation; empty where it can.
        footer: places whose footer names it, each with its rank there: the lower, the longer it stays; those of rank 0
            stand at its end and always stay.
        short: its label in footer and bars, where there is little room.
        bar: its rank in the selection bar; 0 for not there. What has one is in More actions too.
        menu: whether More actions lists it.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    tooltip: str
    section: Section
    places: frozenset[Place] = CONTACTS
    reason: Reason = _always
    footer: Mapping[Place, int] = field(default_factory=dict)
    short: str = ""
    bar: int = 0
    menu: bool = False

    @property
    def brief(self) -> str:
        """The shortest label there is."""
        return self.short or self.label


def _all(rank: int, places: Iterable[Place] = LIVE) -> dict[Place, int]:
    return dict.fromkeys(places, rank)


_GROUPS: Final = frozenset({Place.GROUPS, Place.SIDEBAR})
_BIN: Final = frozenset({Place.BIN})
_DETAILS: Final = frozenset({Place.DETAILS})
_BINNED: Final = frozenset({Place.BINNED})
_SEARCH: Final = frozenset({Place.SEARCH})
_VALUES: Final = frozenset({Place.INSPECTOR, Place.DETAILS})
_MEMBERS: Final = frozenset({Place.MEMBERS})
_LISTED: Final = frozenset({Place.GROUPS})
_SAVED: Final = frozenset({Place.SAVED})
_FACETS: Final = frozenset({Place.FACETS})
_SIDE: Final = frozenset({Place.SIDEBAR}) | _SAVED
_NOT_BIN: Final = LIVE | _GROUPS | _SAVED
_SYNC: Final = frozenset({Place.SYNC})

_LIST: Final[tuple[Command, ...]] = (
    # Views
    Command("show_all", ("1",), "All contacts", "Show all contacts.", Section.VIEWS, EVERYWHERE),
    Command("show_favorites", ("2",), "Favorites", "Show the contacts that have a star.", Section.VIEWS, EVERYWHERE),
    Command("show_groups", ("3",), "Groups", "Show the groups.", Section.VIEWS, EVERYWHERE),
    Command("show_bin", ("4",), "Bin", "Show deleted contacts, which can be restored.", Section.VIEWS, EVERYWHERE),
    Command("sync", ("s",), "Sync contacts", "Show the connected accounts.", Section.VIEWS, LISTS, menu=True),
    Command("sidebar", ("tab",), "To the sidebar and back", "Move between the list, the inspector and the sidebar.",
            Section.VIEWS, LISTS | BESIDE, footer={Place.SIDEBAR: 6, Place.SAVED: 6}, short="list"),
    Command("part_before", ("shift+tab",), "To the part before",
            "Move between the list, the inspector and the sidebar, the other way round.", Section.VIEWS,
            LISTS | BESIDE),
    # Moving
    Command("down", ("j", "down"), "Down", "Move down.", Section.MOVE, EVERYWHERE | _SEARCH,
            footer={Place.SEARCH: 3}, short="down"),
    Command("up", ("k", "up"), "Up", "Move up.", Section.MOVE, EVERYWHERE | _SEARCH, footer={Place.SEARCH: 4},
            short="up"),
    Command("first", ("g", "home"), "First", "Go to the first row.", Section.MOVE, EVERYWHERE),
    Command("last", ("G", "end"), "Last", "Go to the last row.", Section.MOVE, EVERYWHERE),
    Command("half_page_down", ("ctrl+d",), "Half a page down", "Move down by half a page.", Section.MOVE, EVERYWHERE),
    Command("half_page_up", ("ctrl+u",), "Half a page up", "Move up by half a page.", Section.MOVE, EVERYWHERE),
    Command("page_down", ("pagedown",), "Page down", "Move down by a page.", Section.MOVE, EVERYWHERE),
    Command("page_up", ("pageup",), "Page up", "Move up by a page.", Section.MOVE, EVERYWHERE),
    Command("column_left", ("h", "left"), "Column to the left", "Go to the column on the left.", Section.MOVE,
            CONTACTS | _FACETS),
    Command("column_right", ("l", "right"), "Column to the right", "Go to the column on the right.", Section.MOVE,
            CONTACTS | _FACETS),
    Command("inspector", ("I",), "Show or hide the inspector",
            "Show the contact under the cursor beside the list, from 110 columns on, or hide it.", Section.VIEWS,
            BESIDE, short="inspector", menu=True),
    Command("inspector_wider", ("<",), "Wider inspector", "Give the inspector more of the room.", Section.VIEWS,
            BESIDE),
    Command("inspector_narrower", (">",), "Narrower inspector", "Give the list more of the room.", Section.VIEWS,
            BESIDE),
    Command("next_contact", ("J",), "Next contact", "Show the next contact of the list.", Section.MOVE,
            _DETAILS | _BINNED, footer={Place.DETAILS: 4, Place.BINNED: 4}, short="next"),
    Command("previous_contact", ("K",), "Previous contact", "Show the contact before this one in the list.",
            Section.MOVE, _DETAILS | _BINNED, footer={Place.DETAILS: 5, Place.BINNED: 5}, short="previous"),
    # Finding
    Command("search", ("/",), "Search", "Search; esc clears the search.", Section.FIND, LISTS - _SIDE,
            footer=_all(3, LISTS - _SIDE), short="search"),
    Command("arrange", ("o",), "Sort order and columns", "Choose the sort order and the columns of this view.",
            Section.FIND, menu=True),
    Command("facets", ("F",), "Facets",
            "Show the commonest companies, domains, groups and accounts of what is shown, or close them.", Section.FIND,
            CONTACTS | _FACETS, footer=dict.fromkeys(_FACETS, 4), short="close", menu=True),
    Command("narrow", ("enter",), "Narrow the list", "Show only the contacts that have this value.", Section.FIND,
            _FACETS, _needs_row, footer=dict.fromkeys(_FACETS, 1), short="narrow"),
    Command("check_facet", ("space",), "Check all of these", "Check all contacts shown that have this value.",
            Section.FIND, _FACETS, _needs_row, footer=dict.fromkeys(_FACETS, 2), short="check all"),
    Command("back", ("escape",), "Back", "Close the dialog, else end the search, else uncheck all, else go back.",
            Section.FIND, EVERYWHERE | _SEARCH, footer={Place.MEMBERS: 12, Place.DETAILS: 2, Place.BINNED: 4,
            Place.SIDEBAR: 5, Place.SAVED: 5, Place.SEARCH: 2, Place.INSPECTOR: 4}, short="back"),
    Command("end_typing", ("enter",), "To the list", "Go from the search field to what was found.", Section.FIND,
            _SEARCH, footer={Place.SEARCH: 1}, short="to the list"),
    Command("search_all", ("*",), "Search all contacts", "Look for the same in All contacts.", Section.FIND,
            CONTACTS - {Place.ALL}, _needs_search, menu=True),
    Command("save_search", ("ctrl+n",), "Save the search",
            "Save this search by name: it stays in the sidebar, with how many contacts it finds.", Section.FIND,
            CONTACTS | _SEARCH, _needs_search, footer={Place.SEARCH: 5}, short="save", menu=True),
    # Checking
    Command("check", ("space",), "Check and move down", "Check or uncheck the contact under the cursor and move down.",
            Section.CHECK, reason=_needs_row, footer=_all(2, CONTACTS), short="check"),
    Command("check_range", ("v",), "Check a range", "Check a range: press it at one end, and again at the other.",
            Section.CHECK, reason=_needs_row),
    Command("check_all", ("a",), "Check all", "Check everything in this view that matches the search.",
            Section.CHECK, reason=_needs_row, footer=_all(9), short="check all"),
    Command("uncheck_all", ("A",), "Uncheck all", "Uncheck all, in every view.", Section.CHECK, bar=11, short="none",
            menu=True),
    Command("invert_checks", ("!",), "Invert the checks",
            "Check what is not checked in this view, and uncheck what is.", Section.CHECK),
    # One contact
    Command("new", ("n",), "New contact", "Add a contact.", Section.CONTACT, _NOT_BIN, footer=_all(1),
            short="new", menu=True),
    Command("open", ("enter",), "Open", "Show everything about this contact.", Section.CONTACT, reason=_needs_row,
            footer=_all(4, CONTACTS), short="open"),
    Command("edit", ("e",), "Edit", "Edit this contact; with several checked, edit them together.", Section.CONTACT,
            LIVE | _DETAILS, _needs_target, footer={**_all(5), Place.DETAILS: 1}, short="edit", bar=4, menu=True),
    Command("edit_cell", ("c",), "Change the cell",
            "Change the value under the cursor right there; with several checked, change it in all of them.",
            Section.CONTACT, LIVE, _needs_target),
    Command("edit_value", ("c",), "Change the value", "Change the value under the cursor right there.",
            Section.CONTACT, _VALUES, footer={Place.INSPECTOR: 1, Place.DETAILS: 7}, short="change"),
    Command("copy_value", ("y",), "Copy the value",
            "Copy the value under the cursor to the clipboard of your own machine, even over SSH.", Section.CONTACT,
            frozenset({Place.INSPECTOR}), _can_copy, footer={Place.INSPECTOR: 2}, short="copy"),
    Command("open_value", ("o",), "Open the value",
            "Write to the address, call the number, open the web site, or show the address on a map.", Section.CONTACT,
            _VALUES | _BINNED, footer={Place.INSPECTOR: 3, Place.DETAILS: 8}, short="open"),
    Command("repeat", (".",), "Repeat the last change",
            "Repeat the last change, on what is checked or on the contact under the cursor.", Section.CONTACT,
            LIVE, _needs_target),
    # Several
    Command("add_to_group", ("+",), "Add to a group", "Add what is checked to a group, or to a new one.",
            Section.SEVERAL, LIVE | _DETAILS, _needs_target, short="group", bar=2, menu=True),
    Command("remove_from_group", ("-",), "Remove from a group", "Remove what is checked from a group.", Section.SEVERAL,
            LIVE | _DETAILS, _needs_target, short="group", bar=5, menu=True),
    Command("move_to_place", (), "Move to a place",
            "Move what is checked to another address book, folder or account.", Section.SEVERAL, LIVE | _DETAILS,
            _needs_target, menu=True),
    Command("copy_to_place", (), "Copy to a place",
            "Copy what is checked to another address book, folder or account.", Section.SEVERAL, LIVE | _DETAILS,
            _needs_target, menu=True),
    Command("group_checked", ("C",), "Create a group from these", "Create a group from what is checked.",
            Section.SEVERAL, LIVE, _needs_target, short="new group", bar=8, menu=True),
    Command("favorite", ("f",), "Favorite", "Add a star to what is checked, or remove it.", Section.SEVERAL,
            LIVE | _DETAILS, _needs_target, footer={**_all(7), Place.DETAILS: 3}, short="star", bar=3, menu=True),
    Command("delete", ("d",), "Delete", "Move what is checked to the Bin.", Section.SEVERAL, LIVE | _DETAILS,
            _needs_target, footer={**_all(6), Place.DETAILS: 4}, short="delete", bar=1, menu=True),
    Command("edit_as_text", ("E",), "Edit as text", "Edit what is checked in your own editor ($EDITOR).",
            Section.SEVERAL, LIVE, _needs_editor, short="as text", bar=10, menu=True),
    Command("edit_columns_as_text", (), "Edit columns as text",
            "Edit the columns that are shown, of what is checked, in your own editor.", Section.SEVERAL, LIVE,
            _needs_editor, menu=True),
    Command("transform", ("=",), "Transform", "Change a field of what is checked, such as title(company).",
            Section.SEVERAL, LIVE, _needs_target, short="transform", bar=6, menu=True),
    Command("copy", ("y",), "Copy the e-mail addresses",
            "Copy the e-mail addresses to the clipboard of your own machine, even over SSH.", Section.SEVERAL,
            CONTACTS | _GROUPS | _DETAILS | _BINNED, _copies,
            footer={Place.GROUPS: 7, Place.DETAILS: 5, Place.BINNED: 5, Place.SIDEBAR: 8}, short="copy", bar=7,
            menu=True),
    Command("write_to", ("w",), "Write to", "Write a mail to them, invite them to something, or copy their addresses.",
            Section.SEVERAL, LIVE | _GROUPS | _DETAILS, _needs_target,
            footer={Place.GROUPS: 6, Place.SIDEBAR: 7}, short="write to", bar=9, menu=True),
    # Groups
    Command("open_group", ("enter",), "Open the group", "Show the members of this group.", Section.GROUPS,
            frozenset({Place.GROUPS}), _needs_row, footer={Place.GROUPS: 2}, short="open"),
    Command("choose", ("enter",), "Open", "Open what is under the cursor of the sidebar.", Section.VIEWS,
            frozenset({Place.SIDEBAR}) | _SAVED, footer={Place.SIDEBAR: 1, Place.SAVED: 1}, short="open"),
    Command("filter_groups", ("/",), "Search the groups",
            "Show the groups of the sidebar whose names have what you type; esc shows all.", Section.GROUPS, _SIDE,
            footer=_all(3, _SIDE), short="search"),
    Command("create_group", ("c", "C"), "Create a group", "Create an empty group.", Section.GROUPS, _GROUPS,
            footer={Place.GROUPS: 1, Place.SIDEBAR: 4}, short="create", menu=True),
    Command("rename_group", ("e",), "Edit the group", "Give this group another name, a color or a note.",
            Section.GROUPS, _GROUPS, _needs_group, footer={Place.GROUPS: 4, Place.SIDEBAR: 2}, short="edit", menu=True),
    Command("delete_group", ("d",), "Delete the group", "Delete this group, or those that are checked; members stay.",
            Section.GROUPS, _GROUPS, _needs_group, footer={Place.GROUPS: 5, Place.SIDEBAR: 2}, short="delete",
            menu=True),
    Command("check_group", ("space",), "Check and move down", "Check or uncheck this group and move down.",
            Section.GROUPS, _LISTED, _needs_row, footer={Place.GROUPS: 8}, short="check"),
    Command("merge_groups", ("M",), "Merge groups", "Merge the groups that are checked, or this one with another.",
            Section.GROUPS, _LISTED, _needs_row, footer={Place.GROUPS: 8}, short="merge", menu=True),
    Command("add_people", ("p",), "Add people", "Find contacts by typing and add them to this group, one by one.",
            Section.GROUPS, _GROUPS | _MEMBERS, _needs_open_group, footer={Place.GROUPS: 5, Place.MEMBERS: 1},
            short="add people", menu=True),
    Command("no_address", ("@",), "Members without an address", "Show the members who have no e-mail address.",
            Section.GROUPS, _GROUPS | _MEMBERS, _needs_open_group, footer={Place.MEMBERS: 11}, short="no e-mail",
            menu=True),
    # Saved searches
    Command("rename_search", ("e",), "Rename the search", "Give this saved search another name.", Section.SEARCHES,
            _SAVED, footer={Place.SAVED: 2}, short="rename", menu=True),
    Command("delete_search", ("d",), "Delete the search", "Delete this saved search; the contacts stay.",
            Section.SEARCHES, _SAVED, footer={Place.SAVED: 3}, short="delete", menu=True),
    Command("search_down", ("J",), "Move the search down", "Move this saved search down among the others.",
            Section.SEARCHES, _SAVED, footer={Place.SAVED: 4}, short="move down", menu=True),
    Command("search_up", ("K",), "Move the search up", "Move this saved search up among the others.",
            Section.SEARCHES, _SAVED, footer={Place.SAVED: 4}, short="move up", menu=True),
    # Bin
    Command("restore", ("r",), "Restore", "Restore what is checked from the Bin.", Section.BIN, _BIN | _BINNED,
            _needs_target, footer={Place.BIN: 1, Place.BINNED: 1}, short="restore", bar=1, menu=True),
    Command("delete_forever", ("d",), "Delete forever", "Delete what is checked forever, after asking.", Section.BIN,
            _BIN | _BINNED, _needs_target, footer={Place.BIN: 1, Place.BINNED: 2}, short="delete", bar=2, menu=True),
    Command("restore_all", ("R",), "Restore all", "Restore all that was deleted.", Section.BIN, _BIN, _needs_bin,
            footer={Place.BIN: 3}, short="restore all", menu=True),
    Command("empty_bin", ("D",), "Empty the Bin", "Delete everything in the Bin forever, after asking.", Section.BIN,
            _BIN, _needs_bin, footer={Place.BIN: 1}, short="empty", menu=True),
    # Sync contacts
    Command("sync_now", ("S",), "Sync all now", "Sync all connected accounts now.", Section.ACCOUNTS,
            EVERYWHERE | _SYNC, footer={Place.SYNC: 7}, short="sync all", menu=True),
    Command("connect", ("n",), "Connect an account", "Choose a provider and sign in to an account.", Section.ACCOUNTS,
            _SYNC, footer={Place.SYNC: 8}, short="connect", menu=True),
    Command("sync_account", ("s",), "Sync now", "Sync this account now.", Section.ACCOUNTS, _SYNC, _can_sync,
            footer={Place.SYNC: 2}, short="sync now", menu=True),
    Command("stop_sync", ("x",), "Stop the sync", "Stop the sync of this account; it then changes nothing.",
            Section.ACCOUNTS, _SYNC, _needs_sync, footer={Place.SYNC: 2}, short="stop", menu=True),
    Command("sign_in_again", ("a",), "Sign in again", "Sign in to this account again.", Section.ACCOUNTS, _SYNC,
            _needs_account, footer={Place.SYNC: 5}, short="sign in again", menu=True),
    Command("account_options", ("o",), "Options", "Choose whether this account is written to, and when it is synced.",
            Section.ACCOUNTS, _SYNC, _needs_account, footer={Place.SYNC: 4}, short="options", menu=True),
    Command("account_places", ("p",), "Places",
            "Choose which address books or folders are synced, which are read-only, and where new contacts go.",
            Section.ACCOUNTS, _SYNC, _needs_places, footer={Place.SYNC: 4}, short="places", menu=True),
    Command("conflicts", ("c",), "Conflicts", "Show what you and this account have changed differently, and decide.",
            Section.ACCOUNTS, _SYNC, _needs_conflicts, footer={Place.SYNC: 3}, short="conflicts", menu=True),
    Command("unreadable", ("r",), "What could not be read", "Show what this account sent that could not be read.",
            Section.ACCOUNTS, _SYNC, _needs_unreadable, footer={Place.SYNC: 9}, short="unreadable", menu=True),
    Command("refused", ("f",), "What is refused there", "Show which of your changes this account refuses, and why.",
            Section.ACCOUNTS, _SYNC, _needs_refused, footer={Place.SYNC: 10}, short="refused", menu=True),
    Command("restore_left_out", ("b",), "Restore what is left out",
            "Restore the contacts of this account whose arrival was undone.", Section.ACCOUNTS, _SYNC, _needs_left_out,
            footer={Place.SYNC: 3}, short="restore", menu=True),
    Command("disconnect", ("d",), "Disconnect", "Disconnect this account, after asking what to do with its contacts.",
            Section.ACCOUNTS, _SYNC, _needs_account, footer={Place.SYNC: 6}, short="disconnect", menu=True),
    # The whole book
    Command("import", ("i",), "Import", "Import contacts from CSV, vCard or a workbook.", Section.BOOK, _NOT_BIN,
            footer=_all(8), short="import", menu=True),
    Command("export", ("x",), "Export", "Export what is checked, or this list, to a file or to the clipboard.",
            Section.BOOK, CONTACTS | _GROUPS, short="export", bar=6, menu=True),
    Command("duplicates", ("M",), "Find duplicates",
            "Find contacts that may be duplicates, and merge them; with two or more checked, merge these.",
            Section.BOOK, _NOT_BIN - _LISTED, menu=True),
    Command("cleanup", ("T",), "Clean up", "Show what could be cleaned up in the book, and clean it up kind by kind.",
            Section.BOOK, _NOT_BIN, menu=True),
    Command("undo", ("u",), "Undo", "Undo the last change, even one from an earlier day.", Section.BOOK,
            EVERYWHERE | _SYNC, menu=True),
    Command("redo", ("ctrl+r",), "Redo", "Redo the change that was undone last.", Section.BOOK, EVERYWHERE | _SYNC,
            menu=True),
    Command("history", ("H",), "History", "Show what was changed, when and why.", Section.BOOK, LISTS, menu=True),
    # The program
    Command("take_apart", ("t",), "Take apart", "Make a contact of its own of what one of its accounts says.",
            Section.CONTACT, _DETAILS, _needs_sources),
    Command("contact_history", ("H",), "History of this contact",
            "Show what became of this contact, and put single values back.", Section.CONTACT, _DETAILS | _BINNED,
            footer={Place.DETAILS: 6, Place.BINNED: 6}, short="history"),
    Command("more", ("m",), "More actions", "Show what you can do here.", Section.PROGRAM, LISTS | _SYNC,
            footer={**_all(10, CONTACTS), Place.GROUPS: 9, Place.SIDEBAR: 9, Place.SAVED: 9, Place.SYNC: 11},
            short="more"),
    Command("help", ("?", "f1"), "Help", "Show all keys.", Section.PROGRAM, EVERYWHERE | _SEARCH,
            footer=_all(0, EVERYWHERE | _SEARCH), short="help", menu=True),
    Command("palette", ("ctrl+p",), "Command palette", "Find a command by its name.", Section.PROGRAM, EVERYWHERE),
    Command("theme", (), "Change the colors", "Choose another theme.", Section.PROGRAM, LISTS, menu=True),
    Command("tour", ("f2",), "Take the tour",
            "Leave this book for a throw-away one of invented people, and be shown around in two minutes.",
            Section.PROGRAM, LISTS, _needs_own_screen, menu=True),
    Command("suspend", ("ctrl+z",), "Back to the shell",
            "Stop and go back to the shell; `fg` there brings Coterie back.", Section.PROGRAM,
            EVERYWHERE | _SYNC, _needs_shell),
    Command("quit", ("q", "ctrl+q"), "Quit", "Quit Coterie. Everything is already saved.", Section.PROGRAM, EVERYWHERE,
            footer={**_all(0, LISTS), Place.BIN: 8}, short="quit"),
)  # fmt: skip

COMMANDS: Final[dict[str, Command]] = {command.id: command for command in _LIST}


def commands_in(place: Place) -> list[Command]:
    """The commands that apply in `place`, in the table's order."""
    return [command for command in COMMANDS.values() if place in command.places]


def bindings_in(*places: Place) -> list[BindingType]:
    """Textual's bindings for a screen of these places; each runs the action `command(<id>)`.

    Its id is the name in `keys.*`. Two places may give one key to two commands: see `CommandScreen.check_action`.
    """
    places += (Place.SAVED,) if Place.SIDEBAR in places else ()
    places += (Place.FACETS, Place.INSPECTOR) if not CONTACTS.isdisjoint(places) else ()
    return [
        Binding(
            ",".join(command.keys), f"command('{command.id}')", command.label, tooltip=command.tooltip, id=command.id
        )
        for command in COMMANDS.values()
        if command.keys and not command.places.isdisjoint(places)
    ]


_ARROWS: Final = {"up", "down", "left", "right"}
_KEY_WORDS: Final = {
    "escape": "esc", "pagedown": "page down", "pageup": "page up", "down": "↓", "up": "↑", "left": "←", "right": "→",
}  # fmt: skip


def key_words(key: str) -> str:
    """A key as the screen and the documentation write it: `escape` is `esc`, `ctrl+d` stays `ctrl+d`."""
    if len(key) == 1:
        return key
    *modifiers, last = key.split("+")
    sign = format_key(last)
    return "+".join((*modifiers, _KEY_WORDS.get(last) or (sign if len(sign) == 1 and sign.isascii() else last)))


def key_name(key: str) -> str:
    """Textual's name of a key that may be written as a character: `?` is `question_mark`."""
    return next(iter(Binding.make_bindings([Binding(key, "")]))).key


class Keymap:
    """Which keys carry out which command, with the user's own choices applied.

    Attributes:
        overrides: the accepted choices: command id -> keys separated by commas, as `App.set_keymap` takes them.
        problems: one sentence for each choice that was not accepted.
    """

    def __init__(self, choices: Mapping[str, str] | None = None) -> None:
        self.problems: list[str] = []
        self._keys: dict[str, tuple[str, ...]] = {}
        for written, keys in (choices or {}).items():
            name = written.replace("-", "_")
            if name not in COMMANDS:
                self.problems.append(f"The settings give a key to “{written}”, but there is no such command.")
            elif wanted := tuple(key_name(key.strip()) for key in keys.split(",") if key.strip()):
                self._keys[name] = wanted
        while clash := self._clash():
            name, other, key = clash
            del self._keys[name]
            self.problems.append(
                f"The settings give “{key_words(key)}” to “{name}”, but it belongs to “{other}”; it stays there."
            )
        self.overrides = {name: ",".join(keys) for name, keys in self._keys.items()}

    def keys(self, command: Command) -> tuple[str, ...]:
        """The keys of `command`, in Textual's names."""
        return self._keys.get(command.id) or tuple(map(key_name, command.keys))

    def key(self, command: Command, place: Place | None = None) -> str:
        """The first key of `command` as the screen writes it, empty if it has none; in a field, no letter."""
        keys = self._keys.get(command.id) or command.keys
        if place is Place.SEARCH:
            keys = tuple(key for key in keys if len(key_words(key_name(key))) > 1 or key_name(key) in _ARROWS)
        return key_words(keys[0]) if keys else ""

    def _clash(self) -> tuple[str, str, str] | None:
        """The first choice that takes a key from another command in the same place: (choice, other, key)."""
        for name, keys in self._keys.items():
            command = COMMANDS[name]
            for other in COMMANDS.values():
                if other is not command and other.places & command.places:
                    for key in keys:
                        if key in self.keys(other):
                            return name, other.id, key
        return None
