"""Text that was read in a wrong encoding (JosÃ© for José), and signs that a web page has written out (&amp; for &)."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, ClassVar, Final

from coterie.core.cleanup.kind import Kind, Proposal, Usual, change
from coterie.core.misread import mended
from coterie.core.model import Address, Contact
from coterie.core.text import clean_lines, group_key

_WRITTEN_OUT: Final = re.compile(r"&(?:#\d{2,6}|#[xX][0-9A-Fa-f]{2,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_TEXTS: Final = tuple(field.name for field in fields(Contact) if field.type == "str" and field.name != "birthday")
_PARTS: Final = tuple(field.name for field in fields(Address))
_SHOWN: Final = 40


class MisreadText(Kind):
    """Only what nobody can have meant is proposed. E-mail addresses, numbers and web addresses stay as they are."""

    id: ClassVar[str] = "misread-text"
    title: ClassVar[str] = "Text that was read in a wrong encoding"
    about: ClassVar[str] = "José for JosÃ©, Jörg for JÃƒÂ¶rg, O’Brien for Oâ€™Brien, and & for &amp;."

    def propose(self, contact: Contact, usual: Usual) -> Proposal | None:
        """The contact with all of its texts as they were."""
        changed: dict[str, Any] = {}
        for key, make in _MENDERS.items():
            value = getattr(contact, key)
            if value and (new := make(value)) != value:
                changed[key] = new
        if not changed:
            return None
        field = next(iter(changed))
        return change(contact, replace(contact, **changed), field, _reason(getattr(contact, field)))


def _reason(value: object) -> str:
    """What was wrong, in the first words of it."""
    wrong = next((text for text in re.findall(r"[^\s'\"(),;]+", str(value)) if _mended(text) != text), "")
    return f"“{wrong[:_SHOWN]}” was read in a wrong encoding" if wrong else "read in a wrong encoding"


def _is_plain(text: str) -> bool:
    return text.isascii() and "&" not in text and "=" not in text


def _mended(text: str) -> str:
    if _is_plain(text):
        return text
    new = mended(text)
    if "&" in new:
        new = _WRITTEN_OUT.sub(lambda match: html.unescape(match[0]), new)
    return text if new == text else _mended(clean_lines(new))


def _groups(names: tuple[str, ...]) -> tuple[str, ...]:
    new = {group_key(name): name for name in map(_mended, names)}
    return names if set(new.values()) == set(names) else tuple(sorted(new.values(), key=str.casefold))


def _labels(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if all(_is_plain(value.label) for value in values):
        return values
    return tuple(dict.fromkeys(replace(value, label=_mended(value.label)) for value in values))


def _addresses(addresses: tuple[Address, ...]) -> tuple[Address, ...]:
    new = [{part: _mended(text) for part in _PARTS if not _is_plain(text := getattr(one, part))} for one in addresses]
    return tuple(dict.fromkeys(replace(one, **parts) for one, parts in zip(addresses, new, strict=True)))


def _custom(custom: Mapping[str, str]) -> dict[str, str]:
    new = {_mended(heading): _mended(text) for heading, text in custom.items()}
    if len(new) < len(custom):  # two headings would be one
        new = {heading: _mended(text) for heading, text in custom.items()}
    return new


_MENDERS: Final[dict[str, Callable[[Any], Any]]] = {
    **dict.fromkeys(_TEXTS, _mended),
    "groups": _groups,
    **dict.fromkeys(("emails", "phones", "urls"), _labels),
    "addresses": _addresses,
    "custom": _custom,
}
"""What makes a value of each attribute right."""
