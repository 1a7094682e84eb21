"""The user's password: where it is kept, how it is sent, and to which servers.

It is sent by HTTP Basic, or by Digest if that is all the server takes, over https; without it only to this machine.
"""

from __future__ import annotations

import ipaddress
import json
from base64 import b64encode
from collections.abc import Generator
from dataclasses import asdict, dataclass
from typing import Final

import httpx2

from coterie.core.errors import InvalidInput, SignInNeeded
from coterie.core.text import printable
from coterie.core.web import split_url

_COUNTRY_SECOND_LEVEL: Final = frozenset({"ac", "co", "com", "edu", "gov", "ne", "net", "or", "org"})


@dataclass(frozen=True, slots=True)
class Login:
    """What an account needs, as it is kept in `Setup.tokens`.

    Attributes:
        server: where discovery began.
        user, password: what the server asks for.
        homes: the collections that hold the address books, as discovery found them.
        books: address books that are in none of them, because the server tells no home.
        principal: who the server says that it is; empty if it does not say, or an older version signed in.
    """

    server: str
    user: str
    password: str
    homes: tuple[str, ...] = ()
    books: tuple[str, ...] = ()
    principal: str = ""

    def to_text(self) -> str:
        """As the secret text."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str | None) -> Login:
        """The login in a secret text. Raises SignInNeeded if there is none."""
        try:
            values = json.loads(text or "")
            return cls(
                str(values["server"]),
                str(values["user"]),
                str(values["password"]),
                tuple(map(str, values["homes"])),
                tuple(map(str, values["books"])),
                str(values.get("principal", "")),
            )
        except (ValueError, TypeError, KeyError) as error:
            raise SignInNeeded("There is no password for this CardDAV account here.", "Sign in again.") from error

    def __repr__(self) -> str:
        return f"Login({self.server!r}, {self.user!r})"  # the password never gets into a log


class PasswordAuth(httpx2.Auth):
    """Basic, and from the first 401 on that offers nothing but Digest, Digest."""

    def __init__(self, user: str, password: str) -> None:
        self._basic = "Basic " + b64encode(f"{user}:{password}".encode()).decode()
        self._digest = httpx2.DigestAuth(user.encode(), password.encode())
        self._use_digest = False

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        """One request, and a second one if the first has told what the server wants."""
        if not self._use_digest:
            request.headers["Authorization"] = self._basic
            response = yield request
            schemes = offered(response)
            if response.status_code != 401 or "digest" not in schemes or "basic" in schemes:
                return
            self._use_digest = True
            del request.headers["Authorization"]
        yield from self._digest.auth_flow(request)


def offered(response: httpx2.Response) -> set[str]:
    """The schemes that a 401 offers (RFC 9110, 11.6.1), in lower case."""
    lines = response.headers.get_list("www-authenticate")
    return {word.lower() for line in lines for part in line.split(",") if (word := part.strip().partition(" ")[0])}


def may_have_password(url: str) -> bool:
    """Whether the way to `url` keeps a password secret: https, or a server on this machine."""
    parts = split_url(url)
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))


def check_way(url: str) -> None:
    """Raises InvalidInput if a password must not be sent to `url`."""
    if not may_have_password(url):
        raise InvalidInput(
            f"{printable(url)} is not encrypted, so others could read the password on its way.",
            "Use an address that begins with https://.",
        )


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def same_site(url: str, other: str) -> bool:
    """Whether two https addresses belong to one owner: `p42-contacts.icloud.com` and `contacts.icloud.com`.

    Owners are told by the registrable domain: the last two names of the host, or three below `co.uk` and its like.
    """
    first, second = split_url(url), split_url(other)
    return first.scheme == second.scheme == "https" and site(first.hostname or "") == site(second.hostname or "") != ""


def site(host: str) -> str:
    """The registrable domain of a host, guessed without a list of public suffixes; an IP address is its own."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        names = host.rstrip(".").lower().split(".")
    third = len(names) > 2 and len(names[-1]) == 2 and names[-2] in _COUNTRY_SECOND_LEVEL
    return ".".join(names[-3 if third else -2 :])
