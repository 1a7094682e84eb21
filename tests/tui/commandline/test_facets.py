"""`coterie facets`: what the panel of the screen counts, each with the search that finds it."""

from __future__ import annotations

import pytest

from tests.tui.commandline.conftest import Command


def test_the_values_come_by_kind_with_their_counts_and_searches(people: Command) -> None:
    lines = [line.split("\t") for line in people.ok("facets").splitlines()]
    assert lines == [
        ["Company", "Analytical Engines", "1", 'company:="Analytical Engines"'],
        ["Company", "Navy", "1", "company:=Navy"],
        ["Domain", "example.org", "3", "email:@example.org"],
        ["Domain", "work.example", "1", "email:@work.example"],
        ["Group", "Choir", "2", "group:=Choir"],
        ["Group", "Board", "1", "group:=Board"],
    ]
    assert people.json("facets")[2] == {
        "kind": "domain", "value": "example.org", "count": 3, "query": "email:@example.org"
    }  # fmt: skip


@pytest.mark.parametrize("query", ["", "group:choir", "navy OR title:programmer", "@programmers"])
def test_each_search_finds_as_many_as_are_counted(people: Command, query: str) -> None:
    people.ok("searches", "save", "programmers", "title:programmer OR navy")
    found = people.json("facets", query)
    assert found
    for facet in found:
        assert len(people.names(facet["query"])) == facet["count"], facet


def test_the_limit_is_for_each_kind(people: Command) -> None:
    kinds = [facet["kind"] for facet in people.json("facets", "--limit", "1")]
    assert kinds == ["company", "domain", "group"]
    assert people.run("facets", "--limit", "none").code == 2


def test_nothing_to_count(people: Command, coterie: Command) -> None:
    result = people.run("facets", "nobody")
    assert (result.code, result.out) == (1, "")
    assert "Nothing matches “nobody”" in result.err
    assert people.run("facets", "colour:red").code == 2


def test_an_empty_book_has_none(coterie: Command) -> None:
    assert coterie.json("facets") == []


def test_a_restricted_account_may_count(people: Command) -> None:
    people.restrict()
    assert people.json("facets", "--limit", "1")
