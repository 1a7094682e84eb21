"""Targets: every field that a transform can read and write, with the parts of addresses and single custom fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from coterie.core.errors import InvalidValue
from coterie.core.fields import FIELDS, NAMED, find_field
from coterie.core.fields.kinds import checked_value
from coterie.core.fields.name_parts import name_from_parts
from coterie.core.fields.spec import FieldSpec
from coterie.core.fields.values import with_value
from coterie.core.labelled import others, with_others
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.text import clean_address, clean_line, clean_lines, clean_number, email_key, fold, group_key, is_email

Change = Callable[[str], str]
PARTS: Final = ("po_box", "extended", "street", "city", "region", "postal_code", "country")
"""The parts of a postal address, each a field of its own here."""
_FIXED: Final = frozenset({"sources", "created_at", "updated_at"})
_ATTRIBUTE: Final = {"emails": "address", "phones": "number", "urls": "url"}
_CLEAN: Final = {"emails": clean_address, "phones": clean_number, "urls": clean_line}
_MAKE: Final[dict[str, Callable[[str], Any]]] = {"emails": Email, "phones": Phone, "urls": Url}
_VERBS: Final = frozenset({"title"})
"""Other names of fields that are verbs here."""
_SINGULAR: Final = frozenset({"email", "phone", "url", "group", "address"})


@dataclass(frozen=True, slots=True)
class Target:
    """A field, a part of all postal addresses, or one custom field.

    Attributes:
        key: the attribute of Contact.
        part: the part of the addresses, or the heading of the custom field; empty for all of it.
        first: whether the first value is meant if several are read: `email`, not `emails`.
    """

    key: str
    part: str = ""
    first: bool = False

    @property
    def label(self) -> str:
        """What the screen calls it."""
        if self.part:
            return self.part if self.key == "custom" else self.part.replace("_", " ").capitalize()
        return FIELDS[self.key].label

    @property
    def name(self) -> str:
        """How a transform writes it."""
        if self.key != "custom" or not self.part:
            return self.part or self.key
        if self.part.isidentifier():
            return f"custom.{self.part}"
        marks = next((pair for pair in ('""', "“”", "''") if not set(pair) & set(self.part)), '""')
        return f"custom[{marks[0]}{self.part}{marks[1]}]"

    def is_same(self, other: Target) -> bool:
        """Whether both are the same field, whether written in the singular or not."""
        return (self.key, self.part.casefold()) == (other.key, other.part.casefold())

    # Reading ---------------------------------------------------------------------------------------------------

    def values(self, contact: Contact) -> list[str]:
        """Its values, without empty ones."""
        return [text for text in self._all(contact) if text]

    def _all(self, contact: Contact) -> Iterable[str]:
        value = getattr(contact, self.key)
        match self.key:
            case "emails" | "phones" | "urls":
                return [getattr(item, _ATTRIBUTE[self.key]) for item in value]
            case "addresses":
                parts = (self.part,) if self.part else PARTS
                return [getattr(address, part) for address in value for part in parts]
            case "relations" | "events" | "ims":
                return [item.value for item in value]
            case "custom":
                return [text for heading, text in self._custom(contact).items()]
            case "groups":
                return list(value)
            case "favorite":
                return ["yes" if value else "no"]
        return [value]

    def _custom(self, contact: Contact) -> Mapping[str, str]:
        """The custom fields that are meant: the one that is named, else all that are no field of their own."""
        if not self.part:
            return others(contact.custom)
        return {heading: text for heading, text in contact.custom.items() if self._means(heading)}

    def _means(self, heading: str) -> bool:
        return heading.casefold() == self.part.casefold()

    def text(self, contact: Contact) -> str:
        """Its value as one text: the preferred address, the first value, or all of them, separated by semicolons."""
        if self.key == "emails" and self.first:
            return contact.email
        if self.key == "addresses" and not self.part:
            return FIELDS["addresses"].read(contact)
        values = self.values(contact)
        return (values[0] if values else "") if self.first else "; ".join(values)

    # Writing ---------------------------------------------------------------------------------------------------

    def changed(self, contact: Contact, change: Change) -> Contact:
        """`contact` with each value changed; a value of which nothing is left goes. Raises InvalidValue."""
        if not self.values(contact):
            return contact
        match self.key:
            case "emails" | "phones" | "urls":
                return self._with_values(contact, [self._new(item, change) for item in getattr(contact, self.key)])
            case "addresses":
                parts = (self.part,) if self.part else PARTS
                addresses = [_with_parts(address, parts, change) for address in contact.addresses]
                return replace(contact, addresses=_filled(addresses))
            case "relations" | "events" | "ims":
                values = [replace(item, value=clean_line(change(item.value))) for item in getattr(contact, self.key)]
                checked = [checked_value(self.key, item) for item in values if item.value]
                return with_value(contact, self.key, tuple(checked))
            case "custom":
                meant = {heading: clean_lines(change(text)) for heading, text in self._custom(contact).items()}
                texts = dict(contact.custom) | meant
                return replace(contact, custom={heading: text for heading, text in texts.items() if text})
            case "groups":
                return with_groups(contact, map(change, contact.groups))
        old = self.text(contact)
        new = change(old)
        return contact if new == old else self.assigned(contact, new)

    def _new(self, item: Any, change: Change) -> Any:
        old = getattr(item, _ATTRIBUTE[self.key])
        text = _CLEAN[self.key](change(old))
        return item if text == old else replace(item, **{_ATTRIBUTE[self.key]: self._fit(text)}) if text else None

    def _with_values(self, contact: Contact, values: Iterable[Any]) -> Contact:
        """Each value once, under its first label."""
        unique: dict[object, Any] = {}
        for item in values:
            if item is not None:
                unique.setdefault(email_key(item.address) if self.key == "emails" else item, item)
        if self.key == "emails" and any(item is not None and item.primary for item in values):
            first = next(iter(unique), None)
            if first is not None and not any(item.primary for item in unique.values()):
                unique[first] = replace(unique[first], primary=True)
        return with_value(contact, self.key, tuple(unique.values()))

    def _fit(self, text: str) -> str:
        """`text` if the field takes it. Raises InvalidValue."""
        if self.key == "emails" and not (is_email(text) and _has_dots_right(text)):
            raise InvalidValue("emails", f"“{text}” would not be an e-mail address.")
        if self.key == "phones" and not any(char.isdecimal() for char in text):
            raise InvalidValue("phones", f"“{text}” would not be a phone number.")
        return text

    def assigned(self, contact: Contact, text: str) -> Contact:
        """`contact` with this text in place of all its values. Raises InvalidValue."""
        match self.key:
            case "emails" | "phones" | "urls":
                return self._assigned_list(contact, text)
            case "addresses":
                return self._assigned_part(contact, clean_lines(text))
            case "custom":
                return self._assigned_custom(contact, clean_lines(text))
            case "groups":
                return with_groups(contact, text.replace("\n", ";").split(";"))
        if self.key == "name" and _keeps_parts(contact, text):
            return replace(contact, name=clean_line(text))
        write = FIELDS[self.key].write
        assert write is not None
        return write(contact, text)

    def _assigned_list(self, contact: Contact, text: str) -> Contact:
        texts = [new for part in text.replace("\n", ";").split(";") if (new := _CLEAN[self.key](part))]
        existing = getattr(contact, self.key)
        attribute = _ATTRIBUTE[self.key]
        labelled = {getattr(item, attribute): item for item in existing}
        values = [labelled.get(new) or _MAKE[self.key](self._fit(new)) for new in texts]
        if len(texts) == 1 and texts[0] not in labelled and existing:  # it takes the place and the label of the first
            values = [replace(existing[0], **{attribute: texts[0]})]
        return self._with_values(contact, values)

    def _assigned_part(self, contact: Contact, text: str) -> Contact:
        if not self.part:
            if text:
                raise InvalidValue("addresses", "An address has parts.", f"Set one of them: {', '.join(PARTS)}.")
            return replace(contact, addresses=())
        addresses = contact.addresses or ((Address(),) if text else ())
        return replace(contact, addresses=_filled([with_part(address, self.part, text) for address in addresses]))

    def _assigned_custom(self, contact: Contact, text: str) -> Contact:
        if not self.part:
            if text:
                raise InvalidValue("custom", "Say which custom field.", 'Write it like custom["Shoe size"].')
            return replace(contact, custom=with_others(contact.custom, {}))
        heading = next((name for name in contact.custom if self._means(name)), self.part)
        custom = {**contact.custom, heading: text}
        return replace(contact, custom={name: value for name, value in custom.items() if value})


def _keeps_parts(contact: Contact, name: str) -> bool:
    """Whether another name says nothing new of its parts: there are none, or their words only change places."""
    parts = name_from_parts(contact)
    return not parts or (_words(name) == _words(parts) and name.split() != parts.split() and "," in name)


def _words(text: str) -> list[str]:
    return sorted(fold(text.replace(",", " ")).split())


def with_groups(contact: Contact, names: Iterable[str]) -> Contact:
    """`contact` in the groups of these names, each once, in their order."""
    unique: dict[str, str] = {}
    for name in map(clean_line, names):
        if name:
            unique.setdefault(group_key(name), name)
    return replace(contact, groups=tuple(unique[key] for key in sorted(unique)))


def with_part(address: Address, part: str, text: str) -> Address:
    """`address` with one part set."""
    changes: dict[str, Any] = {part: text}
    return replace(address, **changes)


def _with_parts(address: Address, parts: Iterable[str], change: Change) -> Address:
    for part in parts:
        if old := getattr(address, part):
            address = with_part(address, part, clean_lines(change(old)))
    return address


def _filled(addresses: Iterable[Address]) -> tuple[Address, ...]:
    return tuple(address for address in addresses if address != Address(label=address.label))


def _has_dots_right(address: str) -> bool:
    """Whether the name before the @ neither begins nor ends with a dot and has no two in a row (RFC 5322, 3.2.3)."""
    name = address.rpartition("@")[0]
    return name[:1] == '"' or not (name.startswith(".") or name.endswith(".") or ".." in name)


def find_target(name: str, part: str = "") -> Target | None:
    """The target that is written as `name`, or `custom.part`; None if there is none that can be changed."""
    key = name.strip().casefold().replace("-", "_")
    if key == "custom":
        return Target("custom", clean_line(part))
    if part:
        return None
    if key in PARTS:
        return Target("addresses", key)
    spec: FieldSpec | None = NAMED.get(key)
    if spec is None or spec.key in _FIXED or key in _VERBS:
        return None
    return Target(spec.key, first=key in _SINGULAR)


def names_of_targets() -> list[str]:
    """How all targets are written, in the order of the fields; one name each."""
    keys = [key for key in FIELDS if key not in _FIXED and key != "custom"]
    return [*(find_field(key).word if FIELDS[key].many else key for key in keys), *PARTS]
