"""Addresses as mail programs take them."""

from __future__ import annotations

from email.utils import getaddresses
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.book import Book
from coterie.core.changes import Create, Plan
from coterie.core.listing import Listing
from coterie.core.model import Contact, Email
from coterie.tui.recipients import Recipients

names = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="\u061c\ufeff") | st.just(" "), max_size=30
)


@given(
    st.lists(st.tuples(names.map(str.strip), st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.org", fullmatch=True)), min_size=1)
)
def test_a_mail_program_reads_back_the_same_people(people: list[tuple[str, str]]) -> None:
    read = getaddresses([Recipients(tuple(people)).named])
    assert [address for _, address in read] == [address for _, address in people]
    assert [" ".join(name.split()) for name, _ in read] == [
        " ".join(name.split()) if name != address else "" for name, address in people
    ]


def test_links() -> None:
    people = Recipients((("Ada", "ada@example.org"), ("", "o'hara&co@example.org")))
    assert people.mailto("bcc") == "mailto:?bcc=ada@example.org,o%27hara%26co@example.org"
    assert unquote(urlsplit(people.mailto()).path) == "ada@example.org,o'hara&co@example.org"


async def test_each_contact_once_with_its_preferred_address(book: Book) -> None:
    people = (
        Contact(name="Ada", emails=(Email("home@example.org"), Email("work@example.org", primary=True))),
        Contact(name="Ada's twin", emails=(Email("WORK@example.org"),)),
        Contact(name="Nobody"),
    )
    await book.apply(Plan("add", "Add", [Create(person) for person in people]))
    found = await Recipients.of(book, Listing())
    assert found.addresses == "work@example.org"
    assert found.copied == "Copied 1 e-mail address to the clipboard. 1 contact without one left out."


@pytest.mark.parametrize(("count", "warns"), [(10, False), (5_000, True)])
def test_more_than_a_terminal_takes_is_said(count: int, warns: bool) -> None:
    people = Recipients(tuple((f"Person {n}", f"person{n}@example.org") for n in range(count)))
    assert ("Some terminals cut" in people.copied) == warns
