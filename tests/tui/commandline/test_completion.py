"""Completion: what a line that is being typed could become, and three real shells that ask for it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coterie.tui.commandline.completion.answer import FILES
from coterie.tui.commandline.completion.line import for_bash, words_of
from tests.tui.commandline.conftest import Command
from tests.tui.terminal_harness import Terminal

BREAKS = " \t\n\"'@><=;|&(:"


@pytest.fixture
def home(coterie: Command) -> Command:
    coterie.ok("groups", "create", "Summer party")
    coterie.ok("groups", "create", "Choir")
    coterie.ok("add", "--name=Ada Lovelace", "--email=ada@example.org", "--company=Analytical", "--group=Choir")
    coterie.ok("searches", "save", "no phone", "missing:phone")
    return coterie


def completions(coterie: Command, line: str) -> list[str]:
    return coterie.ok(_COTERIE_COMPLETE="words", _COTERIE_LINE=line).splitlines()


def test_commands_options_and_values(home: Command) -> None:
    assert completions(home, "coterie gro") == ["groups"]
    assert completions(home, "coterie groups de") == ["delete"]
    assert completions(home, "coterie list --gr") == ["--group"]
    assert completions(home, "coterie list --group ") == ["Choir", "Summer party"]
    assert completions(home, "coterie list --group=su") == ["--group=Summer party"]
    assert completions(home, "coterie groups delete ch") == ["Choir"]
    assert completions(home, "coterie groups create ch") == []
    assert completions(home, "coterie searches delete ") == ["no phone"]
    assert completions(home, "coterie export --format v") == ["vcard", "vcard3"]
    assert completions(home, "coterie export --columns name,job") == ["name,job_title"]
    assert completions(home, "coterie edit --set comp") == ["company="]
    assert completions(home, "coterie import --duplicates m") == ["merge"]
    assert completions(home, "coterie list company:ana") == ["company:Analytical"]
    assert completions(home, "coterie list compa") == ["company:"]
    assert completions(home, "coterie --theme nor") == ["nord"]
    assert completions(home, "coterie disconnect ") == []


def test_files_are_left_to_the_shell(home: Command) -> None:
    for line in ("coterie import ", "coterie export -o ", "coterie --config "):
        assert home.run(_COTERIE_COMPLETE="words", _COTERIE_LINE=line).code == FILES


def test_nothing_is_made_where_there_is_no_book(coterie: Command) -> None:
    assert completions(coterie, "coterie list --group ") == []
    assert not (coterie.data / "coterie" / "contacts.db").exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [("", [""]), ("coterie list ", ["coterie", "list", ""]), ("coterie li", ["coterie", "li"]),
     ("coterie 'a b", ["coterie", "a b"]), ('coterie "a b" c', ["coterie", "a b", "c"]),
     ("coterie a\\ b", ["coterie", "a b"]), ("coterie a\\", ["coterie", "a"])],
)  # fmt: skip
def test_the_words_of_a_line(line: str, words: list[str]) -> None:
    assert words_of(line) == words


def test_bash_replaces_what_it_takes_for_the_word() -> None:
    assert for_bash("Summer party", "Su", "coterie x Su", BREAKS) == "Summer\\ party"
    assert for_bash('group:"a b"', "group:a", "coterie list group:a", BREAKS) == '\\"a\\ b\\"'
    assert for_bash("google:ada@b", "google:ada@", "coterie sync google:ada@", BREAKS) == "b"
    assert for_bash("Summer party", "Su", 'coterie x "Su', BREAKS) == "Summer party"
    assert for_bash("$(reboot)`", "", 'coterie x "', BREAKS) == "\\$(reboot)\\`"
    assert for_bash("it's", "", "coterie x '", BREAKS) == "it'\\''s"
    assert for_bash("$(reboot)`;", "", "coterie x ", BREAKS) == "\\$\\(reboot\\)\\`\\;"


SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(coterie completion bash)"'),
    "zsh": (["zsh", "-f", "-i"], 'autoload -U compinit; compinit -u -D; eval "$(coterie completion zsh)"'),
    "fish": (["fish", "--no-config", "-i"], "coterie completion fish | source"),
}


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest, home: Command, tmp_path: Path) -> Iterator[Terminal]:
    command, begin = SHELLS[request.param]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed here")
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "coterie"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m coterie.tui "$@"\n')
    program.chmod(0o755)
    environment = home.environment | {"PATH": f"{folder}:{home.environment['PATH']}", "PS1": "ready> "}
    with Terminal(command, environment=environment, cwd=tmp_path) as terminal:
        terminal.settle(0.5).send(f"{begin}; echo be''gun\r").wait_for("begun").settle(0.3)
        yield terminal


def test_real_shells_complete(shell: Terminal) -> None:
    shell.type("coterie groups delete Su").press("tab").wait_for("Summer\\ party")
    shell.press("ctrl+u").type("coterie list company:Ana").press("tab").wait_for("company:Analytical")
    shell.press("ctrl+u").type("coterie gro").press("tab").wait_for("coterie groups")
