import json

import pytest

from tests.tui.commandline.conftest import Command

TITLES = {
    "name-case": 1, "companies": 1, "email-typos": 1, "no-email": 1, "empty": 1,
}  # fmt: skip


@pytest.fixture
def messy(people: Command) -> Command:
    people.ok("edit", "id:1", "--set", "company=Analytical Engines Ltd", "--yes")
    people.ok("add", "--name", "BOB RAY", "--email", "bob@gmial.com", "--company", "Acme Ltd")
    people.ok("add", "--name", "Cyd Moss", "--email", "cyd@acme.example", "--company", "ACME LTD.")
    people.ok("add", "--name", "Eve Stone", "--email", "eve@acme.example", "--company", "Acme Ltd")
    people.ok("import", "-", stdin="Name,Phone,Company\nKim Lee,+44 20 7946 0155,\nNobody Else,,\n")
    return people


def counts(command: Command) -> dict[str, int]:
    return {one["kind"]: one["count"] for one in command.json("cleanup") if one["count"]}


def test_what_could_be_cleaned_is_counted(messy: Command) -> None:
    listed = messy.json("cleanup")
    assert {one["kind"]: one["count"] for one in listed if one["count"]} == TITLES
    assert {"kind": "name-case", "title": "Names in capitals or in small letters", "count": 1} in listed
    assert "name-case\t1\tNames in capitals or in small letters\n" in messy.ok("cleanup")
    messy.ok("edit", "id:6", "--set", "name=EVE STONE", "--yes")
    assert counts(messy)["name-case"] == 2


def test_a_clean_book_is_said_to_be_clean(people: Command) -> None:
    result = people.run("cleanup")
    assert (result.code, result.out) == (1, "")
    assert result.err == "coterie: There is nothing to clean up.\n"
    assert all(one["count"] == 0 for one in json.loads(people.run("cleanup", "--json").out))


def test_a_dry_run_says_what_would_change_and_changes_nothing(messy: Command) -> None:
    before = messy.json("list")
    said = messy.json("cleanup", "apply", "companies", "--dry-run")
    [change] = said["changes"]
    assert {key: change[key] for key in ("id", "field", "old", "new")} == {
        "id": 5, "field": "company", "old": "ACME LTD.", "new": "Acme Ltd",
    }  # fmt: skip
    assert (said["unchanged"], said["refused"]) == (0, [])
    assert "ACME LTD. → Acme Ltd" in messy.ok("cleanup", "apply", "companies", "--dry-run")
    assert messy.json("list") == before


def test_applying_asks_and_is_one_undo_step(messy: Command) -> None:
    before = messy.json("list")
    assert messy.run("cleanup", "apply", "name-case").code == 2, "nobody can be asked"
    assert messy.json("list") == before
    assert messy.ok("cleanup", "apply", "name-case", "--yes").endswith(
        "Cleaned up Bob Ray (names in capitals or in small letters).\n"
    )
    assert "Bob Ray" in [one["name"] for one in messy.json("list")]
    assert "name-case" not in counts(messy)
    messy.ok("undo")
    assert [one | {"updated_at": 0} for one in messy.json("list")] == [one | {"updated_at": 0} for one in before]


def test_empty_contacts_are_moved_to_the_bin(messy: Command) -> None:
    [change] = messy.json("cleanup", "apply", "empty", "--yes")["changes"]
    assert (change["field"], change["new"]) == ("deleted_by", "you")
    [gone] = messy.json("list", "--bin")
    assert (gone["id"], gone["name"]) == (change["id"], "Nobody Else")


def test_what_is_only_pointed_out_is_refused_with_its_reason(messy: Command) -> None:
    result = messy.run("cleanup", "apply", "no-email", "--dry-run", "--json")
    assert result.code == 1
    [refused] = json.loads(result.out)["refused"]
    assert refused["field"] == "emails"
    assert refused["reason"] == "There is a phone number."


def test_what_is_dismissed_stays_dismissed_until_that_is_undone(messy: Command) -> None:
    assert messy.ok("cleanup", "dismiss", "name-case") == "Dismissed 1 proposal.\n"
    assert messy.run("cleanup", "apply", "name-case", "--yes").code == 1
    assert "name-case" not in counts(messy)
    assert messy.ok("cleanup", "dismiss", "name-case", "--undo") == "1 proposal is made again.\n"
    assert counts(messy)["name-case"] == 1
    assert messy.run("cleanup", "dismiss", "name-case", "1").code == 1, "nothing is proposed for it"


@pytest.mark.parametrize("arguments", [("apply", "dust"), ("apply", "duplicates"), ("dismiss", "duplicates")])
def test_what_cannot_be_done_is_said(people: Command, arguments: tuple[str, ...]) -> None:
    result = people.run("cleanup", *arguments)
    assert result.code == 2
    assert result.err.startswith("coterie: ")
