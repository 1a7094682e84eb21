"""The values of fields as a column or the journal keeps them, by the names of the fields."""

from __future__ import annotations

from typing import Any

from coterie.core.fields import FIELDS


def encode(field: str, value: Any) -> str | int:
    """The column or journal text of an attribute: lists as JSON, favorite as 0 or 1, everything else as it is."""
    return FIELDS[field].kind.encode(value)


def decode(field: str, text: str) -> Any:
    """The attribute that `encode` wrote."""
    return FIELDS[field].kind.decode(text)


def cleaned(field: str, value: Any) -> Any:
    """The attribute as it may be stored: no control characters, no empty or double values."""
    spec = FIELDS.get(field)
    return spec.kind.clean(value) if spec else value
