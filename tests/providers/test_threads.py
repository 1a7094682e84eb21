from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time

import pytest

from core.errors import Unreachable
from providers.threads import in_thread


async def test_the_result_comes_and_the_loop_goes_on() -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.005)

    ticking = asyncio.create_task(tick())
    assert await in_thread(lambda: time.sleep(0.1) or threading.current_thread().daemon, who="X", seconds=5) is True
    ticking.cancel()
    assert ticks > 5


async def test_too_late_is_unreachable_and_nobody_waits() -> None:
    started = time.monotonic()
    with pytest.raises(Unreachable, match="X did not answer"):
        await in_thread(lambda: time.sleep(3), who="X", seconds=0.05)
    assert time.monotonic() - started < 1


async def test_exceptions_are_translated_or_raised_as_they_are() -> None:
    def fail() -> None:
        raise ValueError("theirs")

    def own_timeout() -> None:
        raise TimeoutError("theirs")

    with pytest.raises(Unreachable, match="ours"):
        await in_thread(fail, who="X", seconds=1, translate=lambda _error: Unreachable("ours"))
    with pytest.raises(ValueError, match="theirs"):
        await in_thread(fail, who="X", seconds=1)
    with pytest.raises(TimeoutError, match="theirs"):
        await in_thread(own_timeout, who="X", seconds=1)


async def test_cancelling_returns_at_once() -> None:
    task = asyncio.create_task(in_thread(lambda: time.sleep(3), who="X", seconds=9))
    await asyncio.sleep(0.02)
    task.cancel()
    started = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - started < 1


def test_leaving_the_program_does_not_wait_for_a_request() -> None:
    program = """
import asyncio, time
from providers.threads import in_thread
async def main():
    task = asyncio.create_task(in_thread(lambda: time.sleep(30), who="X", seconds=60))
    await asyncio.sleep(0.1)
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", program], timeout=10, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
