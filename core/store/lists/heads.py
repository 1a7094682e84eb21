"""The first contacts of a list with their texts, in memory: nearly every word that is typed is found among them.

A very common word is in a hundred thousand contacts of a million: to find them all takes long, and only the first few
are seen. To look through the first thousands here takes no time that anybody notices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from coterie.core.query.phones import phone_forms
from coterie.core.query.tree import And, Not, Or, Tree, Word
from coterie.core.store.contacts.lookup import group_names
from coterie.core.store.contacts.values import SEARCH_COLUMNS
from coterie.core.store.engine.database import Connection, listed
from coterie.core.text import fold

FIRST: Final = 4000
FEW: Final = 400
"""So many are read at the first letter that is typed; the others if those do not fill the page."""


class Head(NamedTuple):
    """A contact with all its folded text and the names of its groups, and the text of its phone numbers."""

    id: int
    text: str
    phone: str


async def load(connection: Connection, ids: Sequence[int]) -> list[Head]:
    """The heads of these contacts, in this order."""
    joined = f" || {connection.dialect.line_end} || "
    groups = await group_names(connection, ids)
    heads = {
        row[0]: Head(row[0], "\n".join([row[1], *map(fold, groups.get(row[0], ()))]), row[2])
        for row in await connection.rows(
            f"SELECT contact_id, {joined.join(SEARCH_COLUMNS)}, phone FROM search WHERE contact_id IN ({listed(ids)})"
        )
    }
    return [heads[contact_id] for contact_id in ids if contact_id in heads]


def is_simple(tree: Tree) -> bool:
    """Whether `matches` can tell what a search finds: it asks for nothing but words."""
    match tree:
        case Word(text):
            return bool(fold(text))
        case And(parts) | Or(parts):
            return bool(parts) and all(is_simple(part) for part in parts)
        case Not(part):
            return is_simple(part)
        case _:
            return False


def matches(tree: Tree, heads: Sequence[Head]) -> list[int]:
    """The ids of those that a simple search finds, in order."""
    return [head.id for head in heads if _holds(tree, head)]


def _holds(tree: Tree, head: Head) -> bool:
    match tree:
        case Word(text):
            return fold(text) in head.text or any(form in head.phone for form in phone_forms(text) if form)
        case And(parts):
            return all(_holds(part, head) for part in parts)
        case Or(parts):
            return any(_holds(part, head) for part in parts)
        case Not(part):
            return not _holds(part, head)
    raise TypeError(tree)
