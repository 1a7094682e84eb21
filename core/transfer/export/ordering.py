"""Texts that come in any order, written in the order that is wanted, with little memory."""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Final

from coterie.core.leftovers import no_room

IN_MEMORY: Final = 4_000_000
_BATCH: Final = 1000
_CODING: Final = ("utf-8", "surrogatepass")


class Ordering:
    """Keeps texts until all of them are there: few in memory, many in a file without a name. Use it with `with`.

    Args:
        count: how many places there are.
        in_memory: how many bytes of text stay in memory.
    """

    def __init__(self, count: int, in_memory: int = IN_MEMORY) -> None:
        self._starts = array("q", [-1]) * count
        self._sizes = array("I", [0]) * count
        self._end = 0
        self._in_memory = in_memory
        self._memory = bytearray()
        try:
            self._file = tempfile.TemporaryFile(prefix="coterie-export-")  # noqa: SIM115 - __exit__ closes it
        except OSError as error:
            raise no_room(error) from error

    def __enter__(self) -> Ordering:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, places: Sequence[int], texts: Sequence[str]) -> None:
        """Keep these texts, each for its place. Raises CoterieError if there is no room for them."""
        starts, sizes, at = self._starts, self._sizes, self._end
        coded = [text.encode(*_CODING) for text in texts]
        for place, data in zip(places, coded, strict=True):
            starts[place] = at
            sizes[place] = size = len(data)
            at += size
        self._memory += b"".join(coded)
        self._end = at
        if at > self._in_memory:
            try:
                self._file.write(self._memory)
            except OSError as error:
                raise no_room(error) from error
            self._memory.clear()

    def texts(self) -> Iterator[list[str]]:
        """The texts in their order, some at a time; places without a text are passed over."""
        self._file.flush()
        descriptor, memory = self._file.fileno(), bytes(self._memory)
        for first in range(0, len(self._starts), _BATCH):
            spans = [
                (start, size)
                for start, size in zip(
                    self._starts[first : first + _BATCH], self._sizes[first : first + _BATCH], strict=True
                )
                if start >= 0
            ]
            if self._end > self._in_memory:
                yield [os.pread(descriptor, size, start).decode(*_CODING) for start, size in spans]
            else:
                yield [memory[start : start + size].decode(*_CODING) for start, size in spans]
