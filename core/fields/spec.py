"""What is declared of a field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from coterie.core.fields.kinds import Kind
from coterie.core.model import Contact

Writer = Callable[[Contact, str], Contact]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a contact.

    Attributes:
        key: its name in JSON, in the search language, in `--set` and in settings; an attribute or property of Contact.
        label: its name on the screen and in our own CSV.
        kind: what it holds, and how that is read and written.
        vcard: the vCard property (RFC 6350).
        search: the columns of the search index that hold its texts, for `key:`; none if another table does.
        within: the column of the search index that holds its text among others, if none holds it alone.
        aliases: other names in the search language and in `--set`.
        sortable: whether a list can be ordered by it.
        width: the preferred width of its column in cells.
        shown: whether it is a column at first.
        rank: the lower, the longer its column stays on a narrow terminal.
    """

    key: str
    label: str
    kind: Kind
    vcard: str = ""
    search: tuple[str, ...] = ()
    within: str = "custom"
    aliases: tuple[str, ...] = ()
    sortable: bool = False
    width: int = 16
    shown: bool = False
    rank: int = 9

    def read(self, contact: Contact) -> str:
        """The field as text; several values are joined by `; `."""
        return self.kind.read(contact, self.key)

    @property
    def write(self) -> Writer | None:
        """What gives a contact the field read from text, or raises InvalidValue; None if it cannot be typed so."""
        return partial(_write, self) if self.kind.is_typed else None

    @property
    def many(self) -> bool:
        """Whether it holds several values."""
        return self.kind.many

    @property
    def lines(self) -> bool:
        """Whether it holds several lines."""
        return self.kind.lines

    @property
    def word(self) -> str:
        """The shortest of its names, by which messages call it."""
        return min((self.key, *self.aliases), key=len)


def _write(spec: FieldSpec, contact: Contact, text: str) -> Contact:
    return spec.kind.write(contact, spec.key, text)
