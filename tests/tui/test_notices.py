"""Every error ends as one notice in plain words."""

from __future__ import annotations

import logging
from pathlib import Path

from coterie.core.book import Book
from coterie.core.errors import BookBusy, InvalidValue
from coterie.tui.notices import Notice, notice_of
from tests.tui.screens.conftest import running


def test_our_own_errors_keep_their_words_without_what_acts_on_terminals() -> None:
    assert notice_of(InvalidValue("emails", "“x\x1b[31m” is not an e-mail address.", "Write it like a@b.")) == Notice(
        "“x [31m” is not an e-mail address.", "Write it like a@b."
    )
    assert notice_of(BookBusy("Another program is writing to the book.")).hint == ""


def test_something_unexpected_names_the_log_file_and_is_written_there(tmp_path: Path) -> None:
    file = tmp_path / "coterie.log"
    handler = logging.FileHandler(file)
    logging.getLogger().addHandler(handler)
    try:
        try:
            raise ZeroDivisionError("secret details")
        except ZeroDivisionError as error:
            notice = notice_of(error)
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
    assert str(file) in notice.hint
    assert "secret details" not in notice.title
    assert "secret details" in file.read_text()
    assert "Traceback" in file.read_text()


async def test_notices_are_whole_and_leave_the_status_bar_alone(book: Book) -> None:
    async with running(book, size=(80, 24)) as driver:
        for length in range(30, 44):
            driver.app.notify(f"{'A' * (length - 4)} END\nLAST", markup=False)
            await driver.sees("END", "LAST", "1 of 5")
            driver.app.clear_notifications()
            await driver.misses("LAST")
