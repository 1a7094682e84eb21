"""HTTP for every provider: where a permission may go, and the only place where a status becomes a core error.

`Http` is the asynchronous client for providers that speak HTTP themselves. Providers with a blocking SDK build on the
same parts: `connection.blocking_client` for the connection, `Reply` and `failure` for what came back.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from coterie.core.errors import (
    BadReply,
    Conflict,
    CoterieError,
    CursorExpired,
    PermissionMissing,
    RateLimited,
    Rejected,
    SignInNeeded,
    Unreachable,
)
from coterie.core.text import printable
from coterie.core.web import join_url, split_url
from coterie.providers.connection import client
from coterie.providers.retry import Blocked, Broken, Nowhere, Retry, retry_after

IDEMPOTENT: Final = frozenset({"GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT", "DELETE"})
"""Methods that are sent again after a failure unless a call says otherwise (RFC 9110, 9.2.2; RFC 4918; RFC 3253)."""
REDIRECTS: Final = 5
MOVED: Final = frozenset({301, 302, 303, 307, 308})
_CHECK: Final = "Check the connection and try again."

Authorize = Callable[[bool], Awaitable[str]]
"""Gives the value of the Authorization header; called with True after a 401, when the present one is no longer good."""


# Where a token may go -------------------------------------------------------------------------------------------------


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of `url` (RFC 6454). Raises BadReply if it has none."""
    parts = split_url(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadReply(f"“{printable(url)}” is not a web address.")
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def same_host(url: str, base: str) -> bool:
    """Whether `url` leads to the server of `base`: the same scheme, host and port, or the step from http to https."""
    target, server = origin(url), origin(base)
    return target == server or (
        target[1] == server[1] and server[0::2] == ("http", 80) and target[0::2] == ("https", 443)
    )


# Replies --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, whichever client or SDK fetched it. `headers` are named in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str = ""

    @property
    def text(self) -> str:
        """The body as text; bytes that are no UTF-8 are replaced."""
        return self.body.decode(errors="replace")

    def json(self, who: str) -> dict[str, Any]:
        """The JSON object in the body.

        Raises:
            Unreachable: a web page came instead, as captive portals send it, with whatever status.
            BadReply: cut, empty, no JSON, or no object.
        """
        try:
            value = json.loads(self.body)
        except ValueError as error:
            if self.is_page:
                raise captive(who) from error
            raise BadReply(
                f"The answer from {who} is incomplete or cannot be read.", "Try again in a moment."
            ) from error
        if not isinstance(value, dict):
            raise BadReply(f"The answer from {who} is not what its documentation says.", "Try again in a moment.")
        return value

    @property
    def is_page(self) -> bool:
        """Whether the body is a web page."""
        start = self.body[:256].lstrip().lower()
        return start.startswith((b"<!doctype html", b"<html")) or "text/html" in self.headers.get("content-type", "")


def reply_of(response: httpx2.Response) -> Reply:
    """The reply in a response of httpx2 that has been read."""
    return Reply(response.status_code, response.headers, response.content, str(response.url))


def captive(who: str) -> Unreachable:
    """The error for a page that somebody in between sent."""
    return Blocked(
        f"Another page answered instead of {who}.",
        "This network may want you to sign in: open any web page in a browser, then try again.",
    )


def failure(reply: Reply, who: str) -> CoterieError:
    """The core error for a reply whose status says that it failed: what the user can do about it decides.

    Args:
        reply: the reply; what a provider can tell from its body it looks at first (`Http.explain`).
        who: the provider's label.
    """
    status, wait = reply.status, retry_after(reply.headers)
    if status == 429 or (status in {503, 504} and wait is not None):
        hint = f"Try again in {_minutes(wait)}." if wait else "Try again in a minute."
        return RateLimited(f"{who} asks us to wait (HTTP {status}).", hint, wait, undone=status != 504)
    if status == 407:
        return _proxy(who)
    if status == 511 or 300 <= status < 400 or (status == 403 and reply.is_page):
        return captive(who)
    if status == 500:
        return Broken(f"{who} could not handle this request (HTTP 500).", "Try again later.")
    if status > 500 and status not in {501, 507}:
        return Unreachable(f"{who} is out of order at the moment (HTTP {status}).", "Try again later.")
    by_status: dict[int, CoterieError] = {
        401: SignInNeeded(f"{who} no longer accepts the permission of this account.", "Sign in again."),
        403: PermissionMissing(f"{who} does not allow this.", "Sign in again and allow what is asked for."),
        409: Conflict(f"The contact has changed in {who}.", "Sync, then try again."),
        410: CursorExpired(f"{who} no longer knows what was synced last.", "A full sync is needed."),
        412: Conflict(f"The contact has changed in {who}.", "Sync, then try again."),
        404: Nowhere(f"{who} has nothing at this address (HTTP 404).", "Check the address in the settings."),
        408: Unreachable(f"{who} did not answer in time.", _CHECK),
        413: Rejected(f"{who} does not accept a contact of this size (HTTP 413).", "Its notes may be too long."),
        423: Rejected(f"The contact is locked in {who} (HTTP 423).", "It is tried again at the next sync."),
        501: Rejected(f"{who} does not support this request (HTTP 501)."),
        507: Rejected(f"{who} has no room for more (HTTP 507).", "Make room there; it is tried again at every sync."),
    }
    return by_status.get(status) or Rejected(f"{who} refused the request (HTTP {status}).")


def _minutes(seconds: float) -> str:
    if seconds < 90:
        return f"{max(round(seconds), 1)} seconds"
    return f"{round(seconds / 60)} minutes" if seconds < 5400 else f"{round(seconds / 3600)} hours"


def lost(error: Exception, who: str) -> CoterieError | None:
    """The core error for an exception of httpx2, or None if it is no failure of the network.

    Args:
        error: what the client raised.
        who: the provider's label.
    """
    if isinstance(error, httpx2.TimeoutException):
        return Unreachable(f"{who} did not answer in time.", _CHECK)
    if isinstance(error, httpx2.ProxyError):
        return _proxy(who)
    if isinstance(error, httpx2.RemoteProtocolError | httpx2.ReadError | httpx2.DecodingError):
        return Unreachable(f"The connection to {who} broke off in the middle of an answer.", _CHECK)
    if isinstance(error, httpx2.UnsupportedProtocol | httpx2.InvalidURL | httpx2.LocalProtocolError):
        return Blocked(f"The address of {who} cannot be used: {printable(str(error))}.", "Check it in the settings.")
    if isinstance(error, httpx2.HTTPError):
        return _not_connected(error, who)
    return None


def _proxy(who: str) -> CoterieError:
    return Blocked(
        f"The proxy on the way to {who} does not let Coterie through.", "Check HTTPS_PROXY and its password."
    )


def _not_connected(error: Exception, who: str) -> CoterieError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Blocked(
                f"The certificate of {who} cannot be trusted: {cause.verify_message}.",
                "Check this computer's date and time; behind a company's proxy, name its certificate in SSL_CERT_FILE.",
            )
        cause = cause.__cause__ or cause.__context__
    return Unreachable(f"{who} cannot be reached.", "Check that you are online and try again.")


def _may_repeat(method: str, idempotent: bool | None) -> bool:
    return method in IDEMPOTENT if idempotent is None else idempotent


# The client of providers that speak HTTP themselves -----------------------------------------------------------------


class Http:
    """The connection to one server on behalf of one account.

    The permission is sent to that server alone: a link or redirect that leads elsewhere is refused before anything is
    sent, unless the provider has said `trust`.

    Args:
        who: the provider's label, for messages.
        base: the server's address; relative addresses are joined to it.
        authorize: gives the Authorization header; asked again, once, after a 401.
        headers: sent with every request.
        explain: tells from a reply's body what failed; None leaves it to `failure`.
        retry: how often to ask again; creations never are.
        transport: for tests.
    """

    def __init__(
        self,
        who: str,
        base: str,
        *,
        authorize: Authorize | None = None,
        headers: Mapping[str, str] | None = None,
        explain: Callable[[Reply], CoterieError | None] = lambda _reply: None,
        retry: Retry | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self.who = who
        self.base = base if base.endswith("/") else base + "/"
        self.retry = retry or Retry()
        self._authorize = authorize
        self._explain = explain
        self._trusted = [self.base]
        self._client = client(headers=dict(headers or {}), transport=transport)

    def trust(self, url: str) -> None:
        """Let the permission go to the server of `url` too. The caller has checked that it belongs to the account."""
        origin(url)
        self._trusted.append(url)

    def address(self, url: str) -> str:
        """`url`, absolute, if the permission may go there. Raises BadReply, before anything is sent, if not."""
        absolute = join_url(self.base, url)
        if not any(same_host(absolute, trusted) for trusted in self._trusted):
            raise BadReply(
                f"{self.who} points to another server ({printable(split_url(absolute).netloc)}).",
                "Nothing was sent there. If this goes on, somebody may be tampering with the connection.",
            )
        return absolute

    async def json(self, method: str, url: str, *, idempotent: bool | None = None, **options: Any) -> dict[str, Any]:
        """The JSON object that a request gives; `{}` if a success has no body.

        Args, errors: as `send`; BadReply if the body is no JSON object (asked for again, as it may have been cut).
        """
        target = self.address(url)

        async def attempt() -> dict[str, Any]:
            reply = await self._attempt(method, target, options)
            return {} if reply.status == 204 or (not reply.body and method != "GET") else reply.json(self.who)

        return await self.retry.run(attempt, idempotent=_may_repeat(method, idempotent))

    async def send(self, method: str, url: str, *, idempotent: bool | None = None, **options: Any) -> Reply:
        """The reply to a request, after following redirects on trusted servers.

        Args:
            method: GET, PROPFIND, …
            url: absolute or relative to `base`; sent as it is (links of a server must not be taken apart).
            idempotent: whether it may be sent again after a failure; by default what IDEMPOTENT says of the method.
            **options: those of httpx2's `request` (headers, params, json, content), and `ok`: the statuses besides
                2xx that the caller wants to see rather than have raised (or followed, for redirects).

        Raises:
            CoterieError: see `failure` and `lost`.
        """
        target = self.address(url)

        async def attempt() -> Reply:
            return await self._attempt(method, target, options)

        return await self.retry.run(attempt, idempotent=_may_repeat(method, idempotent))

    async def _attempt(self, method: str, url: str, options: Mapping[str, Any]) -> Reply:
        """One attempt, in which a 401 is answered with a fresh permission once."""
        ok: Collection[int] = options.get("ok", ())
        reply = await self._follow(method, url, options, fresh=False)
        if reply.status == 401 and self._authorize is not None:
            reply = await self._follow(method, url, options, fresh=True)
        if 200 <= reply.status < 300 or reply.status in ok:
            return reply
        raise self._explain(reply) or failure(reply, self.who)

    async def _follow(self, method: str, url: str, options: Mapping[str, Any], *, fresh: bool) -> Reply:
        target = url
        rest = {name: value for name, value in options.items() if name not in {"headers", "ok"}}
        headers = dict(options.get("headers") or {})
        if self._authorize is not None:
            headers["Authorization"] = await self._authorize(fresh)
        for _ in range(REDIRECTS + 1):
            try:
                response = await self._client.request(method, target, headers=headers, **rest)
            except (httpx2.HTTPError, httpx2.InvalidURL) as error:
                raise (lost(error, self.who) or error) from error
            reply = reply_of(response)
            location = reply.headers.get("location")
            if reply.status not in MOVED or not location or reply.status in options.get("ok", ()):
                return reply
            if method not in IDEMPOTENT:
                raise failure(reply, self.who)
            target = self._onward(join_url(target, location))
            rest.pop("params", None)
        raise BadReply(f"{self.who} redirects in circles.", "Check the address in the settings.")

    def _onward(self, target: str) -> str:
        """The target of a redirect, if the permission may go there; what leads elsewhere is mostly a captive portal."""
        try:
            return self.address(target)
        except BadReply as error:
            raise Blocked(
                f"Another server ({printable(split_url(target).netloc)}) wants to answer instead of {self.who}.",
                "Nothing was sent there. This network may want you to sign in: open any web page in a browser.",
            ) from error

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()
