"""What other packages add is used by the command, and one that is broken ends nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.plugin_installed import install, install_example
from tests.tui.commandline.conftest import Command


@pytest.fixture
def site(people: Command, tmp_path: Path) -> Path:
    """A folder of packages that the command finds."""
    site = tmp_path / "site"
    people.environment["PYTHONPATH"] += f"{os.pathsep}{site}"
    return site


def test_a_format_of_another_package_is_used_by_its_name_and_by_its_ending(people: Command, site: Path) -> None:
    install_example(site)
    expected = "# 1 contacts\nalias ada.lovelace Ada Lovelace <ada@example.org>\n"
    assert people.ok("export", "ada", "--format", "aliases") == expected
    people.ok("export", "ada", "-o", "out.aliases")
    assert (people.home / "out.aliases").read_text() == expected
    assert "json, aliases." in people.run("export", "--format", "nothing").err


def test_an_action_of_another_package_is_an_option_of_edit(people: Command, site: Path) -> None:
    install_example(site)
    assert "--note PLACE=LINE" in people.ok("edit", "--help")
    shown = people.ok("edit", "ada", "--note", "after=Met in Rome", "--dry-run")
    assert "Ada Lovelace  Notes: (nothing) → Met in Rome" in shown
    assert people.ok("edit", "ada", "--note", "after=a=b", "--yes") == "Added a line to the notes of Ada Lovelace.\n"
    assert people.json("show", "1")["notes"] == "a=b"
    people.ok("undo")
    assert people.json("show", "1")["notes"] == ""
    refused = people.run("edit", "ada", "--note", "under=a", "--yes")
    assert (refused.code, "“under” is not a choice for Where." in refused.err) == (2, True)


def test_what_cannot_be_used_is_named_by_doctor_and_ends_nothing(people: Command, site: Path) -> None:
    install_example(site)
    (site / "broken.py").write_text("raise SystemExit('no')")
    groups = {
        "coterie.formats": {"csv": "coterie_example:ALIASES", "lost": "broken:LOST", "Odd Name": "os:path"},
        "coterie.actions": {"set": "coterie_example:AddNote", "lost": "broken:Lost", "path": "os:path",
                            "note": "coterie_example:AddNote"},
        "coterie.providers": {"google": "os:path", "lost": "os:path"},
    }  # fmt: skip
    install(site, "coterie-broken", groups)
    assert people.ok("export", "ada", "--format", "csv").startswith("Name,")
    people.ok("edit", "ada", "--set", "company=Acme", "--yes")
    found = people.run("doctor")
    assert found.code == 1
    for line in (
        "Plug-in     export format aliases of coterie-example 1.0",
        "PROBLEM: The export format csv of coterie-broken 1.0 is not used: Coterie has its own of that name.",
        "PROBLEM: The export format lost of coterie-broken 1.0 is not used: it cannot be imported (no).",
        "PROBLEM: The bulk action path of coterie-broken 1.0 is not used: it is not a subclass of BulkAction that can",
        "is not used: another package has one of that name.",
        "PROBLEM: The provider google of coterie-broken 1.0 is not used: Coterie has its own of that name.",
        "PROBLEM: The provider lost of coterie-broken 1.0 is not used: it is not a subclass of Provider.",
    ):
        assert line in found.out, found
    assert "The bulk action set of coterie-broken 1.0 is not used" in people.log.read_text()


def test_an_action_whose_option_means_something_else_is_said_not_to_be_one(people: Command, site: Path) -> None:
    install_example(site)
    (site / "sure.py").write_text("import coterie_example\nclass Sure(coterie_example.AddNote):\n    id = 'yes'\n")
    install(site, "coterie-sure", {"coterie.actions": {"yes": "sure:Sure"}})
    done = people.run("edit", "ada", "--set", "company=Acme", "--yes")
    sentence = "coterie: “Add a line to the notes” is not an option, since --yes is something else here.\n"
    assert (done.code, done.err) == (0, sentence)
    assert people.json("show", "1")["company"] == "Acme"


def test_a_package_with_a_broken_list_ends_nothing(people: Command, site: Path) -> None:
    install(site, "coterie-broken", {"coterie.actions": {}})
    (site / "coterie_broken-1.0.dist-info" / "entry_points.txt").write_text("[coterie.actions]\nno such line\n")
    people.ok("edit", "ada", "--set", "company=Acme", "--yes")
    assert people.run("doctor").code in {0, 1}  # what it says depends on the version of Python


def test_commands_that_need_none_look_for_none(people: Command, site: Path) -> None:
    install_example(site)
    with (site / "coterie_example" / "__init__.py").open("a") as module:
        module.write("\nraise SystemExit\n")
    for arguments in (["list"], ["export", "--format", "csv"], ["groups"]):
        people.ok(*arguments)
    assert not people.log.exists()


def test_a_restricted_account_has_none(people: Command, site: Path) -> None:
    install_example(site)
    people.restrict()
    assert people.run("export", "--format", "aliases").code == 2
    assert "--note" not in people.ok("edit", "--help")
