"""What a source said, what the user did and what is shown become three things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from coterie.core.base import LISTS, Base, Value
from coterie.core.fields.attributes import ATTRIBUTES
from coterie.core.fields.codec import decode
from coterie.core.model import Contact, Email, Phone

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Row = Any
# The columns of those days: what came later is not there yet.
_TEXTS = (
    "name", "prefix", "given_name", "additional_names", "family_name", "suffix", "nickname",
    "company", "department", "job_title", "notes", "birthday",
)  # fmt: skip
_LISTS = ("addresses", "urls", "custom")


def upgrade() -> None:
    """Records of what has departed, the names of groups at the last sync, and bases that tell whose a value is."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("account", sa.Column("group_names", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "departed",
        sa.Column("account_id", number, autoincrement=False, nullable=False),
        sa.Column("remote_id", text, nullable=False),
        sa.Column("contact_id", number, server_default=sa.text("0"), nullable=False),
        sa.Column("base", sa.Text(), server_default="", nullable=False),
        sa.Column("raw", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("account_id", "remote_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("departed_contact", "departed", ["contact_id"])
    _part_those_of_one_account()
    for links in _linked():
        _tell_whose(links)


def _part_those_of_one_account() -> None:
    """Contacts of one account that became one here, unasked, for an address that they share, are read again as two.

    What the user has merged stays merged.
    """
    bind = op.get_bind()
    moved = {
        field.split(" ", 1)[1]: old
        for field, old in bind.execute(
            sa.text(
                "SELECT j.field, j.old FROM journal_value j JOIN operation o ON o.id = j.operation_id"
                " WHERE j.field LIKE 'source %' AND o.undone_at IS NULL ORDER BY o.id DESC"
            )
        )
    }
    kept: set[tuple[int, int, str]] = set()
    rows = bind.execute(
        sa.text(
            "SELECT account_id, remote_id, contact_id FROM remote WHERE contact_id IN (SELECT contact_id FROM remote"
            " WHERE contact_id IS NOT NULL GROUP BY account_id, contact_id HAVING COUNT(*) > 1)"
            " ORDER BY created_here DESC, remote_id"
        )
    )
    for account_id, remote_id, contact_id in rows.fetchall():
        key = (account_id, contact_id, moved.get(f"{account_id} {remote_id}", str(contact_id)))
        if key not in kept:
            kept.add(key)
            continue
        of_link = {"account": account_id, "remote": remote_id}
        for table in ("remote", "conflict"):
            bind.execute(sa.text(f"DELETE FROM {table} WHERE account_id = :account AND remote_id = :remote"), of_link)
        bind.execute(sa.text("UPDATE account SET cursor = NULL WHERE id = :account"), {"account": account_id})


def _linked() -> Iterator[list[Row]]:
    """The links of each contact that has several, or one in which something was left different."""
    rows = op.get_bind().execute(
        sa.text(
            "SELECT contact_id, account_id, remote_id, base FROM remote WHERE contact_id IN (SELECT contact_id"
            " FROM remote WHERE contact_id IS NOT NULL GROUP BY contact_id"
            " HAVING COUNT(*) > 1 OR MAX(CASE WHEN base LIKE '%\"left\":%' THEN 1 ELSE 0 END) = 1) ORDER BY contact_id"
        )
    )
    by_contact: dict[int, list[Row]] = defaultdict(list)
    for row in rows.fetchall():
        by_contact[row[0]].append(row)
    yield from by_contact.values()


def _tell_whose(links: list[Row]) -> None:
    """Write the bases of a contact's links anew: what another account says is that one's.

    What else was left different stays so. Of a list, the older bases do not tell one entry from another: all of it
    stays.
    """
    ours = _contact(links[0][0])
    said = {(account, remote): Base.of(base) for _, account, remote, base in links if base}
    for (account, remote), base in said.items():
        others = [other.said for (whose, _), other in said.items() if whose != account]
        edits = {
            value
            for value in base.edits(ours, ATTRIBUTES)
            if not (value[0] in LISTS and value[0] in base.left)
            and not any(_say(other, value, ours) for other in others)
        }
        now = base.agreed(base.said, ours, ATTRIBUTES, edits)
        op.get_bind().execute(
            sa.text("UPDATE remote SET base = :base WHERE account_id = :account AND remote_id = :remote"),
            {"base": (now.foreign() if others else now).text(), "account": account, "remote": remote},
        )


def _say(other: Contact, value: Value, ours: Contact) -> bool:
    """Whether another account says of a value what we say."""
    return value not in Base(other).edits(ours, [value[0]])


def _contact(contact_id: int) -> Contact:
    def rows(sql: str) -> list[Row]:
        return list(op.get_bind().execute(sa.text(sql), {"id": contact_id}).fetchall())

    [(favorite, *own)] = rows(f"SELECT favorite, {', '.join((*_LISTS, *_TEXTS))} FROM contact WHERE id = :id")
    emails = rows("SELECT address, label, is_primary FROM email WHERE contact_id = :id ORDER BY position")
    phones = rows("SELECT number, label FROM phone WHERE contact_id = :id ORDER BY position")
    groups = rows(
        "SELECT g.name FROM membership m JOIN contact_group g ON g.id = m.group_id WHERE m.contact_id = :id"
        " ORDER BY g.name_key"
    )
    return Contact(
        contact_id,
        emails=tuple(Email(address, label, bool(primary)) for address, label, primary in emails),
        phones=tuple(Phone(*row) for row in phones),
        groups=tuple(row[0] for row in groups),
        favorite=favorite == 1,
        **{field: decode(field, text) for field, text in zip((*_LISTS, *_TEXTS), own, strict=True)},
    )
