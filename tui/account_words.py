"""Accounts in plain words: their state, their syncs, what they gave."""

from __future__ import annotations

from datetime import datetime, timedelta

from textual.content import Content

from coterie.core.model import Account
from coterie.core.text import number_of, printable


def account_in_words(
    account: Account,
    label: str,
    now: datetime,
    progress: str | None = None,
    *,
    conflicts: int = 0,
    unreadable: int = 0,
    refused: int = 0,
    left_out: int = 0,
) -> Content:
    """An account with its state in a sentence or two."""
    last = f"Last synced {ago(account.last_sync, now)}" if account.last_sync else "Not synced yet"
    following = f", next {ahead(account.next_sync, now)}" if account.next_sync else ""
    lines = [f"{last}{following}. {number_of(account.contacts)} came from it."]
    if account.settings.get("write"):
        lines.append("Your changes are written back.")
    waiting = [
        f"{number_of(conflicts, 'conflict')} {'waits' if conflicts == 1 else 'wait'} for you." if conflicts else "",
        f"{unreadable:,} could not be read." if unreadable else "",
        f"{number_of(refused, 'change')} refused there." if refused else "",
        f"{left_out:,} left out, as their arrival was undone." if left_out else "",
    ]
    lines += [" ".join(filter(None, waiting))] if any(waiting) else []
    return Content.assemble(
        (printable(account.address), "bold"),
        f"  {printable(label)}\n    ",
        _state(account, progress),
        "".join(f"\n    {line}" for line in lines),
    )


def _state(account: Account, progress: str | None) -> Content:
    if progress is not None:
        return Content.styled(f"Syncing: {progress} …", "$text-primary")
    message = printable(account.message)
    if account.state == "connected":
        return Content("Connected.")
    words = "Sign-in needed." if account.state == "sign-in needed" else "The last sync failed."
    return Content.styled(f"{words} {message}".strip(), "$text-warning")


def ago(then: datetime, now: datetime) -> str:
    """How long ago, in words: “3 minutes ago”."""
    return f"{_span(now - then)} ago"


def ahead(then: datetime, now: datetime) -> str:
    """How soon, in words: “in 3 minutes”."""
    return f"in {_span(then - now)}" if then > now else "now"


def _span(span: timedelta) -> str:
    seconds = max(span.total_seconds(), 0)
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            return number_of(int(seconds // size), unit)
    return "less than a minute"
