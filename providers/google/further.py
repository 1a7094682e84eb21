"""What a Person has lists of its own for and a contact keeps under headings: relations, events, messengers, phonetic
names, and the user's own fields.

Each value stays in the list where Google has it. A new one goes to the list that means it, if it comes back from there
under the same heading, else to `userDefined`.
Source: https://developers.google.com/people/api/rest/v1/people (Relation, Event, ImClient, UserDefined).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from coterie.core.labelled import joined, place_of
from coterie.core.text import clean_line, clean_lines
from coterie.core.wellknown import are_dates, date_heading, detailed, relation_heading, values_of

Json = dict[str, Any]

PHONETIC_NAMES: Final = {
    "Phonetic first name": "phoneticGivenName",
    "Phonetic middle name": "phoneticMiddleName",
    "Phonetic last name": "phoneticFamilyName",
}
PHONETIC_COMPANY: Final = "Phonetic company"
_OUTPUT_ONLY: Final = ("formattedType", "formattedProtocol", "canonicalForm", "displayNameLastFirst")
_RELATIONS: Final = {"domesticPartner": "Domestic partner", "referredBy": "Referred by"}
"""The types that are not written as people write them."""
_PROTOCOLS: Final = {
    "aim": "AIM", "icq": "ICQ", "msn": "MSN", "qq": "QQ", "yahoo": "Yahoo", "jabber": "Jabber",
    "googleTalk": "Google Talk", "skype": "Skype",
}  # fmt: skip
"""Google's protocols with a heading of their own; `netMeeting` and a user's own ones have none."""
_DATE: Final = re.compile(r"(?:(\d{4})|-)-(\d{2})-(\d{2})|(\d{4})(?:-(\d{2}))?")
_LEAP_YEAR: Final = "2000"


def is_contact(entry: Json) -> bool:
    """Whether a field's entry is the user's own, not one of a linked Google profile."""
    source = (entry.get("metadata") or {}).get("source") or {}
    return bool(source.get("type", "CONTACT") == "CONTACT")


def sendable(entry: Json) -> Json:
    """An entry as it can be sent back: without what only the server writes."""
    kept = {key: value for key, value in entry.items() if key not in _OUTPUT_ONLY}
    if is_contact(entry):
        kept.pop("metadata", None)
    return kept


def date_of(value: Json) -> str:
    """A date as contacts have it: ISO 8601, `--MM-DD` without a year; empty if there is none."""
    year, month, day = (int(value.get(part) or 0) for part in ("year", "month", "day"))
    if month and day:
        return f"{year:04}-{month:02}-{day:02}" if year else f"--{month:02}-{day:02}"
    if year:
        return f"{year:04}-{month:02}" if month else f"{year:04}"
    return ""


def to_date(text: str) -> Json:
    """The Date that `date_of` reads as `text`; empty if it is none."""
    match = _DATE.fullmatch(text)
    if match is None:
        return {}
    year, month, day = match[1] or match[4], match[2] or match[5], match[3]
    return {key: int(value) for key, value in (("year", year), ("month", month), ("day", day)) if value}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text if text[:1] != "-" else _LEAP_YEAR + text[1:])
    except ValueError:
        return False
    return True


def _text(entry: Json, key: str) -> str:
    return clean_line(str(entry.get(key) or ""))


def _relation(entry: Json) -> tuple[str, str]:
    kind = _text(entry, "type")
    return relation_heading(_RELATIONS.get(kind, kind)), _text(entry, "person")


def _event(entry: Json) -> tuple[str, str]:
    return date_heading(_text(entry, "type")), date_of(entry.get("date") or {})


def _messenger(entry: Json) -> tuple[str, str]:
    protocol = _text(entry, "protocol")
    return _PROTOCOLS.get(protocol) or detailed("IM", protocol), _text(entry, "username")


def _user_defined(entry: Json) -> tuple[str, str]:
    return _text(entry, "key"), clean_lines(str(entry.get("value") or ""))


LISTS: Final[Mapping[str, Callable[[Json], tuple[str, str]]]] = {
    "userDefined": _user_defined,
    "relations": _relation,
    "events": _event,
    "imClients": _messenger,
}
"""Each list of Person, and the heading and the value that one of its entries means."""


_FURTHER: Final = ("relations", "events", "imClients")


def meant(name: str, entry: Json) -> tuple[str, str]:
    """The heading and the value of an entry of one of LISTS; empty if it says nothing of the user's own."""
    heading, value = LISTS[name](entry) if name == "userDefined" or is_contact(entry) else ("", "")
    return (heading, value) if heading and value else ("", "")


def custom_of(person: Json, name: Json, organization: Json) -> dict[str, str]:
    """The custom fields of a Person, with all that is kept under headings.

    `name` and `organization` are those shown.
    """
    custom: dict[str, str] = {}
    for entry in person.get("userDefined") or ():
        key, value = meant("userDefined", entry)
        if key:
            custom[key] = f"{custom[key]}; {value}" if key in custom else value
    more: dict[str, dict[str, None]] = defaultdict(dict)
    for field in _FURTHER:
        for entry in person.get(field) or ():
            heading, value = meant(field, entry)
            if heading:
                more[heading][value] = None
    spoken = {heading: _text(name, theirs) for heading, theirs in PHONETIC_NAMES.items() if theirs in name}
    spoken[PHONETIC_COMPANY] = _text(organization, "phoneticName")
    more.update({heading: {text: None} for heading, text in spoken.items() if text})
    return joined(custom, more) if more else custom


def placed(
    person: Json, present: Mapping[str, str], wanted: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Where custom fields go: the lists of Person as they are to be, and the phonetic texts that change.

    Args:
        person: as Google has it now.
        present: what `custom_of` says of it.
        wanted: what it is to say.
    """
    changed = {heading for heading in (*present, *wanted) if present.get(heading) != wanted.get(heading)}
    open_values = {heading: _values(heading, text) for heading, text in wanted.items() if heading in changed}
    lists: dict[str, list[Json]] = {}
    for name in LISTS:
        lists[name] = []
        for entry in person.get(name) or ():
            heading, value = meant(name, entry)
            left = open_values.get(heading, [])
            if heading not in changed or value in left:
                lists[name].append(sendable(entry))
                if heading in changed:
                    left.remove(value)
    phonetic = dict.fromkeys(changed.intersection((*PHONETIC_NAMES, PHONETIC_COMPANY)), "")
    for heading, values in open_values.items():
        for value in values:
            if heading in phonetic and value == clean_line(value):
                phonetic[heading] = value
            else:
                name, entry = _home(heading, value)
                lists[name].append(entry)
    same = {name: [sendable(entry) for entry in person.get(name) or ()] for name in LISTS}
    lists = {name: entries for name, entries in lists.items() if name == "userDefined" or entries != same[name]}
    return lists, phonetic


def _values(heading: str, text: str) -> list[str]:
    is_list = place_of(heading, dated=are_dates(text))[0]
    return values_of(text) if is_list else [text]


def _home(heading: str, value: str) -> tuple[str, Json]:
    """The list for a new value, and its entry."""
    key, label = place_of(heading, dated=are_dates(value))
    name = ""
    entry: Json = {}
    if key == "relations":
        kind = next((theirs for theirs, ours in _RELATIONS.items() if ours.lower() == label), label)
        name, entry = "relations", {"person": value, "type": kind}
    elif key == "events" and _is_day(value):
        name, entry = "events", {"date": to_date(value), "type": label}
    elif key == "ims":
        protocol = next((theirs for theirs, ours in _PROTOCOLS.items() if ours == heading), label)
        name, entry = "imClients", {"username": value, "protocol": protocol}
    entry = {part: content for part, content in entry.items() if content}
    if name and meant(name, entry) == (heading, value):
        return name, entry
    return "userDefined", {"key": heading, "value": value}
