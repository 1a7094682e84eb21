"""Every order of a list is that of a plain reading, on both databases, in both directions and orders of names."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from itertools import product
from pathlib import Path

import pytest

from coterie.core.book import Book
from coterie.core.changes import Edit, RenameGroup
from coterie.core.fields import FIELDS, SORTABLE
from coterie.core.listing import Listing, Sort, View
from coterie.core.model import Contact, Email, Phone
from coterie.core.names import NameOrder, called
from coterie.core.settings import Settings
from coterie.core.text import fold, group_key, phone_key
from tests.conftest import settings_in
from tests.core.book_contract import do, make

FAMILY = NameOrder.FAMILY
PEOPLE = [
    Contact(name="Ada Lovelace", given_name="Ada", family_name="Lovelace", birthday="1815-12-10",
            groups=("Zoo", "Élan")),
    Contact(name="Dr. Zoë Łuk Jr", prefix="Dr.", given_name="Zoë", family_name="Łuk", suffix="Jr", birthday="--12-10"),
    Contact(name="Bob van Dyk", given_name="Bob", additional_names="A", family_name="van Dyk", birthday="1990-05",
            phones=(Phone("+44 20"), Phone("1"))),
    Contact(name="Ann Zoe", given_name="Ann", family_name="Zoe", birthday="2000-05-01", phones=(Phone("020 7946"),)),
    Contact(name="ann zoe", given_name="ann", family_name="zoe", birthday="1999-05-01", phones=(Phone("(020) 79-46"),)),
    Contact(name="Acme Ltd", given_name="Acme", family_name="Ltd", company="Acme Ltd", birthday="in spring"),
    Contact(company="Nameless & Co", job_title="CEO", groups=("Board",)),
    Contact(emails=(Email("b@x.org"), Email("a@x.org", primary=True)), groups=("Board", "Aa")),
    Contact(name="Mono", birthday="1815-12-11", emails=(Email("A@y.org"),), phones=(Phone("none"),)),
    Contact(name="Prefix Only", prefix="Mr", family_name="Only", job_title="Ärztin", birthday="2000-05-01"),
    Contact(name="Bell", family_name="Bell", company="acme"),
]  # fmt: skip


def _birthday(text: str) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return text[5:] + text[:4]
    if re.fullmatch(r"--\d\d-\d\d", text):
        return text[2:]
    if re.fullmatch(r"\d{4}-\d\d", text):
        return f"{text[5:]}-00{text[:4]}"
    return f"~{text}" if text else ""


def _family(contact: Contact) -> str:
    return fold(called(contact, FAMILY)) if contact.family_name else ""


VALUES: dict[str, Callable[[Contact], str]] = {
    "company": lambda c: fold(c.company),
    "job_title": lambda c: fold(c.job_title),
    "emails": lambda c: fold(c.email),
    "phones": lambda c: phone_key(c.phone),
    "groups": lambda c: min(map(group_key, c.groups), default=""),
    "birthday": lambda c: _birthday(c.birthday),
    "family_name": _family,
}


def plainly_sorted(people: list[Contact], sort: Sort, order: NameOrder) -> list[int]:
    """The ids of these contacts, in their order."""
    by_name = sorted(people, key=lambda c: (fold(called(c, order)) or "\uffff", c.id or 0))
    if sort.field == "name":
        ordered = by_name[::-1] if sort.descending else by_name
    else:
        value = VALUES[sort.field]
        some = sorted(filter(value, by_name), key=value)
        if sort.descending:  # equal values stay in the order of names
            some = [one for text in sorted(set(map(value, some)), reverse=True) for one in some if value(one) == text]
        ordered = some + [one for one in by_name if not value(one)]
    return [one.id or 0 for one in ordered]


class Orders:
    """Subclasses give a fixture `book`, whose settings have the order of names `order`."""

    @pytest.fixture(params=list(NameOrder))
    def order(self, request: pytest.FixtureRequest) -> NameOrder:
        chosen: NameOrder = request.param
        return chosen

    async def test_lists_are_in_order(self, book: Book, order: NameOrder) -> None:
        await make(book, *PEOPLE)
        people = [one async for one in book.contacts(Listing())]
        for field, down in product(["name", *VALUES], (False, True)):
            sort = Sort(field, down)
            right = plainly_sorted(people, sort, order)
            for query in ("", "-qqqq", "has:name OR missing:name"):
                rows = await book.lists.rows(Listing(query=query, sort=sort), 0, 99)
                assert [row.id for row in rows] == right, (sort, query)
            by_id = {one.id: one for one in people}
            assert [row.name for row in rows] == [book.called(by_id[row.id]) for row in rows]
            assert await book.lists.position(Listing(sort=sort), right[3]) == 3
            assert [row.id for row in await book.lists.rows(Listing(View.FAVORITES, sort=sort), 0, 9)] == []

    async def test_follows_changes(self, book: Book) -> None:
        ids = await make(book, *PEOPLE)
        everybody = [one async for one in book.contacts(Listing())]
        for field in VALUES:
            assert await book.lists.count(Listing(sort=Sort(field))) == len(everybody)
        mono = ids[8]
        changes = {
            "family_name": "Aaa", "birthday": "1800-01-01", "groups": ("A",), "phones": (Phone("+1"),),
            "emails": (Email("0@x.org"),), "company": "AA", "job_title": "AA",
        }  # fmt: skip
        for field, value in changes.items():
            await do(book, Edit(mono, {field: value}))
            assert await book.lists.position(Listing(sort=Sort(field)), mono) == 0, field
        [group] = [one.id for one in await book.groups.all() if one.name == "A"]
        await do(book, RenameGroup(group, "zzz"))
        assert await book.lists.position(Listing(sort=Sort("groups")), mono) != 0


class TestSqliteOrders(Orders):
    @pytest.fixture
    def settings(self, tmp_path: Path, order: NameOrder) -> Settings:
        return settings_in(tmp_path, name_order=order)


class TestPostgresqlOrders(Orders):
    @pytest.fixture
    async def book(self, tmp_path: Path, postgresql_url: str, order: NameOrder) -> AsyncIterator[Book]:
        async with await Book.open(settings_in(tmp_path, database_url=postgresql_url, name_order=order)) as opened:
            yield opened


def test_every_sortable_field_is_in_these_tests() -> None:
    fields = {key for key, spec in FIELDS.items() if spec.sortable}
    assert fields == {"name", "created_at", "updated_at", *VALUES}
    assert len(SORTABLE) == len(fields)


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        (PEOPLE[0], "Lovelace, Ada"),
        (PEOPLE[1], "Łuk, Zoë, Jr"),
        (PEOPLE[2], "van Dyk, Bob A"),
        (PEOPLE[5], "Acme Ltd"),
        (PEOPLE[6], "Nameless & Co"),
        (PEOPLE[7], "a@x.org"),
        (PEOPLE[8], "Mono"),
        (PEOPLE[9], "Only, Mr"),
        (PEOPLE[10], "Bell"),
    ],
)
def test_family_names_come_first(contact: Contact, shown: str) -> None:
    assert called(contact, FAMILY) == shown
    assert called(contact, NameOrder.GIVEN) == contact.shown_name


async def test_the_first_rows_with_family_names_first_come_from_an_index(settings: Settings) -> None:
    async with await Book.open(settings) as book, book._database.reading() as connection:
        plan = await connection.rows(
            "EXPLAIN QUERY PLAN SELECT c.id FROM contact c WHERE c.state = 0 ORDER BY c.family_key, c.id LIMIT 40"
        )
    assert "contact_family" in str(plan)
    assert "TEMP B-TREE" not in str(plan)
