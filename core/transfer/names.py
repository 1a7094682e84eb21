"""From the parts of a name to the whole name, and back, for sources and layouts that have only one of them."""

from __future__ import annotations

import re
from typing import Final

from coterie.core.fields.name_parts import parts_of_name
from coterie.core.model import Contact

_ENCODED: Final = re.compile(r"=\?[\w.*-]+\?[BQ]\?[^?\s]*\?=", re.IGNORECASE)


def decoded_words(text: str) -> str:
    """A text in which letters stand as headers of mails carry them, `=?utf-8?q?Ren=C3=A9e?=` (RFC 2047), as it reads.

    A text with anything that cannot be decoded stays as it is.
    """
    if "=?" not in text or not _ENCODED.search(text):
        return text
    # Imported here because hardly any text needs it.
    from email.errors import HeaderParseError
    from email.header import decode_header, make_header

    try:
        return str(make_header(decode_header(text)))
    except (HeaderParseError, LookupError, ValueError):
        return text


def split_name(contact: Contact) -> tuple[str, str, str]:
    """The given, additional and family names; separated at its last blank if only the whole name is known.

    The name of a company stays empty: these layouts have a column of its own for it.
    """
    if contact.given_name or contact.additional_names or contact.family_name:
        return contact.given_name, contact.additional_names, contact.family_name
    if contact.name == contact.company:
        return "", "", ""
    parts = parts_of_name(contact.name)
    return parts.get("given_name", ""), "", parts.get("family_name", "")


def whole_name(given: str, additional: str, family: str) -> str:
    """The display name for a source that has only the parts: without titles, the family name first in East Asia.

    A blank separates them if there is kana in the name, as Japanese address books show it.
    """
    if given and family and given[0] >= "\u3040" and _is_east_asian(given) and _is_east_asian(family):
        kana = any("\u3040" <= char <= "\u30ff" for char in given + family)
        return f"{family} {given}" if kana else f"{family}{given}"
    return " ".join([part for part in (given, additional, family) if part])


def _is_east_asian(text: str) -> bool:
    return all("\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in text)
