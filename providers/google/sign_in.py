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
from coterie.core.provider import Setup
from coterie.core.sign_in import Identity, Option, SignInPrompter
from coterie.core.text import clean_line, is_email, printable
from coterie.providers.connection import LOOPBACK, requests_verify
from coterie.providers.google.client import OAuthClient, client_file, read_client
from coterie.providers.google.errors import ENABLE, WHO, NotThere, token_error
from coterie.providers.google.session import Session
from coterie.providers.google.tokens import (
    READ,
    WRITE,
    Permission,
    Tokens,
    granted,
    stored,
)
from coterie.providers.http import origin
from coterie.providers.identity import CHOSEN, ask_address, chosen_address, wanted_address
from coterie.providers.loopback import authorize
from coterie.providers.retry import Blocked, Retry
from coterie.providers.threads import in_thread

TOKEN_SECONDS: Final = 30
ME: Final = "people/me"
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
    return client_file(given) if _is_path(given) else read_client(given, "The pasted text")


def _is_path(given: str) -> bool:
    """Whether a path was entered, not something else than the text of the file."""
    is_file = os.path.isfile(given)  # noqa: PTH113 - that of pathlib raises OSError for a long text
    return "\n" not in given and (given.startswith(("/", "~", ".")) or is_file or given.endswith(".json"))


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
    wanted = await wanted_address(setup, prompter, before.address if before else "")
    hint = {"login_hint": wanted} if wanted else {}
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
        sought = "see and change" if setup.write else "see"
        raise PermissionMissing(
            f"The permission to {sought} your contacts was not given.", "Sign in again and leave its box checked."
        )
    credentials = flow.credentials
    permission = Permission(
        client, credentials.refresh_token or "", credentials.token or "", scopes, expiry=credentials.expiry
    )
    tokens = Tokens(setup.tokens, permission)
    tokens.permission = await _named(tokens, setup, retry, wanted, before, prompter)
    await setup.tokens.save(tokens.permission.to_text())
    return tokens, Identity(tokens.permission.address, person=tokens.permission.profile)


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
    """The scopes that were granted; those that were asked for if the answer does not name them (RFC 6749, 5.1)."""
    said = token.get("scope") or asked
    return tuple(said.split() if isinstance(said, str) else said)


async def _named(
    tokens: Tokens, setup: Setup, retry: Retry, wanted: str, before: Permission | None, prompter: SignInPrompter
) -> Permission:
    """The permission with the account's address and resource name.

    Google tells the address only with a scope for it, and asking for a second scope would give the user boxes to
    untick. So the API is asked, in case it tells; else the address that the user named is taken, before or now.

    Raises SignInNeeded if Google tells that somebody else has signed in.
    """
    session = Session(tokens, setup.settings.get("endpoint", ""), retry)
    try:
        profile, told = await session.call(
            lambda service: service.people().get(resourceName=ME, personFields="emailAddresses,metadata"),
            _profile,
        )
    except (PermissionMissing, Rejected, NotThere):
        profile, told = "", []
    finally:
        session.close()
    if before is not None and before.address and before.profile == profile != "":  # whatever it is called by now
        return replace(tokens.permission, address=before.address, profile=profile)
    address = chosen_address(wanted, told) or await ask_address(prompter, CHOSEN)
    fallback = f"{profile.rpartition('/')[2] or 'account'}@google"
    return replace(tokens.permission, address=address or fallback, profile=profile)


def _profile(person: dict[str, Any]) -> tuple[str, list[str]]:
    """The account's resource name and its addresses, the main one first, as far as they are told."""
    emails = [email for email in person.get("emailAddresses") or () if isinstance(email, dict) and email.get("value")]
    emails.sort(key=lambda email: not (email.get("metadata") or {}).get("primary"))
    addresses = [clean_line(str(email["value"])) for email in emails]
    resource = str(person.get("resourceName") or "")
    return "" if resource == ME else resource, [address for address in addresses if is_email(address)]


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
