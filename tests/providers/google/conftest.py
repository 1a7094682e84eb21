from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coterie.core.model import Contact
from coterie.core.provider import Setup
from coterie.providers.google.client import client_file
from coterie.providers.google.mapping import Labels, contact_of
from coterie.providers.google.provider import GoogleProvider
from coterie.providers.google.tokens import Permission
from coterie.providers.retry import Retry
from tests.providers.contract import Failure, Remote
from tests.providers.google.server import WRITE, GoogleServer, Json
from tests.providers.prompter import MemoryTokens

STARRED = "contactGroups/starred"


def person_of(contact: Contact, server: GoogleServer) -> Json:
    """A contact as Google would hold it; written out here, to check the provider's mapping by something else."""
    person: Json = {
        "names": [{"givenName": contact.given_name, "familyName": contact.family_name, "displayName": contact.name}],
        "emailAddresses": [{"value": one.address, "type": one.label} for one in contact.emails],
        "phoneNumbers": [{"value": one.number, "type": one.label} for one in contact.phones],
        "urls": [{"value": one.url} for one in contact.urls],
        "addresses": [
            {
                "streetAddress": one.street,
                "city": one.city,
                "postalCode": one.postal_code,
                "country": one.country,
                "type": one.label,
            }
            for one in contact.addresses
        ],
        "memberships": [server.membership("contactGroups/myContacts")]
        + [server.membership(server.group(name)) for name in contact.groups]
        + ([server.membership(STARRED)] if contact.favorite else []),
    }
    if contact.company or contact.job_title:
        person["organizations"] = [{"name": contact.company, "title": contact.job_title, "symbol": "KEPT"}]
    if contact.notes:
        person["biographies"] = [{"value": contact.notes, "contentType": "TEXT_PLAIN"}]
    if contact.birthday:
        year, month, day = contact.birthday.split("-")
        person["birthdays"] = [{"date": {"year": int(year), "month": int(month), "day": int(day)}}]
    return person


class GoogleRemote(Remote):
    def __init__(self, server: GoogleServer, provider: GoogleProvider) -> None:
        self.server = server
        self.provider = provider
        self.waits = []

        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)

        provider.retry = Retry(sleep=sleep)

    async def add(self, contact: Contact) -> str:
        return self.server.put(person_of(contact, self.server))

    async def change(self, remote_id: str, contact: Contact) -> None:
        self.server.put(person_of(contact, self.server), remote_id)

    async def remove(self, remote_id: str) -> None:
        self.server.remove(remote_id)

    async def contact(self, remote_id: str) -> Contact | None:
        if remote_id not in self.server.people:
            return None
        person = self.server.person(remote_id, ",".join([*self.server.people[remote_id], "metadata"]))
        return contact_of(person, Labels(dict(self.server.groups)))

    async def expire_cursors(self) -> None:
        self.server.expire()

    async def revoke(self) -> None:
        self.server.grants.clear()

    def fail(self, failure: Failure, times: int | None = None, *, after: int = 0) -> None:
        self.server.fail(failure, times, after=after)


@pytest.fixture
def server() -> Iterator[GoogleServer]:
    with GoogleServer(page_limit=Remote.page_size) as server:
        yield server


@pytest.fixture
def tokens() -> MemoryTokens:
    return MemoryTokens()


@pytest.fixture
def setup(server: GoogleServer, tokens: MemoryTokens, tmp_path: Path) -> Setup:
    settings = {"client_secrets": server.client_file(tmp_path), "endpoint": server.url}
    return Setup(tokens, settings, write=True)


@pytest.fixture
async def remote(server: GoogleServer, tokens: MemoryTokens, setup: Setup) -> AsyncIterator[GoogleRemote]:
    """Signed in with the wide scope."""
    refresh, access = server.grant(WRITE)
    tokens.secret = Permission(client_file(setup.settings["client_secrets"]), refresh, access, (WRITE,)).to_text()
    remote = GoogleRemote(server, GoogleProvider(replace(setup)))
    yield remote
    await remote.provider.close()
