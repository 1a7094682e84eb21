"""What a heading means, in any language that headings.txt and words.txt know.

Three ways, the surest first: the headings of known exports (headings.txt), Google's numbered groups, and the words
that a heading is made of (words.txt), which is understood only when each of its words is. A misspelt word comes last.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from coterie.core.text import fold
from coterie.core.transfer.csv.languages import LANGUAGES
from coterie.core.transfer.csv.targets import CUSTOM, IGNORE
from coterie.core.transfer.ldap import PASSED_OVER, TARGETS, is_directory

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_IDENTIFIER: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_LETTER_DIGIT: Final = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_NUMBERED: Final = re.compile(r"(.+?) (\d+) (.+)")
_KEY_AND_VALUE: Final = re.compile(r"custom (key|value) (\d+)")  # Google's shared contacts
_E_MAIL: Final = re.compile(r"\be mail")
_DAMAGED: Final = "\ufffd"
# The longest phrase of words.txt, in words.
_PHRASE: Final = 5
# Compounds are only taken apart into pieces of this length; scripts without blanks need one character.
_PIECE: Final = 3
_LINKS: Final = ("", "s", "n", "en", "es", "e")

_GOOGLE_GROUPS: Final[dict[str, dict[str, str]]] = {
    "email": {"value": "email", "type": "email_label", "label": "email_label"},
    "phone": {"value": "phone", "type": "phone_label", "label": "phone_label"},
    "website": {"value": "url", "type": "url_label", "label": "url_label"},
    "address": {
        "type": "address_label", "label": "address_label", "formatted": "address", "street": "street", "city": "city",
        "po box": "po_box", "region": "region", "postal code": "postal_code", "country": "country",
        "extended address": "extended",
    },
    "organization": {"name": "company", "title": "job_title", "department": "department"},
    "section": {
        "description": "address_label", "email": "email", "phone": "phone", "mobile": "phone:mobile",
        "pager": "phone:pager",
        "fax": "phone:fax", "company": "company", "title": "job_title", "address": "address",
    },
    "relation": {"value": "relation", "type": "relation_label", "label": "relation_label"},
    "event": {"value": "event", "type": "event_label", "label": "event_label"},
    "im": {
        "value": "im", "username": "im", "service": "im_label", "protocol": "im_label", "type": "im_kind_label",
        "label": "im_kind_label",
    },
    "custom field": {"value": CUSTOM, "type": "custom_label", "label": "custom_label", "key": "custom_label"},
}  # fmt: skip

# The same groups where the program translates its headings: `Téléphone 1 - Valeur`, `Электронная почта 1 – Тип`.
_TRANSLATED: Final = re.compile(r"(.+?)\s*(\d+)\s+[-–—]\s+(.+)")
_GROUP_OF: Final = {
    "email": "email", "phone": "phone", "url": "website", "address": "address", "company": "organization",
    "custom": "custom field",
}  # fmt: skip
_VALUE_WORDS: Final = (
    "value|valeur|valor|valore|wert|waarde|varde|verdi|vaerdi|arvo|wartosc|hodnota|ertek|valoare|deger|значение|значення|τιμη|ערך|"
    "القيمة|値|值|값"
)
_LABEL_WORDS: Final = (
    "label|libelle|bezeichnung|etikett|etiqueta|etichetta|marcador|etykieta|stitek|cimke|eticheta|etiket|ярлык|мітка|ετικετα|תווית|"
    "ラベル|标签|標籤|라벨"
)
_KIND_WORDS: Final = f"{_LABEL_WORDS}|type|typ|tipo|turu|tyyppi|rodzaj|tipus|тип|種類|タイプ|유형|类型|類型"

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
        "POBOX ADDRESS": "po_box", "ADDRESS COMPANY": "address:work", "STREET COMPANY": "street:work",
        "CITY COMPANY": "city:work", "REGION COMPANY": "region:work", "POSTAL COMPANY": "postal_code:work",
        "COUNTRY COMPANY": "country:work", "STREET ADDRESS COMPANY": "street:work",
        "URL": "url", "URL COMPANY": "url:work", "URL ADDRESS": "url", "BIRTHDAY": "birthday", "NOTES": "notes",
        "GROUPS": "groups", "GROUPS NAME": "groups", "EMAIL GROUPS": "groups", "FAVORITE": "favorite",
    }.items()
}  # fmt: skip
# Targets to which a label of the heading (work, home) is added.
_LABELLED: Final = frozenset(
    {"email", "phone", "address", "street", "city", "region", "postal_code", "country", "po_box", "url"}
)
# The words near which a misspelling is looked for, with their targets.
_SPELT: Final = {
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

DIRECTORY: Final = "ldap"
"""The vocabulary of tables whose headings are attributes of a directory."""

# A program's own vocabulary counts from so many headings that nobody else writes.
_OWN_HEADINGS: Final = 3


@cache
def heading_key(heading: str) -> str:
    """`heading` for comparing: words without case, accents and punctuation, `firstName` and `first_name` alike."""
    text = heading.strip().replace("〒", "郵便番号")
    if _IDENTIFIER.fullmatch(text):
        text = _CAMEL.sub(" ", text)
    text = fold(text)
    text = "".join(char if char == _DAMAGED or unicodedata.category(char)[0] in "LMN" else " " for char in text)
    words = " ".join(_LETTER_DIGIT.sub(" ", text).split())
    return _E_MAIL.sub("email", words) if "mail" in words else words


def without_numbers(key: str) -> str:
    """A heading key without its numbers: `email 2 address` becomes `email address`."""
    return " ".join(word for word in key.split() if not word.isdigit())


@cache
def _vocabularies() -> dict[str, dict[str, str]]:
    """headings.txt: heading key -> vocabulary -> target."""
    table: dict[str, dict[str, str]] = {}
    vocabulary = ""
    for line in files(__package__).joinpath("headings.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            vocabulary = line.strip("[]")
        elif line and not line.startswith("#"):
            target, _, headings = line.partition(" = ")
            for heading in headings.split(" | "):
                key = heading_key(heading)
                # "2. Vorname" is another column than "Vorname"; elsewhere the number only counts.
                key = key if key[:1].isdigit() else without_numbers(key)
                table.setdefault(key, {}).setdefault(vocabulary, target)
    return table


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


def vocabulary_of(headings: Iterable[str]) -> str:
    """The vocabulary (a language, or a program's own) in which most of `headings` stand; `en` where none does."""
    headings = list(headings)
    if is_directory(headings):
        return DIRECTORY
    votes: Counter[str] = Counter()
    own: Counter[str] = Counter()
    for heading in headings:
        found = _exact(heading)
        for vocabulary in found:
            # A heading that few know says more than one that all share.
            votes[vocabulary] += 1000 + 1000 // len(found)
        if len(found) == 1 and " " in heading_key(heading):
            own.update(list(found))
    for vocabulary in list(votes):
        if vocabulary not in LANGUAGES and own[vocabulary] < _OWN_HEADINGS:
            del votes[vocabulary]
    if not votes:
        return "en"
    most = max(votes.values())
    best = [vocabulary for vocabulary, count in votes.items() if count == most]
    return "en" if "en" in best else min(best)


def known_in(headings: Iterable[str], vocabulary: str) -> int:
    """How many of `headings` stand in that vocabulary."""
    return sum(1 for heading in headings if vocabulary in _exact(heading))


def _exact(heading: str) -> Mapping[str, str]:
    key = heading_key(heading)
    table = _vocabularies()
    if _DAMAGED in key:
        return _repaired(key)
    return table.get(key) or table.get(without_numbers(key)) or {}


def _repaired(key: str) -> Mapping[str, str]:
    """The entry for a heading with damaged characters, each of which may stand for one letter or two."""
    pattern = re.compile("".join(r"\w{1,3}" if char == _DAMAGED else re.escape(char) for char in without_numbers(key)))
    return next((found for known, found in _vocabularies().items() if pattern.fullmatch(known)), {})


def target_of(heading: str, vocabulary: str = "en") -> str:
    """What `heading` means; empty where that is not known.

    Args:
        heading: as it stands in the file.
        vocabulary: the one that the file's headings are in; others are asked only where it does not know the heading.

    Besides the keys of `targets`, `name?`, `title?`, `role?`, `job?`, `family?` and `name_weak` come back where the
    other columns decide.
    """
    key = heading_key(heading)
    if not key:
        return ""
    if vocabulary == DIRECTORY and (attribute := heading.strip().lower()) in TARGETS.keys() | PASSED_OVER:
        return TARGETS.get(attribute, IGNORE)
    if google := google_target(heading):
        return google
    found = _exact(heading)
    if found:
        target = found.get(vocabulary) or found.get("en") or Counter(found.values()).most_common(1)[0][0]
        return target.replace("address", "street") if any(map(str.isdigit, key)) else target
    return _from_words(key)


def google_target(heading: str) -> str:
    """What a column of Google's numbered groups means (`E-mail 2 - Value` is `email#2`); empty for other headings."""
    parts = _TRANSLATED.fullmatch(heading.strip())
    if parts is None:
        pair = _KEY_AND_VALUE.fullmatch(heading_key(heading))
        return f"{_GOOGLE_GROUPS['custom field'][pair[1]]}#{pair[2]}" if pair else ""
    match = _NUMBERED.fullmatch(heading_key(heading))
    group = _GOOGLE_GROUPS.get(match[1], {}) if match else {}
    if match is not None and match[3] in group:
        return f"{group[match[3]]}#{match[2]}"
    return _translated(*parts.groups()) or (f"{CUSTOM}#{match[2]}" if match and group else "")


@cache
def _keys(words: str) -> frozenset[str]:
    """The heading keys of words that are parted by `|`."""
    return frozenset(map(heading_key, words.split("|")))


def _translated(group: str, number: str, part: str) -> str:
    """The same for a group in another language: only its values and labels are looked for, and an address's parts."""
    meant = target_of(group).partition(":")[0]
    name = _GROUP_OF.get("address" if meant == "street" else meant)
    if name is None:
        return ""
    key = heading_key(part)
    if key in _keys(_VALUE_WORDS):
        word = "value"
    elif key in _keys(_KIND_WORDS):
        word = "label"
    elif name == "address":
        meant = target_of(part).partition(":")[0]
        return f"{meant}#{number}" if meant in _GOOGLE_GROUPS["address"].values() else ""
    else:
        return ""
    target = _GOOGLE_GROUPS[name].get(word)
    return f"{target}#{number}" if target else ""


def label_group(heading: str) -> str | None:
    """Of which values a heading promises the labels: “Email Type” gives `email`, “Type” an empty text; else None."""
    words = without_numbers(heading_key(heading)).split()
    rest = [word for word in words if word not in _keys(_KIND_WORDS)]
    if len(rest) == len(words):
        return None
    meant = target_of(" ".join(rest)).partition(":")[0]
    group = "address" if meant == "street" else meant
    return group if group in {"", "email", "phone", "url", "address"} and (group or not rest) else None


def names_labels(heading: str) -> bool:
    """Whether a heading says “label” and not only “type”, which may be any."""
    return not _keys(_LABEL_WORDS).isdisjoint(heading_key(heading).split())


@cache
def is_label(text: str) -> bool:
    """Whether `text` is a usual label of an address or a number: `Home`, `Mobil`, `Fax (work)`."""
    concepts = set(_concepts(heading_key(text).split()) or ())
    return (concepts <= _LABEL_CONCEPTS and not concepts <= {"FILLER", "PHONE", "EMAIL"}) or text.casefold() == "main"


def _from_words(key: str) -> str:
    """What the words of a heading make of it; empty where one of them is not known or they make no rule."""
    words = without_numbers(key).split()
    if not words or len(words) > 12:
        return ""
    concepts = _concepts(words)
    if concepts is None:
        return _misspelt("".join(words)) if len(words) <= 2 else ""
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
    """The concepts of `words`, longest phrases first; None where a word is not known."""
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
    """The concepts of a compound (telefonnummer, 公司电话), or None where a piece of it is not known."""
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


def _misspelt(word: str) -> str:
    """What `word` means if one letter of it is wrong, missing, too many or exchanged; empty where that is not clear."""
    if len(word) < 4 or not word.isascii():
        return ""
    found = {target for known, target in _SPELT.items() if abs(len(known) - len(word)) < 2 and _one_slip(word, known)}
    return found.pop() if len(found) == 1 else ""


def _one_slip(word: str, known: str) -> bool:
    """Whether `word` is `known` with one letter changed, left out, put in, or exchanged with its neighbour."""
    start = 0
    while start < min(len(word), len(known)) and word[start] == known[start]:
        start += 1
    rest, right = word[start:], known[start:]
    return (
        rest[1:] == right[1:]
        or rest[1:] == right
        or rest == right[1:]
        or (rest[:2] == right[1::-1] and len(right) > 1 and rest[2:] == right[2:])
    )
