"""Connected accounts, and what they said."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import SQLModel

from coterie.core.store.schema.columns import counted, flag, key, number, sorted_key, table, text, word_key


class AccountTable(SQLModel, table=True):
    """Connected accounts. `settings` is JSON; `cursor` is where the next sync goes on.

    `group_names` (JSON) are those of our groups at the last sync, by their ids.
    """

    __tablename__ = "account"
    __table_args__ = table(Index("account_name", "provider", "address", unique=True), singular="account")
    id: int = counted()
    provider: str = text()
    address: str = text()
    settings: str = text()
    cursor: str | None = text(null=True)
    state: str = text()
    message: str = text()
    last_sync: int | None = number(null=True)
    next_sync: int | None = number(null=True)
    group_names: str = text()


class RemoteTable(SQLModel, table=True):
    """Links: which contact of ours is which of an account, and what that last said of it.

    `contact_id` is empty once the contact was deleted forever here: the row keeps it from coming back.
    `created_here`: the account's sync brought the contact into the book. `place`: the id of the place where it is.
    `copied`: it was copied there, beside others of the account, and is to stay so.
    """

    __tablename__ = "remote"
    __table_args__ = table(Index("remote_contact", "contact_id"), plural="links to accounts", rowid=False)
    account_id: int = key(of="account")
    remote_id: str = sorted_key()
    contact_id: int | None = number(null=True, of="contact")
    created_here: int = flag()
    etag: str = text()
    base: str = text()
    raw: str = text()
    place: str = text()
    copied: int = flag()


class DepartedTable(SQLModel, table=True):
    """Contacts that accounts no longer have: they are created there again if ours come back.

    `moved`: the user moved it to another place, or no longer wants its place synced: it is not created again by itself.
    """

    __tablename__ = "departed"
    __table_args__ = table(Index("departed_contact", "contact_id"), plural="contacts that accounts had", rowid=False)
    account_id: int = key(of="account")
    remote_id: str = sorted_key()
    contact_id: int = number(of="contact")
    base: str = text()
    raw: str = text()
    place: str = text()
    moved: int = flag()


class PlaceTable(SQLModel, table=True):
    """The places of accounts, as they last told them, in their order. See `core.places.Place`."""

    __tablename__ = "place"
    __table_args__ = table(plural="places of accounts", rowid=False)
    account_id: int = key(of="account")
    id: str = sorted_key()
    position: int = number()
    name: str = text()
    writable: int = flag()


class WantedPlaceTable(SQLModel, table=True):
    """Where the user wants contacts to be (`there` is 1) or no longer to be, until the account has it so."""

    __tablename__ = "wanted_place"
    __table_args__ = table(plural="moves between places", rowid=False)
    contact_id: int = key(of="contact")
    account_id: int = key(of="account")
    place: str = sorted_key()
    there: int = flag()


class QuarantineTable(SQLModel, table=True):
    """What an account sent and could not be understood, with the reason."""

    __tablename__ = "quarantine"
    __table_args__ = table(plural="unreadable contacts", rowid=False)
    account_id: int = key(of="account")
    remote_id: str = sorted_key()
    reason: str = text()
    raw: str = text()
    seen_at: int = number()


class RefusedTable(SQLModel, table=True):
    """What an account refuses to take. See `core.model.Refusal`."""

    __tablename__ = "refused"
    __table_args__ = table(Index("refused_contact", "contact_id"), plural="refused changes", rowid=False)
    account_id: int = key(of="account")
    key: str = sorted_key()
    contact_id: int | None = number(null=True)
    name: str = text()
    action: str = text()
    reason: str = text()
    since: int = number()


class ConflictTable(SQLModel, table=True):
    """What both sides changed differently, until the user settles it. See `core.model.Conflict`."""

    __tablename__ = "conflict"
    __table_args__ = table(plural="conflicts", rowid=False)
    account_id: int = key(of="account")
    remote_id: str = sorted_key()
    field: str = word_key()
    key: str = word_key()
    contact_id: int = number()
    ours: str = text()
    theirs: str = text()
    value: str = text()
