"""Which contacts are one person: the rule by which an import finds the contact that a row of a file belongs to.

In this order:

1. The same UID (RFC 6350, 6.7.6).
2. The same e-mail address and names that agree. An address alone is no proof: families and offices share one.
3. The same name and the same phone number.
4. Without an address and a number: the same name, and nothing that the contact lacks.

Names agree if one is a form of the other (`Ada`, `King, Ada`, `A. King`, `Dr. Ada Augusta King`, a nickname), if
the given names are one and the family name has changed, and if one side has none. They disagree if the given
names differ, or what tells namesakes apart: Mr and Mrs, Jr. and Sr.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple

from coterie.core.duplicates import is_role, number_key
from coterie.core.model import Contact
from coterie.core.text import email_key, fold, phone_key

_TOKENS: Final = re.compile(r"[^\W_]+")
_APOSTROPHES: Final = re.compile("['’ʼ`´]")
_BRACKETS: Final = re.compile(r"\([^)]*\)|[\"“„][^\"“”]*[\"“”]")
_MALE: Final = frozenset({
    "mr", "mister", "herr", "hr", "monsieur", "senor", "sr", "don", "signor", "sig", "dhr", "pan",
})  # fmt: skip
_FEMALE: Final = frozenset({
    "mrs", "ms", "miss", "frau", "madame", "mme", "mlle", "senora", "sra", "srta", "dona", "signora", "mevr", "pani",
})  # fmt: skip
_TITLES: Final = _MALE | _FEMALE | {
    "dr", "prof", "professor", "doctor", "sir", "dame", "lord", "lady", "rev", "hon", "ing", "dipl", "mag", "med", "mx",
}  # fmt: skip
_DEGREES: Final = re.compile(
    r"(?:[\s,]+(?:ph\.?\s?d|d\.?\s?phil|m\.?\s?d|ll\.?\s?[bmd]|m\.?\s?b\.?\s?a|m\.?\s?sc|b\.?\s?sc|d\.?d\.?s|esq|cpa|pmp|rn)"
    r"\b\.?)+$"
)
_GENERATIONS: Final = {
    "jr": "jr", "junior": "jr", "jun": "jr", "fils": "jr", "sr": "sr", "senior": "sr", "sen": "sr", "pere": "sr",
    "ii": "ii", "iii": "iii", "iv": "iv",
}  # fmt: skip
_PARTICLES: Final = frozenset({
    "de", "van", "der", "den", "von", "vom", "zu", "zum", "la", "le", "du", "del", "della", "di", "da", "dos", "das",
    "do", "bin", "ibn", "al", "el", "ter", "ten", "af", "av", "y",
})  # fmt: skip
_AND: Final = re.compile(r"[&+]|\b(?:and|und|et|och|og|family|familie|famille|familia|famiglia)\b")
_LEGAL_FORMS: Final = frozenset({
    "ltd", "limited", "gmbh", "inc", "incorporated", "llc", "llp", "plc", "corp", "corporation", "sarl", "pty", "kg",
    "ohg", "ug", "bv", "nv", "srl", "spa", "oy", "aps", "sas",
})  # fmt: skip
_MORE_FORMS: Final = _LEGAL_FORMS | {"co", "company", "ag", "sa", "ab", "as", "sl", "ev", "mbh"}
_FURTHER_NAME: Final = "Name (2)"
_URN: Final = "urn:uuid:"
_CAPITALS: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_NO_UIDS: Final = frozenset({"", "0", "-", "none", "null", "n/a", "uid"})
_DIGITS: Final = 3


class Tie(IntEnum):
    """What makes two contacts one; the smaller, the surer."""

    UID = 0
    ADDRESS = 1
    NUMBER = 2


# What two contacts may share -----------------------------------------------------------------------------------------


def uid_key(text: str) -> str:
    """The key by which two UIDs are one; empty for what is no UID. Both databases make the same of a stored one."""
    key = text.strip().translate(_CAPITALS).replace(_URN, "")
    return "" if key in _NO_UIDS else key


def uid_of(contact: Contact) -> str:
    """The key of the contact's UID; empty if it has none."""
    return uid_key(contact.custom.get("UID", "")) if contact.custom else ""


def number_id(norm: str) -> str:
    """The digits by which two numbers (`core.text.phone_key`) are one, with or without the codes before them.

    Empty for what cannot be anybody's number: two digits, or zeros only.
    """
    if key := number_key(norm):
        return key
    return norm if len(norm) >= _DIGITS and norm.strip("0+") else ""


def numbers_of(contact: Contact) -> set[str]:
    """The phone numbers by which the contact can be known, see `number_id`."""
    return {key for phone in contact.phones if (key := number_id(phone_key(phone.number)))}


def name_of(contact: Contact) -> str:
    """The folded name by which the contact is known beside a number."""
    return fold(contact.shown_name)


def tie_between(row: Contact, contact: Contact, *, trust_uid: bool = True) -> Tie | None:
    """What makes `row` and `contact` one; None if they are two people, for all that is known.

    `trust_uid`: whether the same UID is enough. If a file gives several people one UID it says nothing by itself.
    """
    emails = {email_key(email.address) for email in row.emails}
    shared = any(email_key(email.address) in emails for email in contact.emails)
    agree = names_agree(row, contact)
    if (trust_uid or agree) and (uid := uid_of(row)) and uid == uid_of(contact):
        return Tie.UID
    if not agree:
        return None
    if shared:
        return Tie.ADDRESS
    same_number = not numbers_of(row).isdisjoint(numbers_of(contact))
    return Tie.NUMBER if same_number and name_of(row) == name_of(contact) else None


def linked_by(said: Contact, ours: Contact) -> bool:
    """Whether a contact of an account and one of ours are one person without anybody being asked.

    They share an address, and both have names that agree, or neither has one. All else is for the user to judge.
    """
    emails = {email_key(email.address) for email in said.emails}
    if emails.isdisjoint(email_key(email.address) for email in ours.emails):
        return False
    mine, theirs = (contact.name if "@" not in contact.name else "" for contact in (ours, said))
    if not mine or not theirs:
        return not mine and not theirs and name_of(said) == name_of(ours)
    # Without addresses, no name is taken for a mailbox that stands for a missing name.
    return names_agree(replace(said, emails=()), replace(ours, emails=()))


# Names ---------------------------------------------------------------------------------------------------------------


class Name(NamedTuple):
    """A name in its parts, folded.

    Attributes:
        fore: the given names and what stands between them and the family name; the only word of a name of one.
        family: without particles (`de`, `von`).
        gender: `m` for Mr, `f` for Mrs, or empty.
        generation: `jr`, `sr`, `ii` …, or empty.
        is_company: an organization, to be compared as a whole.
        is_several: a couple or a family.
    """

    fore: tuple[str, ...]
    family: tuple[str, ...] = ()
    gender: str = ""
    generation: str = ""
    is_company: bool = False
    is_several: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """All words of the name."""
        return self.fore + self.family


def names_agree(some: Contact, other: Contact) -> bool:
    """Whether two contacts may be one person as far as their names tell."""
    if _is_plainly_same(some, other):
        return True
    mine, theirs = list(_names_of(some)), list(_names_of(other))
    if not mine or not theirs:
        return _companies_agree(some, other)
    return all(any(_agree(a, b) for a in ours for b in others) for ours in mine for others in theirs)


def _is_plainly_same(some: Contact, other: Contact) -> bool:
    if some.name != other.name or some.suffix != other.suffix or some.prefix != other.prefix or not some.name:
        return False
    return _FURTHER_NAME not in some.custom and _FURTHER_NAME not in other.custom


def _companies_agree(some: Contact, other: Contact) -> bool:
    """Whether nobody is named on one side at least, and the companies do not speak against it."""
    if (some.name and not is_company(some)) or (other.name and not is_company(other)):
        return True
    mine, theirs = (read_company(contact.name or contact.company) for contact in (some, other))
    return not mine.words or not theirs.words or _same_company(mine, theirs)


def is_company(contact: Contact) -> bool:
    """Whether the contact stands for an organization, as far as its name tells."""
    if not contact.name:
        return bool(contact.company)
    return fold(contact.name) == fold(contact.company) or read_name(contact.name).is_company


def _names_of(contact: Contact) -> Iterator[list[Name]]:
    """The ways to read each of the contact's names: its own, and those that were put beside it by merging."""
    if own := list(_own_names(contact)):
        yield own
    number = 2
    while further := contact.custom.get(f"Name ({number})"):
        if not _is_address(further, contact) and (name := read_name(further)).words:
            yield [name]
        number += 1


def _own_names(contact: Contact) -> Iterator[Name]:
    if _is_no_name(contact):
        return
    if contact.name and fold(contact.name) == fold(contact.company):
        yield read_company(contact.name)
        return
    whole = read_name(contact.name)
    parts = _name_of_parts(
        contact.prefix, contact.given_name, contact.additional_names, contact.family_name, contact.suffix
    )
    gender, generation = parts.gender or whole.gender, parts.generation or whole.generation
    if not parts.words or whole.is_company or whole.is_several:
        own = [whole._replace(gender=gender, generation=generation)]
    elif set(parts.words) <= set(whole.words):
        own = [parts._replace(gender=gender, generation=generation)]
    else:
        own = [parts, whole] if whole.words else [parts]
    yield from (name for name in own if name.words)
    if contact.nickname and (called := _words(contact.nickname)):
        yield own[0]._replace(fore=called)


def _is_no_name(contact: Contact) -> bool:
    """Whether there is no name, or an address stands for it."""
    if not contact.name:
        return not (contact.given_name or contact.family_name)
    return _is_address(contact.name, contact)


def _is_address(name: str, contact: Contact) -> bool:
    """Whether an address stands for the name, or what stands before the @ of one, as mail programs have it."""
    key = email_key(name)
    boxes = [email_key(email.address).partition("@")[0] for email in contact.emails]
    return "@" in key or (key in boxes and not is_role(key))


@lru_cache(1 << 14)
def read_name(text: str) -> Name:
    """A name as it is written, in its parts: `King, Ada`, `Dr. Ada King Jr.`, `Acme Ltd`."""
    folded = _DEGREES.sub("", _BRACKETS.sub(" ", fold(text)) or fold(text))
    if folded and (words := _words(folded)) and words[-1] in _LEGAL_FORMS:
        return read_company(text)
    if _AND.search(folded):
        return Name(_words(_AND.sub(" ", folded)), is_several=True)
    first, comma, rest = folded.partition(",")
    if comma and not _is_suffix(rest):
        return _name_of_parts("", rest, "", first, "")
    words, gender, generation = _without_titles(_words(folded))
    names = tuple(word for word in words if word not in _PARTICLES) or words
    if len(names) < 2:
        return Name(names, (), gender, generation)
    return Name(names[:-1], names[-1:], gender, generation)


@lru_cache(1 << 14)
def read_company(text: str) -> Name:
    """The name of an organization, without its legal form."""
    words = _words(text)
    return Name(tuple(word for word in words if word not in _MORE_FORMS) or words, is_company=True)


@lru_cache(1 << 14)
def _name_of_parts(prefix: str, given: str, middle: str, family: str, suffix: str) -> Name:
    fore, gender, generation = _without_titles(_words(f"{given} {middle}"))
    last, _, other = _without_titles(_words(_DEGREES.sub("", fold(family))))
    if prefix:
        gender = _without_titles((*_words(prefix), "x"))[1] or gender
    if suffix:
        other = _without_titles(("x", *_words(suffix)))[2] or other
    names = tuple(word for word in last if word not in _PARTICLES) or last
    fore = tuple(word for word in fore if word not in _PARTICLES) or fore
    return Name(fore, names, gender, generation or other) if fore else Name(names, (), gender, generation or other)


def _words(text: str) -> tuple[str, ...]:
    """The folded words of a name; `ä` and `ae` are one."""
    folded = _APOSTROPHES.sub("", fold(text))
    return tuple(
        word.replace("ae", "a").replace("oe", "o").replace("ue", "u") or word for word in _TOKENS.findall(folded)
    )


def _without_titles(words: Sequence[str]) -> tuple[tuple[str, ...], str, str]:
    """The words without the titles before them and the generation after them; the gender, the generation."""
    gender = generation = ""
    rest = list(words)
    while len(rest) > 1 and rest[0] in _TITLES:
        title = rest.pop(0)
        gender = "m" if title in _MALE else "f" if title in _FEMALE else gender
    while len(rest) > 1 and rest[-1] in _GENERATIONS:
        generation = _GENERATIONS[rest.pop()]
    return tuple(rest), gender, generation


def _is_suffix(text: str) -> bool:
    words = _words(text)
    return all(word in _GENERATIONS or word in _LEGAL_FORMS for word in words)


def _agree(some: Name, other: Name) -> bool:
    """Whether one name is a form of the other, or the same person's under another family name."""
    if some.is_company or other.is_company:
        return _same_company(some, other)
    if some.generation != other.generation or (some.gender and other.gender and some.gender != other.gender):
        return False
    if sorted(some.words) == sorted(other.words) or "".join(some.words) == "".join(other.words):
        return True
    if some.is_several or other.is_several:
        return False
    if not some.family or not other.family:
        return _is_part(some, other) or _is_part(other, some)
    return _persons_agree(some, other) or _persons_agree(other, some)


def _same_company(some: Name, other: Name) -> bool:
    """Whether two organizations are one: `Acme`, `Acme Ltd`; of two that say so, one may say more (`Acme London`)."""
    if some.words == other.words:
        return True
    if not (some.is_company and other.is_company):
        return False
    short, long = sorted((some.words, other.words), key=len)
    return bool(short) and long[: len(short)] == short


def _is_part(name: Name, whole: Name) -> bool:
    """Whether a name of one word stands for another name: its given name, its family name or its initials."""
    if name.family:
        return False
    if len(name.fore) > 1:
        return name.fore == whole.fore[: len(name.fore)]
    word = name.fore[0] if name.fore else ""
    if word == whole.fore[0] or (len(word) == 1 and whole.fore[0].startswith(word) and not whole.family):
        return True
    if word in whole.family:
        return not name.gender or name.gender == whole.gender
    return len(word) > 1 and word == "".join(part[0] for part in whole.words)


def _persons_agree(some: Name, other: Name) -> bool:
    """Whether two whole names are one person's; `some` may be the one that says less."""
    same_family = not set(some.family).isdisjoint(other.family)
    if some.fore[0] == other.fore[0] and len(some.fore[0]) > 1:
        return not same_family or _middles_agree(some.fore[1:], other.fore[1:])
    if "".join(some.fore) == "".join(other.fore):
        return True
    if len(some.words) > 1 and other.fore[0] in some.words and set(some.words) < set(other.words):
        return True  # the family name first
    if not same_family:
        return False
    if len(some.fore[0]) == 1 and len(some.fore) > 1 and some.fore[1:] == other.fore:
        return True  # J. Edgar Hoover is called Edgar
    if len(some.fore) == 1 and len(some.fore[0]) > 1 and some.fore[0] == "".join(part[0] for part in other.fore):
        return True  # JRR Tolkien
    return _is_form(some.fore[0], other.fore[0]) and _middles_agree(some.fore[1:], other.fore[1:])


def _middles_agree(some: Iterable[str], other: Iterable[str]) -> bool:
    return all(_is_form(a, b) for a, b in zip(some, other, strict=False))


def _is_form(some: str, other: str) -> bool:
    """Whether two given names are one, or one is the initial of the other."""
    short, long = sorted((some, other), key=len)
    return some == other or (len(short) == 1 and long.startswith(short))
