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
from typing import Any, Final

from coterie.core import labelled
from coterie.core.errors import InvalidValue
from coterie.core.fields.values import KEPT, with_values
from coterie.core.labelled import HEADINGS, PHONETIC, Labelled
from coterie.core.model import Address, Contact, Email, Phone, RemoteRef, Url
from coterie.core.text import clean_address, clean_line, clean_lines, clean_number

Json = dict[str, Any]
# json escapes C0; the rest that acts on terminals or cannot be encoded: DEL and C1, bidirectional controls, line and
# paragraph separators, the invisible mark, tags, lone surrogates.
_ACTIVE: Final = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_TEXTS: Final = (
    "name", "prefix", "given_name", "additional_names", "family_name", "suffix", "nickname", "company", "department",
    "job_title", "birthday",
)  # fmt: skip
_ADDRESS: Final = ("street", "city", "region", "postal_code", "country", "po_box", "extended", "label")


def as_json(contact: Contact) -> Json:
    """The contact as JSON values, with the keys of interface.md and those of the further name parts."""
    values = stored_json(contact)
    values |= _kept(contact) if contact.custom else {**_NO_TEXTS, "relations": [], "events": [], "ims": []}
    return values


def stored_json(contact: Contact) -> Json:
    """The same where all that is kept among the custom fields stands there alone, as it is stored."""
    return {
        "id": contact.id,
        "name": contact.name,
        "prefix": contact.prefix,
        "given_name": contact.given_name,
        "additional_names": contact.additional_names,
        "family_name": contact.family_name,
        "suffix": contact.suffix,
        "nickname": contact.nickname,
        "emails": [{"address": e.address, "label": e.label, "primary": e.primary} for e in contact.emails],
        "phones": [{"number": p.number, "label": p.label} for p in contact.phones],
        "company": contact.company,
        "department": contact.department,
        "job_title": contact.job_title,
        "groups": list(contact.groups),
        "favorite": contact.favorite,
        "notes": contact.notes,
        "birthday": contact.birthday,
        "addresses": [{key: getattr(address, key) for key in _ADDRESS} for address in contact.addresses],
        "urls": [{"url": u.url, "label": u.label} for u in contact.urls],
        "custom": dict(contact.custom),
        "sources": [
            {"account": s.account, "remote_id": s.remote_id, "place": s.place or None} for s in contact.sources
        ],
        "created_at": moment_text(contact.created_at),
        "updated_at": moment_text(contact.updated_at),
        "deleted_at": moment_text(contact.deleted_at),
        "deleted_by": contact.deleted_by,
    }


VALUE_NAMES: Final = {"relations": "name", "events": "date", "ims": "handle"}
"""What the value of each field of `core.labelled` is called."""
_KEPT: Final = tuple(KEPT)
_NO_TEXTS: Final = dict.fromkeys(PHONETIC, "")


def _kept(contact: Contact) -> Json:
    """The fields that are kept among the custom ones, and the rest of those."""
    many = {
        key: [{VALUE_NAMES[key]: one.value, "label": one.label} for one in getattr(contact, key)] for key in HEADINGS
    }
    return {key: getattr(contact, key) for key in PHONETIC} | many | {"custom": labelled.others(contact.custom)}


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

    Raises InvalidValue, which names the key, where a value is of another kind than it must be.
    """
    source = _mapping("contact", value)
    texts: dict[str, Any] = {key: clean_line(_text(source, key)) for key in _TEXTS}
    contact = Contact(
        **texts,
        id=_whole_number(source, "id"),
        notes=clean_lines(_text(source, "notes")),
        emails=tuple(
            Email(clean_address(_text(one, "address")), clean_line(_text(one, "label")), _truth(one, "primary"))
            for one in _mappings(source, "emails")
        ),
        phones=tuple(
            Phone(clean_number(_text(one, "number")), clean_line(_text(one, "label")))
            for one in _mappings(source, "phones")
        ),
        addresses=tuple(
            Address(**{key: clean_lines(_text(one, key)) for key in _ADDRESS}) for one in _mappings(source, "addresses")
        ),
        urls=tuple(
            Url(clean_line(_text(one, "url")), clean_line(_text(one, "label"))) for one in _mappings(source, "urls")
        ),
        groups=tuple(clean_line(_as_text("groups", name)) for name in _list(source, "groups")),
        favorite=_truth(source, "favorite"),
        custom={
            clean_line(heading): clean_lines(_as_text("custom", text))
            for heading, text in _mapping("custom", source.get("custom") or {}).items()
        },
        sources=tuple(
            RemoteRef(_text(one, "account"), _text(one, "remote_id"), place=_text(one, "place"))
            for one in _mappings(source, "sources")
        ),
        created_at=_time(source, "created_at"),
        updated_at=_time(source, "updated_at"),
        deleted_at=_time(source, "deleted_at"),
        deleted_by=_text(source, "deleted_by") or None,
    )
    return with_values(contact, _kept_values(source, contact)) if any(map(source.get, _KEPT)) else contact


def _kept_values(source: Mapping[str, object], contact: Contact) -> dict[str, object]:
    """The fields that are kept among the custom ones; values that stand there as such stay."""
    values: dict[str, object] = {key: text for key in PHONETIC if (text := clean_lines(_text(source, key)))}
    for key, name in VALUE_NAMES.items():
        found = [Labelled(clean_lines(_text(one, name)), clean_line(_text(one, "label")))
                 for one in _mappings(source, key)]  # fmt: skip
        if found:
            values[key] = (*getattr(contact, key), *found)
    return values


def moment_text(value: datetime | None) -> str | None:
    """A time as JSON has it: RFC 3339, in UTC."""
    return None if value is None else value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _mapping(key: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise InvalidValue(key, f"“{key}” must be a JSON object.")
    return value


def _list(source: Mapping[str, object], key: str) -> list[object]:
    value = source.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise InvalidValue(key, f"“{key}” must be a JSON array.")
    return value


def _mappings(source: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    return [_mapping(key, one) for one in _list(source, key)]


def _text(source: Mapping[str, object], key: str) -> str:
    return _as_text(key, source.get(key))


def _as_text(key: str, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidValue(key, f"“{key}” must be a text.")
    return value


def _truth(source: Mapping[str, object], key: str) -> bool:
    value = source.get(key)
    if value is not None and not isinstance(value, bool):
        raise InvalidValue(key, f"“{key}” must be true or false.")
    return bool(value)


def _whole_number(source: Mapping[str, object], key: str) -> int | None:
    value = source.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise InvalidValue(key, f"“{key}” must be a whole number.")
    return value


def _time(source: Mapping[str, object], key: str) -> datetime | None:
    text = _text(source, key)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidValue(key, f"“{key}” must be a time such as 2026-11-23T08:30:00Z.") from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
