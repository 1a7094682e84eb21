"""The core is headless: what it brings in when it is imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

NEVER = {"textual", "typer", "msal", "googleapiclient", "google", "httpx2", "tui", "providers"}
LATER = {"sqlalchemy", "sqlmodel", "alembic", "asyncpg", "pydantic", "keyring", "rapidfuzz", "regex"}
"""What some uses need, but not the first screen."""


@pytest.mark.parametrize(
    "module", ["core.book", "core.sync", "core.transfer.importing", "core.transfer.export", "core.bulk"]
)
def test_the_core_brings_in_no_screen_no_network_and_nothing_slow(module: str) -> None:
    code = f"import {module}, sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(ended.stdout.split())
    assert not imported & NEVER
    assert not imported & LATER
