"""Google's errors in the core's words: what its bodies and its SDKs' exceptions mean.

Sources: https://google.aip.dev/193 (the shape of errors), the discovery document of people.v1 (reasons), RFC 6749 5.2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from coterie.core.errors import (
    BadReply,
    Conflict,
    CoterieError,
    CursorExpired,
    NotEnabled,
    PermissionMissing,
    RateLimited,
    Rejected,
    SignInNeeded,
    Unreachable,
)
from coterie.core.text import printable
from coterie.providers.http import Reply, failure, lost
from coterie.providers.refusing import ScopeMissing
from coterie.providers.retry import retry_after

WHO: Final = "Google"
ENABLE: Final = "https://console.cloud.google.com/apis/library/people.googleapis.com"
_CONSOLE: Final = re.compile(r"https://console\.(?:developers|cloud)\.google\.com/[\w/.?=&%~+:@-]*[\w/=]")
_RATE: Final = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED"})
_NOT_FOUND, _FAILED_PRECONDITION, _ABORTED = 5, 9, 10
"""Numbers of google.rpc.Code."""
_SCOPE: Final = frozenset({"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"})
_DISABLED: Final = frozenset({"SERVICE_DISABLED", "accessNotConfigured"})


class NotThere(Rejected):
    """Google knows no contact or label of that name (HTTP 404)."""


class Full(Rejected):
    """The account holds as many contacts as it can."""

    def __init__(self) -> None:
        super().__init__("The Google account is full: it cannot hold more contacts.", "Delete some there first.")


class SomeRefused(Rejected):
    """A batch was refused because of some of its contacts; nothing of it was done.

    Attributes:
        errors: the key of a contact in the batch -> what is wrong with it; the others would have been accepted.
    """

    def __init__(self, errors: Mapping[str, Rejected | Conflict]) -> None:
        super().__init__("Google refuses some contacts of a batch.")
        self.errors = errors


def signed_out() -> SignInNeeded:
    """The error for a permission that has ended."""
    return SignInNeeded(
        "Google no longer accepts the permission of this account.",
        "Sign in again. While your project at Google is in “Testing”, every sign-in ends after 7 days; to avoid "
        "that, publish it under Google Auth Platform > Audience.",
    )


def explain(reply: Reply) -> CoterieError:
    """The core error for a reply of the People API whose status says that it failed."""
    error = _error(reply)
    reasons = _reasons(error)
    said = printable(str(error.get("message") or ""))
    if "EXPIRED_SYNC_TOKEN" in reasons or "sync token is expired" in said.lower() or reply.status == 410:
        return CursorExpired("Google no longer knows what was synced last.", "A full sync is needed.")
    if reasons & _DISABLED:
        return NotEnabled(
            "The People API is not enabled in your project at Google.",
            f"Enable it at {_activation(error, said)} and try again a few minutes later.",
        )
    if "MY_CONTACTS_OVERFLOW_COUNT" in reasons or "MY_CONTACTS_OVERFLOW_COUNT" in said:
        return Full()
    if errors := _contact_errors(error):
        return SomeRefused(errors)
    if reply.status in {403, 429} and reasons & _RATE:
        return RateLimited(
            "Google asks us to wait: too many requests in a minute.",
            "Try again in a minute.",
            retry_after(reply.headers),
        )
    if reply.status == 400:
        if reasons & {"failedPrecondition", "FAILED_PRECONDITION"}:
            return Conflict("The contact has changed at Google.", "Sync, then try again.")
        return Rejected(f"Google refuses the request: {said.rstrip('.') or 'it does not say why'}.", "")
    if reply.status == 401:
        return signed_out()
    if reply.status == 403 and error:
        missing = ScopeMissing if reasons & _SCOPE else PermissionMissing
        return missing(
            "Google does not allow this with the permission that was given.",
            "Sign in again and allow access to your contacts.",
        )
    if reply.status == 404 and error:
        return NotThere("Google does not know this contact or label.", "Sync, then try again.")
    return failure(reply, WHO)


def _error(reply: Reply) -> dict[str, Any]:
    """The `error` object in a body; empty if it is something else."""
    try:
        error = json.loads(reply.body)["error"]
    except (ValueError, TypeError, KeyError):
        return {}
    return error if isinstance(error, dict) else {}


def _reasons(error: Mapping[str, Any]) -> set[str]:
    """Every word by which Google names the reason: the status, the ErrorInfo's reason, the older `errors` list."""
    reasons = {str(error.get("status") or "")}
    for key in ("details", "errors"):
        for detail in error.get(key) or ():
            if isinstance(detail, dict) and detail.get("reason"):
                reasons.add(str(detail["reason"]))
    return reasons


def _contact_errors(error: Mapping[str, Any]) -> dict[str, Rejected | Conflict]:
    """Which contacts of a batch are to blame, by their keys in it.

    Source: https://developers.google.com/people/api/rest/v1/BatchUpdateContactsErrorDetails.
    """
    refused: dict[str, Rejected | Conflict] = {}
    for detail in error.get("details") or ():
        errors = detail.get("contactErrors") if isinstance(detail, dict) else None
        if isinstance(errors, dict):
            refused |= {str(key): refusal(status) for key, status in errors.items() if isinstance(status, dict)}
    return refused


def refusal(status: Mapping[str, Any]) -> Rejected | Conflict:
    """Why one contact of a batch was refused, by its google.rpc.Status (https://google.aip.dev/193)."""
    code = status.get("code")
    if code == _NOT_FOUND:
        return Conflict("The contact was deleted at Google.", "Sync, then try again.")
    if code in {_FAILED_PRECONDITION, _ABORTED}:
        return Conflict("The contact has changed at Google.", "Sync, then try again.")
    if "MY_CONTACTS_OVERFLOW_COUNT" in json.dumps(status):
        return Full()
    said = printable(str(status.get("message") or "")).rstrip(".")
    return Rejected(f"Google refuses the contact: {said or 'it does not say why'}.")


def _activation(error: Mapping[str, Any], said: str) -> str:
    """The page where the user can enable the API: Google's own link for that project, if it really is one."""
    link = _CONSOLE.search(json.dumps(error.get("details") or [])) or _CONSOLE.search(said)
    return link.group() if link else ENABLE


def translate(error: Exception) -> Exception | None:
    """The core error for an exception of the SDK, of google-auth or of the connection; None for anything else."""
    from google.auth.exceptions import RefreshError, TransportError
    from googleapiclient.errors import HttpError

    if isinstance(error, HttpError):
        return explain(Reply(int(error.resp.status), dict(error.resp), error.content or b"", str(error.uri or "")))
    if isinstance(error, RefreshError):
        return _refresh_failed(error)
    if isinstance(error, TransportError):
        return Unreachable("Google cannot be reached.", "Check that you are online and try again.")
    if isinstance(error, UnicodeDecodeError):
        return BadReply("The answer from Google cannot be read.", "Try again in a moment.")
    return lost(error, WHO)


def _refresh_failed(error: Any) -> CoterieError:
    """Only `invalid_grant` means that the user has to sign in again; the rest is not the user's fault."""
    answer = error.args[1] if len(error.args) > 1 else error.args[0] if error.args else ""
    if isinstance(answer, dict):
        return token_error(str(answer.get("error") or ""), retryable=bool(error.retryable))
    if "do not contain the necessary fields" in str(answer):
        return signed_out()
    return token_error("", retryable=bool(error.retryable))


def token_error(name: str, *, retryable: bool = False) -> CoterieError:
    """The core error for an `error` of the token end point (RFC 6749, 5.2)."""
    if name == "invalid_grant":
        return signed_out()
    if name in {"invalid_client", "unauthorized_client", "deleted_client", "org_internal", "disabled_client"}:
        return NotEnabled(
            "Google does not accept the OAuth client of this account.",
            "Check the file that google.client_secrets names, then sign in again.",
        )
    if retryable or name in {"server_error", "temporarily_unavailable", "internal_failure"}:
        return Unreachable("Google cannot renew the permission at the moment.", "Try again later.")
    return BadReply("Google sent no readable answer about the permission.", "Try again in a moment.")
