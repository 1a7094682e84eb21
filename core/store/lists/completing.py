"""What the book offers for what is being typed: the end of a search, or the value of a field."""

from __future__ import annotations

from collections import Counter
from typing import Final

from coterie.core.fields.codec import decode
from coterie.core.query.completing import Begun
from coterie.core.query.parser import quote
from coterie.core.query.saved import written
from coterie.core.store.engine.database import Connection
from coterie.core.store.lists import searches
from coterie.core.store.lists.letter_pairs import LetterPairs
from coterie.core.store.lists.search import condition
from coterie.core.text import beginning_with, fold, group_key

MOST: Final = 20
"""So many are offered."""
_LOOKED_AT: Final = 2000
"""Contacts whose values are counted, of those that the index finds: the commonest are among them."""
_COLUMNS: Final = ("company", "job_title", "department")


async def completions(connection: Connection, begun: Begun, pairs: LetterPairs) -> list[str]:
    """What the end of a search could become, best first; each is the whole search."""
    if begun.field == "groups":
        return begun.names(await _groups(connection))[:MOST]
    if begun.field == "sources":
        rows = await connection.rows(
            "SELECT a.provider || ':' || a.address || COALESCE('/' || p.name, '') FROM account a"
            " LEFT JOIN place p ON p.account_id = a.id ORDER BY a.id, p.position"
        )
        return begun.names(row[0] for row in rows)[:MOST]
    if begun.field in _COLUMNS:
        return begun.names(await _commonest(connection, begun.field, begun.typed, pairs))[:MOST]
    if begun.field == "emails" and "@" not in begun.typed[1:]:
        return [begun.before + domain for domain in await _domains(connection, begun.typed, pairs)][:MOST]
    if not begun.field and begun.typed.startswith(searches.SIGN):
        wanted = group_key(begun.typed.removeprefix(searches.SIGN))
        names = [search.name for search in await searches.listing(connection)]
        return [begun.before + written(name) for name in names if group_key(name).startswith(wanted)][:MOST]
    return begun.choices()


async def values(connection: Connection, field: str, typed: str, pairs: LetterPairs) -> list[str]:
    """What a value of a field could become: values that other contacts have, the commonest first.

    Args:
        field: one of `core.fields.OFFERED`. Of an e-mail address the domain is completed.
        typed: the value as far as it is typed.
    """
    if field == "emails":
        name, at, domain = typed.rpartition("@")
        domains = await _domains(connection, f"@{domain}", pairs) if name else []
        return [name + at + ending for ending in domains][:MOST]
    if field == "groups":
        names = await _groups(connection)
    elif field in _COLUMNS:
        names = await _commonest(connection, field, typed, pairs)
    else:
        names = await _places(connection, field, typed, pairs)
    return beginning_with(typed, names)[:MOST]


async def _groups(connection: Connection) -> list[str]:
    return [row[0] for row in await connection.rows("SELECT name FROM contact_group ORDER BY name_key")]


async def _places(connection: Connection, part: str, typed: str, pairs: LetterPairs) -> list[str]:
    """The cities or countries with a word that begins so, the commonest first."""
    where, params = await _where(connection, part, typed, pairs)
    rows = await connection.rows(
        f"SELECT c.addresses FROM contact c WHERE c.state = 0 AND c.addresses <> ''{where} LIMIT {_LOOKED_AT}", params
    )
    counts = Counter(getattr(address, part) for row in rows for address in decode("addresses", row[0]))
    return [text for text, _ in counts.most_common() if text]


async def _commonest(connection: Connection, field: str, typed: str, pairs: LetterPairs) -> list[str]:
    """The values of a field with a word that begins so, the commonest first."""
    where, params = await _where(connection, field, typed, pairs)
    column = f"c.{field}"
    sample = f"SELECT {column} AS value FROM contact c WHERE c.state = 0 AND {column} <> ''{where} LIMIT {_LOOKED_AT}"
    rows = await connection.rows(
        f"SELECT value, COUNT(*) FROM ({sample}) AS sample GROUP BY value ORDER BY 2 DESC, 1 LIMIT {_LOOKED_AT}", params
    )
    return [row[0] for row in rows]


async def _domains(connection: Connection, typed: str, pairs: LetterPairs) -> list[str]:
    """The domains of addresses that begin so, the commonest first."""
    wanted = fold(typed.removeprefix("@"))
    where, params = await _where(connection, "email", f"@{wanted}" if wanted else "", pairs)
    rows = await connection.rows(
        f"SELECT e.norm FROM contact c JOIN email e ON e.contact_id = c.id WHERE c.state = 0{where} LIMIT {_LOOKED_AT}",
        params,
    )
    counts = Counter(row[0].rpartition("@")[2] for row in rows)
    return [domain for domain, _ in counts.most_common() if domain.startswith(wanted) and domain != wanted]


async def _where(connection: Connection, field: str, typed: str, pairs: LetterPairs) -> tuple[str, dict[str, object]]:
    if not fold(typed):
        return "", {}
    searched = await condition(connection, f"{field}:{quote(typed)}", pairs=pairs)
    return f" AND ({searched.sql})", dict(searched.params)
