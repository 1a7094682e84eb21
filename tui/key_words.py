"""Keys as the screen and the documentation write them."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding
from textual.keys import format_key

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
