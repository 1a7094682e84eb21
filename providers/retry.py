"""When to ask again, and how long to wait before: the only place that decides it, for every provider."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, TypeVar

from coterie.core.clock import computers_clock
from coterie.core.errors import BadReply, RateLimited, Rejected, Unreachable

T = TypeVar("T")

LONGEST_RETRY_AFTER: Final = 24 * 3600.0
"""Seconds; a server that asks for more is taken to mean this."""


class Blocked(Unreachable):
    """Unreachable in a way that asking again at once cannot mend: a captive portal, a certificate, a wrong address."""


class Broken(Unreachable):
    """The other side failed at this one request (HTTP 500); it may be at what was asked for."""


class Nowhere(Blocked, Rejected):
    """Nothing is at this address, and it is not the provider that says so: for a write, that it was refused."""


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """The seconds that a reply asks us to wait (RFC 9110, 10.2.3); None if it names none that can be read.

    A date is measured against the reply's own `Date`, so that a wrong clock on this computer does not matter.

    Args:
        headers: the headers of the reply, named in lower case.
        now: the present time if the reply has no `Date`; for tests.
    """
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        seconds = float(int(text))
    except ValueError:
        until = _date(text)
        if until is None:
            return None
        seconds = (until - (_date(headers.get("date", "")) or now or computers_clock())).total_seconds()
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def _date(text: str) -> datetime | None:
    """An HTTP date (RFC 9110, 5.6.7) with its zone, or None if `text` is none."""
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Retry:
    """How often to ask again, and how long to wait in between.

    Attributes:
        attempts: how often one request is sent at most.
        first: seconds to wait after the first failure; doubled each time, with jitter.
        broken_attempts: as `attempts`, for a request at which the other side fails.
        busy: as `first`, after a RateLimited that does not say how long to wait.
        busy_attempts: as `attempts`, if each ends in a RateLimited: quotas are counted by the minute, so that
            waiting them out takes one or two.
        longest: the longest wait in seconds that a server may ask for; what asks for more is raised at once, so that
            the caller can come back later.
        patience: seconds after which no further attempt begins unless the server itself asked to wait.
        sleep: waits that many seconds; tests put a recorder here.
    """

    attempts: int = 4
    broken_attempts: int = 4
    first: float = 0.5
    busy: float = 2.0
    busy_attempts: int = 8
    longest: float = 300.0
    patience: float = 30.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def of(self, count: int) -> Retry:
        """For a request that writes `count` contacts: if the other side fails at several, halves are sent next."""
        return replace(self, broken_attempts=2) if count > 1 else self

    async def run(self, attempt: Callable[[], Awaitable[T]], *, idempotent: bool) -> T:
        """The result of `attempt`, made again if that is safe and may help.

        Args:
            attempt: sends the request once; raises core errors.
            idempotent: whether doing it twice is the same as doing it once. Creations are not: they are sent again only
                if the server has said that it did nothing (RateLimited).

        Raises:
            CoterieError: the last one of `attempt`.
        """
        started = time.monotonic()
        for failures in range(1, max(self.attempts, self.busy_attempts) + 1):
            try:
                return await attempt()
            except (Unreachable, RateLimited, BadReply) as error:
                wait = self.wait(error, failures)
                asked = isinstance(error, RateLimited)
                spent = time.monotonic() - started
                may_repeat = idempotent or (isinstance(error, RateLimited) and error.undone)
                if not may_repeat or wait is None or (spent > self.patience and not asked):
                    raise
            await self.sleep(wait)
        raise AssertionError("the loop returns or raises")

    def wait(self, error: Exception, failures: int) -> float | None:
        """Seconds to wait after the failure number `failures` (from 1); None to give up."""
        most = self.busy_attempts if isinstance(error, RateLimited) else self.attempts
        if isinstance(error, (Broken, BadReply)):
            most = min(most, self.broken_attempts)
        if failures >= most or isinstance(error, Blocked):
            return None
        doubled = 2.0 ** (failures - 1)
        jitter = random.uniform(0.5, 1.0)  # noqa: S311 - spreads clients out; nothing secret
        if not isinstance(error, RateLimited):
            return self.first * doubled * jitter
        if error.retry_after is None:
            return min(self.busy * doubled * jitter, self.longest)
        if error.retry_after > self.longest:
            return None
        return error.retry_after + 0.5 * (jitter - 0.5)
