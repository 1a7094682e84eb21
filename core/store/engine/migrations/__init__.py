"""Bringing a book up to the present schema, with a copy of it kept before each step.

`HEAD` names the newest revision, so that a book that is up to date opens without alembic being imported.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from coterie.core.errors import BookTooNew
from coterie.core.text import number_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

HEAD: Final = "0012"
FOLDER: Final = Path(__file__).parent
Notice = Callable[[str], None]
"""Is told a sentence for the user to read."""


def unheard(_: str) -> None:
    """The notice that nobody reads."""


def updating(contacts: int) -> str:
    """What the user reads while a book is brought up to date."""
    return f"Updating the book for this version of Coterie ({number_of(contacts)}). This happens once."


def migrate(connection: Connection, revision: str = "head") -> None:
    """Run the migrations that the database still lacks. Raises alembic's and SQLAlchemy's errors as they are.

    Each revision is one transaction: a kill leaves the database at the one before.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def migrate_sqlite(path: Path, revision: str = "head") -> None:
    """Run the migrations that an SQLite file still lacks, see `migrate`.

    Raises alembic's and sqlite3's errors: those of SQLAlchemy quote what is in the book.
    """
    import sqlite3

    from sqlalchemy import create_engine, event
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import NullPool

    # By a function, for a path is no address: a question mark would end it.
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(path), poolclass=NullPool)
    # pysqlite would commit before each CREATE; with its own transactions off, a revision is all or nothing.
    event.listen(engine, "connect", lambda dbapi, _: setattr(dbapi, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.connect() as connection:
            migrate(connection, revision)
    except DBAPIError as error:
        raise error.orig or error from error
    finally:
        engine.dispose()


def book_too_new(where: str, revision: str) -> BookTooNew:
    """The error for a book that a newer version has migrated."""
    return BookTooNew(
        f"{where} was written by a newer Coterie (schema {revision}; this one knows {HEAD}).", "Install that version."
    )
