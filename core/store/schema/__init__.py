"""The schema, in SQLModel. Tests hold the migrations, the store's tuples of columns and its statements against it.

Times are milliseconds since the epoch, UTC. Lists that are never searched by their parts (addresses, urls, custom) are
JSON text. There are no foreign keys: every write goes through `core.store.contacts.writer` in one transaction, bulk
changes of a million rows must not pay for a check of each, and `coterie doctor` looks for orphans.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from coterie.core.store.schema import accounts, book, contacts, journal

METADATA: Final[MetaData] = SQLModel.metadata
"""All tables, by their names."""
MODULES: Final = (contacts, accounts, journal, book)
"""Where the tables are declared."""


class Belonging(NamedTuple):
    """A column that names a row of another table.

    Attributes:
        what: what is said of rows whose owner is not there: “memberships belong to no group”.
    """

    table: str
    column: str
    owner: str
    what: str


def belongings() -> Iterator[Belonging]:
    """Which column of which table names a row of which other."""
    for table in METADATA.tables.values():
        for column in table.columns:
            if owner := column.info.get("owner"):
                what = f"{table.info['plural']} belong to no {METADATA.tables[owner].info['singular']}"
                yield Belonging(table.name, column.name, owner, what)


def counters() -> list[str]:
    """The tables whose ids come from the counter of the same name."""
    return [
        name for name, table in METADATA.tables.items() if any(column.info.get("counted") for column in table.columns)
    ]
