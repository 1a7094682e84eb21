"""Signing in to Microsoft from a terminal: a device code, or a browser with PKCE, a loopback listener and pasting.

Organizations often block the device code (Conditional Access), so the browser is there for them.
Sources: RFC 8628; https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code, v2-oauth2-auth-code-flow.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from coterie.core.errors import BadReply, CannotOpen, PermissionMissing, RateLimited, SignInNeeded, Unreachable
from coterie.core.provider import Setup
from coterie.core.sign_in import DeviceCode, Identity, Option, SignInPrompter
from coterie.core.text import clean_line, is_email
from coterie.providers.identity import ADDRESS, chosen_address, wanted_address
from coterie.providers.loopback import authorize
from coterie.providers.microsoft.application import AUTHORITY, CALL_SECONDS, Application, Json
from coterie.providers.microsoft.errors import REGISTRATIONS, WHO, device_code_error, token_error, translate, unreadable
from coterie.providers.microsoft.tokens import READ, WRITE, Permission, application, granted, stored
from coterie.providers.retry import Blocked, Retry
from coterie.providers.threads import in_thread

T = TypeVar("T")

SHORTEST_INTERVAL: Final = 1
"""Seconds between two polls, whatever the server says."""
FAILURES: Final = 5
"""How many polls in a row may fail before we give up (RFC 8628, 3.5 asks to go on after time-outs)."""
REGISTER: Final = (
    f"Open {REGISTRATIONS} in a browser and press New registration. Choose any name.",
    "Supported account types: accounts in any organizational directory and personal Microsoft accounts.",
    "Redirect URI: choose “Public client/native (mobile & desktop)” and enter http://localhost, then press Register.",
    "Under Authentication, set “Allow public client flows” to Yes and save.",
    "Copy the application (client) id from the Overview page and paste it here. No secret is needed.",
    "It is kept with this account's tokens. For several accounts, set microsoft.client_id to it.",
)
CLIENT: Final = Option(
    "client_id", "Application (client) id", "The id of your app registration at Microsoft.", guide=REGISTER
)


async def find_client(setup: Setup, prompter: SignInPrompter, before: Permission | None) -> str:
    """The client id: microsoft.client_id, else the one that this account had, else from the user.

    Raises:
        CannotOpen: there is none.
    """
    if client_id := setup.settings.get("client_id"):
        return client_id
    if before is not None:
        return before.client_id
    given = clean_line((await prompter.ask((CLIENT,))).get(CLIENT.key, ""))
    if not given:
        raise CannotOpen(
            "There is no application (client) id for Microsoft yet.",
            f"Register an app at {REGISTRATIONS} (redirect URI “http://localhost” for mobile and desktop, public "
            "client flows allowed) and set microsoft.client_id to its application (client) id.",
        )
    return given


async def sign_in(setup: Setup, prompter: SignInPrompter, retry: Retry) -> Identity:
    """Sign in with the user's help; the permission is kept in `setup.tokens` once everything has worked.

    Raises:
        PermissionMissing: the user did not allow it, or not all of it.
        SignInNeeded: the time is over, or the organization does not allow this way of signing in.
        NotEnabled: the app registration is unknown or not allowed to do this.
        CannotOpen, Unreachable, RateLimited, BadReply: see `core.errors`.
    """
    before = await stored(setup.tokens)
    client_id = await find_client(setup, prompter, before)
    authority = setup.settings.get("authority") or AUTHORITY
    scope = WRITE if setup.write else READ
    app = await retry.run(lambda: application(client_id, authority), idempotent=True)
    try:
        if setup.settings.get("browser") == "1":
            wanted = await wanted_address(setup, prompter, before.address if before else "")
            answer = await _by_browser(app, scope, prompter, wanted, forward=not setup.restricted)
        else:  # nothing can be suggested there, and Microsoft tells the address
            wanted = setup.settings.get(ADDRESS.key, "")
            answer = await _by_device_code(app, scope, prompter, retry)
    finally:
        app.transport.close()
    scopes = _scopes(answer, scope)
    if not granted(scopes, scope):
        sought = "see and change" if setup.write else "see"
        raise PermissionMissing(
            f"The permission to {sought} your contacts was not given.", "Sign in again and allow it."
        )
    identity = _identity(answer, wanted, before)
    permission = Permission(client_id, authority, scopes, app.cache.serialize(), identity.address, identity.person)
    await setup.tokens.save(permission.to_text())
    return identity


async def _call(function: Callable[[], T]) -> T:
    return await in_thread(function, who=WHO, seconds=CALL_SECONDS, translate=translate)


# The device code ------------------------------------------------------------------------------------------------------


async def _by_device_code(app: Application, scope: str, prompter: SignInPrompter, retry: Retry) -> Json:
    flow = await retry.run(lambda: _call(lambda: app.start_device_flow([scope])), idempotent=True)
    if flow.get("error") or not flow.get("user_code"):
        raise device_code_error(flow)
    await prompter.device_code(_shown(flow))
    return await _poll(app, flow, retry)


def _shown(flow: Json) -> DeviceCode:
    """What the user is shown. Raises BadReply if the page is no web address."""
    uri = str(flow.get("verification_uri") or flow.get("verification_url") or "")
    if not uri.startswith(("https://", "http://")):
        raise unreadable()
    return DeviceCode(clean_line(str(flow["user_code"])), clean_line(uri), int(flow["expires_in"]))


async def _poll(app: Application, flow: Json, retry: Retry) -> Json:
    """Ask at the server's interval until the user has finished or the time is over.

    The time is measured by a clock that nobody sets. Cancelling takes effect at once: a request under way is dropped.
    """
    until = time.monotonic() + int(flow["expires_in"])
    failures = 0
    while True:
        flow["interval"] = max(int(flow["interval"]), SHORTEST_INTERVAL)  # msal itself goes on forever with a zero
        wait = float(flow["interval"])
        await retry.sleep(wait)
        if time.monotonic() >= until:
            raise SignInNeeded("The code was not entered in time.", "Start again when you are ready.")
        try:
            answer = await _call(lambda: app.poll_device_flow(flow))
        except (Unreachable, RateLimited, BadReply) as error:
            failures += 1
            if failures >= FAILURES or isinstance(error, Blocked):
                raise
            await retry.sleep(max((getattr(error, "retry_after", None) or 0.0) - wait, 0.0))
            continue
        failures = 0
        if answer.get("access_token"):
            return answer
        if answer.get("error") not in {"authorization_pending", "slow_down"}:  # msal lengthens the interval
            raise device_code_error(answer)


# The browser ----------------------------------------------------------------------------------------------------------


async def _by_browser(app: Application, scope: str, prompter: SignInPrompter, wanted: str, *, forward: bool) -> Json:
    flow: Json = {}

    def start(redirect_uri: str) -> tuple[str, str]:
        flow.update(app.start_code_flow([scope], redirect_uri.rstrip("/"), wanted or None))  # registered without a path
        return str(flow["auth_uri"]), str(flow["state"])

    came = await authorize(prompter, start, who=WHO, host="localhost", forward=forward)
    answer = await _call(lambda: app.finish_code_flow(flow, came.parameters))
    if not answer.get("access_token"):
        if answer.get("error") == "invalid_grant":
            raise SignInNeeded(
                "Microsoft no longer accepts the code from the browser.", "Sign in again, and continue without waiting."
            )
        raise token_error(answer)
    return answer


# What came of it ------------------------------------------------------------------------------------------------------


def _scopes(answer: Mapping[str, Any], asked: str) -> tuple[str, ...]:
    """The scopes that were granted; those that were asked for if the answer does not name them (RFC 6749, 5.1)."""
    said = answer.get("scope") or asked
    return tuple(said.split() if isinstance(said, str) else map(str, said))


def _identity(answer: Mapping[str, Any], wanted: str, before: Permission | None) -> Identity:
    """Who has signed in, by the id token that comes with every sign-in; the access token is Microsoft's own affair.

    `oid` is the id that Graph gives as `/me`'s, which would need a scope of its own; `sub` is as lasting.
    Source: https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference.
    Raises SignInNeeded if it is somebody else than `wanted`.
    """
    claims = answer.get("id_token_claims")
    claims = claims if isinstance(claims, dict) else {}
    person = clean_line(str(claims.get("oid") or claims.get("sub") or ""))
    told = [clean_line(str(claims.get(key) or "")) for key in ("preferred_username", "email", "upn")]
    addresses = [address for address in told if is_email(address)] or [address for address in told if address]
    if before is not None and before.person == person != "":  # whatever it is called by now
        addresses = [before.address]
        wanted = before.address
    address = chosen_address(wanted, addresses) or f"{person or 'account'}@microsoft"
    return Identity(address, clean_line(str(claims.get("name") or "")), person)
