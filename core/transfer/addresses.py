"""E-mail addresses in text that people type or paste."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from coterie.core.text import clean_address, is_email

_ADDRESS: Final = re.compile(r"[^\s<>,;:\"()\[\]]+@[^\s<>,;:\"()\[\]]+")
_SCHEME: Final = re.compile(r"(mailto|smtp):", re.IGNORECASE)
_EXCHANGE: Final = re.compile(r"(?:(?:EX|X500):)?/o=[^/]+/", re.IGNORECASE)


def bare_address(text: str) -> str:
    """The address in a text that is one: without `mailto:` and what a link says beside it (RFC 6068), Exchange's
    `smtp:`, and the apostrophes that Outlook writes around an address.
    """
    text = clean_address(text)
    if scheme := _SCHEME.match(text):
        text = text[scheme.end() :]
        text = unquote(text) if scheme[1].lower() == "mailto" else text
    local, at, domain = text.strip("'").rpartition("@")
    return local + at + domain.partition("?")[0] if at else text


def is_exchange(text: str) -> bool:
    """Whether a text is what an Exchange server calls a mailbox, `/o=Acme/ou=…/cn=ann`, which is no e-mail address."""
    return _EXCHANGE.match(text) is not None


def find_addresses(text: str) -> list[str]:
    """The addresses in a text of one line: `Ada <ada@example.org>`, `mailto:ada@example.org`, or several."""
    whole = clean_address(text)
    if is_email(whole) or is_email(whole := bare_address(text)):
        return [whole]
    return [address for match in _ADDRESS.findall(text) if is_email(address := clean_address(match))]
