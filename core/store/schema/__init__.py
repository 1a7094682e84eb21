"""The schema, in SQLModel. A test holds the migrations against it.

Times are milliseconds since the epoch, UTC. Lists that are never searched by their parts (addresses, urls, custom) are
JSON text. There are no foreign keys: every write goes through `core.store.contacts.writer` in one transaction, bulk
changes of a million rows must not pay for a check of each, and `coterie doctor` looks for orphans.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, Text, text
from sqlmodel import Field, SQLModel

LIVE = text("state = 0")
_BIG = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER PRIMARY KEY is SQLite's own row id
_SORTED = Text().with_variant(Text(collation="C"), "postgresql")  # by code point, as SQLite does
_WITHOUT_ROWID = {"sqlite_with_rowid": False}


def _id(**options: Any) -> Any:
    return Field(sa_column=Column(_BIG, primary_key=True, autoincrement=False, **options))


def _key() -> Any:
    return Field(sa_column=Column(_SORTED, primary_key=True))


def _number(*, null: bool = False, default: int | None = 0) -> Any:
    server_default = None if null or default is None else text(str(default))
    return Field(sa_column=Column(_BIG, nullable=null, server_default=server_default))


def _flag() -> Any:
    return Field(sa_column=Column(SmallInteger, nullable=False, server_default=text("0")))


def _text(kind: Any = Text, *, null: bool = False) -> Any:
    return Field(sa_column=Column(kind, nullable=null, server_default=None if null else text("''")))


class ContactTable(SQLModel, table=True):
    """A contact's single values. `state`: 0 live, 1 in the Bin."""

    __tablename__ = "contact"
    __table_args__ = (
        Index("contact_live", "sort_key", "id", sqlite_where=LIVE, postgresql_where=LIVE),
        Index(
            "contact_favorite", "sort_key", "id",
            sqlite_where=text("state = 0 AND favorite = 1"), postgresql_where=text("state = 0 AND favorite = 1"),
        ),
        Index("contact_family", "family_key", "id", sqlite_where=LIVE, postgresql_where=LIVE),
        Index("contact_bin", "deleted_at", "id", sqlite_where=text("state = 1"), postgresql_where=text("state = 1")),
    )  # fmt: skip
    id: int = _id()
    state: int = _flag()
    favorite: int = _flag()
    sort_key: str = _text(_SORTED)
    name: str = _text()
    prefix: str = _text()
    given_name: str = _text()
    additional_names: str = _text()
    family_name: str = _text()
    suffix: str = _text()
    nickname: str = _text()
    company: str = _text()
    department: str = _text()
    job_title: str = _text()
    notes: str = _text()
    birthday: str = _text()
    addresses: str = _text()
    urls: str = _text()
    custom: str = _text()
    created_at: int = _number()
    updated_at: int = _number()
    deleted_at: int | None = _number(null=True)
    deleted_by: str | None = _text(null=True)
    version: int = _number(default=1)
    family_key: str = _text(_SORTED)


class EmailTable(SQLModel, table=True):
    """The e-mail addresses of contacts. `norm` is `core.text.email_key`."""

    __tablename__ = "email"
    __table_args__ = (Index("email_norm", "norm"), _WITHOUT_ROWID)
    contact_id: int = _id()
    position: int = _id()
    address: str = _text()
    label: str = _text()
    is_primary: int = _flag()
    norm: str = _text(_SORTED)


class PhoneTable(SQLModel, table=True):
    """The telephone numbers of contacts. `norm` is `core.text.phone_key`."""

    __tablename__ = "phone"
    __table_args__ = (Index("phone_norm", "norm"), _WITHOUT_ROWID)
    contact_id: int = _id()
    position: int = _id()
    number: str = _text()
    label: str = _text()
    norm: str = _text(_SORTED)


class GroupTable(SQLModel, table=True):
    """Groups. `name_key` is `core.text.group_key`, which makes names unique.

    `color`: one of `core.model.GROUP_COLORS`, empty for that of its name. `last_operation`: the last one about it.
    """

    __tablename__ = "contact_group"
    __table_args__ = (Index("contact_group_name_key", "name_key", unique=True),)
    id: int = _id()
    name: str = _text()
    name_key: str = _text(_SORTED)
    color: str = _text()
    note: str = _text()
    last_operation: int = _number()


class MembershipTable(SQLModel, table=True):
    """Who is in which group, also while in the Bin."""

    __tablename__ = "membership"
    __table_args__ = (Index("membership_group", "group_id", "contact_id"), _WITHOUT_ROWID)
    contact_id: int = _id()
    group_id: int = _id()


class SearchTable(SQLModel, table=True):
    """The folded text that is searched, in a table of its own so that a star never touches its index.

    `name` holds the nickname and name parts too; `email` and `phone` hold one key a line, the columns from `department`
    on each text between two line ends; `address` is without `city` and `country`.
    On SQLite the FTS5 table `search_index` (trigrams) reads its content from here; on PostgreSQL a generated column
    `text` joins the columns under a trigram index.
    """

    __tablename__ = "search"
    contact_id: int = _id()
    name: str = _text()
    email: str = _text()
    company: str = _text()
    title: str = _text()
    phone: str = _text()
    notes: str = _text()
    department: str = _text()
    birthday: str = _text()
    address: str = _text()
    city: str = _text()
    country: str = _text()
    url: str = _text()
    custom: str = _text()


class AccountTable(SQLModel, table=True):
    """Connected accounts. `settings` is JSON; `cursor` is where the next sync goes on.

    `group_names` (JSON) are those of our groups at the last sync, by their ids.
    """

    __tablename__ = "account"
    __table_args__ = (Index("account_name", "provider", "address", unique=True),)
    id: int = _id()
    provider: str = _text()
    address: str = _text()
    settings: str = _text()
    cursor: str | None = _text(null=True)
    state: str = _text()
    message: str = _text()
    last_sync: int | None = _number(null=True)
    next_sync: int | None = _number(null=True)
    group_names: str = _text()


class RemoteTable(SQLModel, table=True):
    """Where accounts know a contact, and what they last said of it.

    `contact_id` is empty once the contact was deleted forever here: the row keeps it from coming back.
    `created_here`: the account's sync brought the contact into the book. `place`: the id of the place where it is.
    `copied`: it was copied there, beside others of the account, and is to stay so.
    """

    __tablename__ = "remote"
    __table_args__ = (Index("remote_contact", "contact_id"), _WITHOUT_ROWID)
    account_id: int = _id()
    remote_id: str = _key()
    contact_id: int | None = _number(null=True)
    created_here: int = _flag()
    etag: str = _text()
    base: str = _text()
    raw: str = _text()
    place: str = _text()
    copied: int = _flag()


class DepartedTable(SQLModel, table=True):
    """What is no longer there, and was known there as a contact of ours: it is created again if ours comes back.

    `moved`: the user moved it to another place, or no longer wants its place synced: it is not created again by itself.
    """

    __tablename__ = "departed"
    __table_args__ = (Index("departed_contact", "contact_id"), _WITHOUT_ROWID)
    account_id: int = _id()
    remote_id: str = Field(sa_column=Column(_SORTED, primary_key=True))
    contact_id: int = _number()
    base: str = _text()
    raw: str = _text()
    place: str = _text()
    moved: int = _flag()


class PlaceTable(SQLModel, table=True):
    """The places of accounts, as they last told them, in their order. See `core.places.Place`."""

    __tablename__ = "place"
    __table_args__ = (_WITHOUT_ROWID,)
    account_id: int = _id()
    id: str = _key()
    position: int = _number()
    name: str = _text()
    writable: int = _flag()


class WantedPlaceTable(SQLModel, table=True):
    """Where the user wants contacts to be (`there` is 1) or no longer to be, until the account has it so."""

    __tablename__ = "wanted_place"
    __table_args__ = (_WITHOUT_ROWID,)
    contact_id: int = _id()
    account_id: int = _id()
    place: str = _key()
    there: int = _flag()


class QuarantineTable(SQLModel, table=True):
    """What an account sent and could not be understood, with the reason."""

    __tablename__ = "quarantine"
    __table_args__ = (_WITHOUT_ROWID,)
    account_id: int = _id()
    remote_id: str = _key()
    reason: str = _text()
    raw: str = _text()
    seen_at: int = _number()


class RefusedTable(SQLModel, table=True):
    """What an account refuses to take. See `core.model.Refusal`."""

    __tablename__ = "refused"
    __table_args__ = (Index("refused_contact", "contact_id"), _WITHOUT_ROWID)
    account_id: int = _id()
    key: str = _key()
    contact_id: int | None = _number(null=True)
    name: str = _text()
    action: str = _text()
    reason: str = _text()
    since: int = _number()


class ConflictTable(SQLModel, table=True):
    """What both sides changed differently, until the user settles it. See `core.model.Conflict`."""

    __tablename__ = "conflict"
    __table_args__ = (_WITHOUT_ROWID,)
    account_id: int = _id()
    remote_id: str = _key()
    field: str = Field(sa_column=Column(Text, primary_key=True))
    key: str = Field(sa_column=Column(Text, primary_key=True))
    contact_id: int = _number()
    ours: str = _text()
    theirs: str = _text()
    value: str = _text()


class OperationTable(SQLModel, table=True):
    """The journal: one row for each change. `dropped`: undone, and no longer to be redone."""

    __tablename__ = "operation"
    __table_args__ = (Index("operation_actor", "actor", "id"),)
    id: int = _id()
    at: int = _number()
    actor: str = _text()
    kind: str = _text()
    summary: str = _text()
    contacts: int = _number()
    undoable: int = _flag()
    undone_at: int | None = _number(null=True)
    dropped: int = _flag()


class JournalValueTable(SQLModel, table=True):
    """The values that an operation changed, before and after, as text (lists as JSON)."""

    __tablename__ = "journal_value"
    __table_args__ = (_WITHOUT_ROWID,)
    operation_id: int = _id()
    field: str = Field(sa_column=Column(Text, primary_key=True))
    contact_id: int = _id()
    old: str | None = _text(null=True)
    new: str | None = _text(null=True)


class JournalMembershipTable(SQLModel, table=True):
    """The memberships that an operation changed: whether there was one before, and after."""

    __tablename__ = "journal_membership"
    __table_args__ = (_WITHOUT_ROWID,)
    operation_id: int = _id()
    group_id: int = _id()
    contact_id: int = _id()
    old: int = _flag()
    new: int = _flag()


class JournalGroupTable(SQLModel, table=True):
    """The names that an operation gave to groups; an empty name means that the group does not exist."""

    __tablename__ = "journal_group"
    __table_args__ = (_WITHOUT_ROWID,)
    operation_id: int = _id()
    group_id: int = _id()
    old: str = _text()
    new: str = _text()


class JournalGroupValueTable(SQLModel, table=True):
    """What an operation did to a group's color and note, and into which group (its id) it merged one."""

    __tablename__ = "journal_group_value"
    __table_args__ = (_WITHOUT_ROWID,)
    operation_id: int = _id()
    group_id: int = _id()
    field: str = Field(sa_column=Column(Text, primary_key=True))
    old: str = _text()
    new: str = _text()


class SavedSearchTable(SQLModel, table=True):
    """Searches that are kept by name, in the order of `position`. `name_key` is `core.text.group_key`."""

    __tablename__ = "saved_search"
    __table_args__ = (Index("saved_search_name_key", "name_key", unique=True),)
    id: int = _id()
    name: str = _text()
    name_key: str = _text(_SORTED)
    query: str = _text()
    position: int = _number()


class JournalSearchTable(SQLModel, table=True):
    """What an operation did to saved searches: JSON of name, query and position, before and after; empty for none."""

    __tablename__ = "journal_search"
    __table_args__ = (_WITHOUT_ROWID,)
    operation_id: int = _id()
    search_id: int = _id()
    old: str = _text()
    new: str = _text()


class BinTable(SQLModel, table=True):
    """One row: how long the Bin keeps what is in it, and what `core.store.contacts.purging` knows of the time.

    `seen_at`: when the program looked into the Bin last, after the operation `seen_operation`. `announced_at`: when it
    was said that all that was deleted before `announced_before` will go.
    """

    __tablename__ = "bin"
    id: int = _id()
    days: int = _number()
    seen_at: int = _number()
    seen_operation: int = _number()
    announced_at: int = _number()
    announced_before: int = _number()


class ApartTable(SQLModel, table=True):
    """Contacts that somebody said are not the same, `a` < `b`.

    `through`: it was said of this contact, which was merged into one of the two since; 0 where it was said of them. It
    counts while that contact is gone: where the merge is undone, what was said of it is about itself again.
    """

    __tablename__ = "apart"
    __table_args__ = (Index("apart_other", "b"), _WITHOUT_ROWID)
    a: int = _id()
    b: int = _id()
    through: int = _id()
    actor: str = _text()
    at: int = _number()


class FindingTable(SQLModel, table=True):
    """Contacts for which a kind of `core.cleanup` had something to propose when it was looked at last."""

    __tablename__ = "cleanup_finding"
    __table_args__ = (_WITHOUT_ROWID,)
    kind: str = _key()
    contact_id: int = _id()


class DismissedTable(SQLModel, table=True):
    """Proposals of `core.cleanup` that somebody does not want to see again. `proposal`: see `Proposal.key`."""

    __tablename__ = "cleanup_dismissed"
    __table_args__ = (_WITHOUT_ROWID,)
    kind: str = _key()
    contact_id: int = _id()
    proposal: str = _key()
    actor: str = _text()
    at: int = _number()


class LookTable(SQLModel, table=True):
    """One row: by which rules and after which changes the clean-up desk looked last, and what it found usual (JSON)."""

    __tablename__ = "cleanup_look"
    id: int = _id()
    rules: str = _text()
    seen: str = _text()
    usual: str = _text()


class InvitationTable(SQLModel, table=True):
    """Things to which people were invited, see `core.invitations.Invitation`."""

    __tablename__ = "invitation"
    __table_args__ = (Index("invitation_uid", "uid", unique=True),)
    id: int = _id()
    uid: str = _text(_SORTED)
    title: str = _text()
    starts: str = _text()
    event: str = _text()
    actor: str = _text()
    sequence: int = _number()
    sent_at: int = _number()


class InviteeTable(SQLModel, table=True):
    """Who was invited to what, and how they answered: one of `core.invitations.ANSWERS`."""

    __tablename__ = "invitee"
    __table_args__ = (Index("invitee_contact", "contact_id"), _WITHOUT_ROWID)
    invitation_id: int = _id()
    contact_id: int = _id()
    address: str = _text()
    answer: str = _text()
    answered_at: int = _number()


class CounterTable(SQLModel, table=True):
    """Numbers that only grow: the next ids (never used twice, also after an undo) and the book's revision."""

    __tablename__ = "counter"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    value: int = _number(default=1)
