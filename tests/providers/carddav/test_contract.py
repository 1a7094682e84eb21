from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.providers.carddav.conftest import CardDavRemote
from tests.providers.carddav.server import XandikosServer
from tests.providers.contract import NetworkContract, Remote


class TestRadicale(NetworkContract):
    """The real Radicale on this machine; `remote` is in conftest.py."""


class TestWithoutSyncCollection(NetworkContract):
    """A server that tells changes by ctag and etags only."""

    @pytest.fixture
    async def remote(self, remote: CardDavRemote) -> CardDavRemote:
        remote.server.sync_collection = False
        return remote

    async def test_a_cursor_that_the_source_forgot_is_named_as_such(self, remote: Remote) -> None:
        pytest.skip("the etags are ours: there is nothing that the server could forget")


class TestWithoutEtagAfterPut(NetworkContract):
    """A server without ctag that tells its changes in parts and answers no PUT with an etag."""

    @pytest.fixture
    async def remote(self, remote: CardDavRemote) -> CardDavRemote:
        remote.server.etag_after_put = remote.server.ctag = False
        remote.server.most = 2
        return remote


class TestXandikos(NetworkContract):
    """The real xandikos on this machine."""

    @pytest.fixture
    def server(self, tmp_path: Path) -> Iterator[XandikosServer]:
        with XandikosServer(tmp_path) as server:
            yield server
