"""Recipients: the addresses of contacts in the ways that mail programs take them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from coterie.core.book import Book
from coterie.core.changes import Selection
from coterie.core.text import email_key, number_of, printable

_PLAIN_NAME = re.compile(r"[\w !#$%&'*+/=?^`{|}~-]*")
_LONGEST_COPY = 74_000
"""Bytes of base64 that the usual terminals take in one OSC 52 (xterm and tmux: about 75 kB)."""


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who would receive a mail: each contact's preferred address, each address once.

    Attributes:
        people: (name, address), fit for a terminal and for a mail's header.
        without: how many contacts have no address.
    """

    people: tuple[tuple[str, str], ...]
    without: int = 0

    @classmethod
    async def of(cls, book: Book, selection: Selection) -> Recipients:
        """Those of the selected contacts."""
        people: dict[str, tuple[str, str]] = {}
        without = 0
        async for contact in book.contacts(selection):
            address = printable(contact.email).strip()
            if address:
                people.setdefault(email_key(address), (printable(contact.name).strip(), address))
            else:
                without += 1
        return cls(tuple(people.values()), without)

    @property
    def addresses(self) -> str:
        """The bare addresses, joined by commas."""
        return ", ".join(address for _, address in self.people)

    @property
    def named(self) -> str:
        """`Name <address>`, joined by commas; names are quoted if RFC 5322 asks for it."""
        return ", ".join(_named(name, address) for name, address in self.people)

    def mailto(self, field: str = "to") -> str:
        """A link that starts a mail (RFC 6068), with the addresses in `field`: to, cc or bcc."""
        addresses = ",".join(quote(address, safe="@") for _, address in self.people)
        return f"mailto:{addresses}" if field == "to" else f"mailto:?{field}={addresses}"

    @property
    def fits_clipboard(self) -> bool:
        """Whether the usual terminals would take them all."""
        return len(self.named.encode()) * 4 // 3 < _LONGEST_COPY

    @property
    def copied(self) -> str:
        """The sentence after copying the addresses."""
        left_out = f" {number_of(self.without)} without one left out." if self.without else ""
        if not self.people:
            return f"There is no e-mail address to copy.{left_out}"
        large = "" if self.fits_clipboard else " Some terminals cut off that much text."
        return f"Copied {count_of(self)} to the clipboard.{left_out}{large}"


def count_of(recipients: Recipients) -> str:
    """How many addresses there are, in words."""
    return number_of(len(recipients.people), "e-mail address")


def _named(name: str, address: str) -> str:
    if not name or name == address:
        return address
    if not _PLAIN_NAME.fullmatch(name):
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        name = f'"{escaped}"'
    return f"{name} <{address}>"
