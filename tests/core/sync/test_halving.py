"""What fails together is sent again in halves: everything is told once, within few requests."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.errors import FailedTogether, Unreachable, Unsure
from coterie.core.sync.halving import FAILING, told_of_all


class Server:
    """Takes numbers, `size` of them in a request, and fails at each request with one of `bad` in it."""

    def __init__(self, bad: frozenset[int], size: int = 200, *, makes: bool = False) -> None:
        self.bad, self.size, self.makes = bad, size, makes
        self.made: list[int] = []
        self.requests = 0

    async def send(self, numbers: Sequence[int]) -> AsyncGenerator[Mapping[int, str | Unsure], None]:
        for start in range(0, len(numbers), self.size):
            batch = range(start, min(start + self.size, len(numbers)))
            some = [numbers[place] for place in batch]
            self.requests += 1
            failed = not self.bad.isdisjoint(some)
            if not failed or self.makes:
                self.made += some
            error = FailedTogether("Broken.") if len(some) > 1 else Unsure("Broken.")
            yield dict.fromkeys(batch, error if failed else "done")

    async def there(self, numbers: Sequence[int]) -> set[int]:
        return {place for place, number in enumerate(numbers) if number in self.made}

    async def told(self, count: int) -> dict[int, object]:
        found: dict[int, object] = {}
        async for answers in told_of_all(self.send, range(count), self.there):
            assert found.keys().isdisjoint(answers)
            found |= answers
        return found


@given(count=st.integers(0, 700), bad=st.frozensets(st.integers(0, 699), max_size=3), size=st.integers(1, 200))
async def test_each_is_told_once_and_only_those_that_fail_are_refused(
    count: int, bad: frozenset[int], size: int
) -> None:
    server = Server(bad, size)
    told = await server.told(count)
    assert sorted(told) == list(range(count))
    assert {number for number, one in told.items() if one != "done"} == bad & set(range(count))
    assert sorted(server.made) == sorted(set(range(count)) - bad)
    batches = -(-count // size)
    assert server.requests <= batches + len(bad) * 2 * size.bit_length() + (batches if bad else 0)


async def test_what_was_done_all_the_same_is_not_sent_again() -> None:
    server = Server(frozenset({3}), makes=True)
    assert await server.told(100) == {}
    assert (sorted(server.made), server.requests) == (list(range(100)), 1)


async def test_a_server_that_fails_at_everything_is_given_up_soon() -> None:
    server = Server(frozenset(range(5000)))
    with pytest.raises(Unreachable, match="Broken"):
        await server.told(5000)
    assert server.requests == FAILING
