"""Facets: what they count is what their searches find."""

from __future__ import annotations

import pytest

from coterie.core.book import Book
from coterie.core.changes import Create, Delete, Plan
from coterie.core.checks import Checks
from coterie.core.listing import Listing, View
from coterie.core.model import Contact, Email, RemoteRef
from coterie.core.store.lists.facets import narrowed_to
from tests.conftest import OnPostgresql

SOURCE = "memory:home@memory"


async def fill(book: Book) -> None:
    await book.accounts.add("memory", "home@memory")
    people = (
        Contact(
            name="Ada",
            emails=(Email("ada@work.example"), Email("ada@WORK.example"), Email("a@home.example")),
            company='Say "AND" Ltd',
            groups=("Choir", "A OR b"),
            sources=(RemoteRef(SOURCE, "1"),),
        ),
        Contact(name="Bob", emails=(Email("bob@work.example.org"),), company='Say "AND" Ltd', groups=("Choir",)),
        Contact(name="Cyd", emails=(Email("cyd@work.example"),), company="Looms"),
        Contact(name="Dee", company="Looms", groups=("Choir",)),
    )
    ids = (await book.apply(Plan("add", "Add", [*map(Create, people)]))).created_ids
    await book.apply(Plan("delete", "Delete", [Delete(Checks.of(ids[3:]))]))


class FacetsContract:
    """Subclasses give a fixture `book`."""

    async def test_the_commonest_come_first(self, book: Book) -> None:
        await fill(book)
        found = await book.lists.facets(Listing())
        assert {title: [(one.label, one.count) for one in facets] for title, facets in found.items()} == {
            "Company": [('Say "AND" Ltd', 2), ("Looms", 1)],
            "Domain": [("work.example", 2), ("home.example", 1), ("work.example.org", 1)],
            "Group": [("Choir", 2), ("A OR b", 1)],
            "Source": [(SOURCE, 1)],
        }

    @pytest.mark.parametrize("query", ["", "a", "ada OR cyd", "bob", "nobody"])
    @pytest.mark.parametrize("view", [View.ALL, View.BIN])
    async def test_the_search_of_a_facet_finds_what_it_counts(self, book: Book, query: str, view: View) -> None:
        await fill(book)
        listing = Listing(view, query=query)
        for facets in (await book.lists.facets(listing)).values():
            for one in facets:
                assert await book.lists.count(listing.searching(narrowed_to(query, one.term))) == one.count

    async def test_spellings_that_one_search_finds_are_one_company(self, book: Book) -> None:
        names = ("ACME", "Acme", "Acme", "Looms", "looms", "Straße", "STRASSE", "Straße")
        people = [Contact(name=f"Person {number}", company=name) for number, name in enumerate(names)]
        await book.apply(Plan("add", "Add", [*map(Create, people)]))
        companies = (await book.lists.facets(Listing()))["Company"]
        assert [(one.label, one.count) for one in companies] == [("Acme", 3), ("Straße", 3), ("Looms", 2)]
        for one in companies:
            assert await book.lists.matching(one.term) == one.count

    async def test_whatever_stands_in_a_domain_is_searched_for(self, book: Book) -> None:
        domains = (
            "plain.example", "a b", "a", "b(c", "(d", "e)", 'f"g', "h+i", "h+ij", "[192.168.0.1]", "[192.168.0.1].k",
            "l|m", "n*", "~o", "p\\", "b", "q" * 300, "münchen.de",
        )  # fmt: skip
        people = [Contact(name="Person", emails=(Email(f"p@{domain}"),)) for domain in domains]
        people += [Contact(name="Person", emails=(Email("nowhere"),))]
        await book.apply(Plan("add", "Add", [*map(Create, people)]))
        facets = (await book.lists.facets(Listing()))["Domain"]
        assert {one.label: one.count for one in facets} == dict.fromkeys(domains, 1)
        for one in facets:
            assert await book.lists.matching(one.term) == 1, one


class TestFacetsOnSqlite(FacetsContract):
    pass


class TestFacetsOnPostgresql(OnPostgresql, FacetsContract):
    """The same in a PostgreSQL database."""
