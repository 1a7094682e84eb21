"""Values of JSON that somebody may have written by hand: each is checked, and refused by the name of its key."""

from __future__ import annotations

from collections.abc import Mapping

from coterie.core.errors import InvalidValue


def mapping_of(key: str, value: object) -> Mapping[str, object]:
    """A JSON object. Raises InvalidValue, as all of these do."""
    if not isinstance(value, dict):
        raise InvalidValue(key, f"“{key}” must be a JSON object.")
    return value


def list_of(key: str, value: object) -> list[object]:
    """A JSON array; empty if there is none."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise InvalidValue(key, f"“{key}” must be a JSON array.")
    return value


def mappings_of(key: str, value: object) -> list[Mapping[str, object]]:
    """A JSON array of objects; empty if there is none."""
    return [mapping_of(key, item) for item in list_of(key, value)]


def text_of(key: str, value: object) -> str:
    """A text; empty if there is none."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidValue(key, f"“{key}” must be a text.")
    return value


def truth_of(key: str, value: object) -> bool:
    """True or false; false if there is none."""
    if value is not None and not isinstance(value, bool):
        raise InvalidValue(key, f"“{key}” must be true or false.")
    return bool(value)
