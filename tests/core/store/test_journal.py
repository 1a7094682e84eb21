"""Whatever is done to a book, undo leads back through the same states, and redo forth again."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from coterie.core.book import Book
from coterie.core.changes import (
    AddToGroup,
    Assign,
    Change,
    Create,
    CreateGroup,
    Delete,
    DeleteGroup,
    Edit,
    Plan,
    RemoveFromGroup,
    RenameGroup,
    Restore,
    Selection,
)
from coterie.core.checks import Checks
from coterie.core.errors import CoterieError
from coterie.core.fields.name_parts import NAME_PARTS
from coterie.core.listing import Listing, View
from coterie.core.model import Contact, Email, Phone
from coterie.core.text import fold
from tests.conftest import settings_in
from tests.core.book_contract import everything

GROUPS = st.sampled_from(["Choir", "choir", "Board", "Chœur", "Ünsüz"])
IDS = st.integers(1, 6)
WORDS = st.sampled_from(["", "Acme", "Łódź & Co", "=1+1", "a\tb", "1:2:3", "0"])
NAMES = st.sampled_from(["Ada", "Bob", "", "Zoë Łuczak", "Ada King"])
EMAILS = st.lists(
    st.builds(Email, st.sampled_from(["a@x.org", "B@x.org", "c@y.example"]), WORDS, st.booleans()), max_size=3
).map(tuple)
PHONES = st.lists(st.builds(Phone, st.sampled_from(["+44 20", "112"]), WORDS), max_size=2).map(tuple)
CONTACTS = st.builds(
    Contact, name=NAMES, emails=EMAILS, phones=PHONES, company=WORDS, groups=st.lists(GROUPS, max_size=2).map(tuple),
    favorite=st.booleans(), notes=WORDS,
)  # fmt: skip
SELECTIONS: st.SearchStrategy[Selection] = st.one_of(
    st.lists(IDS).map(Checks.of),
    st.sampled_from(
        [Listing(), Listing(View.BIN), Listing(View.FAVORITES), Listing(query="ada"), Listing(query="group:choir")]
    ),
)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "name": NAMES, "emails": EMAILS, "phones": PHONES, "company": WORDS, "favorite": st.booleans(),
        "groups": st.lists(GROUPS, max_size=2).map(tuple), "custom": st.dictionaries(WORDS, WORDS, max_size=2),
    },
)  # fmt: skip
CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.builds(Create, CONTACTS),
    st.builds(Edit, IDS, VALUES),
    st.builds(Assign, SELECTIONS, st.sampled_from(["company", "notes", "job_title", "name"]), WORDS),
    st.builds(Assign, SELECTIONS, st.just("favorite"), st.booleans()),
    st.builds(AddToGroup, SELECTIONS, GROUPS),
    st.builds(RemoveFromGroup, SELECTIONS, GROUPS),
    st.builds(Delete, SELECTIONS),
    st.builds(Restore, SELECTIONS),
    st.builds(CreateGroup, GROUPS),
    st.builds(RenameGroup, st.integers(1, 3), GROUPS),
    st.builds(DeleteGroup, st.integers(1, 3)),
)


async def check(start: Sequence[Contact], plans: Sequence[Sequence[Change]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with await Book.open(settings_in(Path(folder))) as book:
            await book.apply(Plan("add", "Add", [Create(one) for one in start]))
            states = [await everything(book)]
            for changes in plans:
                try:
                    outcome = await book.apply(Plan("edit", "Change", changes))
                except CoterieError:
                    assert await everything(book) == states[-1], "an error left something behind"
                    continue
                after = await everything(book)
                if outcome.operation_id is None:
                    assert after == states[-1], "something changed without a journal entry"
                else:
                    states.append(after)
            for state in reversed(states[:-1]):
                outcome = await book.history.undo()
                assert await everything(book) == state, outcome
                assert not outcome.skipped
            for state in states[1:]:
                outcome = await book.history.redo()
                assert await everything(book) == state, outcome
            for word in ("ada", "acme", "lodz", "x.org"):
                found = {row.id for row in await book.lists.rows(Listing(query=f"name:{word}"), 0, 99)}
                fresh = {one.id async for one in book.contacts(Listing()) if any(word in fold(n) for n in _names(one))}
                assert found == fresh, "the search index is out of step"


def _names(contact: Contact) -> list[str]:
    """What `name:` searches."""
    return [contact.name, contact.nickname, *(getattr(contact, part) for part in NAME_PARTS)]


TWO = [Contact(name="Ada", groups=("Choir",)), Contact(name="Bob", groups=("Board",))]


@settings(max_examples=40)
@given(st.lists(CONTACTS, min_size=2, max_size=4), st.lists(st.lists(CHANGES, min_size=1, max_size=3), max_size=6))
@example(TWO, [[DeleteGroup(1), RenameGroup(2, "Choir")]])
@example(TWO, [[Assign(Listing(), "name", "Acme"), Edit(1, {"name": "Ada"})]])
@example(TWO, [[RenameGroup(1, "x"), RenameGroup(2, "Choir"), RenameGroup(1, "Board")]])
def test_undo_and_redo_lead_through_the_same_states(start: list[Contact], plans: list[list[Change]]) -> None:
    asyncio.run(check(start, plans))
