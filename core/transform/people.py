"""The parts of people's names: taken apart, put together, swapped."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from coterie.core.errors import InvalidValue
from coterie.core.fields.name_parts import NAME_PARTS, name_from_parts
from coterie.core.fields.values import with_values
from coterie.core.model import Contact
from coterie.core.text import clean_line
from coterie.core.transform.wordlists import BEFORE_FAMILY, SUFFIXES, TITLES

_ONE_LETTER: Final = frozenset({"m"})
"""Titles that are initials too: only with a dot they are titles."""


def swapped(contact: Contact) -> Contact:
    """Given and family name change places, in the whole name too."""
    if contact.given_name or contact.family_name:
        turned = replace(contact, given_name=contact.family_name, family_name=contact.given_name)
        follows = contact.name in {"", name_from_parts(contact), _family_first(contact)}
        return replace(turned, name=name_from_parts(turned)) if follows else turned
    return replace(contact, name=turned_round(contact.name))


def _family_first(contact: Contact) -> str:
    return f"{contact.family_name} {contact.given_name}".strip()


def turned_round(name: str) -> str:
    """“King, Ada” and “King Ada” as “Ada King”: what stands before the comma, or else the first word, goes behind."""
    before, comma, after = name.partition(",")
    if comma:
        return clean_line(f"{after.strip()} {before.strip()}")
    given, blank, family = name.partition(" ")
    return f"{family} {given}" if blank else name


def split(contact: Contact) -> Contact:
    """The parts of the whole name: title, given, additional and family name, suffix. The name stays as it is."""
    words = contact.name.split()
    if not words or contact.name == contact.company:
        return contact
    if contact.family_name and contact.name == name_from_parts(contact):
        return contact  # it has been taken apart
    before, comma, after = contact.name.partition(",")
    if comma and not _is_suffix(after):
        words = [*after.split(), *before.split()]
        family_words = len(before.split())
    else:
        words = contact.name.replace(",", " ").split()
        family_words = 0
    prefix, words, suffix = _without_titles(words)
    given, additional, family = _divided(words, family_words)
    made = with_values(contact, dict(zip(NAME_PARTS, (prefix, given, additional, family, suffix), strict=True)))
    return replace(made, name=name_from_parts(made)) if comma and family_words else made


def _divided(words: list[str], family_words: int) -> tuple[str, str, str]:
    """The given, additional and family names in words; small words before the last one belong to the family name."""
    if len(words) < 2:
        return " ".join(words), "", ""
    at = len(words) - (family_words or 1)
    while not family_words and at > 1 and words[at - 1].casefold() in BEFORE_FAMILY:
        at -= 1
    at = max(1, at)
    return words[0], " ".join(words[1:at]), " ".join(words[at:])


def _without_titles(words: list[str]) -> tuple[str, list[str], str]:
    """The titles before a name, the name, and the suffixes after it; something always remains."""
    first, last = 0, len(words)
    while first < last - 1 and _is_title(words[first]):
        first += 1
    while last > first + 1 and _is_suffix(words[last - 1]):
        last -= 1
    return " ".join(words[:first]), words[first:last], " ".join(words[last:])


def _is_title(word: str) -> bool:
    bare = word.rstrip(".").replace(".", "").casefold()
    return bare in TITLES and (bare not in _ONE_LETTER or word.endswith("."))


def _is_suffix(text: str) -> bool:
    words = text.replace(",", " ").split()
    return bool(words) and all(word.replace(".", "").casefold() in SUFFIXES for word in words)


def joined(contact: Contact) -> Contact:
    """The whole name, made of its parts. Raises InvalidValue if there are none."""
    name = name_from_parts(contact)
    if not name:
        raise InvalidValue("name", "There are no parts to make a name of.")
    return replace(contact, name=name)


def titles_taken_out(contact: Contact) -> Contact:
    """Titles and suffixes go from the given and the family name into fields of their own."""
    if not (contact.given_name or contact.family_name):
        return split(contact) if _has_titles(contact.name) else contact
    follows = contact.name in {"", name_from_parts(contact)}
    prefix, given, _ = _without_titles(contact.given_name.split())
    _, family, suffix = _without_titles(contact.family_name.replace(",", " ").split())
    made = replace(
        contact,
        prefix=" ".join(part for part in (contact.prefix, prefix) if part),
        given_name=" ".join(given) if prefix else contact.given_name,
        family_name=" ".join(family) if suffix else contact.family_name,
        suffix=" ".join(part for part in (suffix, contact.suffix) if part),
    )
    return replace(made, name=name_from_parts(made)) if follows and made != contact else made


def _has_titles(name: str) -> bool:
    prefix, _, suffix = _without_titles(name.replace(",", " ").split())
    return bool(prefix or suffix)
