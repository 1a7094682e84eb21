"""What an import brings is found without naming its field."""

from __future__ import annotations

import pytest

from coterie.core.book import Book
from coterie.core.listing import Listing
from tests.core.book_contract import follows
from tests.core.transfer.cases import CASES, case, import_case

pytestmark = pytest.mark.skipif(not CASES.exists(), reason="the folder of cases is not here")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("Heidelberg", ["Ann Ash"]),
        ("69117", ["Ann Ash"]),
        ("Research", ["Ann Ash"]),
        ("Yamada", ["Ann Ash"]),
        ("germany", ["Ann Ash"]),
        ("blog.example", ["Ann Ash"]),
        ("1980-02-03", ["Ann Ash"]),
        ("birthday:february", ["Ann Ash"]),
        ("birthday:04-12", ["Bob Birch"]),
        ("has:city", ["Ann Ash"]),
        ("city:=heidelberg country:germany", ["Ann Ash"]),
        ("missing:url", ["Bob Birch"]),
        ("custom:yamada", ["Ann Ash"]),
    ],
)
async def test_finds_case_99(book: Book, query: str, names: list[str]) -> None:
    await import_case(book, case("99"))
    assert [row.name for row in await book.lists.rows(Listing(query=query), 0, 9)] == names
    await follows(book)
