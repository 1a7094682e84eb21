"""A folder of vCards does what every provider does."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from coterie.core.model import Contact
from coterie.core.provider import Setup
from coterie.providers.carddav.cards import CardText, changed_card, new_card, read_card
from coterie.providers.vdir.provider import VdirProvider
from tests.providers.contract import ProviderContract, Remote
from tests.providers.prompter import MemoryTokens


class VdirRemote(Remote):
    """A folder that another program writes to: it puts new files in the place of old ones, as khard does."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.provider = VdirProvider(Setup(MemoryTokens(json.dumps({"folder": str(root)}))))
        self.provider.page_size = self.page_size
        self.waits = []

    async def add(self, contact: Contact) -> str:
        text, uid = new_card(contact, "3.0")
        (self.root / f"{uid}.vcf").write_bytes(text.encode())
        return f"{uid}.vcf"

    async def change(self, remote_id: str, contact: Contact) -> None:
        path = self.root / remote_id
        text = changed_card(contact, self.provider.capabilities.fields, path.read_bytes().decode(), "3.0")
        new = path.with_suffix(".tmp")
        new.write_bytes(text.encode())
        os.utime(new, ns=(1, path.stat().st_mtime_ns + 1))
        new.replace(path)

    async def remove(self, remote_id: str) -> None:
        (self.root / remote_id).unlink()

    async def contact(self, remote_id: str) -> Contact | None:
        path = self.root / remote_id
        if not path.exists():
            return None
        return read_card(CardText(remote_id, "", path.read_bytes().decode())).remote(()).contact

    async def expire_cursors(self) -> None:
        raise NotImplementedError

    async def revoke(self) -> None:
        await self.provider.setup.tokens.delete()


class TestVdir(ProviderContract):
    @pytest.fixture
    def remote(self, tmp_path: Path) -> Remote:
        return VdirRemote(tmp_path)

    async def test_a_cursor_that_the_source_forgot_is_named_as_such(self, remote: Remote) -> None:
        pytest.skip("the etags are ours: there is nothing that the folder could forget")
