"""Sending many contacts: if the server fails at several together, the one that is to blame is found by halving."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Final, TypeVar

from coterie.core.errors import Conflict, FailedTogether, Rejected, Unreachable, Unsure

A = TypeVar("A")
T = TypeVar("T")

Refused = Rejected | Conflict
Send = Callable[[Sequence[A]], AsyncGenerator[Mapping[int, T], None]]
Done = Callable[[Sequence[A]], Awaitable[Collection[int]]]

FAILING: Final = 12
"""Requests for several contacts in a row at which a server fails before it is taken to be out of order."""


async def _nothing(_items: Sequence[A]) -> Collection[int]:
    return ()


async def told_of_all(
    send: Send[A, T], items: Sequence[A], done: Done[A] = _nothing
) -> AsyncIterator[Mapping[int, T | Refused]]:
    """What a provider says of `items`, by their numbers; what refuses the rest of a batch refuses each item of it.

    What failed together is sent again in halves, the largest first, so that a server that fails at everything is soon
    told from one that fails at a few contacts.

    Args:
        send: sends some of the items, and tells of them by their numbers among these.
        items: what to send.
        done: of items that failed together, the numbers of those that were done all the same: they are not sent again.

    Raises:
        Unreachable: the server fails at everything.
    """
    parts: deque[Sequence[int]] = deque([range(len(items))] if items else [])
    failing = 0
    while parts:
        numbers = parts.popleft()
        together: list[int] = []
        async with aclosing(_told(send([items[number] for number in numbers]), len(numbers))) as batches:
            async for told in batches:
                answers = {numbers[place]: answer for place, answer in told.items()}
                together += [number for number, answer in answers.items() if isinstance(answer, FailedTogether)]
                if rest := {
                    number: answer for number, answer in answers.items() if not isinstance(answer, FailedTogether)
                }:
                    yield rest
                failing = _counted(failing, answers.values())
        if together:
            there = await done([items[number] for number in sorted(together)])
            parts += _halves([number for place, number in enumerate(sorted(together)) if place not in there])


def _counted(failing: int, answers: Collection[object]) -> int:
    """How often in a row the server has failed, with these answers. Raises Unreachable if it is too often."""
    if not all(isinstance(answer, Unsure) for answer in answers):
        return 0
    together = next((answer for answer in answers if isinstance(answer, FailedTogether)), None)
    if together is None:
        return failing
    if failing + 1 >= FAILING:
        raise Unreachable(together.title, "Sync again later.")
    return failing + 1


async def _told(
    batches: AsyncGenerator[Mapping[int, T], None], count: int
) -> AsyncGenerator[Mapping[int, T | Refused], None]:
    """What a provider says of a batch; what refuses the rest of it as a whole refuses each item of the rest."""
    unanswered = set(range(count))
    async with aclosing(batches):
        try:
            async for answers in batches:
                unanswered -= answers.keys()
                yield answers
        except (Rejected, Conflict) as refusal:
            yield dict.fromkeys(sorted(unanswered), refusal)


def _halves(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    middle = (len(numbers) + 1) // 2
    return (half for half in (numbers[:middle], numbers[middle:]) if half)
