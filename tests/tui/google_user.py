"""A user of the local Google: follows the address of the sign-in and allows it, as a browser does."""

from __future__ import annotations

import urllib.error
import urllib.request
from email.message import Message
from typing import IO


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


def redirect_of(url: str) -> str:
    """Where the page at `url` leads a browser once the user has allowed it."""
    opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
    try:
        opener.open(url)
    except urllib.error.HTTPError as answer:
        return str(answer.headers["Location"])
    raise AssertionError("The page leads nowhere.")


def person(name: str, address: str, **fields: object) -> dict[str, object]:
    """A contact as Google holds it."""
    given, _, family = name.partition(" ")
    return {"names": [{"givenName": given, "familyName": family}], "emailAddresses": [{"value": address}], **fields}
