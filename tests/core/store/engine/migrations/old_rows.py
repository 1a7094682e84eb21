"""Contacts as rows of older schemas, which have not all columns of today."""

from __future__ import annotations

from typing import Final

from coterie.core.model import Contact
from coterie.core.store.contacts.values import CONTACT_COLUMNS, contact_row
from coterie.core.text import fold

FIRST_COLUMNS: Final = (
    "id", "state", "favorite", "sort_key", "name", "prefix", "given_name", "additional_names", "family_name", "suffix",
    "nickname", "company", "department", "job_title", "notes", "birthday", "addresses", "urls", "custom",
    "created_at", "updated_at", "deleted_at", "deleted_by", "version",
)  # fmt: skip
"""Those of the first schema."""
COLUMNS: Final = (*FIRST_COLUMNS, "family_key")
"""Those of 0005 to 0012."""
INSERT: Final = f"INSERT INTO contact ({', '.join(COLUMNS)}) VALUES ({', '.join(f':{name}' for name in COLUMNS)})"


def old_row(contact: Contact, contact_id: int, columns: tuple[str, ...] = COLUMNS) -> dict[str, object]:
    """A live contact as a row of these columns of `contact`."""
    row = dict(zip(CONTACT_COLUMNS, contact_row(contact, contact_id, 0, fold(contact.name)), strict=True))
    return {name: row[name] for name in columns}
