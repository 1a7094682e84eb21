"""A table of the columns that the user names: one for each field, several values in one cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Final

from coterie.core.errors import InvalidInput, InvalidValue
from coterie.core.fields import FIELDS, find_field
from coterie.core.model import Address, Contact
from coterie.core.transfer.own_csv import joined

Read = Callable[[Contact], str]
_PARTS: Final = tuple(part.name for part in fields(Address) if part.name != "label")
_SEPARATOR: Final = "; "


@dataclass(frozen=True, slots=True)
class ChosenColumns:
    """The layout of these columns, each a heading and what reads its cell."""

    columns: tuple[tuple[str, Read], ...]

    @classmethod
    def of(cls, names: Iterable[str]) -> ChosenColumns:
        """The columns of these fields: `name`, `email`, `city`, `custom.Shoe size`, `id`. Raises InvalidInput."""
        columns = tuple(_column(name.strip()) for name in names if name.strip())
        if not columns:
            raise InvalidInput("There are no columns.", "For example: --columns name,email,company.")
        return cls(columns)

    def headings(self) -> list[str]:
        """The heading line."""
        return [heading for heading, _ in self.columns]

    def row(self, contact: Contact) -> list[str]:
        """The cells of one contact."""
        return [read(contact) for _, read in self.columns]


def _column(name: str) -> tuple[str, Read]:
    key = name.casefold().replace("-", "_").replace(" ", "_")
    if key == "id":
        return "Id", lambda contact: str(contact.id or "")
    if key in _PARTS:
        return key.replace("_", " ").capitalize(), lambda contact: _SEPARATOR.join(
            text for address in contact.addresses if (text := getattr(address, key))
        )
    kind, dot, heading = name.partition(".")
    if dot and kind.casefold() == "custom":
        return heading, lambda contact: next(
            (text for label, text in contact.custom.items() if label.casefold() == heading.casefold()), ""
        )
    try:
        spec = find_field(name)
    except InvalidValue as problem:
        names = ", ".join([*(field.word for field in FIELDS.values()), *_PARTS])
        raise InvalidInput(f"There is no column “{name}”.", f"The columns are: {names}, custom.NAME, id.") from problem
    if spec.key == "groups":
        return spec.label, lambda contact: joined(contact.groups) if contact.groups else ""
    return spec.label, spec.read
