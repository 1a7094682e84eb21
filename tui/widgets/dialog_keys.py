"""The keys that work in what is open: what the bottom line, the help and the command palette say of them.

They are derived from the bindings of the focus and of everything around it: one with a `description` that is shown is
in the bottom line, one with a `tooltip` is in the help and in the palette too, and Textual's own are in none.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Final

from textual.dom import DOMNode
from textual.screen import Screen

from coterie.tui.key_words import key_words

IN_EVERY_DIALOG: Final = (
    ("tab shift+tab", "Go to the next field or button, or back."),
    ("↓ ↑ j k", "Move in a list; ↓ and ↑ go on from field to field too."),
    ("enter", "Press the button that has the focus, else the main one."),
    ("ctrl+s", "Press the main button, from anywhere. What cannot be undone has to be pressed itself."),
    ("ctrl+pgdn ctrl+pgup", "Turn the page, if there are several; page down and page up too, outside of lists."),
    ("← →", "Change a choice such as < merge >, and move in a text or among the buttons. They never turn pages."),
    ("space", "Check or uncheck."),
    ("esc", "Close without doing anything; what you typed is not thrown away unasked."),
    ("f1", "Show the keys of the dialog that is open."),
    ("ctrl+p", "Find what can be done in the dialog by its name."),
)
"""The keys that mean the same wherever a dialog is open, with what they do."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key that works at this moment.

    Attributes:
        name: Textual's name of it.
        shown: as the screen writes it; several that belong together are one: `j k`.
        label: a few words for the bottom line; empty if it is not there.
        sentence: what it does, for help and palette; empty if it is in neither.
        action: what is carried out.
        node: who carries it out.
    """

    name: str
    shown: str
    label: str
    sentence: str
    action: str
    node: DOMNode

    def press(self) -> Awaitable[bool]:
        """Do what the key does."""
        return self.node.app.run_action(self.action, self.node)


def active_keys(screen: Screen[Any]) -> list[Key]:
    """The keys of ours that work where the focus is, those of the focus first."""
    by_action: dict[tuple[DOMNode, str], Key] = {}
    for name, (node, binding, enabled, tooltip) in screen.active_bindings.items():
        if enabled and (binding.show or tooltip):
            shown = binding.key_display or key_words(name)
            label = binding.description if binding.show else ""
            key = Key(name, shown, label, tooltip or binding.description, binding.action, node)
            by_action.setdefault((node, binding.action), key)
    return list(by_action.values())
