import os
from pathlib import Path

import pytest

from tests.tui.commandline.conftest import Command


@pytest.mark.parametrize(
    ("options", "key", "value"),
    [
        (["--set", "company=Acme = Co"], "company", "Acme = Co"),
        (["--set", "title=Boss"], "job_title", "Boss"),
        (["--set", "notes=one"], "notes", "one"),
        (["--clear", "company"], "company", ""),
        (["--replace", "company/Engines$/Motors/"], "company", "Analytical Motors"),
        (["--replace", "company|(?i)ENGINES|x"], "company", "Analytical x"),
        (
            ["--set", "city=London"],
            "addresses",
            [
                {
                    "street": "",
                    "city": "London",
                    "region": "",
                    "postal_code": "",
                    "country": "",
                    "po_box": "",
                    "extended": "",
                    "label": "",
                }
            ],
        ),
        (["--set", 'custom.Shoe size=3\\8 "{x}"'], "custom", {"Shoe size": '3\\8 "{x}"'}),
        (["--set", "custom.Size=1", "--clear", "custom.size"], "custom", {}),
        (["--add-group", "New"], "groups", ["Board", "Choir", "New"]),
        (["--remove-group", "choir"], "groups", ["Board"]),
        (["--no-favorite"], "favorite", False),
        (["--swap", "company=title"], "job_title", "Analytical Engines"),
        (["--set", "company=A", "--replace", "company/A/B/"], "company", "B"),
    ],
)
def test_each_way_to_edit(people: Command, options: list[str], key: str, value: object) -> None:
    before = people.json("list")
    people.ok("edit", "ada", *options, "--yes")
    after = people.json("list")
    assert after[0][key] == value
    assert after[1:] == before[1:]
    people.ok("undo")
    assert people.json("show", "1")[key] == before[0][key]


def test_several_edits_of_several_contacts_are_one_undo_step(people: Command) -> None:
    before = len(people.json("history"))
    people.ok("edit", "group:choir", "--set", "company=Acme", "--add-group", "New", "--favorite", "--yes")
    assert [(one["company"], one["favorite"]) for one in people.json("list", "--group", "New")] == [("Acme", True)] * 2
    assert len(people.json("history")) == before + 1
    people.ok("undo")
    assert people.names("--favorites") == ["Ada Lovelace"]


def test_what_would_change_is_shown(people: Command) -> None:
    text = people.ok("edit", "group:choir", "--set", "company=Navy", "--dry-run")
    assert "Ada Lovelace  Company: Analytical Engines → Navy" in text
    assert "1 contact would change" in text
    assert people.json("show", "1")["company"] == "Analytical Engines"
    assert "Nothing would change" in people.ok("edit", "grace", "--set", "company=Navy", "--dry-run")


def test_without_a_terminal_it_must_be_said_beforehand(people: Command) -> None:
    result = people.run("edit", "ada", "--set", "company=X")
    assert result.code == 2
    assert "--yes" in result.err
    assert "Analytical Engines → X" in result.out
    assert people.json("show", "1")["company"] == "Analytical Engines"


def test_what_cannot_be_changed_is_left_out_with_its_reason(people: Command) -> None:
    people.ok("import", "-", stdin="Name,E-mail\n,nameless@example.org\n")
    result = people.run("edit", "has:email", "--clear", "emails", "--yes")
    assert result.code == 1
    assert "nameless@example.org" in result.err
    assert [one["emails"] for one in people.json("list", "missing:email")] == [[], [], []]


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--set", "company"],
        ["--set", "shoe=42"],
        ["--set", "email=nobody"],
        ["--set", "created=2020-01-01"],
        ["--clear", "shoe"],
        ["--replace", "company/[/x/"],
        ["--replace", "company"],
        ["--editor", "--set", "company=X"],
    ],
)
def test_what_cannot_be_edited_is_wrong_usage(people: Command, options: list[str]) -> None:
    before = people.json("list")
    result = people.run("edit", "ada", *options, "--yes")
    assert result.code == 2
    assert result.err.startswith("coterie: ")
    assert people.json("list") == before


def test_nobody_to_edit_is_exit_1(people: Command) -> None:
    assert people.run("edit", "nobody", "--set", "company=X", "--yes").code == 1


def test_what_is_in_the_bin_is_not_edited(people: Command) -> None:
    people.ok("delete", "--yes", "ada")
    assert people.run("edit", "ada", "--set", "company=X", "--yes").code == 1


# $EDITOR


def editor(people: Command, script: str) -> str:
    """An editor that changes the file with a Python expression of `text`."""
    path = people.home / "editor.py"
    path.write_text(f"import pathlib, sys\npath = pathlib.Path(sys.argv[-1])\ntext = path.read_text()\n{script}\n")
    return f"{people.arguments()[0]} {path}"


def test_the_editor_changes_what_was_changed(people: Command) -> None:
    change = "path.write_text(text.replace('Navy', 'Army').replace('name: Ada Lovelace', 'name: Ada King'))"
    text = people.ok("edit", "group:choir", "--editor", "--yes", EDITOR=editor(people, change))
    assert "Grace Hopper  Company: Navy → Army" in text
    assert people.json("show", "2")["company"] == "Army"
    assert people.json("show", "1")["family_name"] == "King"
    people.ok("undo")
    assert people.names("--group", "Choir") == ["Ada Lovelace", "Grace Hopper"]


def test_the_text_is_private_and_vanishes(people: Command) -> None:
    script = "import os, stat; print(path, oct(stat.S_IMODE(path.parent.stat().st_mode)), file=open('seen', 'w'))"
    assert "Nothing would change" in people.ok("edit", "ada", "--editor", "--yes", EDITOR=editor(people, script))
    path, mode = (people.home / "seen").read_text().split()
    assert mode == "0o700"
    assert not Path(path).parent.exists()


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("path.write_text(text.replace('company:', 'shoe:'))", "shoe"),
        ("path.write_text(text.replace('ada@example.org', 'ada@'))", "ada@"),
        ("path.write_bytes(b'\\xff')", "UTF-8"),
        ("sys.exit(1)", "ended with an error"),
    ],
)
def test_a_text_that_cannot_be_understood_changes_nothing(people: Command, script: str, sentence: str) -> None:
    result = people.run("edit", "ada", "--editor", "--yes", EDITOR=editor(people, script))
    assert result.code == 2
    assert sentence in result.err
    assert people.json("show", "1")["emails"][0]["address"] == "ada@example.org"


def test_an_editor_that_is_not_there_is_said(people: Command) -> None:
    result = people.run("edit", "ada", "--editor", "--yes", EDITOR="/nowhere/vi")
    assert result.code == 2
    assert "/nowhere/vi" in result.err


def test_somebody_elses_change_meanwhile_is_not_overwritten(people: Command) -> None:
    inner = f"{' '.join(people.arguments('edit', 'ada', '--set', 'company=Faster', '--yes'))}"
    script = f"import os; os.system({inner!r}); path.write_text(text.replace('Analytical Engines', 'Slower'))"
    result = people.run("edit", "ada", "--editor", "--yes", EDITOR=editor(people, script))
    assert result.code == 1
    assert people.json("show", "1")["company"] == "Faster"


def test_a_restricted_account_has_no_editor(people: Command) -> None:
    script = f"open({str(people.home / 'escaped')!r}, 'w')"
    people.restrict()
    result = people.run("edit", "ada", "--editor", "--yes", EDITOR=editor(people, script))
    assert result.code == 2
    assert "restricted" in result.err
    assert not os.path.lexists(people.home / "escaped")
