"""The spellings of companies and groups in a book, for `core.cleanup`: of all, or of a few that were changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from coterie.core.cleanup import companies, groups
from coterie.core.duplicates import own_domains
from coterie.core.store.duplicates.around import Look
from coterie.core.store.engine.database import Connection, listed
from coterie.core.text import fold

_DOMAINS: Final = 8
"""So many domains of a company are looked at."""
_FEW: Final = 50
"""When more companies than this were changed, all are looked at again."""
_SHORTEST: Final = 3
"""Letters of a word that can be looked up in the index."""
_LIVE: Final = "c.state = 0 AND c.company <> ''"
_BATCH: Final = 500


async def of_companies(
    connection: Connection, changed: Collection[str] | None = None, earlier: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Each spelling of a company that gives way, and the one that stays.

    Args:
        changed: only these may have changed since `earlier`; None for all. Typing errors are looked for among all only.
        earlier: what was returned before.
    """
    if changed is None or earlier is None or len(changed) > _FEW:
        return await _spelled(connection, "", {})
    made = dict(earlier)
    for name in changed:
        word = max(fold(name).split(), key=len, default="")
        letters = "".join(char for char in word if char.isalnum())
        if len(letters) < _SHORTEST or letters != word:
            continue
        look = Look(connection.dialect)
        look.holds("company", word)
        counts = await _counts(connection, f" AND c.id IN ({look.sql})", look.params)
        stem = companies.fingerprint(name)[0]
        near = {spelling: count for spelling, count in counts.items() if companies.fingerprint(spelling)[0] == stem}
        for spelling in near:
            made.pop(spelling, None)
        domains = await _domains_of(connection, f" AND c.id IN ({look.sql})", look.params) if len(near) > 1 else {}
        made |= companies.spellings(near, domains)
    return made


async def _spelled(connection: Connection, where: str, params: Mapping[str, object]) -> dict[str, str]:
    counts = await _counts(connection, where, params)
    return companies.spellings(counts, await _domains_of(connection, where, params))


async def _counts(connection: Connection, where: str, params: Mapping[str, object]) -> dict[str, int]:
    sql = f"SELECT c.company, COUNT(*) FROM contact c WHERE {_LIVE}{where} GROUP BY c.company"
    return dict(await connection.rows(sql, params))


async def _domains_of(connection: Connection, where: str, params: Mapping[str, object]) -> dict[str, set[str]]:
    sql = f"SELECT c.company, e.norm FROM contact c JOIN email e ON e.contact_id = c.id WHERE {_LIVE}{where}"
    return await connection.stream(sql, params, _domains)


def _domains(rows: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    domains: dict[str, set[str]] = defaultdict(set)
    for company, email in rows:
        if len(domains[company]) < _DOMAINS:
            domains[company].update(own_domains([email]))
    return domains


async def of_groups(connection: Connection) -> dict[str, str]:
    """Each group that gives way, and the one that stays. Only groups that are alike are counted."""
    ids = {name: group_id for group_id, name in await connection.rows("SELECT id, name FROM contact_group")}
    alike = groups.alike(ids)
    if not alike:
        return {}
    sizes = dict(
        await connection.rows(
            "SELECT m.group_id, COUNT(*) FROM membership m JOIN contact c ON c.id = m.contact_id"
            f" WHERE c.state = 0 AND m.group_id IN ({listed(ids[name] for name in alike)}) GROUP BY m.group_id"
        )
    )
    return groups.spellings({name: sizes.get(ids[name], 0) for name in alike})


async def holders(connection: Connection, kind: str, names: Collection[str]) -> set[int]:
    """The live contacts that have one of these spellings of a `companies` or `groups`."""
    ids: set[int] = set()
    ordered = sorted(names)
    for start in range(0, len(ordered), _BATCH):
        params = {f"n{place}": name for place, name in enumerate(ordered[start : start + _BATCH])}
        marks = ", ".join(f":{key}" for key in params)
        ids.update(row[0] for row in await connection.rows(_HOLDERS[kind].format(marks), params))
    return ids


_HOLDERS: Final = {
    "companies": "SELECT id FROM contact WHERE state = 0 AND company IN ({})",
    "groups": "SELECT m.contact_id FROM membership m JOIN contact_group g ON g.id = m.group_id WHERE g.name IN ({})",
}
