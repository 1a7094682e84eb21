"""Three-way merge: what became of a contact on two sides since both knew the same.

Field by field: the side that changed wins, and if both changed it differently, ours stays and a `FieldConflict`
tells of theirs, so that the user can settle it either way. Lists are merged value by value.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, is_dataclass, replace
from typing import Any, Final

from coterie.core.fields.name_parts import NAME_PARTS, name_from_parts
from coterie.core.fields.values import with_value
from coterie.core.labelled import place_of
from coterie.core.merge import IDENTITIES, email_id
from coterie.core.model import Contact, Email
from coterie.core.text import group_key
from coterie.core.wellknown import are_dates, values_of

_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """Both sides changed the same value differently.

    Attributes:
        field: the attribute of Contact.
        base: what both knew; None if there was nothing.
        ours: what it is here; this is what the merged contact has.
        theirs: what it is there.
        key: which value of the list or which custom field it is about; None for the whole attribute.
    """

    field: str
    base: object
    ours: object
    theirs: object
    key: Hashable = None


def merge3(
    base: Contact, ours: Contact, theirs: Contact, fields: Collection[str]
) -> tuple[Contact, list[FieldConflict]]:
    """What `ours` becomes with their changes, and the conflicts.

    Args:
        base: what both sides knew.
        ours: the contact here.
        theirs: the contact there.
        fields: the attributes that the other side keeps (`custom/Spouse` for some of the custom fields); all others
            stay ours.
    """
    merged = ours
    conflicts: list[FieldConflict] = []
    for field in sorted({field.partition("/")[0] for field in fields}):
        was, here, there = (getattr(contact, field) for contact in (base, ours, theirs))
        if there in (was, here):
            continue
        if here == was:
            value = there
        elif field in IDENTITIES:
            value = _values(field, was, here, there, conflicts)
        elif field == "custom":
            value = dict(_by_key(field, dict(was), dict(here), dict(there), conflicts))
        else:
            conflicts.append(FieldConflict(field, was or None, here, there))
            continue
        merged = with_value(merged, field, value)
    return _name_of_parts(base, ours, theirs, merged, conflicts)


def identity_of(field: str, value: object) -> Hashable:
    """What makes a value of a list the same value on two sides: an address, a number, a link."""
    return IDENTITIES[field](value)


def settle(contact: Contact, conflict: FieldConflict) -> Contact:
    """`contact` with their side of the conflict in place of ours."""
    if conflict.key is None:
        return with_value(contact, conflict.field, conflict.theirs)
    if conflict.field == "custom":
        return replace(contact, custom={**contact.custom, str(conflict.key): str(conflict.theirs)})
    identity = IDENTITIES[conflict.field]
    values = getattr(contact, conflict.field)
    settled = tuple(conflict.theirs if identity(value) == conflict.key else value for value in values)
    return with_value(contact, conflict.field, settled)


def _values(
    field: str, was: tuple[Any, ...], here: tuple[Any, ...], there: tuple[Any, ...], conflicts: list[FieldConflict]
) -> tuple[Any, ...]:
    """A list, value by value: ours in its order, then what is new there."""
    if field == "groups":
        return _groups(was, here, there)
    identity = IDENTITIES[field]
    first, mine, other = ({identity(value): value for value in reversed(side)} for side in (was, here, there))
    ordered = {identity(value): None for value in (*here, *there)}
    kept = _by_key(field, first, mine, other, conflicts)
    values = tuple(kept[key] for key in ordered if key in kept)
    return _one_preferred(was, here, values) if field == "emails" else values


def _groups(was: Collection[str], here: Collection[str], there: Collection[str]) -> tuple[str, ...]:
    """Groups that joined or left on either side; another spelling is no change."""
    first, mine, other = ({group_key(name): name for name in side} for side in (was, here, there))
    kept = (mine.keys() & other.keys()) | (mine.keys() - first.keys()) | (other.keys() - first.keys())
    return tuple((other | mine)[key] for key in sorted(kept))


def _by_key(
    field: str,
    was: Mapping[Any, Any],
    here: Mapping[Any, Any],
    there: Mapping[Any, Any],
    conflicts: list[FieldConflict],
) -> dict[Any, Any]:
    """Three mappings, key by key. What one side took away and the other changed stays, as it was changed."""
    merged: dict[Any, Any] = {}
    for key in dict.fromkeys((*here, *there)):
        first, mine, other = (side.get(key, _ABSENT) for side in (was, here, there))
        if mine in (other, first):
            value = other
        elif other in (first, _ABSENT):
            value = mine
        elif mine is _ABSENT:
            value = other
        elif field == "custom" and place_of(key, dated=are_dates(f"{mine}\n{other}"))[0]:
            value = _lines("" if first is _ABSENT else first, mine, other)
        else:
            value, is_settled = _both_changed(first, mine, other)
            if not is_settled:
                conflicts.append(FieldConflict(field, None if first is _ABSENT else first, value, other, key))
        if value is not _ABSENT:
            merged[key] = value
    return merged


def _lines(was: str, here: str, there: str) -> str:
    """Values that stand in lines: what each side added, without what either took away."""
    first, mine, other = (dict.fromkeys(values_of(side)) for side in (was, here, there))
    return "\n".join(line for line in {**mine, **other} if line not in first or (line in mine and line in other))


def _both_changed(was: Any, here: Any, there: Any) -> tuple[Any, bool]:
    """One value of a list that changed on both sides: (what it becomes, whether that leaves nothing to ask).

    Spelling stays ours; which address is preferred is settled for the whole list.
    """
    if not is_dataclass(here) or isinstance(here, type):
        return here, False
    changes: dict[str, Any] = {}
    for name in ("label", "primary"):
        if hasattr(here, name):
            mine, other = getattr(here, name), getattr(there, name)
            before = type(mine)() if was is _ABSENT else getattr(was, name)
            if mine == before:
                changes[name] = other
            elif other not in (before, mine) and name == "label":
                return here, False
    return replace(here, **changes), True


def _one_preferred(was: tuple[Email, ...], here: tuple[Email, ...], emails: tuple[Email, ...]) -> tuple[Email, ...]:
    """If both sides prefer another address: ours, if we changed it; else theirs."""
    preferred = [email_id(email) for email in emails if email.primary]
    if len(preferred) < 2:
        return emails
    before = {email_id(email) for email in was if email.primary}
    mine = [email_id(email) for email in here if email.primary and email_id(email) not in before]
    chosen = (mine or [key for key in preferred if key not in before] or preferred)[0]
    return tuple(replace(email, primary=email_id(email) == chosen) for email in emails)


def _name_of_parts(
    base: Contact, ours: Contact, theirs: Contact, merged: Contact, conflicts: list[FieldConflict]
) -> tuple[Contact, list[FieldConflict]]:
    """Two changes of different parts of a name make a new name, and no conflict."""
    fields = {conflict.field for conflict in conflicts}
    is_made = all(contact.name == name_from_parts(contact) for contact in (base, ours, theirs))
    if "name" not in fields or not is_made or not fields.isdisjoint(NAME_PARTS):
        return merged, conflicts
    rest = [conflict for conflict in conflicts if conflict.field != "name"]
    return replace(merged, name=name_from_parts(merged)), rest
