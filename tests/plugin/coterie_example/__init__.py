"""A package for Coterie: mutt's aliases as an export format, and a bulk action that adds a line to the notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from coterie.core.bulk import Asks, BulkAction, Parameter
from coterie.core.changes import CONTACTS
from coterie.core.model import Contact
from coterie.core.transfer.export import Format


class Aliases:
    """`alias ada.king Ada King <ada@example.org>`, a line for each contact that has an address."""

    between = ""

    def begin(self, count: int) -> str:
        """How many there are."""
        return f"# {count} contacts\n"

    def texts(self, contacts: Sequence[Contact]) -> list[str]:
        """A line for each contact."""
        return [_alias(contact) for contact in contacts]

    def end(self, count: int) -> str:
        """Nothing comes after them."""
        return ""


def _alias(contact: Contact) -> str:
    if not contact.email:
        return ""
    return f"alias {contact.name.lower().replace(' ', '.')} {contact.name} <{contact.email}>\n"


ALIASES = Format(
    "aliases", "Aliases of mutt", (".aliases",), "One line for each contact.", lambda shape, raw: Aliases()
)


@dataclass(frozen=True, slots=True)
class AddNote(BulkAction):
    """A line before or after what is in the notes of every contact."""

    id: ClassVar[str] = "note"
    label: ClassVar[str] = "Add a line to the notes"
    help: ClassVar[str] = "Add a line before or after what is in the notes."
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("place", "Where", asks=Asks.CHOICE, choices=("after", "before")),
        Parameter("line", "Line"),
    )
    place: str
    line: str

    @property
    def done(self) -> str:
        """“Added a line to the notes of 3 contacts.”"""
        return f"Added a line to the notes of {CONTACTS}."

    def apply(self, contact: Contact) -> Contact:
        """The contact with the line."""
        lines = (self.line, contact.notes) if self.place == "before" else (contact.notes, self.line)
        return replace(contact, notes="\n".join(filter(None, lines)))
