"""Other programs on the same terminal: the user's editor, however it ends, and the shell after ctrl+z."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.terminal_harness import Terminal

COTERIE = [sys.executable, "-m", "coterie.tui", "--demo"]
FIRST = "Adaeze Abiola"
PROMPT = "the-shell>"


class Editor:
    """An editor made of shell commands; `$1` is the file, `$2` a path to say something with."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "editor.sh"
        self.signs = folder / "signs"
        self.home = {"HOME": str(folder), "EDITOR": f"{self.path}", "VISUAL": ""}
        self.home |= {f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "DATA", "STATE", "CACHE")}

    def does(self, *commands: str) -> None:
        """What it does."""
        lines = "\n".join(commands).replace("SIGNS", str(self.signs))
        self.path.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
        self.path.chmod(0o700)

    def open(self, size: str = "80x24") -> Terminal:
        """Coterie at a terminal, with this as $EDITOR."""
        return Terminal(COTERIE, size=size, environment=self.home).wait_for("307 contacts")


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    return Editor(tmp_path)


def is_as_before(terminal: Terminal) -> None:
    """Keys act and all of the screen is there."""
    terminal.wait_for("Sync contacts").wait_for(FIRST).press("j").wait_for("2 of 307").press("k").wait_for("1 of 307")
    assert terminal.cell(0, 23).data.strip() == ""
    assert "n new" in terminal.lines[23]


def says(terminal: Terminal, reason: str) -> None:
    """The screen is back, with the reason; its words may stand on several lines of a notice."""
    terminal.wait_for("Sync contacts").wait_for("Nothing was changed.")
    terminal.wait_until(lambda: all(word in terminal.text for word in reason.split()), reason)


@pytest.mark.parametrize(
    ("commands", "reason"),
    [
        (("exit 1",), "ended with an error (exit code 1)"),
        (("echo nonsense > $1", "exit 3"), "ended with an error (exit code 3)"),
        (("kill -9 $$",), "was ended by SIGKILL"),
        (("kill -HUP $$",), "was ended by SIGHUP"),
        (("rm $1",), "left no file"),
        (("rm -r $(dirname $1)",), "left no file"),
        (("printf '\\377' > $1",), "cannot be read"),
        (("stty raw -echo", r"printf '\033[5;9r\033[4h\033[?1h\033[?1002h\033[?1049h'", "kill -9 $$"), "SIGKILL"),
    ],
)
def test_an_editor_that_fails_changes_nothing_and_gives_the_terminal_back(
    editor: Editor, commands: tuple[str, ...], reason: str
) -> None:
    editor.does(*commands)
    with editor.open() as terminal:
        says(terminal.press("E"), reason)
        is_as_before(terminal)


def test_a_text_that_cannot_be_read_is_edited_again_or_given_up(editor: Editor) -> None:
    mend = "sed -i -e /nonsense/d -e '/^name:/a nickname: Addy' $1"
    editor.does(f"if [ -e SIGNS ]; then {mend}; else touch SIGNS; echo nonsense >> $1; fi")
    with editor.open() as terminal:
        terminal.press("E").wait_for("The text cannot be read").wait_for("Give up").press("enter")
        terminal.wait_for("Edit 1 contact as text").wait_for("Addy").press("escape").wait_gone("Edit 1 contact as text")
        editor.does("echo nonsense >> $1")
        says(terminal.press("E").wait_for("Give up").press("escape"), "")
        is_as_before(terminal)


@pytest.mark.parametrize("missing", ["/nowhere/vi", "'unfinished quote", "/"])
def test_an_editor_that_is_missing(editor: Editor, missing: str) -> None:
    editor.home["EDITOR"] = missing
    with editor.open() as terminal:
        says(terminal.press("E"), "cannot be started")
        is_as_before(terminal)


def test_the_settings_of_the_terminal_are_those_of_before(editor: Editor) -> None:
    """An editor that dies in raw mode must not leave the shell in it after Coterie has ended."""
    editor.does("stty raw -echo", "kill -9 $$")
    script = f"stty -g > {editor.signs}.1; {' '.join(COTERIE)}; stty -g > {editor.signs}.2"
    with Terminal(["sh", "-c", script], environment=editor.home) as terminal:
        terminal.wait_for("307 contacts").press("E").wait_for("Nothing was changed.").press("q").wait_for_end()
    before, after = (Path(f"{editor.signs}.{number}").read_text() for number in (1, 2))
    assert after == before


def test_another_size_while_the_editor_is_open(editor: Editor) -> None:
    editor.does("echo OPEN", "while [ ! -e SIGNS ]; do sleep 0.05; done")
    with editor.open() as terminal:
        terminal.press("E").wait_for("OPEN").resize(120, 40)
        editor.signs.touch()
        terminal.wait_for("Nothing was changed.").wait_for("Sync contacts")
        terminal.wait_until(lambda: "n new" in terminal.lines[39], "the keys in the last line")


def test_ctrl_c_belongs_to_the_editor(editor: Editor) -> None:
    editor.does("trap 'touch SIGNS' INT", "echo OPEN", "while [ ! -e SIGNS ]; do sleep 0.05; done")
    with editor.open() as terminal:
        terminal.press("E").wait_for("OPEN").press("ctrl+c").wait_for("Nothing was changed.")
        is_as_before(terminal)


@pytest.fixture
def shell(editor: Editor) -> Iterator[Terminal]:
    """A shell with job control in which Coterie runs."""
    with Terminal(["bash", "--norc", "--noprofile", "-i"], environment=editor.home | {"PS1": PROMPT}) as terminal:
        terminal.wait_for(PROMPT).type(" ".join(COTERIE)).press("enter").wait_for("307 contacts")
        yield terminal


def test_ctrl_z_leads_to_the_shell_and_fg_back(shell: Terminal) -> None:
    for _ in range(2):
        shell.press("ctrl+z").wait_for("Stopped")
        shell.type("echo the shell says $((20 + 3))").press("enter").wait_for("the shell says 23")
        shell.type("fg").press("enter").wait_for("Sync contacts")
        is_as_before(shell)


def test_in_the_background_it_stays_stopped(shell: Terminal) -> None:
    shell.press("ctrl+z").wait_for("Stopped")
    shell.type("bg").press("enter").type("echo still $((20 + 3))").press("enter").wait_for("still 23")
    shell.type("fg").press("enter").wait_for("Sync contacts")
    is_as_before(shell)


def test_ctrl_z_while_the_editor_is_open(editor: Editor, shell: Terminal) -> None:
    editor.does("echo OPEN", "while [ ! -e SIGNS ]; do sleep 0.05; done", "sed -i 's/^company:.*/company: Edited/' $1")
    shell.press("E").wait_for("OPEN").press("ctrl+z").wait_for("Stopped")
    shell.type("fg").press("enter")
    editor.signs.touch()
    shell.wait_for("Apply to 1").wait_for("Edited").press("escape").wait_gone("Apply")
    is_as_before(shell)


def test_ctrl_z_without_a_shell_does_no_harm(editor: Editor) -> None:
    with editor.open() as terminal:
        terminal.press("ctrl+z")
        is_as_before(terminal)


def test_ctrl_z_in_the_editor_without_a_shell_does_no_harm(editor: Editor) -> None:
    editor.does("echo OPEN", "while [ ! -e SIGNS ]; do sleep 0.05; done")
    with editor.open() as terminal:
        terminal.press("E").wait_for("OPEN").press("ctrl+z")
        editor.signs.touch()
        terminal.wait_for("Nothing was changed.")
        is_as_before(terminal)


def test_stopped_from_outside_and_continued(editor: Editor) -> None:
    with editor.open() as terminal:
        os.kill(terminal.process.pid, signal.SIGSTOP)
        terminal.screen.reset()
        os.kill(terminal.process.pid, signal.SIGCONT)
        is_as_before(terminal)
