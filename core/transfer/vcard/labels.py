"""What people call an address or a number, and the TYPE parameters that say so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

# Types that say nothing a person would call the number or address by.
_SILENT: Final = frozenset(
    {"PREF", "INTERNET", "VOICE", "MSG", "X400", "TEXT", "POSTAL", "PARCEL", "DOM", "INTL", "IPHONE",
     "JPEG", "PNG", "GIF", "URI", "X-INTERNET", "X-VOICE"}
)  # fmt: skip
_WORDS: Final = {
    "HOME": "home", "WORK": "work", "CELL": "mobile", "MOBILE": "mobile", "PAGER": "pager", "FAX": "fax",
    "MAIN": "main", "CAR": "car", "OTHER": "other", "TEXTPHONE": "textphone", "ISDN": "ISDN", "PCS": "PCS",
}  # fmt: skip
_ORDER: Final = ("home", "work", "other", "mobile", "main", "car", "pager", "fax")
_APPLE: Final = re.compile(r"_\$!<(.*)>!\$_", re.DOTALL)
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")

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


def label_of(types: Iterable[str]) -> str:
    """The label that TYPE values (in capitals) make: HOME and FAX are `home fax`, INTERNET says nothing."""
    words = [_WORDS.get(kind) or kind.removeprefix("X-").lower() for kind in types if kind not in _SILENT]
    words = list(dict.fromkeys(words))
    if len(words) > 1:
        words.sort(key=lambda word: _ORDER.index(word) if word in _ORDER else len(_ORDER))
    return " ".join(words)


def apple_label(text: str) -> str:
    """The text of an X-ABLabel; Apple's built-in ones, as in `_$!<HomePage>!$_`, become `home page`."""
    match = _APPLE.fullmatch(text)
    return _CAMEL.sub(" ", match[1]).lower() if match else text
