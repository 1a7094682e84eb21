"""A contact in the making, out of the cells of one row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from coterie.core.model import Email, Phone, Url


class Draft:
    """What the cells of one row have said so far. Few rows touch more than a few of the class's defaults."""

    emails: tuple[Email, ...] = ()
    phones: tuple[Phone, ...] = ()
    urls: tuple[Url, ...] = ()
    addresses: Mapping[tuple[str, int], dict[str, str]] = {}
    groups: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    custom: dict[str, str] = {}  # noqa: RUF012 - a draft that adds to it has its own
    birth: Mapping[str, str] = {}
    mail_name = ""
    other_name = ("", "")
    other_phones: tuple[Phone, ...] = ()
    other_title = ("", "")
    full_name = ""
    wrong = ""
    spares: tuple[tuple[str, str, str, Put], ...] = ()
    """Cells of second columns of what a contact has once: the key, the heading, the cell and what takes it."""
    members = ""
    is_list = False
    preferred = False
    favorite = False

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}

    def add_custom(self, heading: str, text: str) -> None:
        """Keep `text` under `heading`; several values of one heading stand in lines."""
        if not self.custom:
            self.custom = {}
        present = self.custom.get(heading)
        if present is None:
            self.custom[heading] = text
        elif text not in present.split("\n"):
            self.custom[heading] = f"{present}\n{text}"

    def use_spares(self) -> None:
        """Let second columns fill what the first ones left empty, and keep the rest as custom fields."""
        for key, heading, cell, put in self.spares:
            present = self.fields.get(key)
            if present is None:
                put(self, cell, ())
                continue
            put(other := Draft(), cell, ())
            if (text := other.fields.get(key, present)) != present:
                self.add_custom(heading, text)


Put = Callable[[Draft, str, Sequence[str]], None]
