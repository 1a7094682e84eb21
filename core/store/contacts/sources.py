"""Accounts and their places as a search names them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from typing import TypeVar

from coterie.core.query import patterns
from coterie.core.query.tree import Compare, Operator
from coterie.core.store.engine.database import Connection, listed
from coterie.core.text import fold

K = TypeVar("K", bound=Hashable)
Key = tuple[int, str]
"""The ids of an account and of a place in it."""


def among(tree: Compare, names: Mapping[K, str]) -> list[K]:
    """The keys of the names that meet a comparison."""
    wanted = fold(tree.value)
    test: Callable[[str], bool]
    match tree.operator:
        case Operator.REGEX:
            test = lambda name: patterns.matches(tree.value, name)  # noqa: E731
        case Operator.EXACT:
            test = lambda name: fold(name) == wanted  # noqa: E731
        case _:
            test = lambda name: wanted in fold(name)  # noqa: E731
    return [key for key, name in names.items() if test(name)]


async def names(connection: Connection) -> dict[Key, str]:
    """The whole names of all places, as `KnownPlace.name`."""
    rows = await connection.rows(
        "SELECT p.account_id, p.id, a.provider || ':' || a.address || '/' || p.name FROM place p"
        " JOIN account a ON a.id = p.account_id"
    )
    return {(account_id, id_): name for account_id, id_, name in rows}


def holding(
    accounts: Collection[int], places: Collection[Key], bind: Callable[[object], str], contact: str = "c.id"
) -> str:
    """The condition of SQL for the contacts that are in one of these accounts or places."""
    tests = [f"account_id IN ({listed(accounts)})"] if accounts else []
    tests += [f"(account_id = {account} AND place = {bind(place)})" for account, place in places]
    if not tests:
        return "1 = 0"
    return f"{contact} IN (SELECT contact_id FROM remote WHERE ({' OR '.join(tests)}) AND contact_id IS NOT NULL)"
