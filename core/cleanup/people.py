"""Whether a contact is a person, and which words are given names and which are family names.

The book itself is the best witness: a word that is a given name again and again and hardly ever a family name is one.
For small books some hundred common names are known besides (`names.txt`), of which none is both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

from coterie.core.identity import is_company, read_name
from coterie.core.model import Contact
from coterie.core.text import fold

_OFTEN: Final = 3
"""So often must a word have been seen before the book is a witness."""
_MOSTLY: Final = 10
"""So many times as often as the other: the names that are reversed are seen, too."""
_TITLES: Final = frozenset({
    "dr", "prof", "professor", "mr", "mrs", "ms", "miss", "mx", "herr", "frau", "rev", "sir", "dame", "mme", "mlle",
})  # fmt: skip
_SUFFIXES: Final = frozenset(["jr", "sr", "phd", "md", "mba", "esq", "ii", "iii", "iv", "dds"])
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")

NameParts = tuple[str, str, str]
"""(name, given name, family name)."""


def is_person(contact: Contact) -> bool:
    """Whether a contact may be one person: no company, no couple, no list."""
    if is_company(contact) or not contact.name:
        return False
    name = read_name(contact.name)
    return not name.is_company and not name.is_several


def is_title(word: str) -> bool:
    """Whether a word is a title, and no name of anybody."""
    return word.replace(".", "").casefold() in _TITLES


def is_suffix(word: str) -> bool:
    """Whether a word is a suffix, and no name of anybody."""
    return word.strip(",").replace(".", "").casefold() in _SUFFIXES


def words_of(text: str) -> list[str]:
    """The words of a name, folded."""
    return _WORD.findall(fold(text))


@cache
def common_names() -> tuple[frozenset[str], frozenset[str]]:
    """Common given names and common family names, none of which is both."""
    text = files("coterie.core.cleanup").joinpath("names.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    middle = lines.index("--")
    given, family = (frozenset(" ".join(part).split()) for part in (lines[:middle], lines[middle + 1 :]))
    return given - family, family - given


def learn_names(people: Iterable[NameParts]) -> tuple[frozenset[str], frozenset[str]]:
    """The words that are only given names, and only family names, in a book and among the common ones."""
    given: Counter[str] = Counter()
    family: Counter[str] = Counter()
    for _, first, last in people:
        if first and last:
            given.update(words_of(first)[:1])
            family.update(words_of(last)[-1:])
    common_given, common_family = common_names()
    only_given = {word for word, count in given.items() if count >= _OFTEN and family[word] * _MOSTLY <= count}
    only_family = {word for word, count in family.items() if count >= _OFTEN and given[word] * _MOSTLY <= count}
    # If the book says otherwise, it is right.
    return (
        frozenset(only_given | (common_given - only_family)),
        frozenset(only_family | (common_family - only_given)),
    )
