"""The words that a heading is made of: how they are compared, and what words.txt says that they mean together.

A heading is understood only if each of its words is. Misspelled words are tried last.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

from coterie.core.text import fold
from coterie.core.transfer.csv.targets import CUSTOM

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_IDENTIFIER: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_LETTER_DIGIT: Final = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_E_MAIL: Final = re.compile(r"\be mail")
DAMAGED: Final = "\ufffd"
# The longest phrase of words.txt, in words.
_PHRASE: Final = 5
# Compounds are only taken apart into pieces of this length; scripts without blanks need one character.
_PIECE: Final = 3
_LINKS: Final = ("", "s", "n", "en", "es", "e")

_LABELS: Final = {"WORK": "work", "HOME": "home", "OTHER": "other", "BILLING": "billing", "SHIPPING": "shipping"}
_LABEL_CONCEPTS: Final = frozenset({*_LABELS, "MOBILE", "FAX", "PAGER", "PHONE", "EMAIL", "FILLER"})
_NEUTRAL: Final = frozenset({"FILLER", "MAILING"})
# What a set of concepts, without labels and words that change nothing, makes a column.
_RULES: Final[dict[frozenset[str], str]] = {
    frozenset(concepts.split()): target
    for concepts, target in {
        "EMAIL": "email", "EMAIL ADDRESS": "email", "EMAIL COMPANY": "email:work",
        "EMAIL ADDRESS COMPANY": "email:work",
        "PHONE": "phone", "MOBILE": "phone:mobile", "PHONE MOBILE": "phone:mobile", "FAX": "phone:fax",
        "PHONE FAX": "phone:fax", "FAX COMPANY": "phone:work fax", "PHONE FAX COMPANY": "phone:work fax",
        "PAGER": "phone:pager", "PHONE PAGER": "phone:pager", "PHONE COMPANY": "phone:work",
        "MOBILE COMPANY": "phone:mobile", "PHONE ADDRESS": "other_phone",
        "EMAIL KIND": "default", "EMAIL ADDRESS KIND": "default", "EMAIL DISPLAY": "email_name",
        "EMAIL ADDRESS DISPLAY": "email_name", "DISPLAY": "name",
        "NAME": "name?", "FULL": "name", "NAME FULL": "name", "GIVEN": "given_name", "FAMILY": "family_name",
        "FIRST": "given_name", "LAST": "family_name", "MIDDLE": "additional_names", "NAME MIDDLE": "additional_names",
        "NICK": "nickname", "NICK NAME": "nickname", "PREFIX": "prefix", "SUFFIX": "suffix", "PREFIX TITLE": "prefix",
        "COMPANY": "company", "COMPANY NAME": "company", "DEPARTMENT": "department", "DEPARTMENT NAME": "department",
        "DEPARTMENT COMPANY": "department", "JOB": "job_title", "JOB TITLE": "job_title", "TITLE": "title?",
        "TITLE COMPANY": "job_title", "JOB COMPANY": "job_title", "ROLE": "role?", "ROLE JOB": "job_title",
        "ROLE COMPANY": "job_title",
        "ADDRESS": "address", "STREET": "street", "STREET ADDRESS": "street", "CITY": "city", "CITY ADDRESS": "city",
        "REGION": "region", "REGION ADDRESS": "region", "POSTAL": "postal_code", "POSTAL ADDRESS": "postal_code",
        "COUNTRY": "country", "COUNTRY ADDRESS": "country", "COUNTRY REGION": "country", "POBOX": "po_box",
        "HOUSE": "house_number", "HOUSE ADDRESS": "house_number",
        "POBOX ADDRESS": "po_box", "ADDRESS COMPANY": "address:work", "STREET COMPANY": "street:work",
        "CITY COMPANY": "city:work", "REGION COMPANY": "region:work", "POSTAL COMPANY": "postal_code:work",
        "COUNTRY COMPANY": "country:work", "STREET ADDRESS COMPANY": "street:work",
        "URL": "url", "URL COMPANY": "url:work", "URL ADDRESS": "url", "BIRTHDAY": "birthday", "NOTES": "notes",
        "GROUPS": "groups", "GROUPS NAME": "groups", "EMAIL GROUPS": "groups", "FAVORITE": "favorite",
    }.items()
}  # fmt: skip
# Targets to which a label of the heading (work, home) is added.
_LABELLED: Final = frozenset(
    {"email", "phone", "address", "street", "city", "region", "postal_code", "country", "po_box", "url", "house_number"}
)
# The words near which a misspelling is looked for, with their targets.
_SPELLED: Final = {
    "name": "name?", "email": "email", "phone": "phone", "mobile": "phone:mobile", "company": "company",
    "address": "address",
    "telephone": "phone", "firstname": "given_name", "lastname": "family_name", "surname": "family_name",
    "notes": "notes",
    "organization": "company", "title": "title?", "jobtitle": "job_title", "birthday": "birthday", "website": "url",
    "nombre": "name?", "correo": "email", "telefono": "phone", "empresa": "company", "prenom": "given_name",
    "vorname": "given_name", "nachname": "family_name", "telefon": "phone", "firma": "company",
    "apellidos": "family_name",
    "emailaddress": "email", "phonenumber": "phone", "fullname": "name", "department": "department",
}  # fmt: skip


@cache
def heading_key(heading: str) -> str:
    """`heading` for comparing: words without case, accents and punctuation, `firstName` and `first_name` alike."""
    text = heading.strip().replace("〒", "郵便番号")
    if _IDENTIFIER.fullmatch(text):
        text = _CAMEL.sub(" ", text)
    text = fold(text)
    text = "".join(char if char == DAMAGED or unicodedata.category(char)[0] in "LMN" else " " for char in text)
    words = " ".join(_LETTER_DIGIT.sub(" ", text).split())
    return _E_MAIL.sub("email", words) if "mail" in words else words


def without_numbers(key: str) -> str:
    """A heading key without its numbers: `email 2 address` becomes `email address`."""
    return " ".join(word for word in key.split() if not word.isdigit())


@cache
def _words() -> dict[str, str]:
    """words.txt: word or phrase -> concept."""
    table: dict[str, str] = {}
    for line in files(__package__).joinpath("words.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            concept, _, words = line.partition(":")
            for word in words.split("|"):
                table.setdefault(heading_key(word), concept)
    return table


@cache
def is_label(text: str) -> bool:
    """Whether `text` is a usual label of an address or a number: `Home`, `Mobil`, `Fax (work)`."""
    concepts = set(_concepts(heading_key(text).split()) or ())
    return (concepts <= _LABEL_CONCEPTS and not concepts <= {"FILLER", "PHONE", "EMAIL"}) or text.casefold() == "main"


def from_words(key: str) -> str:
    """What the words of a heading make of it; empty if one of them is not known or they make no rule."""
    words = without_numbers(key).split()
    if not words or len(words) > 12:
        return ""
    concepts = _concepts(words)
    if concepts is None:
        return _misspelled("".join(words)) if len(words) <= 2 else ""
    if "STRANGER" in concepts:
        return CUSTOM
    labels = [_LABELS[concept] for concept in concepts if concept in _LABELS]
    core = frozenset(concepts).difference(_NEUTRAL, _LABELS)
    if core <= {"FIRST", "LAST"} and len(concepts) > 1:  # "Last contact" is no name
        return ""
    target = _RULES.get(core, "")
    if not target and core == {"EMAIL", "NAME"}:
        return "email_name"
    if target == "title?" and labels == ["work"]:
        return "job_title"
    if target == "name?" and labels:
        return "company" if labels == ["work"] else ""
    if any(map(str.isdigit, key)):  # the lines of an address
        target = target.replace("address", "street")
    if labels and target.partition(":")[0] in _LABELLED:
        base, _, kind = target.partition(":")
        label = labels[0] if not kind or kind == labels[0] or kind == "work" else f"{labels[0]} {kind}"
        return f"{base}:{label if kind != 'mobile' else 'mobile'}"
    return target


def _concepts(words: list[str]) -> list[str] | None:
    """The concepts of `words`, longest phrases first; None if a word is not known."""
    table = _words()
    concepts: list[str] = []
    place = 0
    while place < len(words):
        for length in range(min(_PHRASE, len(words) - place), 0, -1):
            phrase = " ".join(words[place : place + length])
            if phrase in table:
                concepts.append(table[phrase])
                place += length
                break
        else:
            pieces = _taken_apart(words[place])
            if pieces is None:
                return None
            concepts += pieces
            place += 1
    return concepts


@cache
def _taken_apart(word: str) -> list[str] | None:
    """The concepts of a compound (telefonnummer, 公司电话), or None if a piece of it is not known."""
    table = _words()
    shortest = (
        _PIECE if word.isascii() or unicodedata.name(word[0], "").startswith(("LATIN", "CYRILLIC", "GREEK")) else 1
    )
    if len(word) < 2 * shortest:
        return None
    for cut in range(len(word) - shortest, shortest - 1, -1):
        head, tail = word[:cut], word[cut:]
        concept = next(
            (table[stem] for link in _LINKS if (stem := head.removesuffix(link)) in table and head.endswith(link)), None
        )
        if concept is None:
            continue
        if tail in table:
            return [concept, table[tail]]
        if (more := _taken_apart(tail)) is not None:
            return [concept, *more]
    return None


def _misspelled(word: str) -> str:
    """What `word` means if one letter of it is wrong, missing, too many or exchanged; empty if that is not clear."""
    if len(word) < 4 or not word.isascii():
        return ""
    targets = {
        target for spelled, target in _SPELLED.items() if abs(len(spelled) - len(word)) < 2 and _one_slip(word, spelled)
    }
    return targets.pop() if len(targets) == 1 else ""


def _one_slip(word: str, correct: str) -> bool:
    """Whether `word` is `correct` with one letter changed, left out, put in, or exchanged with its neighbor."""
    start = 0
    while start < min(len(word), len(correct)) and word[start] == correct[start]:
        start += 1
    rest, right = word[start:], correct[start:]
    return (
        rest[1:] == right[1:]
        or rest[1:] == right
        or rest == right[1:]
        or (rest[:2] == right[1::-1] and len(right) > 1 and rest[2:] == right[2:])
    )
