"""Prints docs/keys.md from COMMANDS: `python -m coterie.tui.reference > docs/keys.md`. A test compares them."""

from __future__ import annotations

import sys

from coterie.tui.actions.command import EVERYWHERE, Command, Place, Section
from coterie.tui.commands import COMMANDS
from coterie.tui.key_words import key_words
from coterie.tui.widgets.dialog_keys import IN_EVERY_DIALOG

_PLACES = {
    Place.ALL: "All contacts",
    Place.FAVORITES: "Favorites",
    Place.MEMBERS: "a group's members",
    Place.GROUPS: "Groups",
    Place.BIN: "Bin",
    Place.DETAILS: "details",
    Place.BINNED: "details in the Bin",
    Place.SIDEBAR: "the sidebar",
    Place.FACETS: "the facets",
    Place.INSPECTOR: "the inspector",
    Place.SAVED: "a saved search in the sidebar",
    Place.SEARCH: "the search field",
    Place.SYNC: "Sync contacts",
}

_HEAD = """# Keys

<!-- Written by `python -m coterie.tui.reference`; a test compares this page with tui/commands.py. -->

Actions act on what is checked, else on the contact under the cursor. Everything here is also in the command palette
(ctrl+p); what fits a place is in More actions (m) and in the footer there. `?` shows this page in the program.

Another key for an action goes into `config.toml`, under its name; several are separated by commas:

```toml
[keys]
delete = "f8"
page_down = "pagedown,ctrl+f"
```

Keys are written in Textual's words: `f8`, `ctrl+b`, `pagedown`, `question_mark` or `?`.
"""


def page() -> str:
    """The page in Markdown."""
    return "\n".join([_HEAD, *(_section(section) for section in Section), _dialogs()])


def _dialogs() -> str:
    rows = [f"| {' '.join(f'`{key}`' for key in keys.split())} | {sentence} |" for keys, sentence in IN_EVERY_DIALOG]
    about = "The bottom line shows what works where the focus is; f1 shows all of it."
    return "\n".join(["## In every dialog", "", about, "", "| key | what it does |", "|---|---|", *rows, ""])


def _section(section: Section) -> str:
    rows = [_row(command) for command in COMMANDS.values() if command.section is section]
    return "\n".join(
        [f"## {section.value}", "", "| key | name | what it does | where |", "|---|---|---|---|", *rows, ""]
    )


def _row(command: Command) -> str:
    keys = " ".join(f"`{key_words(key)}`" for key in command.keys) or "-"
    return f"| {keys} | `{command.id}` | {command.tooltip} | {_where(command)} |"


def _where(command: Command) -> str:
    if command.places >= EVERYWHERE:
        return "everywhere"
    return ", ".join(words for place, words in _PLACES.items() if place in command.places)


if __name__ == "__main__":
    sys.stdout.write(page())
