"""What becomes of the rows of an import: new contacts, and those that join somebody, by the rule of `core.identity`."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from coterie.core.changes import Change, Create, Edit, Restore, Skip
from coterie.core.checks import Checks
from coterie.core.duplicates import MAX_SHARING as CROWD
from coterie.core.fields.attributes import ATTRIBUTES
from coterie.core.fields.differences import changed_values
from coterie.core.fields.values import with_values
from coterie.core.identity import Tie, name_of, names_agree, number_id, numbers_of, tie_between, uid_of
from coterie.core.limits import GROUPS, excess
from coterie.core.merge import Keep, Settle, absorb, keep_both, take_theirs
from coterie.core.model import Contact
from coterie.core.text import clean_line, email_key, fold, phone_key
from coterie.core.transfer.choices import Apart, Clash, ImportOptions, ImportReport
from coterie.core.transfer.reject import Reject
from coterie.core.transfer.seen import Seen

if TYPE_CHECKING:
    from coterie.core.store.journal.unit import Unit

_BATCH: Final = 5000
"""Rows that are looked up together."""
_NEW: Final = 2500
"""Rows that are read and stored together if nothing is looked up."""
_WAITING: Final = 20_000
_COMPARED: Final = 20
_SAID: Final = attrgetter(*(name for name in ATTRIBUTES if name not in {"groups", "favorite", "custom"}))
Key = tuple[str, ...]
"""Something that a row may share with a contact: an address, a UID, a name with a number."""


@dataclass(slots=True, eq=False)
class _Person:
    """A contact that rows of this batch make or join: `stored` is what the book has, `value` what it will have.

    `rows` are those of the file that made it or joined it.
    """

    value: Contact
    stored: Contact | None = None
    restored: bool = False
    rows: list[Contact] = field(default_factory=list)

    @property
    def is_binned(self) -> bool:
        """Whether it is in the Bin and stays there so far."""
        return self.stored is not None and self.stored.deleted_at is not None and not self.restored

    def tie_to(self, row: Contact, *, trust_uid: bool) -> Tie | None:
        """Why a row is about this contact, if it is; its name has to agree with all that joined it before."""
        tie = tie_between(row, self.value, trust_uid=trust_uid)
        if tie in {Tie.ADDRESS, Tie.NUMBER}:
            return tie if all(names_agree(row, earlier) for earlier in self.rows if earlier.name) else None
        return tie


class _People:
    """Everybody whom the rows of a batch may join, by what they have in common.

    Of very many who share something, only those of the same name are compared with a row.
    """

    def __init__(self) -> None:
        self._owners: defaultdict[Key, dict[_Person, tuple[Contact, ...]]] = defaultdict(dict)
        self._crowds: dict[Key, defaultdict[str, dict[_Person, None]]] = {}
        self._by_id: dict[int | None, _Person] = {}

    def add_stored(self, contacts_by_key: Mapping[Key, Sequence[Contact]]) -> None:
        """Contacts of the book, by what they have."""
        for key, contacts in contacts_by_key.items():
            for contact in contacts:
                self._add(key, self.of_book(contact), contact)

    def of_book(self, contact: Contact) -> _Person:
        """The person that a contact of the book is."""
        return self._by_id.setdefault(contact.id, _Person(contact, contact))

    def add_row(self, row: Contact, keys: Iterable[Key], person: _Person) -> None:
        """A row that made or joined `person`."""
        person.rows.append(row)
        for key in keys:
            self._add(key, person, row)

    def sharing(self, row: Contact, keys: Iterable[Key]) -> list[_Person]:
        """Those with whom `row` has something in common, each once."""
        owners = [self._like(row, key) for key in keys if key in self._owners]
        return list(dict.fromkeys(chain.from_iterable(owners))) if owners else []

    def _add(self, key: Key, person: _Person, contact: Contact) -> None:
        """`contact`, which has the key, is `person` or joined it."""
        owners = self._owners[key]
        owners[person] = (*owners.get(person, ()), contact)
        if len(owners) > CROWD:
            new = {person: (contact,)} if key in self._crowds else owners
            crowd = self._crowds.setdefault(key, defaultdict(dict))
            for owner, contacts in new.items():
                for name in chain.from_iterable(map(_all_names, contacts)):
                    crowd[name][owner] = None

    def _like(self, row: Contact, key: Key) -> Iterable[_Person]:
        """The people who have the key and whom `row` may be about."""
        if key in self._crowds and row.name:
            return self._crowds[key].get(name_of(row), ())
        return self._owners[key]


async def _batches(rows: Iterator[Contact | Reject], size: int) -> AsyncIterator[list[Contact | Reject]]:
    while batch := await asyncio.to_thread(lambda: list(islice(rows, size))):
        yield batch


def keys_of(row: Contact) -> list[Key]:
    """What a row may share with the contact that it is about."""
    keys: list[Key] = [(email_key(email.address),) for email in row.emails]
    if row.phones:
        name = name_of(row)
        keys += [(name, number) for phone in row.phones if (number := number_id(phone_key(phone.number)))]
    if row.custom and (uid := uid_of(row)):
        keys.append(("", "", uid))
    return keys


def _all_names(contact: Contact) -> list[str]:
    """The folded names of a contact: its own, and those that were put beside it by merging."""
    further = [fold(text) for heading, text in contact.custom.items() if heading.startswith("Name (")]
    return [name_of(contact), *further]


class Planning:
    """Plans batch after batch; `report` keeps count.

    `email_headings` are those of the file's columns of e-mail addresses, under which text is kept that is none.
    """

    def __init__(
        self, options: ImportOptions, report: ImportReport, email_headings: frozenset[str] = frozenset()
    ) -> None:
        self._email_headings = email_headings
        self._options = options
        self._report = report
        self._groups = tuple(name for group in options.groups if (name := clean_line(group)))
        self._updated: set[int] = set()
        self._seen_groups: set[str] = set()

    async def changes(self, unit: Unit, rows: Iterator[Contact | Reject]) -> AsyncIterator[list[Change]]:
        """What the rows change, in batches; each is to be applied before the next one looks into the book."""
        plan = self._into_empty if await unit.was_empty() else self._into_filled
        async for changes in plan(unit, rows):
            yield changes

    async def _into_filled(self, unit: Unit, rows: Iterator[Contact | Reject]) -> AsyncIterator[list[Change]]:
        """The changes that the rows make to a book with contacts."""
        async for batch in _batches(rows, _BATCH):
            yield await self._plan(unit, list(self._contacts(batch)))

    async def _into_empty(self, unit: Unit, rows: Iterator[Contact | Reject]) -> AsyncIterator[list[Change]]:
        """The changes that the rows make to a book without contacts.

        Only a row that shares something with one before can join anything. Such rows wait until many are together,
        since the tables have their indexes only then; all others are new, and stored as they are read.
        """
        seen = Seen()
        waiting: list[Contact] = []
        async for batch in _batches(rows, _NEW):
            new, sharing = await asyncio.to_thread(self._split, batch, seen)
            yield new
            waiting += sharing
            if len(waiting) >= _WAITING:
                yield await self._plan(unit, waiting)
                waiting = []
        yield await self._plan(unit, waiting)

    def _split(self, rows: Iterable[Contact | Reject], seen: Seen) -> tuple[list[Change], list[Contact]]:
        """The rows that are new, and those that share something with one before."""
        new: list[Change] = []
        sharing: list[Contact] = []
        for row in self._contacts(rows):
            shares = False
            for key in keys_of(row):
                shares = seen.add(key) or shares
            if shares:
                sharing.append(row)
            else:
                new.append(Create(self._grouped(row)))
        self._report.created += len(new)
        return new, sharing

    def _contacts(self, rows: Iterable[Contact | Reject]) -> Iterator[Contact]:
        """Those of `rows` that are contacts; the others are counted."""
        for row in rows:
            if isinstance(row, Contact) and row.groups and not self._groups_fit(row):
                self._report.skipped += 1
                self._report.skips.append(Skip(row.shown_name, f"the file has more than {GROUPS:,} groups"))
            elif isinstance(row, Contact):
                if row.custom or not row.emails:
                    self._report.note_addresses(row, self._email_headings)
                self._report.note_encoding(row)
                yield row
            else:
                self._report.rejects.append(row)
                self._report.rejected += 1

    def _groups_fit(self, row: Contact) -> bool:
        """Whether the groups of all rows so far are no more than one import may bring."""
        new = [group for group in row.groups if group not in self._seen_groups]
        if len(self._seen_groups) + len(new) > GROUPS:
            return False
        self._seen_groups.update(new)
        return True

    def _grouped(self, row: Contact) -> Contact:
        return replace(row, groups=_joined(row.groups, self._groups)) if self._groups else row

    async def _plan(self, unit: Unit, contacts: Sequence[Contact]) -> list[Change]:
        rows = list(map(self._grouped, contacts))
        if self._options.duplicates == "create":
            self._report.created += len(rows)
            return [Create(row) for row in rows]
        keys = list(map(keys_of, rows))
        people, namesakes = await self._people(unit, rows, keys)
        uids = Counter(uid for row in rows if (uid := uid_of(row)))
        joined: dict[_Person, None] = {}
        for row, its_keys in zip(rows, keys, strict=True):
            sharing = people.sharing(row, its_keys)
            person = self._match(row, sharing, uids, unit)
            if person is None and (namesake := namesakes.same_as(row)) is not None:
                person = people.of_book(namesake)
            if person is None:
                person = self._new(row, sharing)
                joined[person] = None
            elif self._joins(row, person, unit) and person.stored is not None:
                joined[person] = None
            people.add_row(row, its_keys, person)
        # Contacts of the book go first: their search texts must wait for those of new ones.
        return [
            change for person in sorted(joined, key=lambda each: each.stored is None) for change in _changes(person)
        ]

    async def _people(
        self, unit: Unit, rows: Sequence[Contact], keys_of_rows: Iterable[Iterable[Key]]
    ) -> tuple[_People, _Namesakes]:
        """The contacts of the book that `rows` may be about."""
        people = _People()
        names = {name_of(row) for row in rows}
        keys = list(chain.from_iterable(keys_of_rows))
        emails = await unit.by_address((key[0] for key in keys if len(key) == 1), names)
        people.add_stored({(key,): contacts for key, contacts in emails.items()})
        numbers = await unit.by_number((key[0], key[1]) for key in keys if len(key) == 2)
        people.add_stored({tuple(key): contacts for key, contacts in numbers.items()})
        uids = await unit.by_uid(key[2] for key in keys if len(key) == 3)
        people.add_stored({("", "", key): contacts for key, contacts in uids.items()})
        return people, _Namesakes(await unit.by_name(row.shown_name for row in rows if not _is_reachable(row)))

    def _match(self, row: Contact, sharing: Sequence[_Person], uids: Mapping[str, int], unit: Unit) -> _Person | None:
        """The person among `sharing` whom `row` is about, if any."""
        if not sharing:
            return None
        uid = uid_of(row)
        owners = sum(uid_of(person.value) == uid for person in sharing) if uid else 0
        ties: list[tuple[_Person, Tie]] = []
        for person in sharing:
            trust_uid = owners == 1 and uids[uid] == 1 and not self._is_of_file(person, unit)
            if (tie := person.tie_to(row, trust_uid=trust_uid)) is not None:
                ties.append((person, tie))
        return _choose(row, [(person, tie) for person, tie in ties if not person.is_binned] or ties)

    def _is_of_file(self, person: _Person, unit: Unit) -> bool:
        """Whether an earlier row of this file made or updated the contact."""
        if person.stored is None or person.rows:
            return True
        return person.stored.id in self._updated or unit.has_created(person.stored.id or 0)

    def _new(self, row: Contact, sharing: Sequence[_Person]) -> _Person:
        self._report.created += 1
        emails = {email_key(email.address): email.address for email in row.emails} if sharing else {}
        for person in sharing:
            shared = [key for email in person.value.emails if (key := email_key(email.address)) in emails]
            if shared and not person.is_binned:
                self._report.note_apart(Apart(row.shown_name, person.value.shown_name, emails[shared[0]]))
                break
        return _Person(row)

    def _joins(self, row: Contact, person: _Person, unit: Unit) -> bool:
        """Count a row that belongs to `person`, and let it join if it may; whether it did."""
        binned = person.stored is not None and person.stored.deleted_at is not None
        if binned:
            self._report.in_bin += 1
        if self._options.duplicates == "skip" or (binned and not self._options.restore):
            self._report.skipped += 1
            why = "is in the Bin" if binned else "is in the book already"
            self._report.skips.append(Skip(row.shown_name, why))
            return False
        if binned and not person.restored:
            person.restored = True
            self._report.restored += 1
        changes = absorb(person.value, row, self._settle(person, unit))
        if changes and (error := excess(joined := with_values(person.value, changes))):
            self._report.skipped += 1
            self._report.skips.append(Skip(row.shown_name, str(error)))
            return False
        if changes:
            person.value = joined
            self._report.merged += 1
        else:
            self._report.unchanged += 1
        return True

    def _settle(self, person: _Person, unit: Unit) -> Settle:
        """What happens if row and contact say something else. Rows of one file never overwrite each other."""
        if self._is_of_file(person, unit) or person.stored is None:
            return keep_both
        contact_id = person.stored.id or 0
        if self._options.duplicates == "update":
            self._updated.add(contact_id)
            return take_theirs
        return partial(self._ask, contact_id, person.stored.shown_name)

    def _ask(self, contact_id: int, name: str, field_name: str, ours: str, theirs: str) -> Keep:
        self._report.clashes += 1
        clash = Clash(contact_id, name, field_name, ours, theirs)
        return self._options.settle(clash) if self._options.settle else Keep.BOTH


def _choose(row: Contact, ties: Sequence[tuple[_Person, Tie]]) -> _Person | None:
    """Whom a row joins of those that it may be about: the one who has all of it already, else the surest.

    A row whose name fits several different people (`J. Smith` and John and Jane) joins none of them.
    """
    if len(ties) < 2:
        return ties[0][0] if ties else None
    bare = replace(row, groups=())
    for person, _ in ties:
        if not absorb(person.value, bare):
            return person
    surest = min(tie for _, tie in ties)
    best = [person for person, tie in ties if tie == surest]
    for person in best:
        if name_of(person.value) == name_of(row):
            return person
    are_one = all(names_agree(best[0].value, other.value) for other in best[1:])
    return best[0] if are_one or surest is not Tie.ADDRESS else None


def _is_reachable(row: Contact) -> bool:
    """Whether the row has an address or a number by which it can be found again."""
    return bool(row.emails or numbers_of(row))


def _joined(names: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    return tuple({fold(name): name for name in (*more, *names)}.values())


class _Namesakes:
    """The contacts of some names, to find a row without an address and a number again among them."""

    def __init__(self, contacts_by_name: Mapping[str, Sequence[Contact]]) -> None:
        self._by_name = contacts_by_name
        crowds = [contacts for contacts in contacts_by_name.values() if len(contacts) > _COMPARED]
        self._by_content = {_content(contact): contact for crowd in crowds for contact in reversed(crowd)}

    def same_as(self, row: Contact) -> Contact | None:
        """The contact to which `row` adds nothing: of the first few of its name, or the very same."""
        if _is_reachable(row):
            return None
        namesakes = self._by_name.get(name_of(row), ())
        bare = replace(row, groups=())
        same = next((namesake for namesake in namesakes[:_COMPARED] if not absorb(namesake, bare)), None)
        return same or self._by_content.get(_content(row))


def _content(contact: Contact) -> tuple[object, ...]:
    """All that a contact without address and number says, but for its groups."""
    return (*_SAID(contact), tuple(contact.custom.items()))


def _changes(person: _Person) -> Iterator[Change]:
    if person.stored is None:
        yield Create(person.value)
        return
    contact_id = person.stored.id or 0
    if person.restored:
        yield Restore(Checks.of([contact_id]))
    if values := changed_values(person.stored, person.value):
        yield Edit(contact_id, values)
