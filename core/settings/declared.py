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
    """A setting as it was declared; `key` is its name in config.toml, with a dot where it belongs to a part."""

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
    for one in fields(cls):
        if one.metadata:
            default = None if one.default is MISSING else one.default
            yield Declared(part + one.name, default, *(one.metadata[k] for k in ("expects", "meaning", "reading")))
        elif isinstance(one.default_factory, type) and is_dataclass(one.default_factory):
            yield from declarations(one.default_factory, f"{one.name}.")


def assemble(cls: type, values: dict[str, object], part: str = "", **others: object) -> Any:
    """The dataclass `cls` with these values by key, and with `others` as they are."""
    arguments = dict(others)
    for one in fields(cls):
        key = part + one.name
        if key in values:
            arguments[one.name] = values[key]
        elif key == KEYS:
            arguments[one.name] = {k.removeprefix("keys."): v for k, v in values.items() if k.startswith("keys.")}
        elif isinstance(one.default_factory, type) and one.name not in others:
            arguments[one.name] = assemble(one.default_factory, values, f"{key}.")
    return cls(**arguments)
