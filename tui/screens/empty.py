"""What stands where a list would be when it is empty: what to press, in a few lines."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from rich.cells import cell_len
from textual.content import Content

from coterie.core.text import printable
from coterie.tui.commands import COMMANDS, Keymap

Line = str | tuple[str, str]
"""A sentence, or (command id, or the name of a key, and what it does)."""

Lines = Sequence[Line]

NOTHING_HERE: Lines = ("There are no contacts here.",)

EMPTY_BOOK: Lines = (
    "Your address book is empty.",
    "",
    ("import", "import a file"),
    ("sync", "connect Google, Office 365 or CardDAV"),
    ("tour", "a tour of two minutes"),
    ("new", "add a contact"),
    ("help", "what works here, and all keys"),
    "",
    "Is the file on your own machine? Over SSH, either",
    ("import", "import, and paste its rows"),
    ("or", "scp contacts.csv HOST:   and then import it here"),
    ("or", "ssh HOST coterie import - < contacts.csv"),
)

NO_FAVORITES: Lines = (
    "There are no favorites yet.",
    "",
    ("favorite", "adds a star to a contact, in any list"),
    ("show_all", "shows all contacts"),
)

NO_MEMBERS: Lines = (
    "This group is empty.",
    "",
    ("show_all", "shows all contacts; check some there and"),
    ("add_to_group", "adds them to this group"),
)

NO_GROUPS: Lines = (
    "There are no groups yet.",
    "",
    ("create_group", "creates a group"),
    ("add_to_group", "in a list of contacts adds what is checked to a group"),
)


def empty_bin(days: int) -> Lines:
    """For a Bin that keeps what is in it for `days` days."""
    return ("The Bin is empty.", "", f"What you delete stays here for {days} days and can be restored.")


def nothing_found(query: str, elsewhere: int = 0) -> Lines:
    """For a search without a match; `elsewhere`: how many contacts it finds in All contacts."""
    title = f"Nothing matches “{printable(query)}”{' here' if elsewhere else ''}."
    there = [("search_all", f"{elsewhere:,} in All contacts")] if elsewhere else []
    return (title, "", *there, ("back", "clears the search"))


def page(lines: Lines, keymap: Keymap, width: int) -> Content:
    """The lines as a block of at most `width` cells: the keys in one column, the first line bold.

    All lines of it are equally wide, so that it stays a block if each line is centred.
    """
    keys = [_key(line[0], keymap) if isinstance(line, tuple) else "" for line in lines]
    margin = max(map(cell_len, keys), default=0) + 2
    shown: list[Content] = []
    for place, (line, key) in enumerate(zip(lines, keys, strict=True)):
        if isinstance(line, tuple):
            first, *more = wrap(line[1], max(width - margin - 2, 10))
            shown.append(Content.assemble((key.rjust(margin), "bold $primary"), "  ", first))
            shown += [Content(f"{' ' * (margin + 2)}{rest}") for rest in more]
        else:
            parts = wrap(line, max(width, 10)) or [""]
            shown += [Content.styled(part, "bold") if place == 0 else Content(part) for part in parts]
    block = max(line.cell_length for line in shown)
    return Content("\n").join(line.pad_right(block - line.cell_length) for line in shown)


def _key(name: str, keymap: Keymap) -> str:
    return keymap.key(COMMANDS[name]) if name in COMMANDS else name
