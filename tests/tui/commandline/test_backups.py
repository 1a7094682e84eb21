import sqlite3
import stat
from contextlib import closing

from tests.tui.commandline.conftest import Command


def kept(coterie: Command) -> list[str]:
    """The names of the copies in their folder."""
    folder = coterie.book.with_name("contacts.db.backups")
    return sorted(one.name for one in folder.iterdir()) if folder.exists() else []


def test_backup_says_where_the_copy_is(people: Command) -> None:
    target = people.home / "copy.db"
    assert people.ok("backup", str(target)) == f"Copied 3 contacts to {target} (0.2 MB). The copy is verified.\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    relative = people.ok("backup", "other.db")
    assert f"Copied 3 contacts to {people.home / 'other.db'} " in relative


def test_restore_backup_names_what_differs_and_keeps_the_old_book(people: Command) -> None:
    people.ok("backup", "copy.db")
    people.ok("add", "--name", "Dora", "--email", "dora@example.org")
    people.ok("edit", "ada", "--set", "company=Other", "--yes")
    preview = people.ok("restore-backup", "copy.db", "--dry-run")
    assert preview == (
        "The copy is intact and has 3 contacts.\n"
        "Only in the book, gone afterwards: 1 contact (Dora)\n"
        "Different, afterwards as in the copy: 1 contact (Ada Lovelace)\n"
        "Nothing was changed.\n"
    )
    refused = people.run("restore-backup", "copy.db")
    assert refused.code == 2
    assert "--yes" in refused.err
    assert "Dora" in people.names()
    done = people.ok("restore-backup", "copy.db", "--yes")
    assert people.names() == ["Ada Lovelace", "Grace Hopper", "José Núñez"]
    old = done.split("is kept in ")[1].strip().removesuffix(".")
    people.ok("restore-backup", old, "--yes")
    assert "Dora" in people.names()


def test_the_copies_are_listed_and_called_by_their_day(people: Command) -> None:
    assert people.run("restore-backup").code == 1
    people.ok("add", "--name", "Dora", "--email", "dora@example.org")
    [today] = kept(people)
    people.ok("delete", "dora", "--yes")
    [listed] = people.ok("restore-backup").splitlines()
    assert listed.split("\t")[0].endswith(today)
    assert listed.split("\t")[2] == "4"
    people.ok("restore-backup", today.removesuffix(".db"), "--yes")
    assert "Dora" in people.names()


def test_a_command_that_changes_something_makes_the_copy_of_the_day(people: Command) -> None:
    for reading in (["list"], ["query", "ada"], ["export"], ["show", "1"], ["history"]):
        people.ok(*reading)
    assert kept(people) == []
    people.ok("edit", "ada", "--set", "company=Other", "--yes")
    assert len(kept(people)) == 1
    people.ok("edit", "ada", "--set", "company=Again", "--yes")
    assert len(kept(people)) == 1


def test_a_copy_of_the_day_that_cannot_be_made_hinders_nothing(people: Command) -> None:
    people.book.with_name("contacts.db.backups").write_text("a file is in the way")
    people.ok("edit", "ada", "--set", "company=Other", "--yes")
    assert people.json("show", "ada@example.org")["company"] == "Other"
    assert "today's copy" in people.log.read_text()


def test_the_demo_has_no_copies(coterie: Command) -> None:
    assert coterie.run("--demo", "backup").code == 2
    assert coterie.run("--demo", "restore-backup", "x.db").code == 2


def test_a_book_that_is_open_is_not_replaced(people: Command) -> None:
    people.ok("backup", "copy.db")
    with closing(sqlite3.connect(people.book)) as other:
        other.execute("SELECT * FROM contact").fetchone()
        result = people.run("restore-backup", "copy.db", "--yes")
    assert result.code == 3
    assert "Another program has the book" in result.err
    assert "Close it there" in result.err
