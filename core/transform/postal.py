"""Postal addresses: codes that stand in the city, and addresses that stand in one line."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from coterie.core.model import Address, Contact
from coterie.core.transform.countries import country_code

_CODE: Final = (
    r"(?:[A-Z]{1,2}-)?\d{4,6}(?:-\d{3,4})?(?:\s?[A-Z]{2}(?![\w]))?|\d{3}\s\d{2}|\d{3}-\d{4}"
    r"|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d"
)
"""Codes of most of Europe and America, of Japan, Great Britain and Canada."""
_BEFORE: Final = re.compile(rf"({_CODE})\s+(\D.*)")
_AFTER: Final = re.compile(rf"(\D.*?)[\s,]+({_CODE})")


def tidied(contact: Contact) -> Contact:
    """Postal codes go from the city, and city and country from a street of several lines, into their own fields."""
    return replace(contact, addresses=tuple(_tidied(address) for address in contact.addresses))


def _tidied(address: Address) -> Address:
    lines = [line.strip(" ,") for line in re.split(r"\n|,\s", address.street) if line.strip(" ,")]
    if not address.city and not address.postal_code and len(lines) > 1:
        address = _from_lines(address, lines)
    if address.postal_code or not address.city:
        return address
    code, city = _code_and_city(address.city)
    return replace(address, postal_code=code, city=city) if code else address


def _from_lines(address: Address, lines: list[str]) -> Address:
    """The address whose street holds all of it; as it is if no line has a postal code."""
    rest = list(lines)
    country = address.country
    if not country and len(rest) > 2 and country_code(rest[-1]):
        country = rest.pop()
    code, city = _code_and_city(rest[-1])
    if not code or len(rest) < 2:
        return address
    return replace(address, street="\n".join(rest[:-1]), postal_code=code, city=city, country=country)


def _code_and_city(text: str) -> tuple[str, str]:
    if match := _BEFORE.fullmatch(text):
        return match[1], match[2]
    if match := _AFTER.fullmatch(text):
        return match[2], match[1]
    return "", ""
