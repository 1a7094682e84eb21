"""Searches that are kept by name: what `@NAME` means, and what can be done with them, on either database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from coterie.core.book import Book
from coterie.core.changes import Change, Delete, DeleteSearch, MoveSearch, Plan, RenameSearch, SaveSearch
from coterie.core.checks import Checks
from coterie.core.errors import InvalidQuery, InvalidValue, NotFound
from coterie.core.listing import Listing, View
from coterie.core.model import SavedSearch
from coterie.core.query import parse
from coterie.core.query.parser import MAX_TERMS
from coterie.core.query.saved import MAX_NESTED, expanded, renamed, written
from coterie.core.query.tree import And, Not, Or, Saved, Tree, Word
from coterie.core.settings import Settings
from tests.conftest import Clock, OnPostgresql
from tests.core.book_contract import ADA, BOB, CYD, make, names

A, B, C = (Word(letter) for letter in "abc")


def kept(**searches: str) -> list[SavedSearch]:
    return [SavedSearch(place, name, query) for place, (name, query) in enumerate(searches.items(), 1)]


# The language -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("@choir", Saved("choir", 0, 6)),
        ('a @"no phone"', And((A, Saved("no phone", 2, 13, exact=True)))),
        ("-@choir", Not(Saved("choir", 1, 7))),
        ("(a OR @choir)", Or((A, Saved("choir", 6, 12)))),
        ("@example.org", Word("@example.org")),
        ("@", Word("@")),
        ("ada@example", Word("ada@example")),
        ('"@choir"', Word("@choir")),
    ],
)
def test_an_at_sign_names_a_saved_search_but_not_before_a_domain(text: str, tree: Tree) -> None:
    assert parse(text) == parse(text, finished=True) == tree


@pytest.mark.parametrize("text", ['@"cho', '@"', '@""'])
def test_an_unfinished_name_says_nothing_yet(text: str) -> None:
    assert parse(f"a {text}") == A
    with pytest.raises(InvalidQuery, match=r"\(character [34]\)"):
        parse(f"a {text}", finished=True)


@pytest.mark.parametrize("name", ["choir", "no phone", "Chör-2", 'say "hi"', "back\\slash", "v1.2", "(a)", "@", "-a"])
def test_a_name_is_written_as_it_is_read(name: str) -> None:
    tree = parse(written(name), finished=True)
    assert isinstance(tree, Saved)
    assert tree.name == name


def test_a_saved_search_stands_for_what_is_kept() -> None:
    searches = kept(first="a OR b", second="-@First c")
    assert expanded(parse("@SECOND a"), searches) == And((And((Not(Or((A, B))), C)), A))


def test_a_renamed_search_is_followed_in_the_others() -> None:
    assert renamed('(@one OR -@"One") "@one" @two', "one", "no phone") == '(@"no phone" OR -@"no phone") "@one" @two'


def test_a_name_that_nobody_knows_counts_as_a_word_only_while_it_is_typed() -> None:
    assert expanded(parse("@acm"), kept(choir="a")) == Word("@acm")
    with pytest.raises(InvalidQuery) as error:
        expanded(parse("@chior"), kept(choir="a", other="b"), finished=True)
    assert error.value.title == "There is no saved search “chior” (character 1)."
    assert error.value.hint == "Did you mean @choir? The saved searches are: @choir, @other."
    with pytest.raises(InvalidQuery, match="no saved search “x y”"):
        expanded(parse('@"x y"'), [])


def test_a_search_that_names_itself_is_refused() -> None:
    with pytest.raises(InvalidQuery, match=r"“one” names itself \(@one → @two → @one\)"):
        expanded(parse("a @one"), kept(one="b @two", two="@one"))


def test_searches_within_searches_come_to_an_end() -> None:
    chain = kept(s0="a", **{f"s{n}": f"@s{n - 1}" for n in range(1, MAX_NESTED + 1)})
    assert expanded(parse(f"@s{MAX_NESTED - 1}"), chain) == A
    with pytest.raises(InvalidQuery, match=f"More than {MAX_NESTED} saved searches"):
        expanded(parse(f"@s{MAX_NESTED}"), chain)
    doubling = kept(s0=" ".join("abcdefghij"), **{f"s{n}": " ".join([f"@s{n - 1}"] * 100) for n in range(1, 7)})
    with pytest.raises(InvalidQuery, match=f"more than {MAX_TERMS} words"):
        expanded(parse("@s6"), doubling)


def test_what_is_wrong_within_a_saved_search_names_it() -> None:
    with pytest.raises(InvalidQuery, match="“old” cannot be read: There is no field “colour”"):
        expanded(parse("@old"), kept(old="colour:red"))


# The book -----------------------------------------------------------------------------------------------------------


async def do(book: Book, *changes: Change) -> None:
    await book.apply(Plan("search", "Change", list(changes)))


async def shown(book: Book) -> list[tuple[str, str]]:
    return [(one.name, one.query) for one in await book.searches.all()]


class SearchesContract:
    """Subclasses say by `settings` where the book is; `other` is the same book, opened by another program."""

    @pytest.fixture
    async def other(self, settings: Settings, clock: Clock, book: Book) -> AsyncIterator[Book]:
        async with await Book.open(settings, now=clock) as other:
            yield other

    async def test_a_saved_search_is_used_wherever_one_searches(self, book: Book, other: Book) -> None:
        await make(book, ADA, BOB, CYD)
        await do(book, SaveSearch("Engines", "company:engines OR company:acme"), SaveSearch("no star", "-is:favorite"))
        for one in (book, other):
            assert await names(one, Listing(query="@engines")) == ["Ada King", "Bob Łuczak"]
            assert await names(one, Listing(query='@engines @"No  Star"')) == ["Bob Łuczak"]
            assert await names(one, Listing(View.FAVORITES, query="@engines")) == ["Ada King"]
            assert await one.lists.matching("@engines") == 2
        await do(book, SaveSearch("engines", "company:acme"))
        assert await names(book, Listing(query="@engines")) == ["Bob Łuczak"]
        assert await shown(book) == [("engines", "company:acme"), ("no star", "-is:favorite")]

    async def test_a_saved_search_may_look_into_the_bin(self, book: Book) -> None:
        ada, _ = await make(book, ADA, BOB)
        await do(book, SaveSearch("gone", "in:bin"), Delete(Checks.of([ada])))
        assert await names(book, Listing(query="@gone")) == ["Ada King"]
        assert await book.lists.count(Listing(query="@gone")) == await book.lists.matching("@gone") == 1

    async def test_what_is_changed_must_be_meant(self, book: Book) -> None:
        await make(book, ADA, BOB)
        with pytest.raises(InvalidQuery, match="no saved search “acme”"):
            await do(book, Delete(Listing(query="@acme")))
        with pytest.raises(InvalidQuery, match="no saved search “acme”"):
            await book.searches.check("@acme")
        assert await book.lists.count(Listing()) == 2

    async def test_each_change_is_undone_and_redone(self, book: Book) -> None:
        steps: list[Sequence[Change]] = [
            [SaveSearch("one", "ada")],
            [SaveSearch("two", "@one bob")],
            [SaveSearch("three", "cyd")],
            [SaveSearch("One", "ada OR bob")],
            [RenameSearch(1, "first search")],
            [MoveSearch(3, -2)],
            [DeleteSearch(2)],
        ]
        states = [await shown(book)]
        for changes in steps:
            await do(book, *changes)
            states.append(await shown(book))
        assert states[5] == [("first search", "ada OR bob"), ("two", '@"first search" bob'), ("three", "cyd")]
        assert states[-1] == [("three", "cyd"), ("first search", "ada OR bob")]
        for state in reversed(states[:-1]):
            await book.history.undo()
            assert await shown(book) == state
        for state in states[1:]:
            await book.history.redo()
            assert await shown(book) == state

    async def test_an_undo_leaves_what_was_changed_since(self, book: Book, other: Book) -> None:
        await do(book, SaveSearch("one", "ada"))
        await do(book, SaveSearch("one", "bob"))
        await do(book, SaveSearch("two", "cyd"))
        await book.history.undo()
        async with other._database.writing() as connection:  # as somebody else's change would
            await connection.run("UPDATE saved_search SET query = 'eve'")
        outcome = await book.history.undo()
        assert [(one.subject, one.reason) for one in outcome.skipped] == [
            ("one", "is left as it is: the search was changed, or its name is taken")
        ]
        assert await shown(book) == [("one", "eve")]

    async def test_what_cannot_be_kept_is_refused(self, book: Book) -> None:
        await do(book, SaveSearch("one", "ada"), SaveSearch("two", "@one"))
        for change, error, words in (
            (SaveSearch(" ", "ada"), InvalidValue, "needs a name"),
            (SaveSearch("x", "  "), InvalidQuery, "no search to save"),
            (SaveSearch("x", "name:"), InvalidQuery, "nothing after “name:”"),
            (SaveSearch("x", "@nobody"), InvalidQuery, "no saved search “nobody”"),
            (SaveSearch("one", "@two"), InvalidQuery, "names itself"),
            (RenameSearch(2, "ONE"), InvalidValue, "already a saved search “one”"),
            (RenameSearch(9, "x"), NotFound, "no such saved search"),
            (DeleteSearch(1), InvalidValue, "part of the saved search “two”"),
            (MoveSearch(9, 1), NotFound, "no such saved search"),
        ):
            with pytest.raises(error, match=words):
                await do(book, change)
        assert await shown(book) == [("one", "ada"), ("two", "@one")]

    async def test_the_history_tells_what_became_of_a_search(self, book: Book) -> None:
        await do(book, SaveSearch("one", "ada"))
        await do(book, RenameSearch(1, "two"))
        [rename, save] = await book.history.latest()
        assert [(one.subject, one.field, one.old, one.new) for one in await book.history.traces(save.id)] == [
            ("one", "Saved search", "", "ada")
        ]
        assert [(one.subject, one.old, one.new) for one in await book.history.traces(rename.id)] == [
            ("two", "one: ada", "two: ada")
        ]


class TestSqlite(SearchesContract):
    """On the books that `settings` of the tests name."""


class TestPostgresql(OnPostgresql, SearchesContract):
    """The same in a PostgreSQL database."""
