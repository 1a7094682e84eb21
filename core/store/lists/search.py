"""Searches in SQL: the text of a search -> a condition on a contact, for either database."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final

from coterie.core import labelled
from coterie.core.errors import InvalidQuery
from coterie.core.labelled import MESSENGERS, PHONETIC
from coterie.core.query import patterns, wants_bin
from coterie.core.query.tree import Tree, names_invitations
from coterie.core.store.contacts import invitations, sources
from coterie.core.store.contacts.values import lines_of
from coterie.core.store.engine.database import Connection, DialectName
from coterie.core.store.lists.letter_pairs import LetterPair, LetterPairs
from coterie.core.store.lists.search_compiler import Compiler
from coterie.core.store.lists.searches import tree_of
from coterie.core.text import fold
from coterie.core.wellknown import RELATION, WELL_KNOWN


@dataclass(frozen=True, slots=True)
class Condition:
    """A boolean SQL expression about the contact `c`, and its parameters (`:q1`, `:q2`, …).

    Attributes:
        sql: empty where everything is meant.
        ids: SQLite's SELECT of the ids, in any state, where the index finds them without more; some may come twice.
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
    where = await sources.names(connection) if accounts else {}
    invited = await invitations.titles(connection) if names_invitations(tree) else {}
    found = await pairs.of(connection, tree) if pairs is not None else None
    return to_sql(tree, connection.dialect, connection.clock(), groups, accounts, found, invited, where)


def to_sql(
    tree: Tree,
    dialect: DialectName,
    now: datetime,
    groups: Mapping[int, str],
    accounts: Mapping[int, str] | None = None,
    pairs: Mapping[str, LetterPair] | None = None,
    invited: Mapping[int, str] | None = None,
    where: Mapping[sources.Key, str] | None = None,
) -> Condition:
    """The condition that the contacts of a search meet, whatever their state.

    Args:
        tree: what is searched.
        dialect: the database. A SQLite connection needs `FUNCTIONS`.
        now: the time, with the user's time zone: ages count from it, and days begin at its midnight.
        groups: the names of all groups, by id.
        accounts: the names of all accounts (`google:ada@example.org`), by id.
        pairs: how words of two letters are found in the index, where they can be.
        invited: the titles of all invitations, by id.
        where: the names of all places of accounts, by the ids of both.

    Raises InvalidQuery where a regular expression takes too long for names of groups or accounts.
    """
    compiler = _COMPILERS[dialect](now, groups, accounts or {}, pairs, invited, where)
    try:
        ids = compiler.whole(tree) if dialect == "sqlite" else ""
        return Condition(compiler.render(tree), compiler.params, wants_bin(tree), ids)
    except patterns.SlowPattern as error:
        raise _too_slow() from error


def query_error(error: BaseException) -> InvalidQuery | None:
    """What the user should read where running a search failed for its regular expression; None for other errors."""
    text = str(error)
    if "user-defined function raised exception" in text:  # all that SQLite tells of SlowPattern
        return _too_slow()
    if "invalid regular expression" in text:
        reason = text.partition("invalid regular expression: ")[2].partition("\n")[0].rstrip(".")
        return InvalidQuery(f"The database cannot read the regular expression: {reason or 'it has another dialect'}.")
    return None


def _too_slow() -> InvalidQuery:
    return InvalidQuery("The regular expression takes too long.", "Leave out repeats within repeats, like (a|aa)+.")


def _sql_regexp(pattern: str, value: str | None) -> bool:
    return value is not None and patterns.matches(pattern, value)


def _sql_fold(value: str | None) -> str:
    return fold(value or "")


def _sql_kept(custom: str | None, key: str) -> str:
    return json.dumps(labelled.values(json.loads(custom), key)) if custom else "[]"


def _sql_fold_line(value: str | None) -> str:
    return lines_of((value or "",))


FUNCTIONS: Final[Mapping[str, tuple[int, Callable[..., str | bool | None]]]] = {
    "regexp": (2, _sql_regexp),
    "fold": (1, _sql_fold),
    "fold_line": (1, _sql_fold_line),
    "kept": (2, _sql_kept),
}
"""What a SQLite connection must know: `create_function(name, count, function, deterministic=True)` for each."""


_SQLITE_ADDRESSES: Final = "json_each(NULLIF(c.addresses, '')) a, json_each(a.value) j WHERE"


class _SqliteCompiler(Compiler):
    """FTS5 with the trigram tokenizer, which finds any text of three letters or more."""

    shortest = 3
    json_texts: ClassVar[Mapping[str, tuple[str, str]]] = {
        "addresses": (f"{_SQLITE_ADDRESSES} j.key <> 'label' AND", "j.value"),
        "city": (f"{_SQLITE_ADDRESSES} j.key = 'city' AND", "j.value"),
        "country": (f"{_SQLITE_ADDRESSES} j.key = 'country' AND", "j.value"),
        "urls": ("json_each(NULLIF(c.urls, '')) a WHERE", "json_extract(a.value, '$[0]')"),
        "custom": ("json_each(NULLIF(c.custom, '')) j WHERE", "(j.key || ': ' || j.value)"),
    }

    def kept_texts(self, key: str) -> tuple[str, str]:
        return f"json_each(kept(c.custom, '{key}')) j WHERE", "j.value"

    def word_index(self, text: str, numbers: Sequence[str]) -> str:
        found = [_fts_text(text), *([self.column_index(("phone",), numbers)] if numbers else [])]
        return f"({' OR '.join(found)})" if len(found) > 1 else found[0]

    def column_index(self, columns: Sequence[str], texts: Sequence[str]) -> str:
        return f"({{{' '.join(columns)}}} : ({' OR '.join(map(_fts_text, texts))}))"

    def one_of(self, texts: Sequence[str]) -> str:
        return " OR ".join(map(_fts_text, texts))

    def but_not(self, wanted: str, refused: str) -> str:
        return f"(({wanted}) NOT ({refused}))"

    def lookup(self, expression: str) -> str:
        return f"SELECT rowid AS contact_id FROM search_index WHERE search_index MATCH {self.bind(expression)}"

    def fold(self, text: str) -> str:
        return f"fold({text})"

    def contains(self, text: str, part: str) -> str:
        return f"instr({text}, {part}) > 0"

    def regex(self, text: str, pattern: str) -> str:
        return f"{text} REGEXP {pattern}"

    def by_code_point(self, text: str) -> str:
        return text


def _fts_text(text: str) -> str:
    """A string of FTS5's own query language."""
    return '"' + text.replace('"', '""') + '"'


def _jsonb(field: str) -> str:
    return f"CAST(NULLIF(c.{field}, '') AS jsonb)"


_POSTGRES_ADDRESSES: Final = f"jsonb_array_elements({_jsonb('addresses')}) a(d), jsonb_each_text(a.d) j(k, v) WHERE"


class _PostgresCompiler(Compiler):
    """LIKE under pg_trgm: words of any length, slow below three letters."""

    shortest = 1
    json_texts: ClassVar[Mapping[str, tuple[str, str]]] = {
        "addresses": (f"{_POSTGRES_ADDRESSES} j.k <> 'label' AND", "j.v"),
        "city": (f"{_POSTGRES_ADDRESSES} j.k = 'city' AND", "j.v"),
        "country": (f"{_POSTGRES_ADDRESSES} j.k = 'country' AND", "j.v"),
        "urls": (f"jsonb_array_elements({_jsonb('urls')}) AS a(doc) WHERE", "(a.doc ->> 0)"),
        "custom": (f"jsonb_each_text({_jsonb('custom')}) AS j(key, value) WHERE", "(j.key || ': ' || j.value)"),
    }

    def kept_texts(self, key: str) -> tuple[str, str]:
        each = f"jsonb_each_text({_jsonb('custom')}) AS j(key, value), regexp_split_to_table(j.value, '\n') AS v(text)"
        return f"{each} WHERE {_POSTGRES_KEPT[key]} AND", "v.text"

    def word_index(self, text: str, numbers: Sequence[str]) -> str:
        found = [
            f"s.text LIKE {self.bind(_like(text))}",
            *([self.column_index(("phone",), numbers)] if numbers else []),
        ]
        return f"({' OR '.join(found)})"

    def column_index(self, columns: Sequence[str], texts: Sequence[str]) -> str:
        # Only `text` has an index: it narrows, the columns decide.
        names = [self.bind(_like(text)) for text in texts]
        return f"({' OR '.join(f'(s.text LIKE {name} AND {_any_like(columns, name)})' for name in names)})"

    def one_of(self, texts: Sequence[str]) -> str:
        return f"({' OR '.join(f's.text LIKE {self.bind(_like(text))}' for text in texts)})"

    def but_not(self, wanted: str, refused: str) -> str:
        return f"({wanted} AND NOT ({refused}))"

    def lookup(self, expression: str) -> str:
        return f"SELECT s.contact_id FROM search s WHERE {expression}"

    def fold(self, text: str) -> str:
        # `core.text.fold` as far as PostgreSQL goes; the order matters: LOWER under the C locale knows ASCII only.
        folded = f"LOWER(REGEXP_REPLACE(NORMALIZE({text}, NFKD), '[\u0300-\u036f]', '', 'g'))"
        for letter in "ßłøđðþæœħıŧŋ":
            folded = f"REPLACE({folded}, '{letter}', '{fold(letter)}')"
        return f"BTRIM(REGEXP_REPLACE({folded}, '\\s+', ' ', 'g'))"

    def contains(self, text: str, part: str) -> str:
        return f"POSITION({part} IN {text}) > 0"

    def regex(self, text: str, pattern: str) -> str:
        return f"{text} ~* {pattern}"

    def by_code_point(self, text: str) -> str:
        return f'{text} COLLATE "C"'


def _headings(keys: Iterable[str]) -> str:
    """A regular expression for these headings, also as a merge numbers them."""
    return f"^({'|'.join(re.escape(key) for key in keys)})( \\([0-9]+\\))?$"


def _all_dates() -> str:
    date = "([0-9]{4}|-)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    return f"^{date}(\n{date})*$"


_OTHERS: Final = [one for one in WELL_KNOWN if one not in {"Date", "Anniversary"}]
_DETAILED: Final = [one.heading for one in WELL_KNOWN.values() if one.detail]
_RELATIONS: Final = [one.heading for one in WELL_KNOWN.values() if one.card == RELATION.card]
_POSTGRES_KEPT: Final[Mapping[str, str]] = {
    "relations": f"(j.key ~ '{_headings(_RELATIONS)}' OR j.key LIKE 'Related (%)')",
    "ims": f"(j.key ~ '{_headings(['IM', *MESSENGERS])}' OR j.key LIKE 'IM (%)')",
    "events": f"(j.key ~ '{_headings(['Date', 'Anniversary'])}' OR (j.value ~ '{_all_dates()}'"
    f" AND j.key !~ '{_headings([*_OTHERS, 'Birthday'])}' AND j.key !~ '^({'|'.join(_DETAILED)}) \\('))",
    **{key: f"j.key = '{heading}'" for key, heading in PHONETIC.items()},
}
"""What tells the fields of `core.labelled` among the custom ones, as `labelled.place_of` does."""


def _any_like(columns: Sequence[str], pattern: str) -> str:
    return f"({' OR '.join(f's.{column} LIKE {pattern}' for column in columns)})"


def _like(text: str) -> str:
    """The LIKE pattern of texts in which `text` stands."""
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


_COMPILERS: Final[Mapping[DialectName, type[Compiler]]] = {"sqlite": _SqliteCompiler, "postgresql": _PostgresCompiler}
