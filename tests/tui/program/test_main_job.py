"""The whole main job by keys, in a real terminal, step by step, at 120x40 and at 80x24; what is stored is read by the
command line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import preloaded
from tests.tui.terminal_harness import Terminal

COTERIE = [sys.executable, "-m", "coterie.tui"]
PEOPLE = (
    "Name,E-mail,Company,Job title,Labels\n"
    "Ada King,ada@example.org,Engines,Programmer,Choir\n"
    "Bob Stone,bob@example.org,Quarry,Mason,\n"
    "Cyd Moss,cyd@example.org,,,Choir\n"
    "Dee Fern,dee@example.org,Garden,,\n"
    ",,,,\n"
)


class Person:
    """Somebody with a book of their own, at a terminal."""

    def __init__(self, home: Path, size: str) -> None:
        self.home = home
        self.environment = {
            name: str(home / name.lower())
            for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
        } | {"HOME": str(home)}
        self.terminal = Terminal(COTERIE, size=size, environment=self.environment, cwd=Path.cwd())

    def run(self, *arguments: str) -> str:
        ended = preloaded.run(arguments, environment=os.environ | self.environment)
        assert ended.returncode == 0, ended
        return ended.stdout.decode()

    def stored(self, *arguments: str) -> dict[str, Any]:
        return {one["name"]: one for one in json.loads(self.run("list", "--json", *arguments))}


@pytest.fixture(params=["120x40", "80x24"])
def person(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Person]:
    somebody = Person(tmp_path, request.param)
    with somebody.terminal as terminal:
        terminal.wait_for("empty")
        yield somebody


@pytest.fixture
def four(person: Person) -> Person:
    """A person with four contacts, imported before."""
    (person.home / "people.csv").write_text(PEOPLE, encoding="utf-8")
    person.run("import", str(person.home / "people.csv"))
    person.terminal.wait_for("4 contacts")
    return person


def test_add_edit_favorite(person: Person) -> None:
    terminal = person.terminal
    terminal.press("n").wait_for("Add contact")
    terminal.press("enter").wait_for("needs a name")
    terminal.type("Ada Kin").press("tab").type("ada@example").press("tab")
    terminal.type("Engines").press("tab").type("Programmer").press("enter").wait_for("Added Ada Kin")
    terminal.press("e").wait_for("Update contact")
    terminal.type("g").press("enter").wait_for("Ada King").wait_gone("Update contact")
    terminal.press("f").wait_for("Added a star to Ada King")
    terminal.press("2").wait_for("Ada King")
    ada = person.stored()["Ada King"]
    assert (ada["company"], ada["job_title"], ada["favorite"]) == ("Engines", "Programmer", True)
    assert [email["address"] for email in ada["emails"]] == ["ada@example"]


def test_import_with_its_preview_and_confirmation(person: Person) -> None:
    (person.home / "people.csv").write_text(PEOPLE, encoding="utf-8")
    terminal = person.terminal
    terminal.press("i").wait_for("Import")
    terminal.paste(str(person.home / "people.csv")).press("enter").wait_for("4  new")
    terminal.press("enter").wait_for("Imported 4 contacts")
    terminal.press("escape").wait_for("4 contacts")
    assert person.stored().keys() == {"Ada King", "Bob Stone", "Cyd Moss", "Dee Fern"}
    assert person.stored("--group", "Choir").keys() == {"Ada King", "Cyd Moss"}
    terminal.press("u").wait_for("Undone").wait_for("0 contacts")
    assert person.stored() == {}


def test_search_check_and_every_bulk_action(four: Person) -> None:
    terminal = four.terminal
    terminal.press("/").type("group:choir").wait_for("2 found").press("enter")
    terminal.press("a").wait_for("2 checked").press("escape")
    terminal.wait_for("Dee Fern").wait_for("2 checked")

    terminal.press("f").wait_for("2 contacts")
    assert four.stored("--favorites").keys() == {"Ada King", "Cyd Moss"}
    terminal.press("+").wait_for("group").type("Board").press("enter").wait_for("2 contacts to Board")
    assert four.stored("--group", "Board").keys() == {"Ada King", "Cyd Moss"}
    terminal.press("-").wait_for("group").type("Board").press("enter").wait_gone("to Board")
    assert four.stored("--group", "Board") == {}
    terminal.press("C").wait_for("roup").type("Picnic").press("enter").wait_for("Picnic")
    assert four.stored("--group", "Picnic").keys() == {"Ada King", "Cyd Moss"}
    terminal.press("!").wait_for("2 checked").press("f").wait_for("2 contacts")
    assert len(four.stored("--favorites")) == 4
    terminal.press("y").wait_for("Copied 2 e-mail addresses")
    assert b"\x1b]52;" in terminal.written
    terminal.press("A").wait_gone("checked")


def test_delete_bin_restore_and_delete_for_ever(four: Person) -> None:
    terminal = four.terminal
    terminal.press("space", "space").wait_for("2 checked").press("d").wait_for("Moved 2 contacts to the Bin")
    assert four.stored().keys() == {"Cyd Moss", "Dee Fern"}
    terminal.press("4").wait_for("Bob Stone").press("r").wait_for("Restored Ada King")
    assert four.stored("--bin").keys() == {"Bob Stone"}
    assert four.stored()["Ada King"]["groups"] == ["Choir"]
    terminal.press("d").wait_for("forever?").press("enter").wait_gone("forever?").wait_for("Bob Stone")
    terminal.press("d").wait_for("forever?").press("y").wait_for("forever.")
    assert "undo" not in terminal.text
    assert four.stored("--bin") == {}


def test_groups_are_made_renamed_opened_and_deleted(four: Person) -> None:
    terminal = four.terminal
    terminal.press("3").wait_for("Members").press("c").wait_for("Create")
    terminal.type("Attic").press("enter").wait_for("2 groups")
    terminal.press("g", "e").wait_for("Edit the group").press("ctrl+u").type("Cellar").press("enter").wait_for("u undo")
    assert four.run("groups").split() == ["Cellar", "0", "Choir", "2"]
    terminal.press("g", "d").wait_for("Deleted the group Cellar; its members stay.  u undo")
    terminal.press("g", "enter").wait_for("Ada King").wait_for("Cyd Moss")
    assert "Bob Stone" not in terminal.text


def test_export_what_is_checked(four: Person) -> None:
    terminal = four.terminal
    terminal.press("space").wait_for("1 checked").press("x").wait_for("Export")
    target = four.home / "one.csv"
    terminal.press("ctrl+u").type(str(target)).press("enter")
    terminal.wait_until(target.exists, "the file")
    assert "ada@example.org" in target.read_text(encoding="utf-8")
    assert "bob@example.org" not in target.read_text(encoding="utf-8")


def test_undo_and_redo_by_keys(four: Person) -> None:
    terminal = four.terminal
    terminal.press("d").wait_for("3 contacts").press("u").wait_for("Undone").wait_for("4 contacts")
    terminal.press("ctrl+r").wait_for("Redone").wait_for("3 contacts")
    assert "Ada King" not in four.stored()


def test_a_cell_is_changed_in_place_and_the_change_repeated(four: Person) -> None:
    terminal = four.terminal
    terminal.press("l", "l", "c").press("ctrl+u").type("Looms").press("enter").wait_for("Looms")
    terminal.press("j", ".")
    terminal.wait_until(lambda: four.stored()["Bob Stone"]["company"] == "Looms", "the repetition")
    assert four.stored()["Ada King"]["company"] == "Looms"
