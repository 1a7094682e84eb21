"""Times as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from coterie.tui.time_words import ago_shortly, when_words

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-60, "just now"), (59, "just now"), (60, "1 min ago"), (3599, "59 min ago"), (3600, "1 h ago"),
        (86_399, "23 h ago"), (86_400, "1 day ago"), (400 * 86_400, "400 days ago"),
    ],
)  # fmt: skip
def test_how_long_ago_is_said_in_few_words(seconds: int, words: str) -> None:
    assert ago_shortly(NOW - timedelta(seconds=seconds), NOW) == words


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(minutes=25), "today 14:05"),
        (timedelta(hours=15), "yesterday 23:30"),
        (timedelta(days=2), "2026-02-28 14:30"),
    ],
)
def test_a_time_is_said_with_its_day(before: timedelta, words: str) -> None:
    assert when_words(NOW - before, NOW) == words
