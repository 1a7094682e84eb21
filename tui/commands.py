"""COMMANDS: everything that a user can do on the screen, and which keys do it.

Each command is declared beside its function, in a module of `tui.actions`. Key bindings, footer, command palette, help,
More actions, the selection bar, tooltips and docs/keys.md derive from this table.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from textual.binding import Binding, BindingType

from coterie.core.bulk import PLUGINS
from coterie.tui.actions import (
    accounts,
    as_text,
    book,
    bulk,
    bulk_actions,
    cells,
    checks,
    details,
    editing,
    exchange,
    finding,
    grouping,
    groups,
    moving,
    places,
    program,
    searches,
    the_bin,
    transform,
    values,
    views,
    writing,
)
from coterie.tui.actions.command import CONTACTS, Command, Place, Section
from coterie.tui.key_words import key_name, key_words

_THEMES: Final = (
    views, moving, finding, checks, editing, cells, values, grouping, places, groups, bulk, details, the_bin,
    as_text, transform, bulk_actions, writing, searches, accounts, exchange, book, program,
)  # fmt: skip
_ORDER: Final = list(Section)

COMMANDS: Final[dict[str, Command]] = {
    command.id: command
    for command in sorted(
        (command for theme in _THEMES for command in theme.COMMANDS),
        key=lambda command: _ORDER.index(command.section),
    )
}
"""By id, section by section."""


async def learn_plugins() -> None:
    """Add the commands of the bulk actions that other packages bring, which are looked for once, in a thread."""
    actions = await asyncio.to_thread(lambda: PLUGINS.parts)
    COMMANDS.update({command.id: command for command in bulk_actions.commands_of(actions.values(), "plugin_")})


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
