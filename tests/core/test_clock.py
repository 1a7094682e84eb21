"""The clock that is used if none is given: this computer's, with its time zone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.clock import COMPUTERS_ZONE, computers_clock, from_ms, from_seconds, shown_in

CHATHAM = timezone(timedelta(hours=13, minutes=45))
WEST = timezone(-timedelta(hours=12))


@pytest.fixture
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """With the rules written out, so that no list of time zones is needed."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        time.tzset()
        yield
    time.tzset()


def test_the_time_is_now_and_has_a_zone() -> None:
    before = datetime.now(UTC)
    assert before <= computers_clock() <= datetime.now(UTC)
    assert computers_clock().tzinfo is COMPUTERS_ZONE


@pytest.mark.usefixtures("in_berlin")
def test_days_begin_at_the_midnight_of_their_own_season() -> None:
    assert datetime(2026, 7, 1, tzinfo=COMPUTERS_ZONE) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert datetime(2026, 11, 23, tzinfo=COMPUTERS_ZONE) == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert f"{datetime(2026, 7, 1, tzinfo=COMPUTERS_ZONE):%z %Z}" == "+0200 CEST"


@pytest.mark.usefixtures("in_berlin")
@given(st.integers(0, 2_000_000_000))
def test_every_moment_comes_back(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert moment.astimezone(COMPUTERS_ZONE).timestamp() == moment.timestamp()
    assert shown_in(moment, COMPUTERS_ZONE) == moment
    assert f"{shown_in(moment, COMPUTERS_ZONE)}" == f"{moment.astimezone(COMPUTERS_ZONE)}"


@pytest.mark.usefixtures("in_berlin")
def test_the_hour_that_comes_twice_is_two_hours() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    shown = [shown_in(one, COMPUTERS_ZONE) for one in (first, second)]
    assert [f"{one:%H:%M %z}" for one in shown] == ["02:30 +0200", "02:30 +0100"]
    assert shown[1] - shown[0] == timedelta(hours=1)
    assert shown[0] < shown[1]
    assert shown == [first, second]


@pytest.mark.parametrize("moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)], ids=str)
@pytest.mark.parametrize("zone", [COMPUTERS_ZONE, CHATHAM, WEST], ids=["here", "east", "west"])
def test_the_first_and_the_last_moment_can_be_shown(moment: datetime, zone: timezone) -> None:
    assert shown_in(moment, zone) == moment


@pytest.mark.parametrize("seconds", [1e12, 1e18, -1e18])
def test_a_time_that_no_date_can_have_is_the_last_one(seconds: float) -> None:
    assert from_seconds(seconds, UTC).year == 9999
    assert from_ms(int(seconds * 1000), UTC) == from_seconds(seconds, UTC)
