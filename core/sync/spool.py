"""What a source said in one round, kept in a temporary file until all of it is there: flat memory, and no half sync.

A remote id counts once, with what was said of it last. A contact that is named as present and as deleted in one round
has moved (between folders, say): it is present, whatever the order.
"""

from __future__ import annotations

import errno
import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from types import TracebackType

from coterie.core.base import contact_of, contact_text
from coterie.core.errors import BadReply
from coterie.core.leftovers import no_room
from coterie.core.limits import ROUND, excess, size
from coterie.core.provider import ChangePage, RemoteContact, Unreadable
from coterie.core.text import storable

_SCHEMA = """
CREATE TABLE said (
    remote_id TEXT PRIMARY KEY, kind TEXT NOT NULL, etag TEXT NOT NULL, contact TEXT NOT NULL, raw TEXT NOT NULL,
    previous TEXT NOT NULL, uid TEXT NOT NULL, place TEXT NOT NULL
) WITHOUT ROWID
"""
_PRESENT = "INSERT OR REPLACE INTO said VALUES (?, 'present', ?, ?, ?, ?, ?, ?)"
_GONE = "INSERT OR IGNORE INTO said VALUES (?, 'gone', '', '', '', '', '', '')"
_UNREADABLE = "INSERT OR REPLACE INTO said VALUES (?, 'unreadable', '', ?, ?, '', '', '')"

_SIZE = ("page_count", "page_size")


@contextmanager
def _in_room() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise no_room(OSError(errno.ENOSPC, str(error))) from error


@dataclass(slots=True)
class Totals:
    """How many remote contacts a round named."""

    present: int = 0
    gone: int = 0
    unreadable: int = 0


class Spool:
    """One round of a source. Use it with `with`; its file is unnamed and gone at the end."""

    def __init__(self) -> None:
        # An empty name is a temporary database in a file that SQLite deletes; nobody else can open it.
        self._sqlite = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        with _in_room():
            self._sqlite.execute(_SCHEMA)
            self._sqlite.execute("CREATE TABLE new (remote_id TEXT PRIMARY KEY) WITHOUT ROWID")
            self._sqlite.execute("BEGIN")
        # A page that is being added in a thread when the sync is stopped is waited for: it takes milliseconds.
        self._lock = threading.Lock()

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._sqlite.close()

    def add(self, page: ChangePage) -> None:
        """Keep one page; a contact that is larger than one may be counts as unreadable.

        Raises BadReply if a round has more to say than fits, CoterieError if there is no room for it.
        """
        large = {remote.remote_id: error for remote in page.changed if (error := excess(remote.contact))}
        if large:
            page = replace(
                page,
                changed=tuple(remote for remote in page.changed if remote.remote_id not in large),
                unreadable=(
                    *page.unreadable,
                    *(Unreadable(remote_id, str(error)) for remote_id, error in large.items()),
                ),
            )
        with self._lock, _in_room():
            self._add(page)
            pages, bytes_each = (self._sqlite.execute(f"PRAGMA {what}").fetchone()[0] for what in _SIZE)
        if pages * bytes_each > ROUND:
            raise BadReply(f"The account has more to say than {size(ROUND)}.", "Nothing was changed.")

    def _add(self, page: ChangePage) -> None:
        self._sqlite.executemany(
            _PRESENT,
            [
                (
                    remote.remote_id,
                    remote.etag,
                    storable(contact_text(remote.contact)),
                    storable(remote.raw),
                    json.dumps(remote.previous_ids),
                    storable(remote.uid),
                    storable(remote.place),
                )
                for remote in page.changed
            ],
        )
        self._sqlite.executemany(_GONE, [(gone.remote_id,) for gone in page.deleted])
        self._sqlite.executemany(
            _UNREADABLE,
            [(record.remote_id, storable(record.reason), storable(record.raw)) for record in page.unreadable],
        )

    def clear(self) -> None:
        """Forget everything, to start over."""
        self._sqlite.execute("DELETE FROM said")

    def totals(self) -> Totals:
        """How many contacts the round has named so far."""
        counts = dict(self._sqlite.execute("SELECT kind, COUNT(*) FROM said GROUP BY kind"))
        return Totals(counts.get("present", 0), counts.get("gone", 0), counts.get("unreadable", 0))

    def ids(self, size: int) -> Iterator[dict[str, tuple[str, ...]]]:
        """The ids of what is there, each with its earlier ids, in batches, in their order."""
        rows = self._sqlite.execute("SELECT remote_id, previous FROM said WHERE kind = 'present' ORDER BY remote_id")
        while batch := list(islice(rows, size)):
            yield {remote_id: tuple(json.loads(previous)) for remote_id, previous in batch}

    def read(self, remote_ids: Sequence[str]) -> list[RemoteContact]:
        """These contacts, in the order of the ids."""
        return [
            _remote(row)
            for row in self._sqlite.execute(
                "SELECT remote_id, etag, contact, raw, previous, uid, place FROM said WHERE kind = 'present'"
                " AND remote_id IN (SELECT value FROM json_each(?)) ORDER BY remote_id",
                (json.dumps(list(remote_ids)),),
            )
        ]

    def note_new(self, remote_ids: Sequence[str]) -> None:
        """Note which of them we never saw before."""
        self._sqlite.executemany("INSERT INTO new VALUES (?)", [(remote_id,) for remote_id in remote_ids])

    def new(self, size: int) -> Iterator[list[RemoteContact]]:
        """What we never saw before, in batches, in the order of the ids."""
        rows = self._sqlite.execute(
            "SELECT remote_id, etag, contact, raw, previous, uid, place FROM new JOIN said USING (remote_id)"
            " ORDER BY remote_id"
        )
        while batch := list(islice(rows, size)):
            yield [_remote(row) for row in batch]

    def gone(self, size: int) -> Iterator[list[str]]:
        """The ids of what was named as deleted, in batches, in their order."""
        rows = self._sqlite.execute("SELECT remote_id FROM said WHERE kind = 'gone' ORDER BY remote_id")
        while batch := list(islice(rows, size)):
            yield [row[0] for row in batch]

    def unreadable(self) -> Iterator[Unreadable]:
        """What could not be understood."""
        for remote_id, reason, raw in self._sqlite.execute(
            "SELECT remote_id, contact, raw FROM said WHERE kind = 'unreadable' ORDER BY remote_id"
        ):
            yield Unreadable(remote_id, reason, raw)

    def named_present(self, remote_ids: Sequence[str]) -> list[str]:
        """Which of these ids the round named as present."""
        return self._named(remote_ids, "present")

    def named_gone(self, remote_ids: Sequence[str]) -> list[str]:
        """Which of these ids the round named as deleted, and not as the earlier id of one that is there."""
        named = self._named(remote_ids, "gone")
        return sorted(set(named) - self._earlier(named)) if named else []

    def _earlier(self, remote_ids: Sequence[str]) -> set[str]:
        rows = self._sqlite.execute(
            "SELECT p.value FROM said, json_each(said.previous) AS p WHERE said.previous <> '[]'"
            " AND said.kind = 'present' AND p.value IN (SELECT value FROM json_each(?))",
            (json.dumps(list(remote_ids)),),
        )
        return {row[0] for row in rows}

    def _named(self, remote_ids: Sequence[str], kind: str) -> list[str]:
        rows = self._sqlite.execute(
            "SELECT value FROM json_each(?) WHERE value IN (SELECT remote_id FROM said WHERE kind = ?)",
            (json.dumps(list(remote_ids)), kind),
        )
        return [row[0] for row in rows]

    def unnamed(self, remote_ids: Sequence[str]) -> list[str]:
        """Which of these ids the round did not name at all, under their present or an earlier id."""
        rows = self._sqlite.execute(
            "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT remote_id FROM said)",
            (json.dumps(list(remote_ids)),),
        )
        unnamed = [row[0] for row in rows]
        return sorted(set(unnamed) - self._earlier(unnamed)) if unnamed else []


def _remote(row: tuple[str, str, str, str, str, str, str]) -> RemoteContact:
    remote_id, etag, contact, raw, previous, uid, place = row
    return RemoteContact(remote_id, contact_of(contact), etag, raw, tuple(json.loads(previous)), uid, place)
