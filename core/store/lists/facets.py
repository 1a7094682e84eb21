"""Facets: the commonest companies, domains, groups and accounts among the contacts of a list, with their counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any, Final

from coterie.core.query import parse, quote
from coterie.core.query.tree import Or
from coterie.core.store.engine.database import Connection
from coterie.core.text import fold

MOST: Final = 50
"""So many values of each are told."""
SOURCE: Final = "Source"
"""The heading of the accounts."""
_PLAIN: Final = re.compile(r"[\w.-]+")
"""What a search takes without quotation marks."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One value that some of the contacts have.

    Attributes:
        label: the value.
        count: how many of them have it.
        term: the search that finds those who have it.
    """

    label: str
    count: int
    term: str


Facets = Mapping[str, list[Facet]]
"""By the heading of each kind, the commonest first."""


def narrowed_to(query: str, term: str) -> str:
    """The search for what both `query` and `term` find."""
    if query and isinstance(parse(query), Or):
        query = f"({query})"
    return f"{query} {term}".strip()


async def facets(connection: Connection, shown: str, params: Mapping[str, Any]) -> Facets:
    """Count among the contacts whose ids (as `id`) the query `shown` selects."""
    among = f"IN (SELECT id FROM ({shown}) AS shown)"
    companies = await connection.stream(
        f"SELECT company, COUNT(*) FROM contact WHERE id {among} AND company <> '' GROUP BY company", params, _companies
    )
    domains = await connection.stream(
        f"SELECT contact_id, norm FROM email WHERE contact_id {among} ORDER BY contact_id", params, _domains
    )
    groups = await connection.rows(
        "SELECT g.name, counted.size FROM (SELECT group_id, COUNT(*) AS size FROM membership"
        f" WHERE contact_id {among} GROUP BY group_id ORDER BY 2 DESC LIMIT {MOST}) AS counted"
        " JOIN contact_group g ON g.id = counted.group_id ORDER BY counted.size DESC, g.name_key",
        params,
    )
    sources = await connection.rows(
        "SELECT a.provider || ':' || a.address, COUNT(DISTINCT r.contact_id) FROM remote r"
        f" JOIN account a ON a.id = r.account_id WHERE r.contact_id {among} GROUP BY a.id, a.provider, a.address"
        f" ORDER BY 2 DESC, 1 LIMIT {MOST}",
        params,
    )
    return {
        "Company": [Facet(name, count, f"company:={quote(name)}") for name, count in companies],
        "Domain": [Facet(name, count, _at(name, domains)) for name, count in domains.most_common(MOST)],
        "Group": [Facet(name, count, f"group:={quote(name)}") for name, count in groups],
        SOURCE: [Facet(name, count, f"source:={quote(name)}") for name, count in sources],
    }


def _companies(rows: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """The commonest companies. Spellings that one search finds are one company, called by the commonest of them."""
    counts: Counter[str] = Counter()
    spellings: dict[str, tuple[int, str]] = {}
    for name, count in rows:
        key = fold(name)
        counts[key] += count
        spellings[key] = min(spellings.get(key, (0, "")), (-count, name))
    commonest = nsmallest(MOST, counts, lambda key: (-counts[key], spellings[key][1]))
    return [(spellings[key][1], counts[key]) for key in commonest]


def _domains(rows: Iterable[tuple[int, str]]) -> Counter[str]:
    """How many contacts have an address at each domain."""
    counts: Counter[str] = Counter()
    last, seen = 0, set[str]()
    for contact_id, address in rows:
        if contact_id != last:
            counts.update(seen)
            last, seen = contact_id, set()
        seen.add(address.rpartition("@")[2] if "@" in address else "")
    counts.update(seen)
    del counts[""]
    return counts


def _at(domain: str, domains: Mapping[str, int]) -> str:
    """The search for addresses at a domain, and at no other that begins so."""
    if any(other != domain and other.startswith(domain) for other in domains):
        pattern = "@" + re.sub(r"[^\w-]", r"\\\g<0>", domain) + "$"
        return f"email:~{quote(pattern)}"
    return f"email:@{domain}" if _PLAIN.fullmatch(domain) else f"email:{quote(f'@{domain}')}"
