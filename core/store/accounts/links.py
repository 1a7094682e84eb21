"""Links: which contact of ours is which of an account, and which have departed; `relinking` moves them.

Unlike what accounts say, a link is the user's decision: it is undone with its operation, and its base (what is not for
the account, see `core.base`) with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from coterie.core.base import Base, contact_of
from coterie.core.fields.attributes import ATTRIBUTES
from coterie.core.model import Contact, Link, Remembered
from coterie.core.photos import has_photo
from coterie.core.store.contacts import lookup
from coterie.core.store.contacts.values import is_undone
from coterie.core.store.engine.database import Connection, listed

SOURCE: Final = "source"
"""The journal's field for whom a remote contact is: `source ACCOUNT REMOTE`; `source base …` for its base."""
BASE: Final = f"{SOURCE} base "
_BATCH: Final = 1000


async def links(connection: Connection, contact_ids: Sequence[int], *, departed: bool = False) -> list[Link]:
    """The links of these contacts with accounts; with `departed` also those that departed."""
    tables = ("remote", "departed") if departed else ("remote",)
    links: list[Link] = []
    for start in range(0, len(contact_ids), _BATCH):
        ids = listed(contact_ids[start : start + _BATCH])
        links += [
            Link(*row)
            for table in tables
            for row in await connection.rows(
                f"SELECT a.provider || ':' || a.address, r.remote_id, r.contact_id, r.base FROM {table} r"
                f" JOIN account a ON a.id = r.account_id WHERE r.contact_id IN ({ids}) ORDER BY a.id, r.remote_id"
            )
        ]
    return links


async def photos(connection: Connection, contact_id: int) -> list[str]:
    """The accounts that have a photo of a contact."""
    rows = await connection.rows(
        "SELECT a.provider || ':' || a.address, r.raw FROM remote r JOIN account a ON a.id = r.account_id"
        " WHERE r.contact_id = :contact ORDER BY a.id, r.remote_id",
        {"contact": contact_id},
    )
    return list(dict.fromkeys(account for account, raw in rows if has_photo(raw)))


# What is no longer there ----------------------------------------------------------------------------------------------


async def departed(connection: Connection, account_id: int) -> list[Remembered]:
    """What is no longer in the account although ours is in the book: an undo or a restore brought that back."""
    rows = await connection.rows(
        "SELECT d.remote_id, d.contact_id, d.base, d.raw FROM departed d JOIN contact c ON c.id = d.contact_id"
        f" WHERE d.account_id = {int(account_id)} AND d.moved = 0 AND c.state = 0"
        " AND NOT EXISTS (SELECT 1 FROM remote r"
        " WHERE r.account_id = d.account_id AND r.contact_id = d.contact_id) ORDER BY d.contact_id, d.remote_id"
    )
    contacts = {contact.id or 0: contact for contact in await lookup.load(connection, sorted({row[1] for row in rows}))}
    # A contact is created once: of several that were merged, the one that stayed has what all of them said.
    rows = sorted(
        rows, key=lambda row: (row[1], contact_of(row[2]).name != contacts[row[1]].name, row[0]), reverse=True
    )
    each = {row[1]: row for row in rows}
    return [Remembered(each[number][0], contacts[number], "", *each[number][2:]) for number in sorted(each)]


async def departed_as(connection: Connection, account_id: int, remote_ids: Sequence[str]) -> dict[str, Remembered]:
    """What the book has of remote contacts with these ids that were deleted there; ours are live or in the Bin."""
    rows: list[tuple[str, int, str, str]] = []
    for start in range(0, len(remote_ids), 500):
        params = {f"r{place}": remote_id for place, remote_id in enumerate(remote_ids[start : start + 500])}
        names = ", ".join(f":{name}" for name in params)
        rows += await connection.rows(
            "SELECT remote_id, contact_id, base, raw FROM departed"
            f" WHERE account_id = {int(account_id)} AND remote_id IN ({names})",
            params,
        )
    contacts = {contact.id: contact for contact in await lookup.load(connection, sorted({row[1] for row in rows}))}
    return {
        remote_id: Remembered(remote_id, contacts.get(contact_id), "", base, raw)
        for remote_id, contact_id, base, raw in rows
    }


async def left_out(connection: Connection, account_id: int) -> list[int]:
    """The contacts that the account has and that an undo took away here."""
    rows = await connection.rows(
        "SELECT DISTINCT c.id FROM remote r JOIN contact c ON c.id = r.contact_id"
        f" WHERE r.account_id = {int(account_id)} AND {is_undone('c')} ORDER BY c.id"
    )
    return [row[0] for row in rows]


async def added(connection: Connection, contact_ids: Sequence[int]) -> list[int]:
    """Those of these contacts that the user alone has made: no sync has brought them into the book, changed or deleted
    them, nor one that was merged with them. In all others there may be what an account said, also if it has departed.
    """
    fields = ", ".join(f"'{name}'" for name in ("state", "favorite", *sorted(ATTRIBUTES)))
    synced: set[int] = set()
    for start in range(0, len(contact_ids), _BATCH):
        ids = listed(contact_ids[start : start + _BATCH])
        rows = await connection.rows(
            "SELECT j.contact_id FROM journal_value j JOIN operation o ON o.id = j.operation_id"
            f" WHERE j.field IN ({fields}) AND o.kind = 'sync' AND j.contact_id IN ({ids})"
            f" UNION SELECT contact_id FROM departed WHERE contact_id IN ({ids})"
        )
        synced.update(row[0] for row in rows)
    return [contact_id for contact_id in contact_ids if contact_id not in synced]


def turned_last(field: str) -> tuple[bool, bool, str]:
    """The order in which fields are undone: a link's contact after the values of contacts, its base last."""
    return field.startswith(f"{SOURCE} "), field.startswith(BASE), field


async def turn_source(connection: Connection, field: str, present: str, wanted: str) -> None:
    """Undo or redo one row of the journal about a link."""
    if field.startswith(BASE):
        await _turn_base(connection, field.removeprefix(BASE), present, wanted)
        return
    _, account_id, remote_id = field.split(" ", 2)
    for table in ("remote", "departed"):
        await connection.run(
            f"UPDATE {table} SET contact_id = {int(wanted)} WHERE account_id = {int(account_id)}"
            f" AND remote_id = :remote AND contact_id = {int(present)}",
            {"remote": remote_id},
        )


async def _turn_base(connection: Connection, key: str, present: str, wanted: str) -> None:
    """Put a base back. If the account said more since, nothing that differs now is the user's doing."""
    account_id, _, remote_id = key.partition(" ")
    of_link = f"account_id = {int(account_id)} AND remote_id = :remote"
    for table in ("remote", "departed"):
        rows = await connection.rows(f"SELECT base, contact_id FROM {table} WHERE {of_link}", {"remote": remote_id})
        for base, contact_id in rows if rows and rows[0][0] else ():
            back = wanted
            if base != present:
                [ours] = await lookup.load(connection, [contact_id]) or [Contact()]
                now = Base.of(base)
                back = now.agreed(now.said, ours, ATTRIBUTES).foreign().text()
            await connection.run(
                f"UPDATE {table} SET base = :base WHERE {of_link}", {"base": back, "remote": remote_id}
            )
