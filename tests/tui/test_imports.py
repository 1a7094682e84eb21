"""What the way to the first screen imports: no database library, no SDK, no dialog."""

from __future__ import annotations

from tests.imports import loaded

SLOW = ("sqlmodel", "sqlalchemy", "pydantic", "typer", "alembic", "msal", "googleapiclient", "httpx2", "vobject",
        "phonenumbers", "rapidfuzz", "charset_normalizer", "keyring", *(f"coterie.{part}" for part in
        ("tui.dialogs", "tui.commandline", "providers", "core.transfer", "core.sync")))  # fmt: skip


def test_the_first_screen_waits_for_nothing_it_does_not_show() -> None:
    assert [name for name in loaded("import coterie.tui.app") if name.startswith(SLOW)] == []


def test_the_first_rows_wait_for_no_textual() -> None:
    program = (
        "import coterie.core.book, coterie.tui.memory, coterie.tui.terminal.takeover, coterie.tui.terminal.first_rows"
    )
    assert [name for name in loaded(program) if name.startswith(("textual", "rich.style", *SLOW))] == []


def test_a_completion_waits_for_no_screen() -> None:
    loads = loaded("from coterie.tui.commandline.completion import answer; from coterie.tui.commandline import app")
    assert [name for name in loads if name.startswith(("textual", "sqlalchemy", "msal", "httpx2"))] == []
