"""Web addresses that strangers wrote: what is none has no parts, where `urllib.parse` raises ValueError."""

from __future__ import annotations

from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

_NONE: Final = SplitResult("", "", "", "", "")


def split_url(url: str) -> SplitResult:
    """The parts of an address; all are empty if it has a bracket too many, a port that is no number, and the like."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - it is read only now, and raises
    except ValueError:
        return _NONE
    return parts


def join_url(base: str, link: str) -> str:
    """Where a link leads from the page `base`; the link as it is if it leads nowhere."""
    try:
        return urljoin(base, link)
    except ValueError:
        return link
