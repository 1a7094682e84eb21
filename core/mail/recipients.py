"""To whom a mail goes: each contact's preferred address, each address once, as mail servers take it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from typing import Final, TypeVar

import idna

from coterie.core.errors import InvalidInput
from coterie.core.model import Contact
from coterie.core.names import Called
from coterie.core.text import clean_address, email_key, is_email, printable

T = TypeVar("T")
_LONGEST_NAME: Final = 200
_SPECIAL: Final = str.maketrans(dict.fromkeys('()<>[]:;@\\,."', " "))
"""What has a meaning in the headers of mails (RFC 5322, section 3.2.3): a name does without it, and cannot be read as
an address, however a program folds or unquotes it.
"""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who gets a mail.

    Attributes:
        contact: who.
        name: as others see it in the mail.
        address: as servers take it: its domain in ASCII (RFC 5890).
    """

    contact: Contact
    name: str
    address: str

    @property
    def header(self) -> Address:
        """For a header of `email.message`."""
        return header_address(self.name, self.address)


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who gets a mail, and who does not: contacts without an address, and those whose address cannot be one."""

    people: tuple[Recipient, ...] = ()
    without: tuple[Contact, ...] = ()
    unusable: tuple[Contact, ...] = ()


async def recipients_of(contacts: AsyncIterator[Contact], called: Called) -> Recipients:
    """The recipients among these contacts; of several with one address the first."""
    people: dict[str, Recipient] = {}
    without: list[Contact] = []
    unusable: list[Contact] = []
    async for contact in contacts:
        if not contact.email.strip():
            without.append(contact)
        elif address := mail_address(contact.email):
            people.setdefault(email_key(address), Recipient(contact, shown_name(called(contact), address), address))
        else:
            unusable.append(contact)
    return Recipients(tuple(people.values()), tuple(without), tuple(unusable))


def mail_address(text: str) -> str:
    """An address as servers take it; empty if it is none."""
    address = clean_address(text)
    if not is_email(address) or not address.isprintable():
        return ""
    local, _, domain = address.rpartition("@")
    if domain.startswith("["):
        return address
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode()}" if not domain.isascii() else address
    except idna.IDNAError:
        return ""


def shown_name(name: str, address: str) -> str:
    """A name as it stands in a header; empty if it is but the address."""
    plain = " ".join(printable(name[:_LONGEST_NAME]).translate(_SPECIAL).split())
    return "" if email_key(name) == email_key(address) else plain


def header_address(name: str, address: str) -> Address:
    """A name and an address for a header of `email.message`."""
    local, _, domain = address.rpartition("@")
    if local[:1] == '"':
        local = local[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return Address(name, local, domain)


def own_address(text: str) -> str:
    """The user's own address, from the settings. Raises InvalidInput if it is missing or none."""
    address = mail_address(text)
    if not address:
        what = f"“{text}” is not an e-mail address." if text else "It is not known which address is yours."
        raise InvalidInput(what, 'Set it in config.toml: address = "you@example.org" below [mail].')
    return address


def batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items, `size` at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))
