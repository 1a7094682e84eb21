"""An index of the UIDs that contacts came with, so that an import finds them again."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UID = {
    "sqlite": "replace(lower(json_extract(custom, '$.UID')), 'urn:uuid:', '')",
    "postgresql": "replace(lower((custom::json ->> 'UID') COLLATE \"C\"), 'urn:uuid:', '')",
}


def upgrade() -> None:
    """Few contacts have one: the index holds only those."""
    uid = UID[op.get_bind().dialect.name]
    op.execute(f"CREATE INDEX contact_uid ON contact ({uid}) WHERE custom LIKE '%\"UID\"%'")
