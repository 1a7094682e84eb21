"""The screen's only error funnel: whatever goes wrong becomes one notice in plain words."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from coterie.core.errors import Cancelled, CoterieError
from coterie.core.files import refusal
from coterie.core.text import printable

if TYPE_CHECKING:
    from textual.app import App
    from textual.notifications import SeverityLevel

    from coterie.tui.terminal.app import TerminalApp

_STAYS: Final = 7 * 86_400.0
"""Seconds for which a notice stays that stays until it was read."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the user reads of an error: what went wrong, and what to do about it."""

    title: str
    hint: str = ""


def log_file() -> str:
    """The path of the file that the log goes to; empty if there is none."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.FileHandler) and handler.baseFilename != os.devnull:
            return handler.baseFilename
    return ""


def notice_of(error: BaseException) -> Notice:
    """The notice for `error`. What is not one of our own errors goes to the log with its traceback."""
    if isinstance(error, OSError):
        _log.error("The system refused something", exc_info=error)
        error = refusal(error)
    if isinstance(error, CoterieError):
        return Notice(printable(error.title), printable(error.hint))
    _log.error("Something unexpected happened", exc_info=error)
    path = log_file()
    where = f"The details are in {printable(path)}." if path else "Start coterie with --debug to see the details."
    return Notice(f"Something unexpected happened ({type(error).__name__}). Nothing was changed by it.", where)


def show(app: App[Any], error: BaseException, seconds: float = 8) -> None:
    """Tell the user about `error` for so many seconds, on whatever screen is open."""
    notice = notice_of(error)
    severity: SeverityLevel = "information" if isinstance(error, Cancelled) else "error"
    app.notify(f"{notice.title}\n{notice.hint}".strip(), severity=severity, markup=False, timeout=seconds)


def show_until_read(app: App[Any], sentence: str, title: str) -> None:
    """Show a notice on every screen until esc, or a click, says that it was read."""
    app.notify(f"{sentence}\nesc closes this.", title=printable(title), markup=False, timeout=_STAYS)


def show_for_the_tour(app: App[Any], sentence: str, title: str) -> None:
    """Show a notice until the tour goes on: esc is for what the tour shows."""
    app.notify(sentence, title=title, markup=False, timeout=_STAYS / 4)


def close_read(app: TerminalApp[Any]) -> bool:
    """Close the notices that stay until they were read, with all others; False if there are none."""
    if not any(notice.timeout > _STAYS / 2 for notice in app.notices):
        return False
    app.clear_notifications()
    return True
