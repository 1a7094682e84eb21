"""Saved searches: the list of them, saving, renaming, ordering, deleting, and undoing each of these."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from coterie.core.errors import InvalidQuery, InvalidValue, NotFound
from coterie.core.limits import QUERY
from coterie.core.model import SavedSearch
from coterie.core.query import parse, saved
from coterie.core.query.tree import Tree
from coterie.core.store.contacts.turn import Turn
from coterie.core.store.contacts.writer import Writer
from coterie.core.store.engine.database import Connection, Database
from coterie.core.text import clean_line, group_key

SIGN: Final = "@"


@dataclass(frozen=True, slots=True)
class _Kept:
    """A row of the table, without its id; the journal has it as JSON."""

    name: str
    query: str
    position: int

    @classmethod
    def of(cls, text: str) -> _Kept | None:
        return cls(*json.loads(text)) if text else None


def _text(kept: _Kept | None) -> str:
    return json.dumps([kept.name, kept.query, kept.position], ensure_ascii=False) if kept else ""


class Searches:
    """The saved searches of a book: `Book.searches`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[SavedSearch]:
        """All saved searches, in their order."""
        async with self._database.reading() as connection:
            return await listing(connection)

    async def check(self, query: str) -> None:
        """Raise InvalidQuery if a search is unfinished, or names a saved search that is not there."""
        async with self._database.reading() as connection:
            await tree_of(connection, query, finished=True)


async def listing(connection: Connection) -> list[SavedSearch]:
    """All saved searches, in their order."""
    rows = await connection.rows("SELECT id, name, query FROM saved_search ORDER BY position, name_key")
    return [SavedSearch(*row) for row in rows]


async def tree_of(connection: Connection, query: str, *, finished: bool = False) -> Tree:
    """The tree of a search text, with what its saved searches stand for. Raises InvalidQuery."""
    tree = parse(query, finished=finished)
    if SIGN not in query or not any(saved.saved_in(tree)):
        return tree
    return saved.expanded(tree, await listing(connection), finished=finished)


# Changes ------------------------------------------------------------------------------------------------------------


async def save(writer: Writer, name: str, query: str) -> None:
    """Keep a search by name, in place of what was kept under that name. Raises InvalidQuery, InvalidValue."""
    name, query = _named(name), " ".join(query.splitlines()).strip()
    if not query:
        raise InvalidQuery("There is no search to save.", "Type one first.")
    rows = await _rows(writer.connection)
    same = next((search_id for search_id, kept in rows.items() if group_key(kept.name) == group_key(name)), None)
    others = [SavedSearch(search_id, kept.name, kept.query) for search_id, kept in rows.items() if search_id != same]
    # What it names is looked at as it would be from now on: it may lead back to itself.
    saved.expanded(parse(query, finished=True), [*others, SavedSearch(0, name, query)], finished=True)
    if same is not None:
        await _set(writer, same, rows[same], replace(rows[same], name=name, query=query))
    else:
        last = max((kept.position for kept in rows.values()), default=-1)
        await _set(writer, await writer.allocate("saved_search"), None, _Kept(name, query, last + 1))


async def rename(writer: Writer, search_id: int, name: str) -> None:
    """Give a saved search another name, also in those that name it. Raises InvalidValue, InvalidQuery, NotFound."""
    name, rows = _named(name), await _rows(writer.connection)
    kept = _existing(rows, search_id)
    for other_id, other in rows.items():
        if other_id != search_id and group_key(other.name) == group_key(name):
            raise InvalidValue("search", f"There is already a saved search “{other.name}”.", "Choose another name.")
    for other_id, other in rows.items():
        query = other.query if other_id == search_id else saved.renamed(other.query, kept.name, name)
        if len(query) > QUERY:
            raise InvalidValue(
                "search", f"The saved search “{other.name}” would become too long.", "Use fewer letters."
            )
        new_name = name if other_id == search_id else other.name
        await _set(writer, other_id, other, replace(other, query=query, name=new_name))


async def delete(writer: Writer, search_id: int) -> None:
    """Delete a saved search. Raises InvalidValue if another names it, NotFound."""
    rows = await _rows(writer.connection)
    kept = _existing(rows, search_id)
    for other_id, other in rows.items():
        if other_id != search_id and saved.naming(other.query, kept.name):
            title = f"“{kept.name}” is part of the saved search “{other.name}”."
            raise InvalidValue("search", title, "Delete that one first, or save it anew without.")
    await _set(writer, search_id, kept, None)


async def move(writer: Writer, search_id: int, by: int) -> None:
    """Move a saved search `by` places down in the list, or up if negative. Raises NotFound."""
    rows = await _rows(writer.connection)
    _existing(rows, search_id)
    order = list(rows)
    place = max(0, min(order.index(search_id) + by, len(order) - 1))
    order.remove(search_id)
    order.insert(place, search_id)
    for position, id_ in enumerate(order):
        await _set(writer, id_, rows[id_], replace(rows[id_], position=position))


def _named(name: str) -> str:
    name = clean_line(name)
    if not name:
        raise InvalidValue("search", "A saved search needs a name.", "Type one.")
    return name


async def _rows(connection: Connection) -> dict[int, _Kept]:
    rows = await connection.rows("SELECT id, name, query, position FROM saved_search ORDER BY position, name_key")
    return {row[0]: _Kept(*row[1:]) for row in rows}


def _existing(rows: dict[int, _Kept], search_id: int) -> _Kept:
    if search_id not in rows:
        raise NotFound("There is no such saved search any more.", "Look at the list of searches again.")
    return rows[search_id]


async def _set(writer: Writer, search_id: int, old: _Kept | None, new: _Kept | None) -> None:
    """Write a saved search, or remove it, with its journal row."""
    if old == new:
        return
    await writer.connection.run(
        "INSERT INTO journal_search (operation_id, search_id, old, new) VALUES (:op, :id, :old, :new)"
        " ON CONFLICT (operation_id, search_id) DO UPDATE SET new = excluded.new",
        {"op": writer.operation_id, "id": search_id, "old": _text(old), "new": _text(new)},
    )
    await _write(writer.connection, search_id, new)
    writer.touched.add("searches")


async def _write(connection: Connection, search_id: int, kept: _Kept | None) -> None:
    if kept is None:
        await connection.run("DELETE FROM saved_search WHERE id = :id", {"id": search_id})
        return
    await connection.run(
        "INSERT INTO saved_search (id, name, name_key, query, position) VALUES (:id, :name, :key, :query, :position)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, query = excluded.query,"
        " position = excluded.position",
        {
            "id": search_id, "name": kept.name, "key": group_key(kept.name), "query": kept.query,
            "position": kept.position,
        },
    )  # fmt: skip


# Undo and redo ------------------------------------------------------------------------------------------------------


async def turn(turn: Turn) -> list[str]:
    """Make saved searches what they were before (or after). Returns the names of those that must stay as they are."""
    connection = turn.writer.connection
    journalled = await connection.rows(
        f"SELECT search_id, {turn.source}, {turn.present} FROM journal_search WHERE operation_id = {turn.operation_id}"
    )
    left = []
    for search_id, *texts in journalled:
        rows = await _rows(connection)
        wanted, expected = map(_Kept.of, texts)
        present = rows.get(search_id)
        becomes = _turned(present, expected, wanted)
        if becomes == present or _is_taken(rows, search_id, becomes):
            left += [kept.name for kept in (present or wanted,) if kept and present != wanted]
            continue
        await _write(connection, search_id, becomes)
        turn.writer.touched.add("searches")
    return left


def _turned(present: _Kept | None, expected: _Kept | None, wanted: _Kept | None) -> _Kept | None:
    """What `present` becomes: name, search and place, each if it still is what the operation left."""
    if present is None or expected is None or wanted is None:
        return wanted if _says(present) == _says(expected) else present
    return _Kept(
        wanted.name if present.name == expected.name else present.name,
        wanted.query if present.query == expected.query else present.query,
        wanted.position if present.position == expected.position else present.position,
    )


def _says(kept: _Kept | None) -> tuple[str, str] | None:
    return (kept.name, kept.query) if kept else None


def _is_taken(rows: dict[int, _Kept], search_id: int, kept: _Kept | None) -> bool:
    names = {group_key(other.name) for other_id, other in rows.items() if other_id != search_id}
    return kept is not None and group_key(kept.name) in names


# The history --------------------------------------------------------------------------------------------------------


async def changes_of(connection: Connection, operation_id: int) -> Sequence[tuple[str, str, str]]:
    """What an operation did to saved searches: (name, before, after), with its names if they change."""
    rows = await connection.rows(
        f"SELECT old, new FROM journal_search WHERE operation_id = {operation_id} ORDER BY search_id LIMIT 100"
    )
    changes: list[tuple[str, str, str]] = []
    for old, new in (map(_Kept.of, row) for row in rows):
        kept = new or old
        if kept and _says(old) != _says(new):
            is_renamed = old is not None and new is not None and old.name != new.name
            changes.append((kept.name, _words(old, named=is_renamed), _words(new, named=is_renamed)))
    return changes


def _words(kept: _Kept | None, *, named: bool) -> str:
    if kept is None:
        return ""
    return f"{kept.name}: {kept.query}" if named else kept.query
