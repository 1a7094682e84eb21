"""What was typed is there again at the next start, however the program ended: killed, hung up, told to end."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import preloaded
from tests.tui.terminal_harness import Terminal

COTERIE = [sys.executable, "-m", "coterie.tui"]
PEOPLE = """Name,E-mail,Company,Groups,Notes
Ada King,ada@example.org,Acme,Choir,first
Bob Ash,bob@example.org,Acme,Choir,second
Cy Day,cy@example.org,Birch,,third
"""


@dataclass
class Home:
    """A home folder with a book of three."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Where everything is, and no editor but the one that a test makes."""
        folders = {f"XDG_{name}_HOME": str(self.folder / name) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
        return {"HOME": str(self.folder), "EDITOR": str(self.folder / "editor.sh"), "VISUAL": "", **folders}

    def run(self, *words: str) -> str:
        """What a command prints."""
        done = preloaded.run(words, environment=os.environ | self.environment)
        done.check_returncode()
        return done.stdout.decode()

    def open(self, text: str = "Sync contacts") -> Terminal:
        """The program at a terminal."""
        return Terminal(COTERIE, environment=self.environment, size="100x30").wait_for(text)

    @property
    def drafts(self) -> list[Path]:
        """The drafts on the disk."""
        return sorted((self.folder / "STATE" / "coterie" / "drafts").glob("*/*.json"))

    def is_kept(self, *texts: str) -> bool:
        """Whether one draft has all these texts."""
        return any(all(text in path.read_text() for text in texts) for path in self.drafts)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder as it is after the first import."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "people.csv").write_text(PEOPLE)
    Home(folder).run("import", str(folder / "people.csv"))
    return folder


@pytest.fixture
def home(imported: Path, tmp_path: Path) -> Home:
    shutil.copytree(imported, tmp_path, dirs_exist_ok=True)
    return Home(tmp_path)


def kill(terminal: Terminal) -> None:
    terminal.process.kill()
    terminal.process.wait()


def hang_up(terminal: Terminal) -> None:
    terminal.hang_up()
    terminal.process.wait(terminal.timeout)


def tell_to_end(terminal: Terminal) -> None:
    terminal.process.send_signal(signal.SIGTERM)
    terminal.wait_for_end()


@dataclass(frozen=True)
class Case:
    """What is typed, how it is offered, what is there again, and what saving it gives.

    Attributes:
        keys: type it.
        kept: texts that the draft has in the end.
        offered: a part of the sentence.
        shown: what stands on the screen when the user goes on.
        save: finish it.
        done: what the screen shows then.
    """

    keys: Callable[[Terminal], object]
    kept: tuple[str, ...]
    offered: str
    shown: tuple[str, ...]
    save: Callable[[Terminal], object]
    done: str


def _new_contact(terminal: Terminal) -> None:
    terminal.press("n").wait_for("Name *").type("Eve Byron").press("tab").type("eve@example.org").press("tab")
    terminal.type("Acme & Sons").write("\x1b[6;5~")  # the next page
    terminal.wait_for("Notes").press("ctrl+n")
    terminal.type("+44 1")


def _edit(terminal: Terminal) -> None:
    terminal.press("e").wait_for("Edit Ada King").press("tab", "end").type("x")
    terminal.press("ctrl+n").wait_for("name@example.org").type("second@example.org")


def _cell(terminal: Terminal) -> None:
    terminal.press("l", "l", "c").wait_for("save").type("Elm & Co")


def _bulk(terminal: Terminal) -> None:
    terminal.press("space", "space").wait_for("2 checked").press("e").wait_for("Edit 2 contacts").type("Oak Ltd")


def _set(terminal: Terminal) -> None:
    terminal.press("space", "space").wait_for("2 checked").press("l", "l", "c").wait_for("Change Company")
    terminal.press("end", *["backspace"] * 4).type("Fir")


def _group_from(terminal: Terminal) -> None:
    terminal.press("space", "space").wait_for("2 checked").press("C").wait_for("Name of the new group").type("Tenors")


def _group_new(terminal: Terminal) -> None:
    terminal.press("3").wait_for("Name ▲").press("c").wait_for("Name of the group").type("Basses")


def _search(terminal: Terminal) -> None:
    terminal.press("/").type("company:acme bob").wait_for("1 found")


def _transform(terminal: Terminal) -> None:
    terminal.press("space", "space").wait_for("2 checked").press("=").wait_for("Transform 2 contacts")
    terminal.type("company = upper(company)")


def _export(terminal: Terminal) -> None:
    terminal.press("x").wait_for("Export contacts").press("end").type("x")


def _join(terminal: Terminal) -> None:
    terminal.press("space", "space").wait_for("2 checked").press("+").wait_for("Add 2 contacts").type("Altos")


def _leave(terminal: Terminal) -> None:
    terminal.press("-").wait_for("Remove Ada King").type("cho")


def _mail(terminal: Terminal) -> None:
    terminal.press("space", "space").wait_for("2 checked").press("w").wait_for("Write to 2 contacts").press("w")
    terminal.wait_for("Subject").type("Rehearsal").press("tab").type("On Monday")


def _invite(terminal: Terminal) -> None:
    terminal.press("w").wait_for("Write to Ada King").press("i").wait_for("Invite Ada King").type("Summer party")


CASES = {
    "a new contact": Case(
        _new_contact, ("Eve Byron", "eve@example.org", "Acme & Sons", "+44 1"),
        "adding a contact (Eve Byron, 4 fields)",
        ("Eve Byron", "eve@example.org", "Acme & Sons"), lambda one: one.press("ctrl+s"), "Added Eve Byron",
    ),
    "a contact that is edited": Case(
        _edit, ("ada@example.orgx", "second@example.org"), "editing Ada King (1 field)",
        ("ada@example.orgx", "second@example.org"), lambda one: one.press("ctrl+s"), "Changed Ada King",
    ),
    "a cell": Case(
        _cell, ("Elm & Co",), "changing Company of Ada King (“Elm & Co”)", ("Elm & Co",),
        lambda one: one.press("enter"), "Changed Ada King",
    ),
    "the form for several": Case(
        _bulk, ("Oak Ltd",), "editing 2 contacts", ("Edit 2 contacts", "Oak Ltd"),
        lambda one: one.press("ctrl+s").wait_for("Apply to 2").press("ctrl+s"), "Set Company of 2 contacts",
    ),
    "one value for all": Case(
        _set, ("Fir",), "changing Company of 2 contacts (“Fir”)", ("Change Company", "Fir"),
        lambda one: one.press("enter"), "Set Company of 2 contacts",
    ),
    "a group of what is checked": Case(
        _group_from, ("Tenors",), "creating a group from 2 contacts (“Tenors”)", ("Tenors",),
        lambda one: one.press("enter"), "Tenors",
    ),
    "a new group": Case(
        _group_new, ("Basses",), "creating a group (“Basses”)", ("Basses",),
        lambda one: one.press("enter"), "Created the group Basses",
    ),
    "a transform": Case(
        _transform, ("company = upper(company)",), "transforming 2 contacts (“company = upper(company)”)",
        ("Transform 2 contacts", "upper(company)", "ACME"),
        lambda one: one.wait_for("Apply to 2").press("ctrl+s"), "Transformed Company of 2 contacts",
    ),
    "an export": Case(
        _export, ("csvx",), "exporting contacts", ("csvx",), lambda one: one.press("ctrl+s"), "Exported 3 contacts",
    ),
    "groups to join": Case(
        _join, ("Altos",), "adding 2 contacts to a group (“Altos”)", ("Add 2 contacts to a group", "Altos"),
        lambda one: one.press("enter"), "Added 2 contacts to Altos",
    ),
    "groups to leave": Case(
        _leave, ("cho",), "removing Ada King from a group (“cho”)", ("Remove Ada King from a group", "Choir"),
        lambda one: one.press("enter"), "Removed Ada King from Choir",
    ),
    "a mail": Case(
        _mail, ("Rehearsal", "On Monday"), "writing to 2 contacts (2 fields)", ("Rehearsal", "On Monday"),
        lambda one: one.press("escape").wait_for("Discard").press("tab", "enter"), "Name ▲",
    ),
    "an invitation": Case(
        _invite, ("Summer party",), "inviting Ada King", ("Invite Ada King", "Summer party"),
        lambda one: one.press("escape").wait_for("Discard").press("tab", "enter"), "Name ▲",
    ),
    "a search": Case(
        _search, ("company:acme bob",), "searching All contacts for “company:acme bob”",
        ("company:acme bob", "1 found"),
        lambda one: one.press("escape").wait_for("Cy Day"), "3 contacts",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "end"),
    [*((what, end) for what in CASES for end in (kill, hang_up)), ("a new contact", tell_to_end)],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
def test_what_was_typed_is_there_again(home: Home, what: str, end: Callable[[Terminal], None]) -> None:
    case = CASES[what]
    with home.open() as terminal:
        terminal.wait_for("Ada King")
        case.keys(terminal)
        terminal.wait_until(lambda: home.is_kept(*case.kept), "a draft")
        end(terminal)
    assert {path.stat().st_mode & 0o777 for path in home.drafts} == {0o600}
    with home.open("Not finished") as terminal:
        terminal.wait_until(lambda: case.offered in words_of_dialog(terminal), case.offered)
        # It may be another day by now.
        time = re.compile(r"when the line dropped (on \d+ \w+ (\d{4} )?)?at \d\d:\d\d\.")
        terminal.wait_until(lambda: time.search(words_of_dialog(terminal)), "the time")
        terminal.press("enter").wait_gone("Not finished")
        for text in case.shown:
            terminal.wait_for(text)
        case.save(terminal)
        terminal.wait_for(case.done)
        terminal.wait_until(lambda: not home.drafts, "no draft")
        terminal.press("q").wait_for_end()


def words_of_dialog(terminal: Terminal) -> str:
    """What stands in the dialog, without the list beside it."""
    inside = [line.split("│")[-2] for line in terminal.lines if line.count("│") > 1]
    return " ".join(" ".join(inside).split())


def again(home: Home, *, words: str) -> Terminal:
    """The next start, with the question that it asks."""
    terminal = home.open("Not finished")
    terminal.wait_until(lambda: words in words_of_dialog(terminal), words)
    return terminal


def test_an_import_goes_on_with_its_columns(home: Home) -> None:
    (home.folder / "more.csv").write_text("Name,E-mail,Where\nDee Elm,dee@example.org,Leeds\n")
    with home.open() as terminal:
        terminal.wait_for("Ada King").press("i").wait_for("or paste rows").type("~/more.csv").press("enter")
        terminal.wait_for("Import more.csv").click_on("Columns 3").wait_for("Where").click_on("Where")
        terminal.wait_for("What is in “Where”?")
        terminal.type("compa").press("enter").wait_gone("What is in")
        terminal.wait_until(lambda: home.is_kept("more.csv", '"Where": "company"'), "a draft")
        kill(terminal)
    with again(home, words="importing more.csv") as terminal:
        terminal.press("enter").wait_for("Import more.csv").click_on("Columns 3").wait_for("Company")
        terminal.wait_for("Import 1 contact").press("ctrl+s").wait_for("Imported 1 contact").press("enter")
        terminal.wait_until(lambda: not home.drafts, "no draft")
    assert "Leeds" in home.run("list", "company:Leeds")


EDITOR = """#!/bin/sh
sed -i 's/^company: Acme/company: Oak/' $1
echo saved > {signs}
while [ -e {signs} ]; do sleep 0.1; done
"""


@pytest.mark.parametrize("end", [kill, hang_up, tell_to_end])
def test_a_text_in_an_editor_is_compared_with_the_contacts_as_they_are_now(
    home: Home, end: Callable[[Terminal], None]
) -> None:
    signs = home.folder / "signs"
    editor = home.folder / "editor.sh"
    editor.write_text(EDITOR.format(signs=signs))
    editor.chmod(0o700)
    with home.open() as terminal:
        terminal.wait_for("Ada King").press("E").wait_until(signs.exists, "the editor")
        end(terminal)
    signs.unlink()
    home.run("edit", "ada", "--set", "notes=changed meanwhile", "--yes")
    with again(home, words="editing Ada King as text") as terminal:
        terminal.press("enter").wait_for("Edit 1 contact as text").wait_for("Oak")
        terminal.wait_for("Apply to 1").press("ctrl+s").wait_for("Changed Ada King")
        terminal.wait_until(lambda: not home.drafts, "no draft")
    ada = json.loads(home.run("list", "ada", "--json"))[0]
    assert (ada["company"], ada["notes"]) == ("Oak", "changed meanwhile")


def test_what_is_forgotten_is_gone_and_what_is_left_is_offered_again(home: Home) -> None:
    with home.open() as terminal:
        terminal.wait_for("Ada King").press("/").type("acme").press("enter").press("n").wait_for("Name *").type("Eve")
        terminal.wait_until(lambda: len(home.drafts) == 2, "two drafts")
        kill(terminal)
    with again(home, words="adding a contact") as terminal:
        terminal.wait_for("searching All contacts for “acme”").press("escape").wait_gone("Not finished")
        terminal.press("q").wait_for_end()
    assert len(home.drafts) == 2
    with again(home, words="adding a contact") as terminal:
        terminal.press("tab").settle()
        terminal.click_on("Forget it").wait_until(lambda: len(home.drafts) == 1, "one draft")
        terminal.click_on("Forget it").wait_until(lambda: not home.drafts, "no draft")
        terminal.wait_gone("Not finished")


def test_what_is_given_up_or_left_on_purpose_is_not_kept(home: Home) -> None:
    with home.open() as terminal:
        terminal.wait_for("Ada King").press("n").wait_for("Name *").type("Eve")
        terminal.wait_until(lambda: home.is_kept("Eve"), "a draft")
        terminal.press("escape").wait_for("Discard what you typed?").press("tab", "enter").wait_gone("Name *")
        terminal.wait_until(lambda: not home.drafts, "no draft")
        terminal.press("/").type("acme").press("enter").wait_until(lambda: home.is_kept("acme"), "a draft")
        terminal.press("q").wait_for_end()
    assert not home.drafts


def test_another_book_has_its_own_drafts(home: Home) -> None:
    with home.open() as terminal:
        terminal.wait_for("Ada King").press("n").wait_for("Name *").type("Eve")
        terminal.wait_until(lambda: home.is_kept("Eve"), "a draft")
        kill(terminal)
    other = home.environment | {"COTERIE_DATABASE_URL": f"sqlite:///{home.folder / 'other.db'}"}
    with Terminal(COTERIE, environment=other).wait_for("Sync contacts") as terminal:
        terminal.settle(1.0)
        assert "Not finished" not in terminal.text
    assert home.is_kept("Eve")


def test_a_text_that_a_command_opened_is_offered_by_the_screen(home: Home) -> None:
    signs = home.folder / "signs"
    editor = home.folder / "editor.sh"
    editor.write_text(EDITOR.format(signs=signs))
    editor.chmod(0o700)
    command = [*COTERIE, "edit", "ada", "--editor", "--columns", "name,company"]
    with Terminal(command, environment=home.environment, size="100x30") as terminal:
        terminal.wait_until(signs.exists, "the editor")
        kill(terminal)
    signs.unlink()
    with again(home, words="editing 1 contact as text") as terminal:
        terminal.press("enter").wait_for("Edit 1 contact as text").wait_for("Oak")
        terminal.wait_for("Apply to 1").press("ctrl+s").wait_for("Changed Ada King")
        terminal.wait_until(lambda: not home.drafts, "no draft")


def test_a_command_whose_editor_is_done_leaves_no_draft(home: Home) -> None:
    editor = home.folder / "editor.sh"
    editor.write_text("#!/bin/sh\nsed -i 's/^company: Acme/company: Oak/' $1\n")
    editor.chmod(0o700)
    home.run("edit", "ada", "--editor", "--yes")
    assert not home.drafts
    assert json.loads(home.run("list", "ada", "--json"))[0]["company"] == "Oak"


def test_a_transform_that_is_given_up_is_offered_by_up(home: Home) -> None:
    with home.open() as terminal:
        terminal.wait_for("Ada King").press("=").wait_for("Transform Ada King").type("compa")
        terminal.settle(0.5)
        assert "There is no" not in terminal.text
        terminal.press("escape", "escape").wait_gone("Transform Ada King").wait_for("brings it back")
        terminal.press("=").wait_for("Transform Ada King").press("up").wait_for("compa")


def test_the_name_of_a_search_is_kept_beside_the_search(home: Home) -> None:
    with home.open() as terminal:
        terminal.wait_for("Ada King").press("/").type("company:acme").wait_for("2 found").press("ctrl+n")
        terminal.wait_for("A name for").type("my own")
        terminal.wait_until(lambda: home.is_kept("my own"), "a draft")
        kill(terminal)
    with again(home, words="saving the search company:acme (“my own”)") as terminal:
        terminal.press("enter").wait_for("A name for company:acme").wait_for("my own").press("ctrl+s")
        terminal.wait_for("Not finished").wait_until(lambda: not home.is_kept("my own"), "one draft")
        terminal.press("escape").wait_gone("Not finished").press("q").wait_for_end()
    assert "my own" in home.run("searches")
