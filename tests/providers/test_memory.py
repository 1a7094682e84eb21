from __future__ import annotations

import pytest

from coterie.core.model import Contact
from coterie.core.provider import Setup
from coterie.providers.memory import MemoryProvider, MemorySource
from tests.providers.contract import ADA, ProviderContract, Remote, pull
from tests.providers.prompter import FakeUser, MemoryTokens


class MemoryRemote(Remote):
    def __init__(self) -> None:
        self.source = MemorySource(page_size=self.page_size)
        self.provider = MemoryProvider(Setup(MemoryTokens("allowed")), self.source)
        self.waits = []

    async def add(self, contact: Contact) -> str:
        return self.source.put(contact).remote_id

    async def change(self, remote_id: str, contact: Contact) -> None:
        self.source.put(contact, remote_id)

    async def remove(self, remote_id: str) -> None:
        self.source.remove(remote_id)

    async def contact(self, remote_id: str) -> Contact | None:
        known = self.source.contacts.get(remote_id)
        return known.contact if known else None

    async def expire_cursors(self) -> None:
        self.source.expire_cursors()

    async def revoke(self) -> None:
        self.source.allowed = False


class TestMemory(ProviderContract):
    @pytest.fixture
    def remote(self) -> Remote:
        return MemoryRemote()


async def test_signing_in_names_the_account() -> None:
    provider = MemoryProvider(Setup(MemoryTokens()))
    assert (await provider.sign_in(FakeUser({"address": "me@demo"}))).address == "me@demo"
    assert (await pull(provider)).changed == {}


async def test_a_new_id_tells_the_old_one() -> None:
    source = MemorySource()
    provider = MemoryProvider(Setup(MemoryTokens()), source)
    old = source.put(ADA).remote_id
    cursor = (await pull(provider)).cursor
    new = source.rename(old)
    increment = await pull(provider, cursor)
    assert increment.changed[new].previous_ids == (old,)
    assert not increment.deleted
