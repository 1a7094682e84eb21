"""Invitations in the book: who was invited to what, and how they answered.

The journal keeps, under `invited ID`, what an operation changed of each contact, as text (`_state`; empty: not
invited). An undo gives that back; the invitation itself stays, for what was sent cannot be unsent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from coterie.core.changes import Answer, Invite
from coterie.core.clock import from_ms
from coterie.core.errors import NotFound
from coterie.core.invitations import ANSWERS, Invitation, Invitee
from coterie.core.store.contacts.writer import Writer
from coterie.core.store.engine.counters import allocate
from coterie.core.store.engine.database import Connection, Database, listed, single
from coterie.core.text import email_key, fold

FIELD: Final = "invited "
"""How the names of the journal's fields about invitations begin; the invitation's id follows."""
TOUCHED: Final = "invitations"
_BATCH: Final = 1000
_COLUMNS: Final = "v.id, v.uid, v.title, v.starts, v.event, v.sequence, v.sent_at"


async def invite(writer: Writer, change: Invite) -> None:
    """Note that people were invited; those who were before keep their answers, unless these count no longer."""
    connection = writer.connection
    values = {
        "uid": change.uid, "title": change.title, "starts": change.starts, "event": change.event,
        "sequence": change.sequence, "sent_at": writer.now, "actor": change.actor,
    }  # fmt: skip
    stored = await connection.rows("SELECT id FROM invitation WHERE uid = :uid", {"uid": change.uid})
    if stored:
        invitation_id = int(stored[0][0])
        assignments = ", ".join(f"{name} = :{name}" for name in values if name != "uid")
        await connection.run(f"UPDATE invitation SET {assignments} WHERE uid = :uid", values)
    else:
        invitation_id = await allocate(connection, "invitation")
        names = ("id", *values)
        await connection.insert("invitation", names, [(invitation_id, *values.values())])
    before = await _states(connection, invitation_id)
    after = {contact_id: _state(address) for contact_id, address in change.people.items()}
    if not change.anew:
        after = {
            contact_id: _state(address, *before[contact_id].split(" ", 2)[:2]) if contact_id in before else state
            for (contact_id, address), state in zip(change.people.items(), after.values(), strict=True)
        }
    await _set(writer, invitation_id, before, after)
    writer.note(TOUCHED)


async def answer(writer: Writer, reply: Answer) -> None:
    """Note how somebody answered. Raises NotFound if nobody was invited so."""
    connection = writer.connection
    rows = await connection.rows(
        "SELECT i.invitation_id, i.contact_id, i.address FROM invitee i JOIN invitation v ON v.id = i.invitation_id"
        " WHERE v.uid = :uid",
        {"uid": reply.uid},
    )
    if not rows:
        raise NotFound("The answer is to an invitation that this book does not know.", "It was sent from another one.")
    theirs = {int(contact_id) for _, contact_id, address in rows if email_key(address) == email_key(reply.address)}
    theirs = theirs or await _owners(connection, reply.address, {int(row[1]) for row in rows})
    if not theirs:
        raise NotFound(f"{reply.address} was not invited to this.", "Perhaps they answered from another address.")
    before = await _states(connection, int(rows[0][0]))
    addresses = {int(contact_id): str(address) for _, contact_id, address in rows}
    after = {contact_id: _state(addresses[contact_id], reply.answer, str(reply.at)) for contact_id in theirs}
    earlier = {contact_id: int(before[contact_id].split(" ", 2)[1]) for contact_id in theirs}
    newer = {contact_id: state for contact_id, state in after.items() if reply.at >= earlier[contact_id]}
    await _set(writer, int(rows[0][0]), before, newer)


async def _owners(connection: Connection, address: str, invited: set[int]) -> set[int]:
    """The contacts among `invited` that have this address too."""
    rows = await connection.rows(
        f"SELECT contact_id FROM email WHERE norm = :norm AND contact_id IN ({listed(invited)})",
        {"norm": email_key(address)},
    )
    return {int(row[0]) for row in rows}


async def inherit(writer: Writer, gone: Sequence[int], kept: int) -> None:
    """Move the invitations of contacts that are merged to the contact that is kept."""
    rows = await writer.connection.rows(
        f"SELECT invitation_id, address, answer, answered_at FROM invitee WHERE contact_id IN ({listed(gone)})"
        " ORDER BY answered_at"
    )
    for invitation_id, address, answered, at in rows:
        before = await _states(writer.connection, invitation_id, [kept])
        if kept not in before or (before[kept].startswith("none ") and answered != "none"):
            await _set(writer, invitation_id, before, {kept: _state(address, answered, str(at))})


async def turn(writer: Writer, field: str, rows: Iterable[tuple[int, str, str]]) -> list[int]:
    """Undo or redo rows of the journal: (contact, what to expect, what to write).

    Returns the contacts that were changed since, and stay as they are.
    """
    invitation_id = int(field.removeprefix(FIELD))
    present = await _states(writer.connection, invitation_id)
    wanted: dict[int, str] = {}
    differing: list[int] = []
    for contact_id, expected, state in rows:
        if present.get(contact_id, "") == expected:
            wanted[contact_id] = state
        else:
            differing.append(contact_id)
    await _write(writer.connection, invitation_id, wanted)
    writer.count(len(wanted), TOUCHED)
    return differing


# How it is stored -----------------------------------------------------------------------------------------------------


def _state(address: str, answered: str = "none", at: str = "0") -> str:
    return f"{answered} {at} {address}"


async def _states(
    connection: Connection, invitation_id: int, contact_ids: Sequence[int] | None = None
) -> dict[int, str]:
    among = f" AND contact_id IN ({listed(contact_ids)})" if contact_ids is not None else ""
    rows = await connection.rows(
        "SELECT contact_id, address, answer, answered_at FROM invitee"
        f" WHERE invitation_id = {int(invitation_id)}{among}"
    )
    return {contact_id: _state(address, answered, str(at)) for contact_id, address, answered, at in rows}


async def _set(writer: Writer, invitation_id: int, before: dict[int, str], after: dict[int, str]) -> None:
    """Write these states, and in the journal what they were."""
    changed = {contact_id: state for contact_id, state in after.items() if before.get(contact_id, "") != state}
    await _write(writer.connection, invitation_id, changed)
    field = f"{FIELD}{invitation_id}"
    await writer.journal_values(
        [
            {"contact_id": contact_id, "field": field, "old": before.get(contact_id, ""), "new": state}
            for contact_id, state in changed.items()
        ]
    )
    writer.seen.update(changed)
    writer.count(len(changed), TOUCHED)


async def _write(connection: Connection, invitation_id: int, states: dict[int, str]) -> None:
    gone = [contact_id for contact_id, state in states.items() if not state]
    for start in range(0, len(gone), _BATCH):
        ids = listed(gone[start : start + _BATCH])
        await connection.run(f"DELETE FROM invitee WHERE invitation_id = {invitation_id} AND contact_id IN ({ids})")
    rows = [(contact_id, state.split(" ", 2)) for contact_id, state in states.items() if state]
    await connection.run_many(
        "INSERT INTO invitee (invitation_id, contact_id, address, answer, answered_at)"
        f" VALUES ({invitation_id}, :contact_id, :address, :answer, :at)"
        " ON CONFLICT (invitation_id, contact_id) DO UPDATE SET address = excluded.address,"
        " answer = excluded.answer, answered_at = excluded.answered_at",
        [{"contact_id": contact_id, "answer": how, "at": int(at), "address": to} for contact_id, (how, at, to) in rows],
    )


# Reading --------------------------------------------------------------------------------------------------------------


async def titles(connection: Connection) -> dict[int, str]:
    """The titles of all invitations, by their ids."""
    return dict(await connection.rows("SELECT id, title FROM invitation"))


async def title_of(connection: Connection, field: str) -> str:
    """The title of the invitation that a field of the journal is about."""
    number = int(field.removeprefix(FIELD))
    return str(single(await connection.rows("SELECT title FROM invitation WHERE id = :id", {"id": number}), ""))


class Invitations:
    """To what people were invited, and how they answered.

    Args:
        database: the open database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listing(self) -> list[Invitation]:
        """The invitations of live contacts, the latest first."""
        sums = ", ".join(f"SUM(CASE WHEN i.answer = '{answer}' THEN 1 ELSE 0 END)" for answer in ANSWERS)
        async with self._database.reading(long=True) as connection:
            rows = await connection.rows(
                f"SELECT {_COLUMNS}, {sums} FROM invitation v JOIN invitee i ON i.invitation_id = v.id"
                f" JOIN contact c ON c.id = i.contact_id WHERE c.state = 0 GROUP BY {_COLUMNS}"
                " ORDER BY v.sent_at DESC, v.id DESC"
            )
            return [_invitation(connection, row) for row in rows]

    async def to(self, title: str, starts: str) -> Invitation | None:
        """The latest invitation with this title (ignoring case) and start; None if there is none yet."""
        async with self._database.reading() as connection:
            rows = await connection.rows(
                f"SELECT {_COLUMNS} FROM invitation v WHERE v.starts = :starts ORDER BY v.id DESC", {"starts": starts}
            )
            return next((_invitation(connection, row) for row in rows if fold(row[2]) == fold(title)), None)

    async def of(self, uid: str) -> Invitation | None:
        """The invitation with that UID; None if the book has none."""
        async with self._database.reading() as connection:
            rows = await connection.rows(f"SELECT {_COLUMNS} FROM invitation v WHERE v.uid = :uid", {"uid": uid})
            return _invitation(connection, rows[0]) if rows else None

    async def numbered(self, invitation_id: int) -> Invitation:
        """The invitation of that id. Raises NotFound."""
        async with self._database.reading() as connection:
            rows = await connection.rows(f"SELECT {_COLUMNS} FROM invitation v WHERE v.id = :id", {"id": invitation_id})
            if not rows:
                raise NotFound(f"There is no invitation {invitation_id}.", "`coterie invitation list` shows them.")
            return _invitation(connection, rows[0])

    async def people(self, invitation_id: int) -> list[Invitee]:
        """The live contacts that were invited, by name."""
        async with self._database.reading() as connection:
            zone = connection.clock().tzinfo
            rows = await connection.rows(
                "SELECT i.contact_id, i.address, i.answer, i.answered_at FROM invitee i"
                " JOIN contact c ON c.id = i.contact_id"
                f" WHERE c.state = 0 AND i.invitation_id = {int(invitation_id)} ORDER BY c.sort_key, c.id"
            )
        return [Invitee(id_, address, how, from_ms(at, zone) if at else None) for id_, address, how, at in rows]


def _invitation(connection: Connection, row: Sequence[Any]) -> Invitation:
    number, uid, title, starts, event, sequence, sent_at, *counts = row
    sent = from_ms(sent_at, connection.clock().tzinfo)
    assert sent is not None
    return Invitation(number, uid, title, starts, event, sequence, sent, tuple(map(int, counts)))
