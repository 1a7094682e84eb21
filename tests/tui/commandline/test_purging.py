"""coterie purge: what it says and does, and that no other command lets the Bin go of anything."""

import sqlite3
from contextlib import closing

import pytest

from tests.tui.commandline.conftest import Command

DAY = 86_400_000


def change(people: Command, sql: str) -> None:
    with closing(sqlite3.connect(people.book, isolation_level=None)) as connection:
        connection.execute(sql)


@pytest.fixture
def binned(people: Command) -> Command:
    """Ada has been in the Bin for 40 days."""
    people.ok("delete", "ada", "--yes")
    change(people, f"UPDATE contact SET deleted_at = deleted_at - {40 * DAY} WHERE state = 1")
    return people


def test_what_goes_is_said_and_goes_a_day_later(binned: Command) -> None:
    said = binned.ok("purge")
    assert "1 contact in the Bin will be deleted forever from" in said
    assert "The Bin of this book keeps what is in it for 30 days." in said
    assert binned.names("--bin") == ["Ada Lovelace"]
    assert "will be deleted" in binned.ok("purge")
    change(binned, f"UPDATE bin SET announced_at = announced_at - {DAY}")
    assert "Would delete 1 contact forever" in binned.ok("purge", "--dry-run")
    assert binned.names("--bin") == ["Ada Lovelace"]
    assert "Deleted 1 contact forever, after 30 days in the Bin." in binned.ok("purge")
    assert binned.names("--bin") == []
    assert binned.ok("purge").startswith("Nothing in the Bin is to be deleted forever.")


def test_a_clock_that_has_moved_by_weeks_is_said(binned: Command) -> None:
    binned.ok("purge")
    change(binned, f"UPDATE bin SET seen_at = seen_at - {61 * DAY}, announced_at = announced_at - {61 * DAY}")
    said = binned.ok("purge")
    assert "The clock has moved on by 61 days since the book was last used, so nothing is deleted yet." in said
    assert binned.names("--bin") == ["Ada Lovelace"]


def test_other_commands_leave_the_bin_alone_whatever_the_setting_says(binned: Command) -> None:
    binned.environment["COTERIE_BIN_DAYS"] = "0"
    for command in (["list"], ["query", "grace"], ["export"], ["history"], ["add", "--name=Z", "--email=z@x.org"]):
        binned.ok(*command)
        change(binned, f"UPDATE bin SET announced_at = announced_at - {2 * DAY}")
    assert binned.names("--bin") == ["Ada Lovelace"]


def test_how_long_the_bin_keeps_what_is_in_it_is_a_matter_of_the_book(coterie: Command) -> None:
    assert "for 9 days" in coterie.run("purge", COTERIE_BIN_DAYS="9").out  # a new book takes the setting
    assert "for 9 days" in coterie.ok("purge")
    assert "for 12 days" in coterie.ok("purge", "--set-days", "12")
    assert "for 12 days" in coterie.run("purge", COTERIE_BIN_DAYS="1").out
    for wrong in ("0", "soon", "40000"):
        result = coterie.run("purge", "--set-days", wrong)
        assert result.code == 2, result
        assert "--set-days" in result.err
