"""The copies that are made by themselves: one each day on which something changed, in a folder beside the book.

`contacts.db.backups/2026-11-28.db` is the copy of a day. Those of the last 7 days are kept, and of the weeks before
the last copy of each, for 4 weeks. They are counted, not compared with the clock: a wrong clock removes none. Copies
with other names (those that the user asked for) are never removed.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, Final

from coterie.core.files import private_folder
from coterie.core.store.engine.copies import Stop, copy_book, go_on, remove_left
from coterie.core.store.engine.looking import connect, look

DAYS: Final = 7
WEEKS: Final = 4
_DAILY: Final = re.compile(r"(\d{4}-\d\d-\d\d)\.db")
_LATEST: Final = (
    "SELECT (SELECT value FROM counter WHERE name = 'operation'),"
    " (SELECT at || ' ' || COALESCE(undone_at, '') FROM operation ORDER BY id DESC LIMIT 1)"
)


def folder_of(book: Path) -> Path:
    """Where the copies of a book are."""
    return book.with_name(f"{book.name}.backups")


def keep(book: Path, today: date, stop: Stop = go_on) -> Path | None:
    """Make the copy of today, unless there is one, or nothing has changed since another. Returns its path.

    Raises as `copy_book` does.
    """
    target = folder_of(book) / f"{today.isoformat()}.db"
    if target.exists():
        return None
    with closing(connect(book, timeout=10)) as connection:
        latest = _latest(connection)
    if latest in (None, *map(_latest_of, daily_copies(book).values())):
        return None
    remove_left(private_folder(target.parent))
    copy_book(book, target, stop)
    for old in outdated(daily_copies(book), today):
        old.unlink(missing_ok=True)
    return target


def daily_copies(book: Path) -> dict[date, Path]:
    """The copies that were made by themselves, by their days, the newest first."""
    copies: dict[date, Path] = {}
    for path in folder_of(book).glob("*.db"):
        if match := _DAILY.fullmatch(path.name):
            try:
                copies[date.fromisoformat(match[1])] = path
            except ValueError:  # a name such as 2026-99-99
                continue
    return dict(sorted(copies.items(), reverse=True))


def outdated(copies: dict[date, Path], today: date) -> list[Path]:
    """Those of these copies, the newest first, that are no longer kept.

    Copies of days to come were made when the clock was wrong, or it is now: they stay, and take the place of none.
    """
    before = [(day, path) for day, path in copies.items() if day <= today][DAYS:]
    last_of_week: dict[tuple[int, int], date] = {}
    for day, _ in before:
        last_of_week.setdefault(day.isocalendar()[:2], day)
    kept = set(list(last_of_week.values())[:WEEKS])
    return [path for day, path in before if day not in kept]


def _latest(connection: sqlite3.Connection) -> Any:
    """What tells one state of the contacts from another; None before the first change."""
    number, at = connection.execute(_LATEST).fetchone()
    return None if at is None else (number, at)


def _latest_of(copy: Path) -> Any:
    try:
        with closing(look(copy)) as connection:
            return _latest(connection)
    except (sqlite3.Error, OSError):  # a copy that cannot be read is the copy of nothing
        return None
