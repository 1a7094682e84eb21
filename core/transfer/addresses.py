"""E-mail addresses in text that people type or paste."""

from __future__ import annotations

import re
from typing import Final

from coterie.core.text import clean_address, is_email

_ADDRESS: Final = re.compile(r"[^\s<>,;:\"()\[\]]+@[^\s<>,;:\"()\[\]]+")


def find_addresses(text: str) -> list[str]:
    """The addresses in a text of one line: `Ada <ada@example.org>`, `mailto:ada@example.org`, or several."""
    text = clean_address(text)
    if text[:7].lower() == "mailto:":
        text = text[7:].partition("?")[0]
    if is_email(text):
        return [text]
    return [address for match in _ADDRESS.findall(text) if is_email(address := clean_address(match))]
