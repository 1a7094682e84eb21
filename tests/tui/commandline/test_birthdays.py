"""coterie birthdays, in a process of its own and on the day on which the test happens to run."""

from __future__ import annotations

import pytest
from icalendar import Calendar

from tests.tui.commandline.conftest import Command

ROWS = "Name,E-mail,Birthday\nAda,ada@example.org,1815-12-10\nBob,bob@example.org,--02-29\nCyd,,some day\nDee,,\n"


@pytest.fixture
def born(coterie: Command) -> Command:
    coterie.ok("import", "-", stdin=ROWS)
    return coterie


def test_the_next_ones_are_listed_with_their_age(born: Command) -> None:
    result = born.run("birthdays", "--days", "366", "--json")
    assert (result.code, result.err) == (0, "coterie: Left out: the birthday of 1 contact is not a date.\n")
    found = {one["name"]: one for one in born.json("birthdays", "--days", "366")}
    assert found.keys() == {"Ada", "Bob"}
    ada, bob = found["Ada"], found["Bob"]
    assert (ada["birthday"], bob["birthday"]) == ("1815-12-10", "--02-29")
    assert ada["date"].endswith("-12-10")
    assert ada["age"] == int(ada["date"][:4]) - 1815
    assert bob["age"] is None
    assert [one["days"] for one in born.json("birthdays", "--days", "366")] == sorted([ada["days"], bob["days"]])
    lines = born.ok("birthdays", "ada", "--days", "366").splitlines()
    assert [line.split("\t")[2] for line in lines] == ["Ada"]


def test_the_calendar_has_all_of_them(born: Command) -> None:
    result = born.run("birthdays", "--ics", "days.ics")
    assert result.code == 0
    assert "Wrote 2 birthdays to days.ics." in result.err
    events = Calendar.from_ical((born.home / "days.ics").read_bytes()).walk("VEVENT")
    assert {str(one["summary"]) for one in events} == {"Birthday: Ada (1815)", "Birthday: Bob"}
    assert born.ok("birthdays", "--ics", "-").startswith("BEGIN:VCALENDAR\r\n")


def test_where_there_is_none_it_is_said(people: Command) -> None:
    result = people.run("birthdays")
    assert (result.code, result.out) == (1, "")
    assert result.err == "coterie: Nobody has a birthday within 30 days.\n"


@pytest.mark.parametrize("days", ["-1", "367", "x", "1.5"])
def test_what_is_no_number_of_days_is_said(people: Command, days: str) -> None:
    result = people.run("birthdays", f"--days={days}")
    assert result.code == 2
    assert "from 0 to 366" in result.err


def test_a_restricted_account_writes_it_into_its_folder(born: Command) -> None:
    born.restrict()
    assert born.run("birthdays", "--ics", "/tmp/days.ics").code == 1
    born.ok("birthdays", "--ics", "days.ics")
    assert (born.data / "coterie" / "files" / "days.ics").exists()
