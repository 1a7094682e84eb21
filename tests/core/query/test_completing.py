"""What the end of a search that is being typed could become."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.book import Book
from coterie.core.changes import Create, Plan, SaveSearch
from coterie.core.model import Address, Contact, Email
from coterie.core.query import parse
from coterie.core.query.completing import begun
from tests.conftest import OnPostgresql

PEOPLE = (
    Contact(name="A", company="Acme", emails=(Email("a@example.org"),), groups=("Choir",)),
    Contact(name="B", company="Acme", emails=(Email("b@Example.org"), Email("b@example.net"))),
    Contact(name="C", company="Active Voice", job_title="Editor in chief", groups=("Choir, old",)),
    Contact(name="D", company="Éditions Acné"),
    Contact(name="E", company='Say "cheese"'),
)


class CompletingContract:
    """Subclasses say by `settings` where the book is."""

    @pytest.fixture
    async def people(self, book: Book) -> Book:
        await book.apply(Plan("add", "Add", [*map(Create, PEOPLE), SaveSearch("a list", "a"), SaveSearch("all", "b")]))
        return book

    @pytest.mark.parametrize(
        ("typed", "becomes"),
        [
            ("com", ["company:"]),
            ("ada -(COMP", ["ada -(company:"]),
            ("mis", ["missing:"]),
            ("c", []),
            ("ada ", []),
            ("", []),
            (
                "company:",
                ["company:Acme", 'company:"Active Voice"', 'company:"Say \\"cheese\\""', 'company:"Éditions Acné"'],
            ),
            ("company:ac", ["company:Acme", 'company:"Active Voice"', 'company:"Éditions Acné"']),
            ('x company:"active v', ['x company:"Active Voice"']),
            ("company:=acm", ["company:=Acme"]),
            ("title:ed", ['title:"Editor in chief"']),
            ("group:cho", ["group:Choir", 'group:"Choir, old"']),
            ("email:ex", ["email:example.org", "email:example.net"]),
            ("email:@ex", ["email:example.org", "email:example.net"]),
            ("is:fa", ["is:favorite"]),
            ("has:bi", ["has:birthday"]),
            ("answered:no", ["answered:none"]),
            ("ans", ["answered:"]),
            ("created:to", ["created:today"]),
            ("updated_at:y", ["updated_at:yesterday"]),
            ("@a", ['@"a list"', "@all"]),
            ('@"a l', ['@"a list"']),
            ("nofield:x", []),
            ("company:nobody", []),
        ],
    )
    async def test_the_end_of_a_search_is_completed(self, people: Book, typed: str, becomes: list[str]) -> None:
        found = await people.lists.completions(typed)
        assert sorted(found) == sorted(becomes)
        assert found[:1] == becomes[:1]  # the commonest first
        for text in found:
            if not text.endswith(":"):
                parse(text, finished=text.count("(") == 0)

    @pytest.mark.parametrize(
        ("field", "typed", "becomes"),
        [
            ("company", "ac", ["Acme", "Active Voice", "Éditions Acné"]),
            ("job_title", "chief", ["Editor in chief"]),
            ("groups", "cho", ["Choir", "Choir, old"]),
            ("emails", "x@ex", ["x@example.org", "x@example.net"]),
            ("emails", "ex", []),
            ("city", "lee", ["Leeds"]),
            ("country", "eng", ["England"]),
            ("company", " ", []),
        ],
    )
    async def test_the_value_of_a_field_is_completed(
        self, people: Book, field: str, typed: str, becomes: list[str]
    ) -> None:
        homes = tuple(
            Contact(name="H", addresses=(Address(city=city, country="England"),)) for city in ("Leeds", "Bath")
        )
        await people.apply(Plan("add", "Add", [*map(Create, homes)]))
        found = await people.lists.values(field, typed)
        assert sorted(found) == sorted(becomes)
        assert found[:1] == becomes[:1]

    async def test_accounts_are_completed(self, people: Book) -> None:
        await people.accounts.add("google", "ada@example.org")
        assert await people.lists.completions("source:goo") == ['source:"google:ada@example.org"']


class TestSqlite(CompletingContract):
    """On the books that `settings` of the tests name."""


class TestPostgresql(OnPostgresql, CompletingContract):
    """The same in a PostgreSQL database."""


@given(st.text())
def test_any_text_has_an_end(text: str) -> None:
    end = begun(text)
    assert end is None or text.startswith(end.before)


@given(st.lists(st.sampled_from(['"', "(", ")", "-", ":", "@", "=", "company", " ", "a"])).map("".join))
def test_any_signs_have_an_end(text: str) -> None:
    end = begun(text)
    assert end is None or text.startswith(end.before)
