"""Searches in SQL: the text of a search -> a condition on a contact, for either database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from coterie.core.errors import InvalidQuery
from coterie.core.query import patterns, wants_bin
from coterie.core.query.tree import Tree, names_invitations
from coterie.core.store.contacts import invitations, sources
from coterie.core.store.engine.database import Connection
from coterie.core.store.engine.dialect import Dialect
from coterie.core.store.lists.letter_pairs import LetterPair, LetterPairs
from coterie.core.store.lists.search_compiler import Compiler
from coterie.core.store.lists.searches import tree_of


@dataclass(frozen=True, slots=True)
class Condition:
    """A boolean SQL expression about the contact `c`, and its parameters (`:q1`, `:q2`, …).

    Attributes:
        sql: empty if everything is meant.
        ids: the SELECT of the ids, in any state, if the index alone finds them quickly; some may come twice.
        wants_bin: the search asks for what is in the Bin, which lists leave out otherwise.
    """

    sql: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    wants_bin: bool = False
    ids: str = ""


async def condition(
    connection: Connection, query: str, *, finished: bool = False, pairs: LetterPairs | None = None
) -> Condition:
    """The condition of a search text, with the groups and accounts of this book. Raises InvalidQuery."""
    tree = await tree_of(connection, query, finished=finished)
    if not query.strip():
        return Condition()
    groups = dict(await connection.rows("SELECT id, name FROM contact_group"))
    accounts = dict(await connection.rows("SELECT id, provider || ':' || address FROM account"))
    places = await sources.names(connection) if accounts else {}
    invited = await invitations.titles(connection) if names_invitations(tree) else {}
    letter_pairs = await pairs.of(connection, tree) if pairs is not None else None
    return to_sql(tree, connection.dialect, connection.clock(), groups, accounts, letter_pairs, invited, places)


def to_sql(
    tree: Tree,
    dialect: Dialect,
    now: datetime,
    groups: Mapping[int, str],
    accounts: Mapping[int, str] | None = None,
    pairs: Mapping[str, LetterPair] | None = None,
    invited: Mapping[int, str] | None = None,
    places: Mapping[sources.Key, str] | None = None,
) -> Condition:
    """The condition that the contacts of a search meet, whatever their state.

    Args:
        tree: what is searched.
        dialect: the words of the database.
        now: the time, with the user's time zone: ages count from it, and days begin at its midnight.
        groups: the names of all groups, by id.
        accounts: the names of all accounts (`google:ada@example.org`), by id.
        pairs: how words of two letters are found in the index, if they can be.
        invited: the titles of all invitations, by id.
        places: the names of all places of accounts, by the ids of both.

    Raises InvalidQuery if a regular expression takes too long for names of groups or accounts.
    """
    compiler = Compiler(dialect, now, groups, accounts or {}, pairs, invited, places)
    try:
        ids = compiler.whole(tree) if dialect.looks_first else ""
        return Condition(compiler.render(tree), compiler.params, wants_bin(tree), ids)
    except patterns.SlowPattern as error:
        raise _too_slow() from error


def query_error(error: BaseException) -> InvalidQuery | None:
    """What the user should read if running a search failed for its regular expression; None for other errors."""
    text = str(error)
    if "user-defined function raised exception" in text:  # all that SQLite tells of SlowPattern
        return _too_slow()
    if "invalid regular expression" in text:
        reason = text.partition("invalid regular expression: ")[2].partition("\n")[0].rstrip(".")
        return InvalidQuery(f"The database cannot read the regular expression: {reason or 'it has another dialect'}.")
    return None


def _too_slow() -> InvalidQuery:
    return InvalidQuery("The regular expression takes too long.", "Leave out repeats within repeats, like (a|aa)+.")
