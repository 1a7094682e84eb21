"""Names and their parts, which follow each other."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from coterie.core.fields.kinds import Line
from coterie.core.fields.values import with_value, with_values
from coterie.core.model import Contact
from coterie.core.text import clean_line, fold

NAME_PARTS: Final = ("prefix", "given_name", "additional_names", "family_name", "suffix")


def name_from_parts(contact: Contact) -> str:
    """The display name that the name parts make, in Western order; empty if there are none."""
    return " ".join(part for key in NAME_PARTS if (part := getattr(contact, key)))


def parts_of_name(name: str) -> dict[str, str]:
    """The parts that are guessed if only the whole name is known: the family name is its last word."""
    given, _, family = name.rpartition(" ")
    return {"given_name": given, "family_name": family} if given else {"given_name": family} if family else {}


def renamed(contact: Contact, text: str) -> Contact:
    """Set the display name; parts that made up the old one follow it, parts that say something else stay.

    If some of as many words as before change, each part keeps as many as it had: “van der Berg” stays a family name.
    """
    name = clean_line(text)
    if name_from_parts(contact) not in {"", contact.name}:
        return replace(contact, name=name)
    words = name.split()
    if _are_alike(words, contact.name.split()):
        return with_values(contact, {"name": name} | _word_for_word(contact, words))
    given, _, family = name.rpartition(" ")
    return replace(contact, name=name, prefix="", given_name=given or family, additional_names="",
                   family_name=family if given else "", suffix="")  # fmt: skip


def _are_alike(words: list[str], before: list[str]) -> bool:
    """Whether a name is the one before with other letters in half of its words at most; case does not count."""
    if len(words) != len(before):
        return False
    same = sum(fold(word) == fold(old) for word, old in zip(words, before, strict=True))
    return 0 < len(words) <= 2 * same


def _word_for_word(contact: Contact, words: list[str]) -> dict[str, str]:
    """The parts of the name with these words in the places of their own."""
    parts, at = {}, 0
    for key in NAME_PARTS:
        count = len(getattr(contact, key).split())
        parts[key] = " ".join(words[at : at + count])
        at += count
    return parts


class Name(Line):
    """The display name; parts that made up the old one follow it."""

    def write(self, contact: Contact, key: str, text: str) -> Contact:
        """See `renamed`."""
        return renamed(contact, text)


class NamePart(Line):
    """A part of the name; a display name that was made of the parts follows."""

    def write(self, contact: Contact, key: str, text: str) -> Contact:
        """The part, and the name that it makes."""
        changed = with_value(contact, key, clean_line(text))
        if contact.name in {"", name_from_parts(contact)}:
            return replace(changed, name=name_from_parts(changed))
        return changed
