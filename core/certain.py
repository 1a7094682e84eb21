"""Which duplicates are certain, so that they may be merged without looking at each of them.

Two contacts are certain to be one if both have the same whole name (a given name and a family name, not just initials)
or are the same company, if they share a UID, an e-mail address of a person or a phone number, and if nothing speaks
against it: another birthday, Mr and Mrs, Jr. and Sr., another company if only a number is shared. Contacts that
share an address with a person of another name - a family, an office - are never certain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations

from coterie.core.duplicates import is_role, name_key, number_key
from coterie.core.identity import is_company, names_agree, read_name, uid_of
from coterie.core.model import Contact
from coterie.core.text import email_key, fold, phone_key

_FULL_DATE = len("1815-12-10")


def are_certain(some: Contact, other: Contact) -> bool:
    """Whether two contacts are certain to be one."""
    if not are_compatible(some, other):
        return False
    if not _emails(some).isdisjoint(_emails(other)) or _has_same_uid(some, other):
        return True
    return not _numbers(some).isdisjoint(_numbers(other)) and not _may_share_a_number(some, other)


def _may_share_a_number(some: Contact, other: Contact) -> bool:
    """Whether the number may be that of a switchboard, or of a family whose members work elsewhere."""
    if is_company(some):
        return bool(some.emails and other.emails)
    return bool(some.company and other.company) and fold(some.company) != fold(other.company)


def are_compatible(some: Contact, other: Contact) -> bool:
    """Whether two contacts have the same whole name, and nothing speaks against their being one."""
    name = whole_name(some)
    return bool(name) and name == whole_name(other) and names_agree(some, other) and not _born_apart(some, other)


def whole_name(contact: Contact) -> str:
    """The name by which a contact can be certain, its parts in alphabetical order; empty if it has none."""
    if is_company(contact):
        return f"company {name_key(contact.name or contact.company)}"
    name = read_name(contact.name)
    if name.is_several or not name.family or any(len(word) == 1 for word in (name.fore[0], name.family[-1])):
        return ""
    return " ".join(sorted(name.words))


def certain_groups(
    pairs: Iterable[tuple[Contact, Contact]], apart: AbstractSet[tuple[int, int]] = frozenset()
) -> list[tuple[Contact, ...]]:
    """Contacts that are certain to be one, two or more each, in the order of the pairs.

    Args:
        pairs: what may be one, see `core.duplicates`.
        apart: ids (the lower first) of contacts that somebody said are not the same.

    If two of a group speak against each other, or are `apart`, the whole group is left to the user.
    """
    people: dict[int, Contact] = {}
    linked: dict[int, set[int]] = defaultdict(set)
    for some, other in pairs:
        assert some.id is not None
        assert other.id is not None
        if are_certain(some, other):
            people |= {some.id: some, other.id: other}
            linked[some.id].add(other.id)
            linked[other.id].add(some.id)
    groups = (tuple(people[contact_id] for contact_id in sorted(ids)) for ids in _connected(linked))
    return [group for group in groups if _is_one(group, apart)]


def _connected(linked: dict[int, set[int]]) -> Iterator[set[int]]:
    """The ids that are connected, in the order of `linked`."""
    seen: set[int] = set()
    for start in linked:
        if start in seen:
            continue
        group, waiting = {start}, [start]
        while waiting:
            new = linked[waiting.pop()] - group
            group |= new
            waiting += new
        seen |= group
        yield group


def _is_one(group: Sequence[Contact], apart: AbstractSet[tuple[int, int]]) -> bool:
    return all(
        are_compatible(some, other) and (some.id, other.id) not in apart for some, other in combinations(group, 2)
    )


def richest(contacts: Collection[Contact]) -> Contact:
    """The one that says most; of several, the oldest."""
    return min(contacts, key=lambda contact: (-_size(contact), contact.id or 0))


def _size(contact: Contact) -> int:
    lists = (contact.emails, contact.phones, contact.addresses, contact.urls, contact.groups, contact.sources)
    texts = (contact.name, contact.given_name, contact.company, contact.job_title, contact.birthday, contact.notes)
    return sum(map(len, lists)) + sum(map(bool, texts)) + len(contact.custom)


def _emails(contact: Contact) -> set[str]:
    """The addresses by which a contact is certain: not those of an office, unless it is the office."""
    keys = {email_key(email.address) for email in contact.emails}
    return keys if is_company(contact) else {key for key in keys if not is_role(key.partition("@")[0])}


def _numbers(contact: Contact) -> set[str]:
    return {key for phone in contact.phones if (key := number_key(phone_key(phone.number)))}


def _has_same_uid(some: Contact, other: Contact) -> bool:
    uid = uid_of(some)
    return bool(uid) and uid == uid_of(other)


def _born_apart(some: Contact, other: Contact) -> bool:
    """Whether both birthdays are known, and differ in more than that one of them has no year."""
    mine, theirs = some.birthday, other.birthday
    if not mine or not theirs or mine == theirs:
        return False
    if mine.startswith("--") or theirs.startswith("--"):
        return mine[-5:] != theirs[-5:]
    return len(mine) == len(theirs) == _FULL_DATE
