"""msal, kept off the event loop and on our own HTTP client.

Constructing msal's application asks the network, and so do its methods: all of them are called from threads (see
`providers.threads`). Its HTTP client is ours: the time-outs, proxies and certificates of every other provider. What
fails on the way is raised here as a core error, before msal can put it into its cache of answers and repeat it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlunsplit

import httpx2

from coterie.core.errors import CannotOpen, ProviderError
from coterie.core.text import printable
from coterie.core.web import split_url
from coterie.providers.connection import LOOPBACK, blocking_client
from coterie.providers.http import MOVED, Reply, captive, failure, lost, reply_of
from coterie.providers.microsoft.errors import WHO

Json = dict[str, Any]

AUTHORITY: Final = "https://login.microsoftonline.com/common"
CALL_SECONDS: Final = 60
"""For one call of msal, which may make a few requests; the client's own time-outs come first."""
_LOCAL: Final = frozenset(host.strip("[]") for host in LOOPBACK)


def quiet_logs() -> None:
    """Keep msal from writing to the terminal (if nobody has set up logging) and tokens from any log."""
    logging.getLogger("msal").addHandler(logging.NullHandler())
    logging.getLogger("msal").setLevel(logging.ERROR)


class _Fetched:
    """The response that msal is given. It has no headers: msal would take Retry-After as leave to repeat itself."""

    def __init__(self, reply: Reply, text: str) -> None:
        self.status_code = reply.status
        self.text = text
        self.headers: Json = {}
        self._reply = reply

    def raise_for_status(self) -> None:
        """Raise the core error of a reply that says that it failed."""
        if self.status_code >= 400:
            raise failure(self._reply, WHO)


class Transport:
    """What msal takes for an HTTP client.

    msal insists on https. A sign-in server on this machine may do without: its addresses are written with https for
    msal (`inside`) and with http for everybody else (`outside`).
    """

    def __init__(self) -> None:
        self._client = blocking_client()
        self._plain: set[str] = set()

    def inside(self, url: str) -> str:
        """An address as msal wants it.

        Raises:
            CannotOpen: it is not an https address, and not on this machine either.
        """
        parts = split_url(url)
        if parts.scheme == "https" and parts.hostname:
            return url
        if parts.scheme != "http" or parts.hostname not in _LOCAL:
            raise CannotOpen(f"“{printable(url)}” is not an https address.", "Check microsoft.authority.")
        self._plain.add(parts.netloc)
        return urlunsplit(parts._replace(scheme="https"))

    def outside(self, url: str) -> str:
        """An address of `inside` as it really is."""
        parts = split_url(url)
        return urlunsplit(parts._replace(scheme="http")) if parts.netloc in self._plain else url

    def get(self, url: str, params: Any = None, headers: Mapping[str, str] | None = None, **_: Any) -> _Fetched:
        """As `requests.get`; msal asks for descriptions of the sign-in server with it."""
        reply = self._send("GET", url, params, None, headers)
        if reply.status >= 400:
            return _Fetched(reply, reply.text)
        said = reply.json(WHO)
        for key, value in said.items():
            if isinstance(value, str) and value.startswith("http://") and split_url(value).hostname in _LOCAL:
                said[key] = self.inside(value)
        return _Fetched(reply, json.dumps(said))

    def post(
        self, url: str, params: Any = None, data: Any = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> _Fetched:
        """As `requests.post`; msal asks for codes and tokens with it."""
        if isinstance(data, Mapping):
            data = {key: value for key, value in data.items() if value is not None}
        reply = self._send("POST", url, params, data, headers)
        reply.json(WHO)  # msal would write the text of what is no JSON to a log
        return _Fetched(reply, reply.text)

    def _send(self, method: str, url: str, params: Any, data: Any, headers: Mapping[str, str] | None) -> Reply:
        try:
            response = self._client.request(
                method, self.outside(url), params=params or None, data=data, headers=dict(headers or {})
            )
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise (lost(error, WHO) or error) from error
        reply = reply_of(response)
        if reply.status == 429 or reply.status >= 500:
            raise failure(reply, WHO)
        if reply.is_page or reply.status in MOVED:
            raise captive(WHO)
        return reply

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


class Application:
    """msal for one account. Constructing it, and each method but `outside`, may ask the network: use a thread.

    Args:
        client_id: the application (client) id of the user's own registration.
        authority: the sign-in server, with the tenant.
        cache: the text of msal's token cache, if there is one.

    Raises:
        CannotOpen: the authority cannot be used.
        Unreachable, RateLimited, BadReply: see `core.errors`.
    """

    def __init__(self, client_id: str, authority: str, cache: str = "") -> None:
        import msal
        from msal.authority import WELL_KNOWN_AUTHORITY_HOSTS

        quiet_logs()
        self.cache = msal.SerializableTokenCache()
        self.cache.deserialize(cache)
        self.transport = Transport()
        is_well_known = split_url(authority).hostname in WELL_KNOWN_AUTHORITY_HOSTS
        address = self.transport.inside(authority.rstrip("/"))
        try:
            self.msal = msal.PublicClientApplication(
                client_id,
                authority=address,
                token_cache=self.cache,
                http_client=self.transport,
                instance_discovery=None if is_well_known else False,
            )
        except ValueError as error:  # what msal makes of an unknown tenant and of addresses without one
            self.transport.close()
            raise CannotOpen(
                f"Nobody can sign in at “{printable(authority)}”.",
                f"Check microsoft.authority; it looks like {AUTHORITY}.",
            ) from error

    def silent(self, scopes: list[str], *, force: bool) -> Json | None:
        """A token without the user: from the cache, or for the refresh token.

        Args:
            scopes: what it must be good for.
            force: do not take one from the cache.

        Returns:
            what msal returns: a token, an error, or None if there is no refresh token.
        """
        refresh_tokens = list(self.cache.search(self.cache.CredentialType.REFRESH_TOKEN))
        if not refresh_tokens:
            return None
        newest = max(refresh_tokens, key=lambda token: int(token.get("last_modification_time") or 0))
        answer = self.msal.acquire_token_silent_with_error(
            scopes,
            account={"home_account_id": newest.get("home_account_id")},
            force_refresh=force,
            http_exceptions=(ProviderError,),  # a token that is only growing old is good enough then
        )
        return answer or {}  # msal makes nothing of an answer that says nothing

    def start_device_flow(self, scopes: list[str]) -> Json:
        """msal's device flow, or an error."""
        flow: Json = self.msal.initiate_device_flow(scopes=scopes)
        return flow

    def poll_device_flow(self, flow: Json) -> Json:
        """Ask once whether the user has entered the code; it neither waits nor repeats."""
        flow.pop("latest_attempt_at", None)  # msal would warn on standard error if the clock was set back
        answer: Json = self.msal.acquire_token_by_device_flow(flow, exit_condition=lambda _flow: True)
        return answer

    def start_code_flow(self, scopes: list[str], redirect_uri: str, login_hint: str | None) -> Json:
        """msal's authorization code flow with PKCE; `auth_uri` is the page to open. It asks no network.

        Pasting needs the answer in the query. msal warns about that on standard error, which would damage a
        full-screen program, so it is asked for form_post and the address is put right afterwards.
        """
        flow: Json = self.msal.initiate_auth_code_flow(
            scopes, redirect_uri=redirect_uri, response_mode="form_post", prompt="select_account", login_hint=login_hint
        )
        address = str(flow["auth_uri"]).replace("response_mode=form_post", "response_mode=query")
        flow["auth_uri"] = self.transport.outside(address)
        return flow

    def finish_code_flow(self, flow: Json, answer: Mapping[str, str]) -> Json:
        """The token for what the browser brought back."""
        token: Json = self.msal.acquire_token_by_auth_code_flow(flow, dict(answer))
        return token
