import sqlite3
import stat
from contextlib import closing

import pytest

from tests.tui.commandline.conftest import Command


def test_a_well_book_is_exit_0_and_every_place_is_named(people: Command) -> None:
    text = people.ok("doctor")
    for place in (people.book, people.home / "config" / "coterie" / "config.toml", people.log):
        assert str(place) in text
    assert "the database is intact" in text
    assert "Tokens      kept in files that only you can read" in text
    assert "3, and 0 in the Bin" in text
    assert "All is well." in text


def test_a_damaged_book_is_exit_1(people: Command) -> None:
    people.ok("list")
    for beside in ("contacts.db-wal", "contacts.db-shm"):
        people.book.with_name(beside).unlink(missing_ok=True)
    content = bytearray(people.book.read_bytes())
    content[8192:40960] = b"\xff" * (40960 - 8192)
    people.book.write_bytes(content)
    result = people.run("doctor")
    assert result.code == 1
    assert "PROBLEM" in result.out
    assert "unexpected" not in result.err
    assert "Traceback" not in result.err


def test_a_file_of_another_program_is_exit_1(coterie: Command) -> None:
    (coterie.home / "x.db").write_text("garbage")
    result = coterie.run("--database", "x.db", "doctor")
    assert result.code == 1
    assert "PROBLEM" in result.out


def test_files_that_others_can_read_are_a_problem(people: Command) -> None:
    people.ok("list")
    other = people.home / "shared.db"
    people.ok("--database", str(other), "list")
    other.chmod(0o644)
    result = people.run("--database", str(other), "doctor")
    assert result.code == 1
    assert f"Others can read {other}" in result.out
    assert stat.S_IMODE(other.stat().st_mode) == 0o600, "opening the book has taken that away"


def harm(people: Command, *statements: str) -> None:
    with closing(sqlite3.connect(people.book, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_lost_search_index_is_made_anew(people: Command) -> None:
    harm(people, "DROP TABLE search_index", "DROP INDEX contact_favorite")
    broken = people.run("list", "ada")
    assert broken.code == 3
    assert "`coterie doctor` mends it." in broken.err
    text = people.ok("doctor")
    assert "Rebuilt     The table search_index is missing: it was made anew, nothing is lost." in text
    assert "All is well." in text
    assert people.names("ada") == ["Ada Lovelace"]
    assert "Rebuilt" not in people.ok("doctor")


def test_a_lost_table_is_repaired_into_a_new_book(people: Command) -> None:
    harm(people, "DROP TABLE email", "DELETE FROM contact WHERE id = 2")
    result = people.run("doctor")
    assert result.code == 1
    assert "PROBLEM: The table email is missing." in result.out
    assert "`coterie doctor --repair` saves what can be read" in result.out
    text = people.ok("doctor", "--repair")
    assert "The new book has 3 contacts" in text or "The new book has 2 contacts" in text
    assert "All is well." in text
    assert {"Ada Lovelace", "José Núñez"} <= set(people.names())
    assert len(list(people.book.with_name("contacts.db.backups").glob("replaced-*.db"))) == 1


def test_an_emptied_book_is_found_and_not_taken_for_a_new_one(people: Command) -> None:
    people.ok("edit", "ada", "--set", "company=Other", "--yes")  # which makes the copy of the day
    people.book.write_bytes(b"")
    result = people.run("doctor", "--repair")
    assert result.code == 1
    assert "is empty (0 bytes)" in result.out
    assert "`coterie restore-backup` lists the copies" in result.out
    listed = people.run("list")
    assert listed.code == 3
    assert "is empty, though it held a book before" in listed.err
    assert people.book.read_bytes() == b""
    copy = people.ok("restore-backup").split("\t")[0]
    people.ok("restore-backup", copy)
    assert people.names("ada") == ["Ada Lovelace"]


def test_a_copy_that_cannot_be_read_is_a_problem(people: Command) -> None:
    people.ok("backup")
    assert "1 in" in people.ok("doctor")
    [copy] = people.book.with_name("contacts.db.backups").iterdir()
    copy.write_text("garbage")
    copy.chmod(0o644)
    result = people.run("doctor")
    assert result.code == 1
    assert f"The copy {copy} cannot be read." in result.out
    assert f"Others can read {copy}" in result.out


def test_a_variable_without_effect_is_named(people: Command) -> None:
    assert "COTERIE_THEEM" in people.ok("doctor", COTERIE_THEEM="dark")


def test_bad_settings_are_exit_3(people: Command) -> None:
    assert people.run("doctor", COTERIE_BIN_DAYS="x").code == 3


@pytest.mark.parametrize("book", ["/", "{home}", "/dev/null"])
def test_what_is_no_file_is_no_book_and_keeps_its_rights(people: Command, book: str) -> None:
    book = book.format(home=people.home)
    for arguments in (("doctor",), ("doctor", "--repair"), ("backup",), ("list",), ("restore-backup",)):
        result = people.run("--database", book, *arguments)
        assert result.code in {1, 3}, result
        assert "unexpected" not in result.err
        assert "chmod" not in result.out
