from pathlib import Path

from coterie.core import demo
from coterie.core.book import Book
from coterie.core.listing import Listing, View
from coterie.core.settings import Directories, Settings
from coterie.core.text import is_email

EXAMPLES = ("example.org", "example.com", "example.net")


def test_the_invented_people_are_the_same_each_time_and_all_different() -> None:
    people = demo.contacts()
    assert people == demo.contacts()
    assert 250 <= len(people) <= 400
    assert len({person.name for person in people}) >= len(people) - 4


def test_nobody_can_be_reached() -> None:
    addresses = [email.address for person in demo.contacts() for email in person.emails]
    assert all(is_email(address) and address.isascii() for address in addresses)
    assert all(address.lower().endswith(EXAMPLES) for address in addresses)
    assert all(person.name and person.emails for person in demo.contacts())


async def test_the_book_shows_what_a_book_can_hold(tmp_path: Path) -> None:
    home = Directories(*(tmp_path / name for name in ("config", "data", "state", "cache")))
    async with await Book.open(Settings.load(directories=home, environment={}).inside(tmp_path / "demo")) as book:
        await demo.fill(book)
        counts = await book.lists.counts()
        assert counts.bin == demo.IN_BIN
        assert 10 <= counts.favorites <= 40
        sizes = {group.name: group.size for group in await book.groups.all()}
        assert sizes[demo.EMPTY_GROUP] == 0
        assert sizes["Newsletter"] > sizes["Choir"] > sizes["Board"] > 3
        assert await book.lists.count(Listing(query="is:duplicate")) >= 4
        assert await book.lists.count(Listing(View.BIN)) == demo.IN_BIN
    assert not home.data.exists()
