"""Contacts with other values, by the keys of their fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from coterie.core import labelled
from coterie.core.labelled import HEADINGS, PHONETIC
from coterie.core.model import Contact

KEPT: Final = frozenset((*HEADINGS, *PHONETIC))
"""The fields that a contact keeps among its custom ones, see `core.labelled`."""


def with_values(contact: Contact, values: Mapping[str, object]) -> Contact:
    """`contact` with these fields: `dataclasses.replace` for names that are known only at run time.

    Fields of `core.labelled` go where they are kept; `custom` is all that is kept there.
    """
    changes: dict[str, Any] = {key: value for key, value in values.items() if key not in KEPT}
    for key in KEPT.intersection(values):
        changes["custom"] = _kept(changes.get("custom", contact.custom), key, values[key])
    return replace(contact, **changes)


def _kept(custom: Mapping[str, str], key: str, value: Any) -> Mapping[str, str]:
    """The custom fields with this value of a field that is kept among them."""
    if key in HEADINGS:
        return labelled.write(custom, key, value)
    rest = {heading: text for heading, text in custom.items() if heading != PHONETIC[key]}
    return {**rest, PHONETIC[key]: value} if value else rest


def with_value(contact: Contact, key: str, value: object) -> Contact:
    """`contact` with one attribute set."""
    return with_values(contact, {key: value})
