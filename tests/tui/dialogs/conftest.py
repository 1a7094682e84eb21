"""Every dialog in turn, over a book with two duplicates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coterie.core.book import Book
from coterie.core.changes import Create, Plan
from coterie.core.model import Contact, Email
from coterie.tui.dialogs.dialog import Dialog
from tests.tui.dialogs.all_dialogs import DIALOGS


@pytest.fixture
async def twins(book: Book) -> Book:
    """A book with a pair of duplicates."""
    twin = Contact(name="Bob Stone", emails=(Email("bob@example.org"),))
    await book.apply(Plan("add", "Add", [Create(twin), Create(twin)]))
    return book


@pytest.fixture(params=DIALOGS)
def make(request: pytest.FixtureRequest, twins: Book, tmp_path: Path) -> Callable[[], Dialog[Any]]:
    (tmp_path / "people.csv").write_text("Name,E-mail\nAda,ada@example.org\n,\nX,y\n")
    return lambda: DIALOGS[request.param](twins, tmp_path)
