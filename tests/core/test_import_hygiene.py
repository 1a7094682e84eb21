"""The core is headless: what it brings in when it is imported."""

from __future__ import annotations

import pytest

from tests.imports import loaded

NEVER = {"textual", "typer", "msal", "googleapiclient", "google", "httpx2", "coterie.tui", "coterie.providers"}
LATER = {"sqlalchemy", "sqlmodel", "alembic", "asyncpg", "pydantic", "keyring", "rapidfuzz", "regex"}
"""What some uses need, but not the first screen."""


@pytest.mark.parametrize(
    "module", ["core.book", "core.sync", "core.transfer.importing", "core.transfer.export", "core.bulk"]
)
def test_the_core_brings_in_no_screen_no_network_and_nothing_slow(module: str) -> None:
    imported = {part for name in loaded(f"import coterie.{module}") for part in (name.partition(".")[0], name)}
    assert not imported & NEVER
    assert not imported & LATER
