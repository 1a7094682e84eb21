"""The OAuth client that a user, a team or an administrator registers at Google, read from the file that Google gives.

What else people paste is named: the file of another kind of client, a key, half a file. Source of the form of the file:
https://developers.google.com/identity/protocols/oauth2/native-app.
"""

from __future__ import annotations

import errno
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from coterie.core.errors import CannotOpen
from coterie.core.files import at_home, read_small
from coterie.core.text import printable
from coterie.core.web import split_url

_LARGEST: Final = 1_000_000  # bytes of a client's file; Google's have some 400
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
CLIENTS: Final = "https://console.cloud.google.com/auth/clients"
_DESKTOP: Final = f"Create a client of the type “Desktop app” at {CLIENTS} and download its JSON."
_AGAIN: Final = f"Download the JSON file of your client at {CLIENTS} again."
_WHOLE: Final = "The whole JSON file is needed: all from its first { to its last }."
_ALONE: Final = (
    (re.compile(r"[\w-]+\.apps\.googleusercontent\.com"), "the ID of a client alone"),
    (re.compile(r"GOCSPX-[\w-]+"), "the secret of a client alone"),
    (re.compile(r"AIza[\w-]{20,}"), "an API key"),
    (re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"), "an application ID of Microsoft"),
    (re.compile(r"\s*<.*", re.DOTALL), "a web page"),
    (re.compile(r"-----BEGIN .*", re.DOTALL), "a private key"),
)
"""What is pasted in place of the file, and what to call it."""
_KINDS: Final = {
    "service_account": "the key of a service account, which cannot see the contacts of a person",
    "authorized_user": "a sign-in of gcloud, and no OAuth client",
    "external_account": "a sign-in of another service, and no OAuth client",
}
"""What the JSON files that have a `type` are."""


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """The OAuth client that each user or team registers at Google, as its JSON file tells it."""

    client_id: str
    client_secret: str = field(repr=False)
    auth_uri: str
    token_uri: str

    @property
    def config(self) -> dict[str, dict[str, str]]:
        """As google_auth_oauthlib wants it."""
        return {"installed": {**asdict(self), "redirect_uris": "http://localhost"}}

    @property
    def local(self) -> bool:
        """Whether it names a server on this machine, which alone may be asked without TLS."""
        return any(split_url(uri).scheme == "http" for uri in (self.auth_uri, self.token_uri))


def read_client(text: str, source: str) -> OAuthClient:
    """The OAuth client in the JSON text that Google's console gives for download.

    Args:
        text: the content of the file.
        source: what to call it in an error.

    Raises:
        CannotOpen: no such JSON, another kind of client, or addresses that are not safe.
    """
    installed = _installed(_parsed(text, source), source)
    values = {key: installed.get(key) or "" for key in ("client_id", "client_secret", "auth_uri", "token_uri")}
    for key, value in values.items():
        if not isinstance(value, str) or (not value and key != "client_secret"):
            raise CannotOpen(f"{source} has no “{key}”.", _AGAIN)
    for key in ("auth_uri", "token_uri"):
        parts = split_url(values[key])
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise CannotOpen(f"The “{key}” in {source} is not an https address: {printable(values[key])}.", _AGAIN)
    client = OAuthClient(**values)
    if split_url(client.auth_uri).hostname == "accounts.google.com":
        _check_googles(client, installed, source)
    return client


def _parsed(text: str, source: str) -> Any:
    """The JSON in a text. Raises CannotOpen, saying what it is instead."""
    try:
        return json.loads(text)
    except ValueError as error:
        bare = text.strip().strip('"')
        for pattern, name in _ALONE:
            if pattern.fullmatch(bare):
                raise CannotOpen(f"{source} is {name}, not JSON.", _WHOLE) from error
        if not bare:
            raise CannotOpen(f"{source} is empty, not JSON.", _DESKTOP) from error
        if bare.startswith("{") and bare.count("{") > bare.count("}"):
            raise CannotOpen(f"{source} ends in the middle: a part of it is missing.", _WHOLE) from error
        line = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise CannotOpen(f"{source} is not JSON{line}.", _AGAIN) from error


def _installed(content: Any, source: str) -> dict[str, Any]:
    """The part of the file that describes a desktop client. Raises CannotOpen, saying what it is instead."""
    if isinstance(content, dict):
        if isinstance(installed := content.get("installed"), dict):
            return installed
        if "web" in content:
            raise CannotOpen(f"{source} contains a client for web apps, which cannot sign in here.", _DESKTOP)
        if kind := _KINDS.get(str(content.get("type"))):
            raise CannotOpen(f"{source} is {kind}.", _DESKTOP)
        if "client_id" in content:
            raise CannotOpen(f"{source} lacks the outer “installed”: it is a part of the file.", _WHOLE)
        if "refresh_token" in content or "access_token" in content:
            raise CannotOpen(f"{source} contains a permission that somebody gave, and no OAuth client.", _DESKTOP)
    raise CannotOpen(f"{source} contains no OAuth client.", _DESKTOP)


def _check_googles(client: OAuthClient, installed: dict[str, Any], source: str) -> None:
    """Check what every desktop client of Google has. Raises CannotOpen."""
    if not client.client_secret:
        raise CannotOpen(
            f"{source} has no “client_secret”: Google shows it only when the client is made.",
            f"Open the client at {CLIENTS}, press “Add secret”, and download the JSON then; or create a new client.",
        )
    redirects = installed.get("redirect_uris", ["http://localhost"])
    if not any(split_url(str(uri)).hostname in _LOOPBACK for uri in redirects if isinstance(redirects, list)):
        raise CannotOpen(f"{source} has no redirect to this machine (http://localhost).", _DESKTOP)


def client_file(path: str) -> OAuthClient:
    """The OAuth client in the file at `path`. Raises CannotOpen."""
    file = at_home(path)
    try:
        text = _small_text(file)
    except (OSError, ValueError) as error:  # a path may be too long or hold a NUL, a text be none
        why = error.strerror if isinstance(error, OSError) and error.strerror else "it is not a text file"
        raise CannotOpen(
            f"The OAuth client's file {printable(str(file))} cannot be read: {why}.", "Check google.client_secrets."
        ) from error
    return read_client(text, printable(str(file)))


def _small_text(file: Path) -> str:
    """The text of a file, but not of a pipe or a device, which may never end. Raises OSError or UnicodeDecodeError."""
    if file.exists() and not file.is_file():
        raise OSError(errno.EINVAL, "it is not a file")
    return read_small(file, _LARGEST).decode("utf-8-sig")
