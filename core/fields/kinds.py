"""The kinds of fields. Each kind has its codec: how a value is read as text and written from text, how it is cleaned,
and how it stands in a column of the database, in the journal and in JSON.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from coterie.core import labelled
from coterie.core.errors import InvalidValue
from coterie.core.fields.json_values import list_of, mapping_of, mappings_of, text_of, truth_of
from coterie.core.fields.values import with_value
from coterie.core.labelled import Labelled
from coterie.core.model import Contact
from coterie.core.text import clean_line, clean_lines
from coterie.core.wellknown import is_date

to_json: Final = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps makes one for each call
_YES: Final = frozenset({"yes", "true", "1", "on", "y", "*", "★"})
_NO: Final = frozenset({"no", "false", "0", "off", "n", ""})


def split_values(text: str) -> list[str]:
    """The values in a text that lists several, separated by semicolons or line ends."""
    return [value for part in text.replace("\n", ";").split(";") if (value := clean_line(part))]


class Kind(ABC):
    """What a field holds.

    Attributes:
        is_typed: whether people type it as one text; the others have an editor of their own, or none.
        many: whether it holds several values.
        lines: whether a value holds several lines.
    """

    is_typed: ClassVar[bool] = True
    many: ClassVar[bool] = False
    lines: ClassVar[bool] = False

    @abstractmethod
    def read(self, contact: Contact, key: str) -> str:
        """The field as text; several values are joined by `; `."""

    def write(self, contact: Contact, key: str, text: str) -> Contact:
        """The contact with the field read from text. Raises InvalidValue."""
        raise InvalidValue(key, "It cannot be typed.")

    def clean(self, value: Any) -> Any:
        """The value as it may be stored: no control characters, nothing empty or double."""
        return value

    def encode(self, value: Any) -> str | int:
        """The value as a column or the journal keeps it."""
        return to_json(value) if value else ""

    def decode(self, text: str) -> Any:
        """The value that `encode` wrote."""
        return json.loads(text) if text else None

    def to_json(self, value: Any) -> object:
        """The value in the JSON of `core.jsonform`."""
        return value

    def from_json(self, key: str, value: object) -> Any:
        """The value of `to_json`, or of somebody who wrote JSON by hand. Raises InvalidValue."""
        return value


class Line(Kind):
    """One line of text."""

    def read(self, contact: Contact, key: str) -> str:
        """The text itself."""
        value: str = getattr(contact, key)
        return value

    def write(self, contact: Contact, key: str, text: str) -> Contact:
        """The text, cleaned."""
        return with_value(contact, key, self.clean(text))

    def clean(self, value: str) -> str:
        """The text as one line, see `core.text.clean_line`."""
        return clean_line(value)

    def encode(self, value: str) -> str:
        """A column of text holds it as it is."""
        return value

    def decode(self, text: str) -> str:
        """A column of text holds it as it is."""
        return text

    def from_json(self, key: str, value: object) -> str:
        """A JSON string; anything else is refused."""
        return self.clean(text_of(key, value))


class Lines(Line):
    """A text of several lines."""

    lines = True

    def clean(self, value: str) -> str:
        """The text with its line ends, see `core.text.clean_lines`."""
        return clean_lines(value)


class Date(Line):
    """A date as ISO 8601 has it, `--MM-DD` without a year, or a source's own text."""


class Mark(Kind):
    """Yes or no."""

    def read(self, contact: Contact, key: str) -> str:
        """“yes” or “no”."""
        return "yes" if getattr(contact, key) else "no"

    def write(self, contact: Contact, key: str, text: str) -> Contact:
        """Yes or no, in one of several words. Raises InvalidValue."""
        word = text.strip().casefold()
        if word not in _YES | _NO:
            raise InvalidValue(key, f"“{text}” is neither yes nor no.", "Write yes or no.")
        return with_value(contact, key, word in _YES)

    def encode(self, value: object) -> int:
        """0 or 1, which both databases have."""
        return int(bool(value))

    def decode(self, text: str) -> bool:
        """What 0 or 1 stands for."""
        return bool(int(text))

    def from_json(self, key: str, value: object) -> bool:
        """A JSON boolean; anything else is refused."""
        return truth_of(key, value)


class Groups(Kind):
    """The names of groups, in their order. The store keeps them in tables of their own."""

    many = True

    def read(self, contact: Contact, key: str) -> str:
        """The names, joined by `; `."""
        return "; ".join(getattr(contact, key))

    def write(self, contact: Contact, key: str, text: str) -> Contact:
        """These names, each once."""
        names = {name.casefold(): name for name in reversed(split_values(text))}
        return with_value(contact, key, tuple(sorted(names.values(), key=str.casefold)))

    def clean(self, value: tuple[str, ...]) -> tuple[str, ...]:
        """Names that are not empty."""
        return tuple(name for group in value if (name := clean_line(group)))

    def decode(self, text: str) -> tuple[str, ...]:
        """The names of a JSON array."""
        return tuple(json.loads(text)) if text else ()

    def to_json(self, value: tuple[str, ...]) -> list[str]:
        """A JSON array of the names."""
        return list(value)

    def from_json(self, key: str, value: object) -> tuple[str, ...]:
        """The names of a JSON array of strings."""
        return tuple(clean_line(text_of(key, name)) for name in list_of(key, value))


class Custom(Kind):
    """Fields of the user's own: headings and texts."""

    is_typed = False
    many = True

    def read(self, contact: Contact, key: str) -> str:
        """Those that are no field of their own."""
        custom = getattr(contact, key)
        return "; ".join(f"{heading}: {text}" for heading, text in labelled.others(custom).items()) if custom else ""

    def clean(self, value: Mapping[str, str]) -> dict[str, str]:
        """Those that say something, under a heading."""
        return {clean_line(key): clean_lines(text) for key, text in value.items() if text.strip() and key.strip()}

    def encode(self, value: Mapping[str, str]) -> str:
        """A JSON object of headings and texts."""
        return to_json(dict(value)) if value else ""

    def decode(self, text: str) -> dict[str, str]:
        """The headings and texts of that object."""
        return dict(json.loads(text)) if text else {}

    def to_json(self, value: Mapping[str, str]) -> dict[str, str]:
        """A JSON object of headings and texts."""
        return dict(value)

    def from_json(self, key: str, value: object) -> dict[str, str]:
        """The headings and texts of a JSON object."""
        texts = mapping_of(key, value or {})
        return {clean_line(heading): clean_lines(text_of(key, text)) for heading, text in texts.items()}


class KeptLine(Line):
    """A text that is kept among the custom fields, see `core.labelled`."""

    def from_json(self, key: str, value: object) -> str:
        """A text, as custom fields have it."""
        return clean_lines(text_of(key, value))


class KeptValues(Kind):
    """Values with labels that are kept among the custom fields, see `core.labelled`.

    Args:
        word: what JSON calls a value.
    """

    many = True

    def __init__(self, word: str) -> None:
        self.word = word

    def read(self, contact: Contact, key: str) -> str:
        """`spouse: Bob; Eve`."""
        return "; ".join(f"{item.label}: {item.value}" if item.label else item.value for item in getattr(contact, key))

    def write(self, contact: Contact, key: str, text: str) -> Contact:
        """Values as they are read; a label that only a value had stays with it. Raises InvalidValue."""
        labels = {item.value: item.label for item in getattr(contact, key)}
        values = []
        for part in split_values(text):
            label, colon, value = part.partition(": ")
            item = Labelled(value.strip(), label.strip()) if colon else Labelled(part, labels.get(part, ""))
            values.append(checked_value(key, item))
        return with_value(contact, key, tuple(values))

    def to_json(self, value: Iterable[Labelled]) -> list[dict[str, str]]:
        """A JSON array of objects."""
        return [{self.word: item.value, "label": item.label} for item in value]

    def from_json(self, key: str, value: object) -> tuple[Labelled, ...]:
        """The values of an array of objects."""
        return tuple(
            Labelled(
                clean_lines(text_of(self.word, entry.get(self.word))), clean_line(text_of("label", entry.get("label")))
            )
            for entry in mappings_of(key, value)
        )


def checked_value(key: str, value: Labelled) -> Labelled:
    """A value of `core.labelled` as it may be kept. Raises InvalidValue if a day to remember is no date."""
    if key == "events" and not is_date(value.value):
        advice = "Write it like 2001-05-20, or --05-20 without a year."
        raise InvalidValue(key, f"“{value.value}” is not a date.", advice)
    return value


class Noted(Kind):
    """What the book itself notes; nobody types it."""

    is_typed = False

    def read(self, contact: Contact, key: str) -> str:
        """Nothing that a contact itself says."""
        return ""


class Invited(Noted):
    """The invitations of a contact, which only searches know."""

    many = True


class Sources(Noted):
    """The accounts that know a contact."""

    many = True

    def read(self, contact: Contact, key: str) -> str:
        """The names of the accounts."""
        return "; ".join(ref.account for ref in getattr(contact, key))


class Moment(Noted):
    """A point in time."""

    def read(self, contact: Contact, key: str) -> str:
        """The day of it."""
        moment = getattr(contact, key)
        return moment.strftime("%Y-%m-%d") if moment else ""


class PartOfAddresses(Noted):
    """One part of every postal address, for searches."""

    many = True

    def read(self, contact: Contact, key: str) -> str:
        """The part named `key`."""
        return "; ".join(text for address in contact.addresses if (text := getattr(address, key)))
