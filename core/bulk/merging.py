"""Merge contacts into one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from coterie.core.certain import richest
from coterie.core.changes import Adopt, Change, Delete, Edit, Plan
from coterie.core.checks import Checks
from coterie.core.errors import InvalidInput, InvalidValue
from coterie.core.fields import FIELDS
from coterie.core.fields.attributes import PLAIN
from coterie.core.fields.differences import changed_values
from coterie.core.fields.name_parts import NAME_PARTS
from coterie.core.merge import merge
from coterie.core.model import Contact
from coterie.core.text import number_of

CHOSEN: Final = ("name", *PLAIN)
"""Fields of which one value stays; of the others all values are kept."""
_WITH: Final = {"name": NAME_PARTS}
"""A name is chosen with its parts."""


def merged(contacts: Sequence[Contact], keep: Contact, taken: Mapping[str, Contact]) -> Contact:
    """One contact of several: what `keep` says stands, but for the fields in `taken`, where another one is right.

    What loses is kept in the custom fields, see `core.merge`.

    Args:
        contacts: all of them.
        keep: the one of them that stays.
        taken: fields of CHOSEN, each with the one of them whose value stays.
    """
    people = {contact.id: contact for contact in contacts}
    for key, right in taken.items():
        if right.id == keep.id:
            continue
        for name in (key, *_WITH.get(key, ())):  # the two change their values, so that what loses is put aside
            ours, theirs = getattr(keep, name), getattr(right, name)
            people[keep.id] = replace(people[keep.id], **{name: theirs})
            people[right.id] = replace(people[right.id], **{name: ours})
    return merge(people.values(), people[keep.id])


def merge_plan(
    contacts: Sequence[Contact], keep: Contact | None = None, taken: Mapping[str, Contact] | None = None
) -> Plan:
    """What makes one contact of several: `keep` gets all they say, the others go to the Bin.

    Args:
        contacts: stored contacts.
        keep: the one whose values win, one of `contacts`; None for the first.
        taken: fields in which another one is right, see `merged`.

    Raises InvalidInput if there are not two.
    """
    keep = keep or next(iter(contacts), None)
    others = [contact for contact in contacts if keep is None or contact.id != keep.id]
    if keep is None or keep.id is None or not others:
        raise InvalidInput("Merging needs two contacts or more.", "Name their ids, or check them.")
    return merge_into(keep, others, merged(contacts, keep, taken or {}))


def merge_into(keep: Contact, others: Sequence[Contact], result: Contact) -> Plan:
    """What makes `keep` become `result`, for the accounts of all, and puts `others` into the Bin.

    Args:
        keep: the stored contact that stays.
        others: the stored contacts that go, at least one.
        result: what `keep` says then, see `merged`.
    """
    who = number_of(len(others) + 1) if len(others) > 1 else others[0].shown_name
    return Plan("merge", f"Merge {who} into {result.shown_name}", _changes(keep, others, result),
                done=f"Merged {who} into {result.shown_name}.")  # fmt: skip


def _changes(keep: Contact, others: Sequence[Contact], result: Contact) -> list[Change]:
    assert keep.id is not None
    gone = [contact.id for contact in others if contact.id is not None]
    values = changed_values(keep, result)
    changes: list[Change] = [Adopt(tuple(gone), keep.id, values)]
    changes += [Edit(keep.id, values, keep.version)] if values else []
    changes.append(Delete(Checks.of(gone), by=f"merged into {result.shown_name}"))
    return changes


def merge_groups(groups: Iterable[Sequence[Contact]]) -> Plan:
    """What makes one contact of each of these groups (`core.certain.certain_groups`), in one step."""
    changes: list[Change] = []
    count = into = 0
    for group in groups:
        keep = richest(group)
        others = [contact for contact in group if contact is not keep]
        changes += _changes(keep, others, merge(group, keep))
        count, into = count + len(group), into + 1
    words = f"{number_of(count)} into {into:,}"
    return Plan("merge", f"Merge {words}", changes, done=f"Merged {words}.")


def chosen_field(name: str) -> str:
    """The key of a field of which one value stays. Raises InvalidValue, which names those that there are."""
    wanted = name.strip().casefold().replace("-", "_")
    key = next((key for key in CHOSEN if wanted in {key, *FIELDS[key].aliases}), None)
    if key is None:
        names = ", ".join(FIELDS[key].word for key in CHOSEN)
        raise InvalidValue(name, f"No value of “{name}” can be chosen.", f"It can be: {names}. All others are kept.")
    return key
