from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coterie.core.model import Contact
from coterie.core.provider import Setup
from coterie.core.transfer.vcard import parse_card, write_card
from coterie.providers.carddav.password import Login
from coterie.providers.carddav.provider import CardDavProvider
from coterie.providers.retry import Retry
from tests.providers.carddav.server import PASSWORD, USER, DavServer, RadicaleServer
from tests.providers.contract import Failure, Remote
from tests.providers.prompter import MemoryTokens


class CardDavRemote(Remote):
    def __init__(self, server: DavServer, provider: CardDavProvider) -> None:
        self.server = server
        self.provider = provider
        self.waits = []
        self._serial = 0

        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)

        provider.retry = Retry(sleep=sleep)
        provider.page_size = self.page_size

    async def add(self, contact: Contact) -> str:
        self._serial += 1
        path = self.server.path(f"card-{self._serial}.vcf")
        await self.change(path, contact)
        return path

    async def change(self, remote_id: str, contact: Contact) -> None:
        uid = remote_id.rpartition("/")[2].removesuffix(".vcf")
        self.server.put(remote_id, write_card(replace(contact, custom={"UID": uid}), "3.0"))

    async def remove(self, remote_id: str) -> None:
        self.server.delete(remote_id)

    async def contact(self, remote_id: str) -> Contact | None:
        card = self.server.get(remote_id)
        return parse_card(card) if card is not None else None

    async def expire_cursors(self) -> None:
        """Radicale names a state by its hash, so a state that is still the same is known whatever it forgets."""
        self.server.forget_tokens()
        path = self.server.path("card-1.vcf")
        card = self.server.get(path)
        assert card
        self.server.put(path, card.replace("END:VCARD", "X-TOUCHED:1\r\nEND:VCARD"))
        self.server.forget_tokens()

    async def revoke(self) -> None:
        self.server.set_password("another")

    def fail(self, failure: Failure, times: int | None = None, *, after: int = 0) -> None:
        self.server.fail(failure, times, after=after)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RadicaleServer]:
    with RadicaleServer(tmp_path) as server:
        yield server


@pytest.fixture
def tokens(server: DavServer) -> MemoryTokens:
    """The login as sign-in leaves it."""
    return MemoryTokens(
        Login(f"{server.url}/", USER, PASSWORD, homes=(f"{server.url}/{USER}/{server.home}",)).to_text()
    )


@pytest.fixture
async def remote(server: DavServer, tokens: MemoryTokens) -> AsyncIterator[CardDavRemote]:
    remote = CardDavRemote(server, CardDavProvider(Setup(tokens, write=True)))
    yield remote
    await remote.provider.close()


@pytest.fixture(params=["sync-collection", "ctag", "etags"])
async def either(request: pytest.FixtureRequest, remote: CardDavRemote) -> CardDavRemote:
    """The three ways in which servers tell what changed."""
    remote.server.sync_collection = request.param == "sync-collection"
    remote.server.ctag = request.param != "etags"
    return remote
