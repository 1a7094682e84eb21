"""What a field offers while one types into it: the values that other contacts have there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from coterie.core.errors import CoterieError
from coterie.core.fields import FIELDS, OFFERED
from coterie.tui.widgets.completing_input import Completions

Values = Callable[[str, str], Awaitable[Sequence[str]]]
"""The values of a field that continue what is typed: `Lists.values`."""


def offers(values: Values | None, key: str) -> Completions | None:
    """What the field `key` offers; None if it offers nothing. Of several values the last one is completed."""
    if values is None or key not in OFFERED:
        return None
    several = key in FIELDS and FIELDS[key].many

    async def complete(typed: str) -> Sequence[str]:
        before, sign, last = typed.rpartition(";") if several else ("", "", typed)
        try:
            matching = await values(key, last.strip())
        except CoterieError:
            return ()  # whatever is wrong with the book is said where something is asked of it
        start = f"{before}{sign} " if sign else ""
        return [start + value for value in matching]

    return complete
