"""Well-known custom fields as properties: their headings and values read from a card, and written into one.

What the table in `core.wellknown` says is put into practice here; nothing here names a single property.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from coterie.core.fields import FIELDS
from coterie.core.fields.attributes import PLAIN
from coterie.core.transfer.vcard.labels import apple_label
from coterie.core.transfer.vcard.values import Head, escape, parameter, parse_head, text_of
from coterie.core.wellknown import (
    BY_PROPERTY,
    DATE,
    RELATION,
    WellKnown,
    date_heading,
    detailed,
    find,
    relation_heading,
)

TEXTS: Final = {
    spec.vcard: key for key in PLAIN if (spec := FIELDS[key]).vcard and key not in {"company", "department", "birthday"}
}
"""The attributes of one line that are a property of their own, by that."""

OMIT_YEAR: Final = "X-APPLE-OMIT-YEAR"
_LEAP_YEAR: Final = "1604"  # Apple's way to leave out the year, which vCard 3.0 cannot
_BASIC_DATE: Final = re.compile(r"(\d{4})(\d\d)(\d\d)")
_EXTENDED_DATE: Final = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)")
_YEARLESS_DATE: Final = re.compile(r"(?:--|0000-)(\d\d?)-?(\d\d?)")
_TIME: Final = re.compile(r"(?<=\d)[T ].*")
_MIDNIGHT: Final = re.compile(r"(?<=\d)[T ]00:?00(?::?00)?(?:\.0+)?Z?$")
_ISO_DATE: Final = re.compile(r"(\d{4}|-)-(\d\d)-(\d\d)")
_DATE_OR_PART: Final = re.compile(r"[-\d]*\d")
# The basic form of RFC 6350, 4.3.3, and the extended one of ISO 8601 that people read more easily.
_BASIC_TIME: Final = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{2,4})?")
_EXTENDED_TIME: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?(Z|[+-]\d\d(?::\d\d)?)?")
_GEO: Final = re.compile(r"(?:geo:)?(-?\d+(?:\.\d+)?)[,;](-?\d+(?:\.\d+)?)", re.IGNORECASE)
_PLACE: Final = re.compile(r"(-?\d+(?:\.\d+)?), (-?\d+(?:\.\d+)?)")
_URI: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):\S+")
_WEB: Final = re.compile(r"https?://\S+")
_RELATIONS: Final = frozenset({RELATION.card, RELATION.card3})
_PLACES: Final = ("home", "work")  # kinds of a messenger or relation that do not say which one it is
# The relations of RFC 6350, 6.6.6, that TYPE alone can say.
_RELATION_TYPES: Final = frozenset({"contact", "met", "co-resident", "muse", "crush", "date", "sweetheart", "me"})
_SERVICES: Final = ("X-SERVICE-TYPE", "SERVICE-TYPE")


# Reading --------------------------------------------------------------------------------------------------------------


def read_heading(field: WellKnown, head: Head, label: str, text: str) -> str:
    """The heading under which the value `text` of a well-known property is kept; `label` is the X-ABLabel beside it."""
    named = find(label) if label else None
    if named is not None and named[0].card == field.card:
        return label
    if head.name in _RELATIONS:
        return relation_heading(label or _kind(head))
    if head.name == DATE.card:
        return date_heading(label)
    if field.detail:
        return detailed(field.heading, _detail(field, head, label, text))
    return label or field.heading


def _kind(head: Head) -> str:
    """What TYPE says beside `pref`, `home` and `work`."""
    kinds = [kind for kind in head.types if kind.lower() not in {"pref", *_PLACES}]
    return kinds[0][2:] if kinds and kinds[0][:2].lower() == "x-" else kinds[0] if kinds else ""


def _detail(field: WellKnown, head: Head, label: str, text: str) -> str:
    if field.detail not in _SERVICES and field.detail != "TYPE":
        return label or head.parameters.get(field.detail, "")
    service = next((value for key in _SERVICES if (value := head.parameters.get(key))), "") or label
    if field.detail == "TYPE":
        kind = _kind(head)
        return service or (kind.capitalize() if kind.isupper() or kind.islower() else kind)
    if not service and (uri := _URI.fullmatch(text)) and uri[1].isalnum():
        service = uri[1]
    return ", ".join(part for part in (service, *(place for place in _PLACES if place == head.label)) if part)


def read_value(field: WellKnown, head: Head, value: str) -> str:
    """The text of a value as a contact keeps it."""
    text = text_of(value).strip()
    if head.parameters.get("VALUE", "").lower() == "text":
        return text
    if field.value == "date":
        return _read_day(text, head)
    if field.value == "place" and (match := _GEO.fullmatch(text)):
        return f"{match[1]}, {match[2]}"
    return text


def _read_day(text: str, head: Head) -> str:
    """A day to remember: unlike a birthday it keeps its time of day, if it has one."""
    text = _MIDNIGHT.sub("", text)
    if match := _BASIC_TIME.fullmatch(text):
        zone = match[7] or ""
        time = ":".join(part for part in match.group(4, 5, 6) if part) + (
            f"{zone[:3]}:{zone[3:]}" if zone[3:] else zone
        )
        return f"{match[1]}-{match[2]}-{match[3]}T{time}"
    return text if _TIME.search(text) else iso_date(text, head.parameters.get(OMIT_YEAR, ""))


def iso_date(text: str, omitted_year: str = "") -> str:
    """A date as ISO 8601 writes it (`--MM-DD` without a year), the text itself if it is none.

    `0000-00-00` is not a date and gives nothing; a time of day is left out. `omitted_year` stands for no year (Apple's
    X-APPLE-OMIT-YEAR).
    """
    day = _TIME.sub("", text)
    if (match := _YEARLESS_DATE.fullmatch(day)) and match[1].strip("0"):
        return f"--{match[1].zfill(2)}-{match[2].zfill(2)}"
    match = _BASIC_DATE.fullmatch(day) or _EXTENDED_DATE.fullmatch(day)
    if not match:
        return text
    year, month, number = match[1], match[2].zfill(2), match[3].zfill(2)
    if year == omitted_year:
        return f"--{month}-{number}"
    return "" if (month, number) == ("00", "00") else f"{year}-{month}-{number}"


# Writing --------------------------------------------------------------------------------------------------------------


def write_standard(heading: str, text: str, version: str) -> tuple[str, str, str] | None:
    """The property for one value of a custom field: name with parameters, value, and the X-ABLabel beside it.

    None if no property brings it back under the same heading.
    """
    if (match := find(heading, text)) is None:
        return None
    field, name = match
    uri = _URI.fullmatch(text) if field.value == "uri" else None
    form = _form(heading, field, name, version, uri[1] if uri else "")
    if form is None or (field.value == "file" and not _WEB.fullmatch(text)):
        return None
    parameters, value = write_value(field, text, version)
    return form[0] + parameters, value, form[1]


@lru_cache(maxsize=4096)
def _form(heading: str, field: WellKnown, name: str, version: str, scheme: str) -> tuple[str, str] | None:
    """The first way to write the property whose heading is read as it was."""
    text = f"{scheme}:x" if scheme else "x"
    for written, label in (*_ways(field, name, version), (field.property(version), heading)):
        head = parse_head(written)
        if read_heading(BY_PROPERTY[head.name], head, apple_label(label), text) == heading:
            return written, label
    return None


def _ways(field: WellKnown, name: str, version: str) -> list[tuple[str, str]]:
    """The ways to write a property and the label beside it, the best first."""
    prop = field.property(version)
    if field is RELATION:
        kind = ";TYPE=" + name if version == "4.0" and name in _RELATION_TYPES else ""
        return [(prop + kind, "" if kind else name)]
    if field.card == RELATION.card or prop == DATE.card:
        label = name or (f"_$!<{field.apple}>!$_" if field.apple and version == "3.0" else field.heading)
        kind = f";TYPE={field.kind}" if field.kind and version == "4.0" else ""
        return [(prop + kind, "")] * (not name) + [(prop + kind, label)]
    if not field.detail:
        return [(prop, name)]
    if field.detail == "TYPE":
        return [(prop + (parameter("TYPE", kind) if kind else ""), "") for kind in (name.lower(), name)] + [
            (prop + parameter(_SERVICES[0], name), "")
        ]
    service, _, place = name.rpartition(", ") if name.endswith(_PLACES) else (name, "", "")
    written = parameter(field.detail, service) if service else ""
    return [(prop, ""), (prop + (f";TYPE={place}" if place else "") + written, "")]


def write_value(field: WellKnown, text: str, version: str) -> tuple[str, str]:
    """The further parameters of a property and its value, which `read_value` makes the same text again."""
    if field.value == "date":
        return _write_day(text, version)
    if field.value == "place":
        match = _PLACE.fullmatch(text)
        if not match:
            return ";VALUE=text", escape(text)
        return "", f"geo:{match[1]},{match[2]}" if version == "4.0" else f"{match[1]};{match[2]}"
    if field.value in {"uri", "file"}:
        if _URI.fullmatch(text):
            return ";VALUE=uri" * (field.value == "file"), text.replace("\\", "\\\\")
        return ";VALUE=text" * (version == "4.0"), escape(text)
    return "", escape(text)


def _write_day(text: str, version: str) -> tuple[str, str]:
    if _EXTENDED_TIME.fullmatch(text) and not _MIDNIGHT.search(text):
        date, _, time = text.partition("T")
        return "", f"{date.replace('-', '')}T{time.replace(':', '')}" if version == "4.0" else text
    return write_date(text, version) if is_date_or_part(text) else (";VALUE=text", escape(text))


def is_date_or_part(text: str) -> bool:
    """Whether `text` is a date as we write it, or a part of one: `1985-04`."""
    return _DATE_OR_PART.fullmatch(text) is not None and iso_date(text) == text


def write_date(text: str, version: str) -> tuple[str, str]:
    """The parameters and the value for a date that `iso_date` made; other texts as they are."""
    match = _ISO_DATE.fullmatch(text)
    if match and version == "4.0":
        return "", f"{'--' if match[1] == '-' else match[1]}{match[2]}{match[3]}"
    if match and match[1] == "-":
        return f";{OMIT_YEAR}={_LEAP_YEAR}", f"{_LEAP_YEAR}-{match[2]}-{match[3]}"
    return "", text
