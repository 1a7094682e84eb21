"""Words of two letters, found by the trigrams of SQLite's index that hold them.

The index knows texts of three letters and more. But wherever `zq` stands in a longer text, one of the trigrams `?zq`
and `zq?` stands there too, and which there are, the index tells in a millisecond. Only texts that are no longer than
the word have no trigram: who has such a text is looked up once, and kept until the book changes. In a large book this
is many times faster than looking through all texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from coterie.core.query.tree import And, Not, Or, Tree, Word
from coterie.core.store.contacts.values import SEARCH_COLUMNS
from coterie.core.store.engine.database import Connection, listed
from coterie.core.text import fold

SIZE: Final = 2
_MOST_LETTERS: Final = 500
"""With more different letters in a book (Chinese), too many trigrams would have to be looked up."""
_MOST_SHORT: Final = 5000
"""With more contacts that have a short text, it is as fast to look through all."""

# The index's own words, https://sqlite.org/fts5.html#the_fts5vocab_virtual_table_module
_VOCABULARY: Final = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_terms USING fts5vocab('main', 'search_index', 'instance')"
)
_SHORT_TEXT: Final = " OR ".join(f"LENGTH({column}) BETWEEN 1 AND {SIZE}" for column in SEARCH_COLUMNS)


def _distinct(following: str) -> str:
    """The SELECT of terms from `:start` up to `:end`; `following` is the least term that comes after `t.term`.

    Each is looked up by itself: a DISTINCT would go through all their places.
    """
    next_term = "(SELECT term FROM temp.search_terms WHERE term >= {} LIMIT 1)"
    return (
        f"WITH RECURSIVE t (term) AS (SELECT {next_term.format(':start')}"
        f" UNION ALL SELECT {next_term.format(following)} FROM t WHERE t.term < :end)"
        " SELECT term FROM t WHERE term < :end"
    )


_LETTERS: Final = _distinct("char(unicode(t.term) + 1)")
_TERMS: Final = _distinct("t.term || char(1)")
_END: Final = "\U0010ffff"


class LetterPair(NamedTuple):
    """Where to look for a word of two letters: the trigrams that hold it, and the contacts with texts without any."""

    trigrams: tuple[str, ...]
    short: str


@dataclass(slots=True)
class _Cache:
    """What holds until the book changes: the contacts with a short text, and the letters that terms begin with."""

    short: list[int] | None = None
    letters: list[str] | None = None


class LetterPairs:
    """The pairs of letters of one open book (SQLite only)."""

    def __init__(self) -> None:
        self._cache = _Cache()

    def forget(self) -> None:
        """The book has changed. What is being looked up now is not kept either."""
        self._cache = _Cache()

    async def of(self, connection: Connection, tree: Tree) -> dict[str, LetterPair]:
        """The pairs of those words of a search that can be found by trigrams."""
        words = {word for word in _words(tree) if len(word) == SIZE}
        if not words or not connection.dialect.has_terms:
            return {}
        await connection.run(_VOCABULARY)
        cache = self._cache
        letters, short = cache.letters, cache.short
        if letters is None:
            rows = await connection.rows(_LETTERS, {"start": "", "end": _END})
            cache.letters = letters = [row[0][0] for row in rows]
        if short is None:
            sql = f"SELECT contact_id FROM search WHERE {_SHORT_TEXT} LIMIT {_MOST_SHORT + 1}"
            cache.short = short = [row[0] for row in await connection.rows(sql)]
        if len(letters) > _MOST_LETTERS or len(short) > _MOST_SHORT:
            return {}
        pairs = {}
        for word in words:
            follow = await connection.rows(_TERMS, {"start": word, "end": word + _END})
            trigrams = (*(letter + word for letter in letters), *(row[0] for row in follow))
            pairs[word] = LetterPair(trigrams, listed(short))
        return pairs


def _words(tree: Tree) -> Iterator[str]:
    match tree:
        case Word(text):
            yield fold(text)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _words(part)
        case Not(part):
            yield from _words(part)
