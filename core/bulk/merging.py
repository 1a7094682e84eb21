"""Merge contacts into one of them."""

from __future__ import annotations

from collections.abc import Sequence

from core.change import Adopt, Change, Delete, Edit, Plan
from core.checks import Checks
from core.errors import InvalidInput
from core.merge import MERGED, merge
from core.model import Contact


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
    merged = merge(others, keep)
    values = {name: value for name in MERGED if (value := getattr(merged, name)) != getattr(keep, name)}
    changes: list[Change] = [Edit(keep.id, values, keep.version)] if values else []
    changes += [Adopt(one.id, keep.id) for one in others if one.id]
    changes.append(Delete(Checks.of(one.id for one in others if one.id), by=f"merged into {merged.shown_name}"))
    number = len(others) + 1
    return Plan("merge", f"Merge {number} contacts into {merged.shown_name}", changes,
                f"Merged {number} contacts into {merged.shown_name}.")  # fmt: skip
