"""What a kind of clean-up is: it looks at one contact and says what it would make of it, and why.

A false proposal is worse than a missing one: what may be meant as it is stays as it is.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar

from coterie.core.fields.differences import differences
from coterie.core.model import Contact


class Leads(StrEnum):
    """What the user does about the proposals of a kind."""

    CHANGE = "change"
    """The contacts get other values."""
    DELETE = "delete"
    """The contacts are moved to the Bin."""
    CHECK = "check"
    """Nothing can be proposed: the contacts are checked in the list, for the user to decide."""
    PAIRS = "pairs"
    """They are merged pair by pair."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in a book, and what day it is: what a kind must know besides the contact.

    Attributes:
        today: the day.
        given, family: folded words that are given names, or family names, and never the other.
        companies, groups: each spelling that is to be replaced, and by which.
        phones: how most numbers are written, see `core.cleanup.phone_style`; empty if they all are alike.
    """

    today: date = date(1, 1, 1)
    given: frozenset[str] = frozenset()
    family: frozenset[str] = frozenset()
    companies: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    phones: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a kind says of a contact.

    Attributes:
        contact: as it is.
        after: as it would be; the contact itself if nothing can be proposed and the user should look at it.
        field: the key of the field that it is about.
        reason: why, in a few words.
    """

    contact: Contact
    after: Contact
    field: str
    reason: str

    @property
    def is_remark(self) -> bool:
        """Whether nothing is proposed: the contact is only pointed out."""
        return self.after is self.contact

    @property
    def key(self) -> str:
        """The same for the same proposal about the same values, so that a dismissed one is known again."""
        lines = differences(self.contact, self.after)
        said = [(line.key, line.old, line.new) for line in lines] or [(self.field, "", "")]
        return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Kind(ABC):
    """One kind of clean-up: one file with one subclass, one line in `core.cleanup.KINDS`, and a test."""

    id: ClassVar[str]
    """Its name on the command line."""
    title: ClassVar[str]
    """What is wrong, as a line of the desk says it: “Names in capitals or small letters”."""
    about: ClassVar[str]
    """What is proposed, one sentence."""
    leads: ClassVar[Leads] = Leads.CHANGE
    query: ClassVar[str] = ""
    """A search that finds them, for contacts that are only checked."""
    ages: ClassVar[bool] = False
    """Whether a proposal may come to its end although nobody changes the contact."""

    @abstractmethod
    def propose(self, contact: Contact, usual: Usual) -> Proposal | None:
        """What is proposed for a live contact; None if nothing is wrong with it."""


def change(contact: Contact, after: Contact, field: str, reason: str) -> Proposal | None:
    """The proposal that a contact becomes `after`; None if it is so already."""
    return None if after == contact else Proposal(contact, after, field, reason)


def remark(contact: Contact, field: str, reason: str) -> Proposal:
    """A contact that the user should look at, if nothing can be proposed."""
    return Proposal(contact, contact, field, reason)
