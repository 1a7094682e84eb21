"""The kinds of columns and tables of which the schema is made."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Index, SmallInteger, Text
from sqlalchemy import Integer as RowId
from sqlalchemy import text as sql
from sqlmodel import Field

_BIG: Final = BigInteger().with_variant(RowId(), "sqlite")  # only INTEGER PRIMARY KEY is SQLite's own row id
SORTED: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that is ordered by code point, as SQLite does."""


def table(*indexes: Index, singular: str = "", plural: str = "", rowid: bool = True) -> tuple[Any, ...]:
    """What SQLModel wants to know of a table.

    Args:
        indexes: those besides its primary key.
        singular, plural: what its rows are called in a sentence.
        rowid: False for SQLite's WITHOUT ROWID.
    """
    options: dict[str, Any] = {"info": {"singular": singular, "plural": plural}}
    return (*indexes, options if rowid else options | {"sqlite_with_rowid": False})


def partial_index(name: str, *columns: str, where: str) -> Index:
    """An index of the rows that meet a condition."""
    return Index(name, *columns, sqlite_where=sql(where), postgresql_where=sql(where))


def counted() -> Any:
    """An id that comes from the counter of the table's name."""
    return Field(sa_column=Column(_BIG, primary_key=True, autoincrement=False, info={"counted": True}))


def key(*, of: str = "") -> Any:
    """A number of the primary key; the id of a row of the table `of`."""
    return Field(sa_column=Column(_BIG, primary_key=True, autoincrement=False, info={"owner": of}))


def sorted_key() -> Any:
    """A text of the primary key, ordered by code point."""
    return Field(sa_column=Column(SORTED, primary_key=True))


def word_key() -> Any:
    """A word of our own in the primary key."""
    return Field(sa_column=Column(Text, primary_key=True))


def number(*, null: bool = False, default: int = 0, of: str = "") -> Any:
    """A number; the id of a row of the table `of`."""
    server_default = None if null else sql(str(default))
    return Field(sa_column=Column(_BIG, nullable=null, server_default=server_default, info={"owner": of}))


def flag() -> Any:
    """0 or 1, or one of a few states."""
    return Field(sa_column=Column(SmallInteger, nullable=False, server_default=sql("0")))


def text(kind: Any = Text, *, null: bool = False) -> Any:
    """A text, empty unless it is given."""
    return Field(sa_column=Column(kind, nullable=null, server_default=None if null else sql("''")))
