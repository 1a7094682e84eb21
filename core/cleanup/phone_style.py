"""Phones in several styles: 020 7946 0958, (020) 7946-0958, +44 20 7946 0958."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar, Final

from coterie.core.cleanup.kind import Kind, Proposal, Usual, change
from coterie.core.errors import InvalidValue
from coterie.core.model import Contact, Phone
from coterie.core.transform.numbers import country_of, international

_E164: Final = re.compile(r"\+\d+")
_DIGITS: Final = 7
"""Shorter numbers are extensions."""
_STYLES: Final = 2


class PhoneStyle(Kind):
    """A number says its country itself, or the contact's address does; others stay as they are."""

    id: ClassVar[str] = "phones"
    title: ClassVar[str] = "Phones in several styles"
    about: ClassVar[str] = "International form, +442079460958, if the number or the address says the country."

    def propose(self, contact: Contact, usual: Usual) -> Proposal | None:
        """The numbers in international form; one that the contact has already, with the same label, goes."""
        if not usual.phones or all(_E164.fullmatch(phone.number) for phone in contact.phones):
            return None
        country = country_of(contact)
        phones: list[Phone] = []
        for phone in contact.phones:
            new = replace(phone, number=_written(phone.number, country))
            if new == phone or new not in (*phones, *contact.phones):
                phones.append(new)
        return change(contact, replace(contact, phones=tuple(phones)), "phones", "in another style than others")


def _written(number: str, country: str) -> str:
    """The number in international form, if that is sure."""
    if sum(map(str.isdigit, number)) < _DIGITS or _E164.fullmatch(number):
        return number
    plain = f"+{number[2:]}" if number.startswith("00") else number
    try:
        written = international(plain, country)
    except InvalidValue:
        return number
    return written if _is_given_out(written) else number


def _is_given_out(number: str) -> bool:
    """Whether numbers like this one are given out to anybody; the others may be meant otherwise."""
    import phonenumbers

    return phonenumbers.is_valid_number(phonenumbers.parse(number))


def style_of(number: str) -> str:
    """How a number is written: in E.164, with blanks, with other signs, or for use inside the country."""
    if _E164.fullmatch(number):
        return "E.164"
    signs = "".join(sorted(set(number) & set("()-./")))
    return f"{'international' if number.startswith(('+', '00')) else 'national'} {signs}"


def learn_styles(numbers: Iterable[str]) -> str:
    """How most numbers are written; empty if all are written alike."""
    styles = Counter(style_of(number) for number in numbers)
    return styles.most_common(1)[0][0] if len(styles) >= _STYLES else ""
