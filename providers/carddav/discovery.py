"""From what the user types to the address books (RFC 6764): a bare domain, an e-mail address or a full address.

A table names the servers of a few well-known hosts; of other domains DNS is asked (`records.py`). Then the order is:
the address itself if it has a path, `/.well-known/carddav`, the root, Nextcloud's usual place. The first that names
a principal wins; the principal names the homes of the address books.

Where the password goes: to the host that the user named, and to hosts of the same owner (the same registrable domain,
over https), as iCloud's `p42-contacts.icloud.com` is for `contacts.icloud.com`. `/.well-known/carddav` is asked without
it. If that, or a principal, points to somebody else, the user is told the address and decides by typing it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

import httpx2

from coterie.core.errors import BadReply, CoterieError, InvalidInput, NotFound, PermissionMissing, Rejected
from coterie.core.text import clean_line, printable
from coterie.core.web import split_url
from coterie.providers.carddav.books import is_book, list_books
from coterie.providers.carddav.dav import XML, Dav, certificate_problem, untrusted
from coterie.providers.carddav.multistatus import Resource, card, dav, propfind
from coterie.providers.carddav.password import Login, check_way, is_loopback, may_have_password, same_site, site
from coterie.providers.carddav.records import server_of
from coterie.providers.connection import client
from coterie.providers.http import MOVED, REDIRECTS, lost, origin, same_host
from coterie.providers.retry import Blocked, Retry

if TYPE_CHECKING:
    from dns.asyncresolver import Resolver

WELL_KNOWN: Final = "/.well-known/carddav"
NEXTCLOUD: Final = "remote.php/dav/"
HOSTS: Final = {
    "icloud.com": "contacts.icloud.com",
    "me.com": "contacts.icloud.com",
    "mac.com": "contacts.icloud.com",
    "fastmail.com": "carddav.fastmail.com",
    "fastmail.fm": "carddav.fastmail.com",
    "mailbox.org": "dav.mailbox.org",
    "posteo.de": "posteo.de:8443",
    "posteo.net": "posteo.de:8443",
}
"""The CardDAV servers of domains that only DNS would tell."""
_GOOGLE: Final = frozenset({"gmail.com", "googlemail.com", "google.com", "googleapis.com"})
_PRINCIPAL: Final = dav("current-user-principal")
_HOME: Final = card("addressbook-home-set")
_PROPERTIES: Final = (_PRINCIPAL, _HOME, dav("resourcetype"))
_NO_PROPFIND: Final = frozenset({400, 403, 404, 405, 501})
_NOT_HERE: Final = (Blocked, BadReply, Rejected, PermissionMissing)


def address_of(typed: str) -> str:
    """The web address that the user means. Raises InvalidInput if it is none, or no password may go there."""
    text = clean_line(typed).strip()
    if not text:
        raise InvalidInput("There is no server address.", "Enter the server's address or your e-mail address.")
    if "://" not in text:
        named = text.rpartition("@")[2]
        named = HOSTS.get(named.lower(), named)
        scheme = "http" if is_loopback(split_url(f"//{named}").hostname or "") else "https"
        text = f"{scheme}://{named}"
    parts = split_url(text)
    host = parts.hostname or ""
    if not host or parts.scheme not in {"http", "https"} or " " in host:
        raise InvalidInput(
            f"“{printable(typed)}” is not the address of a server.",
            "Enter something like dav.example.org, https://dav.example.org/ada/ or ada@example.org.",
        )
    if site(host) in _GOOGLE:
        raise InvalidInput("Google does not accept passwords for CardDAV.", "Choose Google Contacts to connect it.")
    netloc = (f"[{host}]" if ":" in host else host) + (f":{parts.port}" if parts.port else "")
    url = urlunsplit((parts.scheme, netloc, parts.path or "/", "", ""))
    check_way(url)
    return url


async def address_found(typed: str, resolver: Resolver | None = None) -> str:
    """As `address_of`; if a domain or an e-mail address was typed, DNS may name the server.

    Raises InvalidInput also if it names a server of somebody else.
    """
    address = address_of(typed)
    domain = clean_line(typed).strip().rpartition("@")[2].lower()
    if domain in HOSTS or not (named := await server_of(domain, resolver)):
        return address
    if not same_site(address_of(named), address):
        raise _elsewhere(address, named)
    return address_of(named)


async def discover(login: Login, retry: Retry, transport: httpx2.AsyncBaseTransport | None = None) -> Login:
    """The login with the homes of its address books.

    Args:
        login: `server` is an address as `address_of` makes it.
        retry: how often to ask again.
        transport: for tests.

    Raises:
        NotFound: the server has no address books, or is none.
        SignInNeeded: the user name or the password is wrong.
        InvalidInput: the contacts are at a server of somebody else, which is named.
        CoterieError: what `providers.http` raises.
    """
    refusal: CoterieError | None = None
    async for url in _candidates(login.server, transport):
        server = Dav(url, login, retry, transport)
        try:
            located = await _look(server, url, login)
            if located is not None and await _has_books(located, retry, transport):
                return located
        except _NOT_HERE as error:
            if isinstance(error, Blocked) and certificate_problem(error):
                raise
            refusal = refusal or error
        finally:
            await server.close()
    host = printable(urlsplit(login.server).netloc)
    raise NotFound(
        f"No address books were found on {host}.",
        "Enter the address that the server's help gives for CardDAV; if you have no address book there yet, create "
        f"one first.{f' The server said: {refusal.title}' if refusal else ''}",
    )


async def _candidates(typed: str, transport: httpx2.AsyncBaseTransport | None) -> AsyncIterator[str]:
    """Where discovery may begin, the likeliest first; the next is only looked for when the one before fails."""
    if urlsplit(typed).path != "/":
        yield typed
        yield urljoin(typed.rstrip("/") + "/", NEXTCLOUD)
    root = urljoin(typed, "/")
    named = await _well_known(root, transport)
    if named:
        if not (same_host(named, root) or same_site(named, root)):
            raise _elsewhere(root, named)
        yield named
    yield root
    yield urljoin(root, NEXTCLOUD)


async def _well_known(root: str, transport: httpx2.AsyncBaseTransport | None) -> str:
    """Where `/.well-known/carddav` leads, asked without the password; empty if it leads nowhere."""
    url, method, moved = urljoin(root, WELL_KNOWN), "PROPFIND", False
    async with client(transport=transport) as http:
        for _ in range(REDIRECTS + 1):
            try:
                response = await http.request(
                    method, url, content=propfind((_PRINCIPAL,)), headers={**XML, "Depth": "0"}
                )
            except (httpx2.HTTPError, httpx2.InvalidURL) as error:
                host = printable(urlsplit(url).netloc)
                problem = certificate_problem(error)
                raise (untrusted(host, problem) if problem else lost(error, host) or error) from error
            location = response.headers.get("location")
            if response.status_code in MOVED and location:
                url, method, moved = _joined(url, location), "PROPFIND", True
                if not may_have_password(url):
                    return ""
            elif response.status_code in _NO_PROPFIND and not moved and method == "PROPFIND":
                method = "GET"  # some servers redirect nothing else
            else:
                ours = same_host(url, root) or same_site(url, root)
                return url if response.status_code in {207, 401} or (moved and ours) else ""
    return ""


def _joined(url: str, link: str) -> str:
    """Where a link leads, with https if a server behind a proxy forgot that it is reached so (not at other ports)."""
    try:
        parts = urlsplit(urljoin(url, link))
    except ValueError as error:
        raise BadReply(f"{printable(urlsplit(url).netloc)} sent an invalid link.", "Try again later.") from error
    plain = parts.scheme == "http" and parts.netloc == parts.hostname and not is_loopback(parts.hostname or "")
    return urlunsplit(parts._replace(scheme="https") if plain else parts)


async def _look(server: Dav, url: str, login: Login) -> Login | None:
    """The login with what the resource at `url` says of its address books; None if it says nothing."""
    here = _only((await server.properties(url, _PROPERTIES)).resources)
    if here is None:
        return None
    homes, context, who = here.hrefs(_HOME), url, ""
    for principal in here.hrefs(_PRINCIPAL)[:1]:
        context = who = _admitted(server, url, _joined(url, principal))
        described = _only((await server.properties(context, (_HOME,))).resources)
        homes = (described.hrefs(_HOME) if described else []) or homes
    if homes:
        places = tuple(_admitted(server, url, _joined(context, home)) for home in homes)
        return replace(login, homes=places, books=(), principal=person_of(who))
    return replace(login, homes=(), books=(url,), principal=person_of(who)) if is_book(here) else None


def person_of(principal: str) -> str:
    """What tells people apart: the owner of the server and the path of the principal (RFC 3744), not which machine."""
    parts = split_url(principal)
    port = f":{parts.port}" if parts.port else ""
    return f"{site(parts.hostname or '')}{port}{unquote(parts.path).rstrip('/')}" if principal else ""


def _only(resources: list[Resource]) -> Resource | None:
    return resources[0] if resources else None


def _admitted(server: Dav, base: str, url: str) -> str:
    """`url`, if the password may go there. Raises InvalidInput if it is somebody else's server."""
    if not same_host(url, base):
        if not same_site(url, base):
            raise _elsewhere(base, url)
        server.trust(url)
    return url


def _elsewhere(asked: str, url: str) -> CoterieError:
    return InvalidInput(
        f"{printable(urlsplit(asked).netloc)} says that your contacts are on another server: "
        f"{printable(origin(url)[1])}.",
        f"Your password was not sent there. If you trust that server, enter {printable(url)} as the server.",
    )


async def _has_books(login: Login, retry: Retry, transport: httpx2.AsyncBaseTransport | None) -> bool:
    server = Dav.of(login, retry, transport)
    try:
        return bool(await list_books(server, login))
    finally:
        await server.close()
