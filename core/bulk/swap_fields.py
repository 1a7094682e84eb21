"""Swap two fields."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Final

from coterie.core.bulk.action import Asks, BulkAction, Parameter, writable
from coterie.core.changes import CONTACTS
from coterie.core.errors import InvalidValue
from coterie.core.fields import FIELDS
from coterie.core.fields.name_parts import NAME_PARTS
from coterie.core.model import Address, Contact
from coterie.core.transform.targets import PARTS, Target, find_target, with_part

_TARGETS: Final = {
    target.label: target
    for target in (
        *(Target(spec.key) for spec in FIELDS.values() if spec.write and not spec.many and spec.key != "favorite"),
        *(Target("addresses", part) for part in PARTS),
    )
}
"""The fields that hold one text, by what the screen calls them."""
OFFERED: Final = tuple(_TARGETS)


@dataclass(frozen=True, slots=True)
class SwapFields(BulkAction):
    """`field` and `other` change places in every contact: fields of one text, parts of addresses, custom fields.

    Transforms can't do it: the second of them finds what the first has written.
    """

    id: ClassVar[str] = "swap"
    label: ClassVar[str] = "Swap two fields"
    help: ClassVar[str] = "Swap the values of two fields, such as company and job title."
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("field", "Field", "A field, a part of the address, or custom.NAME.", asks=Asks.FIELD,
                  choices=OFFERED),
        Parameter("other", "Swap with", asks=Asks.FIELD, choices=OFFERED),
    )  # fmt: skip
    field: str
    other: str

    def __post_init__(self) -> None:
        first, second = self._targets
        if first.is_same(second):
            raise InvalidValue(first.key, "These are the same field.", "Choose two different ones.")
        if "name" in (first.key, second.key) and {first.key, second.key} & {*NAME_PARTS}:
            raise InvalidValue("name", "The name is made of its parts.", "Swap two of the parts.")

    @property
    def _targets(self) -> tuple[Target, Target]:
        return _target(self.field), _target(self.other)

    @property
    def title(self) -> str:
        """“Swap Company and Job title”."""
        return "Swap {} and {}".format(*(target.label for target in self._targets))

    @property
    def done(self) -> str:
        """“Swapped Company and Job title of ….”"""
        return "Swapped {} and {} of {}.".format(*(target.label for target in self._targets), CONTACTS)

    def apply(self, contact: Contact) -> Contact:
        """The contact with each of the values in the place of the other."""
        first, second = self._targets
        if first.key == second.key == "addresses":
            return replace(
                contact, addresses=tuple(_turned(address, first.part, second.part) for address in contact.addresses)
            )
        if len(contact.addresses) > 1 and "addresses" in (first.key, second.key):
            raise InvalidValue("addresses", "It has several addresses.")
        texts = first.text(contact), second.text(contact)
        changed = second.assigned(first.assigned(contact, texts[1]), texts[0])
        if (first.text(changed), second.text(changed)) != (texts[1], texts[0]):
            raise InvalidValue(first.key, "A value would not stay as it is in the other field.")
        if contact.shown_name and not changed.shown_name:
            raise InvalidValue(first.key, "It would have no name, company, e-mail address or phone number.")
        return changed


def _target(name: str) -> Target:
    """The field of that name. Raises InvalidValue if there is none, or if it holds more than one text."""
    label = name.strip().capitalize()
    if label in _TARGETS:
        return _TARGETS[label]
    key, _, heading = name.strip().partition(".")
    part = find_target(key, heading)
    if part is not None and part.part:
        return part
    spec = writable(name)
    if spec.label not in _TARGETS:
        raise InvalidValue(spec.key, f"{spec.label} cannot be swapped with another field.", "It is not a single text.")
    return _TARGETS[spec.label]


def _turned(address: Address, first: str, second: str) -> Address:
    texts = getattr(address, first), getattr(address, second)
    return with_part(with_part(address, first, texts[1]), second, texts[0])
