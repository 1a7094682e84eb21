"""Duplicates are found alike on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.book import Book
from core.model import Contact
from tests.conftest import settings_in
from tests.core.duplicates_contract import DuplicatesContract, any_people, in_one_book


class TestSqliteDuplicates(DuplicatesContract):
    @pytest.mark.usefixtures("few")
    @in_one_book
    @any_people
    async def test_finds_what_comparing_everybody_finds(
        self, book: Book, people: list[Contact], binned: set[int]
    ) -> None:
        await self.finds_what_comparing_everybody_finds(book, people, binned)


class TestPostgresqlDuplicates(DuplicatesContract):
    @pytest.fixture
    async def book(self, tmp_path: Path, postgresql_url: str) -> AsyncIterator[Book]:
        async with await Book.open(settings_in(tmp_path, database_url=postgresql_url)) as opened:
            yield opened

    @pytest.mark.usefixtures("few")
    @in_one_book
    @any_people
    async def test_finds_what_comparing_everybody_finds(
        self, book: Book, people: list[Contact], binned: set[int]
    ) -> None:
        await self.finds_what_comparing_everybody_finds(book, people, binned)
