"""Days and times as people type them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from coterie.core.errors import InvalidInput
from coterie.tui.moments import moment_of

NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20", "2026-11-21 00:00"),
        ("2026-11-20 14:05", "2026-11-20 14:05"),
        ("Tuesday", "2026-11-25 00:00"),
        ("tue", "2026-11-25 00:00"),
        ("wednesday", "2026-11-19 00:00"),
        ("thursday, 9:30", "2026-11-19 09:30"),
        ("yesterday", "2026-11-25 00:00"),
        ("today", "2026-11-25 15:00"),
        ("14:05", "2026-11-25 14:05"),
    ],
)
def test_a_day_means_its_end(text: str, moment: str) -> None:
    assert f"{moment_of(text, NOW):%Y-%m-%d %H:%M}" == moment


@pytest.mark.parametrize(
    "text", ["", "t", "someday", "2026-13-01", "2026-11-26", "16:00", "25:00", "tue wed", "9:00 8:00"]
)
def test_what_is_no_moment_of_the_past_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        moment_of(text, NOW)


@pytest.mark.parametrize("text", ["tomorrow", "2026-11-26", "9999-12-31", "9999-12-31 23:59", "16:00"])
def test_what_lies_ahead_is_said_to(text: str) -> None:
    with pytest.raises(InvalidInput, match="still to come"):
        moment_of(text, NOW)
