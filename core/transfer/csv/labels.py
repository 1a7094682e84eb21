"""Labels that people write beside a value, in its own cell: `ada@example.org (work)`, `M: 0151 1234567`."""

from __future__ import annotations

import re
from typing import Final

from coterie.core.text import email_key
from coterie.core.transfer.csv.headings import target_of
from coterie.core.transfer.csv.values import LABELS
from coterie.core.transfer.csv.words import is_label

_AFTER_ADDRESS: Final = re.compile(r"([^\s;,|()<>]+@[^\s;,|()<>]+) ?[(\[]([^()\[\]@]{1,20})[)\]]")
_BEFORE_ADDRESS: Final = re.compile(r"(?:(?<=[;,|\n])|^)\s*([^\W\d_]{1,20}): ?(?=[^\s;,|()<>]+@)")
_BEFORE_NUMBER: Final = re.compile(r"\(?([^\W\d_][^\W\d_. ]{0,14})\.?(?::|\)) ?(?=[+(\d])")
_AFTER_NUMBER: Final = re.compile(r"(?<=\d) ?[(\[]([^()\[\]\d]{1,20})[)\]]$|(?<=\d) ([^\W\d_]{1,14})$")
_LETTERS: Final = {"m": "mobile", "c": "mobile", "w": "work", "o": "work", "h": "home", "f": "fax"}


def emails_with_labels(cell: str) -> tuple[str, dict[str, str]]:
    """The cell without the labels in it, and the label of each address by its `email_key`."""
    labels: dict[str, str] = {}

    def after(match: re.Match[str]) -> str:
        if not is_label(match[2]):
            return match[0]
        labels[email_key(match[1])] = _label(match[2], "email")
        return match[1]

    def before(match: re.Match[str]) -> str:
        if not is_label(match[1]):
            return match[0]
        address = re.match(r"[^\s;,|()<>]+", cell[match.end() :])
        labels[email_key(address[0] if address else "")] = _label(match[1], "email")
        return " "

    if ":" in cell:
        cell = _BEFORE_ADDRESS.sub(before, cell)
    if "(" in cell or "[" in cell:
        cell = _AFTER_ADDRESS.sub(after, cell)
    return cell, labels


def phone_with_label(text: str) -> tuple[str, str]:
    """The text without the label beside the number, and the label; the text as it is if no label stands there."""
    text = text.strip()
    if (before := _BEFORE_NUMBER.match(text)) and (label := _phone_label(before[1])):
        return text[before.end() :], label
    if (after := _AFTER_NUMBER.search(text)) and (label := _phone_label(after[1] or after[2])):
        return text[: after.start()], label
    return text, ""


def _phone_label(word: str) -> str:
    if letter := _LETTERS.get(word.lower()):
        return letter
    return _label(word, "phone") if is_label(word) else ""


def _label(word: str, kind: str) -> str:
    """The label that a heading of that word gives (`Handy` is mobile), else the word as it stands."""
    return target_of(f"{word} {kind}").partition(":")[2] or LABELS.get(word, word)
