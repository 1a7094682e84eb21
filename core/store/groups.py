"""Groups: the list of them with their sizes, renaming and deleting."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import Final

from coterie.core.checks import Checks
from coterie.core.errors import InvalidValue, NotFound
from coterie.core.model import Group
from coterie.core.store.database import Connection, listed
from coterie.core.store.writer import Writer
from coterie.core.text import clean_line

_MANY: Final = 5_000
"""How many ids one statement has at most."""


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
    return [
        Group(id_, name, sizes.get(id_, 0) - absent.get(id_, 0))
        for id_, name in await connection.rows("SELECT id, name FROM contact_group ORDER BY name_key")
    ]


async def members(connection: Connection, checks: Checks) -> dict[int, int]:
    """How many of `checks` are in each group that has any of them."""
    found: Counter[int] = Counter()
    ids = iter(checks)
    while some := list(islice(ids, _MANY)):
        rows = await connection.rows(
            f"SELECT group_id, COUNT(*) FROM membership WHERE contact_id IN ({listed(some)}) GROUP BY group_id"
        )
        found.update(dict(rows))
    return dict(found)


async def create(writer: Writer, name: str) -> None:
    """Make an empty group. Raises InvalidValue."""
    await writer.create_group(name)


async def rename(writer: Writer, group_id: int, name: str) -> None:
    """Rename a group. Raises NotFound, InvalidValue."""
    old, name = await _name(writer, group_id), clean_line(name)
    if not name:
        raise InvalidValue("group", "A group needs a name.", "Type one.")
    await writer.refuse_taken(name, but=group_id)
    if name != old:
        await writer.set_group(group_id, old, name)
        writer.touched.add("groups")


async def delete(writer: Writer, group_id: int) -> None:
    """Delete a group; its members stay. Raises NotFound."""
    name = await _name(writer, group_id)
    left = await writer.connection.run(
        "INSERT INTO journal_membership (operation_id, group_id, contact_id, old, new)"
        f" SELECT {writer.operation_id}, group_id, contact_id, 1, 0 FROM membership WHERE group_id = :id"
        " ON CONFLICT (operation_id, group_id, contact_id) DO UPDATE SET new = 0",
        {"id": group_id},
    )
    await writer.connection.run("DELETE FROM membership WHERE group_id = :id", {"id": group_id})
    await writer.set_group(group_id, name, "")
    writer.count(left, "groups")


async def _name(writer: Writer, group_id: int) -> str:
    rows = await writer.connection.rows("SELECT name FROM contact_group WHERE id = :id", {"id": group_id})
    if not rows:
        raise NotFound("There is no such group any more.", "Look at the list of groups again.")
    name: str = rows[0][0]
    return name
