"""Writing many cards: CardDAV has no request for several, so a few go at once, over connections that stay open.

What the server stored is read by one addressbook-multiget if it tells no etags, and a group card is put once for all
of its new members.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Final, TypeVar

from coterie.core.errors import Conflict, Rejected, Unsure
from coterie.core.provider import Answer, RemoteContact
from coterie.providers.carddav.writing import Outgoing, Writer
from coterie.providers.refusing import alone

T = TypeVar("T")

TOGETHER: Final = 100
"""Cards whose answers are told together."""
AT_ONCE: Final = 4
"""Requests at the same time: small servers have no more workers."""

Prepare = Callable[[], Awaitable[Outgoing]]


async def write(writer: Writer, work: Sequence[Prepare]) -> AsyncGenerator[dict[int, Answer], None]:
    """Put the cards that `work` makes: their numbers in it, with the answers."""
    for start in range(0, len(work), TOGETHER):

        async def send(make: Prepare) -> tuple[Outgoing, str]:
            card = await make()
            return card, await writer.put(card)

        sent = await at_once([lambda make=make: send(make) for make in work[start : start + TOGETHER]])  # type: ignore[misc]
        answers, fatal = _refused(sent, start)
        done = {start + place: result for place, result in enumerate(sent) if isinstance(result, tuple)}
        try:
            ungrouped = await writer.regroup([card for card, _ in done.values()])
        except Exception as error:  # noqa: BLE001 - raised below, once it is told what was done
            ungrouped = dict.fromkeys([card.uid for card, _ in done.values()], Unsure(str(error)))
            fatal = fatal or error
        told = await writer.stored(list(done.values()), ungrouped)
        yield answers | dict(zip(done, told, strict=True))
        if fatal is not None:
            raise fatal


async def delete(
    writer: Writer, contacts: Sequence[RemoteContact]
) -> AsyncGenerator[dict[int, Rejected | Conflict | None], None]:
    """Delete cards: their numbers in `contacts`, with None for those that are gone."""
    for start in range(0, len(contacts), TOGETHER):
        some = contacts[start : start + TOGETHER]
        sent = await at_once([lambda contact=contact: writer.delete(contact) for contact in some])  # type: ignore[misc]
        answers, fatal = _refused(sent, start)
        yield {**answers, **{start + place: None for place, result in enumerate(sent) if result is None}}  # type: ignore[dict-item]
        if fatal is not None:
            raise fatal


async def at_once(work: Sequence[Callable[[], Awaitable[T]]]) -> list[T | BaseException]:
    """The results of all, in their order, a few of them made at the same time.

    What ends everything (no Rejected and no Conflict) ends those that have not begun yet.
    """
    gate = asyncio.Semaphore(AT_ONCE)
    fatal: list[Exception] = []

    async def attempt(make: Callable[[], Awaitable[T]]) -> T:
        async with gate:
            if fatal:
                raise fatal[0]
            try:
                return await alone(make())
            except (Rejected, Conflict):
                raise
            except Exception as error:
                fatal.append(error)
                raise

    return await asyncio.gather(*map(attempt, work), return_exceptions=True)


def _refused(sent: Sequence[object], start: int) -> tuple[dict[int, Answer], Exception | None]:
    """What was refused, by its number, and what ends everything."""
    refused: dict[int, Answer] = {
        start + place: result for place, result in enumerate(sent) if isinstance(result, (Rejected, Conflict))
    }
    others = (
        result for result in sent if isinstance(result, Exception) and not isinstance(result, (Rejected, Conflict))
    )
    return refused, next(others, None)
