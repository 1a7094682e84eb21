"""Signing in to Google from a terminal: authorization code with PKCE, a loopback listener, and pasting beside it.

Source: https://developers.google.com/identity/protocols/oauth2/native-app. The device flow cannot give access to
contacts, and the out-of-band flow is gone, so this is the only way.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from coterie.core.errors import BadReply, CannotOpen, PermissionMissing, Rejected, SignInNeeded, Unreachable
from coterie.core.provider import Identity, Option, Setup, SignInPrompter
from coterie.core.text import clean_line, is_email, printable
from coterie.providers.google.errors import ENABLE, WHO, NotThere, token_error
from coterie.providers.google.session import Session
from coterie.providers.google.tokens import (
    READ,
    WRITE,
    OAuthClient,
    Permission,
    Tokens,
    client_file,
    granted,
    read_client,
    stored,
)
from coterie.providers.http import LOOPBACK, origin, requests_verify
from coterie.providers.loopback import authorize
from coterie.providers.retry import Blocked, Retry
from coterie.providers.threads import in_thread

TOKEN_SECONDS: Final = 30
CLIENT: Final = Option(
    "client_secrets",
    "OAuth client",
    "The path of the JSON file of your OAuth client, or the text in it.",
    guide=(
        f"Open {ENABLE} in a browser, choose or create a project, and press Enable.",
        "Open https://console.cloud.google.com/auth/overview and press Get started. Any app name, audience External.",
        "Open https://console.cloud.google.com/auth/audience and press Publish app, or sign-ins end after 7 days.",
        "Open https://console.cloud.google.com/auth/clients, create a “Desktop app” client and download its JSON.",
        "Paste the text of that file here, or copy it to this machine and enter its path.",
        "It is kept with this account's tokens. For several accounts, set google.client_secrets to the file's path.",
    ),
)
CLIENT_TEXT: Final = replace(
    CLIENT,
    help="The text of the JSON file of your OAuth client.",
    guide=(*CLIENT.guide[:4], "Paste the text of that file here. It is kept with this account's tokens."),
)
"""In a restricted account, which has no files for it."""
_GOOGLE: Final = frozenset(
    ("https", host, 443) for host in ("accounts.google.com", "oauth2.googleapis.com", "www.googleapis.com")
)
"""Where Google's own OAuth clients sign in, now and in older files."""
ADDRESS: Final = Option(
    "address",
    "Account",
    "The address of the Google account that you have just chosen. It names the account here; Google does not tell it "
    "to apps that may only see contacts.",
)


async def find_client(setup: Setup, prompter: SignInPrompter, before: Permission | None) -> OAuthClient:
    """The OAuth client: from google.client_secrets, else the one that this account had, else from the user.

    Raises:
        CannotOpen: there is none, or its file cannot be used.
    """
    if path := setup.settings.get("client_secrets"):
        return client_file(path)
    if before is not None:
        return before.client
    asked = CLIENT_TEXT if setup.restricted else CLIENT
    given = (await prompter.ask((asked,))).get(asked.key, "").strip()
    if not given:
        raise CannotOpen(
            "There is no OAuth client for Google yet.",
            "Create one at https://console.cloud.google.com/auth/clients (type “Desktop app”), download its JSON file "
            "and set google.client_secrets to its path.",
        )
    if setup.restricted:
        return _of_google(given)
    return read_client(given, "The pasted text") if given.startswith("{") else client_file(given)


def _of_google(text: str) -> OAuthClient:
    """The OAuth client that the user of a restricted account pasted: no file is looked for, no other server asked.

    Raises CannotOpen.
    """
    if not text.startswith("{"):
        raise CannotOpen(
            "This account is restricted: it can use the text of an OAuth client, but no file.",
            "Paste the text of the JSON file, or ask the administrator to set google.client_secrets.",
        )
    client = read_client(text, "The pasted text")
    for address in (client.auth_uri, client.token_uri):
        if origin(address) not in _GOOGLE:
            raise CannotOpen(
                f"This account is restricted: it cannot sign in at {printable(address)}.",
                "Use an OAuth client of Google's own.",
            )
    return client


async def sign_in(setup: Setup, prompter: SignInPrompter, retry: Retry) -> tuple[Tokens, Identity]:
    """Sign in with the user's help; the permission is kept in `setup.tokens` once everything has worked.

    Raises:
        PermissionMissing: the user did not allow it, or not all of it.
        NotEnabled: the People API is not enabled in the project of the client.
        CannotOpen, SignInNeeded, Unreachable, BadReply: see `core.errors`.
    """
    before = await stored(setup.tokens)
    client = await find_client(setup, prompter, before)
    scope = WRITE if setup.write else READ
    hint = {"login_hint": before.address} if before and is_email(before.address) else {}
    flow = await in_thread(lambda: _flow(client, scope), who=WHO, seconds=60)

    def start(redirect_uri: str) -> tuple[str, str]:
        flow.redirect_uri = redirect_uri
        with _oauthlib(local=client.local):
            url, state = flow.authorization_url(
                access_type="offline", prompt="consent" if hint else "select_account consent", **hint
            )
        return str(url), str(state)

    answer = await authorize(prompter, start, who=WHO, forward=not setup.restricted)
    token = await in_thread(
        lambda: _exchange(flow, answer.code, local=client.local),
        who=WHO,
        seconds=2 * TOKEN_SECONDS,
        translate=_exchange_failed,
    )
    scopes = _scopes(token, scope)
    if not granted(scopes, scope):
        wanted = "see and change" if setup.write else "see"
        raise PermissionMissing(
            f"The permission to {wanted} your contacts was not given.", "Sign in again and leave its box checked."
        )
    credentials = flow.credentials
    permission = Permission(
        client, credentials.refresh_token or "", credentials.token or "", scopes, expiry=credentials.expiry
    )
    tokens = Tokens(setup.tokens, permission)
    tokens.permission = await _named(tokens, setup, retry, prompter, before)
    await setup.tokens.save(tokens.permission.to_text())
    return tokens, Identity(tokens.permission.address)


def _flow(client: OAuthClient, scope: str) -> Any:
    from google_auth_oauthlib.flow import Flow

    from coterie.providers.google.session import quiet_logs

    quiet_logs()
    return Flow.from_client_config(client.config, scopes=[scope], autogenerate_code_verifier=True)


def _exchange(flow: Any, code: str, *, local: bool) -> dict[str, Any]:
    with _oauthlib(local=local):
        token: dict[str, Any] = flow.fetch_token(
            code=code,
            include_client_id=True,
            timeout=TOKEN_SECONDS,
            verify=requests_verify(),
            proxies={"no_proxy": ",".join(LOOPBACK)} if local else None,
        )
    return token


def _exchange_failed(error: Exception) -> Exception | None:
    """The core error for what requests and oauthlib raise while the code is exchanged. It is good for one try only."""
    import requests
    from oauthlib.oauth2 import MissingTokenError, OAuth2Error  # type: ignore[import-untyped]

    if isinstance(error, requests.exceptions.SSLError):
        return Blocked("The certificate of Google cannot be trusted.", "Check this computer's clock and SSL_CERT_FILE.")
    if isinstance(error, requests.exceptions.RequestException):
        return Unreachable("Google cannot be reached to finish the sign-in.", "Check the connection and sign in again.")
    if isinstance(error, MissingTokenError | ValueError | TypeError):
        return BadReply("Google sent no readable answer to the sign-in.", "Sign in again in a moment.")
    if isinstance(error, OAuth2Error):
        if error.error == "invalid_grant":
            return SignInNeeded(
                "Google no longer accepts the code from the browser.", "Sign in again, and continue without waiting."
            )
        return token_error(str(error.error))
    return None


def _scopes(token: dict[str, Any], asked: str) -> tuple[str, ...]:
    """The scopes that were granted; those that were asked for where the answer does not name them (RFC 6749, 5.1)."""
    said = token.get("scope") or asked
    return tuple(said.split() if isinstance(said, str) else said)


async def _named(
    tokens: Tokens, setup: Setup, retry: Retry, prompter: SignInPrompter, before: Permission | None
) -> Permission:
    """The permission with the account's address.

    Google tells the address only with a scope for it, and asking for a second scope would give the user boxes to
    untick. So the API is asked, in case it tells; then what was known of the same account; then the user.
    """
    session = Session(tokens, setup.settings.get("endpoint", ""), retry)
    try:
        profile, address = await session.call(
            lambda service: service.people().get(resourceName="people/me", personFields="emailAddresses,metadata"),
            _profile,
        )
    except (PermissionMissing, Rejected, NotThere):
        profile, address = "", ""
    finally:
        session.close()
    if not address and before is not None and profile and before.profile == profile:
        address = before.address
    for _ in range(3):
        if address:
            break
        typed = clean_line((await prompter.ask((ADDRESS,))).get(ADDRESS.key, ""))
        if not typed:
            break
        address = typed if is_email(typed) else ""
    fallback = f"{profile.rpartition('/')[2] or 'account'}@google"
    return replace(tokens.permission, address=address or fallback, profile=profile)


def _profile(person: dict[str, Any]) -> tuple[str, str]:
    """The account's resource name and its address, as far as they are told."""
    found = [email for email in person.get("emailAddresses") or () if isinstance(email, dict) and email.get("value")]
    found.sort(key=lambda email: not (email.get("metadata") or {}).get("primary"))
    address = clean_line(str(found[0]["value"])) if found else ""
    return str(person.get("resourceName") or ""), address if is_email(address) else ""


_ENVIRONMENT: Final = threading.Lock()


@contextlib.contextmanager
def _oauthlib(*, local: bool) -> Iterator[None]:
    """oauthlib takes two of its settings from the environment only; they are there just while it works.

    Args:
        local: whether the client names a server on this machine, which needs no TLS.
    """
    wanted = {"OAUTHLIB_RELAX_TOKEN_SCOPE": "1"}  # we check what was granted ourselves, with better words
    if local:
        wanted["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    with _ENVIRONMENT:
        before = {name: os.environ.get(name) for name in wanted}
        os.environ.update(wanted)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
