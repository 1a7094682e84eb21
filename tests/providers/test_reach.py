"""Which servers a restricted account may connect to: names are looked up, judged, and connected to as judged."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from cryptography import x509

from coterie.core.errors import InvalidInput
from coterie.core.provider import Setup
from coterie.providers import reach
from coterie.providers.carddav.provider import CardDavProvider
from coterie.providers.connection import client
from coterie.providers.reach import OutOfReach, Reach, is_outside
from tests.providers.carddav.server import PASSWORD, USER, RadicaleServer
from tests.providers.certificate import self_signed
from tests.providers.prompter import FakeUser, MemoryTokens
from tests.providers.server import LocalServer, Request, Response


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%lo", "fd00::2", "ff02::1", "::ffff:127.0.0.1",
     "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:c0a8:101::1", "nonsense", ""],
)  # fmt: skip
def test_addresses_of_this_computer_and_its_network(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_on_the_internet(address: str) -> None:
    assert is_outside(address)


def test_an_address_on_the_internet_that_this_computer_has_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sent there never leaves: it would ask the computer's own ports. The system is asked, not a list."""

    class Own(socket.socket):
        def connect(self, address: object) -> None:
            self.to = address

        def getsockname(self) -> object:
            return self.to

    monkeypatch.setattr(socket, "socket", Own)
    assert not is_outside("8.8.8.8")


class Echo(LocalServer):
    """Answers, or leads elsewhere."""

    def respond(self, request: Request) -> Response:
        if request.path == "/away":
            return Response(302, {}, {"Location": "https://inner.test/"})
        return Response(200, {"host": request.headers["host"]})

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


@pytest.fixture
def server() -> Iterator[Echo]:
    with Echo() as running:
        yield running


class Names:
    """A name server whose answers change with each question."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def everything_is_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "is_outside", lambda _address: True)


async def test_a_name_that_means_this_computer_is_refused_before_anything_is_sent(server: Echo) -> None:
    for answer in (["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::1"], []):
        async with client(transport=Reach("", Names(answer))) as http:
            with pytest.raises(OutOfReach, match="restricted"):
                await http.get(f"http://dav.test:{server.port}/")
    assert not server.requests


@pytest.mark.usefixtures("everything_is_outside")
async def test_the_connection_goes_to_the_address_that_was_judged(server: Echo) -> None:
    names = Names(["127.0.0.1"], ["192.0.2.1"])
    async with client(transport=Reach("", names)) as http:
        for _ in range(2):
            reply = await http.get(f"http://dav.test:{server.port}/")
            assert reply.json() == {"host": f"dav.test:{server.port}"}
            assert reply.url.host == "dav.test"
    assert names.asked == 1


@pytest.mark.usefixtures("everything_is_outside")
async def test_the_next_address_is_tried(server: Echo) -> None:
    async with client(transport=Reach("", Names(["127.0.0.2", "127.0.0.1"]))) as http:
        assert (await http.get(f"http://dav.test:{server.port}/")).status_code == 200
        with pytest.raises(httpx2.ConnectError):
            await http.get("http://dav.test:1/")


@pytest.mark.usefixtures("everything_is_outside")
async def test_the_certificate_is_that_of_the_name(
    server: Echo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate := self_signed(tmp_path / "own.pem", x509.DNSName("dav.test")))
    server._server.socket = context.wrap_socket(server._server.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with client(transport=Reach("", Names(["127.0.0.1"]))) as http:
        assert (await http.get(f"https://dav.test:{server.port}/")).status_code == 200
        with pytest.raises(httpx2.ConnectError):
            await http.get(f"https://other.test:{server.port}/")


async def test_a_redirect_is_judged_like_any_other_request(server: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "is_outside", lambda address: address == "127.0.0.1")

    async def look_up(host: str, port: int) -> list[str]:
        return ["10.0.0.1"] if host == "inner.test" else ["127.0.0.1"]

    async with client(transport=Reach("", look_up), follow_redirects=True) as http:
        with pytest.raises(OutOfReach, match=r"inner\.test"):
            await http.get(f"http://dav.test:{server.port}/away")


async def test_the_administrator_names_servers_and_no_others_are_left(server: Echo) -> None:
    async with client(transport=Reach(f"127.0.0.1:{server.port},dav.test:443")) as http:
        assert (await http.get(server.url)).status_code == 200
        for other in (
            "http://127.0.0.1:1/",
            f"http://localhost:{server.port}/",
            "http://dav.test/",
            "https://8.8.8.8/",
        ):
            with pytest.raises(OutOfReach):
                await http.get(other)


async def test_the_transport_opens_again_after_it_was_closed(server: Echo) -> None:
    transport = Reach(f"127.0.0.1:{server.port}")
    for _ in range(2):
        async with client(transport=transport) as http:
            assert (await http.get(server.url)).status_code == 200


# CardDAV


async def sign_in(server: str, *, allowed: str = "") -> CardDavProvider:
    settings = {"allowed_hosts": allowed} if allowed else {}
    provider = CardDavProvider(Setup(MemoryTokens(), settings, restricted=True))
    await provider.sign_in(FakeUser({"server": server, "user": USER, "password": PASSWORD}))
    return provider


async def test_a_restricted_account_signs_in_to_no_server_of_this_computer(tmp_path: Path) -> None:
    with RadicaleServer(tmp_path) as server:
        with pytest.raises(InvalidInput, match="restricted"):
            await sign_in(server.url)
        assert not server.requests


async def test_one_that_the_administrator_allows_works(tmp_path: Path) -> None:
    with RadicaleServer(tmp_path) as server:
        provider = await sign_in(server.url, allowed=server.url.removeprefix("http://"))
        assert [page async for page in provider.changes(None)]
        await provider.close()


async def test_a_login_from_before_the_account_was_restricted_asks_nothing_either(tmp_path: Path) -> None:
    with RadicaleServer(tmp_path) as server:
        tokens = MemoryTokens()
        free = CardDavProvider(Setup(tokens))
        await free.sign_in(FakeUser({"server": server.url, "user": USER, "password": PASSWORD}))
        await free.close()
        server.requests.clear()
        with pytest.raises(OutOfReach):
            async for _ in CardDavProvider(Setup(tokens, restricted=True)).changes(None):
                pass
        assert not server.requests
