"""What is absurdly large is refused in words, and what stands beside it goes on."""

from __future__ import annotations

import json
import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from coterie.core import limits
from coterie.core.book import Book
from coterie.core.bulk.plan import plan_each
from coterie.core.bulk.replace_text import ReplaceText
from coterie.core.changes import Create, Edit, Plan
from coterie.core.errors import CoterieError, InvalidQuery, InvalidValue, UnreadableFile
from coterie.core.model import Contact, Email
from coterie.core.query import parser, patterns
from coterie.core.settings import Settings
from coterie.core.transfer import importing
from coterie.core.transfer.reject import Reject

DOCS = Path(__file__).parents[2] / "docs" / "import-export.md"
BOB_CSV = b"\nBob,bob@example.org,\n"
BOB_CARD = b"\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:Bob\r\nEND:VCARD\r\n"
BOB_LDIF = b"\n\ndn: cn=Bob\ncn: Bob\n"


def table(cell: bytes, heading: bytes = b"Notes") -> bytes:
    return b"Name,E-mail," + heading + b"\nAda,ada@example.org," + cell + BOB_CSV


def card(*lines: bytes) -> bytes:
    return b"BEGIN:VCARD\r\nFN:Ada\r\n" + b"\r\n".join(lines) + BOB_CARD


def objects(**values: object) -> bytes:
    return json.dumps([{"name": "Ada", "email": "ada@example.org", **values}, {"name": "Bob"}]).encode()


MANY = range(limits.CUSTOM + 1)
TOO_LARGE: dict[str, Callable[[], bytes]] = {
    "a cell": lambda: table(b"x" * (limits.VALUE + 1)),
    "a line": lambda: table(b"x" * (limits.ROW + 1)),
    "a quoted text": lambda: table(b'"' + b"some text\n" * (limits.ROW // 5) + b'"'),
    "a name": lambda: table(b"x" * (limits.LINE + 1), b"Company"),
    "groups": lambda: table(b"; ".join(b"g%d" % one for one in range(limits.VALUES + 1)), b"Groups"),
    "cells": lambda: table(b",".join(b"%d" % one for one in range(limits.CUSTOM + 2))),
    "a card's note": lambda: card(b"NOTE:" + b"x" * (limits.VALUE + 1)),
    "a card's line": lambda: card(b"NOTE:" + b"x" * (limits.ROW + 1)),
    "a card's folded line": lambda: card(b"NOTE:x", b"\r\n".join([b" " + b"y" * 1000] * (limits.ROW // 1000 + 1))),
    "a card's properties": lambda: card(*(b"X-%d:v" % one for one in range(limits.CUSTOM + 2))),
    "a card's addresses": lambda: card(*(b"EMAIL:a%d@example.org" % one for one in range(limits.VALUES + 1))),
    "LDIF's value": lambda: b"dn: cn=Ada\ncn: Ada\ndescription: " + b"x" * (limits.VALUE + 1) + BOB_LDIF,
    "LDIF's attributes": lambda: b"dn: cn=Ada\ncn: Ada\n" + b"\n".join(b"a%d: v" % one for one in MANY) + BOB_LDIF,
    "a JSON text": lambda: objects(notes="x" * (limits.VALUE + 1)),
}


@pytest.mark.parametrize("what", TOO_LARGE)
async def test_what_is_too_large_is_rejected_with_its_reason_and_the_rest_is_imported(what: str) -> None:
    staged = await importing.stage(TOO_LARGE[what]())
    found = list(staged.read())
    rejects = [one for one in found if isinstance(one, Reject)]
    assert [one.name for one in found if isinstance(one, Contact)] == ["Bob"]
    assert len(rejects) == 1
    assert re.search(r"more|at most|the most", rejects[0].reason)
    assert rejects[0].row >= 1
    assert rejects[0].text.startswith(("Ada", "BEGIN:VCARD\nFN:Ada", "dn: cn=Ada", '{"name": "Ada"'))
    assert len(rejects[0].text) < limits.LINE + 10


async def test_a_line_of_an_entry_that_is_too_long_is_left_out_and_said() -> None:
    content = b"dn: cn=Ada\ncn: Ada\njpegphoto: " + b"x" * (limits.ROW + 1) + BOB_LDIF
    ada, bob, reject = (await importing.stage(content)).read()
    assert isinstance(ada, Contact)
    assert isinstance(bob, Contact)
    assert isinstance(reject, Reject)
    assert (ada.name, bob.name, reject.row) == ("Ada", "Bob", 3)


async def test_generous_values_are_fine() -> None:
    content = table(b'"' + b"a long story\n" * 80_000 + b'"') + b"Eve,eve@example.org," + b"y" * 1_000_000 + b"\n"
    found = list((await importing.stage(content)).read())
    assert [one.name for one in found if isinstance(one, Contact)] == ["Ada", "Bob", "Eve"]
    photo = card(b"PHOTO;ENCODING=b:" + b"QUJD" * 2_000_000)
    assert not [one for one in (await importing.stage(photo)).read() if isinstance(one, Reject)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Name," + b",".join(b"c%d" % one for one in range(limits.CUSTOM)) + b"\nAda\n", "columns"),
        (objects(**{f"k{one}": "v" for one in MANY}), "keys"),
        (b'[{"name":"Ada","email":"ada@example.org","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}]", "too deeply"),
    ],
)
async def test_a_file_that_is_no_table_of_contacts_says_so(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        await importing.stage(content)


async def test_lists_within_lists_in_a_cell_are_no_end() -> None:
    found = list((await importing.stage(table(b"[" * 100_000 + b"]" * 100_000, b"Groups"))).read())
    assert [one.name for one in found if isinstance(one, Contact)][-1:] == ["Bob"]


def _bomb(*, says: int | None = None) -> bytes:
    """A workbook of which one part is far larger than it says."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "<workbook/>")
        with parts.open("xl/sharedStrings.xml", "w", force_zip64=False) as part:
            for _ in range(4):
                part.write(b"\0" * (1 << 20))
    content = file.getvalue()
    return content if says is None else content.replace(struct.pack("<L", 4 << 20), struct.pack("<L", says))


@pytest.mark.parametrize("says", [None, 100])
async def test_a_workbook_that_becomes_huge_is_refused(monkeypatch: pytest.MonkeyPatch, says: int | None) -> None:
    monkeypatch.setattr("coterie.core.transfer.workbook.WORKBOOK", 3 << 20)
    with pytest.raises(UnreadableFile, match="when it is decompressed"):
        await importing.stage(_bomb(says=says))


async def test_a_book_takes_nothing_too_large(tmp_path: Path) -> None:
    settings = Settings.load({"database_url": f"sqlite:///{tmp_path / 'contacts.db'}"}, environment={})
    async with await Book.open(settings) as book:
        with pytest.raises(InvalidValue, match="at most 10,000"):
            await book.apply(Plan("add", "Add", [Create(Contact(name="x" * 10_001))]))
        outcome = await book.apply(Plan("add", "Add", [Create(Contact(name="Ada", notes="x" * 1_000_000))]))
        with pytest.raises(InvalidValue, match="notes"):
            await book.apply(Plan("edit", "Edit", [Edit(outcome.created_ids[0], {"notes": "x" * 2_000_001})]))


async def test_what_a_merge_would_make_too_large_is_skipped_with_its_reason(tmp_path: Path) -> None:
    settings = Settings.load({"database_url": f"sqlite:///{tmp_path / 'contacts.db'}"}, environment={})
    groups = b"; ".join(b"g%d" % one for one in range(limits.VALUES))
    async with await Book.open(settings) as book:
        await importing.run(book, await importing.stage(table(groups, b"Groups")))
        report = await importing.run(book, await importing.stage(table(b"one more", b"Groups")))
        assert (report.skipped, report.unchanged) == (1, 1)
        assert "1,000 groups" in report.skips[0].reason


async def test_an_import_brings_no_more_groups_than_a_list_can_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coterie.core.transfer.joining.GROUPS", 3)
    settings = Settings.load({"database_url": f"sqlite:///{tmp_path / 'contacts.db'}"}, environment={})
    rows = b"Name,E-mail,Groups\nA,a@x.org,a;b\nB,b@x.org,c;d\nC,c@x.org,b;c\nD,d@x.org,\n"
    async with await Book.open(settings) as book:
        report = await importing.run(book, await importing.stage(rows))
        assert (report.created, report.skipped, [one.subject for one in report.skips]) == (3, 1, ["B"])
        assert report.total == 4


@pytest.mark.parametrize(
    ("text", "pattern", "new"),
    [
        ("a" * 10_000, "a", "b" * 1_000),
        ("a" * 1_000_000, "(a+)", r"\1" * 400),
        ("a" * 1_000, "(?=(a+))", r"\1" * 900),
        ("a" * 1_000_000, "(?P<all>a+)", r"\g<all>" * 100),
    ],
)
def test_a_replacement_that_would_fill_the_memory_is_refused(text: str, pattern: str, new: str) -> None:
    with pytest.raises(patterns.TooMuch, match="2,000,000"):
        patterns.replaced(pattern, new, text)


def test_a_large_replacement_that_fits_is_done() -> None:
    assert patterns.replaced("a", "bb", "a" * 900_000) == "b" * 1_800_000
    assert patterns.replaced("(a)(b)?", r"\1\2-", "ab" * 100_000) == "ab-" * 100_000


def test_a_replacement_that_is_too_large_leaves_the_contact_as_it_is() -> None:
    contacts = [Contact(1, name="Ada", notes="a" * 10_000), Contact(2, name="Bob", notes="a")]
    plan = plan_each([ReplaceText("notes", "a", "b" * 1_000)], contacts)
    assert [one.contact_id for one in plan.changes if isinstance(one, Edit)] == [2]
    assert "2,000,000" in plan.skipped[0].reason


def test_a_pattern_that_runs_away_is_given_up_after_a_few_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 0.001)
    pattern, text = "(a|aa)+$", "a" * 60 + "b"
    for _ in range(limits.TRIES):
        with pytest.raises(patterns.SlowPattern):
            patterns.matches(pattern, text)
    with pytest.raises(patterns.SlowPattern):
        patterns.matches(pattern, "a")  # quick by itself, but not asked any more


def test_a_search_of_a_megabyte_is_refused() -> None:
    with pytest.raises(InvalidQuery, match="too long"):
        parser.parse("x" * 1_000_000)


def test_values_that_are_too_large_are_named() -> None:
    base = Contact(name="Ada")
    for contact, words in (
        (replace(base, emails=(Email("x" * 10_001),)), "one of the e-mail addresses"),
        (replace(base, groups=("x" * 10_001,)), "one of the groups"),
        (replace(base, job_title="x" * 10_001), "the job title"),
        (replace(base, custom={"x" * 10_001: "y"}), "the name of a custom field"),
        (replace(base, custom={str(one): "x" * 1_900_000 for one in range(5)}), "The contact would have"),
    ):
        with pytest.raises(CoterieError, match=words):
            limits.check(contact)


WORDS = {
    "VALUE": "2 million", "CONTACT": "8 million", "ROW": "32 million", "JSON": "256 million", "CELLS": "40 million",
    "WORKBOOK": "1 GB", "ANSWER": "64 MB", "ROUND": "4 GB", "SECONDS": "a quarter of a second",
}  # fmt: skip


def test_the_documentation_names_every_limit() -> None:
    text = DOCS.read_text()
    for name, number in vars(limits).items():
        if name.isupper() and not name.startswith("_"):
            shown = WORDS.get(name, f"{number:,}")
            assert shown in text, f"{name} is {shown}"
