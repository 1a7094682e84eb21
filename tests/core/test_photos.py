"""Who has a photo is known from what accounts say, whatever else stands there."""

from __future__ import annotations

import json

import pytest

from coterie.core.book import Book
from coterie.core.changes import Create, Plan, Remember
from coterie.core.model import Contact, RemoteRef
from coterie.core.photos import has_photo
from coterie.tui.about import about

CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\n{}\r\nEND:VCARD\r\n"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (CARD.format("PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ"), True),
        (CARD.format("item1.photo:data:image/png;base64,iVBORw"), True),
        (CARD.format("NOTE:PHOTO: none"), False),
        (CARD.format("X-PHOTO-REF:1"), False),
        (json.dumps({"photos": [{"url": "https://example.org/a.jpg"}]}), True),
        (json.dumps({"photos": [{"url": "https://example.org/a.jpg", "default": True}]}), False),
        (json.dumps({"photos": None}), False),
        ('{"photos": [', False),
        (json.dumps({"id": "AAMk=", "displayName": "PHOTO"}), False),
        ("", False),
    ],
)
def test_has_photo(raw: str, expected: bool) -> None:
    assert has_photo(raw) is expected


async def test_the_details_say_where_there_is_a_photo(book: Book) -> None:
    account = await book.accounts.add("carddav", "ada@example.org")
    ada = Contact(name="Ada", sources=(RemoteRef(account.name, "/ada.vcf"),))
    [made] = (await book.apply(Plan("add", "Add", [Create(ada)]))).created_ids
    assert [fact for fact in await about(book, await book.contact(made)) if "photo" in fact] == []
    remember = Remember(account.name, "/ada.vcf", made, "e", "{}", CARD.format("PHOTO:https://example.org/a.jpg"))
    await book.apply(Plan("sync", "Sync", [remember]))
    assert "Has a photo at carddav:ada@example.org" in await about(book, await book.contact(made))
