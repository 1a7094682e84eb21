"""Bringing a book up to the present schema, with a copy of it kept before each step.

`HEAD` names the newest revision, so that a book that is up to date opens without alembic being imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

HEAD: Final = "0001"
FOLDER: Final = Path(__file__).parent


def migrate(url: str, revision: str = "head") -> None:
    """Run the migrations that the database at `url` (a synchronous SQLAlchemy URL) still lacks.

    Each revision is one transaction: a kill leaves the database at the one before.
    Raises alembic's and SQLAlchemy's errors as they are; `core.store.opening` words them.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["url"] = url
    command.upgrade(config, revision)
