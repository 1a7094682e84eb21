"""One value of a contact, as a page shows it: its text, the contact with another one, and what opens it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from coterie.core.fields import FIELDS
from coterie.core.fields.kinds import checked_value
from coterie.core.fields.values import with_value
from coterie.core.labelled import HEADINGS, Labelled
from coterie.core.model import Contact
from coterie.core.text import clean_line
from coterie.tui.widgets.contact_page import Item

_PARTS: Final = {"emails": "address", "phones": "number", "urls": "url"} | dict.fromkeys(HEADINGS, "value")
"""Fields of several values, and what of each is the value itself; the rest is its label."""
_MAP: Final = "https://www.openstreetmap.org/search?query="
_WEB: Final = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)


def text_of(contact: Contact, item: Item) -> str:
    """The text to begin with, for changing a value."""
    alone = item.field in _PARTS or item.field == "custom"
    return item.text if alone else FIELDS[item.field].read(contact)


def can_be_changed(contact: Contact, item: Item) -> bool:
    """Whether the value can be changed in one line."""
    is_writable = item.field == "custom" or (item.field in FIELDS and FIELDS[item.field].write is not None)
    return is_writable and "\n" not in text_of(contact, item)


def with_text(contact: Contact, item: Item, text: str) -> Contact:
    """`contact` with another text for one value: its label stays, and an empty text takes it away.

    Raises InvalidValue.
    """
    if item.field == "custom":
        custom = dict(contact.custom) | {item.label: clean_line(text)}
        return replace(contact, custom={heading: value for heading, value in custom.items() if value})
    write = FIELDS[item.field].write
    assert write is not None
    if item.field not in _PARTS:
        return write(contact, text)
    part = _PARTS[item.field]
    before = getattr(contact, item.field)
    if text == item.text:
        return contact
    if item.field in HEADINGS:
        typed = (checked_value(item.field, Labelled(line)),) if (line := clean_line(text)) else ()
    else:
        typed = getattr(write(with_value(contact, item.field, ()), text), item.field)
    changed = [replace(before[item.place], **{part: getattr(value, part)}) for value in typed[:1]]
    return with_value(contact, item.field, (*before[: item.place], *changed, *typed[1:], *before[item.place + 1 :]))


def link_of(item: Item) -> str:
    """What opens a value: a mail program, a telephone, a page or a map; empty if nothing does."""
    text = clean_line(item.text)
    match item.field:
        case "emails":
            return f"mailto:{quote(text, safe='@')}"
        case "phones":
            number = re.sub(r"[^\d+*#]", "", text)
            return f"tel:{quote(number, safe='+*')}" if number else ""
        case "urls":
            return text if _WEB.fullmatch(text) else ""
        case "addresses":
            return _MAP + quote(text)
    return ""


def opener(environment: Mapping[str, str] = os.environ) -> str:
    """The program that opens links on the user's own screen; empty if there is none, as over SSH."""
    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        return ""
    if sys.platform == "darwin":
        return shutil.which("open") or ""
    has_screen = environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    return (shutil.which("xdg-open") or "") if has_screen else ""
