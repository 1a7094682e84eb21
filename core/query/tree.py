"""The tree of a search: what was asked for, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from coterie.core.fields import SEARCHED
from coterie.core.query.dates import Period, describe_bound


class Operator(StrEnum):
    """How a field is compared with a value."""

    CONTAINS = "contains"
    EXACT = "is"
    REGEX = "matches"


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase that stands anywhere in the searched fields, or in the name of a group."""

    text: str


@dataclass(frozen=True, slots=True)
class Compare:
    """A field (its key in SEARCHED) compared with a value."""

    field: str
    operator: Operator
    value: str


@dataclass(frozen=True, slots=True)
class During:
    """A time (the key of a field in SEARCHED) within a period."""

    field: str
    period: Period


@dataclass(frozen=True, slots=True)
class Has:
    """A field (its key in SEARCHED) that is not empty."""

    field: str


@dataclass(frozen=True, slots=True)
class IsDuplicate:
    """Another contact has the same e-mail address or number, or the same name and company."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody's answer to an invitation is one of these (`core.invitations.ANSWERS`); to those of `to`, if given."""

    answers: tuple[str, ...]
    to: Compare | None = None


@dataclass(frozen=True, slots=True)
class InBin:
    """Deleted, and still in the Bin."""


@dataclass(frozen=True, slots=True)
class HasId:
    """The contact is one of these."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ChangedBy:
    """Made or changed by one entry of the history, such as an import."""

    operation_id: int


@dataclass(frozen=True, slots=True)
class Saved:
    """What is kept under this name, see `core.query.saved`. Written from `start` up to `end` of the text.

    `exact`: in quotation marks, so that it cannot be a word that begins with `@`.
    """

    name: str
    start: int
    end: int
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """What the part does not match."""

    part: Tree


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts; without parts everything."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the parts."""

    parts: tuple[Tree, ...]


Tree = Word | Compare | During | Has | IsDuplicate | Answered | InBin | HasId | ChangedBy | Saved | Not | And | Or
EVERYTHING: Final = And(())

INVITED: Final = "invited"
"""The field of what somebody was invited to."""
FLAG: Final = "favorite"
"""The field that is a flag: having it is being a favorite."""


def wants_bin(tree: Tree) -> bool:
    """Whether the search itself asks for what is in the Bin, which lists leave out otherwise."""
    match tree:
        case InBin():
            return True
        case And(parts) | Or(parts):
            return any(wants_bin(part) for part in parts)
        case _:
            return False


def names_invitations(tree: Tree) -> bool:
    """Whether a search asks for an invitation by its title."""
    match tree:
        case Compare(field) if field == INVITED:
            return True
        case Answered(_, to):
            return to is not None
        case Not(part):
            return names_invitations(part)
        case And(parts) | Or(parts):
            return any(map(names_invitations, parts))
        case _:
            return False


def describe(tree: Tree) -> str:  # noqa: C901 - a case for each kind of search
    """The search in words: `company:=Acme -is:favorite` is “Company is “Acme”, not favorite”."""
    match tree:
        case Word(text):
            return f"“{text}”"
        case Compare(field, operator, value):
            return f"{SEARCHED[field].label} {operator} “{value}”"
        case During(field, period):
            sides = [(word, side) for word, side in (("since", period.since), ("before", period.before)) if side]
            return " ".join([SEARCHED[field].label, *(f"{word} {describe_bound(side)}" for word, side in sides)])
        case Has(field):
            return "favorite" if field == FLAG else f"has {SEARCHED[field].label}"
        case IsDuplicate():
            return "possible duplicate"
        case Answered(answers, to):
            invited = f" where {describe(to)}" if to else ""
            return f"answered {' or '.join(answers)}{invited}"
        case InBin():
            return "in the Bin"
        case HasId(ids):
            return f"id {', '.join(map(str, ids))}"
        case ChangedBy(operation_id):
            return f"changed by change {operation_id} of the history"
        case Saved(name):
            return f"the saved search “{name}”"
        case Not(Has(field)) if field != FLAG:
            return f"no {SEARCHED[field].label}"
        case Not(part):
            return f"not {_describe_part(part)}"
        case And(parts):
            return ", ".join(map(_describe_part, parts)) or "all contacts"
        case Or(parts):
            return " or ".join(map(_describe_part, parts))


def _describe_part(tree: Tree) -> str:
    several = isinstance(tree, And | Or) and len(tree.parts) > 1
    return f"({describe(tree)})" if several else describe(tree)
