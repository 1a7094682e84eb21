"""Books of before bases told whose a value is: nothing that was left different, or came from elsewhere, is sent."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

from coterie.core.base import Base, contact_text
from coterie.core.book import Book
from coterie.core.model import Contact, Email, Phone
from coterie.core.provider import Setup
from coterie.core.settings import Settings
from coterie.core.store.contacts.values import email_row, phone_row
from coterie.core.store.engine.migrations import migrate_sqlite
from coterie.core.sync import Ended, sync
from coterie.core.text import email_key, phone_key
from coterie.providers.memory import MemoryProvider, MemorySource
from tests.core.store.engine.migrations.old_rows import INSERT, old_row
from tests.core.sync.test_sync import Tokens

BEFORE = "0005"
ADA = Contact(name="Ada", emails=(Email("ada@example.org"),))
OURS = Contact(
    name="Ada", emails=(Email("ada@example.org"), Email("work@example.org")), phones=(Phone("1"), Phone("2")),
    company="Edited", notes="private", job_title="Local",
)  # fmt: skip
HOME = Contact(name="Ada", emails=(Email("ada@example.org"),), phones=(Phone("1"),), company="Home")
WORK = Contact(name="Ada", emails=(Email("ada@example.org"), Email("work@example.org")), notes="private")


def mark(value: object) -> str:
    """As the version before marked what was left different."""
    return blake2b(json.dumps(value, ensure_ascii=False, sort_keys=True).encode(), digest_size=8).hexdigest()


def older(path: Path) -> None:
    """Ada is known to two accounts; three people of an office became one contact; two were merged by the user."""
    path.parent.mkdir(parents=True, exist_ok=True)
    migrate_sqlite(path, BEFORE)
    with closing(sqlite3.connect(path)) as connection:
        people = {1: OURS, 2: Contact(name="Ann", emails=(Email("office@example.org"),)), 3: Contact(name="Cleo")}
        for id_, one in people.items():
            connection.execute(INSERT, old_row(one, id_))
            for place, email in enumerate(one.emails):
                values = email_row(id_, place, email, email_key(email.address))
                connection.execute("INSERT INTO email VALUES (?, ?, ?, ?, ?, ?)", values)
            for place, phone in enumerate(one.phones):
                phones = phone_row(id_, place, phone, phone_key(phone.number))
                connection.execute("INSERT INTO phone VALUES (?, ?, ?, ?, ?)", phones)
        for id_, address in ((1, "home"), (2, "work")):
            connection.execute(
                "INSERT INTO account (id, provider, address, settings, cursor, state)"
                " VALUES (?, 'memory', ?, ?, '9', '')",
                (id_, address, '{"write": true}'),
            )
        left = json.loads(contact_text(WORK)) | {"left": {"job_title": mark("Local"), "phones": mark("anything")}}
        remote = [
            (1, "ada", 1, 1, contact_text(HOME)), (2, "ada", 1, 0, json.dumps(left)),
            *((1, f"office{n}", 2, 1, contact_text(Contact(name=one))) for n, one in enumerate(("Ann", "Ben", "Eve"))),
            (1, "cleo1", 3, 1, contact_text(Contact(name="Cleo"))), (1, "cleo2", 3, 1, contact_text(Contact(name="C"))),
        ]  # fmt: skip
        connection.executemany(
            "INSERT INTO remote (account_id, remote_id, contact_id, created_here, etag, base)"
            " VALUES (?, ?, ?, ?, 'e', ?)",
            remote,
        )
        connection.execute("INSERT INTO operation (id, kind) VALUES (1, 'merge')")
        connection.execute(
            "INSERT INTO journal_value (operation_id, field, contact_id, old, new)"
            " VALUES (1, 'source 1 cleo2', 9, '9', '3')"
        )
        connection.execute("UPDATE counter SET value = 100 WHERE name IN ('contact', 'operation', 'account')")
        connection.commit()


async def test_what_is_only_here_or_elsewhere_is_not_sent_and_an_edit_is(settings: Settings) -> None:
    assert settings.sqlite_path
    older(settings.sqlite_path)
    async with await Book.open(settings) as book:
        ours = await book.contact(1)
        bases = {one.account: Base.of(one.base) for one in await book.accounts.links([1])}
        home, work = bases["memory:home"], bases["memory:work"]
        fields = ("name", "emails", "phones", "company", "notes", "job_title")
        assert {name for name, _ in home.edits(ours, fields)} == {"phones", "company", "job_title"}
        assert work.edits(ours, fields) == {("company", None)}
        assert home.said == HOME
        assert work.said == WORK


async def test_people_of_one_account_part_again_and_what_the_user_merged_stays(settings: Settings) -> None:
    assert settings.sqlite_path
    older(settings.sqlite_path)
    async with await Book.open(settings) as book:
        account = await book.accounts.named("memory:home")
        assert account.cursor is None
        assert {one.remote_id for one in await book.accounts.links([2])} == {"office0"}
        assert {one.remote_id for one in await book.accounts.links([3])} == {"cleo1", "cleo2"}
        source = MemorySource()
        source.put(HOME, "ada")
        for number, name in enumerate(("Ann", "Ben", "Eve")):
            source.put(Contact(name=name, emails=(Email("office@example.org"),)), f"office{number}")
        source.put(Contact(name="Cleo"), "cleo1")
        source.put(Contact(name="C"), "cleo2")
        events = [one async for one in sync(book, account, MemoryProvider(Setup(Tokens()), source), dry_run=True)]
        assert isinstance(events[-1], Ended)
        assert events[-1].report.created == 2
        assert {one.kind for one in events[-1].report.writes} == {"merge", "update"}
