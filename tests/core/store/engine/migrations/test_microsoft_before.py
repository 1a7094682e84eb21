"""Books of before Microsoft kept custom fields: what is here already, from elsewhere or the user, is not sent there."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from coterie.core.base import Base, contact_text
from coterie.core.book import Book
from coterie.core.changes import Edit, Plan
from coterie.core.model import Contact
from coterie.core.settings import Settings
from coterie.core.store.engine.migrations import migrate_sqlite
from coterie.providers.microsoft.writing import KEPT
from tests.core.store.engine.migrations.old_rows import INSERT, old_row

BEFORE = "0011"
OURS = Contact(name="Ada", company="Edited", custom={"Spouse": "William", "Shoe size": "38"})
SAID = Contact(name="Ada")


def older(path: Path) -> None:
    """Ada came from Google and is known to Microsoft, too; Bea is known to Microsoft alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    migrate_sqlite(path, BEFORE)
    with closing(sqlite3.connect(path)) as connection:
        for id_ in (1, 2):
            connection.execute(INSERT, old_row(OURS, id_))
        for id_, provider in ((1, "google"), (2, "microsoft")):
            connection.execute(
                "INSERT INTO account (id, provider, address, settings, cursor, state)"
                " VALUES (?, ?, 'a', '{}', '9', '')",
                (id_, provider),
            )
        left = json.loads(contact_text(SAID)) | {"left": {"company": ["1"]}}
        connection.executemany(
            "INSERT INTO remote (account_id, remote_id, contact_id, created_here, etag, base)"
            " VALUES (?, ?, ?, 1, 'e', ?)",
            [(1, "g", 1, contact_text(OURS)), (2, "m1", 1, json.dumps(left)), (2, "m2", 2, contact_text(SAID))],
        )
        connection.execute("UPDATE counter SET value = 100 WHERE name IN ('contact', 'operation', 'account')")
        connection.commit()


async def test_custom_fields_of_before_are_not_sent_until_they_are_changed(settings: Settings) -> None:
    assert settings.sqlite_path
    older(settings.sqlite_path)
    async with await Book.open(settings) as book:
        bases = {one.remote_id: Base.of(one.base) for one in await book.accounts.links([1, 2])}
        ours = await book.contact(1)
        assert bases["m1"].edits(ours, KEPT) == set()
        assert bases["m2"].edits(await book.contact(2), KEPT) == {("company", None)}
        assert bases["m1"].said == bases["m2"].said == SAID
        await book.apply(Plan("edit", "Edit", [Edit(2, {"custom": {"Spouse": "Bob"}}, ours.version)]))
        assert ("custom", "Spouse") in bases["m2"].edits(await book.contact(2), KEPT)
