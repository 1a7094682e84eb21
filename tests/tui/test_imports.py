"""What the way to the first screen imports: no database library, no SDK, no dialog."""

from __future__ import annotations

import subprocess
import sys

SLOW = ("sqlmodel", "sqlalchemy", "pydantic", "typer", "alembic", "msal", "googleapiclient", "httpx2", "vobject",
        "phonenumbers", "rapidfuzz", "charset_normalizer", "keyring", "tui.dialogs", "tui.commandline", "providers",
        "core.transfer", "core.sync")  # fmt: skip


def test_the_first_screen_waits_for_nothing_it_does_not_show() -> None:
    program = "import sys, tui.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in loaded if name.startswith(SLOW)] == []


def test_the_first_rows_wait_for_no_textual() -> None:
    program = "import sys, core.book, tui.first_rows, tui.memory, tui.terminal.takeover; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in loaded if name.startswith(("textual", "rich.style", *SLOW))] == []
