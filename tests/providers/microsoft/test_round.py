"""What several folders say in one round, against a model that keeps everything: the last word of each folder counts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.model import Contact
from coterie.core.provider import ChangePage, RemoteContact, Tombstone
from coterie.providers.microsoft.round import Cursor, Round

IDS = st.sampled_from("abcdef")
SAID = st.tuples(IDS, st.booleans())
Streams = dict[str, list[list[tuple[str, bool]]]]
"""Folder -> its pages -> (contact, whether it is there)."""
STREAMS = st.dictionaries(st.sampled_from("FGH"), st.lists(st.lists(SAID, max_size=4), max_size=5), max_size=3)


def say(remote_id: str, *, present: bool, number: int) -> RemoteContact | Tombstone:
    return RemoteContact(remote_id, Contact(name=str(number))) if present else Tombstone(remote_id)


class Book:
    """What a sync engine makes of pages: present wins over deleted within a round."""

    def __init__(self) -> None:
        self.contacts: dict[str, str] = {}

    def apply(self, pages: list[ChangePage]) -> Cursor:
        present = {one.remote_id: one.contact.name for page in pages for one in page.changed}
        gone = {one.remote_id for page in pages for one in page.deleted} - present.keys()
        kept = {} if pages[-1].full else {one: name for one, name in self.contacts.items() if one not in gone}
        self.contacts = kept | present
        assert all(page.cursor is None for page in pages[:-1])
        return Cursor.from_text(pages[-1].cursor or "")


def pages(this: Round, streams: Streams, counter: Iterator[int]) -> list[ChangePage]:
    found: list[ChangePage] = []
    for folder, stream in streams.items():
        for page in stream:
            found += this.add(folder, [say(one, present=is_there, number=next(counter)) for one, is_there in page])
    return [*found, *this.finish(Cursor({}, gone=tuple(this.late)), ())]


@given(st.lists(STREAMS, min_size=1, max_size=3), st.sampled_from([0, 3, 1000]))
def test_the_book_ends_up_with_what_the_folders_say(rounds: list[Streams], hold: int) -> None:
    book, counter, cursor = Book(), count(), Cursor({})
    model: set[str] = set()
    for number, streams in enumerate(rounds):
        this = Round(full=number == 0, hold=hold)
        this.expect_gone(cursor.gone)
        cursor = book.apply(pages(this, streams, counter))
        last: dict[str, dict[str, bool]] = {}
        for folder, stream in streams.items():
            for one, is_there in (said for page in stream for said in page):
                last.setdefault(one, {})[folder] = is_there
        for one, by_folder in last.items():
            (model.add if any(by_folder.values()) else model.discard)(one)
    assert book.contacts.keys() - set(cursor.gone) == model
    assert not (hold == 1000 and cursor.gone), "nothing is too late if everything is held back"


@pytest.mark.parametrize("hold", [0, 1000])
def test_pages_come_in_order_and_none_is_held_for_ever(hold: int) -> None:
    this = Round(full=True, hold=hold)
    found: list[ChangePage] = []
    for start in range(0, 3000, 200):
        found += this.add("F", [RemoteContact(f"{n:05}", Contact()) for n in range(start, start + 200)])
    assert sum(len(page.changed) for page in found) >= 3000 - hold
    found += this.finish(Cursor({}), ())
    ids = [one.remote_id for page in found for one in page.changed]
    assert ids == [f"{n:05}" for n in range(3000)]


def test_a_folder_that_is_read_again_leaves_what_others_said() -> None:
    this = Round(full=True)
    list(this.add("F", [RemoteContact("both", Contact()), RemoteContact("one", Contact())]))
    list(this.add("G", [RemoteContact("both", Contact()), RemoteContact("other", Contact())]))
    assert this.restart("G")
    assert {one.remote_id for page in this.finish(Cursor({}), ()) for one in page.changed} == {"both", "one"}


def test_a_folder_of_which_much_was_handed_out_cannot_be_read_again() -> None:
    this = Round(full=True, hold=0)
    assert list(this.add("F", [RemoteContact("one", Contact())]))
    assert not this.restart("F")


def test_a_cursor_is_kept_as_text() -> None:
    cursor = Cursor({"F=": "https://example.org/delta?$deltatoken=a%2Bb"}, "F=", ("gone",))
    assert Cursor.from_text(cursor.to_text()) == cursor
