from __future__ import annotations

from coterie.tui.time_left import TimeLeft


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_pace_so_far_tells_what_is_left() -> None:
    clock = Clock()
    left = TimeLeft(clock)
    assert left.words(0, 6000) == ""
    clock.now = 4
    assert left.words(40, 6000) == "", "too early to say"
    clock.now = 10
    assert left.words(100, 6000) == "about 10 minutes left"
    clock.now = 560
    assert left.words(5600, 6000) == "less than a minute left"
    clock.now = 599
    assert left.words(5990, 6000) == ""
    assert left.words(5990, None) == ""


def test_a_count_that_begins_anew_has_a_pace_of_its_own() -> None:
    clock = Clock()
    left = TimeLeft(clock)
    clock.now = 100
    left.words(100_000, 100_000)
    assert left.words(1, 20) == ""
    clock.now = 110
    assert left.words(2, 722) == "about 2 hours left"
