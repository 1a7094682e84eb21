"""What is declared of a field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coterie.core.model import Contact

Reader = Callable[[Contact], str]
Writer = Callable[[Contact, str], Contact]


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a contact.

    Attributes:
        key: its name in JSON, in the search language, in `--set` and in settings; an attribute or property of Contact.
        label: its name on the screen and in our own CSV.
        read: the field as text; several values are joined by `; `.
        write: the contact with the field read from text; None where it cannot be set by hand. Raises InvalidValue.
        vcard: the vCard property (RFC 6350).
        search: the columns of the search index that hold its texts, for `key:`; none where another table does.
        aliases: other names in the search language and in `--set`.
        sortable: whether a list can be ordered by it.
        many: whether it holds several values.
        lines: whether it holds several lines.
        width: the preferred width of its column in cells.
        shown: whether it is a column at first.
        rank: the lower, the longer its column stays on a narrow terminal.
    """

    key: str
    label: str
    read: Reader
    write: Writer | None = None
    vcard: str = ""
    search: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    sortable: bool = False
    many: bool = False
    lines: bool = False
    width: int = 16
    shown: bool = False
    rank: int = 9

    @property
    def word(self) -> str:
        """The shortest of its names, by which messages call it."""
        return min((self.key, *self.aliases), key=len)
