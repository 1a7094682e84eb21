"""The kinds of lists of values with labels: e-mail addresses, phone numbers, links and postal addresses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any, ClassVar, Final

from coterie.core.errors import InvalidValue
from coterie.core.fields.json_values import mappings_of, text_of, truth_of
from coterie.core.fields.kinds import Kind, split_values, to_json
from coterie.core.fields.values import with_value
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.text import clean_address, clean_line, clean_lines, clean_number, email_key, is_email

Cleaner = Callable[[str], str]
_NO_TEXT: Final = frozenset({"label", "primary"})
"""What says nothing without the value itself."""


class Values(Kind):
    """A list of values of one class, whose first attribute is the text.

    Attributes:
        made: the class.
        cleaners: how each of its texts is cleaned.
    """

    many = True
    made: ClassVar[type[Any]]
    cleaners: ClassVar[Mapping[str, Cleaner]]
    names: ClassVar[tuple[str, ...]]
    parts: ClassVar[attrgetter[tuple[Any, ...]]]

    def __init_subclass__(cls) -> None:
        cls.names = tuple(field.name for field in fields(cls.made))
        cls.parts = attrgetter(*cls.names)

    def read(self, contact: Contact, key: str) -> str:
        """The texts, without their labels."""
        return "; ".join(getattr(value, self.names[0]) for value in getattr(contact, key))

    def write(self, contact: Contact, key: str, text: str) -> Contact:
        """These texts; one that was there keeps its label."""
        labels = {getattr(value, self.names[0]): value.label for value in getattr(contact, key)}
        texts = map(self.cleaners[self.names[0]], split_values(text))
        return with_value(contact, key, tuple(self.made(value, labels.get(value, "")) for value in texts))

    def clean(self, value: Iterable[Any]) -> tuple[Any, ...]:
        """The values, cleaned, that say something."""
        return tuple(filter(self._says_something, map(self._cleaned, value)))

    def _cleaned(self, value: Any) -> Any:
        return self.made(
            *[
                self.cleaners[name](part) if name in self.cleaners else part
                for name, part in zip(self.names, self.parts(value), strict=True)
            ]
        )

    def _says_something(self, value: Any) -> bool:
        return any(
            part for name, part in zip(self.names, self.parts(value), strict=True) if part and name not in _NO_TEXT
        )

    def encode(self, value: Iterable[Any]) -> str:
        """A JSON array of arrays."""
        return to_json([self.parts(item) for item in value]) if value else ""

    def decode(self, text: str) -> tuple[Any, ...]:
        """The values of an array of arrays."""
        return tuple([self.made(*parts) for parts in json.loads(text)]) if text else ()

    def to_json(self, value: Iterable[Any]) -> list[dict[str, object]]:
        """A JSON array of objects."""
        return [dict(zip(self.names, self.parts(item), strict=True)) for item in value] if value else []

    def from_json(self, key: str, value: object) -> tuple[Any, ...]:
        """The values of an array of objects; parts that are left out are empty."""
        return tuple(
            self.made(
                **{
                    name: self.cleaners[name](text_of(name, entry.get(name)))
                    if name in self.cleaners
                    else truth_of(name, entry.get(name))
                    for name in self.names
                }
            )
            for entry in mappings_of(key, value)
        )


class Emails(Values):
    """E-mail addresses, of which one may be preferred."""

    made = Email
    cleaners: ClassVar = {"address": clean_address, "label": clean_line}

    def write(self, contact: Contact, key: str, text: str) -> Contact:
        """These addresses, each once; one that was there keeps its label. Raises InvalidValue."""
        before = {email_key(email.address): email for email in contact.emails}
        emails: dict[str, Email] = {}
        for address in (clean_address(part) for value in split_values(text) for part in value.split(",")):
            if not address:
                continue
            if not is_email(address):
                raise InvalidValue(key, f"“{address}” is not an e-mail address.", "Write it like name@example.org.")
            old = before.get(email_key(address))
            emails.setdefault(email_key(address), replace(old, address=address) if old else Email(address))
        return with_value(contact, key, tuple(emails.values()))

    def clean(self, value: Iterable[Email]) -> tuple[Email, ...]:
        """Each address once, and at most one of them preferred."""
        kept: dict[str, Email] = {}
        preferred = False
        for email in value:
            address = clean_address(email.address)
            key = email_key(address)
            if not address or (key in kept and not (email.primary and not preferred)):
                continue
            label = clean_line(email.label) or (kept[key].label if key in kept else "")
            kept[key] = Email(address, label, email.primary and not preferred)
            preferred = preferred or email.primary
        return tuple(kept.values())

    def decode(self, text: str) -> tuple[Email, ...]:
        """The addresses of an array of arrays."""
        values = json.loads(text) if text else ()
        return tuple([Email(address, label, bool(primary)) for address, label, primary in values])


class Phones(Values):
    """Phone numbers."""

    made = Phone
    cleaners: ClassVar = {"number": clean_number, "label": clean_line}


class Urls(Values):
    """Web addresses."""

    made = Url
    cleaners: ClassVar = {"url": clean_line, "label": clean_line}


class Addresses(Values):
    """Postal addresses."""

    is_typed = False
    made = Address
    cleaners: ClassVar = {field.name: clean_lines for field in fields(Address)}

    def read(self, contact: Contact, key: str) -> str:
        """Each address in one line."""
        return "; ".join(map(_one_line, getattr(contact, key)))

    def encode(self, value: Iterable[Address]) -> str:
        """A JSON array of objects with the parts that are not empty."""
        lean = [
            {name: part for name, part in zip(self.names, self.parts(address), strict=True) if part}
            for address in value
        ]
        return to_json(lean) if lean else ""

    def decode(self, text: str) -> tuple[Address, ...]:
        """The addresses of an array of objects."""
        return tuple([Address(**parts) for parts in json.loads(text)]) if text else ()


def _one_line(address: Address) -> str:
    town = f"{address.postal_code} {address.city}".strip()
    parts = (address.po_box, address.extended, address.street, town, address.region, address.country)
    return ", ".join(part.replace("\n", ", ") for part in parts if part)
