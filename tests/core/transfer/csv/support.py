"""Short ways to import a text within a test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from coterie.core.model import Contact
from coterie.core.text import email_key
from coterie.core.transfer.csv import read, recognize
from coterie.core.transfer.reject import Reject

DATA = Path(__file__).parents[5] / "shared" / "data"


def both(content: str | bytes | Path, overrides: Mapping[str, str] | None = None) -> tuple[list[Contact], list[Reject]]:
    """The contacts of `content` and the rejected rows."""
    source = content.encode() if isinstance(content, str) else content
    found = list(read(source, recognize(source, overrides=overrides)))
    return [one for one in found if isinstance(one, Contact)], [one for one in found if isinstance(one, Reject)]


def contacts(content: str | bytes | Path, overrides: Mapping[str, str] | None = None) -> list[Contact]:
    """The contacts of `content`, of which nothing is rejected."""
    found, rejects = both(content, overrides)
    assert not rejects, rejects
    return found


def only(content: str | bytes | Path, overrides: Mapping[str, str] | None = None) -> Contact:
    """The one contact of `content`."""
    (contact,) = contacts(content, overrides)
    return contact


def addresses(contact: Contact) -> list[str]:
    """The e-mail addresses of `contact`."""
    return [email.address for email in contact.emails]


def targets(content: str) -> dict[str, str]:
    """What each column of `content` becomes."""
    return {column.heading: column.target for column in recognize(content.encode()).columns}


def merged(found: list[Contact]) -> int:
    """How many contacts remain when those with an equal address become one."""
    people: list[set[str]] = []
    for contact in found:
        keys = {email_key(email.address) for email in contact.emails}
        same = [person for person in people if person & keys]
        for person in same:
            people.remove(person)
        people.append(keys.union(*same))
    return len(people)
