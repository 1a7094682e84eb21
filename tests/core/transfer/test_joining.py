"""Whom the rows of an import join: within the file, against the book, in a book without contacts and in another."""

from __future__ import annotations

import asyncio
import csv
import functools
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coterie.core.book import Book
from coterie.core.changes import Create, Delete, Plan
from coterie.core.clock import computers_clock
from coterie.core.identity import names_agree
from coterie.core.listing import Listing, View
from coterie.core.merge import Keep
from coterie.core.model import Contact, Email, Phone
from coterie.core.store.engine.opening import prepare_sqlite
from coterie.core.transfer.choices import Apart, Clash, ImportReport
from coterie.core.transfer.importing import ImportOptions, run, stage
from tests.conftest import settings_in

STRANGER = Contact(name="Zoe Stranger")
FAMILY = "Name,Email,Phone\nJohn Smith,smiths@example.org,0111\nMary Smith,smiths@example.org,0222\n"


async def import_text(book: Book, text: str, **options: object) -> ImportReport:
    source = text.encode()
    return await run(book, await stage(source, name="people", options=ImportOptions(**options)))  # type: ignore[arg-type]


async def people(book: Book, view: View = View.ALL) -> list[Contact]:
    return [one async for one in book.contacts(Listing(view)) if one.name != STRANGER.name]


async def add(book: Book, *contacts: Contact) -> None:
    await book.apply(Plan("add", "Add", [Create(one) for one in contacts]))


def card(name: str, *lines: str) -> str:
    return "\r\n".join(["BEGIN:VCARD", "VERSION:4.0", f"FN:{name}", *lines, "END:VCARD", ""])


@pytest.fixture(params=["empty book", "book with somebody"])
async def place(request: pytest.FixtureRequest, book: Book) -> Book:
    """A book that the fast way is taken into, and one that it is not."""
    if request.param == "book with somebody":
        await add(book, STRANGER)
    return book


async def test_two_people_with_one_address_stay_two(place: Book) -> None:
    report = await import_text(place, FAMILY)
    assert (report.created, report.merged, report.apart) == (2, 0, 1)
    assert report.neighbors == [Apart("Mary Smith", "John Smith", "smiths@example.org")]
    assert report.sharing == ["Mary Smith and John Smith: smiths@example.org"]
    assert [(one.name, one.phone) for one in await people(place)] == [("John Smith", "0111"), ("Mary Smith", "0222")]
    again = await import_text(place, FAMILY)
    assert (again.unchanged, again.total, again.apart) == (2, 2, 0)
    pairs = [pair async for found in place.duplicates.find() for pair in found]
    assert [(pair.a, pair.b) for pair in pairs] == [tuple(one.id for one in await people(place))]


async def test_forms_of_a_name_and_rows_without_one_join_by_address(place: Book) -> None:
    report = await import_text(
        place, "Name,Email,Company\nAda,ada@x.org,\nAda King,ADA@x.org,Acme\n,ada@x.org,\nAda Byron,ada@x.org,\n"
    )
    assert (report.created, report.merged, report.unchanged) == (1, 2, 1)
    [ada] = await people(place)
    assert (ada.name, ada.company) == ("Ada", "Acme")


async def test_an_initial_that_fits_two_people_joins_neither(place: Book) -> None:
    text = "Name,Email\nJohn Smith,s@x.org\nJane Smith,s@x.org\nJ. Smith,s@x.org\n"
    assert (await import_text(place, text)).created == 3
    assert (await import_text(place, text)).unchanged == 3


async def test_who_has_joined_an_initial_keeps_others_away(place: Book) -> None:
    text = "Name,Email\nJ. Smith,s@x.org\nJohn Smith,s@x.org\nJane Smith,s@x.org\n"
    report = await import_text(place, text)
    assert (report.created, report.merged) == (2, 1)
    assert (await import_text(place, text)).unchanged == 3


async def test_the_same_name_and_number_are_one_also_without_an_address(place: Book) -> None:
    report = await import_text(
        place, "Name,Email,Phone,Company\nAda King,,+44 20 7946 0958,\nAda King,ada@x.org,020 7946 0958,Acme\n"
               "Bob Ash,,+44 20 7946 0958,\nAnn Ash,,,\nAnn Ash,,,\n"
    )  # fmt: skip
    assert (report.created, report.merged) == (4, 1)
    assert [(one.name, one.email) for one in await people(place)] == [
        ("Ada King", "ada@x.org"), ("Ann Ash", ""), ("Ann Ash", ""), ("Bob Ash", ""),
    ]  # fmt: skip


async def test_the_same_uid_is_one_also_without_an_address(place: Book) -> None:
    await import_text(place, card("Ada Lovelace", "UID:urn:uuid:4fbe", "TEL:0111"))
    report = await import_text(place, card("Ada King", "UID:4FBE", "TEL:0222"), duplicates="update")
    assert (report.created, report.merged) == (0, 1)
    [ada] = await people(place)
    assert (ada.name, [phone.number for phone in ada.phones]) == ("Ada King", ["0111", "0222"])


async def test_one_uid_for_several_people_of_a_file_says_nothing(place: Book) -> None:
    text = card("Ada King", "UID:same") + card("Bob Ash", "UID:same") + card("King, Ada", "UID:same", "TEL:0111")
    report = await import_text(place, text)
    assert (report.created, report.merged) == (2, 1)
    again = await import_text(place, text)
    assert (again.created, again.merged, again.unchanged) == (0, 0, 3)


async def test_many_with_one_address_are_known_again(place: Book) -> None:
    """More than are compared with each other, in several batches."""
    rows = [f"{given} {family},info@x.org,{given[0]}" for given in GIVEN for family in FAMILIES]
    text = "\n".join(["Name,Email,Company", *rows, ""])
    report = await import_text(place, text)
    again = await import_text(place, text)
    assert (again.created, again.merged, again.unchanged) == (0, 0, report.total)


GIVEN = [f"{start}{middle}{end}" for start in "BCDFG" for middle in "aeiou" for end in ("lan", "rik", "sse", "tto")]
FAMILIES = [f"{start}{end}" for start in ("Ha", "Lo", "Mi") for end in ("berg", "ford", "lund", "man", "stone")]


async def test_many_namesakes_without_an_address_are_known_again(place: Book) -> None:
    text = "\n".join(["Name,Company", *(f"Bob,Company {number}" for number in range(300)), ""])
    assert (await import_text(place, text)).created == 300
    assert (await import_text(place, text)).unchanged == 300


async def test_a_relative_in_the_bin_takes_nobody_along(book: Book) -> None:
    await import_text(book, FAMILY)
    await book.apply(Plan("delete", "Delete", [Delete(Listing(query="john"))]))
    report = await import_text(book, FAMILY)
    assert (report.created, report.skipped, report.unchanged, report.total) == (0, 1, 1, 2)
    assert [one.name for one in await people(book)] == ["Mary Smith"]


# Choices -------------------------------------------------------------------------------------------------------------

ADA = Contact(
    name="Ada Lovelace", given_name="Ada", family_name="Lovelace", emails=(Email("ada@x.org", "home"),),
    phones=(Phone("0111"),), company="Acme", job_title="Analyst", notes="Likes tea.", custom={"Size": "37", "Hat": "6"},
    groups=("Choir",), favorite=True,
)  # fmt: skip
NEWER = (
    "First Name,Last Name,E-mail 1 - Value,Phone 1 - Value,Organization Name,Notes,Size,Labels\n"
    "Ada,King,ada@x.org,0222,Royal Society,Likes coffee.,38,Board\n"
)


async def test_an_update_takes_the_values_of_the_file_and_loses_none_that_it_leaves_out(book: Book) -> None:
    await add(book, ADA)
    report = await import_text(book, NEWER, duplicates="update")
    assert (report.created, report.merged) == (0, 1)
    [ada] = await people(book)
    assert (ada.name, ada.given_name, ada.family_name) == ("Ada King", "Ada", "King")
    assert (ada.company, ada.job_title, ada.notes) == ("Royal Society", "Analyst", "Likes coffee.")
    assert [phone.number for phone in ada.phones] == ["0111", "0222"]
    assert (ada.emails, ada.favorite, ada.groups) == (ADA.emails, True, ("Board", "Choir"))
    assert dict(ada.custom) == {"Size": "38", "Hat": "6"}
    assert (await import_text(book, NEWER, duplicates="update")).unchanged == 1
    await book.history.undo()
    assert [(one.name, one.company, one.notes) for one in await people(book)] == [(ADA.name, ADA.company, ADA.notes)]


async def test_rows_of_one_file_do_not_overwrite_each_other(book: Book) -> None:
    await add(book, ADA)
    text = "Name,Email,Company\nAda,ada@x.org,One\nAda,ada@x.org,Two\n"
    await import_text(book, text, duplicates="update")
    [ada] = await people(book)
    assert (ada.company, ada.custom["Company (2)"]) == ("One", "Two")
    assert (await import_text(book, text, duplicates="update")).unchanged == 2


async def test_a_merge_keeps_both_and_counts_what_differs(book: Book) -> None:
    await add(book, ADA)
    report = await import_text(book, NEWER)
    assert report.clashes == 4  # name, company, notes, size
    [ada] = await people(book)
    assert (ada.name, ada.company, ada.notes) == ("Ada Lovelace", "Acme", "Likes tea.\n\nLikes coffee.")
    assert ada.custom["Company (2)"] == "Royal Society"
    again = await import_text(book, NEWER)
    assert (again.unchanged, again.clashes) == (1, 0)


async def test_each_clash_is_settled_as_it_is_wished(book: Book) -> None:
    await add(book, ADA)
    asked: list[Clash] = []
    wishes = {"Name": Keep.OURS, "Company": Keep.THEIRS, "Notes": Keep.THEIRS, "Size": Keep.BOTH}

    def settle(clash: Clash) -> Keep:
        asked.append(clash)
        return wishes[clash.field]

    await import_text(book, NEWER, settle=settle)
    assert {(one.name, one.field, one.ours, one.theirs) for one in asked} == {
        ("Ada Lovelace", "Name", "Ada Lovelace", "Ada King"),
        ("Ada Lovelace", "Company", "Acme", "Royal Society"),
        ("Ada Lovelace", "Notes", "Likes tea.", "Likes coffee."),
        ("Ada Lovelace", "Size", "37", "38"),
    }
    [ada] = await people(book)
    assert (ada.name, ada.company, ada.notes) == ("Ada Lovelace", "Royal Society", "Likes coffee.")
    assert dict(ada.custom) == {"Size": "37", "Size (2)": "38", "Hat": "6"}


# Whatever the file holds ---------------------------------------------------------------------------------------------

ROWS = st.tuples(
    st.sampled_from([
        "", "John Smith", "Mary Smith", "J. Smith", "Smith, John", "John", "John Smith Jr.", "Ada King", "Ada Byron",
        "Acme Ltd", "a@x.org",
    ]),
    st.sampled_from(["", "a@x.org", "b@x.org", "A@x.org; b@x.org"]),
    st.sampled_from(["", "0111", "+44 20 7946 0958", "020 7946 0958"]),
    st.sampled_from(["", "Acme", "Beta GmbH"]),
    st.sampled_from(["", "u1", "urn:uuid:U1", "u2"]),
).filter(any)  # fmt: skip


def table(rows: Sequence[Sequence[str]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows([["Name", "Email", "Phone", "Company", "UID"], *rows])
    return file.getvalue()


@functools.cache
def empty_book() -> bytes:
    """The file of a book without contacts: to make one takes longer than to copy it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contacts.db"
        prepare_sqlite(path, computers_clock)
        return path.read_bytes()


async def empty_book_in(folder: Path) -> Book:
    settings = settings_in(folder)
    assert settings.sqlite_path is not None
    settings.sqlite_path.parent.mkdir(parents=True)
    settings.sqlite_path.write_bytes(empty_book())
    return await Book.open(settings)


async def check(rows: Sequence[tuple[str, ...]], turned: Sequence[tuple[str, ...]], duplicates: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with await empty_book_in(Path(folder) / "fresh") as book:
            report = await import_text(book, table(rows))
            assert report.total == len(rows)
            quick = [one.shown_name for one in await people(book)]
            before = [(one.id, one.version) for one in await people(book)]
            again = await import_text(book, table(rows), duplicates=duplicates)
            assert (again.created, again.merged, again.total) == (0, 0, len(rows)), again
            assert [(one.id, one.version) for one in await people(book)] == before
        async with await empty_book_in(Path(folder) / "other") as book:
            await add(book, STRANGER)
            await import_text(book, table(rows))
            assert [one.shown_name for one in await people(book)] == quick
        async with await empty_book_in(Path(folder) / "third") as book:
            await import_text(book, table(turned))
            for contact in await people(book):
                uids = [value for key, value in contact.custom.items() if key.startswith("UID")]
                names = [contact.name, *(value for key, value in contact.custom.items() if key.startswith("Name ("))]
                assert uids or all(
                    names_agree(Contact(name=one, emails=contact.emails), Contact(name=two, emails=contact.emails))
                    for one in names for two in names
                )  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(ROWS, min_size=1, max_size=7).flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))),
    st.sampled_from(["merge", "skip"]),
)
def test_a_second_import_changes_nothing_and_no_order_makes_one_of_two_people(
    orders: tuple[list[tuple[str, ...]], list[tuple[str, ...]]], duplicates: str
) -> None:
    asyncio.run(check(*orders, duplicates))


def test_of_many_who_share_an_address_the_first_are_named() -> None:
    report = ImportReport()
    for number in range(15):
        report.note_apart(Apart(f"P{number}", "Ann", "a@example.org"))
    assert (report.sharing[0], report.sharing[2:]) == (
        "P0 and Ann: a@example.org",
        ["P2 and Ann: a@example.org", "and 12 more"],
    )
