"""Contacts, groups and invitations."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import SQLModel

from coterie.core.store.schema.columns import SORTED, counted, flag, key, number, partial_index, table, text


class ContactTable(SQLModel, table=True):
    """A contact's single values. `state`: 0 live, 1 in the Bin."""

    __tablename__ = "contact"
    __table_args__ = table(
        partial_index("contact_live", "sort_key", "id", where="state = 0"),
        partial_index("contact_favorite", "sort_key", "id", where="state = 0 AND favorite = 1"),
        partial_index("contact_family", "family_key", "id", where="state = 0"),
        partial_index("contact_bin", "deleted_at", "id", where="state = 1"),
        singular="contact",
    )
    id: int = counted()
    state: int = flag()
    favorite: int = flag()
    sort_key: str = text(SORTED)
    name: str = text()
    prefix: str = text()
    given_name: str = text()
    additional_names: str = text()
    family_name: str = text()
    suffix: str = text()
    nickname: str = text()
    company: str = text()
    department: str = text()
    job_title: str = text()
    notes: str = text()
    birthday: str = text()
    addresses: str = text()
    urls: str = text()
    custom: str = text()
    created_at: int = number()
    updated_at: int = number()
    deleted_at: int | None = number(null=True)
    deleted_by: str | None = text(null=True)
    version: int = number(default=1)
    family_key: str = text(SORTED)


class EmailTable(SQLModel, table=True):
    """The e-mail addresses of contacts. `norm` is `core.text.email_key`."""

    __tablename__ = "email"
    __table_args__ = table(Index("email_norm", "norm"), plural="e-mail addresses", rowid=False)
    contact_id: int = key(of="contact")
    position: int = key()
    address: str = text()
    label: str = text()
    is_primary: int = flag()
    norm: str = text(SORTED)


class PhoneTable(SQLModel, table=True):
    """The phone numbers of contacts. `norm` is `core.text.phone_key`."""

    __tablename__ = "phone"
    __table_args__ = table(Index("phone_norm", "norm"), plural="phone numbers", rowid=False)
    contact_id: int = key(of="contact")
    position: int = key()
    number: str = text()
    label: str = text()
    norm: str = text(SORTED)


class GroupTable(SQLModel, table=True):
    """Groups. `name_key` is `core.text.group_key`, which makes names unique.

    `color`: one of `core.model.GROUP_COLORS`, empty for that of its name. `last_operation`: the last one about it.
    """

    __tablename__ = "contact_group"
    __table_args__ = table(Index("contact_group_name_key", "name_key", unique=True), singular="group")
    id: int = counted()
    name: str = text()
    name_key: str = text(SORTED)
    color: str = text()
    note: str = text()
    last_operation: int = number()


class MembershipTable(SQLModel, table=True):
    """Who is in which group, also while in the Bin."""

    __tablename__ = "membership"
    __table_args__ = table(Index("membership_group", "group_id", "contact_id"), plural="memberships", rowid=False)
    contact_id: int = key(of="contact")
    group_id: int = key(of="contact_group")


class SearchTable(SQLModel, table=True):
    """The folded text that is searched, in a table of its own so that a star never touches its index.

    `name` holds the nickname and name parts too; `email` and `phone` hold one key a line, the columns from `department`
    on each text between two line ends; `address` is without `city` and `country`.
    On SQLite the FTS5 table `search_index` (trigrams) reads its content from here; on PostgreSQL a generated column
    `text` joins the columns under a trigram index.
    """

    __tablename__ = "search"
    contact_id: int = key()
    name: str = text()
    email: str = text()
    company: str = text()
    title: str = text()
    phone: str = text()
    notes: str = text()
    department: str = text()
    birthday: str = text()
    address: str = text()
    city: str = text()
    country: str = text()
    url: str = text()
    custom: str = text()


class ApartTable(SQLModel, table=True):
    """Contacts that somebody said are not the same, `a` < `b`.

    `through`: it was said of this contact, which was merged into one of the two since; 0 if it was said of them. It
    counts while that contact is gone: if the merge is undone, what was said of it is about itself again.
    """

    __tablename__ = "apart"
    __table_args__ = table(Index("apart_other", "b"), rowid=False)
    a: int = key()
    b: int = key()
    through: int = key()
    actor: str = text()
    at: int = number()


class InvitationTable(SQLModel, table=True):
    """Things to which people were invited, see `core.invitations.Invitation`."""

    __tablename__ = "invitation"
    __table_args__ = table(Index("invitation_uid", "uid", unique=True), singular="invitation")
    id: int = counted()
    uid: str = text(SORTED)
    title: str = text()
    starts: str = text()
    event: str = text()
    actor: str = text()
    sequence: int = number()
    sent_at: int = number()


class InviteeTable(SQLModel, table=True):
    """Who was invited to what, and how they answered: one of `core.invitations.ANSWERS`."""

    __tablename__ = "invitee"
    __table_args__ = table(Index("invitee_contact", "contact_id"), plural="invited people", rowid=False)
    invitation_id: int = key(of="invitation")
    contact_id: int = key(of="contact")
    address: str = text()
    answer: str = text()
    answered_at: int = number()
