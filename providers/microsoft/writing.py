"""From a Contact to what Microsoft Graph is told: only the properties that changed, and the display name.

Graph keeps fewer values than we do: one web page, one mobile number, three addresses of fixed kinds, whole dates.
What does not fit stays ours. Source: https://learn.microsoft.com/graph/api/contact-update (v1.0).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

from coterie.core.model import Address, Contact
from coterie.core.provider import RemoteContact
from coterie.core.text import clean_line, email_key, group_key, phone_identity
from coterie.providers.microsoft.mapping import (
    ADDRESS_PARTS,
    ADDRESSES,
    LINES,
    LISTS,
    NO_YEAR,
    PHONES,
    TEXTS,
    Json,
    address_of,
    contact_of,
    numbers_of,
    raw_card,
)

_DATE: Final = re.compile(r"(\d{4}|-)-(\d{2}-\d{2})")
UNSHOWN: Final = (
    "assistantName", "children", "fileAs", "imAddresses", "initials", "manager", "officeLocation", "profession",
    "spouseName", "yomiCompanyName", "yomiGivenName", "yomiSurname",
)  # fmt: skip
"""What a contact can hold, and stays there unless an attribute of Contact that shows it is changed."""
_NOON: Final = "T11:59:00Z"
"""The time of day that Exchange gives to birthdays, so that no time zone moves them to another day."""
_HOME_WORDS: Final = ("home", "private")
_MOBILE_WORDS: Final = ("mobile", "cell", "iphone")


def update_body(remote: RemoteContact, contact: Contact, fields: Collection[str]) -> Json:
    """What to send for a change of `fields`; empty if the source would afterwards say the same as before.

    Without that, what has no place there (the label of an address, a second web page) would be sent at every sync.
    The display name is always in it: the server may otherwise make a new one of the other parts of the name.
    """
    card = raw_card(remote)
    before = contact_of(card) if card else None
    body: Json = {}
    for key in FIELDS:
        if key in fields:
            part = FIELDS[key](card, contact)
            if key == "custom":
                part = _custom(card, remote.contact.custom, contact.custom)
            if part and contact_of({**card, **part}) != before:
                body |= part
    name = contact.name if "name" in fields else remote.contact.name
    return {**body, "displayName": name} if body else {}


def create_body(contact: Contact, raw: str = "") -> Json:
    """The contact to create; with what else the record held, if it was there before."""
    card = raw_card(RemoteContact("", contact, raw=raw)) if raw else {}
    body: Json = {key: card[key] for key in UNSHOWN if card.get(key)}
    for write in FIELDS.values():
        body |= {key: value for key, value in write(card, contact).items() if _says_something(value)}
    return body


def merge_body(
    remote: RemoteContact, others: Iterable[RemoteContact], contact: Contact, fields: Collection[str]
) -> Json:
    """As `update_body`, with what the records of `others` hold besides, as far as there is room for it."""
    body, card = update_body(remote, contact, fields), raw_card(remote)
    for other in map(raw_card, others):
        for key in UNSHOWN:
            present, new = body.get(key) or card.get(key), other.get(key)
            if isinstance(present, list) and isinstance(new, list):
                if further := [value for value in new if value not in present]:
                    body[key] = [*present, *further]
            elif new and not present:
                body[key] = new
    return {"displayName": contact.name or remote.contact.name, **body} if body else {}


def _says_something(value: Any) -> bool:
    return any(value.values()) if isinstance(value, dict) else bool(value)


def _text(ours: str) -> Callable[[Json, Contact], Json]:
    theirs = TEXTS[ours]
    return lambda _card, contact: {theirs: getattr(contact, ours) or None}


def _emails(card: Json, contact: Contact) -> Json:
    """Addresses that stay keep the name that Outlook shows with them."""
    present = {
        email_key(clean_line(entry.get("address") or "")): entry for entry in card.get("emailAddresses") or () if entry
    }
    entries = []
    for email in contact.emails:
        name = present.get(email_key(email.address), {}).get("name") or contact.name or email.address
        entries.append({"name": name, "address": email.address})
    return {"emailAddresses": entries}


def _phones(card: Json, contact: Contact) -> Json:
    """A number goes where its label says; without a label it stays where it is, or becomes one of work."""
    places = {phone_identity(number): key for key in PHONES for number in numbers_of(card, key)}
    placed: dict[str, list[str]] = {key: [] for key in PHONES}
    for phone in contact.phones:
        place = _place(phone.label) or places.get(phone_identity(phone.number), "businessPhones")
        if place == "mobilePhone" and placed[place]:  # there is room for one only
            place = "businessPhones"
        placed[place].append(phone.number)
    mobile = placed.pop("mobilePhone")
    return {**placed, "mobilePhone": mobile[0] if mobile else None}


def _place(label: str) -> str:
    folded = label.casefold()
    if any(word in folded for word in _MOBILE_WORDS):
        return "mobilePhone"
    if any(word in folded for word in _HOME_WORDS):
        return "homePhones"
    return "businessPhones" if "work" in folded or "business" in folded else ""


def _groups(card: Json, contact: Contact) -> Json:
    """Categories that stay keep their spelling there."""
    spelled = {group_key(name): name for name in reversed(card.get("categories") or ()) if isinstance(name, str)}
    return {"categories": [spelled.get(group_key(name), name) for name in contact.groups]}


def _birthday(_card: Json, contact: Contact) -> Json:
    if not contact.birthday:
        return {"birthday": None}
    match = _DATE.fullmatch(contact.birthday)
    if match is None:
        return {}
    year, day = match.groups()
    return {"birthday": f"{NO_YEAR if year == '-' else year}-{day}{_NOON}"}


def _addresses(card: Json, contact: Contact) -> Json:
    """Each address in the place of its kind; the others if there is room."""
    placed: dict[str, Json | None] = dict.fromkeys(ADDRESSES)
    homeless = []
    kinds = {label: key for key, label in ADDRESSES.items()} | {"business": "businessAddress"}
    for address in contact.addresses:
        key = kinds.get(address.label.casefold(), "")
        if key and placed[key] is None:
            placed[key] = _address(card, key, address)
        else:
            homeless.append(address)
    for address, key in zip(homeless, _free(placed), strict=False):
        placed[key] = _address(card, key, address)
    nothing: Json = dict.fromkeys(ADDRESS_PARTS.values())
    return {key: value or nothing for key, value in placed.items()}


def _free(placed: dict[str, Json | None]) -> list[str]:
    """The places that are left, that of other addresses first."""
    return [key for key in reversed(ADDRESSES) if placed[key] is None]


def _address(card: Json, key: str, address: Address) -> Json:
    if address_of(card, key) == address:
        present: Json = card[key]
        return present
    street = [address.street, address.extended, f"PO Box {address.po_box}" if address.po_box else ""]
    parts: Json = {theirs: getattr(address, ours) or None for ours, theirs in ADDRESS_PARTS.items()}
    return {**parts, "street": "\n".join(line for line in street if line) or None}


def _urls(card: Json, contact: Contact) -> Json:
    """The page that is there, if it is still among ours; else our first one."""
    urls = [url.url for url in contact.urls]
    page: Any = card.get("businessHomePage")
    return {"businessHomePage": page if page in urls else (urls[0] if urls else None)}


def _custom(card: Json, before: Mapping[str, str], after: Mapping[str, str]) -> Json:
    """What changed under headings; if there is room for one of several, the one that is there, or the first."""
    body: Json = {}
    for key, heading in (*LINES.items(), *LISTS.items()):
        if before.get(heading) != after.get(heading):
            values = after[heading].split("\n") if after.get(heading) else []
            present = clean_line(card.get(key) or "") if key in LINES else ""
            first = present if present and present in values else next(iter(values), None)
            body[key] = values if key in LISTS else first
    return body


FIELDS: Final[dict[str, Callable[[Json, Contact], Json]]] = {
    **{ours: _text(ours) for ours in TEXTS},
    "emails": _emails,
    "phones": _phones,
    "groups": _groups,
    "birthday": _birthday,
    "addresses": _addresses,
    "urls": _urls,
    "custom": lambda card, contact: _custom(card, {}, contact.custom),
}
"""Each attribute of Contact that Microsoft keeps -> what to send for it."""
KEPT: Final = frozenset(FIELDS) - {"custom"} | {f"custom/{name}" for name in (*LINES.values(), *LISTS.values())}
"""What Microsoft keeps, as `Capabilities.fields` says it."""
