from __future__ import annotations

import ipaddress
import ssl
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from cryptography import x509

from coterie.core.errors import CoterieError, InvalidInput, NotFound, SignInNeeded, Unreachable
from coterie.core.provider import Setup
from coterie.core.sign_in import Identity
from coterie.providers.carddav.discovery import address_of
from coterie.providers.carddav.password import Login, same_site
from coterie.providers.carddav.provider import CardDavProvider
from coterie.providers.connection import ssl_context
from coterie.providers.retry import Retry
from tests.providers.carddav.server import BOOK, PASSWORD, USER, RadicaleServer
from tests.providers.certificate import self_signed
from tests.providers.contract import Failure, pull
from tests.providers.prompter import FakeUser, MemoryTokens
from tests.providers.server import PAGE, LocalServer, Request, Response


async def never_waits(_seconds: float) -> None:
    return


async def sign_in(
    server: str, user: str = USER, password: str = PASSWORD, transport: httpx2.AsyncBaseTransport | None = None
) -> tuple[CardDavProvider, Identity]:
    provider = CardDavProvider(Setup(MemoryTokens()))
    provider.retry = Retry(sleep=never_waits)
    provider.transport = transport
    identity = await provider.sign_in(FakeUser({"server": server, "user": user, "password": password}))
    return provider, identity


async def login_of(provider: CardDavProvider) -> Login:
    return Login.from_text(await provider.setup.tokens.load())


# What is typed --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("dav.example.org", "https://dav.example.org/"),
        (" https://dav.example.org/dav/ada/ ", "https://dav.example.org/dav/ada/"),
        ("https://ada:secret@dav.example.org/#x", "https://dav.example.org/"),
        ("ada@example.org", "https://example.org/"),
        ("ada@iCloud.com", "https://contacts.icloud.com/"),
        ("me.com", "https://contacts.icloud.com/"),
        ("ada@fastmail.com", "https://carddav.fastmail.com/"),
        ("posteo.de", "https://posteo.de:8443/"),
        ("dav.example.org:8443/dav", "https://dav.example.org:8443/dav"),
        ("localhost:5232", "http://localhost:5232/"),
        ("http://127.0.0.1:5232/ada/", "http://127.0.0.1:5232/ada/"),
        ("http://[::1]:5232", "http://[::1]:5232/"),
    ],
)
def test_a_domain_an_e_mail_address_and_a_full_address_all_work(typed: str, address: str) -> None:
    assert address_of(typed) == address


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "no server address"),
        ("http://dav.example.org", "not encrypted"),
        ("ftp://dav.example.org", "not the address"),
        ("https://", "not the address"),
        ("https://a:99999/", "not the address"),
        ("two words", "not the address"),
        ("ada@gmail.com", "Google"),
    ],
)
def test_what_cannot_be_used_is_said_before_anything_is_sent(typed: str, word: str) -> None:
    with pytest.raises(InvalidInput, match=word) as caught:
        address_of(typed)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://contacts.icloud.com/", "https://p42-contacts.icloud.com:443/1/", True),
        ("https://example.org/", "https://dav.example.org/", True),
        ("https://a.example.co.uk/", "https://b.example.co.uk/", True),
        ("https://one.co.uk/", "https://two.co.uk/", False),
        ("https://example.org/", "https://example.org.evil.net/", False),
        ("https://example.org/", "http://dav.example.org/", False),
        ("https://10.0.0.1/", "https://11.0.0.1/", False),
        ("https://10.0.0.1/", "https://10.0.0.1:8443/", True),
    ],
)
def test_who_may_have_the_password(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same


def test_a_login_shows_no_password_and_stays_what_it_is() -> None:
    login = Login("https://dav.example.org/", USER, PASSWORD, ("https://dav.example.org/ada/",))
    assert PASSWORD not in repr(login)
    assert Login.from_text(login.to_text()) == login
    for text in (None, "", "x", "[]", "{}"):
        with pytest.raises(SignInNeeded):
            Login.from_text(text)


# Radicale -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/", f"/{USER}/", f"/{USER}/{BOOK}/", "/.well-known/carddav"])
async def test_signing_in_finds_the_address_books_from_anywhere(server: RadicaleServer, path: str) -> None:
    provider, identity = await sign_in(server.url.removeprefix("http://") + path)
    assert identity.address == f"{USER}@127.0.0.1"
    assert (await login_of(provider)).homes == (f"{server.url}/{USER}/",)
    server.put(server.path("1.vcf"), "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:Bob\r\nN:;Bob;;;\r\nEND:VCARD\r\n")
    assert (await pull(provider)).names == {"Bob"}
    await provider.close()


async def test_an_e_mail_address_names_the_account(server: RadicaleServer) -> None:
    server.users.write_text(f"ada@example.org:{PASSWORD}\n")
    with pytest.raises(NotFound, match="No address books"):  # this user has none yet
        await sign_in(server.url, "ada@example.org")
    server.make_book(BOOK, owner="ada@example.org")
    _, identity = await sign_in(server.url, "ada@example.org")
    assert identity.address == "ada@example.org"


async def test_a_wrong_password_says_so_and_keeps_nothing(server: RadicaleServer) -> None:
    provider = CardDavProvider(Setup(tokens := MemoryTokens()))
    with pytest.raises(SignInNeeded, match="user name and password") as caught:
        await provider.sign_in(FakeUser({"server": server.url, "user": USER, "password": "wrong"}))
    assert "app password" in caught.value.hint
    assert tokens.secret is None


@pytest.mark.parametrize(("user", "password"), [("", PASSWORD), (USER, "")])
async def test_without_name_or_password_nothing_is_sent(server: RadicaleServer, user: str, password: str) -> None:
    with pytest.raises(InvalidInput):
        await sign_in(server.url, user, password)
    assert not server.requests


async def test_settings_fill_in_what_is_not_answered(server: RadicaleServer) -> None:
    provider = CardDavProvider(Setup(MemoryTokens(), {"server": server.url, "user": USER}))
    user = FakeUser({"password": PASSWORD})
    assert (await provider.sign_in(user)).address == f"{USER}@127.0.0.1"
    assert user.asked == ["server", "user", "password"]


async def test_an_address_book_whose_server_tells_no_home_is_one(server: RadicaleServer) -> None:
    def no_principal(request: Request) -> Response | None:
        if request.path in {"/", f"/{USER}/"} or request.path.startswith("/.well-known"):
            return Response(404)
        if b"current-user-principal" in request.body:
            body = server._past(request).content
            return Response(207, body.replace(b"current-user-principal", b"x").replace(b"addressbook-home-set", b"y"))
        return None

    server.before = no_principal
    provider, _ = await sign_in(server.url + server.path())
    assert (await login_of(provider)).books == (server.url + server.path(),)
    assert (await pull(provider)).names == set()


async def test_well_known_leads_to_nextclouds_place(server: RadicaleServer) -> None:
    def nextcloud(request: Request) -> Response | None:
        if request.path == "/.well-known/carddav":
            return Response(301, b"", {"Location": "/remote.php/dav/"})
        if request.path == "/remote.php/dav/":
            return server._past(Request(request.method, "/", {}, request.headers, request.body))
        return Response(404) if request.path == "/" else None

    server.before = nextcloud
    provider, _ = await sign_in(server.url)
    assert (await login_of(provider)).homes == (f"{server.url}/{USER}/",)


async def test_nextcloud_without_well_known_is_found(server: RadicaleServer) -> None:
    def nextcloud(request: Request) -> Response | None:
        if request.path == "/cloud/remote.php/dav/":
            return server._past(Request(request.method, "/", {}, request.headers, request.body))
        return None if request.path.startswith(f"/{USER}") else Response(200, PAGE, {"Content-Type": "text/html"})

    server.before = nextcloud
    provider, _ = await sign_in(server.url + "/cloud")
    assert (await login_of(provider)).homes == (f"{server.url}/{USER}/",)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://dav.example.org/", "//", "/nowhere"])
async def test_a_link_that_leads_nowhere_is_passed_over(server: RadicaleServer, link: str) -> None:
    server.before = lambda request: (
        Response(301, b"", {"Location": link}) if request.path == "/.well-known/carddav" else None
    )
    provider, _ = await sign_in(server.url)
    assert (await login_of(provider)).homes == (f"{server.url}/{USER}/",)


async def test_a_link_that_is_none_is_a_plain_error(server: RadicaleServer) -> None:
    server.before = lambda _request: Response(301, b"", {"Location": "http://[x/"})
    with pytest.raises(CoterieError, match="an invalid link"):
        await sign_in(server.url)


async def test_no_contacts_there_is_one_plain_error(server: RadicaleServer) -> None:
    server.before = lambda _request: Response(200, PAGE, {"Content-Type": "text/html"})
    with pytest.raises(NotFound, match="No address books were found"):
        await sign_in(server.url)


async def test_a_server_that_fails_is_not_taken_for_one_without_contacts(server: RadicaleServer) -> None:
    server.fail(Failure.UNAVAILABLE)
    with pytest.raises(Unreachable):
        await sign_in(server.url)


async def test_addresses_written_with_http_behind_a_proxy_are_ours() -> None:
    apple = Apple(home="http://contacts.icloud.com/1/carddavhome/", homes_host="contacts.icloud.com")
    provider, _ = await sign_in("ada@icloud.com", "", transport=httpx2.MockTransport(apple))
    assert (await login_of(provider)).homes == ("https://contacts.icloud.com/1/carddavhome/",)


async def test_homes_that_moved_are_found_again(server: RadicaleServer) -> None:
    provider, _ = await sign_in(server.url)
    login = await login_of(provider)
    await provider.setup.tokens.save(Login(login.server, USER, PASSWORD, (f"{server.url}/nobody/old/",)).to_text())
    await provider.close()
    server.before = lambda request: Response(404) if request.path.startswith("/nobody/") else None
    await pull(provider)
    assert (await login_of(provider)).homes == login.homes


# Where the password goes ----------------------------------------------------------------------------------------------


class Stranger(LocalServer):
    """Another server, which wants a password too."""

    def respond(self, request: Request) -> Response:
        return Response(401, b"", {"WWW-Authenticate": 'Basic realm="x"'})


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    with Stranger() as stranger:
        yield stranger


def _no_password(stranger: Stranger) -> bool:
    return not any("authorization" in request.headers for request in stranger.requests)


async def test_well_known_of_another_server_is_named_and_gets_no_password(
    server: RadicaleServer, stranger: Stranger
) -> None:
    def elsewhere(request: Request) -> Response | None:
        redirect = request.path == "/.well-known/carddav"
        return Response(302, b"", {"Location": f"{stranger.url}/dav/"}) if redirect else None

    server.before = elsewhere
    with pytest.raises(InvalidInput, match="another server") as caught:
        await sign_in(server.url)
    assert f"{stranger.url}/dav/" in caught.value.hint
    assert stranger.requests
    assert _no_password(stranger)


@pytest.mark.parametrize("tag", ["current-user-principal", "addressbook-home-set"])
async def test_principals_and_homes_of_another_server_get_no_password(
    server: RadicaleServer, stranger: Stranger, tag: str
) -> None:
    def elsewhere(request: Request) -> Response | None:
        if request.path == "/" and tag.encode() in request.body:
            told = f"<{tag} xmlns='{'DAV:' if tag.startswith('c') else 'urn:ietf:params:xml:ns:carddav'}'>"
            told += f"<href xmlns='DAV:'>{stranger.url}/ada/</href></{tag}>"
            return Response(207, _multistatus("/", told))
        return None

    server.before = elsewhere
    with pytest.raises(InvalidInput, match="another server"):
        await sign_in(server.url)
    assert not stranger.requests


async def test_a_redirect_or_an_address_of_another_server_gets_no_password(
    server: RadicaleServer, stranger: Stranger
) -> None:
    provider, _ = await sign_in(server.url)
    server.before = lambda _request: Response(302, b"", {"Location": f"{stranger.url}/"})
    with pytest.raises(Unreachable, match="wants to answer instead"):
        await pull(provider)
    book = "<resourcetype><collection/><addressbook xmlns='urn:ietf:params:xml:ns:carddav'/></resourcetype>"
    server.before = lambda _request: Response(207, _multistatus(f"{stranger.url}/ada/book/", book))
    with pytest.raises(CoterieError, match="points to another server"):
        await pull(provider)
    assert not stranger.requests


def _multistatus(href: str, properties: str) -> bytes:
    return (
        f"<multistatus xmlns='DAV:'><response><href>{href}</href><propstat><prop>{properties}</prop>"
        "<status>HTTP/1.1 200 OK</status></propstat></response></multistatus>"
    ).encode()


@dataclass
class Apple:
    """iCloud as far as discovery sees it: contacts.icloud.com knows the principal, a partition host the cards."""

    home: str = "https://p42-contacts.icloud.com:443/1/carddavhome/"
    homes_host: str = "p42-contacts.icloud.com"
    accepts: str = PASSWORD
    asked: list[tuple[str, bool]] = field(default_factory=list)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        host, path = request.url.host, request.url.path
        sent = request.headers.get("authorization")
        self.asked.append((host, sent is not None))
        if sent is None or b64encode(f"ada@icloud.com:{self.accepts}".encode()).decode() not in sent:
            return httpx2.Response(401, headers={"WWW-Authenticate": 'Basic realm="iCloud"'})
        if path == "/1/principal/":
            told = f"<addressbook-home-set xmlns='urn:ietf:params:xml:ns:carddav'><href xmlns='DAV:'>{self.home}</href>"
            return httpx2.Response(207, content=_multistatus(path, told + "</addressbook-home-set>"))
        if path == "/1/carddavhome/" and host == self.homes_host:
            book = "<resourcetype><collection/><addressbook xmlns='urn:ietf:params:xml:ns:carddav'/></resourcetype>"
            return httpx2.Response(207, content=_multistatus(f"http://{host}/1/carddavhome/card/", book))
        told = "<current-user-principal><href>/1/principal/</href></current-user-principal>"
        return httpx2.Response(207, content=_multistatus(path, told))


async def test_icloud_is_followed_to_its_partition() -> None:
    apple = Apple()
    provider, identity = await sign_in("ada@icloud.com", "", transport=httpx2.MockTransport(apple))
    assert (identity.address, identity.person) == ("ada@icloud.com", "icloud.com/1/principal")
    assert (await login_of(provider)).homes == (apple.home,)
    assert {host for host, _ in apple.asked} == {"contacts.icloud.com", "p42-contacts.icloud.com"}
    assert not apple.asked[0][1], ".well-known is asked without the password"


async def test_a_home_of_somebody_else_is_not_followed() -> None:
    apple = Apple(home="https://p42-contacts.icloud.example/1/carddavhome/")
    with pytest.raises(InvalidInput, match=r"p42-contacts\.icloud\.example"):
        await sign_in("ada@icloud.com", "", transport=httpx2.MockTransport(apple))
    assert {host for host, _ in apple.asked} == {"contacts.icloud.com"}


async def test_icloud_hints_at_app_specific_passwords() -> None:
    with pytest.raises(SignInNeeded) as caught:
        await sign_in("ada@icloud.com", "", "my own", transport=httpx2.MockTransport(Apple()))
    assert "app-specific password" in caught.value.hint
    assert "https://account.apple.com" in caught.value.hint


# Digest and certificates ----------------------------------------------------------------------------------------------


async def test_digest_is_used_where_the_server_takes_nothing_else(server: RadicaleServer) -> None:
    plain = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    seen: list[str] = []

    def digest(request: Request) -> Response | None:
        sent = request.headers.get("authorization", "")
        seen.append(sent.partition(" ")[0])
        if not sent.startswith(f'Digest username="{USER}"') or 'nonce="n1"' not in sent:
            return Response(401, b"", {"WWW-Authenticate": 'Digest realm="dav", nonce="n1", qop="auth", algorithm=MD5'})
        headers = {**request.headers, "authorization": f"Basic {plain}"}
        return server._past(Request(request.method, request.path, {}, headers, request.body))

    server.before = digest
    provider, _ = await sign_in(server.url)
    seen.clear()
    await pull(provider)
    assert seen[-1] == "Digest"
    assert seen.count("Basic") <= 1, "once is enough to find out"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key."""
    return self_signed(tmp_path / "own.pem", x509.IPAddress(ipaddress.ip_address("127.0.0.1")))


@pytest.fixture
def encrypted(server: RadicaleServer, certificate: Path) -> str:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server._server.socket = context.wrap_socket(server._server.socket, server_side=True)
    return server.url.replace("http://", "https://")


async def test_a_self_signed_certificate_is_refused_with_the_remedy(encrypted: str, server: RadicaleServer) -> None:
    with pytest.raises(Unreachable, match=r"certificate of 127\.0\.0\.1:\d+ cannot be trusted: self-signed") as caught:
        await sign_in(encrypted)
    assert "SSL_CERT_FILE" in caught.value.hint
    assert not server.requests


async def test_a_certificate_that_the_user_names_is_trusted(
    encrypted: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert ssl_context()
    provider, _ = await sign_in(encrypted)
    assert (await login_of(provider)).homes == (f"{encrypted}/{USER}/",)
    assert (await pull(provider)).names == set()
