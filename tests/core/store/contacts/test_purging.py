"""What the Bin lets go of, whatever the clock says: nothing that was not said a day before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coterie.core.store.contacts.purging import DAY, LONGEST_PAUSE, Watch

MOMENTS = st.lists(st.integers(0, 200 * DAY) | st.integers(0, 10_000 * DAY), min_size=1, max_size=30)
DAYS = st.integers(0, 40)


@given(MOMENTS, DAYS, st.integers(0, 10_000 * DAY))
def test_nothing_goes_that_was_not_said_a_day_before(moments: list[int], days: int, deleted_at: int) -> None:
    watch, said = Watch(days), None
    for now in moments:
        before = watch.before(now)
        if before is not None and deleted_at < before:
            assert said is not None
            assert now - said >= DAY
            assert now - deleted_at >= days * DAY
            return
        watch = watch.looked(now, 0)
        first = watch.announced_at if said is None else min(said, watch.announced_at)
        said = first if deleted_at < watch.announced_before else None


@given(st.integers(1, 1000), st.integers(DAY, LONGEST_PAUSE), DAYS)
def test_who_uses_the_book_now_and_then_gets_rid_of_what_is_old(start: int, pause: int, days: int) -> None:
    now = start * DAY
    deleted_at, watch = now, Watch(days)
    for _ in range(2 + (days + 1) * DAY // pause + 2):
        watch = watch.looked(now, 0)
        now += pause
        before = watch.before(now)
        if before is not None and deleted_at < before:
            return
    raise AssertionError("it is never deleted")
