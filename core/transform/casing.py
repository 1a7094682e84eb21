"""Upper and lower case as people write it: McDonald, O'Brien, van der Berg, IBM.

What is written in mixed case is left alone, since somebody has thought about it: `deVries`, `iPhone`, `McDonald`. Only
words that are all small or all capitals are changed.
"""

from __future__ import annotations

import re
from typing import Final

from coterie.core.transform.wordlists import ABBREVIATIONS, IN_NAMES, MAC, PARTICLES, SMALL

_WORD: Final = re.compile(r"[^\s]+")
_PIECE: Final = re.compile("[^\\W_\u02bb\u02bc]+(?:[\u0300-\u036f]+[^\\W_\u02bb\u02bc]*)*")
_VOWELS: Final = re.compile("[aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿāăąēėęěīįıōőūůűų]", re.IGNORECASE)
_NAMES: Final = frozenset({"name", "given_name", "additional_names", "family_name", "nickname", "prefix", "suffix"})
_SHORT: Final = 3
"""An all-capital word of so many letters among others is taken for an abbreviation: AXA Insurance."""


def titled(text: str, key: str = "") -> str:
    """`text` with capitals at the beginnings of words.

    Args:
        text: any text in any script; scripts without capitals stay as they are.
        key: the field that it is for: names have other small words and abbreviations than companies.
    """
    is_name, mixed = key in _NAMES, not (text.isupper() or text.islower())
    words = list(_WORD.finditer(text))
    made, last = "", 0
    for place, match in enumerate(words):
        inside = 0 < place < len(words) - 1 or (place == 0 and key == "family_name" and len(words) > 1)
        made += text[last : match.start()] + _word(match[0], is_name=is_name, inside=inside, mixed=mixed)
        last = match.end()
    return made + text[last:]


def _word(word: str, *, is_name: bool, inside: bool, mixed: bool) -> str:
    bare = word.strip(".,;:()").casefold()
    if not (word.isupper() or word.islower()) or any(char.isdigit() for char in word):  # SW1A, 1st
        return word
    if inside and bare in (PARTICLES if is_name else SMALL) and (len(bare) > 1 or word.islower()):
        return _lower(word)
    written = (IN_NAMES if is_name else ABBREVIATIONS).get(bare)
    if written:
        return word[: len(word) - len(word.lstrip("(.,;:"))] + written + word[len(word.rstrip(".,;:)")) :]
    pieces = list(_PIECE.finditer(word))
    alone, made, last = len(pieces) == 1, "", 0
    for match in pieces:
        before = word[match.start() - 1 : match.start()] if match.start() else ""
        made += word[last : match.start()] + _piece(match[0], before, is_name=is_name, mixed=mixed, alone=alone)
        last = match.end()
    return made + word[last:]


def _piece(piece: str, before: str, *, is_name: bool, mixed: bool, alone: bool) -> str:
    """A run of letters inside a word."""
    folded = piece.casefold()
    if before in ("'", "’") and len(piece) == 1:  # Joe's, don't
        return _lower(piece)
    if not is_name and piece.isupper() and alone and len(piece) > 1 and _is_abbreviation(piece, mixed=mixed):
        return piece
    if not is_name and folded in ABBREVIATIONS:
        return ABBREVIATIONS[folded]
    if folded.startswith("mc") and len(folded) > 3:
        return "Mc" + _capital(piece[2:])
    if folded in MAC:
        return "Mac" + _capital(piece[3:])
    return _capital(piece)


def _is_abbreviation(piece: str, *, mixed: bool) -> bool:
    """Whether capitals are kept: no vowel, or short among words that are not all in capitals."""
    return piece.isascii() and (not _VOWELS.search(piece) or (mixed and len(piece) <= _SHORT))


def _capital(text: str) -> str:
    """The first letter as a capital, the others small; a letter whose capital is two letters stays."""
    first, small = text[:1], _lower(text)
    capital = first.title()
    return capital + small[len(_lower(first)) :] if len(capital) == 1 else small


def _lower(text: str) -> str:
    """Small letters; the dot that a Turkish İ leaves behind goes."""
    return text.lower().replace("i\u0307", "i")
