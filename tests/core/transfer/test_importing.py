"""Importing files into a book: what comes of each real export, of a second import, of the Bin, of a cancellation."""

from __future__ import annotations

import contextlib
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coterie.core.book import Book
from coterie.core.changes import Create, Delete, Plan
from coterie.core.errors import Cancelled, UnreadableFile
from coterie.core.listing import Listing, View
from coterie.core.model import Contact, Email, Phone
from coterie.core.text import is_email
from coterie.core.transfer.importing import ImportOptions, ImportReport, run, stage

REAL_EXPORTS = Path(__file__).parents[4] / "shared" / "data" / "contacts"


def real_exports() -> Iterator[Any]:
    manifest = REAL_EXPORTS / "manifest.tsv"
    if not manifest.exists():  # the exports are not ours to ship
        yield pytest.param({}, id="none here")
        return
    with manifest.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield pytest.param(row, id=row["local"])


async def import_text(book: Book, text: str | bytes, **options: Any) -> ImportReport:
    source = text if isinstance(text, bytes) else text.encode()
    return await run(book, await stage(source, name="people.csv", options=ImportOptions(**options)))


async def people(book: Book, view: View = View.ALL) -> list[Contact]:
    return [one async for one in book.contacts(Listing(view))]


@pytest.mark.parametrize("row", list(real_exports()))
async def test_a_real_export_imports_right_and_a_second_time_changes_nothing(book: Book, row: dict[str, str]) -> None:
    if not row:
        return
    path = REAL_EXPORTS / row["local"]
    if int(row["after_merge"]) == 0:
        with contextlib.suppress(UnreadableFile):  # refused as a whole, or row by row: nobody is in it
            assert (await run(book, await stage(path))).created == 0
        return
    report = await run(book, await stage(path))
    contacts = await people(book)
    # The manifest counts what equal addresses alone would leave; people of other names with one address stay apart.
    assert len(contacts) == int(row["after_merge"]) + report.apart, report
    assert report.created == len(contacts)
    for expected in json.loads(row["samples_json"]):
        names = [name.strip() for name in expected["name"].replace(")", "").split("(or")]
        keys = {address.lower() for address in expected["emails"]}
        found = [
            one
            for one in contacts
            if (keys and keys & {email.address.lower() for email in one.emails}) or (not keys and one.name in names)
        ]
        assert found, expected
        assert keys <= {email.address.lower() for email in found[0].emails if is_email(email.address)}
    before = [(one.id, one.version) for one in contacts]
    again = await run(book, await stage(path))
    assert [(one.id, one.version) for one in await people(book)] == before
    assert (again.created, again.merged, again.total) == (0, 0, report.total)


async def test_an_address_and_a_form_of_the_name_merge_and_namesakes_do_not(book: Book) -> None:
    report = await import_text(
        book, "Name,Email,Company,Phone\nAda,ada@x.org,,\nAda King,ADA@x.org,Acme,\nBob,,,1\nBob,,,2\nBob,,,\n"
    )
    assert (report.created, report.merged, report.total) == (4, 1, 5)
    [ada] = [one for one in await people(book) if one.emails]
    assert (ada.name, ada.company) == ("Ada", "Acme")


async def test_namesakes_stay_apart_across_batches(book: Book) -> None:
    rows = "\n".join(f"Bob,{n % 2}" for n in range(4500))
    report = await import_text(book, f"Name,Phone\n{rows}\n")
    assert report.created == 4500
    again = await import_text(book, f"Name,Phone\n{rows}\n")
    assert (again.created, again.unchanged) == (0, 4500)


async def test_rows_of_far_apart_batches_merge(book: Book) -> None:
    filler = "\n".join(f"N{n},n{n}@x.org," for n in range(4000))
    report = await import_text(book, f"Name,Email,Company\nAda,ada@x.org,\n{filler}\nAda,ada@x.org,Acme\n")
    assert (report.created, report.merged) == (4001, 1)
    assert (await book.find("ada@x.org")).company == "Acme"


async def test_an_import_is_one_step_to_undo_and_redo(book: Book) -> None:
    await book.apply(Plan("add", "Add", [Create(Contact(name="Ada", emails=(Email("ada@x.org"),)))]))
    before = await people(book)
    await import_text(book, "Name,Email,Company\nAda,ada@x.org,Acme\nBob,bob@x.org,\n", groups=("Guests",))
    assert [(one.name, one.company, one.groups) for one in await people(book)] == [
        ("Ada", "Acme", ("Guests",)), ("Bob", "", ("Guests",)),
    ]  # fmt: skip
    outcome = await book.history.undo()
    assert outcome.summary == "Undone: Imported people.csv: 1 new, 1 merged."
    assert [(one.name, one.company, one.groups) for one in await people(book)] == [
        (one.name, one.company, one.groups) for one in before
    ]
    assert await book.groups.all() == []
    await book.history.redo()
    assert [one.groups for one in await people(book)] == [("Guests",), ("Guests",)]


async def test_what_is_in_the_bin_is_skipped_or_restored_never_doubled(book: Book) -> None:
    await book.apply(Plan("add", "Add", [Create(Contact(name="Ada", emails=(Email("ada@x.org"),), favorite=True))]))
    await book.apply(Plan("delete", "Delete", [Delete(Listing())]))
    text = "Name,Email,Company\nAda,ada@x.org,Acme\n"
    report = await import_text(book, text)
    assert (report.created, report.skipped, report.total) == (0, 1, 1)
    assert "Bin" in report.skips[0].reason
    assert await people(book) == []
    report = await import_text(book, text, restore=True)
    assert (report.merged, report.restored, report.total) == (1, 1, 1)
    [ada] = await people(book)
    assert (ada.company, ada.favorite) == ("Acme", True)


async def test_duplicates_are_skipped_or_created_where_that_is_wished(book: Book) -> None:
    text = "Name,Email,Company\nAda,ada@x.org,\nAda,ada@x.org,Acme\n"
    report = await import_text(book, text, duplicates="skip")
    assert (report.created, report.skipped, report.total) == (1, 1, 2)
    report = await import_text(book, text, duplicates="create")
    assert (report.created, report.total) == (2, 2)
    assert len(await people(book)) == 3


async def test_counting_says_what_importing_does(book: Book) -> None:
    text = b"Name,Email\nAda,ada@x.org\nAda,ada@x.org\nBob,bob@x.org\n,\nnothing@all,\n"
    staged = await stage(text, name="people.csv")
    counted = await staged.count(book)
    assert await people(book) == []
    report = await run(book, staged)
    for name in ("created", "merged", "unchanged", "skipped", "rejected", "total"):
        assert getattr(counted, name) == getattr(report, name), name


async def test_a_cancelled_import_leaves_nothing(book: Book) -> None:
    def stop(done: int, total: int | None) -> None:
        raise Cancelled("The import was stopped.")

    rows = "\n".join(f"N{n},n{n}@x.org" for n in range(5000))
    staged = await stage(f"Name,Email\n{rows}\n".encode(), name="people.csv")
    with pytest.raises(Cancelled):
        await run(book, staged, stop)
    assert await people(book) == []
    assert await book.history.latest() == []


async def test_a_phone_only_contact_is_known_again(book: Book) -> None:
    text = "BEGIN:VCARD\nVERSION:3.0\nFN:Max Muster\nTEL:0170 1\nEND:VCARD\n"
    await import_text(book, text)
    await book.apply(Plan("edit", "x", []))
    report = await import_text(book, text.replace("TEL:0170 1", "TEL:01701\nORG:Acme"))
    assert (report.created, report.merged) == (0, 1)
    [max_muster] = await people(book)
    assert (max_muster.phones, max_muster.company) == ((Phone("0170 1"),), "Acme")


async def test_text_in_a_wrong_encoding_is_told(book: Book) -> None:
    table = "Name,Email,Notes\nJosÃ© GarcÃ\xada,jose@x.org,\nAnn,ann@x.org,Oâ€™Brien\nÃngela,a@x.org,SÃO\n"
    report = await run(book, await stage(table.encode()))
    assert report.misread == 2
    assert (2, "of them with text in a wrong encoding (“JosÃ© GarcÃ\xada”): see Clean up") in report.remarks
    assert [contact.name for contact in await people(book)] == ["Ãngela", "Ann", "JosÃ© GarcÃ\xada"]
