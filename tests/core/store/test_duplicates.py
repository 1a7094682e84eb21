"""Duplicates are found alike on both databases."""

from __future__ import annotations

import pytest

from coterie.core.book import Book
from coterie.core.model import Contact
from tests.conftest import OnPostgresql
from tests.core.duplicates_contract import DuplicatesContract, any_people, any_steps, in_one_book


class TestSqliteDuplicates(DuplicatesContract):
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


class TestPostgresqlDuplicates(OnPostgresql, DuplicatesContract):
    """The same in a PostgreSQL database."""

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
