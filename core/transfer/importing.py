"""Imports: a file becomes a plan - what is new, what joins a known contact, what is known already, what is left out.

`stage` recognises the file and shows its first contacts; `StagedImport.count` says what would happen, by doing it and
taking it back; `run` does it, as one operation with one undo. All three read the file by the same code.

Identity: a row joins the contact that has one of its e-mail addresses. A row without an address joins a contact of the
same name only where they share a telephone number, or where it has nothing that the contact lacks; so namesakes stay
apart and a second import of the same file changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from core.change import Change, Create, CreateAll, Edit, Lookup, Outcome, Plan, Restore, Skip
from core.checks import Checks
from core.errors import InvalidInput
from core.fields import with_values
from core.merge import absorb
from core.model import Contact
from core.text import clean_line, email_key, fold, phone_key
from core.transfer import collecting, csv, vcard
from core.transfer.csv import Recognition
from core.transfer.csv.encoding import open_bytes
from core.transfer.reject import Reject
from core.transfer.seen import Seen

if TYPE_CHECKING:
    from core.book import Book

Duplicates = Literal["merge", "skip", "create"]
Progress = Callable[[int, int | None], None]
PREVIEWED: Final = 50
_BATCH: Final = 5000
_WAITING: Final = 20_000
_SNIFFED: Final = 4096
_COMPARED: Final = 20


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the user chose.

    Attributes:
        groups: everything imported joins these.
        mapping: heading -> target, in place of what was recognised (CSV).
        duplicates: what becomes of a row whose address is known: it is merged, skipped, or made a contact of its own.
        restore: matches in the Bin come back; otherwise they are skipped, with that reason.
        encoding, delimiter: in place of what was recognised.
    """

    groups: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    duplicates: Duplicates = "merge"
    restore: bool = False
    encoding: str | None = None
    delimiter: str | None = None


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do. `total` is the sum of the others but `restored`.

    Attributes:
        merged: rows that added something to a known contact, or to one from earlier in the file.
        unchanged: rows that a contact already holds.
        skipped: rows left out by choice; `skips` says why.
        restored: contacts that were restored from the Bin (their rows count as merged or unchanged).
        rejects: rows that are no contact, with their reason and text.
    """

    created: int = 0
    merged: int = 0
    unchanged: int = 0
    skipped: int = 0
    rejected: int = 0
    restored: int = 0
    in_bin: int = 0
    groups_created: tuple[str, ...] = ()
    rejects: list[Reject] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    outcome: Outcome | None = None

    @property
    def total(self) -> int:
        """How many rows were looked at."""
        return self.created + self.merged + self.unchanged + self.skipped + self.rejected

    def sentence(self, name: str) -> str:
        """The journal's sentence: “Imported people.csv: 120 new, 3 merged, 1 rejected.”"""
        parts = (
            (self.created, "new"), (self.merged, "merged"), (self.unchanged, "unchanged"), (self.restored, "restored"),
            (self.skipped, "skipped"), (self.rejected, "rejected"),
        )  # fmt: skip
        said = ", ".join(f"{count:,} {word}" for count, word in parts if count)
        return f"Imported {name}: {said or 'nothing'}."


@dataclass(frozen=True, slots=True)
class StagedImport:
    """A file that was recognised and waits to be imported.

    Attributes:
        name: what messages call it.
        layout: the recognised layout in words: “Google Contacts”, “Outlook (German)”, “vCard”.
        recognition: how a CSV file is read, column by column; None for vCard.
        preview: its first contacts.
        preview_rejects: what among the first rows is no contact.
    """

    source: Path | bytes
    name: str
    options: ImportOptions
    layout: str
    recognition: Recognition | None
    preview: tuple[Contact, ...] = ()
    preview_rejects: tuple[Reject, ...] = ()

    def read(self) -> Iterator[Contact | Reject]:
        """All of the file, from its beginning. Raises UnreadableFile."""
        if self.recognition is None:
            return iter(vcard.read(self.source, self.options.encoding))
        return csv.read(self.source, self.recognition)

    def with_options(self, **changes: Any) -> StagedImport:
        """The same with other options (groups, duplicates, restore) that do not change how the file is read."""
        return replace(self, options=replace(self.options, **changes))

    async def remap(self, mapping: Mapping[str, str]) -> StagedImport:
        """The same file with other targets for its columns. Raises InvalidValue."""
        options = replace(self.options, mapping={**self.options.mapping, **mapping})
        return await stage(self.source, name=self.name, options=options)

    async def count(self, book: Book, progress: Progress | None = None) -> ImportReport:
        """What `run` would do. Raises UnreadableFile, and Cancelled where `progress` does."""
        return await _apply(book, self, progress, dry_run=True)


async def stage(source: Path | bytes, *, name: str = "", options: ImportOptions | None = None) -> StagedImport:
    """Recognise a file (or pasted text) and read its first contacts.

    Args:
        source: a file's path or its content.
        name: what messages call it; the file's name where it is empty.
        options: the user's choices so far.

    Raises UnreadableFile, InvalidValue (a mapping that names no column or no field), InvalidInput.
    """
    options = options or ImportOptions()
    shown = name or (source.name if isinstance(source, Path) else "what was pasted")
    return await asyncio.to_thread(_stage, source, shown, options)


def _stage(source: Path | bytes, name: str, options: ImportOptions) -> StagedImport:
    if is_vcard(source):
        if options.mapping or options.delimiter:
            raise InvalidInput("A vCard file has no columns.", "Leave out --map and --delimiter.")
        staged = StagedImport(source, name, options, "vCard", None)
    else:
        recognition = csv.recognise(
            source, encoding=options.encoding, delimiter=options.delimiter, overrides=options.mapping
        )
        staged = StagedImport(source, name, options, recognition.layout, recognition)
    first = list(islice(staged.read(), PREVIEWED))
    return replace(
        staged,
        preview=tuple(one for one in first if isinstance(one, Contact)),
        preview_rejects=tuple(one for one in first if isinstance(one, Reject)),
    )


def is_vcard(source: Path | bytes) -> bool:
    """Whether a file holds vCards, judged by its beginning, and by its name where that says nothing.

    Raises UnreadableFile.
    """
    with open_bytes(source) as file:
        start = file.read(_SNIFFED).replace(b"\x00", b"").upper()
    if b"BEGIN:VCARD" in start.replace(b" ", b""):
        return True
    return isinstance(source, Path) and source.suffix.lower() in {".vcf", ".vcard"}


async def run(
    book: Book, staged: StagedImport, progress: Progress | None = None, *, total: int | None = None
) -> ImportReport:
    """Import a staged file as one operation.

    `progress` is told the rows so far, and `total` where the caller knows it; it may raise Cancelled: nothing remains.
    Raises UnreadableFile, BookBusy.
    """
    return await _apply(book, staged, progress, total=total)


async def _apply(
    book: Book, staged: StagedImport, progress: Progress | None, *, total: int | None = None, dry_run: bool = False
) -> ImportReport:
    report = ImportReport()
    planning = _Planning(staged.options, report)

    async def changes(lookup: Lookup) -> AsyncIterator[Sequence[Change]]:
        rows = staged.read()
        plan = planning.into_empty if await lookup.into_empty() else planning.into_known
        async for planned in plan(lookup, rows):
            yield planned
            if progress is not None:
                progress(report.total, total)

    plan = Plan("import", f"Import {staged.name}", changes, done=lambda: report.sentence(staged.name))
    with collecting.paused():
        report.outcome = await book.apply(plan, dry_run=dry_run)
    report.groups_created = report.outcome.groups_created
    return report


@dataclass(slots=True, eq=False)
class _Slot:
    """A contact that rows of this batch make or join: `known` is how it is stored, `value` how it will be."""

    value: Contact
    known: Contact | None = None
    restored: bool = False


class _Planning:
    """Plans batch after batch; `report` keeps count."""

    def __init__(self, options: ImportOptions, report: ImportReport) -> None:
        self._options = options
        self._report = report
        self._groups = tuple(name for group in options.groups if (name := clean_line(group)))

    async def into_known(self, lookup: Lookup, rows: Iterator[Contact | Reject]) -> AsyncIterator[list[Change]]:
        """The changes that the rows make to a book with contacts."""
        while batch := await asyncio.to_thread(lambda: list(islice(rows, _BATCH))):
            yield await self._plan(lookup, list(self._contacts(batch)))

    async def into_empty(self, lookup: Lookup, rows: Iterator[Contact | Reject]) -> AsyncIterator[list[Change]]:
        """The changes that the rows make to a book without contacts.

        Only a row whose address the file had before can join anything. Such rows wait until many are together, since
        the table of addresses has an index only then; all others are new, and stored as they are read.
        """
        seen = Seen()
        later: list[Contact] = []

        def new(batch: Iterable[Contact | Reject]) -> Iterator[Contact]:
            created = 0
            for row in self._contacts(batch):
                known = False
                for email in row.emails:
                    known = seen.add(email_key(email.address)) or known
                if known:
                    later.append(row)
                else:
                    created += 1
                    yield self._grouped(row) if self._groups else row
            self._report.created += created

        while first := await asyncio.to_thread(lambda: list(islice(rows, 1))):
            yield [CreateAll(new(chain(first, islice(rows, _BATCH - 1))))]
            if len(later) >= _WAITING:
                yield await self._plan(lookup, later)
                later = []
        yield await self._plan(lookup, later)

    def _contacts(self, rows: Iterable[Contact | Reject]) -> Iterator[Contact]:
        """Those of `rows` that are contacts; the others are counted."""
        for row in rows:
            if isinstance(row, Contact):
                yield row
            else:
                self._report.rejects.append(row)
                self._report.rejected += 1

    def _grouped(self, row: Contact) -> Contact:
        return replace(row, groups=_joined(row.groups, self._groups)) if self._groups else row

    async def _plan(self, lookup: Lookup, rows: Sequence[Contact]) -> list[Change]:
        known = await lookup.known(email.address for row in rows for email in row.emails)
        namesakes = _Namesakes(await lookup.namesakes(row.shown_name for row in rows if not row.emails))
        slots: dict[_Slot, None] = {}
        by_key: dict[str, _Slot] = {}
        by_id: dict[int | None, _Slot] = {}
        for found in rows:
            row = self._grouped(found)
            slot = self._slot_of(row, by_key, by_id, known, namesakes)
            if slot is None or self._options.duplicates == "create":
                slot = _Slot(row)
                slots[slot] = None
                self._report.created += 1
            elif self._joins(row, slot) and slot.known is not None:
                slots[slot] = None
            if slot.known is not None:
                by_id[slot.known.id] = slot
            for email in slot.value.emails:
                by_key.setdefault(email_key(email.address), slot)
        # What is known goes first: its search texts must wait for those of what is new.
        return [change for slot in sorted(slots, key=lambda one: one.known is None) for change in _changes(slot)]

    def _slot_of(
        self,
        row: Contact,
        by_key: Mapping[str, _Slot],
        by_id: Mapping[int | None, _Slot],
        known: Mapping[str, Sequence[Contact]],
        namesakes: _Namesakes,
    ) -> _Slot | None:
        """What `row` joins: something from earlier in this batch, a known contact, or nothing."""
        keys = [email_key(email.address) for email in row.emails]
        for key in keys:
            if key in by_key:
                return by_key[key]
        owners = [owner for key in keys for owner in known.get(key, ())]
        if not keys:
            owners = namesakes.same_as(row)
        owners.sort(key=lambda owner: owner.deleted_at is not None)  # live ones first; the sort is stable
        if not owners:
            return None
        return by_id.get(owners[0].id) or _Slot(owners[0], owners[0])

    def _joins(self, row: Contact, slot: _Slot) -> bool:
        """Count a row that belongs to `slot`, and let it join where it may; whether it did."""
        binned = slot.known is not None and slot.known.deleted_at is not None
        if binned:
            self._report.in_bin += 1
        if self._options.duplicates == "skip" or (binned and not self._options.restore):
            self._report.skipped += 1
            why = "is in the Bin" if binned else "is in the book already"
            self._report.skips.append(Skip(row.shown_name, why))
            return False
        if binned and not slot.restored:
            slot.restored = True
            self._report.restored += 1
        changes = absorb(slot.value, row)
        if changes:
            slot.value = with_values(slot.value, changes)
            self._report.merged += 1
        else:
            self._report.unchanged += 1
        return True


def _joined(names: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    return tuple({fold(name): name for name in (*more, *names)}.values())


class _Namesakes:
    """The contacts of some names, to find a row without an e-mail address again among them."""

    def __init__(self, found: Mapping[str, Sequence[Contact]]) -> None:
        self._by_name = found
        self._by_phone: dict[tuple[str, str], Contact] = {}
        for name, contacts in found.items():
            for contact in contacts:
                for phone in contact.phones:
                    self._by_phone.setdefault((name, phone_key(phone.number)), contact)

    def same_as(self, row: Contact) -> list[Contact]:
        """Who `row` is: a shared number, or somebody to whom it adds nothing (of the first few of that name)."""
        name = fold(row.shown_name)
        shared = [self._by_phone.get((name, phone_key(phone.number))) for phone in row.phones]
        if found := [contact for contact in shared if contact is not None]:
            return found
        bare = replace(row, groups=())
        return [one for one in self._by_name.get(name, ())[:_COMPARED] if not absorb(one, bare)]


def _changes(slot: _Slot) -> Iterator[Change]:
    if slot.known is None:
        yield Create(slot.value)
        return
    contact_id = slot.known.id or 0
    if slot.restored:
        yield Restore(Checks.of([contact_id]))
    values = {
        name: getattr(slot.value, name)
        for name in Contact.__dataclass_fields__
        if getattr(slot.value, name) != getattr(slot.known, name)
    }
    if values:
        yield Edit(contact_id, values)
