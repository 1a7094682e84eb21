"""What a transform is made of, once it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coterie.core.errors import InvalidInput

if TYPE_CHECKING:
    from coterie.core.transform.targets import Target
    from coterie.core.transform.verb import Verb


class InvalidTransform(InvalidInput):
    """A transform that cannot be read.

    Args:
        title: what is wrong, one sentence.
        hint: what to do about it.
        place: where it is wrong, as the number of the character, counted from 0.
    """

    def __init__(self, title: str, hint: str = "", place: int = 0) -> None:
        super().__init__(title, hint)
        self.place = place


@dataclass(frozen=True, slots=True)
class FieldValue:
    """The value of a field."""

    target: Target


@dataclass(frozen=True, slots=True)
class Text:
    """A text in quotation marks, with the values of fields in it.

    Attributes:
        raw: what stands between the quotation marks, for regular expressions.
        raw_parts: the same as `parts`, with the backslashes that are typed, for what takes the place of a match.
        problem: what is wrong with a field in it; a regular expression may hold such braces.
    """

    parts: tuple[str | FieldValue, ...]
    raw: str = ""
    raw_parts: tuple[str | FieldValue, ...] = ()
    problem: InvalidTransform | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A verb with what it is given."""

    verb: Verb
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Several texts, one after the other."""

    terms: tuple[Expression, ...]


Expression = FieldValue | Text | Call | Joined


def fields_in(expression: Expression) -> list[Target]:
    """The fields whose values an expression takes."""
    match expression:
        case FieldValue(target):
            return [target]
        case Text(parts):
            return [part.target for part in parts if isinstance(part, FieldValue)]
        case Call(_, inner) | Joined(inner):
            return [target for part in inner for target in fields_in(part)]
