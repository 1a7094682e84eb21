"""The connection to one CardDAV server: requests, 207 answers, addresses, and what failures mean."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, Final, TypeVar
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

import httpx2

from coterie.core.errors import (
    BadReply,
    CoterieError,
    CursorExpired,
    PermissionMissing,
    Rejected,
    SignInNeeded,
)
from coterie.core.text import printable
from coterie.providers.carddav.multistatus import Multistatus, NotXml, parse_multistatus, precondition, propfind
from coterie.providers.carddav.password import Login, PasswordAuth, site
from coterie.providers.http import Http, Reply, captive, same_host
from coterie.providers.retry import Blocked, Broken, Retry

T = TypeVar("T")

XML: Final = {"Content-Type": "application/xml; charset=utf-8"}
PATIENCE: Final = httpx2.Timeout(120.0, connect=10.0)
"""Seconds for each read and write of a list: servers collect a big one before they send the first of it."""
_SAFE: Final = "!$&'()*+,;=:@~"
_APP_PASSWORD: Final = {
    "icloud.com": "iCloud accepts only app-specific passwords: create one at https://account.apple.com, Sign-In and "
    "Security, then sign in again.",
    "fastmail.com": "Fastmail accepts only app passwords: create one at https://app.fastmail.com/settings/security, "
    "then sign in again.",
}
_ANY_PASSWORD: Final = "Sign in again and check both; with two-factor sign-in, the server needs an app password."  # noqa: S105


class Moved(Blocked):
    """Nothing is at the address any more, or it leads elsewhere: discovery has to be made again."""


class Dav:
    """One server on behalf of one account.

    Args:
        base: an address on that server; relative addresses are joined to it, and the password goes to it alone.
        login: the user name and password.
        retry: how often to ask again; creations never are.
        transport: for tests.
    """

    def __init__(
        self, base: str, login: Login, retry: Retry, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self.host = printable(urlsplit(base).netloc)
        self.retry = retry
        self._auth = PasswordAuth(login.user, login.password)
        self._http = Http(
            self.host,
            base,
            explain=lambda reply: explain(reply, self.host),
            retry=replace(retry, attempts=1),  # ours also asks again for an answer that was cut short
            transport=transport,
        )
        self.base = self._http.base

    @classmethod
    def of(cls, login: Login, retry: Retry, transport: httpx2.AsyncBaseTransport | None = None) -> Dav:
        """The connection to where discovery found the address books. Raises SignInNeeded if it found none."""
        places = (*login.homes, *login.books)
        if not places:
            raise SignInNeeded("The address books of this CardDAV account are not known.", "Sign in again.")
        server = cls(places[0], login, retry, transport)
        for place in places[1:]:
            server.trust(place)
        return server

    def trust(self, url: str) -> None:
        """Let the password go to the server of `url` too; the caller has checked that it may."""
        self._http.trust(url)

    def href(self, href: str, context: str = "") -> str:
        """The one way in which we write an address, however the server escapes it; absolute only on other servers.

        Args:
            href: as the server wrote it.
            context: the address of the request that it answers.
        """
        try:
            absolute = urljoin(urljoin(self.base, context), href)
            parts = urlsplit(absolute)
            path = "/".join([escape_name(unquote(name)) for name in parts.path.split("/")])
        except ValueError as error:
            raise BadReply(f"{self.host} sent an invalid address.", "Try again later.") from error
        # Behind a proxy some servers write http:// for what they serve by https; the path is all that is used of it.
        if parts.hostname and (same_host(absolute, self.base) or same_host(self.base, absolute)):
            return path
        return urlunsplit((parts.scheme, parts.netloc, path, "", ""))

    def check(self, url: str) -> None:
        """Raises BadReply if `url` leads to a server that must not have the password."""
        self._http.address(url)

    async def multistatus(self, method: str, url: str, body: bytes, depth: str, read: Callable[[Multistatus], T]) -> T:
        """What `read` makes of the 207 answer to a PROPFIND or REPORT; both run in a thread, as answers are big.

        Args:
            method, url, body: of the request.
            depth: the Depth header; empty for a REPORT that has none.
            read: makes values of the answer.

        Raises:
            CoterieError: see `explain` and `providers.http.failure`; BadReply if it is no multistatus.
        """

        async def attempt() -> T:
            headers = {**XML, "Depth": depth} if depth else XML
            reply = await self._send(method, url, content=body, headers=headers, timeout=PATIENCE)
            return await asyncio.to_thread(self._read, reply, read)

        return await self.retry.run(attempt, idempotent=True)

    def _read(self, reply: Reply, read: Callable[[Multistatus], T]) -> T:
        try:
            return read(parse_multistatus(reply.body))
        except NotXml as error:
            if reply.is_page:
                raise captive(self.host) from error
            raise BadReply(
                f"The answer of {self.host} is incomplete, or not WebDAV.",
                "Check the address, or try again in a moment.",
            ) from error

    async def properties(self, url: str, names: Collection[str], depth: str = "0") -> Multistatus:
        """The answer to a PROPFIND."""
        return await self.multistatus("PROPFIND", url, propfind(names), depth, lambda answer: answer)

    async def send(self, method: str, url: str, *, idempotent: bool, **options: Any) -> Reply:
        """The reply to any other request (`headers`, `content`, and `ok`: statuses that are no failure)."""

        async def attempt() -> Reply:
            return await self._send(method, url, **options)

        return await self.retry.run(attempt, idempotent=idempotent)

    async def _send(self, method: str, url: str, **options: Any) -> Reply:
        try:
            return await self._http.send(method, url, auth=self._auth, **options)
        except Blocked as error:
            problem = certificate_problem(error)
            if problem:
                raise untrusted(self.host, problem) from error
            raise

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.close()


def escape_name(name: str) -> str:
    """One name in a path, escaped as we write it."""
    return quote(name, safe=_SAFE)


def certificate_problem(error: BaseException) -> str:
    """What is wrong with the server's certificate, empty if something else has failed."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message
        cause = cause.__cause__ or cause.__context__
    return ""


def untrusted(host: str, problem: str) -> CoterieError:
    """The error for a server whose certificate cannot be checked, such as one that signed it itself."""
    return Blocked(
        f"The certificate of {host} cannot be trusted: {problem}.",
        "If it is your own server, add its certificate to a file of trusted ones and name that file in SSL_CERT_FILE; "
        "else check this computer's date and do not sign in.",
    )


def explain(reply: Reply, host: str) -> CoterieError | None:
    """What a failed reply of a CardDAV server means, if the status alone does not tell; None leaves it to that."""
    match reply.status:
        case 401:
            hint = _APP_PASSWORD.get(site(host.partition(":")[0]), _ANY_PASSWORD)
            return SignInNeeded(f"{host} does not accept the user name and password.", hint)
        case 403 | 409 if condition := precondition(reply.body):
            return _CONDITIONS.get(condition, _forbidden)(host, condition)
        case 412 if (condition := precondition(reply.body)) and condition.startswith("valid-"):
            return _refused(host, condition)
        case 403:
            return _forbidden(host, "")
        case 404 | 410:
            return Moved(f"{host} has no contacts at this address.", "Sign in again to find them.")
        case 500:
            return Broken(
                f"{host} could not handle this request (HTTP 500).",
                "Try again later, or ask the people who run the server.",
            )
        case 405 | 415 | 501:
            return Rejected(f"{host} does not support this request (HTTP {reply.status}).")
        case 507:
            return Rejected(f"{host} has no room for more contacts.", "Make room there, then sync again.")
        case 413:
            return Rejected(f"{host} does not accept a contact of this size.", "Its picture may be too large.")
        case 423:
            return Rejected(f"Somebody else has locked this contact on {host}.", "Sync again in a minute.")
    return None


def _forbidden(host: str, condition: str) -> CoterieError:
    words = f" ({condition})" if condition else ""
    return PermissionMissing(
        f"{host} does not allow this{printable(words)}.",
        "Sign in again as a user who may, or ask the people who run the server for permission.",
    )


def _expired(host: str, _condition: str) -> CoterieError:
    return CursorExpired(f"{host} no longer knows what was synced last.", "A full sync is needed.")


def _refused(host: str, condition: str) -> CoterieError:
    return Rejected(f"{host} does not accept this contact ({printable(condition)}).", "Change it, then sync again.")


_CONDITIONS: Final[dict[str, Callable[[str, str], CoterieError]]] = {
    "valid-sync-token": _expired,
    "no-uid-conflict": _refused,
    "valid-address-data": _refused,
    "supported-address-data": _refused,
    "max-resource-size": _refused,
    "supported-report": lambda host, _: Rejected(f"{host} does not support this request (supported-report)."),
}
