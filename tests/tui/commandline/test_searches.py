"""`coterie searches`, and `@NAME` as a QUERY."""

from __future__ import annotations

from tests.tui.commandline.conftest import Command


def test_a_saved_search_is_a_query_of_every_command(people: Command) -> None:
    assert people.ok("searches", "save", "No company", "missing:company") == "Saved the search No company.\n"
    people.ok("searches", "save", "programmers", "title:programmer", "has:email")
    assert people.names('@"no company"') == ["José Núñez"]
    assert people.names("@PROGRAMMERS") == ["Ada Lovelace", "José Núñez"]
    assert people.names("@programmers", "company:engines") == ["Ada Lovelace"]
    assert people.names("--group=Choir", 'ada -@"No company"') == ["Ada Lovelace"]
    assert "Ada Lovelace" in people.ok("export", "@programmers")
    assert people.ok("edit", '@"no company"', "--set", "company=Acme", "--yes") == "Set Company of José Núñez.\n"
    assert people.ok("searches") == '@"No company"\t0\tmissing:company\n@programmers\t2\ttitle:programmer has:email\n'


def test_a_name_with_blanks_may_lose_its_quotation_marks_to_the_shell(people: Command) -> None:
    people.ok("searches", "save", "No company", "missing:company")
    assert people.names("@no company") == people.names("@no", "company") == ["José Núñez"]
    assert '@"No company" email:@example.org' in people.ok("facets", "@no company")
    people.ok("searches", "save", "no", "has:phone")
    alone = people.run("list", "@no company")  # now it is the search @no, and a word
    assert (alone.code, alone.err) == (1, "coterie: Nothing matches “@no company”.\n")


def test_saved_searches_are_renamed_deleted_and_come_back(people: Command) -> None:
    people.ok("searches", "save", "choir", "group:choir")
    people.ok("searches", "save", "choir-phone", "@choir has:phone")
    assert people.ok("searches", "rename", "@choir", "The singers") == "Renamed the search choir to The singers.\n"
    refused = people.run("searches", "delete", "the singers")
    assert (refused.code, refused.err.splitlines()[0]) == (
        2,
        "coterie: “The singers” is part of the saved search “choir-phone”.",
    )
    assert people.ok("searches", "delete", "choir-phone") == "Deleted the search choir-phone; the contacts stay.\n"
    people.ok("undo", "--yes")
    assert people.json("searches") == [
        {"id": 1, "name": "The singers", "query": "group:choir", "count": 2},
        {"id": 2, "name": "choir-phone", "query": '@"The singers" has:phone', "count": 1},
    ]
    said = people.ok("searches", "save", "THE singers", "group:board")
    assert said == "Saved the search THE singers anew. It was: group:choir\n"


def test_a_name_that_is_not_known_changes_nothing(people: Command) -> None:
    people.ok("searches", "save", "choir", "group:choir")
    for command in (["list"], ["export"], ["edit", "--set=company=x", "--yes"], ["delete", "--yes"]):
        result = people.run(*command, "@chior")
        assert result.code == 2
        assert result.err == (
            "coterie: There is no saved search “chior” (character 1).\n"
            "Did you mean @choir? The saved searches are: @choir.\n"
        )
    assert len(people.names()) == 3
    assert people.run("searches", "save", "x", "name:").code == 2
    assert people.run("searches", "rename", "nobody", "x").code != 0


def test_an_at_sign_before_a_domain_is_text(people: Command) -> None:
    assert people.names("@work.example") == ["Ada Lovelace"]
    assert "ada@example.org" in people.ok("query", "@example")


def test_saved_searches_are_moved(people: Command) -> None:
    for name in ("a", "b", "c"):
        people.ok("searches", "save", name, "ada")

    def order() -> list[str]:
        return [one["name"] for one in people.json("searches")]

    assert people.ok("searches", "move", "c", "1") == "Moved the search c up.\n"
    assert order() == ["c", "a", "b"]
    people.ok("searches", "move", "@c", "DOWN")
    assert order() == ["a", "c", "b"]
    people.ok("searches", "move", "c", "up")
    people.ok("searches", "move", "c", "99")
    assert order() == ["a", "b", "c"]
    assert people.ok("searches", "move", "c", "3") == "Nothing to change.\n"
    people.ok("undo")
    assert order() == ["c", "a", "b"]
    for place in ("0", "-1", "sideways"):
        assert people.run("searches", "move", "c", "--", place).code == 2
