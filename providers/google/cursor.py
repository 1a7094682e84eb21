"""Where the next sync of a Google account goes on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Final

from coterie.core.errors import CursorExpired
from coterie.providers.google.mapping import PERSON_FIELDS

PAGE: Final = 500
"""Contacts on one page: a page of the thousand that Google would give takes more memory."""
_MAPPING: Final = 2
"""Grows when more of a Person is shown than before, so that all are read again."""
_MASK: Final = hashlib.sha256(f"{PERSON_FIELDS} {PAGE} {_MAPPING}".encode()).hexdigest()[:12]
"""Names what is asked for: a sync token is only good for the mask and the size of pages it was made with."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where to go on: Google's sync token, and the labels' names, as renaming one changes no contact there."""

    token: str
    labels: dict[str, str] = field(default_factory=dict)

    def to_text(self) -> str:
        """As the port's cursor."""
        return json.dumps({"mask": _MASK, "token": self.token, "labels": self.labels}, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Cursor:
        """The cursor in a text. Raises CursorExpired if another version of Coterie made it, with another mask."""
        try:
            values = json.loads(text)
            if values["mask"] == _MASK:
                return cls(str(values["token"]), dict(values["labels"]))
        except (ValueError, TypeError, KeyError):
            pass
        raise CursorExpired("This version of Coterie reads more from Google than the last.", "A full sync is needed.")
