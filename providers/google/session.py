"""The real SDK, signed in and kept off the event loop: every call to the People API goes through `Session.call`.

google-api-python-client speaks through httplib2, which ignores proxies, reads its certificates at import and is not
thread-safe. It takes any object with httplib2's `request`, so it gets ours: one client, with the time-outs, proxies
and certificates of every other provider. The permission is added here, and goes to the API's own server only.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from coterie.core.errors import BadReply
from coterie.providers.connection import blocking_client
from coterie.providers.google.errors import WHO, translate
from coterie.providers.google.tokens import Tokens
from coterie.providers.http import MOVED, Reply, captive, failure, reply_of, same_host
from coterie.providers.retry import Retry
from coterie.providers.threads import in_thread

if TYPE_CHECKING:
    import httpx2

T = TypeVar("T")

API: Final = "https://people.googleapis.com/"
LONGEST_ADDRESS: Final = 8000
"""Characters up to which an address is sent as it is; the SDK makes a POST of every GET of more than 2,048."""
_OVERRIDE: Final = "x-http-method-override"
CALL_SECONDS: Final = 120
"""For one call, with the renewal of the permission before it; the client's own time-outs come first."""


def quiet_logs() -> None:
    """Keep the SDKs from writing to the terminal (if nobody has set up logging) and tokens from any log."""
    for name in ("googleapiclient", "google", "google_auth_httplib2", "google_auth_oauthlib"):
        logging.getLogger(name).addHandler(logging.NullHandler())
    for name in ("requests_oauthlib", "oauthlib"):
        logging.getLogger(name).setLevel(logging.WARNING)


class _Transport:
    """What the SDK takes for an `httplib2.Http`: adds the permission, renews it before it ends and after a 401."""

    def __init__(self, client: httpx2.Client, credentials: Any, base: str) -> None:
        self.credentials = credentials
        self._client = client
        self._base = base
        self._lock = threading.Lock()

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> tuple[Any, bytes]:
        """As `httplib2.Http.request`: the response's status and headers, and its body."""
        import httplib2

        sent = dict(headers or {})
        if sent.get(_OVERRIDE) == "GET" and len(uri) + len(body or "") < LONGEST_ADDRESS:
            uri, method, body = f"{uri}?{body}", "GET", None
            sent = {name: value for name, value in sent.items() if name.lower() not in {_OVERRIDE, "content-type"}}
        if not same_host(uri, self._base):
            raise BadReply("Google points to another server.", "Nothing was sent there.")
        response = self._send(uri, method, body, sent, stale=None)
        if response.status_code == 401:
            response = self._send(uri, method, body, sent, stale=response.request.headers["authorization"])
        return httplib2.Response({**response.headers, "status": str(response.status_code)}), response.content

    def _send(
        self, uri: str, method: str, body: Any, headers: Mapping[str, str] | None, *, stale: str | None
    ) -> httpx2.Response:
        # httpx2 sets the length and the encodings that it can undo
        kept = {name: value for name, value in (headers or {}).items() if name.lower() not in _OURS}
        kept["authorization"] = self._permission(stale)
        return self._client.request(method, uri, content=body, headers=kept)

    def _permission(self, stale: str | None) -> str:
        with self._lock:
            if not self.credentials.valid or stale == f"Bearer {self.credentials.token}":
                self._renew()
            return f"Bearer {self.credentials.token}"

    def _renew(self) -> None:
        try:
            self.credentials.refresh(self._fetch)
        except (TypeError, AttributeError, KeyError, ValueError) as error:  # what google-auth makes of odd answers
            raise BadReply("Google sent no readable answer about the permission.", "Try again in a moment.") from error

    def _fetch(
        self, url: str, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> _Fetched:
        """google-auth's `transport.Request`, for the token end point. What may pass is left to `Retry`."""
        response = self._client.request(method, url, content=body, headers=dict(headers or {}))
        reply = reply_of(response)
        if reply.status == 429 or reply.status >= 500:
            raise failure(reply, WHO)
        if reply.is_page or reply.status in MOVED:
            raise captive(WHO)
        return _Fetched(response.status_code, response.headers, response.content)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


_OURS: Final = frozenset({"content-length", "accept-encoding", "authorization"})


class _Fetched:
    """google-auth's `transport.Response`."""

    def __init__(self, status: int, headers: Mapping[str, str], data: bytes) -> None:
        self.status = status
        self.headers = headers
        self.data = data


class Session:
    """The People API for one account.

    Args:
        tokens: the account's permission.
        endpoint: the API's address; empty for Google's own.
        retry: how often to ask again.
    """

    def __init__(self, tokens: Tokens, endpoint: str, retry: Retry) -> None:
        self.tokens = tokens
        self.retry = retry
        self._base = api_base(endpoint)
        self._transport: _Transport | None = None
        self._service: Any = None
        self._lock = threading.Lock()

    async def call(
        self,
        build: Callable[[Any], Any],
        read: Callable[[dict[str, Any]], T],
        *,
        idempotent: bool = True,
        count: int = 1,
    ) -> T:
        """Call one method of the API.

        Args:
            build: makes the SDK's request of its service: `lambda people: people.people().get(…)`.
            read: makes values of the answer; runs in the thread too, as a page of a thousand contacts takes a while.
            idempotent: whether it may be sent again after a failure; False for creations.
            count: how many contacts it is about.

        Raises:
            CoterieError: see `providers.google.errors`; NotThere for a 404.
        """

        def run() -> T:
            answer = build(self._connected()).execute(num_retries=0)
            if not isinstance(answer, dict):  # the SDK returns a body that is no JSON as text
                Reply(200, {}, str(answer).encode()).json(WHO)
                raise BadReply("The answer from Google is not what its documentation says.", "Try again in a moment.")
            return read(answer)

        async def attempt() -> T:
            return await in_thread(run, who=WHO, seconds=CALL_SECONDS, translate=translate)

        try:
            return await self.retry.of(count).run(attempt, idempotent=idempotent)
        finally:
            if self._transport is not None:
                await self.tokens.renewed(self._transport.credentials)

    def _connected(self) -> Any:
        """The SDK's service, built at first use: importing it takes half a second."""
        with self._lock:
            if self._service is None:
                from googleapiclient.discovery import build

                quiet_logs()
                self._transport = _Transport(blocking_client(), self.tokens.credentials(), self._base)
                self._service = build(
                    "people",
                    "v1",
                    http=self._transport,
                    client_options={"api_endpoint": self._base},
                    static_discovery=True,
                    cache_discovery=False,
                )
            return self._service

    def close(self) -> None:
        """Let go of the connections."""
        if self._transport is not None:
            self._transport.close()


def api_base(endpoint: str) -> str:
    """The address to which the SDK adds `v1/…`; people may write the version behind it or not."""
    return (endpoint or API).rstrip("/").removesuffix("/v1") + "/"
