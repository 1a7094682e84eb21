"""What duplicates are judged by, read from the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from coterie.core.duplicates import COMPARED_DIGITS, MIN_DIGITS, Key, name_key, number_key
from coterie.core.store.engine.database import Connection
from coterie.core.store.engine.dialect import Dialect

Rows = list[tuple[Any, ...]]

DIGITS = "REPLACE(norm, '+', '')"
IS_NUMBER = f"LENGTH({DIGITS}) >= {MIN_DIGITS}"
"""Whether `number_key` of a row of `phone` is not empty."""


def number(dialect: Dialect) -> str:
    """The SQL of `number_key` of a row of `phone` that IS_NUMBER."""
    return dialect.last(DIGITS, COMPARED_DIGITS)


async def key_rows(connection: Connection, ids: Collection[int]) -> tuple[Rows, Rows, Rows]:
    """What the keys of these contacts are made of: names and companies of those that are live, addresses, numbers."""
    # As one parameter: the text of a statement is kept with its program, and with a thousand ids in it that is much.
    chosen, params = connection.dialect.ids(":ids"), {"ids": connection.dialect.id_values(ids)}
    names = await connection.rows(
        "SELECT c.id, c.name, c.nickname, s.company FROM contact c JOIN search s ON s.contact_id = c.id"
        f" WHERE c.id IN ({chosen}) AND c.state = 0",
        params,
    )
    emails, phones = [
        await connection.rows(
            f"SELECT contact_id, norm FROM {table} WHERE contact_id IN ({chosen}) ORDER BY contact_id, position",
            params,
        )
        for table in ("email", "phone")
    ]
    return names, emails, phones


def keys(names: Rows, emails: Rows, phones: Rows) -> dict[int, Key]:
    """The keys that the rows of `key_rows` make, by id."""
    addresses: dict[int, list[str]] = defaultdict(list)
    for contact_id, norm in emails:
        addresses[contact_id].append(norm)
    numbers: dict[int, list[str]] = defaultdict(list)
    for contact_id, norm in phones:
        if key := number_key(norm):
            numbers[contact_id].append(key)
    return {
        contact_id: Key(
            contact_id,
            name_key(name or nickname),
            tuple(addresses.get(contact_id, ())),
            tuple(numbers.get(contact_id, ())),
            company,
        )
        for contact_id, name, nickname, company in names
    }
