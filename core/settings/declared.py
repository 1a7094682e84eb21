"""How settings are declared: as the fields of dataclasses, found by looking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Final, NamedTuple

from coterie.core.settings.values import Reading

ENVIRONMENT: Final = "COTERIE_"
KEYS: Final = "keys"
"""The one setting that is a table with names of the user's own: `keys.favorite`, …"""


def is_read(reading: Reading, expects: str, meaning: str) -> dict[str, Any]:
    """What makes a dataclass field a setting: how it is read, and how it is explained.

    Args:
        reading: makes its value of what was given.
        expects: what is expected, ending the sentence “It must be …”.
        meaning: what it does, for the documentation.
    """
    return {"reading": reading, "expects": expects, "meaning": meaning}


class Declared(NamedTuple):
    """A setting as it was declared; `key` is its name in config.toml, with a dot if it belongs to a part."""

    key: str
    default: object
    expects: str
    meaning: str
    reading: Reading

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return ENVIRONMENT + self.key.upper().replace(".", "__")


def declarations(cls: type, part: str = "") -> Iterator[Declared]:
    """Every setting that is a field of `cls`, or of a dataclass that is one."""
    for field in fields(cls):
        if field.metadata:
            default = None if field.default is MISSING else field.default
            yield Declared(part + field.name, default, *(field.metadata[k] for k in ("expects", "meaning", "reading")))
        elif isinstance(field.default_factory, type) and is_dataclass(field.default_factory):
            yield from declarations(field.default_factory, f"{field.name}.")


def assemble(cls: type, values: dict[str, object], part: str = "", **others: object) -> Any:
    """The dataclass `cls` with these values by key, and with `others` as they are."""
    arguments = dict(others)
    for field in fields(cls):
        key = part + field.name
        if key in values:
            arguments[field.name] = values[key]
        elif key == KEYS:
            arguments[field.name] = {k.removeprefix("keys."): v for k, v in values.items() if k.startswith("keys.")}
        elif isinstance(field.default_factory, type) and field.name not in others:
            arguments[field.name] = assemble(field.default_factory, values, f"{key}.")
    return cls(**arguments)
