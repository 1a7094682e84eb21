"""Standard streams that are full or closed, names of files that are no text, and files that may not be used."""

from __future__ import annotations

import ctypes
import os
import subprocess
from pathlib import Path

import pytest

from coterie.core.files import SMALL
from tests.tui.commandline.conftest import Command, Result

READING = (
    ["list"],
    ["list", "--json"],
    ["show", "1"],
    ["query", "ada"],
    ["export"],
    ["history"],
    ["--version"],
    ["--help"],
)


def said(result: Result, code: int, *words: str) -> None:
    """It ended with this code and said why in one or two lines of plain words."""
    assert result.code == code, result
    assert result.err.startswith("coterie: "), result
    assert len(result.err.splitlines()) <= 2, result
    for word in ("unexpected", "Traceback", "Errno", "Exception"):
        assert word not in result.err, result
    assert all(word in result.err for word in words), result


def run(command: Command, *arguments: str | bytes, shell: str) -> Result:
    """The command with redirections of a shell."""
    done = subprocess.run(
        ["sh", "-c", f'"$@" {shell}', "sh", *command.arguments(), *arguments],
        stdin=subprocess.DEVNULL, capture_output=True, env=command.environment, cwd=command.home, timeout=60,
        check=False,
    )  # fmt: skip
    return Result(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode())


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_a_full_output_is_said(people: Command, arguments: list[str]) -> None:
    result = run(people, *arguments, shell="> /dev/full")
    said(result, 1, "Standard output", "no space left")
    assert "changed" not in result.err


@pytest.mark.parametrize("arguments", [["list"], ["export"], ["query", "ada"]], ids=" ".join)
def test_a_closed_output_is_said(people: Command, arguments: list[str]) -> None:
    said(run(people, *arguments, shell=">&-"), 1, "Standard output", "closed")


def test_a_change_is_made_though_nobody_can_read_that_it_is(people: Command) -> None:
    said(run(people, "edit", "ada", "--set", "company=Acme", "--yes", shell="> /dev/full"), 1, "stays")
    assert people.json("show", "1")["company"] == "Acme"


def test_a_closed_input_is_said_where_it_is_read_and_harms_nothing_else(people: Command) -> None:
    said(run(people, "import", "-", shell="<&-"), 1, "Standard input", "closed")
    assert "Ada" in run(people, "list", shell="<&-").out


def test_errors_that_nobody_can_read_do_not_become_output(people: Command) -> None:
    for closed in ("2>&-", "2> /dev/full"):
        result = run(people, "list", "nobody", shell=closed)
        assert (result.code, result.out) == (1, ""), closed


def test_no_file_of_ours_takes_the_number_of_a_closed_stream(people: Command) -> None:
    """What is printed would be written into the book."""
    before = people.json("list")
    assert run(people, "add", "--name=Eve", "--email=eve@example.org", shell="<&- >&- 2>&-").code == 1
    assert len(people.json("list")) == len(before) + 1
    assert "intact" in people.run("doctor").out


# Names of files


def test_files_may_have_names_that_are_no_text(people: Command) -> None:
    name = os.fsdecode(b"caf\xe9.csv")
    people.ok("export", "-o", name)
    assert (people.home / name).exists()
    assert "unchanged" in people.ok("import", name)
    (people.home / name).unlink()
    said(people.run("import", name), 2, "caf\ufffd.csv")


@pytest.mark.parametrize(
    "arguments",
    [["list"], ["add", "--email=x@example.org", "--name"], ["groups", "create"], ["edit", "ada", "--set"],
     ["list", "--group"]],
    ids=" ".join,
)  # fmt: skip
def test_what_is_stored_or_searched_is_text(people: Command, arguments: list[str]) -> None:
    said(people.run(*arguments, os.fsdecode(b"company=caf\xe9")), 2, "encoding")


# Permissions, which the superuser does not feel


def _without_privileges() -> None:
    """In the child: a superuser without any capability is refused what is forbidden to everybody (capabilities(7))."""
    prctl, drop_from_bounding_set = ctypes.CDLL(None).prctl, 24
    for capability in range(64):
        prctl(drop_from_bounding_set, capability, 0, 0, 0)


def as_user(command: Command, *arguments: str, **env: str) -> Result:
    done = subprocess.run(
        command.arguments(*arguments),
        stdin=subprocess.DEVNULL, capture_output=True, env=command.environment | env, cwd=command.home, timeout=60,
        check=False, preexec_fn=_without_privileges if os.geteuid() == 0 else None,
    )  # fmt: skip
    return Result(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode())


@pytest.fixture
def forbidden(people: Command) -> Command:
    """A file, a folder and a folder to write into that are forbidden."""
    (people.home / "file.csv").write_text("Name,E-mail\nEve,eve@example.org\n")
    (people.home / "file.csv").chmod(0)
    (people.home / "closed").mkdir()
    (people.home / "closed" / "file.csv").write_text("Name,E-mail\nEve,eve@example.org\n")
    (people.home / "closed").chmod(0)
    (people.home / "kept").mkdir(mode=0o500)
    return people


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["import", "file.csv"], 2),
        (["import", "closed/file.csv"], 1),
        (["export", "-o", "kept/file.csv"], 1),
        (["export", "-o", "closed/file.csv"], 1),
        (["--config", "closed/config.toml", "list"], 3),
        (["--config", "file.csv", "list"], 3),
        (["--database", "closed/book.db", "list"], 3),
        (["--database", "kept/book.db", "list"], 3),
    ],
)
def test_what_is_forbidden_is_said(forbidden: Command, arguments: list[str], code: int) -> None:
    said(as_user(forbidden, *arguments), code, "permission denied")


def test_a_state_folder_that_is_closed_hinders_nothing(people: Command) -> None:
    people.log.parent.parent.mkdir(exist_ok=True)
    people.log.parent.parent.chmod(0)
    assert "Ada" in as_user(people, "list").out
    people.log.parent.parent.chmod(0o700)


def test_temporary_files_have_no_place(people: Command) -> None:
    """Big exports are put in order on the disk, a demo lives there; small ones need no room."""
    nowhere = people.home / "nowhere"
    nowhere.mkdir(mode=0o500)
    result = as_user(people, "edit", "ada", "--editor", TMPDIR=str(nowhere), EDITOR="true")
    assert result.code == 0 or result.err.startswith("coterie: "), result


def test_a_file_in_place_of_a_folder_is_said(people: Command) -> None:
    Path(people.home / "file").write_text("")
    said(people.run("export", "-o", "file/all.csv"), 2, "file/all.csv")
    said(people.run("import", "file/all.csv"), 2, "file/all.csv")


@pytest.mark.parametrize("arguments", [
    ("--config", "/dev/zero", "list"),
    ("write", "ada", "--text", "/dev/zero", "--eml", "mails"),
    ("write", "ada", "--text", "long.txt", "--eml", "mails"),
    ("recipes", "save", "endless", "--from", "/dev/zero"),
    ("invitation", "answer", "/dev/zero"),
])  # fmt: skip
def test_what_never_ends_is_not_read_to_its_end(people: Command, arguments: tuple[str, ...]) -> None:
    (people.home / "long.txt").write_text("a" * (SMALL + 1))
    result = people.run(*arguments, COTERIE_MAIL__ADDRESS="eve@example.org")
    assert result.code in {1, 3}, result
    assert "cannot be read: it is too large." in result.err
    assert len(result.err.splitlines()) <= 2


def test_links_in_a_circle_are_said(people: Command) -> None:
    (people.home / "circle").symlink_to(people.home / "circle")
    for arguments in (
        ("--database", "circle", "list"), ("--database", "circle/book.db", "list"),
        ("restore-backup", "circle", "--yes"), ("import", "circle"),
        ("--database", "circle", "doctor"), ("connect", "vdir", "--folder", "circle"),
    ):  # fmt: skip
        result = people.run(*arguments)
        assert result.code != 0, arguments
        assert "unexpected" not in result.err, result
        assert result.err or result.out, arguments
