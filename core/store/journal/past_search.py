"""A search in the book as it was: who is found among contacts that changed since, and among those that did not.

Those that did not change are found by the database, as in lists; the others are not in it any more as they were, and
are looked through here. That can be done for words alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from coterie.core.errors import InvalidQuery
from coterie.core.model import Contact
from coterie.core.query.tree import And
from coterie.core.store.contacts.values import SEARCH_COLUMNS, search_row
from coterie.core.store.engine.database import Connection
from coterie.core.store.lists import heads, queries
from coterie.core.store.lists.heads import Head
from coterie.core.store.lists.search import to_sql
from coterie.core.store.lists.searches import tree_of
from coterie.core.text import fold

_EVERYBODY = And(())  # `-` and `"`, too, while more is typed
_PHONE = SEARCH_COLUMNS.index("phone")


def heads_of(contacts: Iterable[Contact]) -> list[Head]:
    """The texts by which these contacts are found."""
    return [_head(contact) for contact in contacts]


def _head(contact: Contact) -> Head:
    contact_id, *texts = search_row(contact.id or 0, contact)
    return Head(contact_id, "\n".join([*texts, *map(fold, contact.groups)]), texts[_PHONE])


async def search(
    connection: Connection, query: str, changed: Sequence[Head], renamed: Mapping[str, str]
) -> tuple[Sequence[int], Sequence[int]]:
    """The ids of the live contacts of now that a search finds, and those among `changed`.

    Args:
        connection: to the book of now.
        query: words, in the language of `core.query`.
        changed: the contacts of then that differ from now.
        renamed: what groups of now were called then, if that differs.

    Raises InvalidQuery if the search asks for more than words.
    """
    tree = await tree_of(connection, query)
    if tree != _EVERYBODY and not heads.is_simple(tree):
        raise InvalidQuery("The past can be searched for words only.", "Leave out fields, such as company: or is:.")
    groups = {
        group_id: renamed.get(name, name)
        for group_id, name in await connection.rows("SELECT id, name FROM contact_group")
    }
    wanted = to_sql(tree, connection.dialect, connection.clock(), groups)
    sql = f"SELECT c.id AS id FROM contact c WHERE c.state = 0 AND {wanted.sql}"
    return await queries.ids_of(connection, sql, wanted.params), heads.matches(tree, changed)
