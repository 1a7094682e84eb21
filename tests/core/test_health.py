"""What a doctor must find in a book, what is made anew, and what a repair saves."""

# ruff: noqa: ASYNC220, ASYNC240 - nothing else runs on the loop of these tests

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coterie.core import health
from coterie.core.book import Book
from coterie.core.changes import CreateGroup, Edit, Plan
from coterie.core.errors import BookBusy, CannotOpen
from coterie.core.jsonform import as_json
from coterie.core.listing import Listing
from coterie.core.model import Contact, Email
from coterie.core.settings import Settings
from tests.core.book_contract import ADA, make

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
BOB = Contact(name="Bob Böhm", emails=(Email("bob@example.org"),), groups=("Choir",), company="Böhm & Co")


@pytest.fixture
async def path(settings: Settings) -> Path:
    """A book with Ada and Bob."""
    async with await Book.open(settings) as book:
        await make(book, ADA)
        await make(book, BOB)
    assert settings.sqlite_path is not None
    return settings.sqlite_path


def execute(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def found(path: Path) -> str:
    return "; ".join(finding.what for finding in health.examine(path))


async def everything(settings: Settings) -> list[object]:
    async with await Book.open(settings) as book:
        return [as_json(one) async for one in book.contacts(Listing())]


async def test_a_well_book_has_nothing(path: Path) -> None:
    assert health.examine(path) == []


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        ("DROP TABLE search_index", "The table search_index is missing"),
        ("DROP TABLE search", "The table search is missing"),
        ("INSERT INTO search_index (search_index) VALUES ('delete-all')", "The search index is damaged or stale"),
        ("UPDATE search SET name = 'nobody' WHERE contact_id = 1", "The search text of 1 contact is stale"),
        ("DELETE FROM search WHERE contact_id = 2", "The search text of 1 contact is stale"),
        ("INSERT INTO search (contact_id, name) VALUES (77, 'ghost')", "The search text of 1 contact is stale"),
        ("DROP INDEX contact_live", "The index contact_live is missing"),
        ("DROP INDEX contact_favorite", "The index contact_favorite is missing"),
        ("DROP INDEX contact_group_name_key", "The index contact_group_name_key is missing"),
        ("UPDATE contact SET sort_key = 'zzz' WHERE id = 1", "1 contact out of place"),
        ("UPDATE email SET norm = '' WHERE contact_id = 1", "rows of email would not be found by their address"),
        ("UPDATE counter SET value = 1 WHERE name = 'contact'", "The counter of contact would give ids a second time"),
        (
            "INSERT INTO invitation (id, uid) VALUES (7, 'uid')",
            "The counter of invitation would give ids a second time",
        ),
        ("DELETE FROM counter WHERE name = 'operation'", "The counter of operation would give ids a second time"),
    ],
)
async def test_what_is_derived_is_found_and_made_anew(settings: Settings, path: Path, harm: str, what: str) -> None:
    before = await everything(settings)
    execute(path, harm)
    assert what in found(path)
    assert all(finding.derived for finding in health.examine(path))
    health.rebuild(path)
    assert health.examine(path) == []
    assert await everything(settings) == before
    async with await Book.open(settings) as book:
        assert [row.name for row in await book.lists.rows(Listing(query="bohm"), 0, 9)] == ["Bob Böhm"]
        assert [row.name for row in await book.lists.rows(Listing(query="ghost"), 0, 9)] == []
        assert await make(book, ADA) == [3]


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        ("DROP TABLE contact", "The table contact is missing"),
        ("DROP TABLE email", "The table email is missing"),
        ("DROP TABLE operation", "The table operation is missing"),
        ("DELETE FROM contact WHERE id = 1", "2 e-mail addresses belong to no contact"),
        ("DELETE FROM contact_group", "memberships belong to no group"),
        ("DELETE FROM operation", "changes belong to no entry of the history"),
        ("ALTER TABLE contact DROP COLUMN notes", "The column notes of the table contact is missing"),
        ("INSERT INTO remote (account_id, remote_id) VALUES (9, 'x')", "links to accounts belong to no account"),
    ],
)
async def test_what_is_lost_is_found_and_the_rest_saved(settings: Settings, path: Path, harm: str, what: str) -> None:
    execute(path, harm)
    assert what in found(path)
    saved, kept = health.repair(path, NOW)
    assert health.examine(path) == []
    assert kept is not None
    assert what in found(kept), "the old book is kept as it was"
    async with await Book.open(settings) as book:
        rows = {row.name for row in await book.lists.rows(Listing(), 0, 9)}
        assert len(rows) == saved.contacts == 2
        assert await make(book, ADA) == [3]
        assert path.stat().st_mode & 0o777 == 0o600


async def test_a_contact_that_lost_its_row_gets_its_name_from_what_is_left(settings: Settings, path: Path) -> None:
    async with await Book.open(settings) as book:
        await book.apply(Plan("edit", "", [Edit(2, {"name": "Robert Böhm"})]))
    execute(path, "DROP TABLE contact")
    saved, _ = health.repair(path, NOW)
    assert saved.recovered == 2
    async with await Book.open(settings) as book:
        people = {one.name: one async for one in book.contacts(Listing())}
    assert people["Robert Böhm"].emails == BOB.emails
    assert set(people["Robert Böhm"].groups) == {"Choir", "Recovered"}
    [ada] = [one for name, one in people.items() if name != "Robert Böhm"]
    assert ada.name.startswith("ada king"), "the search text holds it folded"
    assert ada.emails == ADA.emails
    assert ada.phones == ADA.phones


async def test_addresses_and_numbers_that_are_lost_come_from_the_search_text(settings: Settings, path: Path) -> None:
    execute(path, "DROP TABLE email", "DROP TABLE phone")
    saved, _ = health.repair(path, NOW)
    assert {"email", "phone"} <= set(saved.unreadable)
    async with await Book.open(settings) as book:
        ada = (await book.by_address(["ada@example.org"]))["ada@example.org"][0]
        assert [email.address for email in ada.emails] == ["ada@example.org", "ada@home.example"]
        assert [phone.number for phone in ada.phones] == ["+442079460958"]


async def test_a_group_that_lost_its_row_gets_its_name_from_the_history(settings: Settings, path: Path) -> None:
    execute(path, "DELETE FROM contact_group")
    saved, _ = health.repair(path, NOW)
    assert saved.groups == 1
    async with await Book.open(settings) as book:
        assert [(group.name, group.size) for group in await book.groups.all()] == [("Choir", 2)]
        await book.apply(Plan("group", "", [CreateGroup("New")]))


async def test_damaged_pages_are_passed_over(settings: Settings) -> None:
    async with await Book.open(settings) as book:
        for number in range(400):
            await make(book, Contact(name=f"Person {number:03} {'x' * 60}", emails=(Email(f"p{number}@example.org"),)))
    path = settings.sqlite_path
    assert path is not None
    with closing(sqlite3.connect(path)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    content = bytearray(path.read_bytes())
    start = next(n for n in range(0, len(content), size) if b"Person 200" in content[n : n + size] and content[n] == 13)
    content[start : start + size] = b"\xff" * size
    path.write_bytes(content)
    assert "The file is damaged" in found(path)
    saved, kept = health.repair(path, NOW)
    assert kept is not None
    assert kept.read_bytes()[size:] == bytes(content[size:])
    assert health.examine(path) == []
    assert saved.contacts == 400, "their addresses and the search text are on other pages"
    assert 0 < saved.recovered < 100
    async with await Book.open(settings) as book:
        assert await book.lists.count(Listing(query="p200@example.org")) == 1
        assert await book.lists.count(Listing(query="p399@example.org")) == 1


async def test_a_file_that_is_no_book_is_found(path: Path, tmp_path: Path) -> None:
    text, empty, other = tmp_path / "a.db", tmp_path / "b.db", tmp_path / "c.db"
    text.write_text("Name,E-mail\n" * 100)
    empty.touch()
    execute(other, "CREATE TABLE bookmark (url)")
    for file, what in (
        (text, "cannot be read as a book"),
        (empty, "is empty (0 bytes)"),
        (other, "of another program"),
    ):
        before = file.read_bytes()
        assert what in found(file)
        with pytest.raises(CannotOpen, match="Nothing can be saved of"):
            health.repair(file, NOW)
        assert file.read_bytes() == before
    assert found(tmp_path / "missing.db") == ""


async def test_a_book_that_is_open_is_not_repaired(path: Path) -> None:
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM contact').fetchone()\n"
        "print('open', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen([sys.executable, "-c", code, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdin is not None
    assert other.stdout is not None
    other.stdout.readline()
    execute(path, "DROP TABLE operation")
    with pytest.raises(BookBusy, match="Another program has the book"):
        health.repair(path, NOW)
    other.stdin.close()
    other.wait()
    health.repair(path, NOW)


async def test_another_program_that_writes_hinders_the_rebuilding(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coterie.core.store.repair.derived.BUSY_SECONDS", 0.1)
    execute(path, "DELETE FROM search WHERE contact_id = 2")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BookBusy, match="Another program is writing"):
            health.rebuild(path)
    assert "search text" in found(path)
