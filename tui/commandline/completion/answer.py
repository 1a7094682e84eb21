"""The answer to a shell: one candidate a line; exit code 10 if it should offer files."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from coterie.core.errors import CoterieError, InvalidInput
from coterie.core.text import beginning_with, printable
from coterie.tui.commandline.completion.line import for_bash, words_of
from coterie.tui.commandline.completion.values import sources
from coterie.tui.commandline.completion.words import Wanted, wanted
from coterie.tui.commandline.start import COMPLETING, Start

if TYPE_CHECKING:
    from coterie.core.settings import Settings

FILES: Final = 10
"""The exit code that asks the shell for files."""
LINE: Final = "_COTERIE_LINE"
BREAKS: Final = "_COTERIE_BREAKS"


def answer() -> int:
    """Write what the line in the environment could become; returns the exit code."""
    from coterie.tui.commandline.app import command

    line = os.environ.get(LINE, "")
    words = words_of(line)[1:] or [""]
    want = wanted(command(words), words)
    typed = words[-1].removeprefix(want.before)
    candidates = [name for name in want.names if name.startswith(typed)]
    if not candidates and want.parameter is not None:
        if "FILE" in (want.parameter.metavar or ""):
            return FILES
        candidates = [want.before + value for value in _values(want, typed, words)]
    for candidate in map(printable, candidates):
        shown = candidate
        if os.environ[COMPLETING] == "bash":
            shown = for_bash(candidate, words[-1], line, os.environ.get(BREAKS, ""))
        sys.stdout.write(f"{shown}\n")
    return 0


def _values(want: Wanted, typed: str, words: Sequence[str]) -> list[str]:
    fixed, asked = sources(want.command, want.parameter)
    if fixed is not None:
        before, comma, last = typed.rpartition(",") if "," in (want.parameter.metavar or "") else ("", "", typed)
        return [before + comma + value for value in fixed() if value.startswith(last)]
    if asked is None:
        return []
    try:
        start = Start.read(words[:-1])
    except InvalidInput:
        return []
    if start.demo:  # the invented people are made anew at each start, which takes too long for a key
        return []
    values = asyncio.run(_ask(start.load_settings(), asked, typed))
    return values if want.parameter.metavar in {"QUERY", "TEXT"} else beginning_with(typed, values)


async def _ask(settings: Settings, asked: Any, typed: str) -> list[str]:
    """What the book knows; nothing if there is none yet, or none that can be opened."""
    from coterie.core.book import Book

    if settings.sqlite_path is not None and not settings.sqlite_path.exists():
        return []
    try:
        async with await Book.open(settings) as book:
            return list(await asked(book, typed))
    except CoterieError:
        return []
