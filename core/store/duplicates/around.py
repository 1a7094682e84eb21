"""The pairs of a few contacts against the whole book, through indexes: after an edit only what it touches is asked for.

Whoever may share something with a contact is looked up by its addresses, its numbers and the parts of its name; the
rest is judged in Python, as in a search of the whole book.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final, TypeVar

from coterie.core.duplicates import (
    MAX_SHARING,
    STRONG,
    Crowded,
    Key,
    Pair,
    compare,
    likeness_signs,
    name_signs,
    name_tokens,
    pack,
    second_signs,
)
from coterie.core.store.duplicates.keys import key_rows, keys, number
from coterie.core.store.engine.database import Connection, Database
from coterie.core.store.engine.dialect import Dialect
from coterie.core.text import fold

T = TypeVar("T")
_SHORTEST: Final = 3  # letters that SQLite's index of trigrams can look up


async def around(database: Database, contact_ids: Collection[int]) -> list[Pair]:
    """The pairs that these contacts make with any live contact, in order (`core.duplicates.pack`)."""
    async with database.reading(long=True) as connection:
        wanted = keys(*await key_rows(connection, contact_ids))
    near = set(wanted)
    for key in wanted.values():  # lists may come in between
        async with database.reading(long=True) as connection:
            near |= await _near(connection, key)
    async with database.reading(long=True) as connection:
        rows = await key_rows(connection, near)
    return await asyncio.to_thread(lambda: _judged(wanted, keys(*rows)))


# Who may share something -----------------------------------------------------------------------------------------


async def _near(connection: Connection, key: Key) -> set[int]:
    """The ids of all who share a sign with a contact, and of some others.

    Of those that share what very many share, just enough are there to see that.
    """
    ids: set[int] = set()
    for email in key.emails:
        ids |= await _ids(
            connection,
            "SELECT DISTINCT e.contact_id FROM email e JOIN contact c ON c.id = e.contact_id"
            f" WHERE e.norm = :norm AND c.state = 0 LIMIT {MAX_SHARING + 1}",
            {"norm": email},
        )
    for digits in key.phones:
        look = Look(connection.dialect)
        look.holds("phone", digits)
        ids |= await _ids(
            connection,
            "SELECT DISTINCT p.contact_id FROM phone p JOIN contact c ON c.id = p.contact_id"
            f" WHERE p.contact_id IN ({look.sql}) AND {number(connection.dialect)} = :number AND c.state = 0"
            f" LIMIT {MAX_SHARING + 1}",
            {**look.params, "number": digits},
        )
    if not key.name:
        return ids
    ids |= await _namesakes(connection, key)
    for token in name_tokens(key.name):
        if seconds := second_signs(key.emails, key.company):
            look = Look(connection.dialect)
            look.holds("name", token)
            look.holds_any([_place(sign) for sign in seconds])
            ids |= await _ids(connection, look.sql, look.params)
    return ids


async def _namesakes(connection: Connection, key: Key) -> set[int]:
    """Who has the same name, if that is a reason by itself: if one of them has neither e-mail nor number."""
    look = Look(connection.dialect)
    for token in key.name.split(" "):
        look.holds("name", token)
    matters = key.is_bare or not name_tokens(key.name)  # a name of initials is looked up as a whole only
    if not matters and not await _ids(connection, f"{look.sql} AND s.email = '' LIMIT 1", look.params):
        return set()
    return await _ids(connection, look.sql, look.params)


def _place(sign: str) -> tuple[str, str]:
    """The column of `search` in which a second sign stands, and how."""
    return ("email", fold(sign)) if "@" in sign else ("company", sign.strip("\n"))


async def _ids(connection: Connection, sql: str, params: Mapping[str, object]) -> set[int]:
    return {row[0] for row in await connection.rows(sql, params)}


class Look:
    """A look for contacts in whose searched texts something stands; by the index wherever that can be.

    Args:
        dialect: the database.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._indexed: list[str] = []
        self._tests: list[str] = []
        self.params: dict[str, object] = {}

    def holds(self, column: str, text: str) -> None:
        """The column holds the text, which is of letters and digits."""
        if len(text) < self._dialect.shortest:
            self._tests.append(self._dialect.contains(f"s.{column}", self._bind(text)))
        else:
            indexed = self._indexed if self._dialect.looks_first else self._tests
            indexed.append(self._dialect.words((column,), [text], self._bind))

    def holds_any(self, places: Sequence[tuple[str, str]]) -> None:
        """One of the columns holds the text that belongs to it."""
        dialect = self._dialect
        if dialect.looks_first and not self._indexed and all(len(text) >= dialect.shortest for _, text in places):
            words = [dialect.words((column,), [text], self._bind) for column, text in places]
            self._indexed.append(f"({' OR '.join(words)})")
        tests = [dialect.contains(f"s.{column}", self._bind(text)) for column, text in places]
        self._tests.append(f"({' OR '.join(tests)})")

    def _bind(self, value: object) -> str:
        name = f"t{len(self.params)}"
        self.params[name] = value
        return f":{name}"

    @property
    def sql(self) -> str:
        """The SELECT of the ids; `params` are its parameters."""
        tests = list(self._tests)
        if self._indexed:
            matching = self._dialect.lookup(" AND ".join(self._indexed), self._match)
            tests.insert(0, f"s.contact_id IN ({matching})")
        return f"SELECT s.contact_id FROM search s WHERE {' AND '.join(tests)}"

    def _match(self, expression: object) -> str:
        self.params["match"] = expression
        return ":match"


# Judging ---------------------------------------------------------------------------------------------------------


def _judged(wanted: Collection[int], near: Mapping[int, Key]) -> list[Pair]:
    """The pairs of the contacts `wanted`. `near` are they and all who share a sign with one of them."""
    everybody = list(near.values())
    crowded = Crowded(
        _very_many(everybody, lambda key: key.emails),
        _very_many(everybody, lambda key: key.phones),
    )
    common = _very_many(everybody, _signs)
    pairs: set[Pair] = set()
    for first in (near[contact_id] for contact_id in wanted if contact_id in near):
        rare = _signs(first) - common
        for second in everybody:
            pair = compare(first, second, crowded) if first.id != second.id else None
            if pair and (pair.reasons[0] in STRONG or not rare.isdisjoint(_signs(second))):
                pairs.add(pair)
    return sorted(pairs, key=pack)


def _signs(key: Key) -> set[tuple[str, ...]]:
    return {*name_signs(key), *likeness_signs(key)}


def _very_many(everybody: Iterable[Key], of: Callable[[Key], Iterable[T]]) -> frozenset[T]:
    """The signs that more contacts share than could be one person."""
    counts = Counter(sign for key in everybody for sign in set(of(key)))
    return frozenset(sign for sign, count in counts.items() if count > MAX_SHARING)
