"""From a Contact to what Google is told: only the fields that changed, and within them everything else as it was.

`updatePersonFields` replaces whole fields, so each one is built on the raw record: entries that stay keep what only
Google knows of them (an e-mail's display name, an organization's dates, what a linked profile says).
Source: https://developers.google.com/people/api/rest/v1/people/updateContact.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from coterie.core.fields.name_parts import name_from_parts
from coterie.core.model import Contact
from coterie.core.provider import RemoteContact
from coterie.core.text import clean_line, email_key, phone_identity
from coterie.providers.google.further import (
    LISTS,
    PHONETIC_COMPANY,
    PHONETIC_NAMES,
    is_contact,
    meant,
    placed,
    sendable,
    to_date,
)
from coterie.providers.google.mapping import (
    ADDRESS_PARTS,
    MY_CONTACTS,
    NAME_PARTS,
    ORGANIZATION,
    STARRED,
    VALUES,
    Json,
    Labels,
    address_of,
    contact_source,
    custom_fields,
    etag_of,
    memberships,
    shown,
    shown_organization,
)

FIELDS: Final[dict[str, str]] = {
    "name": "names",
    **dict.fromkeys(NAME_PARTS, "names"),
    **VALUES,
    "emails": "emailAddresses",
    "phones": "phoneNumbers",
    **dict.fromkeys(ORGANIZATION, "organizations"),
    "groups": "memberships",
    "favorite": "memberships",
    "birthday": "birthdays",
    "addresses": "addresses",
    "urls": "urls",
    "custom": "userDefined",
}
"""Each attribute of Contact that Google keeps -> the field of Person that holds it."""

_UNSHOWN: Final = (
    "calendarUrls", "clientData", "events", "externalIds", "genders", "imClients", "interests", "locales", "locations",
    "miscKeywords", "occupations", "relations", "sipAddresses",
)  # fmt: skip
"""What a contact can hold, can be written, and stays there unless an attribute of Contact that shows it is changed."""
_ONE: Final = frozenset({"genders", "locales"})
"""Those of which a contact has one."""
_Builder = Callable[[Json, Contact, frozenset[str], Labels], list[Json]]
"""Gives a field of Person as it is to be: of a Person, a Contact, the attributes that change, and the labels."""


def raw_person(remote: RemoteContact) -> Json:
    """The Person in a raw record; empty if there is none."""
    try:
        person = json.loads(remote.raw)
    except ValueError:
        return {}
    return person if isinstance(person, dict) else {}


def update_body(remote: RemoteContact, contact: Contact, fields: Collection[str], labels: Labels) -> tuple[Json, str]:
    """The Person to send and its `updatePersonFields`, for an update of `fields` guarded by the etag of `remote`."""
    person = raw_person(remote)
    body, mask = changed_fields(person, contact, fields, labels, remote.contact)
    source = contact_source(person)
    body["etag"] = remote.etag
    body["metadata"] = {"sources": [{**source, "type": "CONTACT", "etag": source.get("etag") or remote.etag}]}
    return body, ",".join(mask)


def has_photo(remote: RemoteContact) -> bool:
    """Whether the contact itself has a picture, and not only a profile that is linked with it, or a drawn letter."""
    photos = raw_person(remote).get("photos") or ()
    return any(not photo.get("default") and is_contact(photo) for photo in photos if isinstance(photo, dict))


def same_state(person: Json, remote: RemoteContact) -> bool:
    """Whether a person is as we know it: by the etag of the contact itself if both tell it, else by the person's."""
    ours, theirs = contact_source(raw_person(remote)).get("etag"), contact_source(person).get("etag")
    if ours and theirs:
        return bool(ours == theirs)
    return not remote.etag or etag_of(person) == remote.etag


def create_body(contact: Contact, labels: Labels, raw: str = "") -> Json:
    """The Person to create; with what else the record held, if it was there before."""
    person = _own(raw_person(RemoteContact("", contact, raw=raw))) if raw else {}
    body, _ = changed_fields(person, contact, FIELDS.keys(), labels, Contact())
    return {key: value for key, value in ({key: person.get(key) for key in _UNSHOWN} | body).items() if value}


def merge_body(
    remote: RemoteContact, others: Iterable[RemoteContact], contact: Contact, fields: Collection[str], labels: Labels
) -> tuple[Json, str]:
    """As `update_body`, with what the records of `others` hold besides, and no field of ours shows."""
    body, mask = update_body(remote, contact, fields, labels)
    person, names = raw_person(remote), [name for name in mask.split(",") if name]
    for other in map(_own, map(raw_person, others)):
        for name in (*_UNSHOWN, "organizations"):
            entries = body.get(name) or [sendable(entry) for entry in person.get(name) or ()]
            new = [entry for entry in other.get(name) or () if not _is_among(entry, entries, name)]
            if new and not (entries and name in _ONE):
                body[name] = [*entries, *new]
                names.append(name)
    return body, ",".join(sorted(set(names)))


def _own(person: Json) -> Json:
    """What the user's own contact says, as it can be sent for another one: without what linked profiles say."""
    return {
        name: [sendable(entry) for entry in entries if is_contact(entry)]
        for name, entries in person.items()
        if isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)
    }


def _is_among(entry: Json, entries: Sequence[Json], name: str) -> bool:
    """Whether an entry of a field says nothing that another one does not."""
    if name in LISTS and meant(name, entry) in [meant(name, other) for other in entries]:
        return True
    return any(all(other.get(key) == value for key, value in entry.items() if key != "metadata") for other in entries)


def changed_fields(
    person: Json, contact: Contact, fields: Collection[str], labels: Labels, said: Contact | None = None
) -> tuple[Json, list[str]]:
    """The fields of Person that hold `fields`, as they are to be, and their names.

    Args:
        person: as Google has it now.
        contact: as it is wanted; only `fields` of it are looked at.
        fields: attributes of Contact; those that Google does not keep are ignored.
        labels: the account's labels, with all that `contact` is in.
        said: `person` as a contact: custom fields that are the same there and in `contact` stay as they are.
    """
    lists, phonetic = _custom(person, contact, said) if "custom" in fields else ({}, {})
    mask = {FIELDS[key] for key in fields if key in FIELDS and key != "custom"}
    mask |= {"organizations" if heading == PHONETIC_COMPANY else "names" for heading in phonetic}
    contact, wanted = replace(contact, custom=phonetic), frozenset((*fields, *phonetic))
    body = {name: _BUILD[name](person, contact, wanted, labels) for name in mask} | lists
    return body, sorted(body)


def _custom(person: Json, contact: Contact, said: Contact | None) -> tuple[Json, dict[str, str]]:
    """What custom fields change: lists of their own, and phonetic texts of the name and the organization."""
    present, wanted = custom_fields(person), dict(contact.custom)
    if said is not None:
        before = said.custom
        same = {key for key in (*before, *wanted) if before.get(key) == wanted.get(key)}
        wanted = {key: text for key, text in wanted.items() if key not in same} | {
            key: text for key, text in present.items() if key in same or key not in before.keys() | wanted.keys()
        }
    return placed(person, present, wanted)


def _labelled(entry: Json, value: str, label: str) -> Json:
    entry = {**sendable(entry), "value": value}
    if clean_line(str(entry.get("type") or "")) != label:
        entry.pop("type", None)
        if label:
            entry["type"] = label
    return entry


def _names(person: Json, contact: Contact, fields: frozenset[str], _labels: Labels) -> list[Json]:
    current = shown(person.get("names"))
    name = {key: value for key, value in sendable(current).items() if key not in {"displayName", "unstructuredName"}}
    name.pop("metadata", None)
    if fields.isdisjoint(("name", *NAME_PARTS)) and not any(map(name.get, NAME_PARTS.values())):
        name["unstructuredName"] = current.get("displayName") or current.get("unstructuredName") or ""
    name |= {theirs: contact.custom[heading] for heading, theirs in PHONETIC_NAMES.items() if heading in fields}
    for key, theirs in NAME_PARTS.items():
        if key in fields:
            name[theirs] = getattr(contact, key)
    parts: Json = {key: str(name.get(theirs) or "") for key, theirs in NAME_PARTS.items()}
    joined = name_from_parts(Contact(**parts))
    if "name" in fields and contact.name:
        if joined and joined != contact.name and not fields & NAME_PARTS.keys():
            for theirs in NAME_PARTS.values():  # they say something else, and Google would show them
                name.pop(theirs, None)
        name["unstructuredName"] = contact.name
    name = {key: value for key, value in name.items() if value}
    return [name] if name else []


def _value(key: str) -> _Builder:
    """What builds the field of Person that holds an attribute of VALUES: the text of the entry that counts changes."""

    def build(person: Json, contact: Contact, _fields: frozenset[str], _labels: Labels) -> list[Json]:
        entries = person.get(VALUES[key]) or []
        return _replaced(entries, shown(entries, own=True), {"value": getattr(contact, key)})

    return build


def _replaced(entries: Sequence[Json], old: Json, new: Json) -> list[Json]:
    """`entries` with the values of `new` in the entry `old`; without it if all of them are empty."""
    gone = not any(new.values())
    if not old:
        return [sendable(entry) for entry in entries] + ([] if gone else [_full(new)])
    kept = (entry for entry in entries if not (gone and entry is old))
    return [_full({**sendable(entry), **new}) if entry is old else sendable(entry) for entry in kept]


def _full(entry: Json) -> Json:
    """An entry without the texts that are empty."""
    return {key: value for key, value in entry.items() if value != ""}


def _organizations(person: Json, contact: Contact, fields: frozenset[str], _labels: Labels) -> list[Json]:
    current = shown_organization(person)
    new = {theirs: str(current.get(theirs) or "") for theirs in (*ORGANIZATION.values(), "phoneticName")}
    new |= {theirs: getattr(contact, key) for key, theirs in ORGANIZATION.items() if key in fields}
    if PHONETIC_COMPANY in fields:
        new["phoneticName"] = contact.custom[PHONETIC_COMPANY]
    return _replaced(person.get("organizations") or [], current, new)


def _emails(person: Json, contact: Contact, _fields: frozenset[str], _labels: Labels) -> list[Json]:
    present = _by(person.get("emailAddresses"), lambda entry: email_key(str(entry.get("value") or "")))
    sent = []
    for email in contact.emails:
        entry = _labelled(present.get(email_key(email.address), {}), email.address, email.label)
        if email.primary and is_contact(entry):
            entry["metadata"] = {"sourcePrimary": True}
        sent.append(entry)
    return sent


def _phones(person: Json, contact: Contact, _fields: frozenset[str], _labels: Labels) -> list[Json]:
    present = _by(person.get("phoneNumbers"), lambda entry: phone_identity(clean_line(str(entry.get("value") or ""))))
    return [
        _labelled(present.get(phone_identity(phone.number), {}), phone.number, phone.label) for phone in contact.phones
    ]


def _urls(person: Json, contact: Contact, _fields: frozenset[str], _labels: Labels) -> list[Json]:
    present = _by(person.get("urls"), lambda entry: clean_line(str(entry.get("value") or "")))
    return [_labelled(present.get(url.url, {}), url.url, url.label) for url in contact.urls]


def _addresses(person: Json, contact: Contact, _fields: frozenset[str], _labels: Labels) -> list[Json]:
    present = _by(person.get("addresses"), address_of)
    return [
        sendable(present[address])
        if address in present
        else {theirs: value for key, theirs in ADDRESS_PARTS.items() if (value := getattr(address, key))}
        for address in contact.addresses
    ]


def _by(entries: Iterable[Json] | None, key: Callable[[Json], Any]) -> dict[Any, Json]:
    """The entries of a field by a key, the user's own before those of a linked profile."""
    entry_of: dict[Any, Json] = {}
    for entry in sorted(entries or (), key=lambda entry: not is_contact(entry)):
        entry_of.setdefault(key(entry), entry)
    return entry_of


def _biographies(_person: Json, contact: Contact, _fields: frozenset[str], _labels: Labels) -> list[Json]:
    """The one text that Google takes here, in place of what is there."""
    return [{"value": contact.notes, "contentType": "TEXT_PLAIN"}] if contact.notes else []


def _birthdays(_person: Json, contact: Contact, _fields: frozenset[str], _labels: Labels) -> list[Json]:
    if not contact.birthday:
        return []
    date = to_date(contact.birthday)
    return [{"date": date} if date else {"text": contact.birthday}]


def _memberships(person: Json, contact: Contact, fields: frozenset[str], labels: Labels) -> list[Json]:
    """What the contact is in: what we do not show stays, and it is always in at least one group, as Google demands."""
    current = [group for group in memberships(person) if group not in labels.deleted]
    wanted = [group for group in current if group not in labels.names and group != STARRED] if person else [MY_CONTACTS]
    if "groups" in fields:
        wanted += [resource for name in contact.groups if (resource := labels.resource(name))]
    else:
        wanted += [group for group in current if group in labels.names]
    if contact.favorite if "favorite" in fields else STARRED in current:
        wanted.append(STARRED)
    return [{"contactGroupMembership": {"contactGroupResourceName": group}} for group in wanted or [MY_CONTACTS]]


_BUILD: Final[dict[str, _Builder]] = {
    "names": _names,
    **{field: _value(key) for key, field in VALUES.items()},
    "emailAddresses": _emails,
    "phoneNumbers": _phones,
    "organizations": _organizations,
    "memberships": _memberships,
    "biographies": _biographies,
    "birthdays": _birthdays,
    "addresses": _addresses,
    "urls": _urls,
}
