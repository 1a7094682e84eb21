"""Ending (SIGTERM, SIGHUP) while another program has the terminal: that ends first, and saves what it can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_others: list[Callable[[], None]] = []


@contextmanager
def after(tell: Callable[[], None]) -> Iterator[None]:
    """While another program has the terminal: `tell` tells it to end, as often as we are told to."""
    _others.append(tell)
    try:
        yield
    finally:
        _others.remove(tell)


def tell_others() -> bool:
    """Tell what has the terminal to end; whether there is anything."""
    for tell in _others:
        tell()
    return bool(_others)
