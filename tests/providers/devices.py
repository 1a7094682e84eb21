"""Accounts of every provider on servers on this machine, each as its owner's other device sees it.

What the owner does there goes through a second client of the provider, so that it is in the provider's own dialect.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from coterie.core.model import Contact
from coterie.core.provider import Provider, RemoteContact, Setup
from coterie.providers.carddav.password import Login
from coterie.providers.carddav.provider import CardDavProvider
from coterie.providers.google.client import client_file
from coterie.providers.google.provider import GoogleProvider
from coterie.providers.google.tokens import Permission
from coterie.providers.memory import MemoryProvider, MemorySource
from coterie.providers.microsoft.provider import MicrosoftProvider
from coterie.providers.retry import Retry
from tests.providers.carddav.server import PASSWORD, USER, DavServer, RadicaleServer, XandikosServer
from tests.providers.contract import Failure
from tests.providers.google.server import WRITE, GoogleServer
from tests.providers.microsoft.server import CLIENT_ID, MicrosoftServer
from tests.providers.prompter import FakeUser, MemoryTokens
from tests.providers.server import LocalServer


class Place(ABC):
    """An account: `provider` is what Coterie signs in with, `device` what its owner uses besides."""

    provider: Provider
    device: Provider

    async def open(self) -> None:
        """Sign in."""
        return

    async def contacts(self) -> list[RemoteContact]:
        """All that is there, in an order that stays."""
        return sorted([one async for one in self.device.present()], key=lambda one: one.remote_id)

    async def put(self, contact: Contact) -> None:
        """Let the owner create a contact there."""
        await self.device.create(contact)

    async def change(self, known: RemoteContact, contact: Contact, field: str) -> None:
        """Let the owner change a field there."""
        await self.device.update(known, contact, {field})

    def words(self) -> list[str]:
        """What there is beside contacts, such as the names of groups without members."""
        return []

    @abstractmethod
    def expire(self) -> None:
        """Let the server forget every cursor."""

    def fail(self, failure: Failure, times: int, after: int) -> None:
        """Let the next requests fail, after so many good ones."""
        return

    def recover(self) -> None:
        """Let nothing fail any more."""
        return

    async def close(self) -> None:
        await self.provider.close()
        await self.device.close()


class MemoryPlace(Place):
    def __init__(self, _folder: Path, _stack: ExitStack) -> None:
        self.source = MemorySource(page_size=3)
        self.provider = MemoryProvider(Setup(MemoryTokens(), write=True), self.source)
        self.device = MemoryProvider(Setup(MemoryTokens(), write=True), self.source)

    def expire(self) -> None:
        self.source.expire_cursors()


async def _at_once(_seconds: float) -> None:
    return


class ServerPlace(Place):
    """An account on a server on this machine."""

    server: LocalServer

    def fail(self, failure: Failure, times: int, after: int) -> None:
        self.server.fail(failure, times, after=after)

    def recover(self) -> None:
        self.server.recover()


class GooglePlace(ServerPlace):
    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.server = self.google = stack.enter_context(GoogleServer(page_limit=3))
        self.provider, self.device = self._client(folder), self._client(folder)

    def _client(self, folder: Path) -> GoogleProvider:
        settings = {"client_secrets": self.google.client_file(folder), "endpoint": self.google.url}
        refresh, access = self.google.grant(WRITE)
        secret = Permission(client_file(settings["client_secrets"]), refresh, access, (WRITE,)).to_text()
        provider = GoogleProvider(Setup(MemoryTokens(secret), settings, write=True))
        provider.retry = Retry(sleep=_at_once)
        return provider

    def words(self) -> list[str]:
        return list(self.google.groups.values())

    def expire(self) -> None:
        self.google.expire()


class MicrosoftPlace(ServerPlace):
    def __init__(self, _folder: Path, stack: ExitStack) -> None:
        self.server = self.graph = stack.enter_context(MicrosoftServer(page_limit=3))
        self.provider, self.device = self._client(), self._client()

    def _client(self) -> MicrosoftProvider:
        settings = {"client_id": CLIENT_ID, "authority": self.graph.authority, "graph_endpoint": self.graph.endpoint}
        provider = MicrosoftProvider(Setup(MemoryTokens(), settings, write=True))
        provider.retry = Retry(sleep=_at_once)
        return provider

    async def open(self) -> None:
        await self.provider.sign_in(FakeUser())
        await self.device.sign_in(FakeUser())

    def expire(self) -> None:
        self.graph.expire()

    async def close(self) -> None:
        await super().close()
        assert self.graph.faults == []


class DavPlace(ServerPlace):
    make: Callable[[Path], DavServer] = RadicaleServer

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.server = self.dav = stack.enter_context(type(self).make(folder))
        self.provider, self.device = self._client(), self._client()

    def _client(self) -> CardDavProvider:
        login = Login(f"{self.dav.url}/", USER, PASSWORD, homes=(f"{self.dav.url}/{USER}/{self.dav.home}",))
        provider = CardDavProvider(Setup(MemoryTokens(login.to_text()), write=True))
        provider.retry = Retry(sleep=_at_once)
        provider.page_size = 3
        return provider

    def expire(self) -> None:
        self.dav.forget_tokens()


class XandikosPlace(DavPlace):
    make = XandikosServer


PLACES: dict[str, Callable[[Path, ExitStack], Place]] = {
    "memory": MemoryPlace,
    "google": GooglePlace,
    "microsoft": MicrosoftPlace,
    "radicale": DavPlace,
    "xandikos": XandikosPlace,
}
