"""SRV and TXT records, asked of a DNS server on this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping

import dns.asyncresolver
import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import httpx2
import pytest

from coterie.core.errors import InvalidInput, NotFound
from coterie.core.provider import Setup
from coterie.providers.carddav.discovery import address_found
from coterie.providers.carddav.hosts import ICloud
from coterie.providers.carddav.provider import CardDavProvider
from coterie.providers.carddav.records import server_of
from tests.providers.prompter import FakeUser, MemoryTokens

NAME = "_carddavs._tcp.example.org."


class DnsServer:
    """Answers what it is told to, over UDP, in a thread of its own."""

    def __init__(self, records: Mapping[tuple[str, str], list[str]]) -> None:
        self.records = records
        self.asked: list[tuple[str, str]] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def resolver(self) -> dns.asyncresolver.Resolver:
        resolver = dns.asyncresolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = self._socket.getsockname()[1]
        return resolver

    def _serve(self) -> None:
        while True:
            wire, sender = self._socket.recvfrom(4096)
            if not wire:
                return
            query = dns.message.from_wire(wire)
            question = query.question[0]
            key = question.name.to_text(), dns.rdatatype.to_text(question.rdtype)
            self.asked.append(key)
            answer = dns.message.make_response(query)
            answer.flags |= dns.flags.RA
            if key in self.records:
                answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", key[1], *self.records[key]))
            else:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            self._socket.sendto(answer.to_wire(), sender)

    def stop(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()


@pytest.fixture
def server() -> Iterator[DnsServer]:
    server = DnsServer({})
    yield server
    server.stop()


@pytest.mark.parametrize(
    ("services", "texts", "address"),
    [
        (["0 1 443 dav.example.org."], [], "https://dav.example.org/"),
        (["0 1 8443 Dav.Example.org."], ['"path=/dav/"'], "https://dav.example.org:8443/dav/"),
        (
            ["20 1 443 b.example.org.", "10 1 443 a.example.org."],
            ['"x=1"', '"PATH=/ä"'],
            "https://a.example.org/%C3%A4",
        ),
        (["10 1 443 small.example.org.", "10 9 443 large.example.org."], [], "https://large.example.org/"),
        (["0 1 443 dav.example.org."], ['"path=//evil.example/"'], "https://dav.example.org/"),
        (["0 1 443 dav.example.org."], ['"path=https://evil.example/"'], "https://dav.example.org/"),
        (["0 0 0 ."], [], ""),
        ([], [], ""),
    ],
)
async def test_dns_names_the_server(server: DnsServer, services: list[str], texts: list[str], address: str) -> None:
    found = {(NAME, "SRV"): services, (NAME, "TXT"): texts}
    server.records = {key: records for key, records in found.items() if records}
    assert await server_of("example.org", server.resolver) == address


@pytest.mark.parametrize("typed", ["localhost", "127.0.0.1", "dav.example.org:8443", "https://example.org", "a/b.org"])
async def test_nothing_is_asked_where_a_server_was_typed(server: DnsServer, typed: str) -> None:
    assert await server_of(typed, server.resolver) == ""
    assert server.asked == []


async def test_the_table_needs_no_dns(server: DnsServer) -> None:
    assert await address_found("ada@icloud.com", server.resolver) == "https://contacts.icloud.com/"
    assert server.asked == []


async def test_no_answer_is_no_server() -> None:
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        resolver.port = silent.getsockname()[1]
        resolver.timeout = 0.05
        assert await address_found("ada@example.org", resolver) == "https://example.org/"


async def test_the_server_of_somebody_else_is_named_and_gets_no_password(server: DnsServer) -> None:
    server.records = {(NAME, "SRV"): ["0 1 443 carddav.hosting.example."]}
    provider = CardDavProvider(Setup(MemoryTokens()))
    provider.resolver = server.resolver
    provider.transport = httpx2.MockTransport(lambda request: pytest.fail(f"{request.url} was asked"))
    with pytest.raises(InvalidInput, match=r"carddav\.hosting\.example"):
        await provider.sign_in(FakeUser({"server": "ada@example.org", "user": "", "password": "secret"}))


async def test_signing_in_goes_where_dns_says(server: DnsServer) -> None:
    server.records = {(NAME, "SRV"): ["0 1 8443 dav.example.org."], (NAME, "TXT"): ['"path=/dav/"']}
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return httpx2.Response(404)

    provider = CardDavProvider(Setup(MemoryTokens()))
    provider.resolver = server.resolver
    provider.transport = httpx2.MockTransport(answer)
    with pytest.raises(NotFound):
        await provider.sign_in(FakeUser({"server": "ada@example.org", "user": "", "password": "secret"}))
    assert asked[0] == "https://dav.example.org:8443/dav/"


async def test_a_host_that_is_offered_by_name_asks_for_no_server() -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.host)
        return httpx2.Response(404)

    provider = ICloud(Setup(MemoryTokens()))
    provider.transport = httpx2.MockTransport(answer)
    user = FakeUser({"user": "ada@icloud.com", "password": "secret"})
    with pytest.raises(NotFound):
        await provider.sign_in(user)
    assert set(asked) == {"contacts.icloud.com"}
