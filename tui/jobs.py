"""What workers are given to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import ParamSpec

P = ParamSpec("P")


def job(function: Callable[P, Awaitable[object]], *arguments: P.args, **options: P.kwargs) -> Callable[[], object]:
    """An async function with its arguments, for a worker to call: one that is cancelled before it begins calls nothing.

    Given a coroutine instead, it would leave one behind that nobody awaits, and Python complains about that.
    """
    return partial(function, *arguments, **options)
