"""What was deleted forever is not in the file of the book any more."""

from __future__ import annotations

from coterie.core.book import Book
from coterie.core.changes import CONTACTS, Create, Delete, Edit, Forget, Plan
from coterie.core.checks import Checks
from coterie.core.listing import Listing
from coterie.core.model import Contact, Email
from coterie.core.settings import Settings


async def test_nothing_of_a_contact_is_left_in_the_file(settings: Settings) -> None:
    assert settings.sqlite_path is not None
    secret = Contact(name="Zyxomat Quarkle", emails=(Email("zq@quux.example"),), notes="vorpal " * 2000)
    async with await Book.open(settings) as book:
        others = [Contact(name=f"Person {number}", emails=(Email(f"p{number}@example.org"),)) for number in range(50)]
        await book.apply(Plan("import", "Import", [Create(other) for other in others]))
        made = await book.apply(Plan("add", "Add", [Create(secret)], done=f"Added {CONTACTS}."))
        [one] = made.created_ids
        await book.apply(
            Plan("edit", "Edit", [Edit(one, {"name": "Zyxomat Quarklemeier"})], done=f"Set Name of {CONTACTS}.")
        )
        await book.apply(Plan("delete", "Delete", [Delete(Checks.of([one]))], done=f"Moved {CONTACTS} to the Bin."))
        await book.apply(Plan("forget", "Delete forever", [Forget(Checks.of([one]))]))
        assert await book.lists.count(Listing(query="person")) == 50
    content = settings.sqlite_path.read_bytes()
    assert b"Person 7" in content
    for text in (b"Zyxomat", b"zyxomat", b"uarkle", b"zq@", b"quux", b"vorpal", b"zyx", b"rkl"):
        assert text not in content, text
