"""SQLite's words: FTS5 with the trigram tokenizer, which finds any text of three letters or more."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import ClassVar, Final

from coterie.core import labelled
from coterie.core.query import patterns
from coterie.core.store.engine.dialect import Bind, Dialect
from coterie.core.text import fold, folded_lines

_ADDRESSES: Final = "json_each(NULLIF(c.addresses, '')) a, json_each(a.value) j WHERE"


class _Sqlite(Dialect):
    """SQL with the functions of `FUNCTIONS`."""

    line_end = "char(10)"
    folds_exactly = True
    uid = "replace(lower(json_extract(custom, '$.UID')), 'urn:uuid:', '')"
    json_texts: ClassVar[Mapping[str, tuple[str, str]]] = {
        "addresses": (f"{_ADDRESSES} j.key <> 'label' AND", "j.value"),
        "city": (f"{_ADDRESSES} j.key = 'city' AND", "j.value"),
        "country": (f"{_ADDRESSES} j.key = 'country' AND", "j.value"),
        "urls": ("json_each(NULLIF(c.urls, '')) a WHERE", "json_extract(a.value, '$[0]')"),
        "custom": ("json_each(NULLIF(c.custom, '')) j WHERE", "(j.key || ': ' || j.value)"),
    }
    shortest = 3
    looks_first = True
    has_terms = True
    # Without statistics SQLite would look for the few favorites in the index of all contacts.
    favorites = "contact c INDEXED BY contact_favorite"
    sorts_values_alone = True

    def fold(self, text: str) -> str:
        return f"fold({text})"

    def contains(self, text: str, part: str) -> str:
        return f"instr({text}, {part}) > 0"

    def regex(self, text: str, pattern: str) -> str:
        return f"{text} REGEXP {pattern}"

    def by_code_point(self, text: str) -> str:
        return text

    def last(self, text: str, count: int) -> str:
        return f"SUBSTR({text}, -{count})"

    def joined(self, column: str) -> str:
        return f"group_concat({column}, char(10))"

    def kept_texts(self, key: str) -> tuple[str, str]:
        return f"json_each(kept(c.custom, '{key}')) j WHERE", "j.value"

    def ids(self, name: str) -> str:
        return f"SELECT value FROM json_each({name})"

    def id_values(self, ids: Collection[int]) -> str:
        return json.dumps(list(ids))

    def digit_at(self, digits: str, place: str) -> str:
        return f"substr({digits}, {place} + 1, 1) = x'31'"

    def word(self, text: str, numbers: Sequence[str], bind: Bind) -> str:
        places = [_quoted(text), *([self.words(("phone",), numbers, bind)] if numbers else [])]
        return f"({' OR '.join(places)})" if len(places) > 1 else places[0]

    def words(self, columns: Sequence[str], texts: Sequence[str], bind: Bind) -> str:
        return f"({{{' '.join(columns)}}} : ({' OR '.join(map(_quoted, texts))}))"

    def any_word(self, texts: Sequence[str], bind: Bind) -> str:
        return " OR ".join(map(_quoted, texts))

    def but_not(self, wanted: str, refused: str) -> str:
        return f"(({wanted}) NOT ({refused}))"

    def lookup(self, expression: str, bind: Bind) -> str:
        return f"SELECT rowid AS contact_id FROM search_index WHERE search_index MATCH {bind(expression)}"

    # FTS5 reads its content from `search`, and must be told the exact old text before that changes:
    # https://sqlite.org/fts5.html#external_content_tables

    def forgetting(self, columns: Sequence[str], where: str) -> str:
        names = ", ".join(columns)
        return (
            f"INSERT INTO search_index (search_index, rowid, {names})"
            f" SELECT 'delete', contact_id, {names} FROM search WHERE {where}"
        )

    def learning(self, columns: Sequence[str], where: str) -> str:
        names = ", ".join(columns)
        return f"INSERT INTO search_index (rowid, {names}) SELECT contact_id, {names} FROM search WHERE {where}"

    def relearning(self, texts: Mapping[str, str], columns: Sequence[str], where: str) -> str:
        # The old text is forgotten and the new one learnt in one go: two thirds of the time of one after the other.
        both = [f"CASE WHEN command IS NULL THEN {texts[name]} ELSE {name} END" if name in texts else name
                for name in columns]  # fmt: skip
        return (
            f"INSERT INTO search_index (search_index, rowid, {', '.join(columns)})"
            f" SELECT command, contact_id, {', '.join(both)}"
            f" FROM search CROSS JOIN (SELECT 'delete' AS command UNION ALL SELECT NULL) AS turn WHERE {where}"
            " ORDER BY contact_id, command IS NULL"
        )

    def merging(self, segments: int) -> str:
        return f"INSERT INTO search_index (search_index, rank) VALUES ('automerge', {int(segments)})"

    def squeezing(self) -> str:
        return "INSERT INTO search_index (search_index) VALUES ('optimize')"

    def indexes_of(self, tables: Collection[str]) -> str:
        among = ", ".join(f"'{table}'" for table in tables)
        return f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({among})"


def _quoted(text: str) -> str:
    """A string of FTS5's own query language."""
    return '"' + text.replace('"', '""') + '"'


def _regexp(pattern: str, value: str | None) -> bool:
    return value is not None and patterns.matches(pattern, value)


def _fold(value: str | None) -> str:
    return fold(value or "")


def _kept(custom: str | None, key: str) -> str:
    return json.dumps(labelled.values(json.loads(custom), key)) if custom else "[]"


def _fold_line(value: str | None) -> str:
    return folded_lines((value or "",))


FUNCTIONS: Final[Mapping[str, tuple[int, Callable[..., str | bool | None]]]] = {
    "regexp": (2, _regexp),
    "fold": (1, _fold),
    "fold_line": (1, _fold_line),
    "kept": (2, _kept),
}
"""What a connection must know: `create_function(name, count, function, deterministic=True)` for each."""
SQLITE: Final[Dialect] = _Sqlite()
