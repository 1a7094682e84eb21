"""A contact as the JSON that the command line prints and exports (interface.md, section 1), and back.

Keys never vanish: absent texts are empty, absent lists are empty, absent times are null. Times are RFC 3339 in UTC.
What could act on a terminal (C1 controls, bidirectional marks) or break a line stands as a `\\uXXXX` escape, so the
output may be looked at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Final

from coterie.core import labelled
from coterie.core.errors import InvalidValue
from coterie.core.fields import FIELDS
from coterie.core.fields.attributes import ATTRIBUTES
from coterie.core.fields.json_values import mapping_of, mappings_of, text_of
from coterie.core.fields.values import KEPT, with_values
from coterie.core.model import Contact, RemoteRef

Json = dict[str, Any]
# json escapes C0; the rest that acts on terminals or cannot be encoded: DEL and C1, bidirectional controls, line and
# paragraph separators, the invisible mark, tags, lone surrogates.
_ACTIVE: Final = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_PLAIN: Final = attrgetter(*ATTRIBUTES)
_LISTS: Final = tuple((key, FIELDS[key].kind.to_json) for key in ATTRIBUTES if FIELDS[key].many)
_READERS: Final = tuple((key, FIELDS[key].kind.from_json) for key in ATTRIBUTES)
_KEPT: Final = {key: spec.kind for key, spec in FIELDS.items() if key in KEPT}


def as_json(contact: Contact) -> Json:
    """The contact as JSON values, with the keys of interface.md and those of the further name parts."""
    values = stored_json(contact)
    if contact.custom:
        values |= {key: kind.to_json(getattr(contact, key)) for key, kind in _KEPT.items()}
        values["custom"] = labelled.others(contact.custom)
    else:
        values |= {key: [] if kind.many else "" for key, kind in _KEPT.items()}
    return values


def stored_json(contact: Contact) -> Json:
    """The same if all that is kept among the custom fields stands there alone, as it is stored."""
    values: Json = {"id": contact.id}
    values.update(zip(ATTRIBUTES, _PLAIN(contact), strict=True))
    for key, to_json in _LISTS:
        values[key] = to_json(values[key])
    values["sources"] = [
        {"account": s.account, "remote_id": s.remote_id, "place": s.place or None} for s in contact.sources
    ]
    values["created_at"] = moment_text(contact.created_at)
    values["updated_at"] = moment_text(contact.updated_at)
    values["deleted_at"] = moment_text(contact.deleted_at)
    values["deleted_by"] = contact.deleted_by
    return values


def json_text(contact: Contact) -> str:
    """The contact as one line of JSON."""
    return escaped(json.dumps(as_json(contact), ensure_ascii=False))


def escaped(text: str) -> str:
    """JSON text in which nothing acts on a terminal; it means the same."""
    return text if text.isascii() and "\x7f" not in text else _ACTIVE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"


def from_json(value: object) -> Contact:
    """The contact that `as_json` gave, or that somebody wrote by hand: all keys may be absent, unknown ones are
    passed over.

    Raises InvalidValue, which names the key, if a value is of another kind than it must be.
    """
    source = mapping_of("contact", value)
    said: dict[str, Any] = {key: from_json(key, source[key]) for key, from_json in _READERS if key in source}
    contact = Contact(
        _whole_number(source, "id"),
        **said,
        sources=tuple(
            RemoteRef(
                text_of("account", entry.get("account")),
                text_of("remote_id", entry.get("remote_id")),
                place=text_of("place", entry.get("place")),
            )
            for entry in mappings_of("sources", source.get("sources"))
        ),
        created_at=_time(source, "created_at"),
        updated_at=_time(source, "updated_at"),
        deleted_at=_time(source, "deleted_at"),
        deleted_by=text_of("deleted_by", source.get("deleted_by")) or None,
    )
    return with_values(contact, _kept_values(source, contact)) if any(map(source.get, _KEPT)) else contact


def _kept_values(source: Mapping[str, object], contact: Contact) -> dict[str, object]:
    """The fields that are kept among the custom ones; values that stand there as such stay."""
    values = {key: kind.from_json(key, source.get(key)) for key, kind in _KEPT.items()}
    return {
        key: (*getattr(contact, key), *value) if _KEPT[key].many else value for key, value in values.items() if value
    }


def moment_text(value: datetime | None) -> str | None:
    """A time as JSON has it: RFC 3339, in UTC."""
    return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _whole_number(source: Mapping[str, object], key: str) -> int | None:
    value = source.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise InvalidValue(key, f"“{key}” must be a whole number.")
    return value


def _time(source: Mapping[str, object], key: str) -> datetime | None:
    text = text_of(key, source.get(key))
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidValue(key, f"“{key}” must be a time such as 2026-11-23T08:30:00Z.") from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
