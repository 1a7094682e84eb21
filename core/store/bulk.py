"""Set-based changes: the same for everything that is selected, in a few statements whatever the number.

Each step journals the rows that it is about to change and then changes just those: two statements of SQL for a
million contacts, and what was so already is neither changed nor counted.
"""

from __future__ import annotations

from typing import Final

from core.change import Edit, Selection
from core.errors import InvalidValue
from core.fields import FIELDS
from core.store import contacts, editing, index
from core.store.values import TEXT_FIELDS, cleaned, sort_key
from core.store.writer import STATE_TEXT, Writer
from core.text import fold

SEARCH_COLUMN: Final = {"company": "company", "job_title": "title", "notes": "notes"}
"""The fields whose folded text is all of a column of `search`."""
_PLAIN: Final = {"company", "department", "job_title", "notes", "birthday"}
"""Text fields on which no other field hangs. The others are edited contact by contact."""
_BATCH: Final = 1000


async def assign(writer: Writer, selection: Selection, field: str, value: str | bool) -> None:
    """Give one field the same value in all selected live contacts. Raises InvalidValue."""
    await writer.choose(selection)
    if field == "favorite":
        await _assign_column(writer, field, int(bool(value)))
    elif field in _PLAIN:
        await _assign_column(writer, field, cleaned(field, value))
    elif field in TEXT_FIELDS:
        await _assign_each(writer, field, str(value))
    else:
        raise InvalidValue(field, f"{FIELDS[field].label} cannot be set for many at once.", "Edit them one by one.")


async def _assign_column(writer: Writer, column: str, value: str | int) -> None:
    connection = writer.connection
    differs = f"state = 0 AND CAST({column} AS TEXT) <> CAST(:new AS TEXT)"
    if not await writer.journal_column(column, value, differs):
        return
    changed = await connection.run(
        f"UPDATE contact SET {column} = :value, updated_at = :now, version = version + 1"
        f" WHERE id IN (SELECT id FROM chosen) AND {differs}",
        {"value": value, "new": str(value), "now": writer.now},
    )
    writer.count(changed, column)
    journalled = (
        "SELECT contact_id FROM journal_value"
        f" WHERE operation_id = {writer.operation_id} AND field = '{column}'"
    )  # fmt: skip
    if column in SEARCH_COLUMN:
        where = f"contact_id IN ({journalled})"
        await index.assign(connection, SEARCH_COLUMN[column], fold(str(value)), where)
    if column == "company":
        nameless = await connection.rows(f"SELECT id FROM contact WHERE name = '' AND id IN ({journalled})")
        await refresh_order(writer, [row[0] for row in nameless])


async def refresh_order(writer: Writer, ids: list[int]) -> None:
    """Compute the sort keys of these contacts anew."""
    for start in range(0, len(ids), _BATCH):
        batch = await contacts.load(writer.connection, ids[start : start + _BATCH])
        await writer.connection.run_many(
            "UPDATE contact SET sort_key = :key WHERE id = :id", [{"key": sort_key(one), "id": one.id} for one in batch]
        )
    if ids:
        writer.touched.add("name")


async def _assign_each(writer: Writer, field: str, value: str) -> None:
    write = FIELDS[field].write
    if write is None:
        raise InvalidValue(field, f"{FIELDS[field].label} cannot be set.")
    ids = [row[0] for row in await writer.connection.rows("SELECT id FROM chosen")]
    for start in range(0, len(ids), _BATCH):
        batch = await contacts.load(writer.connection, ids[start : start + _BATCH])
        await editing.store(writer, [(one, write(one, value)) for one in batch if one.deleted_at is None])


async def add_to_group(writer: Writer, selection: Selection, group: str) -> None:
    """All selected live contacts join the group, which is made where it does not exist. Raises InvalidValue."""
    group_id = await writer.ensure_group(group)
    await writer.choose(selection)
    joined = await writer.connection.run(
        "INSERT INTO journal_membership (operation_id, group_id, contact_id, old, new)"
        f" SELECT {writer.operation_id}, {group_id}, c.id, 0, 1 FROM contact c"
        " WHERE c.id IN (SELECT id FROM chosen) AND c.state = 0 AND NOT EXISTS"
        f" (SELECT 1 FROM membership m WHERE m.contact_id = c.id AND m.group_id = {group_id})"
        " ON CONFLICT (operation_id, group_id, contact_id) DO UPDATE SET new = 1"
    )
    if joined:
        await writer.connection.run(
            "INSERT INTO membership (contact_id, group_id) SELECT contact_id, group_id FROM journal_membership"
            f" WHERE operation_id = {writer.operation_id} AND group_id = {group_id} AND new = 1"
            " AND contact_id IN (SELECT id FROM chosen) ON CONFLICT (contact_id, group_id) DO NOTHING"
        )
    writer.count(joined, "groups")


async def remove_from_group(writer: Writer, selection: Selection, group: str) -> None:
    """All selected live contacts leave the group."""
    group_id = await writer.find_group(group)
    if group_id is None:
        return
    await writer.choose(selection)
    members = (
        f"SELECT m.contact_id FROM membership m JOIN contact c ON c.id = m.contact_id"
        f" WHERE m.group_id = {group_id} AND c.state = 0 AND m.contact_id IN (SELECT id FROM chosen)"
    )
    left = await writer.connection.run(
        "INSERT INTO journal_membership (operation_id, group_id, contact_id, old, new)"
        f" SELECT {writer.operation_id}, {group_id}, leaving.contact_id, 1, 0 FROM ({members}) AS leaving WHERE 1 = 1"
        " ON CONFLICT (operation_id, group_id, contact_id) DO UPDATE SET new = 0"
    )
    await writer.connection.run(f"DELETE FROM membership WHERE group_id = {group_id} AND contact_id IN ({members})")
    writer.count(left, "groups")


async def delete(writer: Writer, selection: Selection, by: str) -> None:
    """All selected live contacts go to the Bin, which remembers what deleted them."""
    await writer.choose(selection)
    if await writer.journal_column("state", f"1:{writer.now}:{by}", "state = 0", old=STATE_TEXT):
        changed = await writer.connection.run(
            "UPDATE contact SET state = 1, deleted_at = :now, deleted_by = :by, version = version + 1"
            " WHERE id IN (SELECT id FROM chosen) AND state = 0",
            {"now": writer.now, "by": by},
        )
        writer.count(changed, "state")


async def restore(writer: Writer, selection: Selection) -> None:
    """All selected contacts come back from the Bin as they were."""
    await writer.choose(selection)
    if await writer.journal_column("state", "0", "state = 1", old=STATE_TEXT):
        changed = await writer.connection.run(
            "UPDATE contact SET state = 0, deleted_at = NULL, deleted_by = NULL, version = version + 1"
            " WHERE id IN (SELECT id FROM chosen) AND state = 1"
        )
        writer.restored += changed
        writer.count(changed, "state")


async def forget(writer: Writer, selection: Selection) -> None:
    """All selected contacts that are in the Bin are deleted for ever, from the journal too."""
    await writer.choose(selection)
    await forget_chosen(writer, state=1)


async def forget_chosen(writer: Writer, state: int) -> None:
    """Remove every trace of the contacts in `chosen` that are in this state.

    A row of `remote` stays, without its contact: it keeps the account from bringing back what was deleted for ever.
    """
    connection = writer.connection
    await connection.run(f"DELETE FROM chosen WHERE id NOT IN (SELECT id FROM contact WHERE state = {int(state)})")
    await index.remove(connection, "contact_id IN (SELECT id FROM chosen)")
    for table in ("email", "phone", "membership", "journal_value", "journal_membership"):
        await connection.run(f"DELETE FROM {table} WHERE contact_id IN (SELECT id FROM chosen)")
    await connection.run(
        "UPDATE remote SET contact_id = NULL, base = '', raw = '' WHERE contact_id IN (SELECT id FROM chosen)"
    )
    gone = await connection.run("DELETE FROM contact WHERE id IN (SELECT id FROM chosen)")
    writer.count(gone, "state")


async def edit_many(writer: Writer, edits: list[Edit]) -> None:
    """Edits in batches that keep statements small."""
    for start in range(0, len(edits), _BATCH):
        await editing.edit(writer, edits[start : start + _BATCH])
