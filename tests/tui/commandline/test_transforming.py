"""`edit --transform`, `--json`, `recipes`, and recipes on import."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tui.commandline.conftest import Command

FILE = "Name,E-mail,Company,Phone\nADA KING,ada@old.example,ACME LTD,020 7946 0958\nBob Stone,bob@x.example,Shop,12\n"
EVERYBODY = "has:email"


@pytest.fixture
def filled(coterie: Command) -> Command:
    coterie.ok("import", "-", stdin=FILE)
    return coterie


def test_the_dry_run_in_json_says_what_would_be_and_changes_nothing(filled: Command) -> None:
    before = filled.json("list")
    steps = ("--transform", "company = title(company)", "--transform", 'phone = e164(phone, "GB")')
    result = filled.run("edit", EVERYBODY, *steps, "--dry-run", "--json")
    assert result.code == 1
    assert json.loads(result.out) == {
        "changes": [
            {"id": 1, "field": "company", "old": "ACME LTD", "new": "Acme Ltd"},
            {"id": 1, "field": "phones", "old": "020 7946 0958", "new": "+442079460958"},
        ],
        "unchanged": 0,
        "refused": [{"id": 2, "field": "phones", "reason": "“12” is not a phone number: it is too short."}],
    }
    assert filled.json("list") == before
    assert filled.run("edit", EVERYBODY, *steps, "--json").code == 1  # without --yes nothing is asked, nothing changed
    assert filled.json("list") == before


def test_applying_does_what_the_dry_run_said_in_one_undo_step(filled: Command) -> None:
    before = filled.json("list")
    steps = ("--transform", "name = title(name)", "--transform", "company = upper(company)")
    dry = filled.json("edit", EVERYBODY, *steps, "--dry-run")
    assert filled.json("edit", EVERYBODY, *steps, "--yes") == dry
    after = {one["id"]: one for one in filled.json("list")}
    for change in dry["changes"]:
        assert after[change["id"]][change["field"]] == change["new"]
    assert filled.json("history")[0]["summary"] == "Transformed Name, Company of 2 contacts."
    filled.ok("undo")
    changing = ("updated_at",)
    assert [{key: one[key] for key in one if key not in changing} for one in filled.json("list")] == [
        {key: one[key] for key in one if key not in changing} for one in before
    ]


def test_what_cannot_be_read_is_wrong_usage(filled: Command) -> None:
    result = filled.run("edit", EVERYBODY, "--transform", "company = titel(company)", "--yes")
    assert (result.code, result.out) == (2, "")
    assert "There is no verb “titel” (at character 11)." in result.err
    assert "Did you mean title" in result.err


def test_nothing_found_is_an_empty_answer(filled: Command) -> None:
    result = filled.run("edit", "nobody", "--transform", "company = ''", "--dry-run", "--json")
    assert (result.code, json.loads(result.out)) == (1, {"changes": [], "unchanged": 0, "refused": []})


def test_a_recipe_is_saved_listed_shown_done_and_deleted(filled: Command, tmp_path: Path) -> None:
    file = tmp_path / "clean.txt"
    file.write_text("# people\nname = title(name)\n\ncompany = title(company)\n")
    assert "2 transforms" in filled.ok("recipes", "save", "Clean", "--from", str(file))
    assert filled.json("recipes") == [
        {"name": "Clean", "transforms": ["name = title(name)", "company = title(company)"], "on_import": False}
    ]
    assert filled.ok("recipes", "show", "Clean") == "name = title(name)\ncompany = title(company)\n"
    by_file = filled.json("edit", EVERYBODY, "--recipe", str(file), "--dry-run")
    assert filled.json("edit", EVERYBODY, "--recipe", "Clean", "--yes") == by_file
    assert filled.json("show", "1")["name"] == "Ada King"
    filled.ok("recipes", "delete", "Clean")
    result = filled.run("edit", EVERYBODY, "--recipe", "Clean", "--yes")
    assert result.code == 1
    assert "There is no recipe “Clean”." in result.err


def test_a_recipe_that_is_wrong_names_its_line(filled: Command, tmp_path: Path) -> None:
    file = tmp_path / "bad.txt"
    file.write_text("name = title(name)\ncompany = \n")
    result = filled.run("edit", EVERYBODY, "--recipe", str(file), "--yes")
    assert result.code == 2
    assert "bad.txt, line 2: A field, a verb or a text is missing at its end." in result.err
    assert filled.run("recipes", "save", "../x", "--transform", "name = title(name)").code == 2
    assert filled.run("recipes", "save", "Empty", "--from", "-", stdin="# nothing\n").code == 2


def test_recipes_run_on_imports(coterie: Command, tmp_path: Path) -> None:
    coterie.ok("recipes", "save", "Names", "--transform", "name = title(name)", "--on-import")
    coterie.ok("recipes", "save", "Numbers", "--transform", 'phone = e164(phone, "GB")')
    result = coterie.run("import", "-", "--recipe", "Numbers", stdin=FILE)
    assert result.code == 0
    assert "1 contact stays as the file has it: Bob Stone: “12” is not a phone number" in result.err
    people = coterie.json("list")
    assert [(one["name"], [phone["number"] for phone in one["phones"]]) for one in people] == [
        ("Ada King", ["+442079460958"]),
        ("Bob Stone", ["12"]),
    ]
    assert coterie.json("import", "-", stdin=FILE)["unchanged"] == 1  # Bob; Ada's number is written in another way
