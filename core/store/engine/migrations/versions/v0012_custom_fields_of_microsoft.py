"""Microsoft keeps some of what was a custom field for us alone: what is here already is not sent there, unasked."""

from __future__ import annotations

import json
from dataclasses import replace

import sqlalchemy as sa
from alembic import op

from coterie.core.base import Base
from coterie.core.model import Contact

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note in the bases of Microsoft's contacts that the custom fields of ours are left as they are."""
    bind = op.get_bind()
    rows = bind.execute(
        sa.text(
            "SELECT r.account_id, r.remote_id, r.base, c.custom, (SELECT COUNT(*) FROM remote o"
            " WHERE o.contact_id = r.contact_id AND o.account_id <> r.account_id) FROM remote r"
            " JOIN account a ON a.id = r.account_id JOIN contact c ON c.id = r.contact_id"
            " WHERE a.provider = 'microsoft' AND r.base <> '' AND c.custom <> ''"
        )
    )
    for account_id, remote_id, text, custom, others in rows.fetchall():
        base = Base.of(text)
        agreed = base.agreed(base.said, Contact(custom=json.loads(custom)), ["custom"], shared=others > 0)
        now = replace(base, left={**agreed.left, **base.left})
        bind.execute(
            sa.text("UPDATE remote SET base = :base WHERE account_id = :account AND remote_id = :remote"),
            {"base": now.text(), "account": account_id, "remote": remote_id},
        )
