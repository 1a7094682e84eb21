"""Microsoft's errors in the core's words: what Graph's bodies and the sign-in server's answers mean.

Sources: https://learn.microsoft.com/graph/errors, https://learn.microsoft.com/graph/delta-query-overview (resets),
https://learn.microsoft.com/entra/identity-platform/reference-error-codes, RFC 6749 5.2, RFC 8628 3.5.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any, Final

from coterie.core.errors import (
    BadReply,
    Conflict,
    CoterieError,
    CursorExpired,
    NotEnabled,
    PermissionMissing,
    Rejected,
    SignInNeeded,
    Unreachable,
)
from coterie.core.text import printable
from coterie.providers.http import Reply, lost

WHO: Final = "Microsoft"
REGISTRATIONS: Final = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade"
BROWSER_COMMAND: Final = "coterie connect microsoft --browser"
_RESETS: Final = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired", "errorinvalidsyncstatedata"})
_NO_MAILBOX: Final = frozenset({"mailboxnotenabledforrestapi", "mailboxnotsupportedforrestapi", "errornomailbox"})
_FULL: Final = frozenset({"errorquotaexceeded", "quotalimitreached"})
_CONFLICTS: Final = frozenset({"errorirresolvableconflict", "errorchangekeyrequired", "errorstaleobject"})
_BLOCKED_BY_POLICY: Final = 53003
"""The number with which Conditional Access blocks a sign-in; no `error` or `suberror` tells it from others."""
_CLIENT: Final = frozenset({"invalid_client", "unauthorized_client", "unsupported_grant_type"})
_DECLINED: Final = frozenset({"access_denied", "authorization_declined"})
_PASSING: Final = frozenset({"temporarily_unavailable", "server_error"})
_SIGNED_OUT: Final = frozenset({"invalid_grant", "interaction_required", "login_required"})
_log = logging.getLogger(__name__)


class NotThere(Rejected):
    """Microsoft knows no contact or folder of that id (HTTP 404)."""


def signed_out() -> SignInNeeded:
    """The error for a permission that has ended."""
    return SignInNeeded("Microsoft no longer accepts the permission of this account.", "Sign in again.")


def changed_there() -> Conflict:
    """The error for a contact that is no longer as we know it."""
    return Conflict("The contact has changed at Microsoft.", "Sync, then try again.")


def deleted_there() -> Conflict:
    """The error for a contact that is there no more."""
    return Conflict("The contact was deleted at Microsoft.", "Sync, then try again.")


def no_such_folder() -> Rejected:
    """The error for a folder that is there no more, or that takes no contacts."""
    return Rejected("The contact folder does not exist at Microsoft any more.", "Sync, then choose another one.")


def cursor_expired() -> CursorExpired:
    """The error for a delta link that leads nowhere."""
    return CursorExpired("Microsoft no longer knows what was synced last.", "A full sync is needed.")


# Microsoft Graph ------------------------------------------------------------------------------------------------------


def explain(reply: Reply) -> CoterieError | None:
    """The core error for a failed reply of Graph, as far as its body tells more than its status."""
    error = _error(reply)
    codes = _codes(error)
    if reply.status == 410 or codes & _RESETS:
        return cursor_expired()
    if codes & _NO_MAILBOX:
        return NotEnabled(
            "This Microsoft account has no mailbox that apps can see.",
            "Its contacts may be on a server of its organization. Choose another account, or ask its administrator.",
        )
    if codes & _FULL or reply.status == 507:
        return Rejected("The Microsoft account is full.", "Delete something there first.")
    if codes & _CONFLICTS:
        return changed_there()
    if reply.status == 401:
        return signed_out()
    if reply.status == 403 and error:
        return PermissionMissing(
            "Microsoft does not allow this with the permission that was given.",
            "Sign in again and allow access to your contacts.",
        )
    if reply.status == 404 and error:
        return NotThere("Microsoft does not know this contact or folder.", "Sync, then try again.")
    if reply.status in {400, 422} and error:
        said = printable(str(error.get("message") or "")).rstrip(".")
        return Rejected(
            f"Microsoft refuses the request: {said or 'it does not say why'}.", "Correct the contact, then sync."
        )
    return None


def _error(reply: Reply) -> dict[str, Any]:
    """The `error` object in a body; empty if it is something else."""
    try:
        error = json.loads(reply.body)["error"]
    except (ValueError, TypeError, KeyError):
        return {}
    return error if isinstance(error, dict) else {}


def _codes(error: Mapping[str, Any]) -> set[str]:
    """Every code by which Graph names the reason, in lower case: the outer one and those of the inner errors."""
    codes: set[str] = set()
    inner: Any = error
    while isinstance(inner, dict):
        codes.add(str(inner.get("code") or "").lower())
        inner = inner.get("innerError") or inner.get("innererror")
    return codes


# The sign-in server ---------------------------------------------------------------------------------------------------


def token_error(answer: Mapping[str, Any] | None) -> CoterieError:
    """The core error for what msal returns instead of a token; None is an empty token cache.

    `error` and `suberror` decide. The AADSTS numbers change without notice and go to the log.
    """
    if answer is None:
        return SignInNeeded("This Microsoft account is not signed in.", "Sign in to it.")
    name, suberror = str(answer.get("error") or ""), str(answer.get("suberror") or "")
    _log.info("Sign-in server: %s %s %s", name, suberror, answer.get("error_codes") or "")
    if blocked_by_policy(answer):
        return SignInNeeded(
            "Your organization does not allow this way of signing in.",
            f"Sign in through a browser on a device that it accepts: {BROWSER_COMMAND}.",
        )
    if name in _CLIENT:
        return NotEnabled(
            f"Microsoft does not accept the app registration: {_said(answer)}.",
            f"Open it at {REGISTRATIONS}, check that microsoft.client_id is its application (client) id, and under "
            "Authentication set “Allow public client flows” to Yes.",
        )
    if name == "consent_required" or suberror == "consent_required":
        return PermissionMissing(
            "The permission to your contacts was not given.", "Sign in again and allow what is asked for."
        )
    if name in _DECLINED:
        return PermissionMissing("Access to Microsoft was not allowed.", "Sign in again and choose to allow it.")
    if name in _SIGNED_OUT:
        return signed_out()
    if name in _PASSING:
        return Unreachable("Microsoft cannot sign anybody in at the moment.", "Try again later.")
    if name == "expired_token":
        return SignInNeeded("The code was not entered in time.", "Start again when you are ready.")
    if not name:
        return unreadable()
    return SignInNeeded(f"Microsoft refused the sign-in: {_said(answer)}.", "Sign in again.")


def blocked_by_policy(answer: Mapping[str, Any]) -> bool:
    """Whether the organization's Conditional Access does not allow this way of signing in."""
    codes = answer.get("error_codes")
    return (isinstance(codes, list) and _BLOCKED_BY_POLICY in codes) or (
        f"AADSTS{_BLOCKED_BY_POLICY}" in str(answer.get("error_description") or "")
    )


def device_code_error(answer: Mapping[str, Any]) -> CoterieError:
    """As `token_error`, for the device code, which organizations often block while they allow a browser."""
    if blocked_by_policy(answer):
        return SignInNeeded(
            "Your organization does not allow signing in with a code.",
            f"Sign in through a browser instead: {BROWSER_COMMAND}.",
        )
    if answer.get("error") == "bad_verification_code":
        return SignInNeeded("Microsoft no longer knows the code.", "Start again.")
    return token_error(answer)


def _said(answer: Mapping[str, Any]) -> str:
    """What the sign-in server says in its own words: the first line, without the trace that follows."""
    text = str(answer.get("error_description") or answer.get("error") or "").strip()
    return printable(text.splitlines()[0] if text else "").rstrip(". ") or "it does not say why"


def unreadable() -> BadReply:
    """The error for an answer of the sign-in server that is not what it documents."""
    return BadReply("Microsoft gave no readable answer about the permission.", "Try again in a moment.")


def translate(error: Exception) -> Exception | None:
    """The core error for what msal raises; None for core errors, which pass, and for anything else.

    msal reads answers without checking them, so odd ones come out as Python's own errors.
    """
    from msal.exceptions import MsalError

    if isinstance(error, CoterieError):
        return None
    if isinstance(error, MsalError):
        return Unreachable("Microsoft cannot sign anybody in at the moment.", "Try again later.")
    if isinstance(error, ValueError | KeyError | TypeError | AttributeError | IndexError | RuntimeError):
        return unreadable()
    return lost(error, WHO)
