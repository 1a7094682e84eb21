"""Merge contacts into one of them."""

from __future__ import annotations

from collections.abc import Sequence

from coterie.core.change import Adopt, Change, Delete, Edit, Plan
from coterie.core.checks import Checks
from coterie.core.errors import InvalidInput
from coterie.core.merge import MERGED, merge
from coterie.core.model import Contact


def merge_plan(contacts: Sequence[Contact], keep: Contact | None = None) -> Plan:
    """What makes one contact of several: `keep` gets all they say, the others go to the Bin.

    Args:
        contacts: stored contacts.
        keep: the one whose values win, one of `contacts`; None for the first.

    Raises InvalidInput where there are not two.
    """
    keep = keep or next(iter(contacts), None)
    others = [one for one in contacts if keep is None or one.id != keep.id]
    if keep is None or keep.id is None or not others:
        raise InvalidInput("Merging needs two contacts or more.", "Name their ids, or check them.")
    return merge_into(keep, others, merge(others, keep))


def merge_into(keep: Contact, others: Sequence[Contact], merged: Contact) -> Plan:
    """What makes `keep` become `merged`, for the accounts of all, and puts `others` into the Bin.

    Args:
        keep: the stored contact that stays.
        others: the stored contacts that go, at least one.
        merged: what `keep` says then, see `core.merge`.
    """
    assert keep.id is not None
    gone = [one.id for one in others if one.id is not None]
    values = {name: value for name in MERGED if (value := getattr(merged, name)) != getattr(keep, name)}
    changes: list[Change] = [Edit(keep.id, values, keep.version)] if values else []
    changes += [Adopt(one, keep.id) for one in gone]
    changes.append(Delete(Checks.of(gone), by=f"merged into {merged.shown_name}"))
    who = f"{len(others) + 1} contacts" if len(others) > 1 else others[0].shown_name
    # A function, for a name may hold braces, which a sentence gives a meaning.
    return Plan("merge", f"Merge {who} into {merged.shown_name}", changes,
                done=lambda: f"Merged {who} into {merged.shown_name}.")  # fmt: skip
