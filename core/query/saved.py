"""Searches that are kept by name: in a search, `@NAME` stands for what is kept under that name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Final

from coterie.core.errors import InvalidQuery
from coterie.core.model import SavedSearch
from coterie.core.query.parser import MAX_TERMS, parse
from coterie.core.query.tree import And, Not, Or, Saved, Tree, Word
from coterie.core.text import group_key

MAX_NESTED: Final = 8
"""So many searches may name each other in a row."""


class _Loop(InvalidQuery):
    """A search leads back to itself."""


def written(name: str) -> str:
    """How a saved search is named in a search: `@choir`, `@"no phone"`."""
    if re.fullmatch(r"[\w-]+", name):
        return f"@{name}"
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'@"{escaped}"'


def saved_in(tree: Tree) -> Iterator[Saved]:
    """The saved searches that a search names, in the order of its text."""
    match tree:
        case Saved():
            yield tree
        case Not(part):
            yield from saved_in(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from saved_in(part)


def naming(query: str, name: str) -> list[Saved]:
    """Where `query` names the saved search of that name."""
    return [saved for saved in saved_in(parse(query)) if group_key(saved.name) == group_key(name)]


def renamed(query: str, old: str, new: str) -> str:
    """`query` with the saved search `old` called `new`."""
    for saved in reversed(naming(query, old)):
        query = query[: saved.start] + written(new) + query[saved.end :]
    return query


def expanded(tree: Tree, searches: Sequence[SavedSearch], *, finished: bool = False) -> Tree:
    """`tree` with what the saved searches that it names stand for.

    Args:
        tree: what was searched.
        searches: all that are saved.
        finished: a name that nothing is saved under is an error; else it counts as a word while it is typed.

    Raises InvalidQuery if a name is not known, or a saved search cannot be read or names itself.
    """
    whole = _Expansion(searches, finished).of(tree)
    if _size(whole, {}) > MAX_TERMS:
        raise InvalidQuery(f"With its saved searches, the search has more than {MAX_TERMS} words.", "Leave some out.")
    return whole


class _Expansion:
    """Each saved search is read once, however often it is named."""

    def __init__(self, searches: Sequence[SavedSearch], finished: bool) -> None:
        self._searches = searches
        self._by_key = {group_key(search.name): search for search in searches}
        self._finished = finished
        self._read: dict[str, Tree] = {}
        self._open: list[str] = []

    def of(self, tree: Tree) -> Tree:
        match tree:
            case Saved():
                return self._saved(tree)
            case Not(part):
                return Not(self.of(part))
            case And(parts):
                return And(tuple(map(self.of, parts)))
            case Or(parts):
                return Or(tuple(map(self.of, parts)))
            case _:
                return tree

    def _saved(self, saved: Saved) -> Tree:
        key = group_key(saved.name)
        search = self._by_key.get(key)
        if search is None:
            if not self._finished and not saved.exact and not self._open:
                return Word(f"@{saved.name}")
            raise self._unknown(saved)
        if key in self._open:
            way = [*self._open[self._open.index(key) :], key]
            names = " → ".join(written(self._by_key[step].name) for step in way)
            raise _Loop(f"The saved search “{search.name}” names itself ({names}).", "Save one of them anew without.")
        if len(self._open) == MAX_NESTED:
            raise _Loop(f"More than {MAX_NESTED} saved searches name each other.", "Save some of them anew without.")
        if key not in self._read:
            self._open.append(key)
            self._read[key] = self._parsed(search)
            self._open.pop()
        return self._read[key]

    def _parsed(self, search: SavedSearch) -> Tree:
        try:
            return self.of(parse(search.query, finished=True))
        except _Loop:
            raise
        except InvalidQuery as error:
            raise InvalidQuery(f"The saved search “{search.name}” cannot be read: {error.title}", error.hint) from error

    def _unknown(self, saved: Saved) -> InvalidQuery:
        title = f"There is no saved search “{saved.name}” (character {saved.start + 1})."
        span = None if self._open else (saved.start, saved.end)
        if not self._searches:
            hint = "No search is saved yet. Put quotation marks around a word that begins with @."
            return InvalidQuery(title, hint, span)
        near = difflib.get_close_matches(group_key(saved.name), self._by_key, 1)
        meant = f"Did you mean {written(self._by_key[near[0]].name)}? " if near else ""
        names = ", ".join(written(search.name) for search in self._searches)
        return InvalidQuery(title, f"{meant}The saved searches are: {names}.", span)


def _size(tree: Tree, sizes: dict[int, int]) -> int:
    """How many words a search has; parts that stand in several places are counted once for each, but looked at once."""
    if id(tree) not in sizes:
        match tree:
            case Not(part):
                sizes[id(tree)] = _size(part, sizes)
            case And(parts) | Or(parts):
                sizes[id(tree)] = sum(_size(part, sizes) for part in parts)
            case _:
                sizes[id(tree)] = 1
    return sizes[id(tree)]
