"""An import makes contacts by the thousand, and looks for no garbage meanwhile."""

from __future__ import annotations

import gc

import pytest

from coterie.core.book import Book
from coterie.core.errors import Cancelled
from coterie.core.transfer import importing


async def test_garbage_is_collected_as_before_after_an_import_that_was_stopped(book: Book) -> None:
    during = []

    def stop(done: int, _: int | None) -> None:
        during.append(gc.isenabled())
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        await importing.run(book, await importing.stage(b"Name,Email\nAda,ada@x.org\n", name="people.csv"), stop)
    assert during == [False]
    assert gc.isenabled()
