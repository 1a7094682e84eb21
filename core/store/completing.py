"""What the book offers for the end of a search that is being typed: groups, accounts, companies, domains, searches."""

from __future__ import annotations

from collections import Counter
from typing import Final

from coterie.core.query.completing import Begun
from coterie.core.query.parser import quote
from coterie.core.query.saved import written
from coterie.core.store import searches
from coterie.core.store.database import Connection
from coterie.core.store.letter_pairs import LetterPairs
from coterie.core.store.search import condition
from coterie.core.text import fold, group_key

MOST: Final = 20
"""So many are offered."""
_LOOKED_AT: Final = 2000
"""Contacts whose values are counted, of those that the index finds: the commonest are among them."""
_COLUMNS: Final = ("company", "job_title", "department")


async def completions(connection: Connection, begun: Begun, pairs: LetterPairs) -> list[str]:
    """What the end of a search could become, best first; each is the whole search."""
    if begun.field == "groups":
        rows = await connection.rows("SELECT name FROM contact_group ORDER BY name_key")
        return begun.names(row[0] for row in rows)[:MOST]
    if begun.field == "sources":
        rows = await connection.rows("SELECT provider || ':' || address FROM account ORDER BY 1")
        return begun.names(row[0] for row in rows)[:MOST]
    if begun.field in _COLUMNS:
        return begun.names(await _commonest(connection, begun, pairs))[:MOST]
    if begun.field == "emails" and "@" not in begun.typed[1:]:
        return [begun.before + domain for domain in await _domains(connection, begun, pairs)][:MOST]
    if not begun.field and begun.typed.startswith(searches.SIGN):
        wanted = group_key(begun.typed.removeprefix(searches.SIGN))
        kept = [one.name for one in await searches.listing(connection) if group_key(one.name).startswith(wanted)]
        return [begun.before + written(name) for name in kept][:MOST]
    return begun.choices()


async def _commonest(connection: Connection, begun: Begun, pairs: LetterPairs) -> list[str]:
    """The values of a field with a word that begins so, the commonest first."""
    where, params = await _where(connection, begun.field, begun.typed, pairs)
    column = f"c.{begun.field}"
    some = f"SELECT {column} AS value FROM contact c WHERE c.state = 0 AND {column} <> ''{where} LIMIT {_LOOKED_AT}"
    rows = await connection.rows(
        f"SELECT value, COUNT(*) FROM ({some}) AS found GROUP BY value ORDER BY 2 DESC, 1 LIMIT {_LOOKED_AT}", params
    )
    return [row[0] for row in rows]


async def _domains(connection: Connection, begun: Begun, pairs: LetterPairs) -> list[str]:
    """The domains of addresses that begin so, the commonest first."""
    wanted = fold(begun.typed.removeprefix("@"))
    where, params = await _where(connection, "email", f"@{wanted}" if wanted else "", pairs)
    rows = await connection.rows(
        f"SELECT e.norm FROM contact c JOIN email e ON e.contact_id = c.id WHERE c.state = 0{where} LIMIT {_LOOKED_AT}",
        params,
    )
    found = Counter(row[0].rpartition("@")[2] for row in rows)
    return [domain for domain, _ in found.most_common() if domain.startswith(wanted) and domain != wanted]


async def _where(connection: Connection, field: str, typed: str, pairs: LetterPairs) -> tuple[str, dict[str, object]]:
    if not fold(typed):
        return "", {}
    searched = await condition(connection, f"{field}:{quote(typed)}", pairs=pairs)
    return f" AND ({searched.sql})", dict(searched.params)
