"""Notices: opaque, whole, and never over the status bar."""

from __future__ import annotations

import pytest
from textual.widgets._toast import Toast

from coterie.core.book import Book
from coterie.tui import notices
from tests.tui.screens.conftest import running

WORDS = "5 contacts came from ada.lovelace@example.org, and all of them are in All contacts now."


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40)], ids=str)
async def test_a_notice_is_whole_and_leaves_the_status_bar_alone(book: Book, size: tuple[int, int]) -> None:
    async with running(book, size=size) as driver:
        notices.show_until_read(driver.app, WORDS, "It is connected")
        await driver.sees("It is connected", "esc closes this.", "1 of 5")
        toast = driver.screen.query_one(Toast)
        assert driver.screen.region.contains_region(toast.region)
        assert toast.region.bottom <= size[1] - 2
        assert toast.styles.background.a == 1
        seen = " ".join(driver.text.replace("│", " ").split())
        assert all(word in seen for word in WORDS.split())
        await driver.press("escape")
        await driver.misses("It is connected")
