"""What is wrong with a book in an SQLite file, from the file itself to single rows that belong to nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coterie.core.leftovers import temporary_folder
from coterie.core.store.engine.copies import integrity
from coterie.core.store.engine.looking import connect_or_look
from coterie.core.store.engine.migrations import HEAD, migrate_sqlite
from coterie.core.store.repair import derived


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, as the beginning of a sentence.

    Attributes:
        derived: it can be made anew from the rest (`derived.rebuild`), so nothing is lost.
    """

    what: str
    derived: bool = False


def examine(path: Path) -> list[Finding]:
    """Everything that is wrong with the book at `path`; it is only read."""
    if not path.exists():
        return []
    if not path.is_file():
        return [Finding(f"{path} is not a file")]
    if not path.stat().st_size:
        return [Finding(f"{path} is empty (0 bytes), so whatever was in it is gone")]
    findings: list[Finding] = []
    try:
        with closing(connect_or_look(path, timeout=10, isolation_level=None)) as connection:
            for finding in _findings(connection, path):  # what was found before an error counts
                findings.append(finding)  # noqa: PERF402
    except (sqlite3.DatabaseError, OSError) as error:
        findings = findings or [Finding(f"{path} cannot be read as a book ({error})")]
    return findings


def _findings(connection: sqlite3.Connection, path: Path) -> Iterator[Finding]:
    there = _schema(connection)
    if "alembic_version" not in there and not {"contact", "email", "counter"} & there.keys():
        yield Finding(f"{path} is an SQLite file of another program")
        return
    if trouble := integrity(connection):
        yield Finding(f"The file is damaged ({trouble})")
    if "alembic_version" not in there:
        yield Finding("The table alembic_version is missing")
    elif connection.execute("SELECT version_num FROM alembic_version").fetchall() != [(HEAD,)]:
        return  # it is brought up to date when it is opened
    missing = [name for name in expected() if name not in there]
    for name in missing:
        kind = expected()[name].kind
        yield Finding(f"The {kind} {name} is missing", derived=derived.is_derived(kind, name))
    columns = list(_columns(connection, missing))
    yield from columns
    yield from _orphans(connection, there.keys())
    lost = [name for name in missing if not derived.is_derived(expected()[name].kind, name)]
    if not lost and not columns:
        for what in derived.stale(connection, searchable=not {"search", "search_index"} & set(missing)):
            yield Finding(what, derived=True)


def _columns(connection: sqlite3.Connection, missing: list[str]) -> Iterator[Finding]:
    for name, part in expected().items():
        if part.kind == "table" and name not in missing:
            there = _columns_of(connection, name)
            for column in part.columns:
                if column not in there:
                    yield Finding(f"The column {column} of the table {name} is missing")


def _orphans(connection: sqlite3.Connection, there: Collection[str]) -> Iterator[Finding]:
    from coterie.core.store.schema import belongings  # brings SQLAlchemy along

    for table, column, owner, what in belongings():
        if table in there and owner in there:
            count = connection.execute(f"SELECT COUNT(*) FROM {table} WHERE {orphaned(column, owner)}").fetchone()[0]
            if count:
                yield Finding(f"{count:,} {what}")


def orphaned(column: str, owner: str) -> str:
    """The condition that a row names a row of `owner` that is not there."""
    return f"{column} IS NOT NULL AND {column} NOT IN (SELECT id FROM {owner})"


def _schema(connection: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    rows = connection.execute("SELECT name, type, COALESCE(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    return {name: (kind, sql) for name, kind, sql in rows}


@dataclass(frozen=True, slots=True)
class Part:
    """A table or an index (`kind`) of the present schema: the SQL that makes it, and the columns of a table."""

    kind: str
    sql: str
    columns: tuple[str, ...] = ()


@cache
def expected() -> dict[str, Part]:
    """What a book of the present schema holds, by name, as the migrations make it."""
    with temporary_folder("book") as folder:
        new = folder / "book.db"
        migrate_sqlite(new)
        with closing(sqlite3.connect(new)) as connection:
            return {
                name: Part(kind, sql, _columns_of(connection, name) if kind == "table" else ())
                for name, (kind, sql) in _schema(connection).items()
                if not name.startswith("search_index_")  # what SQLite keeps behind search_index
            }


def _columns_of(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    return tuple(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))
