"""From a contact of Microsoft Graph to a Contact. What has no field of ours stays in the raw record.

Source: the contact resource, https://learn.microsoft.com/graph/api/resources/contact (v1.0). It has no favorite.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from coterie.core.errors import BadReply
from coterie.core.fields.codec import cleaned
from coterie.core.fields.name_parts import name_from_parts
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.provider import RemoteContact, Tombstone, Unreadable
from coterie.core.text import clean_line, clean_lines, email_key, group_key, phone_identity
from coterie.providers.microsoft.errors import WHO

Json = dict[str, Any]
DeltaEntry = RemoteContact | Unreadable | Tombstone
"""What one entry of an answer says."""

PROPERTIES: Final = (
    "id", "assistantName", "birthday", "businessAddress", "businessHomePage", "businessPhones", "categories",
    "changeKey", "children", "companyName", "createdDateTime", "department", "displayName", "emailAddresses", "fileAs",
    "generation", "givenName", "homeAddress", "homePhones", "imAddresses", "initials", "jobTitle",
    "lastModifiedDateTime", "manager", "middleName", "mobilePhone", "nickName", "officeLocation", "otherAddress",
    "parentFolderId", "personalNotes", "profession", "spouseName", "surname", "title", "yomiCompanyName",
    "yomiGivenName", "yomiSurname",
)  # fmt: skip
"""Everything that a contact can hold there, so that the raw record is complete."""

TEXTS: Final = {
    "name": "displayName",
    "prefix": "title",
    "given_name": "givenName",
    "additional_names": "middleName",
    "family_name": "surname",
    "suffix": "generation",
    "nickname": "nickName",
    "company": "companyName",
    "department": "department",
    "job_title": "jobTitle",
    "notes": "personalNotes",
}
"""Each attribute of Contact that is a text -> the property that holds it, for reading and for writing."""
LINES: Final = {
    "spouseName": "Spouse",
    "manager": "Manager",
    "assistantName": "Assistant",
    "yomiGivenName": "Phonetic first name",
    "yomiSurname": "Phonetic last name",
    "yomiCompanyName": "Phonetic company",
}
"""Each property of one line that is no attribute of Contact -> the heading under which it is kept."""
LISTS: Final = {"children": "Child", "imAddresses": "IM"}
"""The same for those with several values."""
PHONES: Final = {"businessPhones": "work", "mobilePhone": "mobile", "homePhones": "home"}
"""Each property that holds phone numbers -> our label for them, in the order in which they are shown."""
ADDRESSES: Final = {"homeAddress": "home", "businessAddress": "work", "otherAddress": "other"}
ADDRESS_PARTS: Final = {
    "street": "street",
    "city": "city",
    "region": "state",
    "postal_code": "postalCode",
    "country": "countryOrRegion",
}
NO_YEAR: Final = "1604"
"""The year that Exchange gives to a birthday without one."""
_NO_DATE: Final = frozenset({"0001", "1601", "4501"})
_DATE: Final = re.compile(r"(\d{4})-(\d{2}-\d{2})(?:T.*)?", re.DOTALL)


def is_partial(card: Json) -> bool:
    """Whether a changed contact comes with some of its properties only: those that are empty come as null."""
    return not all(name in card for name in PROPERTIES)


def _text(card: Mapping[str, Any], key: str) -> str:
    """A property that is a text, as it is; empty if it is absent or null. Raises TypeError if it is no string."""
    value = card.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"{key} is not text")
    return value


def _line(card: Mapping[str, Any], key: str) -> str:
    """A property of one line. Raises as `_text`."""
    return clean_line(_text(card, key))


def _list(card: Mapping[str, Any], key: str) -> list[Any]:
    """A property with many values. Raises TypeError if it has the wrong form."""
    value = card.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise TypeError(f"{key} is not a list")
    return value


def _lines_of(card: Mapping[str, Any], key: str) -> list[str]:
    """The texts of a property with many, without empty ones."""
    return [text for value in _list(card, key) if (text := _line({key: value}, key))]


def emails_of(card: Json) -> tuple[Email, ...]:
    """The addresses, each once. The source knows neither labels nor which one is preferred."""
    emails: dict[str, Email] = {}
    for entry in _list(card, "emailAddresses"):
        address = _line(entry or {}, "address")
        if address:
            emails.setdefault(email_key(address), Email(address))
    return tuple(emails.values())


def numbers_of(card: Json, key: str) -> list[str]:
    """The numbers in one property of PHONES."""
    if key == "mobilePhone":
        return [text] if (text := _line(card, key)) else []
    return _lines_of(card, key)


def phones_of(card: Json) -> tuple[Phone, ...]:
    """The numbers, each once."""
    phones: dict[str, Phone] = {}
    for key, label in PHONES.items():
        for number in numbers_of(card, key):
            phones.setdefault(phone_identity(number), Phone(number, label))
    return tuple(phones.values())


def address_of(card: Json, key: str) -> Address | None:
    """The address in one property of ADDRESSES, or None if it holds nothing."""
    parts = card.get(key) or {}
    values = {ours: clean_lines(parts.get(theirs) or "") for ours, theirs in ADDRESS_PARTS.items()}
    return Address(**values, label=ADDRESSES[key]) if any(values.values()) else None


def birthday_of(card: Json) -> str:
    """A birthday as `Contact.birthday` has it. The time of day says nothing and is left out ([MS-ASCNTC] 2.2.2.4)."""
    text = _line(card, "birthday")
    match = _DATE.fullmatch(text)
    if match is None:
        return text
    year, day = match.groups()
    if year in _NO_DATE:
        return ""
    return f"--{day}" if year == NO_YEAR else f"{year}-{day}"


def groups_of(card: Json) -> tuple[str, ...]:
    """The categories, each once, in the order of their names."""
    names: dict[str, str] = {}
    for name in _lines_of(card, "categories"):
        names.setdefault(group_key(name), name)
    return tuple(sorted(names.values(), key=str.casefold))


def custom_of(card: Json) -> dict[str, str]:
    """What is kept under headings: other people, messengers and phonetic names."""
    custom = {heading: _line(card, key) for key, heading in LINES.items() if card.get(key)}
    custom |= {
        heading: "\n".join(dict.fromkeys(_lines_of(card, key))) for key, heading in LISTS.items() if card.get(key)
    }
    return {heading: text for heading, text in custom.items() if text}


def contact_of(card: Json) -> Contact:
    """A contact of Graph as ours. Raises TypeError or AttributeError if it is not what the API documents."""
    texts: Json = {ours: cleaned(ours, _text(card, theirs)) for ours, theirs in TEXTS.items()}
    texts["name"] = texts["name"] or name_from_parts(Contact(**texts))
    url = _line(card, "businessHomePage")
    return Contact(
        **texts,
        emails=emails_of(card),
        phones=phones_of(card),
        groups=groups_of(card),
        birthday=birthday_of(card),
        addresses=tuple(address for key in ADDRESSES if (address := address_of(card, key)) is not None),
        urls=(Url(url),) if url else (),
        custom=custom_of(card),
    )


def etag_of(card: Mapping[str, Any]) -> str:
    """The etag that names the state of a contact."""
    change_key = card.get("changeKey")
    return str(card.get("@odata.etag") or (f'W/"{change_key}"' if change_key else ""))


def remote_contact(card: Json) -> RemoteContact:
    """A contact of Graph as the port wants it. Raises as `contact_of`, and KeyError if it has no id."""
    place = str(card.get("parentFolderId") or "")
    return RemoteContact(str(card["id"]), contact_of(card), etag_of(card), to_raw(card), place=place)


def to_raw(card: object) -> str:
    """The source's own record as text that every database takes."""
    text = json.dumps(card, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character, as truncating programs leave them
        return json.dumps(card, separators=(",", ":"))
    return text


def raw_card(remote: RemoteContact) -> Json:
    """The contact of Graph in a raw record; empty if there is none."""
    try:
        card = json.loads(remote.raw)
    except ValueError:
        return {}
    return card if isinstance(card, dict) else {}


def read_cards(cards: Iterable[Any]) -> list[DeltaEntry]:
    """What each entry of an answer says, in its order."""
    return [_read_card(card) for card in cards]


def _read_card(card: Any) -> DeltaEntry:
    try:
        if "@removed" in card:
            return Tombstone(str(card["id"]))
        return remote_contact(card)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        remote_id = str(card.get("id") or "") if isinstance(card, dict) else ""
        reason = f"Microsoft's answer is not what its documentation says ({type(error).__name__}: {error})."
        return Unreadable(remote_id, reason, to_raw(card))


def one_contact(card: Json) -> RemoteContact:
    """A single contact. Raises BadReply if it cannot be read."""
    try:
        return remote_contact(card)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise BadReply(
            f"The answer from {WHO} is not what its documentation says.", "Try again in a moment."
        ) from error
