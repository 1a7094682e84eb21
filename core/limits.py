"""How large things may be: one table, so that nothing from a file, a server or a slip of the hand takes all memory or
time. All are far above what people have; what is larger is refused with a sentence.

docs/import-export.md lists them with the reasons; a test compares the two.
"""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import Any, Final

from coterie.core.errors import InvalidValue
from coterie.core.model import Address, Contact

LINE: Final = 10_000
"""Characters of a text of one line: a name, a company, an address, a number, a label, a group."""
VALUE: Final = 2_000_000
"""Characters of the notes or of one custom field."""
CONTACT: Final = 8_000_000
"""Characters of one contact."""
VALUES: Final = 1_000
"""E-mail addresses, phone numbers, postal addresses, web sites or groups of one contact."""
CUSTOM: Final = 16_384
"""Custom fields of one contact, and columns of a table: a spreadsheet has no more columns."""
GROUPS: Final = 10_000
"""Different groups of all that one import brings."""
ROW: Final = 32_000_000
"""Characters of one line of a table, one card or one entry, pictures included."""
JSON: Final = 256_000_000
"""Characters of one value of a JSON file."""
WORKBOOK: Final = 1 << 30
"""Bytes of a workbook when it is decompressed."""
CELLS: Final = 40_000_000
"""Cells of the rectangle between the first and the last one of a sheet."""
ANSWER: Final = 64 << 20
"""Bytes of one answer of a server when it is decompressed."""
PAGES: Final = 10_000
"""Pages of one round of an account."""
ROUND: Final = 4 << 30
"""Bytes of all that one round of an account says."""
QUERY: Final = 10_000
"""Characters of a search."""
PATTERN: Final = 1_000
"""Characters of a regular expression."""
SECONDS: Final = 0.25
"""How long a regular expression may look at one value, and more for a long one; sane ones take microseconds."""
TRIES: Final = 8
"""How many values a regular expression may take so long for, before it is refused altogether."""

_TEXTS: Final = tuple(field.name for field in fields(Contact) if field.type == "str" and field.name != "notes")
_LINES: Final = attrgetter(*_TEXTS)
_PARTS: Final = attrgetter(*(field.name for field in fields(Address)))
_SEVERAL: Final = {
    "emails": "e-mail addresses",
    "phones": "phone numbers",
    "addresses": "postal addresses",
    "urls": "web sites",
    "groups": "groups",
}
_ADVICE: Final = "Keep such a text in a file."


def check(contact: Contact) -> None:
    """Raise InvalidValue if the contact, or something of it, is larger than a contact may be."""
    if error := excess(contact):
        raise error


def excess(contact: Contact) -> InvalidValue | None:
    """What of the contact is too large; None if nothing is. A quick look, since nearly nothing is."""
    lines = [*_LINES(contact), *contact.groups]
    for email in contact.emails:
        lines += (email.address, email.label)
    for phone in contact.phones:
        lines += (phone.number, phone.label)
    for url in contact.urls:
        lines += (url.url, url.label)
    for address in contact.addresses:
        lines += _PARTS(address)
    custom = contact.custom
    size = sum(map(len, lines)) + len(contact.notes)
    if custom:
        size += sum(map(len, custom)) + sum(map(len, custom.values()))
    if size <= LINE and len(lines) <= VALUES and len(custom) <= VALUES:
        return None
    return _first_excess(contact, lines, size)


def _first_excess(contact: Contact, lines: list[str], size: int) -> InvalidValue | None:
    for key, words in _SEVERAL.items():
        if (count := len(getattr(contact, key))) > VALUES:
            return InvalidValue(key, f"A contact has at most {VALUES:,} {words}, and this one would have {count:,}.")
    if len(contact.custom) > CUSTOM:
        return InvalidValue(
            "custom",
            f"A contact has at most {CUSTOM:,} custom fields, and this one would have {len(contact.custom):,}.",
        )
    if max(map(len, lines)) > LINE or max(map(len, contact.custom), default=0) > LINE:
        key = next((key for key in _TEXTS if len(getattr(contact, key)) > LINE), "") or _key_of_line(contact)
        return InvalidValue(key, f"A text of one line has at most {LINE:,} characters; {_called(key)} would have more.")
    for key, text in (("notes", contact.notes), *(("custom", text) for text in contact.custom.values())):
        if len(text) > VALUE:
            many = f"would have {len(text):,} characters, and {VALUE:,} are the most."
            return InvalidValue(key, f"{'The notes' if key == 'notes' else 'A custom field'} {many}", _ADVICE)
    if size > CONTACT:
        return InvalidValue(
            "notes", f"The contact would have {size:,} characters, and {CONTACT:,} are the most.", _ADVICE
        )
    return None


def _key_of_line(contact: Contact) -> str:
    def longest(value: Any) -> int:
        return max(map(len, (value,) if isinstance(value, str) else (t for t in _texts(value))), default=0)

    return next((key for key in _SEVERAL if any(longest(item) > LINE for item in getattr(contact, key))), "custom")


def _texts(value: Any) -> list[str]:
    return [text for name in value.__dataclass_fields__ if isinstance(text := getattr(value, name), str)]


def _called(key: str) -> str:
    return {"custom": "the name of a custom field", **{k: f"one of the {w}" for k, w in _SEVERAL.items()}}.get(
        key, f"the {key.replace('_', ' ')}"
    )


def count(number: int) -> str:
    """A limit for a sentence: `32 million characters` reads better than `33,554,432`."""
    return f"{number // 1_000_000} million" if number >= 1_000_000 else f"{number:,}"


def size(number: int) -> str:
    """A number of bytes for a sentence."""
    return f"{number >> 30} GB" if number >= 1 << 30 else f"{number >> 20} MB"
