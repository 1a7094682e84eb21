"""Birthdays in the future: 2068-05-01 for 1968, as programs read two figures."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import ClassVar, Final

from coterie.core.cleanup.kind import Kind, Proposal, Usual, change, remark
from coterie.core.model import Contact

_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_CENTURY: Final = 100
_OLDEST: Final = 95
"""Beyond this age, it is more likely a child that is expected, or a mistyped year."""


class Birthdays(Kind):
    """A hundred years earlier, if that makes an age that people have."""

    id: ClassVar[str] = "birthdays"
    title: ClassVar[str] = "Birthdays in the future"
    about: ClassVar[str] = "The year is a hundred years earlier, as in 1968 for 2068."
    ages: ClassVar[bool] = True

    def propose(self, contact: Contact, usual: Usual) -> Proposal | None:
        """The same day a hundred years earlier."""
        match = _DATE.fullmatch(contact.birthday)
        if not match or contact.birthday <= usual.today.isoformat():
            return None
        year = int(match[1]) - _CENTURY
        if usual.today.year - year > _OLDEST or not _is_date(year, int(match[2]), int(match[3])):
            return remark(contact, "birthday", "It is in the future, and nobody can tell which year was meant.")
        after = replace(contact, birthday=f"{year:04}{contact.birthday[4:]}")
        return change(contact, after, "birthday", "in the future")


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
