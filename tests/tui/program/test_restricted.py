"""A restricted account in a real terminal: what leads out is refused in words, and the program goes on."""

from __future__ import annotations

import os
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.commandline.conftest import Command
from tests.tui.terminal_harness import Terminal


@pytest.fixture
def account(tmp_path: Path) -> Command:
    command = Command(tmp_path)
    command.restrict()
    command.ok("add", "--name=Ada Lovelace", "--email=ada@example.org")
    command.ok("export", "-o", "ada.csv")
    files = command.book.parent / "files"
    (tmp_path / "secret.csv").write_text("Name,E-mail\nSecret,secret@example.org\n")
    (files / "link.csv").symlink_to(tmp_path / "secret.csv")
    (files / "folder").symlink_to(tmp_path)
    return command


@pytest.fixture
def terminal(account: Command) -> Iterator[Terminal]:
    bare = dict.fromkeys(os.environ, "") | {"COTERIE_RESTRICTED": "", "EDITOR": "touch", "SSH_ORIGINAL_COMMAND": ""}
    environment = bare | {name: one for name, one in account.environment.items() if name != "COTERIE_RESTRICTED"}
    command = [sys.executable, "-m", "coterie.tui", "--restricted-shell"]
    with Terminal(command, environment=environment, cwd=account.home, timeout=30) as terminal:
        yield terminal.wait_for("Ada Lovelace")


def test_no_editor_and_no_shell(terminal: Terminal) -> None:
    terminal.press("E").wait_for("it has no editor")
    terminal.press("ctrl+z").wait_for("it has no shell")
    assert terminal.process.poll() is None
    terminal.press("j").press("q")
    assert terminal.wait_for_end() == 0


@pytest.mark.parametrize("path", ["../secret.csv", "{home}/secret.csv", "/etc/passwd", "link.csv", "folder/secret.csv"])
def test_no_file_outside_the_folder(terminal: Terminal, account: Command, path: str) -> None:
    terminal.press("i").wait_for("Import").paste(path.format(home=account.home)).press("enter")
    terminal.wait_for("outside")
    terminal.press("escape").press("escape").wait_gone("Import contacts")
    assert "Secret" not in terminal.text


def test_nothing_is_written_outside_the_folder(terminal: Terminal, account: Command) -> None:
    terminal.press("x").wait_for("Export")
    terminal.press(*["backspace"] * 40).type("../out.csv").press("enter").wait_for("outside")
    assert not (account.book.parent / "out.csv").exists()


def test_google_reads_no_file(terminal: Terminal, account: Command) -> None:
    terminal.press("s").wait_for("Where are your contacts?").click_on("Google Contacts").wait_for("Next step")
    while "Paste the text of that file here" not in terminal.text:
        terminal.press("enter")
    terminal.paste(str(account.home / "secret.csv")).press("enter").wait_for("This account is restricted")


def test_carddav_asks_nothing_of_this_computer(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        terminal.press("s").wait_for("Where are your contacts?").click_on("CardDAV").wait_for("Server or e-mail")
        terminal.paste(f"http://127.0.0.1:{server.getsockname()[1]}").press("tab").type("ada").press("tab").type("word")
        terminal.press("enter").wait_for("This account is restricted")
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_what_it_writes_is_for_this_user_only(account: Command) -> None:
    assert stat.S_IMODE((account.book.parent / "files" / "ada.csv").stat().st_mode) == 0o600
