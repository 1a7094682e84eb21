"""From a Person of the People API to a Contact. What has no field of ours stays in the raw record.

Source: the Person resource, https://developers.google.com/people/api/rest/v1/people.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from coterie.core.errors import BadReply
from coterie.core.fields.codec import cleaned
from coterie.core.fields.name_parts import name_from_parts
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.provider import RemoteContact, Tombstone, Unreadable
from coterie.core.text import clean_line, clean_lines, email_key, group_key, phone_identity
from coterie.providers.google.errors import WHO
from coterie.providers.google.further import custom_of, date_of, is_contact

Json = dict[str, Any]
T = TypeVar("T")

PERSON_FIELDS: Final = (
    "addresses,biographies,birthdays,calendarUrls,clientData,emailAddresses,events,externalIds,genders,imClients,"
    "interests,locales,locations,memberships,metadata,miscKeywords,names,nicknames,occupations,organizations,"
    "phoneNumbers,photos,relations,sipAddresses,skills,urls,userDefined"
)
"""Everything that a contact can hold there, so that the raw record is complete. A sync token is good for one mask."""

NAME_PARTS: Final = {
    "prefix": "honorificPrefix",
    "given_name": "givenName",
    "additional_names": "middleName",
    "family_name": "familyName",
    "suffix": "honorificSuffix",
}
ADDRESS_PARTS: Final = {
    "street": "streetAddress",
    "city": "city",
    "region": "region",
    "postal_code": "postalCode",
    "country": "country",
    "po_box": "poBox",
    "extended": "extendedAddress",
    "label": "type",
}
ORGANIZATION: Final = {"company": "name", "department": "department", "job_title": "title"}
VALUES: Final = {"nickname": "nicknames", "notes": "biographies"}
"""Each attribute of Contact that is a text -> the field of Person of which one entry has it as its value.

As NAME_PARTS and ORGANIZATION, for reading and for writing.
"""
MY_CONTACTS: Final = "contactGroups/myContacts"
STARRED: Final = "contactGroups/starred"
_NOT_GROUPS: Final = frozenset({STARRED, MY_CONTACTS, "contactGroups/all", "contactGroups/blocked",
                                "contactGroups/chatBuddies"})  # fmt: skip


@dataclass(slots=True)
class Labels:
    """The labels of the account: Google's contact groups, apart from those that only mean “everybody”.

    Attributes:
        names: resource name -> the name that users see.
        sizes: resource name -> how many members it has.
        deleted: the resource names of those that we have deleted: our records of people may name them still.
    """

    names: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)

    def add(self, group: Json) -> None:
        """Take in a ContactGroup of the API; what is no label is left out."""
        resource = str(group.get("resourceName") or "")
        name = clean_line(str(group.get("name") or ""))
        if group.get("groupType") == "SYSTEM_CONTACT_GROUP":  # friends, family and coworkers of old accounts
            name = clean_line(str(group.get("formattedName") or name.capitalize()))
        if resource and name and resource not in _NOT_GROUPS and not (group.get("metadata") or {}).get("deleted"):
            self.names[resource] = name
            self.sizes[resource] = int(group.get("memberCount") or 0)

    def resource(self, name: str) -> str | None:
        """The resource name of the label called `name`, however it is spelled."""
        key = group_key(name)
        return next((resource for resource, label in self.names.items() if group_key(label) == key), None)


def memberships(person: Json) -> list[str]:
    """The resource names of a person's groups, stars and myContacts included."""
    groups = (membership.get("contactGroupMembership") or {} for membership in person.get("memberships") or ())
    return [str(group["contactGroupResourceName"]) for group in groups if group.get("contactGroupResourceName")]


def shown(entries: Iterable[Json] | None, *, own: bool = False) -> Json:
    """The entry of a field that counts: the primary one, wherever it stands; empty if there is none.

    Args:
        entries: the field, as the API gives it.
        own: prefer what the user wrote to what a linked profile says.
    """
    candidates = list(entries or ())
    if own:
        candidates = [entry for entry in candidates if is_contact(entry)] or candidates
    for flag in ("primary", "sourcePrimary"):
        for entry in candidates:
            if (entry.get("metadata") or {}).get(flag):
                return entry
    return candidates[0] if candidates else {}


def shown_organization(person: Json) -> Json:
    """The organization that counts: the primary, else the present, else the first one."""
    entries = list(person.get("organizations") or ())
    organization = shown(entries)
    if not (organization.get("metadata") or {}).get("primary"):
        return next((entry for entry in entries if entry.get("current")), organization)
    return organization


def _text(entry: Json, key: str) -> str:
    return clean_line(str(entry.get(key) or ""))


def _unique(
    entries: Iterable[Json] | None, make: Callable[[Json], T | None], key: Callable[[T], object]
) -> tuple[T, ...]:
    """The values of a field with many entries; a linked profile repeats some of them."""
    values: dict[object, T] = {}
    for entry in entries or ():
        value = make(entry)
        if value is not None:
            values.setdefault(key(value), value)
    return tuple(values.values())


def email_of(entry: Json) -> Email | None:
    """An entry of `emailAddresses`, or None if it holds nothing."""
    address = _text(entry, "value")
    primary = bool((entry.get("metadata") or {}).get("primary"))
    return Email(address, _text(entry, "type"), primary) if address else None


def phone_of(entry: Json) -> Phone | None:
    """An entry of `phoneNumbers`, or None if it holds nothing."""
    number = _text(entry, "value")
    return Phone(number, _text(entry, "type")) if number else None


def url_of(entry: Json) -> Url | None:
    """An entry of `urls`, or None if it holds nothing."""
    url = _text(entry, "value")
    return Url(url, _text(entry, "type")) if url else None


def address_of(entry: Json) -> Address | None:
    """An entry of `addresses`, or None if it holds nothing; one without parts is a street of several lines."""
    parts = {key: clean_lines(str(entry.get(theirs) or "")) for key, theirs in ADDRESS_PARTS.items()}
    label = parts.pop("label")
    if not any(parts.values()):
        parts["street"] = clean_lines(str(entry.get("formattedValue") or ""))
    return Address(**parts, label=label) if any(parts.values()) else None


def _value(person: Json, field_name: str) -> str:
    """The text in the entry of a field of Person that counts."""
    return str(shown(person.get(field_name), own=True).get("value") or "")


def birthday_of(entry: Json) -> str:
    """A birthday as `Contact.birthday` has it: ISO 8601, `--MM-DD` without a year, else the text the user wrote."""
    return date_of(entry.get("date") or {}) or _text(entry, "text")


def custom_fields(person: Json) -> dict[str, str]:
    """What is kept under headings."""
    return custom_of(person, shown(person.get("names")), shown_organization(person))


def contact_of(person: Json, labels: Labels) -> Contact:
    """A Person as a Contact. Raises TypeError, ValueError or AttributeError if it is not what the API documents."""
    name = shown(person.get("names"))
    organization = shown_organization(person)
    groups = memberships(person)
    parts: Json = {key: _text(name, theirs) for key, theirs in NAME_PARTS.items()}
    work: Json = {key: _text(organization, theirs) for key, theirs in ORGANIZATION.items()}
    values: Json = {key: cleaned(key, _value(person, theirs)) for key, theirs in VALUES.items()}
    displayed = _text(name, "displayName") or _text(name, "unstructuredName") or name_from_parts(Contact(**parts))
    return Contact(
        name=displayed,
        **parts,
        emails=_unique(person.get("emailAddresses"), email_of, lambda email: email_key(email.address)),
        phones=_unique(person.get("phoneNumbers"), phone_of, lambda phone: phone_identity(phone.number)),
        **work,
        **values,
        groups=tuple(sorted({labels.names[group] for group in groups if group in labels.names}, key=str.casefold)),
        favorite=STARRED in groups,
        birthday=birthday_of(shown(person.get("birthdays"), own=True)),
        addresses=_unique(person.get("addresses"), address_of, lambda address: address),
        urls=_unique(person.get("urls"), url_of, lambda url: url.url),
        custom=custom_of(person, name, organization),
    )


def etag_of(person: Mapping[str, Any]) -> str:
    """The etag that names the state of a person."""
    return str(person.get("etag") or contact_source(person).get("etag") or "")


def contact_source(person: Mapping[str, Any]) -> Json:
    """The person's source of the type CONTACT, whose etag guards writes; empty if it is not told."""
    sources = (person.get("metadata") or {}).get("sources") or ()
    return next((source for source in sources if isinstance(source, dict) and source.get("type") == "CONTACT"), {})


def remote_contact(person: Json, labels: Labels) -> RemoteContact:
    """A Person as the port wants it. Raises as `contact_of`, and KeyError if it has no resource name."""
    return RemoteContact(
        remote_id=str(person["resourceName"]),
        contact=contact_of(person, labels),
        etag=etag_of(person),
        raw=to_raw(person),
        previous_ids=_previous(person),
    )


def one_person(person: Json, labels: Labels) -> RemoteContact:
    """A single person. Raises BadReply if it cannot be read."""
    try:
        return remote_contact(person, labels)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise BadReply(
            f"The answer from {WHO} is not what its documentation says.", "Try again in a moment."
        ) from error


def entries(answer: Json, key: str) -> list[Any]:
    """A list in an answer; a quiet answer leaves it out. Raises BadReply if it is none."""
    listed = answer.get(key) or []
    if not isinstance(listed, list):
        raise BadReply(f"The answer from {WHO} is not what its documentation says.", "Try again in a moment.")
    return listed


def to_raw(person: object) -> str:
    """The source's own record as text."""
    return json.dumps(person, ensure_ascii=False, separators=(",", ":"))


def _previous(person: Json) -> tuple[str, ...]:
    return tuple(str(name) for name in (person.get("metadata") or {}).get("previousResourceNames") or ())


@dataclass(slots=True)
class Read:
    """What the people of one answer turned out to be; `strange` are groups that are not among the labels."""

    changed: list[RemoteContact] = field(default_factory=list)
    deleted: list[Tombstone] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    strange: set[str] = field(default_factory=set)


def read_people(people: Iterable[Any], labels: Labels) -> Read:
    """Each person as a contact, as a tombstone, or as unreadable with the reason."""
    read = Read()
    for person in people:
        try:
            if (person.get("metadata") or {}).get("deleted"):
                names = (str(person["resourceName"]), *_previous(person))
                read.deleted += [Tombstone(name) for name in names]
            else:
                read.changed.append(remote_contact(person, labels))
                read.strange.update(memberships(person))
        except (TypeError, ValueError, AttributeError, KeyError) as error:
            name = str(person.get("resourceName") or "") if isinstance(person, dict) else ""
            reason = f"Google's answer is not what its documentation says ({type(error).__name__}: {error})."
            read.unreadable.append(Unreadable(name, reason, to_raw(person)))
    read.strange -= labels.names.keys() | _NOT_GROUPS
    return read
