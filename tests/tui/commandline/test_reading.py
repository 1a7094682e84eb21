import json
import re
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from coterie.tui.commandline.app import command
from tests.tui.commandline.conftest import Command

KEYS = {
    "id", "name", "given_name", "family_name", "emails", "phones", "company", "job_title", "groups", "favorite",
    "notes", "birthday", "addresses", "urls", "custom", "sources", "created_at", "updated_at", "deleted_at",
    "deleted_by",
}  # fmt: skip
HOSTILE = "Evil\x1b]0;owned\x07\x9b31m\u202etxt.exe\r\nBcc: x\ty"


def test_list_in_a_pipe_is_a_contact_a_line_with_tabs(people: Command) -> None:
    lines = people.ok("list").splitlines()
    assert [line.split("\t") for line in lines] == [
        ["1", "*", "Ada Lovelace", "ada@example.org", "Analytical Engines", "Programmer", "Board, Choir"],
        ["2", "", "Grace Hopper", "grace@example.org", "Navy", "", "Choir"],
        ["3", "", "José Núñez", "jose@example.org", "", "Programmer", ""],
    ]  # fmt: skip


def test_list_json_is_one_array_with_every_key(people: Command) -> None:
    ada, grace, jose = people.json("list")
    assert set(ada) >= KEYS
    assert set(ada) == set(grace) == set(jose)
    assert ada["emails"] == [
        {"address": "ada@example.org", "label": "", "primary": False},
        {"address": "ada@work.example", "label": "", "primary": False},
    ]
    assert (ada["favorite"], ada["groups"], ada["phones"][0]["number"]) == (
        True,
        ["Board", "Choir"],
        "+44 20 7946 0123",
    )
    assert (jose["phones"], jose["urls"], jose["custom"], jose["deleted_at"]) == ([], [], {}, None)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", ada["created_at"])


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["jose nunez"], ["José Núñez"]),
        (["jose", "nunez"], ["José Núñez"]),
        (["title:programmer"], ["Ada Lovelace", "José Núñez"]),
        (["--favorites"], ["Ada Lovelace"]),
        (["--group", "choir"], ["Ada Lovelace", "Grace Hopper"]),
        (["--group", "Choir", "--favorites"], ["Ada Lovelace"]),
        (["--group", "Choir", "navy OR jose"], ["Grace Hopper"]),
        (["--favorites", "navy OR ada"], ["Ada Lovelace"]),
        (["--limit", "2"], ["Ada Lovelace", "Grace Hopper"]),
        (["--sort", "-name"], ["José Núñez", "Grace Hopper", "Ada Lovelace"]),
        (["--sort", "company", "has:company"], ["Ada Lovelace", "Grace Hopper"]),
        (["--sort", "family"], ["Grace Hopper", "Ada Lovelace", "José Núñez"]),
        (["--sort", "-family-name"], ["José Núñez", "Ada Lovelace", "Grace Hopper"]),
        (["--", "-programmer"], ["Grace Hopper"]),
        (["--bin"], []),
    ],
)
def test_filters(people: Command, arguments: list[str], names: list[str]) -> None:
    assert [contact["name"] for contact in json.loads(people.ok("list", "--json", *arguments))] == names


def test_filters_of_what_is_in_the_bin(people: Command) -> None:
    people.ok("delete", "--yes", "ada OR grace")
    assert people.names("--bin") == ["Ada Lovelace", "Grace Hopper"]
    assert people.names("--bin", "navy") == ["Grace Hopper"]
    assert people.names("--bin", "--favorites") == ["Ada Lovelace"]
    assert people.names("--bin", "--group", "Board") == ["Ada Lovelace"]
    assert people.names() == ["José Núñez"]


def test_an_empty_book_is_listed_without_complaint(coterie: Command) -> None:
    assert coterie.json("list") == []
    assert coterie.ok("list") == ""


def test_nothing_found_is_exit_1_and_said_on_standard_error(people: Command) -> None:
    result = people.run("list", "--json", "nobody")
    assert result.code == 1
    assert json.loads(result.out) == []
    assert "“nobody”" in result.err


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["list", "colour:red"], 2, "colour"),
        (["list", '"open'], 2, "quotation mark"),
        (["list", "name:"], 2, "name"),
        (["list", "--sort", "shoe"], 2, "sorted by “shoe”"),
        (["list", "--sort", "notes"], 2, "sorted by “notes”"),
        *((["list", "--limit", limit], 2, f"“{limit}”") for limit in ("0", "-1", "many", "1e9", "1.5", "", "9" * 20)),
        (["list", "--group", "Choire"], 1, "“Choir”"),
        (["show", "99"], 1, "99"),
        (["show", "99999999999999999999"], 1, "99999999999999999999"),
    ],
)
def test_what_cannot_be_listed_is_said(people: Command, arguments: list[str], code: int, sentence: str) -> None:
    result = people.run(*arguments)
    assert result.code == code
    assert sentence in result.err
    assert result.out == ""
    assert len(result.err.splitlines()) <= 2


def test_show_by_id_and_by_address(people: Command) -> None:
    assert people.json("show", "1") == people.json("show", "ADA@work.example")
    text = people.ok("show", "1")
    for word in ("Ada Lovelace", "ada@work.example", "+44 20 7946 0123", "Analytical Engines", "Choir"):
        assert word in text
    assert "Notes" not in text, "empty fields are not shown"


def test_show_says_that_a_contact_is_in_the_bin(people: Command) -> None:
    people.ok("delete", "--yes", "ada")
    assert "In the Bin" in people.ok("show", "1")


def test_nothing_that_a_stranger_wrote_acts_on_the_terminal(coterie: Command) -> None:
    coterie.ok("add", "--name", HOSTILE, "--email", "evil@example.org", "--company", HOSTILE, "--group", HOSTILE)
    outputs = [
        coterie.ok("list"), coterie.ok("show", "1"), coterie.ok("list", "--json"), coterie.ok("show", "1", "--json"),
        coterie.ok("query", "evil"), coterie.ok("groups"), coterie.ok("groups", "--json"), coterie.ok("history"),
        coterie.ok("history", "--json"), coterie.run("list", HOSTILE.replace("\x1b", "") + "zzz").err,
        coterie.run("show", HOSTILE).err, coterie.run("list", "--group", HOSTILE + "?").err,
        coterie.ok("delete", "--dry-run", "evil"), coterie.ok("undo"),
    ]  # fmt: skip
    for text in outputs:
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert [len(line.split("\t")) for line in coterie.ok("redo").splitlines()] == [1]
    assert all(len(line.split("\t")) == 7 for line in coterie.ok("list").splitlines())


def test_names_of_every_script_survive_a_terminal_that_knows_only_ascii(people: Command) -> None:
    people.ok("add", "--name", "佐々木 美咲", "--email", "misaki@example.org")
    plain = people.ok("list", LANG="C", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert "misaki@example.org" in plain
    assert "Jos? N??ez" in plain
    done = subprocess.run(
        people.arguments("list", "--json"),
        env=people.environment | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
        check=True,
    )
    assert [contact["name"] for contact in json.loads(done.stdout)][-1] == "佐々木 美咲"


# query


def test_query_is_a_blurb_and_a_line_for_every_address(people: Command) -> None:
    blurb, *lines = people.ok("query", "programmer").splitlines()
    assert blurb == "2 contacts match “programmer”."
    assert [line.split("\t") for line in lines] == [
        ["ada@example.org", "Ada Lovelace", "Analytical Engines"],
        ["ada@work.example", "Ada Lovelace", "Analytical Engines"],
        ["jose@example.org", "José Núñez", ""],
    ]


def test_query_shows_the_preferred_address_first(coterie: Command) -> None:
    coterie.ok(
        "import",
        "-",
        stdin="""\
BEGIN:VCARD
VERSION:3.0
FN:Smith\\, James
N:Smith;James;;;
ORG:Acme
EMAIL;TYPE=home:jim@example.org
EMAIL;TYPE=work,pref:j.smith@example.com
END:VCARD
""",
    )
    assert coterie.ok("query", "james", "smith").splitlines()[1:] == [
        "j.smith@example.com\tSmith, James\tAcme",
        "jim@example.org\tSmith, James\tAcme",
    ]


def test_query_shows_favorites_first(people: Command) -> None:
    people.ok("add", "--name", "Aaron", "--email", "aaron@example.org")
    lines = people.ok("query", "example.org").splitlines()
    assert [line.split("\t")[1] for line in lines[1:]] == ["Ada Lovelace"] * 2 + ["Aaron", "Grace Hopper", "José Núñez"]


def test_query_where_nothing_matches_is_the_blurb_and_exit_1(people: Command) -> None:
    result = people.run("query", "nobody")
    assert result.code == 1
    assert result.out == "No address matches “nobody”.\n"


def test_query_leaves_out_who_has_no_address(people: Command) -> None:
    people.ok("import", "-", stdin="Name,Email,Phone\nNo Address,,555\nAda Two,two@example.org,1\n")
    assert len(people.ok("query", "a").splitlines()) == 6
    assert people.run("query", "no address").code == 1


def test_query_of_nothing_shows_everybody(people: Command) -> None:
    assert len(people.ok("query", "").splitlines()) == 5


def test_query_speaks_the_search_language(people: Command) -> None:
    assert people.ok("query", "group:board").splitlines()[1].startswith("ada@example.org\t")
    assert people.ok("query", "--", "-programmer").splitlines()[1].startswith("grace@example.org\t")
    assert "Usage: coterie query" in people.ok("query", "--help")
    assert people.run("query", "colour:red").code == 2


def test_query_does_not_find_who_is_in_the_bin(people: Command) -> None:
    people.ok("delete", "--yes", "ada")
    assert people.run("query", "ada").code == 1


def test_query_needs_neither_typer_nor_textual_nor_sqlalchemy(people: Command) -> None:
    code = "import sys; from coterie.tui.__main__ import run; run(['query', 'ada']); print(*sys.modules)"
    done = subprocess.run(
        [people.arguments()[0], "-c", code], env=people.environment, capture_output=True, text=True, check=True
    )
    modules = set(done.stdout.split())
    assert "coterie.core.book" in modules
    assert modules & {"typer", "textual", "rich", "sqlalchemy", "sqlmodel", "pydantic", "msal"} == set()


@pytest.mark.parametrize(("zone", "hours"), [("XXX-13:45", 13.75), ("XXX12", -12)])
def test_times_are_shown_in_the_users_zone_and_written_in_utc(people: Command, zone: str, hours: float) -> None:
    ada, [*_, first] = people.json("list")[0], people.json("history")
    there = timezone(timedelta(hours=hours))
    created = datetime.fromisoformat(ada["created_at"]).astimezone(there)
    added = datetime.fromisoformat(first["at"]).astimezone(there)
    assert f"{created:%Y-%m-%d}" in people.ok("show", str(ada["id"]), TZ=zone)
    assert f"{added:%Y-%m-%d %H:%M}" in people.ok("history", TZ=zone)
    [found] = json.loads(people.ok("list", f"created:={created:%Y-%m-%d} ada", "--json", TZ=zone))
    assert found["created_at"] == ada["created_at"]


def test_an_empty_book_says_that_it_is_empty_and_writes_nothing(coterie: Command) -> None:
    for words, said in {
        "list": "The book has no contacts yet.", "list --favorites": "There are no favorites yet.",
        "list --bin": "The Bin is empty.", "groups": "There are no groups yet.", "searches": "No search is saved yet.",
        "history": "Nothing has been changed yet.", "recipes": "No recipe is saved yet.",
    }.items():  # fmt: skip
        result = coterie.run(*words.split())
        assert (result.code, result.out, result.err) == (0, "", f"coterie: {said}\n"), words


def test_no_line_of_a_list_of_commands_is_cut() -> None:
    def lists(group: Any) -> Iterator[str]:
        inner = getattr(group, "commands", {})
        room = 74 - max(map(len, inner), default=0)
        for name, one in inner.items():
            if one.get_short_help_str(room).endswith("..."):
                yield name
            yield from lists(one)

    assert list(lists(command())) == []
