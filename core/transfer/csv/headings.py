"""What a heading means, in any language that headings.txt and words.txt know.

Three ways, the surest first: the headings of known exports (headings.txt), Google's numbered groups, and the words
that a heading is made of (`words.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from coterie.core.transfer.csv.languages import LANGUAGES
from coterie.core.transfer.csv.targets import CUSTOM, IGNORE
from coterie.core.transfer.csv.words import DAMAGED, from_words, heading_key, without_numbers
from coterie.core.transfer.ldap import PASSED_OVER, TARGETS, is_directory

_NUMBERED: Final = re.compile(r"(.+?) (\d+) (.+)")
_KEY_AND_VALUE: Final = re.compile(r"custom (key|value) (\d+)")  # Google's shared contacts
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

# The same groups of programs that translate their headings: `Téléphone 1 - Valeur`, `Электронная почта 1 – Тип`.
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

DIRECTORY: Final = "ldap"
"""The vocabulary of tables whose headings are attributes of a directory."""

# A program's own vocabulary counts only with this many headings that nobody else writes.
_OWN_HEADINGS: Final = 3


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


def vocabulary_of(headings: Iterable[str]) -> str:
    """The vocabulary (a language, or a program's own) in which most of `headings` stand; `en` if none does."""
    headings = list(headings)
    if is_directory(headings):
        return DIRECTORY
    votes: Counter[str] = Counter()
    own: Counter[str] = Counter()
    for heading in headings:
        targets = _exact(heading)
        for vocabulary in targets:
            # A heading of few vocabularies says more than one that all share.
            votes[vocabulary] += 1000 + 1000 // len(targets)
        if len(targets) == 1 and " " in heading_key(heading):
            own.update(list(targets))
    for vocabulary in list(votes):
        if vocabulary not in LANGUAGES and own[vocabulary] < _OWN_HEADINGS:
            del votes[vocabulary]
    if not votes:
        return "en"
    most = max(votes.values())
    best = [vocabulary for vocabulary, count in votes.items() if count == most]
    return "en" if "en" in best else min(best)


def count_in(headings: Iterable[str], vocabulary: str) -> int:
    """How many of `headings` stand in that vocabulary."""
    return sum(1 for heading in headings if vocabulary in _exact(heading))


def _exact(heading: str) -> Mapping[str, str]:
    key = heading_key(heading)
    table = _vocabularies()
    if DAMAGED in key:
        return _repaired(key)
    return table.get(key) or table.get(without_numbers(key)) or {}


def _repaired(key: str) -> Mapping[str, str]:
    """The entry for a heading with damaged characters, each of which may stand for one letter or two."""
    pattern = re.compile("".join(r"\w{1,3}" if char == DAMAGED else re.escape(char) for char in without_numbers(key)))
    return next((targets for entry, targets in _vocabularies().items() if pattern.fullmatch(entry)), {})


def target_of(heading: str, vocabulary: str = "en") -> str:
    """What `heading` means; empty if that is not known.

    Args:
        heading: as it stands in the file.
        vocabulary: the one that the file's headings are in; others are asked only if it does not know the heading.

    Besides the keys of `targets`, `name?`, `title?`, `role?`, `job?`, `family?` and `name_weak` come back if the
    other columns decide.
    """
    key = heading_key(heading)
    if not key:
        return ""
    if vocabulary == DIRECTORY and (attribute := heading.strip().lower()) in TARGETS.keys() | PASSED_OVER:
        return TARGETS.get(attribute, IGNORE)
    if google := google_target(heading):
        return google
    targets = _exact(heading)
    if targets:
        target = targets.get(vocabulary) or targets.get("en") or Counter(targets.values()).most_common(1)[0][0]
        return target.replace("address", "street") if any(map(str.isdigit, key)) else target
    return from_words(key)


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
    """The heading keys of words that are separated by `|`."""
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
    """Which values a column has the labels of: `email` for “Email Type”, empty for “Type”, None for other headings."""
    words = without_numbers(heading_key(heading)).split()
    rest = [word for word in words if word not in _keys(_KIND_WORDS)]
    if len(rest) == len(words):
        return None
    meant = target_of(" ".join(rest)).partition(":")[0]
    group = "address" if meant == "street" else meant
    return group if group in {"", "email", "phone", "url", "address"} and (group or not rest) else None


def names_labels(heading: str) -> bool:
    """Whether a heading says “label” and not only “type”, which may be a type of anything."""
    return not _keys(_LABEL_WORDS).isdisjoint(heading_key(heading).split())
