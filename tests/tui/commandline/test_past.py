"""`--as-of`: the book as it was, listed and exported; nothing is changed by it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.tui.commandline.conftest import Command

THEN = [
    ["1", "*", "Ada Lovelace", "ada@example.org", "Analytical Engines", "Programmer", "Board, Choir"],
    ["2", "", "Grace Hopper", "grace@example.org", "Navy", "", "Choir"],
    ["3", "", "José Núñez", "jose@example.org", "", "Programmer", ""],
]


@pytest.fixture
def changed(people: Command) -> Command:
    """The people, who came three days ago; since then Ada has changed, Grace was deleted, and Bo came."""
    with closing(sqlite3.connect(people.book, isolation_level=None)) as connection:
        connection.execute("UPDATE operation SET at = at - ?", [timedelta(days=3) / timedelta(milliseconds=1)])
    people.ok("edit", "--yes", "--remove-group", "Choir", "--no-favorite", "--set", "company=Looms", "ada")
    people.ok("delete", "--yes", "grace")
    people.ok("groups", "rename", "Choir", "Chorus")
    people.ok("add", "--name", "Bo", "--email", "bo@example.org")
    return people


def rows(command: Command, *arguments: str) -> list[list[str]]:
    return [line.split("\t") for line in command.ok("list", *arguments).splitlines()]


def test_a_day_of_the_past_is_listed_as_it_was(changed: Command) -> None:
    assert rows(changed, "--as-of", "yesterday") == THEN
    assert rows(changed, "--as-of", "today") == rows(changed)
    assert rows(changed, "--as-of", "yesterday", "--limit", "1") == THEN[:1]
    grace = changed.json("list", "--as-of", "yesterday")[1]
    assert (grace["name"], grace["deleted_at"], grace["groups"]) == ("Grace Hopper", None, ["Choir"])
    assert changed.names() == ["Ada Lovelace", "Bo", "José Núñez"]


def test_favorites_and_groups_are_those_of_then(changed: Command) -> None:
    assert changed.names("--as-of", "yesterday", "--favorites") == ["Ada Lovelace"]
    assert changed.names("--as-of", "yesterday", "--group", "choir") == ["Ada Lovelace", "Grace Hopper"]
    result = changed.run("list", "--as-of", "yesterday", "--group", "Chorus")
    assert (result.code, result.out) == (1, "")
    assert "No contacts were found at that time" in result.err


def test_words_are_searched_for_in_the_past(changed: Command) -> None:
    assert changed.names("--as-of", "yesterday", "choir") == ["Ada Lovelace", "Grace Hopper"]
    assert changed.names("--as-of", "yesterday", "looms OR navy") == ["Grace Hopper"]
    assert changed.names("--as-of", "yesterday", "choir", "--favorites") == ["Ada Lovelace"]


def test_it_is_exported_as_it_was(changed: Command, tmp_path: Path) -> None:
    file = tmp_path / "then.csv"
    changed.ok("export", "--as-of", "yesterday", "-o", str(file), "--columns", "name,company,groups")
    assert [line.split(",", 1)[0] for line in file.read_text().splitlines()] == ["Name", *(row[2] for row in THEN)]
    assert "Analytical Engines" in file.read_text()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--as-of", "yesterday", "company:navy"], "can be searched for words only"),
        (["--as-of", "yesterday", "@navy"], "There is no saved search"),
        (["--as-of", "yesterday", "--bin"], "--bin cannot be used with --as-of"),
        (["--as-of", "yesterday", "--sort", "company"], "--sort cannot be used with --as-of"),
        (["--as-of", "someday"], "“someday” is not a day"),
        (["--as-of", "9999-01-01"], "still to come"),
        (["--as-of", ""], "is not a day"),
    ],
)
def test_what_cannot_be_found_in_the_past_is_said(changed: Command, arguments: list[str], word: str) -> None:
    result = changed.run("list", *arguments)
    assert (result.code, result.out) == (2, "")
    assert word in result.err


def test_a_book_without_a_past_has_nobody(coterie: Command) -> None:
    assert coterie.run("list", "--as-of", "yesterday").code == 1


def test_a_restricted_account_may_look_back(changed: Command) -> None:
    changed.restrict()
    assert rows(changed, "--as-of", "yesterday") == THEN
