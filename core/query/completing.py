"""What is being typed at the end of a search, and what it could become."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from coterie.core.fields import SEARCHED
from coterie.core.query.parser import VIRTUAL, WORDS, quote
from coterie.core.query.reference import FIELD_WORDS
from coterie.core.text import beginning_with

_SHORTEST: Final = 2
"""Letters of a word before it counts as the beginning of a field's name."""
_AGES: Final = ("today", "yesterday", "<7d", "<30d", "<1y")
_CHOICES: Final[Mapping[str, Sequence[str]]] = {
    **{name: tuple(words) for name, words in WORDS.items()},
    "has": FIELD_WORDS,
    "missing": FIELD_WORDS,
    "favorite": ("yes", "no"),
    "created": _AGES,
    "updated": _AGES,
}
_END: Final = re.compile(
    r'(?:^|(?<=[\s(]))-?(?:(?P<field>[^\W\d_][\w-]*):)?=?(?P<value>(?P<sign>@?)"(?P<quoted>[^"]*)|(?P<bare>[^\s"()]*))$'
)


@dataclass(frozen=True, slots=True)
class Begun:
    """The end of a search that is being typed.

    Attributes:
        before: the text up to what is completed.
        field: the key of the field that is searched in, or `is`, `has` and the like; empty for a bare word.
        typed: the value or the word, as far as it is typed.
    """

    before: str
    field: str
    typed: str

    def choices(self) -> list[str]:
        """What it could become, as far as the language itself tells."""
        if self.field:
            return self._continued(_CHOICES.get(self.field, ()))
        if len(self.typed) < _SHORTEST:
            return []
        return self._continued(f"{word}:" for word in (*FIELD_WORDS, *VIRTUAL))

    def names(self, names: Iterable[str]) -> list[str]:
        """Those of these values that begin with what is typed, then those with a word that does."""
        return [self.before + quote(name) for name in beginning_with(self.typed, names)]

    def _continued(self, words: Iterable[str]) -> list[str]:
        return [self.before + word for word in words if word.startswith(self.typed.lower()) and word != self.typed]


def begun(text: str) -> Begun | None:
    """What is being typed at the end of `text`; None if that is nothing that can be completed."""
    match = _END.search(text)
    if match is None or not (match["field"] or match["value"]):
        return None
    name = (match["field"] or "").lower().replace("-", "_")
    spec = SEARCHED.get(name)
    field = spec.key if spec and name not in _CHOICES else name
    typed = match["bare"] if match["quoted"] is None else match["sign"] + match["quoted"]
    return Begun(
        text[: match.start("value")], {"created_at": "created", "updated_at": "updated"}.get(field, field), typed
    )
