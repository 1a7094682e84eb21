"""What people call an address or a number, and the TYPE parameters that say so."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

_IPHONE: Final = "IPHONE"
# Types that say nothing a person would call the number or address by.
_SILENT: Final = frozenset(
    {"PREF", "INTERNET", "VOICE", "MSG", "X400", "TEXT", "POSTAL", "PARCEL", "DOM", "INTL", _IPHONE,
     "JPEG", "PNG", "GIF", "URI"}
)  # fmt: skip
_WORDS: Final = {
    "HOME": "home", "WORK": "work", "CELL": "mobile", "MOBILE": "mobile", "PAGER": "pager", "FAX": "fax",
    "MAIN": "main", "CAR": "car", "OTHER": "other", "TEXTPHONE": "textphone", "ISDN": "ISDN", "PCS": "PCS",
}  # fmt: skip
_ORDER: Final = ("home", "work", "other", "mobile", "main", "car", "pager", "fax")
_APPLE: Final = re.compile(r"_\$!<(.*)>!\$_", re.DOTALL)
_CHOSEN: Final = re.compile(r"X-CUSTOM\((?:[A-Z]+=[^,()]*,)*([^()]*)\)", re.IGNORECASE)  # Samsung's
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_EVOLUTION: Final = "EVOLUTION-"  # Evolution's own types: X-EVOLUTION-CALLBACK
_BETWEEN_TYPES: Final = ";"

TYPES: Final[dict[str, tuple[str, ...]]] = {
    "home": ("home",),
    "work": ("work",),
    "mobile": ("cell",),
    "home mobile": ("home", "cell"),
    "work mobile": ("work", "cell"),
    "pager": ("pager",),
    "fax": ("fax",),
    "home fax": ("home", "fax"),
    "work fax": ("work", "fax"),
    "textphone": ("textphone",),
}
"""The labels that TYPE alone can say, in vCard 4.0's words; every other label goes into X-ABLabel."""


def label_of(types: Collection[str]) -> str:
    """The label that TYPE values make: HOME and FAX are `home fax`, INTERNET says nothing, X-Jacky is `Jacky`.

    A type that is nobody's standard is a word of the user's own, so its letters stay; X- alone is taken off.
    """
    words = [word for kind in types if (word := _word(kind))]
    words = list(dict.fromkeys(words))
    if len(words) > 1:
        words.sort(key=lambda word: _ORDER.index(word) if word in _ORDER else len(_ORDER))
    if not words and any(kind.upper() == _IPHONE for kind in types):
        return "iPhone"  # beside CELL it says nothing
    return " ".join(words)


def _word(kind: str) -> str:
    standard = kind.upper().removeprefix("X-")
    if standard in _SILENT:
        return ""
    if standard in _WORDS:
        return _WORDS[standard]
    if chosen := _CHOSEN.fullmatch(kind):
        return chosen[1]
    if standard.startswith(_EVOLUTION):
        return standard.removeprefix(_EVOLUTION).lower()
    if kind[:2].upper() == "X-":
        return kind[2:]
    return kind.lower() if kind.isupper() else kind


def chosen_label(text: str, types: Collection[str]) -> str:
    """The label of a property with these types and an X-ABLabel of that text.

    Some programs repeat the types there (`WORK;VOICE;PREF`), which is no label of the user's own.
    """
    words = text.split(_BETWEEN_TYPES)
    if set(words) <= {*types}:
        return label_of(types)
    if len(words) > 1 and all(word.upper() in _WORDS or word.upper() in _SILENT for word in words):
        return label_of(words) or label_of(types)
    return text


def apple_label(text: str) -> str:
    """The text of an X-ABLabel; Apple's built-in ones, as in `_$!<HomePage>!$_`, become `home page`."""
    match = _APPLE.fullmatch(text)
    return _CAMEL.sub(" ", match[1]).lower() if match else text
