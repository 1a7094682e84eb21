"""Taking the names of contacts that are deleted forever out of the journal."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from coterie.core.store.contacts import lookup
from coterie.core.store.engine.database import Connection

NAMELESS: Final = "a contact (deleted forever)"
_FEW: Final = 20
"""Sentences about more contacts than that name none of them."""
_OF_CHOSEN: Final = (
    "SELECT o.id, o.summary, j.contact_id FROM operation o JOIN {journal} j ON j.operation_id = o.id"
    " JOIN chosen ON chosen.id = j.contact_id WHERE o.contacts <= :few"
)


async def take_names(connection: Connection) -> None:
    """Take the names of the contacts in `chosen`, earlier names too, out of the sentences of their operations."""
    union = " UNION ".join(_OF_CHOSEN.format(journal=table) for table in ("journal_value", "journal_membership"))
    sentences: dict[int, str] = {}
    involved: dict[int, set[int]] = defaultdict(set)
    for operation_id, summary, contact_id in await connection.rows(union, {"few": _FEW}):
        sentences[operation_id] = summary
        involved[operation_id].add(contact_id)
    names = await _names(connection, {contact_id for ids in involved.values() for contact_id in ids})
    changed = []
    for operation_id, summary in sentences.items():
        shortened = _without(summary, set().union(*(names[contact_id] for contact_id in involved[operation_id])))
        if shortened != summary:
            changed.append({"id": operation_id, "summary": shortened})
    if changed:
        await connection.run_many("UPDATE operation SET summary = :summary WHERE id = :id", changed)


async def _names(connection: Connection, ids: set[int]) -> dict[int, set[str]]:
    names: dict[int, set[str]] = defaultdict(set)
    for contact in await lookup.load(connection, sorted(ids)):
        if contact.id is not None:
            names[contact.id].add(contact.shown_name)
    before = (
        "SELECT j.contact_id, j.old, j.new FROM journal_value j JOIN operation o ON o.id = j.operation_id"
        " JOIN chosen ON chosen.id = j.contact_id WHERE j.field = 'name' AND o.contacts <= :few"
    )
    for contact_id, old, new in await connection.rows(before, {"few": _FEW}):
        names[contact_id] |= {name for name in (old, new) if name}
    return names


def _without(summary: str, names: set[str]) -> str:
    for name in sorted(filter(None, names), key=len, reverse=True):
        summary = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", NAMELESS, summary)
    return summary
