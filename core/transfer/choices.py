"""What the user chose for an import, and the report of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from coterie.core.changes import Outcome, Skip
from coterie.core.merge import Keep
from coterie.core.misread import may_be_misread, mended
from coterie.core.model import Contact
from coterie.core.transfer.reject import Reject

Duplicates = Literal["merge", "update", "skip", "create"]
_LISTED: Final = 200
_NAMED: Final = 3
_SHORT: Final = 20


@dataclass(frozen=True, slots=True)
class Clash:
    """A field for which the file says something else than the book."""

    contact_id: int
    name: str
    field: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Apart:
    """A row that shares an address with somebody of another name, and became a contact of its own."""

    name: str
    other: str
    address: str


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the user chose.

    Attributes:
        groups: everything imported joins these.
        mapping: heading -> target, in place of what was recognized (CSV).
        duplicates: what becomes of a row whose contact is in the book already. `merge`: it fills what is empty, and
            what differs goes to custom fields; `update`: the file's values win; or it is skipped, or made a contact of
            its own.
        restore: matches in the Bin are restored; otherwise they are skipped, with that reason.
        encoding, delimiter, sheet: in place of what was recognized.
        settle: is asked which value stays if a merge finds two; without it, both do.
        change: makes of each contact of the file what is imported.
    """

    groups: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    duplicates: Duplicates = "merge"
    restore: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    settle: Callable[[Clash], Keep] | None = None
    change: Callable[[Contact], Contact] | None = None


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do. `total` is the sum of the others but `restored`.

    Attributes:
        merged: rows that added something to a contact of the book, or to one from earlier in the file.
        unchanged: rows that a contact already holds.
        skipped: rows left out by choice; `skips` says why.
        restored: contacts that were restored from the Bin (their rows count as merged or unchanged).
        rejects: rows that are no contact, with their reason and text.
        clashes: values of the file that differ from the book's.
        without_address: contacts of the file without an e-mail address.
        unusable: those with text that is no address where one should be; `kept_under` is the custom field that has it.
        left_out: pictures, sounds and keys in the file.
        misread: those whose text was read in a wrong encoding, such as `misread_text`.
        apart: rows that share an address with somebody of another name; `neighbors` are the first of them.
    """

    created: int = 0
    merged: int = 0
    unchanged: int = 0
    skipped: int = 0
    rejected: int = 0
    restored: int = 0
    in_bin: int = 0
    clashes: int = 0
    apart: int = 0
    without_address: int = 0
    unusable: int = 0
    kept_under: str = ""
    left_out: int = 0
    misread: int = 0
    misread_text: str = ""
    groups_created: tuple[str, ...] = ()
    rejects: list[Reject] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    neighbors: list[Apart] = field(default_factory=list)
    outcome: Outcome | None = None

    @property
    def total(self) -> int:
        """How many rows were looked at."""
        return self.created + self.merged + self.unchanged + self.skipped + self.rejected

    @property
    def remarks(self) -> list[tuple[int, str]]:
        """What else there is to say of the rows: how many, and what, as a line of a list."""
        remarks = (
            (self.without_address, "of them without a usable e-mail address"),
            (self.unusable, f"of them with text that is not an address, kept as “{self.kept_under}”"),
            (self.left_out, "pictures, sounds and keys in the file, which are not imported"),
            (self.misread, f"of them with text in a wrong encoding (“{self.misread_text}”): see Clean up"),
            (self.apart, f"of them share{'s' * (self.apart == 1)} an address with somebody else: see Duplicates"),
        )
        return [(count, words) for count, words in remarks if count]

    @property
    def sharing(self) -> list[str]:
        """Who shares an address with whom: the first few as lines, and how many there are more."""
        lines = [f"{apart.name} and {apart.other}: {apart.address}" for apart in self.neighbors[:_NAMED]]
        return [*lines, f"and {self.apart - _NAMED:,} more"] if self.apart > _NAMED else lines

    def note_addresses(self, row: Contact, headings: frozenset[str]) -> None:
        """Count what a contact of the file lacks; `headings` are those of its columns of e-mail addresses."""
        if not row.emails:
            self.without_address += 1
        if row.custom and not headings.isdisjoint(row.custom):
            self.unusable += 1
            if not self.kept_under:
                self.kept_under = next(heading for heading in row.custom if heading in headings)

    def note_encoding(self, row: Contact) -> None:
        """Count a contact of the file whose name, company or notes were read in a wrong encoding."""
        texts = (row.name, row.company, row.notes)
        for text in texts if may_be_misread("\n".join(texts)) else ():
            if mended(text) != text:
                self.misread += 1
                self.misread_text = self.misread_text or text.split("\n")[0][:_SHORT]
                return

    def note_apart(self, apart: Apart) -> None:
        """Count a row that stays apart from somebody with its address."""
        self.apart += 1
        if len(self.neighbors) < _LISTED:
            self.neighbors.append(apart)

    def sentence(self, name: str) -> str:
        """The journal's sentence: “Imported people.csv: 120 new, 3 merged, 1 rejected.”"""
        parts = (
            (self.created, "new"), (self.merged, "merged"), (self.unchanged, "unchanged"), (self.restored, "restored"),
            (self.skipped, "skipped"), (self.rejected, "rejected"),
        )  # fmt: skip
        counts = ", ".join(f"{count:,} {word}" for count, word in parts if count)
        return f"Imported {name}: {counts or 'nothing'}."
