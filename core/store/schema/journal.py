"""The journal: what happened, and the values before and after."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import SQLModel

from coterie.core.store.schema.columns import counted, flag, key, number, table, text, word_key


class OperationTable(SQLModel, table=True):
    """The journal: one row for each change. `dropped`: undone, and no longer to be redone."""

    __tablename__ = "operation"
    __table_args__ = table(Index("operation_actor", "actor", "id"), singular="entry of the history")
    id: int = counted()
    at: int = number()
    actor: str = text()
    kind: str = text()
    summary: str = text()
    contacts: int = number()
    undoable: int = flag()
    undone_at: int | None = number(null=True)
    dropped: int = flag()


class JournalValueTable(SQLModel, table=True):
    """The values that an operation changed, before and after, as text (lists as JSON)."""

    __tablename__ = "journal_value"
    __table_args__ = table(plural="changes", rowid=False)
    operation_id: int = key(of="operation")
    field: str = word_key()
    contact_id: int = key()
    old: str | None = text(null=True)
    new: str | None = text(null=True)


class JournalMembershipTable(SQLModel, table=True):
    """The memberships that an operation changed: whether there was one before, and after."""

    __tablename__ = "journal_membership"
    __table_args__ = table(plural="changes of groups", rowid=False)
    operation_id: int = key(of="operation")
    group_id: int = key()
    contact_id: int = key()
    old: int = flag()
    new: int = flag()


class JournalGroupTable(SQLModel, table=True):
    """The names that an operation gave to groups; an empty name means that the group does not exist."""

    __tablename__ = "journal_group"
    __table_args__ = table(plural="names of groups", rowid=False)
    operation_id: int = key(of="operation")
    group_id: int = key()
    old: str = text()
    new: str = text()


class JournalGroupValueTable(SQLModel, table=True):
    """What an operation did to a group's color and note, and into which group (its id) it merged one."""

    __tablename__ = "journal_group_value"
    __table_args__ = table(plural="colors and notes of groups", rowid=False)
    operation_id: int = key(of="operation")
    group_id: int = key()
    field: str = word_key()
    old: str = text()
    new: str = text()


class JournalSearchTable(SQLModel, table=True):
    """What an operation did to saved searches: JSON of name, query and position, before and after; empty for none."""

    __tablename__ = "journal_search"
    __table_args__ = table(plural="saved searches of before", rowid=False)
    operation_id: int = key(of="operation")
    search_id: int = key()
    old: str = text()
    new: str = text()
