"""What a verb is: one thing that can be done to a value, or to a contact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from coterie.core.model import Contact
from coterie.core.transform.targets import Target


class Kind(StrEnum):
    """What a parameter takes."""

    VALUE = "value"
    """The value that is changed: the first parameter of most verbs."""
    FIELD = "field"
    """The name of a field."""
    TEXT = "text"
    """Any expression."""
    PATTERN = "regex"
    """A regular expression in quotation marks."""
    NEW = "new"
    r"""What takes the place of a match: an expression in which `\1` is what the first brackets matched."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that a verb is given.

    Attributes:
        name: what the help calls it.
        kind: what it takes.
        required: whether it cannot be left out.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = True


@dataclass(frozen=True, slots=True)
class Where:
    """What a verb may look at besides the value: the contact, and the field that gets the result."""

    contact: Contact
    target: Target


OnText = Callable[..., str]
"""(where, value, other arguments …) -> the new value. Raises InvalidValue, whose text is the reason to refuse it."""
OnContact = Callable[..., Contact]
"""(contact, field, other arguments …) -> the new contact. Raises InvalidValue."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the language. Exactly one of `text` and `whole` is given.

    Attributes:
        name: how it is written.
        parameters: what it is given, the value or the field first.
        help: what it does, one line.
        example: a transform that uses it.
        text: makes the new value of one value.
        whole: makes the new contact; such a verb stands alone on the right side.
        twice: whether doing it twice is the same as doing it once.
        fills: whether it is asked about an empty value, too.
        keys: the fields that it is for; none if it is for all.
        around: whether it depends on the other contacts: it is then given, last, what it has learned from them.
    """

    name: str
    parameters: tuple[Parameter, ...]
    help: str
    example: str
    text: OnText | None = None
    whole: OnContact | None = None
    twice: bool = True
    fills: bool = False
    keys: tuple[str, ...] = ()
    around: Callable[[Contact, Target, str], str] | None = None

    @property
    def usage(self) -> str:
        """How it is written: `replace(value, regex, new)`; what may be left out stands in brackets."""
        shown = ", ".join(
            parameter.name if parameter.required else f"[{parameter.name}]" for parameter in self.parameters
        )
        return f"{self.name}({shown})"


Verbs = Mapping[str, Verb]
