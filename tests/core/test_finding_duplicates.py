"""Duplicates are found alike on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from coterie.core.book import Book
from coterie.core.model import Contact
from coterie.core.settings import Settings
from tests.conftest import Clock, settings_in
from tests.core.duplicates_contract import DuplicatesContract, any_people, any_steps, in_one_book


class TestSqliteDuplicates(DuplicatesContract):
    @pytest.fixture
    async def other(self, book: Book, settings: Settings, clock: Clock) -> AsyncIterator[Book]:
        async with await Book.open(settings, now=clock) as opened:
            yield opened

    @pytest.mark.usefixtures("few")
    @in_one_book
    @any_people
    async def test_finds_what_comparing_everybody_finds(
        self, book: Book, people: list[Contact], binned: set[int]
    ) -> None:
        await self.finds_what_comparing_everybody_finds(book, people, binned)

    @in_one_book
    @any_steps
    async def test_finds_the_same_again(self, book: Book, people: list[Contact], steps: list[tuple[int, int]]) -> None:
        await self.finds_the_same_again(book, people, steps)


class TestPostgresqlDuplicates(DuplicatesContract):
    @pytest.fixture
    def settings(self, tmp_path: Path, postgresql_url: str) -> Settings:
        return settings_in(tmp_path, database_url=postgresql_url)

    @pytest.fixture
    async def book(self, settings: Settings, clock: Clock) -> AsyncIterator[Book]:
        async with await Book.open(settings, now=clock) as opened:
            yield opened

    @pytest.fixture
    async def other(self, book: Book, settings: Settings, clock: Clock) -> AsyncIterator[Book]:
        async with await Book.open(settings, now=clock) as opened:
            yield opened

    @pytest.mark.usefixtures("few")
    @in_one_book
    @any_people
    async def test_finds_what_comparing_everybody_finds(
        self, book: Book, people: list[Contact], binned: set[int]
    ) -> None:
        await self.finds_what_comparing_everybody_finds(book, people, binned)

    @in_one_book
    @any_steps
    async def test_finds_the_same_again(self, book: Book, people: list[Contact], steps: list[tuple[int, int]]) -> None:
        await self.finds_the_same_again(book, people, steps)
