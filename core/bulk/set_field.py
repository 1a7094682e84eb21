"""Set a field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from coterie.core.bulk.action import Asks, BulkAction, Parameter, writable, write
from coterie.core.changes import CONTACTS, Assign, Change, Selection
from coterie.core.errors import InvalidValue
from coterie.core.fields.attributes import PLAIN
from coterie.core.model import Contact

_ALONE: Final = frozenset({*PLAIN, "notes", "favorite"})
"""The fields on which no other field depends."""


@dataclass(frozen=True, slots=True)
class SetField(BulkAction):
    """`field` becomes `value` in every contact. Several values of one field are separated by semicolons."""

    id: ClassVar[str] = "set"
    label: ClassVar[str] = "Set a field"
    help: ClassVar[str] = "Set a field to this value; city, custom.NAME and the like, too."
    command: ClassVar[str] = "edit"
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("field", "Field", asks=Asks.FIELD),
        Parameter("value", "New value", "Separate several values with semicolons; leave it empty to clear the field."),
    )
    field: str
    value: str

    def __post_init__(self) -> None:
        spec = writable(self.field)
        object.__setattr__(self, "field", spec.key)
        write(spec, Contact(), self.value)  # a wrong address is refused now, not at the first contact

    @classmethod
    def parse(cls, text: str) -> BulkAction:
        """What sets a field, a part of the addresses or a custom field: `city=Paris`. Raises InvalidValue."""
        from coterie.core.bulk.parts import setting  # it is made of actions like this one

        field, equals, value = text.partition("=")
        if not equals:
            raise InvalidValue("set", f"--set “{text}” is not of the form FIELD=VALUE.", "Like --set company=Acme.")
        return setting(field, value)

    @property
    def title(self) -> str:
        """“Set Company to Acme”."""
        label = writable(self.field).label
        return f"Set {label} to {self.value}" if self.value.strip() else f"Clear {label}"

    @property
    def done(self) -> str:
        """“Set Company of … to Acme.”"""
        label = writable(self.field).label
        return f"Set {label} of {CONTACTS}." if self.value.strip() else f"Cleared {label} of {CONTACTS}."

    def changes(self, selection: Selection) -> Sequence[Change] | None:
        """One assignment, if no other field depends on this one."""
        spec = writable(self.field)
        value = getattr(write(spec, Contact(), self.value), spec.key)
        if spec.key not in _ALONE or (spec.key == "company" and not value):  # some are called by their company
            return None
        return (Assign(selection, spec.key, value),)

    def apply(self, contact: Contact) -> Contact:
        """The contact with the field set."""
        return write(writable(self.field), contact, self.value)
