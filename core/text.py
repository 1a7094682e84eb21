"""Text from strangers: cleaned for storing, made harmless for showing, folded for searching and sorting."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

# C0 and C1 controls and DEL. NUL cannot be stored in PostgreSQL; the others act on terminals.
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_CONTROLS_IN_LINES: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]+")
_LONE_SURROGATES: Final = re.compile(r"[\ud800-\udfff]")
# Explicit embeddings, overrides and isolates (UAX #9) and the invisible line and paragraph separators.
_BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\u2029\ufeff]")
_BLANKS: Final = re.compile(r"\s+")
_ACCENTS: Final = re.compile("[\u0300-\u036f]+")
# Letters that NFKD leaves whole although people type them without their stroke or as two letters.
_LETTERS: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i", "ŧ": "t", "ŋ": "n"}
)
_NOT_PHONE: Final = re.compile(r"[^0-9+]")
# What cannot be seen and comes along when addresses and numbers are pasted: soft hyphens, zero-width blanks, marks of
# direction, byte order marks.
_UNSEEN: Final = "\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
# Sets beyond Latin-1 take milliseconds to compile, at each start: these few are compiled when a text needs them.
# Joiners stay between letters that need them, as in Persian domains.
_INVISIBLE: Final = f"[{_UNSEEN}]+|(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])"
_ODD_BLANKS: Final = "[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]"
# In names and other words those of East Asia stay as wide as they are.
_NARROW_BLANKS: Final = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f]")
# What a value neither begins nor ends with: blanks, and what cannot be seen. Tags stay, with which flags end.
_EDGES: Final = " \t\n\r\x0b\x0c\u2028\u2029\u3000" + "".join(
    map(chr, (0xA0, 0x1680, *range(0x2000, 0x200C), 0x202F, 0x205F, 0xAD, 0x61C, 0x180E, 0x200E, 0x200F,
              *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB))
)  # fmt: skip
_JOINERS: Final = "\u200c\u200d"
# What a sentence puts behind an address or a number.
_PUNCTUATION: Final = " .,;"
# One address as users write it: RFC 5322 with internationalized and dotless domains, without comments and the blanks
# that it allows around the @. Quotation marks before the @ and the address of a machine in brackets are rare. No domain
# holds an apostrophe or a question mark: they stand around an address, or begin what a link says beside it.
_ATOM: Final = rf'[^\s@<>()\[\],;:"\\\x00-\x1f{_UNSEEN}]+'
_DOMAIN: Final = rf"[^'?\s@<>()\[\],;:\"\\\x00-\x1f{_UNSEEN}]+(?<!\.)"
_EMAIL: Final = rf"{_ATOM}@{_DOMAIN}"
_ASCII_EMAIL: Final = re.compile(r"[^\s@<>()\[\],;:\"\\\x00-\x1f]+@[^'?\s@<>()\[\],;:\"\\\x00-\x1f]+(?<!\.)")
_RARE_EMAIL: Final = rf'(?:"(?:[^"\\\x00-\x1f]|\\[^\x00-\x1f])+"|{_ATOM})@(?:{_DOMAIN}|\[[0-9A-Za-z:.]+\])'


def clean_line(value: str) -> str:
    """`value` as it is stored in a field of one line.

    Control characters and blanks that do not break become blanks; nothing that cannot be seen stands at the ends.
    """
    if value.isprintable():  # then it holds nothing of all that, and no half of a character
        return value.strip()
    value = _NARROW_BLANKS.sub(" ", _CONTROLS.sub(" ", value))
    return _within_edges(_LONE_SURROGATES.sub("\ufffd", value))


def clean_lines(value: str) -> str:
    """`value` as it is stored in a field of several lines: line ends become LF, other controls vanish.

    Nothing that cannot be seen stands at its ends either.
    """
    if value.isprintable():
        return value.strip()
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return _within_edges(_LONE_SURROGATES.sub("\ufffd", _CONTROLS_IN_LINES.sub("", value)))


def _within_edges(value: str) -> str:
    """`value` without what cannot be seen at its ends; a joiner after a letter that it shapes stays."""
    bare = value.strip(_EDGES + _JOINERS)
    return bare if bare.isascii() or bare[-1].isascii() else value.lstrip(_EDGES + _JOINERS).rstrip(_EDGES)


def clean_address(address: str) -> str:
    """An e-mail address as it is stored: nothing that cannot be seen, no full stop or comma of the text around it.

    One that was typed in the wide letters of East Asia, with their `＠`, is written in the usual ones.
    """
    if not (address.isascii() and address.isprintable()):
        address = re.sub(_INVISIBLE, "", clean_line(address))
        if "＠" in address:
            address = unicodedata.normalize("NFKC", address)
    return address.strip().rstrip(_PUNCTUATION)


def clean_number(number: str) -> str:
    """A phone number as it is stored: the same, with usual blanks, and without a spreadsheet's apostrophe."""
    if not (number.isascii() and number.isprintable()):
        number = re.sub(_ODD_BLANKS, " ", re.sub(_INVISIBLE, "", clean_line(number)))
    return number.lstrip(" '").rstrip(_PUNCTUATION + "'")


def storable(value: str) -> str:
    """`value` as both databases can keep it: without NUL, and with whole characters only."""
    return _LONE_SURROGATES.sub("\ufffd", value.replace("\x00", ""))


def undirected(value: str) -> str:
    """`value` without the invisible marks that let terminals show letters in another order than they are in."""
    return value if value.isascii() else _BIDI.sub("", value)


def is_text(value: str) -> bool:
    """Whether it is text through and through: bytes that none of the system's letters have are lone surrogates."""
    return _LONE_SURROGATES.search(value) is None


def printable(value: str) -> str:
    """`value` as one line that cannot act on a terminal: no controls, no bidirectional overrides, no line ends."""
    if value.isascii() and value.isprintable():
        return value
    return _BIDI.sub("", _LONE_SURROGATES.sub("\ufffd", _CONTROLS.sub(" ", value)))


def printable_lines(value: str) -> str:
    """`value` with its line ends and tabs kept and everything else as `printable` makes it."""
    return "\n".join("\t".join(map(printable, line.split("\t"))) for line in value.split("\n"))


def beginning_with(typed: str, texts: Iterable[str]) -> list[str]:
    """Those of `texts` that begin with what is typed, then those with a word that does, whatever case and accents."""
    wanted = fold(typed)
    folded = [(text, fold(text)) for text in texts]
    first = [text for text, key in folded if key.startswith(wanted)]
    return first + [text for text, key in folded if f" {wanted}" in key and not key.startswith(wanted)]


def fold(value: str) -> str:
    """`value` for comparing: no case, no accents, single blanks. Both databases store and sort by this text."""
    if value.isascii():
        folded = value.lower()
    else:
        # ™ is two capitals after NFKD only.
        folded = _ACCENTS.sub("", unicodedata.normalize("NFKD", value.casefold()).casefold())
        if not folded.isascii() and not (folded := folded.translate(_LETTERS)).isascii():
            # Marks of other scripts are rare: only they are looked up one by one.
            folded = "".join(char for char in folded if not unicodedata.combining(char))
    if folded.isprintable() and "  " not in folded:
        return folded.strip()
    return _BLANKS.sub(" ", _CONTROLS.sub(" ", _LONE_SURROGATES.sub("\ufffd", folded))).strip()


def email_key(address: str) -> str:
    """The key by which two addresses are one: as stored, ignoring case (in the local part too, as mail systems do); the
    domain in its own letters if it is written as mail systems see it (`xn--exmple-cua.de`, RFC 5890).
    """
    if not address.isascii() or address[-1:] in _PUNCTUATION:
        address = clean_address(address)
    key = address.strip().casefold()
    local, at, domain = key.rpartition("@")
    return local + at + ".".join(map(_own_letters, domain.split("."))) if "xn--" in domain else key


def _own_letters(label: str) -> str:
    """A label of a domain as people write it; as it is if it is none of those that stand for other letters."""
    try:
        return label[4:].encode("ascii").decode("punycode").casefold() if label.startswith("xn--") else label
    except UnicodeError:
        return label


def phone_key(number: str) -> str:
    """The digits of `number`, for searching and comparing: `+44 (0)20-7946` becomes `+44207946`."""
    if number.startswith(("+", "00")):  # the (0) is dialed only without the country's number
        number = number.replace("(0)", "")
    digits = number.replace(" ", "").replace("-", "")
    return digits if digits.isascii() and digits.lstrip("+").isdigit() else _NOT_PHONE.sub("", number)


def phone_identity(number: str) -> str:
    """What two spellings of a number have in common: the digits, or the text of one without any."""
    return phone_key(number) or number


def is_email(value: str) -> bool:
    """Whether `value` has the form of an e-mail address."""
    if len(value) > 320:
        return False
    if _ASCII_EMAIL.fullmatch(value) if value.isascii() else re.fullmatch(_EMAIL, value):
        return True
    return (value[:1] == '"' or value[-1:] == "]") and re.fullmatch(_RARE_EMAIL, value) is not None


def group_key(name: str) -> str:
    """The key by which two group names are one: case, accents' encoding and blanks do not count."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", name).casefold()).strip()


def number_of(count: int, thing: str = "contact") -> str:
    """“1 contact”, “1,200 contacts”, “2 addresses”."""
    return f"{count:,} {thing}{'' if count == 1 else 'es' if thing.endswith('s') else 's'}"


def are(count: int) -> str:
    """“is” after one, “are” after several: “3 of them are in the Bin”."""
    return "is" if count == 1 else "are"


fold_again: Final = lru_cache(1 << 12)(fold)
"""`fold`, for texts that many contacts share."""


def folded_lines(texts: Iterable[str]) -> str:
    """Texts folded, each between two line ends; empty if there is none.

    So a whole text can be looked up in an index of trigrams, and even a text of one letter.
    """
    lines = [folded for text in texts if text and (folded := fold_again(text))]
    return "\n".join(("", *lines, "")) if lines else ""
