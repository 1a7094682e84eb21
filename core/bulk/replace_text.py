"""Replace what a regular expression finds in a field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from coterie.core.bulk.action import Asks, BulkAction, Parameter
from coterie.core.changes import CONTACTS
from coterie.core.errors import InvalidValue
from coterie.core.fields import find_field
from coterie.core.model import Contact
from coterie.core.query import patterns
from coterie.core.transform.targets import Target

_FIXED: Final = frozenset({"favorite", "sources", "created_at", "updated_at"})


@dataclass(frozen=True, slots=True)
class ReplaceText(BulkAction):
    r"""Each match of the regular expression `value` in the texts of `field` becomes `new` (`\1`: its first group).

    Lists are changed value by value and keep their labels; a value of which nothing is left goes.
    """

    id: ClassVar[str] = "replace"
    label: ClassVar[str] = "Replace text in a field"
    help: ClassVar[str] = "Replace what the regular expression finds."
    command: ClassVar[str] = "edit"
    metavar: ClassVar[str] = "FIELD/REGEX/NEW/"
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("field", "Field", asks=Asks.FIELD),
        Parameter("value", "Regular expression", "Case matters; begin with (?i) to ignore it."),
        Parameter("new", "New text", r"\1 is what the first brackets matched.", required=False),
    )
    field: str
    value: str
    new: str = ""

    def __post_init__(self) -> None:
        spec = find_field(self.field)
        object.__setattr__(self, "field", spec.key)
        if spec.key in _FIXED:
            raise InvalidValue(spec.key, f"Text in {spec.label} cannot be replaced.")
        try:
            patterns.compile_pattern(self.value, ignore_case=False)
        except patterns.BadPattern as error:
            raise InvalidValue(
                spec.key,
                f"The regular expression “{self.value}” is wrong: {error}.",
                "Write \\ before a character that stands for itself.",
            ) from error
        try:
            patterns.check_replacement(self.value, self.new)
        except patterns.BadPattern as error:
            raise InvalidValue(
                spec.key, f"The new text “{self.new}” cannot be read: {error}.", r"Write \\ for a backslash."
            ) from error

    @classmethod
    def parse(cls, text: str) -> BulkAction:
        """The action of `field/REGEX/NEW/`; any other sign may take the place of the slashes. Raises InvalidValue."""
        end = next((place for place, char in enumerate(text) if not (char.isalpha() or char in "_-")), len(text))
        field, rest = text[:end], text[end:]
        parts = _split(rest[1:], rest[:1]) if rest and not rest[0].isspace() else []
        if not field or len(parts) not in (2, 3) or (len(parts) == 3 and parts[2]) or not parts[0]:
            raise InvalidValue(
                "replace", f"“{text}” does not say what to replace.", "Write it like company/Ltd$/Limited/."
            )
        return cls(field, parts[0], parts[1])

    @property
    def title(self) -> str:
        """“Replace Ltd with Limited in Company”."""
        return f"Replace {self.value} with {self.new or 'nothing'} in {find_field(self.field).label}"

    @property
    def done(self) -> str:
        """“Replaced Ltd in Company of ….”"""
        return f"Replaced text in {find_field(self.field).label} of {CONTACTS}."

    def apply(self, contact: Contact) -> Contact:
        """The contact with what was found replaced."""

        def changed(text: str) -> str:
            try:
                return patterns.replaced(self.value, self.new, text)
            except patterns.SlowPattern as error:
                raise InvalidValue(self.field, "The regular expression takes too long here.") from error
            except patterns.TooMuch as error:
                raise InvalidValue(self.field, f"Nothing was replaced: {error}.") from error

        return map_texts(contact, self.field, changed)


def map_texts(contact: Contact, key: str, changed: Callable[[str], str]) -> Contact:
    """`contact` with each text of the field `key` changed. Raises InvalidValue if the field refuses one."""
    result = Target(key).changed(contact, changed)
    if contact.shown_name and not result.shown_name:
        raise InvalidValue(key, "It would have no name, company, e-mail address or phone number.")
    return result


def _split(text: str, sign: str) -> list[str]:
    """The parts between the signs; a backslash before a sign makes it part of the text."""
    parts = [""]
    chars = iter(text)
    for char in chars:
        if char == "\\":
            following = next(chars, "")
            parts[-1] += following if following == sign else char + following
        elif char == sign:
            parts.append("")
        else:
            parts[-1] += char
    return parts
