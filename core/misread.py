"""Text that was read in a wrong encoding, once or several times: `JosÃ©`, `JÃƒÂ¶rg`, `Oâ€™Brien`, and what it was.

UTF-8 writes a letter as two bytes or more. Read as Windows-1252, or as Mac Roman by a spreadsheet on a Mac, each of
them becomes a letter or a sign of its own. They are put together again only where nobody can have meant them: a “Ã” in
“MAÇÔ, between capitals and a closing quotation mark, stays.

Quoted-printable text that was never decoded, `Jos=C3=A9`, is put right as well.
"""

from __future__ import annotations

import re
from binascii import a2b_qp
from functools import cache
from typing import Final

_TIMES: Final = 4
"""So often may a text have been read wrongly in turn."""
_ENOUGH: Final = 3
"""So many letters in pieces, and nothing else beyond ASCII, are no chance."""
_QUOTES: Final = frozenset("‚„“”‘’‹›«»…–—·•´¨ \xa0\xad")
_USUAL: Final = _QUOTES | frozenset("†‡®©™°ºª¹²³")
"""Signs that may stand behind a capital letter in a text that is right."""
_WITHIN: Final = _USUAL - frozenset("’‘´–—· \xa0\xad")
"""Those of them that never stand between a capital and another letter."""
_REAL: Final = frozenset({"Äš", "Äž"})
_QUOTED: Final = re.compile(r"(?:=[0-9A-F]{2}){2}")
_ALL_QUOTED: Final = re.compile(r"(?:=[0-9A-F]{2}){3,}")
_WINDOWS: Final = "cp1252"
_LATIN: Final = dict.fromkeys([*range(0xA0, 0x250), *range(0x2010, 0x2040), 0x20AC, 0x2122], " ")
"""Letters and signs of the languages whose texts are wrong in parts: all of a text in other letters is."""
_MAC: Final = "mac_roman"


def mended(text: str) -> str:
    """The text as it was before it was read in a wrong encoding; the text itself if that is not certain."""
    if "=" in text and _QUOTED.search(text):
        text = _unquoted(text)
    for _ in range(_TIMES):
        if not may_be_misread(text) or (new := _once(text)) == text:
            break
        text = new
    return text


def may_be_misread(text: str) -> bool:
    """Whether there is anything in a text that looks as if it was read wrongly, which costs little to tell."""
    if "=" in text and _QUOTED.search(text):
        return True
    return not text.isascii() and _suspect().search(text) is not None


def _unquoted(text: str) -> str:
    """A text in quoted-printable (RFC 2045) as it reads; the text itself if it is none, or no text in UTF-8."""
    try:
        new = a2b_qp(text).decode("utf-8")
    except ValueError:  # letters beyond ASCII, or bytes that are no UTF-8
        return text
    is_meant = not new.isascii() or _ALL_QUOTED.fullmatch(text)
    return new if is_meant and _is_text(new) else text


def _is_text(text: str) -> bool:
    return all(char.isprintable() or char in "\n\t\xa0\xad\ufeff" for char in text)


def _once(text: str) -> str:
    pieces = list(_pieces().finditer(text))
    certain = any(map(_is_certain, pieces))
    if (certain or len(pieces) >= _ENOUGH) and (whole := _decoded(text, _WINDOWS)):
        return whole
    if certain:
        new = _pieces().sub(_put_together, text)
        return new if _is_whole(new) else text
    return (_mac().search(text) and _decoded(text, _MAC)) or text


def _is_whole(text: str) -> bool:
    """Whether a text of which only parts were read wrongly is right now: no piece of a letter is left over in it."""
    return text.translate(_LATIN).isascii() and not _left_over().search(text)


def _put_together(match: re.Match[str]) -> str:
    return (_is_certain(match) and _decoded(match[0], _WINDOWS)) or match[0]


def _is_certain(match: re.Match[str]) -> bool:
    """Whether nobody can have meant the letters and signs that stand together here."""
    text, found = match.string, match[0]
    start, end = match.span()
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    if len(found) > len("Ã©"):
        return found.startswith("â€") or not _USUAL.issuperset(found[1:])
    if before.islower() and found[0].isupper():  # no capital stands amid small letters
        return True
    usual = _QUOTES if found[0] == "Â" else _USUAL
    return (found[1] not in usual and found not in _REAL) or (found[1] in _WITHIN and after.isalpha())


def _decoded(text: str, encoding: str) -> str:
    """What the bytes are in UTF-8 that `text` shows in an encoding; empty if they are no text."""
    table = _bytes_of(encoding)
    try:
        new = bytes(ord(char) if char.isascii() else table[char] for char in text).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return ""
    return new if _is_text(new) else ""


@cache
def _bytes_of(encoding: str) -> dict[str, int]:
    """The characters of the upper half of an encoding, and their bytes; Latin-1's where it has none."""
    return {bytes([byte]).decode(encoding, "ignore") or chr(byte): byte for byte in range(0x80, 0x100)}


def _class_of(encoding: str, first: int, last: int) -> str:
    return "[" + "".join(re.escape(char) for char, byte in _bytes_of(encoding).items() if first <= byte <= last) + "]"


@cache
def _suspect() -> re.Pattern[str]:
    """What stands in all that was read wrongly, and in hardly anything else."""
    return re.compile(f"{_class_of(_WINDOWS, 0xC2, 0xF4)}{_class_of(_WINDOWS, 0x80, 0xBF)}|[√‚]")


@cache
def _pieces() -> re.Pattern[str]:
    """What letters of two to four bytes look like in Windows-1252."""
    follows = _class_of(_WINDOWS, 0x80, 0xBF)
    kinds = ((0xC2, 0xDF, 1), (0xE0, 0xEF, 2), (0xF0, 0xF4, 3))
    return re.compile("|".join(f"{_class_of(_WINDOWS, first, last)}{follows}{{{more}}}" for first, last, more in kinds))


@cache
def _left_over() -> re.Pattern[str]:
    """Pieces of a letter of which another piece was lost, or of which nobody knows."""
    return re.compile(rf"[ÂÃÄÅÎÏÐÑ×ØÙ](?:{_class_of(_WINDOWS, 0x80, 0xBF)}|\s|$)|â€|{_pieces().pattern}")


@cache
def _mac() -> re.Pattern[str]:
    """An accented Latin letter beside another letter, or a typographic quotation mark or dash, in Mac Roman."""
    follows = _class_of(_MAC, 0x80, 0xBF)
    return re.compile(rf"[^\W\d_]√{follows}|√{follows}[^\W\d_]|‚Ä{follows}")
