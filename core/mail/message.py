"""Messages (RFC 5322): letters to many, letters to each, and invitations (iMIP, RFC 6047)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from itertools import count
from pathlib import Path
from typing import Any, Final, Literal
from uuid import uuid4

from coterie.core.calendar.event import Event
from coterie.core.calendar.invitation import Person, request
from coterie.core.errors import InvalidInput
from coterie.core.fields import FIELDS
from coterie.core.mail.recipients import Recipient, batches, header_address, shown_name
from coterie.core.model import Contact
from coterie.core.text import clean_line, printable_lines


class _Policy(EmailPolicy):
    """Headers as they are sent, with addresses folded between two of them.

    The folding of `email` itself encodes commas between addresses, and loses who stands behind them
    (https://github.com/python/cpython/issues/100884).
    """

    def fold(self, name: str, value: Any) -> str:
        """The header as text."""
        addresses = getattr(value, "addresses", ())
        if not addresses:
            return str(super().fold(name, value))
        return f"{name}: " + ",\r\n ".join(map(_in_header, addresses)) + "\r\n"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The header as bytes."""
        if not getattr(value, "addresses", ()):
            return bytes(super().fold_binary(name, value))
        return self.fold(name, value).encode("utf-8" if self.utf8 else "ascii", "surrogateescape")


def _in_header(address: Address) -> str:
    name = address.display_name
    if not name:
        return address.addr_spec
    is_plain = name.isascii() and "=?" not in name
    written = name if is_plain else Header(name, "utf-8", maxlinelen=70).encode(linesep="\r\n")
    return f"{written} <{address.addr_spec}>"


_PLAIN: Final = _Policy(linesep="\r\n")
_UTF8: Final = _Policy(linesep="\r\n", utf8=True)
"""For addresses that are not ASCII (RFC 6531)."""
Place = Literal["to", "cc", "bcc"]
_PLACEHOLDER: Final = re.compile(r"\{([a-z_ -]+)\}", re.IGNORECASE)
_ALONE: Final = "undisclosed-recipients:;"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the user's own name, which may be empty, and address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message and the addresses to which it goes; those of Bcc stand in no header."""

    message: EmailMessage
    addresses: tuple[str, ...]

    def content(self) -> bytes:
        """The message as bytes."""
        return self.message.as_bytes()


def is_personal(text: str) -> bool:
    """Whether a text says something else to each, such as `{given_name}`. Raises InvalidInput for an unknown field."""
    names = _PLACEHOLDER.findall(text)
    for name in names:
        _field(name)
    return bool(names)


def filled(text: str, contact: Contact) -> str:
    """The text with the contact's own values in place of `{field}`; no value is read for more of them."""
    return _PLACEHOLDER.sub(lambda match: printable_lines(FIELDS[_field(match[1])].read(contact)), text)


def _field(name: str) -> str:
    key = name.strip().casefold().replace("-", "_").replace(" ", "_")
    field = next((spec.key for spec in FIELDS.values() if key in {spec.key, *spec.aliases}), None)
    if field is None:
        raise InvalidInput(f"There is no field {{{name}}}.", "For example: Dear {given_name}, or {name}.")
    return field


def letters(
    sender: Sender, people: Sequence[Recipient], subject: str, text: str, *, now: datetime, place: Place, size: int
) -> Iterator[Letter]:
    """A letter for each `size` of the people, or one for each of them if text or subject say something else to each.

    Args:
        sender: who writes.
        people: who gets it.
        subject: its subject, in one line.
        text: what it says; `{given_name}` and the like stand for each one's own.
        now: the time.
        place: where the addresses stand; in `bcc`, people do not see each other's.
        size: how many addresses one letter has.

    Raises InvalidInput for an unknown field in text or subject.
    """
    if is_personal(subject) or is_personal(text):
        for person in people:
            message = _message(sender, filled(subject, person.contact), now, (person,))
            message["To"] = (person.header,)
            message.set_content(filled(text, person.contact))
            yield Letter(message, (person.address,))
        return
    for batch in batches(people, size):
        message = _message(sender, subject, now, batch)
        if place == "bcc":
            message["To"] = _ALONE
        else:
            message[place.capitalize()] = tuple(person.header for person in batch)
        message.set_content(text)
        yield Letter(message, tuple(person.address for person in batch))


def invitations(
    sender: Sender, people: Sequence[Recipient], event: Event, *, uid: str, sequence: int, now: datetime
) -> Iterator[Letter]:
    """An invitation for each of them, who does not see whom else it went to. See `core.calendar.invitation.request`."""
    for person in people:
        message = _message(sender, f"Invitation: {event.title}", now, (person,))
        message["To"] = (person.header,)
        message.set_content(in_words(event))
        asked = [Person(person.name, person.address)]
        organizer = Person(sender.name, sender.address)
        calendar = request(event, organizer, asked, uid=uid, sequence=sequence, now=now)
        message.add_alternative(calendar, "text", "calendar", params={"method": "REQUEST", "charset": "utf-8"})
        yield Letter(message, (person.address,))


def in_words(event: Event) -> str:
    """What the invitation says to who reads it without a calendar."""
    often = f"Repeats: {event.repeat.words}" if event.repeat else ""
    lines = [event.title, "", f"When: {event.when}", often and f"{often}"]
    lines += [f"Where: {event.place}" if event.place else "", event.url]
    shown = "\n".join(line for place, line in enumerate(lines) if line or place == 1)
    return f"{shown}\n\n{event.text}\n" if event.text else f"{shown}\n"


def _message(sender: Sender, subject: str, now: datetime, people: Sequence[Recipient]) -> EmailMessage:
    plain = all(address.isascii() for address in (sender.address, *(person.address for person in people)))
    message = EmailMessage(policy=_PLAIN if plain else _UTF8)
    message["From"] = (header_address(shown_name(sender.name, sender.address), sender.address),)
    message["Subject"] = clean_line(subject)
    message["Date"] = now
    message["Message-ID"] = f"<{uuid4()}@{sender.address.rpartition('@')[2]}>"
    return message


def free_paths(folder: Path, name: str) -> Iterator[Path]:
    """`NAME-0001.eml` and so on in a folder: only names that no file has yet, so that no saved mail is lost."""
    return (path for number in count(1) if not (path := folder / f"{name}-{number:04}.eml").exists())
