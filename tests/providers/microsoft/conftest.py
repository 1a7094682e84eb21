from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

import pytest

from coterie.core.model import Contact
from coterie.core.provider import Setup
from coterie.providers import load
from coterie.providers.microsoft.mapping import contact_of
from coterie.providers.microsoft.provider import MicrosoftProvider
from coterie.providers.microsoft.tokens import Permission
from coterie.providers.retry import Retry
from tests.providers.contract import Failure, Remote
from tests.providers.microsoft.server import CLIENT_ID, LOGIN, Json, MicrosoftServer
from tests.providers.prompter import FakeUser, MemoryTokens
from tests.providers.server import Request

Make = Callable[[Setup], MicrosoftProvider]
"""Makes a provider that writes down how long it would wait."""


def card_of(contact: Contact) -> Json:
    """A contact as Outlook would hold it; written out here, to check the provider's mapping by something else."""
    addresses = {"homeAddress": "home", "businessAddress": "work"}
    return {
        "displayName": contact.name,
        "givenName": contact.given_name,
        "surname": contact.family_name,
        "emailAddresses": [{"name": contact.name, "address": one.address} for one in contact.emails],
        "mobilePhone": next((one.number for one in contact.phones if one.label == "mobile"), None),
        "businessPhones": [one.number for one in contact.phones if one.label != "mobile"],
        "companyName": contact.company,
        "jobTitle": contact.job_title,
        "personalNotes": contact.notes,
        "birthday": f"{contact.birthday}T11:59:00Z" if contact.birthday else None,
        "businessHomePage": contact.urls[0].url if contact.urls else None,
        "categories": list(contact.groups),
        "spouseName": "KEPT",
        **{
            key: {
                "street": one.street,
                "city": one.city,
                "postalCode": one.postal_code,
                "countryOrRegion": one.country,
            }
            for key, label in addresses.items()
            for one in contact.addresses
            if one.label == label
        },
    }


def patient(provider: MicrosoftProvider, waits: list[float]) -> None:
    """Let the provider write down how long it would wait."""

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    provider.retry = Retry(sleep=sleep)


class MicrosoftRemote(Remote):
    provider: MicrosoftProvider

    def __init__(self, server: MicrosoftServer, provider: MicrosoftProvider) -> None:
        self.server = server
        self.provider = provider
        self.waits = []
        patient(provider, self.waits)

    async def add(self, contact: Contact) -> str:
        return self.server.put(card_of(contact))

    async def change(self, remote_id: str, contact: Contact) -> None:
        self.server.put(card_of(contact), remote_id)

    async def remove(self, remote_id: str) -> None:
        self.server.remove(remote_id)

    async def contact(self, remote_id: str) -> Contact | None:
        card = self.server.contacts.get(remote_id)
        return contact_of(card) if card else None

    async def expire_cursors(self) -> None:
        self.server.expire()

    async def revoke(self) -> None:
        self.server.grants.clear()
        self.server.end_access_tokens()

    def fail(self, failure: Failure, times: int | None = None, *, after: int = 0) -> None:
        self.server.fail(failure, times, after=after)


@pytest.fixture
def server() -> Iterator[MicrosoftServer]:
    with MicrosoftServer(page_limit=Remote.page_size) as server:
        yield server
    assert server.faults == []


@pytest.fixture
def tokens() -> MemoryTokens:
    return MemoryTokens()


@pytest.fixture
def setup(server: MicrosoftServer, tokens: MemoryTokens) -> Setup:
    settings = {"client_id": CLIENT_ID, "authority": server.authority, "graph_endpoint": server.endpoint}
    return Setup(tokens, settings, write=True)


@pytest.fixture
async def remote(server: MicrosoftServer, setup: Setup) -> AsyncIterator[MicrosoftRemote]:
    """Signed in with the wide scope."""
    remote = MicrosoftRemote(server, MicrosoftProvider(replace(setup)))
    await remote.provider.sign_in(FakeUser())
    remote.waits.clear()
    server.requests.clear()
    yield remote
    await remote.provider.close()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def provider(waits: list[float]) -> Callable[[Setup], MicrosoftProvider]:
    def make(setup: Setup) -> MicrosoftProvider:
        made = load("microsoft")(setup)
        assert isinstance(made, MicrosoftProvider)
        patient(made, waits)
        return made

    return make


def polls(server: MicrosoftServer) -> list[Request]:
    return [one for one in server.requests if one.path == f"{LOGIN}/token"]


def kept(tokens: MemoryTokens) -> Permission:
    assert tokens.secret is not None
    return Permission.from_text(tokens.secret)
