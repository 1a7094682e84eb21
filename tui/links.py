"""Addresses of pages in texts: as links that terminals open (OSC 8), whole however narrow the screen is."""

from __future__ import annotations

import re
from typing import Final

from textual.content import Content
from textual.style import Style

from coterie.core.text import printable

_ADDRESS: Final = re.compile(r"https?://[^\s“”\"'<>]*[^\s“”\"'<>.,;:!?)\]]")


def first_address(text: str) -> str:
    """The first web address in a text; empty if there is none."""
    match = _ADDRESS.search(text)
    return match.group() if match else ""


def link(url: str) -> Content:
    """An address as a link to itself. A terminal that breaks it into lines still opens all of it."""
    shown = printable(url)
    return Content.styled(shown, Style(underline=True, link=shown)) if _ADDRESS.fullmatch(shown) else Content(shown)


def linked(text: str) -> Content:
    """A text with its web addresses as links."""
    text = printable(text)
    parts: list[Content] = []
    end = 0
    for match in _ADDRESS.finditer(text):
        parts += [Content(text[end : match.start()]), link(match.group())]
        end = match.end()
    return Content("").join([*parts, Content(text[end:])])
