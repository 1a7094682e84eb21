from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from coterie.core.errors import Unreachable
from coterie.providers.threads import in_thread


async def test_the_result_comes_and_the_loop_goes_on() -> None:
    ticked = threading.Event()

    async def tick() -> None:
        ticked.set()

    ticking = asyncio.create_task(tick())
    assert await in_thread(lambda: ticked.wait(30) and threading.current_thread().daemon, who="X", seconds=60) is True
    await ticking


async def test_too_late_is_unreachable_and_nobody_waits() -> None:
    answers, answered = threading.Event(), threading.Event()

    def answer() -> None:
        answers.wait(30)
        answered.set()

    with pytest.raises(Unreachable, match="X did not answer"):
        await in_thread(answer, who="X", seconds=0.05)
    assert not answered.is_set()
    answers.set()


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
    loop, begun, answers, answered = asyncio.get_running_loop(), asyncio.Event(), threading.Event(), threading.Event()

    def ask() -> None:
        loop.call_soon_threadsafe(begun.set)
        if answers.wait(30):
            answered.set()

    task = asyncio.create_task(in_thread(ask, who="X", seconds=60))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not answered.is_set()
    answers.set()


def test_leaving_the_program_does_not_wait_for_a_request() -> None:
    program = """
import asyncio, time
from coterie.providers.threads import in_thread
async def main():
    task = asyncio.create_task(in_thread(lambda: time.sleep(30), who="X", seconds=60))
    await asyncio.sleep(0.1)
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", program], timeout=10, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
