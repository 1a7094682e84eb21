"""Disks that are full or read-only, and folders in which one may not write: what can be read is read."""

import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.tui.commandline.conftest import Command, Result
from tests.users import on_a_disk, without_powers

READING = (["list"], ["query", "ada"], ["export"], ["show", "1"], ["list", "--json"], ["export", "--format", "vcard"])
FILL = 'cp -a "$old"/. "$1"; chmod 700 "$1"; dd if=/dev/zero of="$1/filler" bs=4k 2>/dev/null || true'


def finished(command: list[str], coterie: Command, before: Callable[[], None] = without_powers) -> Result:
    done = subprocess.run(
        command,
        env=coterie.environment,
        cwd=coterie.home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        preexec_fn=before,
        timeout=60,
        check=False,
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def as_user(coterie: Command, *arguments: str) -> Result:
    return finished(coterie.arguments(*arguments), coterie)


def state(book: Path) -> dict[str, bytes]:
    """The files in the folder of a book."""
    return {one.name: one.read_bytes() for one in book.parent.iterdir() if one.is_file()}


@pytest.fixture
def read_only_folder(people: Command) -> Iterator[Command]:
    """A book in a folder where nothing may be written, its own file neither."""
    people.book.chmod(0o400)
    people.book.parent.chmod(0o500)
    yield people
    people.book.parent.chmod(0o700)


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_a_read_only_folder_is_read(read_only_folder: Command, arguments: list[str]) -> None:
    before = state(read_only_folder.book)
    result = as_user(read_only_folder, *arguments)
    assert result.code == 0, result
    assert "Ada Lovelace" in result.out
    assert f"for reading only: you may not write in the folder {read_only_folder.book.parent}." in result.err
    assert state(read_only_folder.book) == before


@pytest.mark.parametrize(
    "arguments",
    [["add", "--name", "Dora", "--email", "d@example.org"], ["edit", "ada", "--set", "company=X", "--yes"],
     ["delete", "ada", "--yes"], ["undo"], ["groups", "create", "Team"]],
    ids=" ".join,
)  # fmt: skip
def test_nothing_is_changed_in_a_read_only_folder(read_only_folder: Command, arguments: list[str]) -> None:
    before = state(read_only_folder.book)
    result = as_user(read_only_folder, *arguments)
    assert result.code == 3, result
    assert f"Nothing was saved in {read_only_folder.book}" in result.err
    assert "Check its owner and permissions." in result.err
    assert state(read_only_folder.book) == before


def test_a_book_that_is_read_only_itself_is_read(people: Command) -> None:
    people.book.chmod(0o400)
    result = as_user(people, "list")
    assert result.code == 0, result
    assert "Ada Lovelace" in result.out
    assert "you may not write to it" in result.err
    assert as_user(people, "delete", "ada", "--yes").code == 3


def test_the_log_of_a_killed_program_is_read_in_a_read_only_folder(people: Command) -> None:
    code = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute(\"UPDATE contact SET name = 'Augusta' WHERE id = 1\"); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, people.book], check=False)
    assert people.book.with_name("contacts.db-wal").stat().st_size > 0
    for leftover in ("contacts.db-shm", ""):  # with and without the index of the log
        people.book.parent.chmod(0o500)
        result = as_user(people, "list")
        people.book.parent.chmod(0o700)
        assert "Augusta" in result.out, result
        if leftover:
            people.book.with_name(leftover).unlink()


def test_a_backup_is_made_from_a_read_only_folder(read_only_folder: Command) -> None:
    result = as_user(read_only_folder, "backup", str(read_only_folder.home / "copy.db"))
    assert result.code == 0, result
    assert "Copied 3 contacts" in result.out


def test_an_older_book_in_a_read_only_folder_says_what_hinders(read_only_folder: Command) -> None:
    book = read_only_folder.book
    book.chmod(0o600)
    book.parent.chmod(0o700)
    with closing(sqlite3.connect(book)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
        connection.execute("PRAGMA journal_mode = DELETE")
    book.parent.chmod(0o500)
    result = as_user(read_only_folder, "list")
    assert result.code == 3
    assert "must be brought up to date, but you may not write in the folder" in result.err


def on_disk(people: Command, script: str, *arguments: str) -> Result:
    """The command on a disk of its own below the book, see `on_a_disk`."""
    return finished(on_a_disk(people.book.parent, script, people.arguments(*arguments)), people, before=lambda: None)


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_a_book_on_a_full_disk_is_read(people: Command, arguments: list[str]) -> None:
    result = on_disk(people, FILL, *arguments)
    assert result.code == 0, result
    assert "Ada Lovelace" in result.out
    assert f"for reading only: the disk {people.book.parent} is full. Make room on the disk" in result.err


def test_a_book_on_a_full_disk_is_not_changed(people: Command) -> None:
    result = on_disk(people, FILL, "delete", "ada", "--yes")
    assert result.code == 3, result
    assert f"Nothing was saved in {people.book}: the disk {people.book.parent} is full." in result.err


def test_no_room_for_temporary_files_leaves_the_book_as_it_was(people: Command) -> None:
    table = people.home / "many.csv"
    table.write_text("Name,E-mail\n" + "".join(f"Person {one},p{one}@example.org\n" for one in range(60_000)))
    people.environment["TMPDIR"] = str(folder := people.home / "temporary")
    folder.mkdir()
    fill = 'chmod 1777 "$1"; dd if=/dev/zero of="$1/filler" bs=4k 2>/dev/null || true'
    result = finished(on_a_disk(folder, fill, people.arguments("import", str(table))), people, before=lambda: None)
    assert result.code == 3, result
    assert f"Nothing was saved in {people.book}: there is no room for temporary files in {folder}." in result.err
    assert people.names() == ["Ada Lovelace", "Grace Hopper", "José Núñez"]
    people.ok("doctor")


def test_a_disk_that_becomes_full_meanwhile_leaves_the_book_as_it_was(people: Command) -> None:
    script = f'{FILL}; truncate -s 300k "$1/filler"; dd if=/dev/zero of="$1/filler" bs=1k count=500 2>/dev/null'
    table = people.home / "many.csv"
    table.write_text("Name,E-mail\n" + "".join(f"Person {one},p{one}@example.org\n" for one in range(5000)))
    import_it = " ".join(people.arguments("import", str(table)))
    result = on_disk(people, f'{script}; {import_it} && echo DONE; df "$1"', "list")
    assert "DONE" not in result.out, result
    assert "Nothing was saved in" in result.err, result
    assert "Ada Lovelace" in result.out
    assert "Person 1" not in result.out


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_a_book_on_a_read_only_disk_is_read(people: Command, arguments: list[str]) -> None:
    result = on_disk(people, 'cp -a "$old"/. "$1"; mount -o remount,bind,ro "$1"', *arguments)
    assert result.code == 0, result
    assert "Ada Lovelace" in result.out
    assert f"the disk {people.book.parent} is read-only" in result.err


def test_a_disk_that_refuses_more_says_so_and_changes_nothing(people: Command) -> None:
    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    before = people.json("list")
    result = finished(people.arguments("delete", "ada", "--yes"), people, before=little_room)
    assert result.code == 3, result
    assert "Nothing was saved in" in result.err
    assert "unexpected" not in result.err
    assert people.json("list") == before
    assert finished(people.arguments("list"), people, before=little_room).code == 0


def test_no_half_of_a_compiled_module_stays_where_files_may_not_grow(people: Command) -> None:
    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    compiled = people.home / "compiled"
    people.environment["PYTHONPYCACHEPREFIX"] = str(compiled)
    assert finished(people.arguments("list"), people, before=little_room).code == 0
    assert not [one for one in compiled.rglob("coterie/**/*.pyc") if one.stat().st_size == 8192]


def test_no_folder_for_what_the_screen_remembers_hinders_no_command(people: Command) -> None:
    people.home.chmod(0o500)
    result = as_user(people, "list")
    people.home.chmod(0o700)
    assert result.code == 0, result
