"""Contacts out of the book: CSV in three layouts, vCard and JSON, with the same little memory at any size."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Final, Protocol, TextIO

from coterie.core.changes import Progress
from coterie.core.errors import InvalidInput
from coterie.core.model import Contact
from coterie.core.transfer import collecting
from coterie.core.transfer.export.chosen import ChosenColumns
from coterie.core.transfer.export.formats import (
    FORMATS,
    CsvWriter,
    Format,
    all_formats,
    find_format,
    format_for,
)
from coterie.core.transfer.export.ordering import Ordering
from coterie.core.transfer.shape import Shape, shape_of

__all__ = [
    "FORMATS",
    "ChosenColumns",
    "Exportable",
    "Format",
    "Shape",
    "all_formats",
    "find_format",
    "format_for",
    "shape_of",
    "write",
]

_BATCH: Final = 1000


class Exportable(Protocol):
    """Contacts that are read in the order that is cheapest: `Book.selected`."""

    def __len__(self) -> int: ...

    async def shape(self, step: Callable[[], None] = ...) -> Shape:
        """How wide a table of them must be; `step` is called now and then and may raise Cancelled."""

    def texts(
        self, make: Callable[[Sequence[Contact]], list[str]]
    ) -> AsyncIterator[tuple[Sequence[int], Sequence[str]]]:
        """The texts that `make` makes of contacts, some at a time, and the places of the contacts in their order.

        `make` may run in another thread.
        """


class _Listed:
    """Contacts in memory, in the order that is wanted."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        self._contacts = list(contacts)

    def __len__(self) -> int:
        return len(self._contacts)

    async def shape(self, step: Callable[[], None] = lambda: None) -> Shape:
        step()
        return shape_of(self._contacts)

    async def texts(
        self, make: Callable[[Sequence[Contact]], list[str]]
    ) -> AsyncIterator[tuple[Sequence[int], Sequence[str]]]:
        for first in range(0, len(self), _BATCH):
            texts = make(self._contacts[first : first + _BATCH])
            yield range(first, first + len(texts)), texts


async def write(
    format_id: str,
    contacts: Exportable | Iterable[Contact],
    file: TextIO,
    *,
    raw: bool = False,
    progress: Progress | None = None,
    shape: Shape | None = None,
    columns: ChosenColumns | None = None,
) -> int:
    """Write `contacts` to `file`; returns how many they were.

    Args:
        format_id: a key of FORMATS.
        contacts: what `Book.selected` gives, or contacts in memory.
        file: opened for UTF-8 with `newline=""`; the line ends are the format's own.
        raw: leave out the protection against formulas.
        progress: called with (done, of how many) now and then; it may raise Cancelled.
        columns: the columns of CSV; None for all of them.
        shape: the shape of the contacts if it is known, for the formats that are `shaped`.

    Raises:
        InvalidInput: there is no such format, or it has no columns to choose.
        Stale: a contact has more than `shape` says, because it was changed meanwhile.
        OSError: there is no room for temporary files, or for `file`.
    """
    chosen = find_format(format_id)
    if columns is not None and chosen.id != "csv":
        raise InvalidInput(f"{chosen.label} has columns of its own.", "Leave out --columns, or use --format csv.")
    source = contacts if not isinstance(contacts, Iterable) else _Listed(contacts)
    total, done = len(source), 0

    def tell(count: int) -> None:
        if progress is not None:
            progress(count, total)

    if chosen.shaped and shape is None and columns is None:
        shape = await source.shape(lambda: tell(0))
    writer = CsvWriter(columns, raw=raw) if columns else chosen.open(shape or Shape(), raw)
    with collecting.paused(), Ordering(total) as ordering:
        async for places, texts in source.texts(writer.texts):
            ordering.add(places, texts)
            done += len(texts)
            tell(done)
            await asyncio.sleep(0)  # the screen stays alive
        file.write(writer.begin(done))
        before = ""
        for batch in ordering.texts():
            if batch:
                file.write(before + writer.between.join(batch))
                before = writer.between
            tell(done)
            await asyncio.sleep(0)
    file.write(writer.end(done))
    return done
