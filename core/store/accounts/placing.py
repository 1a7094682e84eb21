"""Where the user wants contacts to be, until the accounts have it so: what moving and copying between places notes.

A row says that a contact shall be in a place, or no longer. It is undone with its operation, by the opposite row, so
that whatever the accounts have done meanwhile is done back by their next sync.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from coterie.core.changes import Arrive, Placed, Placer, Selection, Skip
from coterie.core.errors import InvalidValue
from coterie.core.model import Contact
from coterie.core.places import Placing
from coterie.core.store.contacts.bulk import selected
from coterie.core.store.contacts.writer import Writer
from coterie.core.store.engine.database import Connection, listed

FIELD: Final = "place "
"""The journal's field for a place: `place ACCOUNT PLACE`; its values are 1 (there) and 0."""
_UPSERT: Final = " ON CONFLICT (contact_id, account_id, place) DO UPDATE SET there = excluded.there"


async def place(writer: Writer, wanted: Sequence[Placed]) -> None:
    """Note in which places contacts shall be, and in which no longer."""
    rows = [
        {
            "contact": placed.contact_id,
            "account": await writer.account_id(placed.account),
            "place": placed.place,
            "there": int(placed.there),
        }
        for placed in wanted
    ]
    await _write(writer, rows)


async def place_each(writer: Writer, selection: Selection, by: Placer) -> None:
    """Note where everything selected shall be, as `by` says."""

    def placings(batch: Sequence[Contact]) -> list[Placed]:
        wanted: list[Placed] = []
        for contact in batch:
            try:
                wanted += by.placings(contact)
            except InvalidValue as refused:
                writer.skipped.append(Skip(contact.shown_name, refused.title))
        return wanted

    async for batch in selected(writer, selection):
        if wanted := await asyncio.to_thread(placings, batch):
            await place(writer, wanted)


async def _write(writer: Writer, rows: Sequence[dict[str, object]]) -> None:
    await writer.connection.run_many(
        "INSERT INTO wanted_place (contact_id, account_id, place, there)"
        f" VALUES (:contact, :account, :place, :there){_UPSERT}",
        rows,
    )
    await writer.journal_values(
        [
            {
                "contact_id": row["contact"],
                "field": f"{FIELD}{row['account']} {row['place']}",
                "old": "0" if row["there"] else "1",
                "new": str(row["there"]),
            }
            for row in rows
        ]
    )
    writer.seen.update(int(str(row["contact"])) for row in rows)
    writer.touched.add("sources")


async def inherit(writer: Writer, from_contacts: Sequence[int], to_contact: int) -> None:
    """Let a contact be wherever the contacts that are merged into it shall be."""
    rows = await writer.connection.rows(
        f"SELECT account_id, place, there FROM wanted_place WHERE contact_id IN ({listed(from_contacts)})"
    )
    if rows:
        await _write(
            writer,
            [
                {"contact": to_contact, "account": account, "place": name, "there": there}
                for account, name, there in rows
            ],
        )


async def turn(writer: Writer, operation_id: int, field: str, source: str) -> int:
    """Undo or redo what an operation noted of one place. Returns of how many contacts."""
    account_id, _, name = field.removeprefix(FIELD).partition(" ")
    return await writer.connection.run(
        "INSERT INTO wanted_place (contact_id, account_id, place, there)"
        f" SELECT contact_id, {int(account_id)}, :place, CAST({source} AS INTEGER) FROM journal_value"
        f" WHERE operation_id = {int(operation_id)} AND field = :field{_UPSERT}",
        {"place": name, "field": field},
    )


async def arrive(writer: Writer, changes: Sequence[Arrive]) -> None:
    """Forget where contacts were wanted: the accounts have it so.

    What came beside others of the same account, which stay, is a copy.
    """
    for change in changes:
        key = {"contact": change.contact_id, "account": await writer.account_id(change.account), "place": change.place}
        await writer.connection.run(
            "DELETE FROM wanted_place WHERE contact_id = :contact AND account_id = :account AND place = :place", key
        )
        if change.remote_id:
            await writer.connection.run(
                "UPDATE remote SET copied = 1 WHERE account_id = :account AND remote_id = :remote AND EXISTS"
                " (SELECT 1 FROM remote o WHERE o.account_id = :account AND o.contact_id = :contact"
                " AND o.remote_id <> :remote AND NOT EXISTS (SELECT 1 FROM wanted_place p"
                " WHERE p.contact_id = o.contact_id AND p.account_id = o.account_id AND p.place = o.place"
                " AND p.there = 0))",
                {**key, "remote": change.remote_id},
            )
    writer.note("sources")


async def placings(connection: Connection, account_id: int) -> list[Placing]:
    """What is noted about live contacts and an account, in the order of the contacts."""
    rows = await connection.rows(
        "SELECT p.contact_id, p.place, p.there, COALESCE((SELECT MIN(r.remote_id) FROM remote r WHERE"
        " r.account_id = p.account_id AND r.contact_id = p.contact_id AND r.place = p.place), ''),"
        " EXISTS (SELECT 1 FROM wanted_place o WHERE o.contact_id = p.contact_id AND o.there = 1),"
        " EXISTS (SELECT 1 FROM remote o WHERE o.contact_id = p.contact_id"
        " AND NOT (o.account_id = p.account_id AND o.place = p.place)),"
        " EXISTS (SELECT 1 FROM departed d WHERE d.contact_id = p.contact_id)"
        " FROM wanted_place p JOIN contact c ON c.id = p.contact_id AND c.state = 0"
        f" WHERE p.account_id = {int(account_id)} ORDER BY p.contact_id, p.place"
    )
    return [
        Placing(contact_id, name, bool(there), remote_id, bool(waits), bool(elsewhere), bool(departed))
        for contact_id, name, there, remote_id, waits, elsewhere, departed in rows
    ]


async def wanted(connection: Connection) -> set[int]:
    """The contacts that shall be in some place and are not there yet."""
    return {row[0] for row in await connection.rows("SELECT DISTINCT contact_id FROM wanted_place WHERE there = 1")}


async def records(connection: Connection, provider: str, contact_ids: Sequence[int]) -> dict[int, str]:
    """What accounts of a provider have of contacts, or had last: the provider's own texts, by the contacts' ids."""
    raw_of: dict[int, str] = {}
    for table in ("departed", "remote"):  # what is there now comes last
        for start in range(0, len(contact_ids), 1000):
            rows = await connection.rows(
                f"SELECT r.contact_id, r.raw FROM {table} r JOIN account a ON a.id = r.account_id"
                f" WHERE a.provider = :provider AND r.contact_id IN ({listed(contact_ids[start : start + 1000])})"
                " AND r.raw <> ''",
                {"provider": provider},
            )
            raw_of.update(rows)
    return raw_of


async def named(connection: Connection, field: str, old: str, new: str) -> tuple[str, str]:
    """What the journal says of a place, in words: where the contact was, and where it is."""
    account_id, _, name = field.removeprefix(FIELD).partition(" ")
    rows = await connection.rows(
        "SELECT a.provider || ':' || a.address || COALESCE('/' || p.name, '') FROM account a"
        f" LEFT JOIN place p ON p.account_id = a.id AND p.id = :place WHERE a.id = {int(account_id)}",
        {"place": name},
    )
    called = rows[0][0] if rows else "an account that is gone"
    return (called if old == "1" else "", called if new == "1" else "")
