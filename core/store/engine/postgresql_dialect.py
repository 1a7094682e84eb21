"""PostgreSQL's words: LIKE under pg_trgm finds words of any length, slowly below three letters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import ClassVar, Final

from coterie.core.labelled import MESSENGERS, PHONETIC
from coterie.core.store.engine.dialect import Bind, Dialect
from coterie.core.text import fold
from coterie.core.wellknown import RELATION, WELL_KNOWN


def _jsonb(field: str) -> str:
    return f"CAST(NULLIF(c.{field}, '') AS jsonb)"


_ADDRESSES: Final = f"jsonb_array_elements({_jsonb('addresses')}) a(d), jsonb_each_text(a.d) j(k, v) WHERE"


class _Postgres(Dialect):
    """SQL of PostgreSQL; its index looks after itself."""

    line_end = "chr(10)"
    folds_exactly = False
    uid = "replace(lower((custom::json ->> 'UID') COLLATE \"C\"), 'urn:uuid:', '')"
    json_texts: ClassVar[Mapping[str, tuple[str, str]]] = {
        "addresses": (f"{_ADDRESSES} j.k <> 'label' AND", "j.v"),
        "city": (f"{_ADDRESSES} j.k = 'city' AND", "j.v"),
        "country": (f"{_ADDRESSES} j.k = 'country' AND", "j.v"),
        "urls": (f"jsonb_array_elements({_jsonb('urls')}) AS a(doc) WHERE", "(a.doc ->> 0)"),
        "custom": (f"jsonb_each_text({_jsonb('custom')}) AS j(key, value) WHERE", "(j.key || ': ' || j.value)"),
    }
    shortest = 1
    looks_first = False
    has_terms = False
    favorites = "contact c"
    sorts_values_alone = False

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

    def last(self, text: str, count: int) -> str:
        return f"RIGHT({text}, {count})"

    def joined(self, column: str) -> str:
        return f"string_agg(CAST({column} AS TEXT), chr(10))"

    def kept_texts(self, key: str) -> tuple[str, str]:
        each = f"jsonb_each_text({_jsonb('custom')}) AS j(key, value), regexp_split_to_table(j.value, '\n') AS v(text)"
        return f"{each} WHERE {_KEPT[key]} AND", "v.text"

    def ids(self, name: str) -> str:
        return f"SELECT unnest(CAST({name} AS bigint[]))"

    def id_values(self, ids: Collection[int]) -> list[int]:
        return list(ids)

    def digit_at(self, digits: str, place: str) -> str:
        return f"get_byte(CAST({digits} AS bytea), CAST({place} AS integer)) = 49"

    def word(self, text: str, numbers: Sequence[str], bind: Bind) -> str:
        places = [f"s.text LIKE {bind(_like(text))}", *([self.words(("phone",), numbers, bind)] if numbers else [])]
        return f"({' OR '.join(places)})"

    def words(self, columns: Sequence[str], texts: Sequence[str], bind: Bind) -> str:
        # Only `text` has an index: it narrows, the columns decide.
        names = [bind(_like(text)) for text in texts]
        return f"({' OR '.join(f'(s.text LIKE {name} AND {_any_like(columns, name)})' for name in names)})"

    def any_word(self, texts: Sequence[str], bind: Bind) -> str:
        return f"({' OR '.join(f's.text LIKE {bind(_like(text))}' for text in texts)})"

    def but_not(self, wanted: str, refused: str) -> str:
        return f"({wanted} AND NOT ({refused}))"

    def lookup(self, expression: str, bind: Bind) -> str:
        return f"SELECT s.contact_id FROM search s WHERE {expression}"


def _any_like(columns: Sequence[str], pattern: str) -> str:
    return f"({' OR '.join(f's.{column} LIKE {pattern}' for column in columns)})"


def _like(text: str) -> str:
    """The LIKE pattern of texts in which `text` stands."""
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _headings(keys: Iterable[str]) -> str:
    """A regular expression for these headings, also as a merge numbers them."""
    return f"^({'|'.join(re.escape(key) for key in keys)})( \\([0-9]+\\))?$"


def _all_dates() -> str:
    date = "([0-9]{4}|-)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    return f"^{date}(\n{date})*$"


_OTHERS: Final = [heading for heading in WELL_KNOWN if heading not in {"Date", "Anniversary"}]
_DETAILED: Final = [field.heading for field in WELL_KNOWN.values() if field.detail]
_RELATIONS: Final = [field.heading for field in WELL_KNOWN.values() if field.card == RELATION.card]
_KEPT: Final[Mapping[str, str]] = {
    "relations": f"(j.key ~ '{_headings(_RELATIONS)}' OR j.key LIKE 'Related (%)')",
    "ims": f"(j.key ~ '{_headings(['IM', *MESSENGERS])}' OR j.key LIKE 'IM (%)')",
    "events": f"(j.key ~ '{_headings(['Date', 'Anniversary'])}' OR (j.value ~ '{_all_dates()}'"
    f" AND j.key !~ '{_headings([*_OTHERS, 'Birthday'])}' AND j.key !~ '^({'|'.join(_DETAILED)}) \\('))",
    **{key: f"j.key = '{heading}'" for key, heading in PHONETIC.items()},
}
"""What tells the fields of `core.labelled` among the custom ones, as `labelled.place_of` does."""
POSTGRESQL: Final[Dialect] = _Postgres()
