"""What an import does since it makes contacts by the thousand."""

from __future__ import annotations

import dataclasses
import gc

import pytest

from coterie.core.book import Book
from coterie.core.errors import Cancelled
from coterie.core.model import Contact, Email
from coterie.core.transfer import importing
from coterie.core.transfer.making import contact_of


def test_a_contact_made_quickly_is_a_contact_like_any_other() -> None:
    attributes = {"name": "Ada Lovelace", "emails": (Email("ada@x.org"),), "favorite": True}
    quick, usual = contact_of(attributes), Contact(**attributes)
    assert quick == usual
    assert repr(quick) == repr(usual)
    assert dataclasses.replace(quick, name="Ada") == Contact(**{**attributes, "name": "Ada"})
    with pytest.raises(dataclasses.FrozenInstanceError):
        quick.name = "Somebody"  # type: ignore[misc]
    assert contact_of({}).custom is not contact_of({}).custom


async def test_garbage_is_collected_as_before_after_an_import_that_was_stopped(book: Book) -> None:
    during = []

    def stop(done: int, _: int | None) -> None:
        during.append(gc.isenabled())
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        await importing.run(book, await importing.stage(b"Name,Email\nAda,ada@x.org\n", name="people.csv"), stop)
    assert during == [False]
    assert gc.isenabled()
