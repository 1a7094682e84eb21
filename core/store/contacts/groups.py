"""Groups: the list of them with their sizes, and what becomes of one: its name, color and note, merging, deleting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import islice
from typing import Final

from coterie.core.checks import Checks
from coterie.core.clock import from_ms
from coterie.core.errors import InvalidValue, NotFound
from coterie.core.model import GROUP_COLORS, Group
from coterie.core.store.contacts.turn import Turn
from coterie.core.store.contacts.values import is_undone
from coterie.core.store.contacts.writer import Writer
from coterie.core.store.engine.database import Connection, Database, listed
from coterie.core.text import clean_line, clean_lines

_MANY: Final = 5_000
"""How many ids one statement has at most."""
_VALUES: Final = ("color", "note")
MERGED: Final = "merged into"
"""The journal's field for the group into which one was merged, by its id."""


class Groups:
    """The groups of a book: `Book.groups`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[Group]:
        """All groups in the order of their names, with their sizes."""
        async with self._database.reading(long=True) as connection:
            return await listing(connection)

    async def addressless(self, group_ids: Sequence[int] | None = None) -> dict[int, int]:
        """How many members without an e-mail address groups have (these, or all), by their ids; none are left out."""
        async with self._database.reading(long=True) as connection:
            return await addressless(connection, group_ids)

    async def members(self, checks: Checks) -> dict[int, int]:
        """How many of `checks` each group has as members, by the id of the group; groups without any are left out."""
        async with self._database.reading(long=True) as connection:
            return await members(connection, checks)


async def listing(connection: Connection) -> list[Group]:
    """All groups in the order of their names. Members in the Bin do not count."""
    sizes = dict(await connection.rows("SELECT group_id, COUNT(*) FROM membership GROUP BY group_id"))
    # Few contacts are in the Bin: taking them off beats joining every membership with its contact.
    absent = dict(
        await connection.rows(
            "SELECT m.group_id, COUNT(*) FROM (SELECT id FROM contact WHERE state = 1) AS c"
            " JOIN membership m ON m.contact_id = c.id GROUP BY m.group_id"
        )
    )
    rows = await connection.rows(
        "SELECT g.id, g.name, g.color, g.note, o.at, o.undone_at, o.summary FROM contact_group g"
        " LEFT JOIN operation o ON o.id = g.last_operation ORDER BY g.name_key"
    )
    zone = connection.clock().tzinfo
    return [
        Group(id_, name, sizes.get(id_, 0) - absent.get(id_, 0), color, note, *_change(zone, *change))
        for id_, name, color, note, *change in rows
    ]


def _change(zone: tzinfo | None, at: int | None, undone_at: int | None, summary: str) -> tuple[datetime | None, str]:
    """When something was changed last, and what that was."""
    if at is None:
        return None, ""
    return from_ms(undone_at or at, zone), f"Undone: {summary}" if undone_at else summary


async def addressless(connection: Connection, group_ids: Iterable[int] | None = None) -> dict[int, int]:
    """How many members without an e-mail address each group has (of `group_ids`, else of all); none are left out."""
    among = "" if group_ids is None else f" AND m.group_id IN ({listed(group_ids)})"
    rows = await connection.rows(
        "SELECT m.group_id, COUNT(*) FROM membership m JOIN contact c ON c.id = m.contact_id"
        f" WHERE c.state = 0{among} AND NOT EXISTS (SELECT 1 FROM email e WHERE e.contact_id = m.contact_id)"
        " GROUP BY m.group_id"
    )
    return dict(rows)


async def names(connection: Connection) -> dict[int, str]:
    """The names of all groups, by their ids."""
    return dict(await connection.rows("SELECT id, name FROM contact_group ORDER BY id"))


async def members(connection: Connection, checks: Checks) -> dict[int, int]:
    """How many of `checks` are in each group that has any of them."""
    counts: Counter[int] = Counter()
    ids = iter(checks)
    while batch := list(islice(ids, _MANY)):
        rows = await connection.rows(
            f"SELECT group_id, COUNT(*) FROM membership WHERE contact_id IN ({listed(batch)}) GROUP BY group_id"
        )
        counts.update(dict(rows))
    return dict(counts)


async def create(writer: Writer, name: str, color: str = "", note: str = "") -> None:
    """Make an empty group. Raises InvalidValue."""
    await describe(writer, await writer.create_group(name), {"color": color, "note": note})


async def rename(writer: Writer, group_id: int, name: str) -> None:
    """Rename a group. Raises NotFound, InvalidValue."""
    old, name = await _name(writer, group_id), clean_line(name)
    if not name:
        raise InvalidValue("group", "A group needs a name.", "Type one.")
    await writer.refuse_taken(name, but=group_id)
    if name != old:
        await writer.set_group(group_id, old, name)
        writer.touched.add("groups")


async def describe(writer: Writer, group_id: int, values: Mapping[str, str | None]) -> None:
    """Give a group another color or note; None leaves one as it is. Raises NotFound, InvalidValue."""
    await _name(writer, group_id)
    color, note = values["color"], values["note"]
    if color and color not in GROUP_COLORS:
        raise InvalidValue("color", f"There is no color “{color}”.", f"The colors are: {', '.join(GROUP_COLORS)}.")
    await _describe(writer, group_id, {"color": color, "note": None if note is None else clean_lines(note).strip()})


async def merge(writer: Writer, group_id: int, into_id: int) -> None:
    """Move all members of a group, also those in the Bin, to another one, and delete the group. Raises NotFound."""
    await _name(writer, group_id)
    await _name(writer, into_id)
    if group_id == into_id:
        raise InvalidValue("group", "A group cannot be merged with itself.", "Choose another one.")
    joining = (
        f"FROM membership WHERE group_id = {int(group_id)} AND contact_id NOT IN"
        f" (SELECT contact_id FROM membership WHERE group_id = {int(into_id)})"
    )
    await writer.connection.run(
        "INSERT INTO journal_membership (operation_id, group_id, contact_id, old, new)"
        f" SELECT {writer.operation_id}, {int(into_id)}, contact_id, 0, 1 {joining}"
        " ON CONFLICT (operation_id, group_id, contact_id) DO UPDATE SET new = 1"
    )
    await writer.connection.run(
        f"INSERT INTO membership (contact_id, group_id) SELECT contact_id, {int(into_id)} {joining}"
    )
    await _journal(writer, group_id, MERGED, "", str(into_id))
    writer.joined.add(into_id)
    await delete(writer, group_id)


async def delete(writer: Writer, group_id: int) -> None:
    """Delete a group; its members stay. Raises NotFound."""
    name = await _name(writer, group_id)
    await _describe(writer, group_id, dict.fromkeys(_VALUES, ""))
    left = await writer.connection.run(
        "INSERT INTO journal_membership (operation_id, group_id, contact_id, old, new)"
        f" SELECT {writer.operation_id}, group_id, contact_id, 1, 0 FROM membership WHERE group_id = :id"
        " ON CONFLICT (operation_id, group_id, contact_id) DO UPDATE SET new = 0",
        {"id": group_id},
    )
    await writer.connection.run("DELETE FROM membership WHERE group_id = :id", {"id": group_id})
    await writer.set_group(group_id, name, "")
    writer.count(left, "groups")


async def delete_empty(writer: Writer, names: Iterable[str]) -> None:
    """Delete those of these groups that have no member, not even in the Bin."""
    ids = [group_id for name in names if (group_id := await writer.find_group(name)) is not None]
    members = await writer.connection.rows(
        "SELECT DISTINCT m.group_id FROM membership m JOIN contact ON contact.id = m.contact_id"
        f" WHERE m.group_id IN ({listed(ids)}) AND NOT ({is_undone()})"
    )
    for group_id in sorted(set(ids) - {row[0] for row in members}):
        await delete(writer, group_id)


async def _name(writer: Writer, group_id: int) -> str:
    rows = await writer.connection.rows("SELECT name FROM contact_group WHERE id = :id", {"id": group_id})
    if not rows:
        raise NotFound("There is no such group any more.", "Look at the list of groups again.")
    name: str = rows[0][0]
    return name


async def _describe(writer: Writer, group_id: int, values: Mapping[str, str | None]) -> None:
    """Give a group these values, with their journal rows."""
    [before] = await writer.connection.rows(
        f"SELECT {', '.join(_VALUES)} FROM contact_group WHERE id = {int(group_id)}"
    )
    for field, old in zip(_VALUES, before, strict=True):
        new = values[field]
        if new is not None and new != old:
            await _journal(writer, group_id, field, old, new)
            await _set(writer, group_id, field, new)


async def _journal(writer: Writer, group_id: int, field: str, old: str, new: str) -> None:
    await writer.connection.run(
        "INSERT INTO journal_group_value (operation_id, group_id, field, old, new)"
        " VALUES (:op, :id, :field, :old, :new)"
        " ON CONFLICT (operation_id, group_id, field) DO UPDATE SET new = excluded.new",
        {"op": writer.operation_id, "id": group_id, "field": field, "old": old, "new": new},
    )


async def _set(writer: Writer, group_id: int, field: str, value: str) -> None:
    await writer.connection.run(
        f"UPDATE contact_group SET {field} = :value WHERE id = :id", {"value": value, "id": group_id}
    )
    writer.touched.add("group values")


# The journal --------------------------------------------------------------------------------------------------------


async def note_change(writer: Writer, operation_id: int) -> None:
    """Note an operation as the last change of the groups that it was about."""
    if writer.touched.isdisjoint({"groups", "group names", "group values"}):
        return
    journalled = " UNION ".join(
        f"SELECT group_id FROM {table} WHERE operation_id = {int(operation_id)}"
        for table in ("journal_membership", "journal_group", "journal_group_value")
    )
    await writer.connection.run(
        f"UPDATE contact_group SET last_operation = {int(operation_id)}"
        f" WHERE id IN ({journalled}) OR id IN ({listed(writer.joined)})"
    )


async def turn_values(turn: Turn) -> list[str]:
    """Give groups the colors and notes of before (or after). Returns the names of those that have others since."""
    writer, left = turn.writer, []
    rows = await writer.connection.rows(
        f"SELECT group_id, field, {turn.source}, {turn.present} FROM journal_group_value"
        f" WHERE operation_id = {turn.operation_id}"
    )
    for group_id, field, wanted, expected in rows:
        stored = await writer.connection.rows(
            "SELECT name, color, note FROM contact_group WHERE id = :id", {"id": group_id}
        )
        if field not in _VALUES or not stored:
            continue
        name, *values = stored[0]
        present = values[_VALUES.index(field)]
        if present == expected:
            await _set(writer, group_id, field, wanted)
        elif present != wanted:
            left.append(name)
    return left


async def changes_of(connection: Connection, operation_id: int) -> list[tuple[str, str, str, str]]:
    """What an operation did to colors and notes of groups: (name, field, before, after)."""
    rows = await connection.rows(
        "SELECT g.name, j.group_id, j.field, j.old, j.new FROM journal_group_value j"
        " LEFT JOIN contact_group g ON g.id = j.group_id"
        f" WHERE j.operation_id = {int(operation_id)} ORDER BY j.group_id, j.field LIMIT 100"
    )
    gone = f"SELECT group_id, old FROM journal_group WHERE operation_id = {int(operation_id)}"
    names = dict(await connection.rows(gone))
    targets = dict(await connection.rows("SELECT id, name FROM contact_group"))
    changes = []
    for name, group_id, field, old, new in rows:
        after = targets.get(int(new), "a group that is gone") if field == MERGED else new
        changes.append((name or names.get(group_id, "a group that is gone"), field, old, after))
    return changes


async def merged(connection: Connection, group_ids: Iterable[int]) -> dict[int, int]:
    """Which of these groups, that are gone, were merged into which others."""
    rows = await connection.rows(
        "SELECT j.group_id, j.new FROM journal_group_value j JOIN operation o ON o.id = j.operation_id"
        f" WHERE j.field = '{MERGED}' AND o.undone_at IS NULL AND j.group_id IN ({listed(group_ids)}) ORDER BY o.id"
    )
    return {group_id: int(into) for group_id, into in rows}
