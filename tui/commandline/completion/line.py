"""The line that is being typed: its words, and how a shell wants to have the last one replaced."""

from __future__ import annotations

import re
import shlex
from typing import Final

_CLOSINGS: Final = ("", '"', "'")
_IN_QUOTES: Final = re.compile(r"([\\$`\"!])")
_SPECIAL: Final = re.compile(r"""([^\w@%+=:,./-])""")


def words_of(line: str) -> list[str]:
    """The words of a shell's line up to the cursor; the last one is being typed, and empty after a blank."""
    for closing in _CLOSINGS:
        try:
            words = shlex.split(line.removesuffix("\\") + closing)
        except ValueError:
            continue
        return words if words and not _ends_with_blank(line) else [*words, ""]
    return [line]


def _ends_with_blank(line: str) -> bool:
    return line != line.rstrip() and not line.rstrip(" ").endswith("\\")


def for_bash(candidate: str, typed: str, line: str, breaks: str) -> str:
    """What bash puts in the place of what it takes for the word: that begins after the last of its COMP_WORDBREAKS.

    Args:
        candidate: the whole word.
        typed: the word as far as it is typed, without quotes.
        line: the line up to the cursor.
        breaks: the value of COMP_WORDBREAKS.
    """
    if quote := _open_quote(line):
        return candidate.replace("'", "'\\''") if quote == "'" else _IN_QUOTES.sub(r"\\\1", candidate)
    cut = max((typed.rfind(char) for char in breaks if char in ":=@"), default=-1)
    if not candidate.startswith(typed[: cut + 1]):
        return candidate
    return _SPECIAL.sub(r"\\\1", candidate[cut + 1 :])


def _open_quote(line: str) -> str:
    """The quotation mark that is open at the end of `line`; empty if none is."""
    for closing in _CLOSINGS:
        try:
            shlex.split(line.removesuffix("\\") + closing)
        except ValueError:
            continue
        return closing
    return ""
