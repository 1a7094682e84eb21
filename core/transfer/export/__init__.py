"""Contacts out of the book: CSV in three layouts, vCard and JSON, all written as a stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from itertools import islice
from typing import Final, TextIO

from core.change import Progress
from core.model import Contact
from core.transfer.export.formats import FORMATS, Format, find_format, format_for
from core.transfer.shape import Shape, shape_of

__all__ = ["FORMATS", "Format", "Shape", "find_format", "format_for", "shape_of", "write"]

_EVERY: Final = 256  # contacts between two words of progress


async def write(
    format_id: str,
    contacts: AsyncIterable[Contact] | Iterable[Contact],
    file: TextIO,
    *,
    raw: bool = False,
    progress: Progress | None = None,
    shape: Shape | None = None,
    total: int | None = None,
) -> int:
    """Write `contacts` to `file`; returns how many they were.

    Args:
        format_id: a key of FORMATS.
        file: opened for UTF-8 with `newline=""`; the line ends are the format's own.
        raw: leave out the protection against formulas.
        progress: called with (done, `total`) now and then; it may raise Cancelled.
        shape: the shape of the contacts, for the formats that are `shaped`; None looks at them first, which keeps all
        of
            them in memory.
        total: how many contacts there will be, for `progress`.

    Raises:
        InvalidInput: there is no such format.
        Stale: a contact has more than `shape` says, because it was changed meanwhile.
    """
    found = find_format(format_id)
    if found.shaped and shape is None:
        contacts = [contact async for contact in contacts] if isinstance(contacts, AsyncIterable) else list(contacts)
        shape, total = shape_of(contacts), len(contacts)
    writer = found.open(shape or Shape(), file, raw)
    writer.begin()
    add = writer.add
    done = 0
    async for some in _batches(contacts):
        for contact in some:
            add(contact)
        done += len(some)
        if progress is not None:
            progress(done, total)
        await asyncio.sleep(0)  # the screen stays alive
    writer.end()
    return done


async def _batches(contacts: AsyncIterable[Contact] | Iterable[Contact]) -> AsyncIterator[list[Contact]]:
    if isinstance(contacts, AsyncIterable):
        batch: list[Contact] = []
        async for contact in contacts:
            batch.append(contact)
            if len(batch) == _EVERY:
                yield batch
                batch = []
        if batch:
            yield batch
    else:
        rest = iter(contacts)
        while some := list(islice(rest, _EVERY)):
            yield some
