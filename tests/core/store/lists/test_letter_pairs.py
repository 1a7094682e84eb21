"""Words of two letters are found by trigrams: they find what a plain reading of all texts finds."""

from __future__ import annotations

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coterie.core.book import Book
from coterie.core.changes import Create, Edit, Plan
from coterie.core.listing import Listing
from coterie.core.model import Address, Contact, Email
from coterie.core.store.lists import letter_pairs
from coterie.core.text import fold

PEOPLE = [
    Contact(name="Ada Lovelace", company="HP", emails=(Email("ada@example.org"),)),
    Contact(name="Xu", company="3M & co"),
    Contact(name="李明", notes="ends with zq"),
    Contact(name="Bo Q", job_title="VP", company="Zq rest"),
    Contact(name='Quote "q" Marks', notes='a"b'),
    Contact(name="Éva Łuk", company="x!"),
    Contact(name="Zora", notes="tail!?"),
    Contact(name="Wim", department="IT", addresses=(Address(city="Å", country="BE"),)),
]
WORDS = [
    "hp",
    "HP",
    "xu",
    "李明",
    "zq",
    "vp",
    "3m",
    "x!",
    "!?",
    "l!",
    '\\"q',
    "ev",
    "łu",
    "qq",
    "q ",
    "bo",
    "da",
    "@e",
    "IT",
    "be",
]


def _holds(person: Contact, word: str) -> bool:
    texts = [person.name, person.company, person.department, person.job_title, person.notes]
    texts += [one.address for one in person.emails]
    texts += [one.country for one in person.addresses]
    return any(fold(word) in fold(text) for text in texts)


@pytest.mark.parametrize("known", [False, True], ids=["straight", "by position"])
@pytest.mark.parametrize("word", WORDS)
async def test_finds_what_is_there(book: Book, word: str, known: bool) -> None:
    await book.apply(Plan("add", "Add", [Create(one) for one in PEOPLE]))
    if known:
        await book.lists.count(Listing())
    found = await book.lists.rows(Listing(query=f'"{word}"'), 0, 20)
    meant = word.replace("\\", "")
    assert sorted(row.name for row in found) == sorted(one.name for one in PEOPLE if _holds(one, meant))


async def test_follows_changes(book: Book) -> None:
    await book.apply(Plan("add", "Add", [Create(one) for one in PEOPLE]))
    assert await book.lists.count(Listing(query="jx")) == 0
    [row] = await book.lists.rows(Listing(query="lovelace"), 0, 1)
    await book.apply(Plan("edit", "Edit", [Edit(row.id, {"company": "JX"})]))
    assert await book.lists.count(Listing(query="jx")) == 1
    await book.apply(Plan("edit", "Edit", [Edit(row.id, {"company": "µjx"})]))
    assert await book.lists.count(Listing(query="jx")) == 1


@given(word=st.text(string.ascii_lowercase + '!?&"3é李', min_size=2, max_size=2))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_two_letters(book: Book, word: str) -> None:
    if not await book.lists.count(Listing()):
        await book.apply(Plan("add", "Add", [Create(one) for one in PEOPLE]))
    quoted = word.replace('"', '\\"')
    assert await book.lists.count(Listing(query=f'"{quoted}"')) == sum(_holds(one, word) for one in PEOPLE)


async def test_books_of_many_letters_are_looked_through(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letter_pairs, "_MOST_LETTERS", 3)
    await book.apply(Plan("add", "Add", [Create(one) for one in PEOPLE]))
    assert await book.lists.count(Listing(query="zq")) == 2
