"""Conflicts as they are kept until the user settles them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from coterie.core.fields import FIELDS
from coterie.core.fields.codec import encode
from coterie.core.merge3 import FieldConflict
from coterie.core.model import GONE, Conflict, Remembered


def conflict_of(account: str, remote_id: str, contact_id: int, conflict: FieldConflict) -> Conflict:
    """What both sides changed differently."""
    value = conflict.theirs
    if conflict.field == "custom":
        value = {str(conflict.key): value}
    elif conflict.key is not None:
        value = (value,)
    return Conflict(
        account, remote_id, contact_id, conflict.field, key_text(conflict.key),
        _shown(conflict.field, conflict.ours), _shown(conflict.field, conflict.theirs),
        str(encode(conflict.field, value)),
    )  # fmt: skip


def gone_and_edited(account: str, before: Remembered, edited: Iterable[str]) -> Conflict:
    """What was deleted there and changed here, in these attributes."""
    changed = ", ".join(FIELDS[name].label if name in FIELDS else name for name in sorted(edited))
    contact_id = (before.contact.id if before.contact else 0) or 0
    return Conflict(account, before.remote_id, contact_id, GONE, "", f"changed: {changed}", "deleted")


def key_text(key: object) -> str:
    """The key of a conflict as text; empty for the whole field."""
    return "" if key is None else key if isinstance(key, str) else json.dumps(key, ensure_ascii=False, default=str)


def _shown(field: str, value: object) -> str:
    """A value of a conflict, for the user to read."""
    if value is None:
        return ""
    if isinstance(value, str | bool):
        return str(value)
    if isinstance(value, tuple):
        return "; ".join(_shown(field, item) for item in value)
    names = getattr(type(value), "__dataclass_fields__", None)
    if names:
        return ", ".join(text for name in names if (text := _shown(field, getattr(value, name))) and text != "False")
    return str(value)
