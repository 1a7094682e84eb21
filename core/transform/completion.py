"""What a transform that is being typed could become."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from coterie.core.transform.targets import names_of_targets
from coterie.core.transform.verbs import VERBS

_WORD: Final = re.compile(r"[^\W\d][\w]*$")
_MOST: Final = 40


def completions(typed: str, customs: Sequence[str] = ()) -> list[str]:
    """The lines that begin with `typed` and go on with a field or a verb, fields first before the equals sign.

    Args:
        typed: the line up to the cursor.
        customs: the headings of custom fields.
    """
    match = _WORD.search(typed)
    if match is None:
        return []
    start, word = typed[: match.start()], match[0].casefold()
    fields = [*names_of_targets(), *(f'custom["{heading}"]' for heading in customs)]
    inside = _open_text(start)
    if inside and not start.endswith("{"):
        return []
    matches = [name for name in fields if name.startswith(word)]
    if inside:
        return [f"{start}{name}}}" for name in matches][:_MOST]
    calls = [f"{name}(" for name in VERBS if name.startswith(word)]
    is_target = not start.strip()
    listed = [f"{name} = " for name in matches] + calls if is_target else calls + matches
    return [start + ending for ending in listed if start + ending != typed][:_MOST]


def _open_text(start: str) -> bool:
    """Whether the place after `start` is inside a text in quotation marks."""
    quote = ""
    escaped = False
    for char in start:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = bool(quote)
        elif quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "“":
            quote = "”"
    return bool(quote)
