"""What a book keeps besides: saved searches, the days of its Bin, what could be cleaned, and its counters."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import SQLModel

from coterie.core.store.schema.columns import SORTED, counted, key, number, sorted_key, table, text, word_key


class SavedSearchTable(SQLModel, table=True):
    """Searches that are kept by name, in the order of `position`. `name_key` is `core.text.group_key`."""

    __tablename__ = "saved_search"
    __table_args__ = table(Index("saved_search_name_key", "name_key", unique=True))
    id: int = counted()
    name: str = text()
    name_key: str = text(SORTED)
    query: str = text()
    position: int = number()


class BinTable(SQLModel, table=True):
    """One row: how long the Bin keeps what is in it, and what `core.store.contacts.purging` knows of the time.

    `seen_at`: when the program looked into the Bin last, after the operation `seen_operation`. `announced_at`: when it
    was said that all that was deleted before `announced_before` will go.
    """

    __tablename__ = "bin"
    id: int = key()
    days: int = number()
    seen_at: int = number()
    seen_operation: int = number()
    announced_at: int = number()
    announced_before: int = number()


class FindingTable(SQLModel, table=True):
    """Contacts for which a kind of `core.cleanup` had something to propose when it was looked at last."""

    __tablename__ = "cleanup_finding"
    __table_args__ = table(rowid=False)
    kind: str = sorted_key()
    contact_id: int = key()


class DismissedTable(SQLModel, table=True):
    """Proposals of `core.cleanup` that somebody does not want to see again. `proposal`: see `Proposal.key`."""

    __tablename__ = "cleanup_dismissed"
    __table_args__ = table(rowid=False)
    kind: str = sorted_key()
    contact_id: int = key()
    proposal: str = sorted_key()
    actor: str = text()
    at: int = number()


class LookTable(SQLModel, table=True):
    """One row: by which rules and after which changes the clean-up desk looked last, and what it found usual (JSON)."""

    __tablename__ = "cleanup_look"
    id: int = key()
    rules: str = text()
    seen: str = text()
    usual: str = text()


class CounterTable(SQLModel, table=True):
    """Numbers that only grow: the next ids (never used twice, also after an undo) and the book's revision."""

    __tablename__ = "counter"
    name: str = word_key()
    value: int = number(default=1)
