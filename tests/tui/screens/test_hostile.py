"""Contacts come from strangers: whatever they are called, no screen crashes, obeys them or lets their bytes through."""

from __future__ import annotations

import pytest
from textual.screen import Screen

from coterie.core.book import Book
from coterie.core.limits import LINE
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.tui.screens.all_contacts import AllContacts
from tests.tui.screens.conftest import Driver, running

EVIL = "Bob [/b] [a=1] [red]x\x1b[31m\u202emalice\x07 [@click=app.exit]y[/] =1+1"
LONG = "Long" * (LINE // 4)
HOSTILE = Contact(
    name=EVIL,
    given_name=EVIL,
    emails=(Email("bob@[/b].example", EVIL, primary=True), Email("second@example.org")),
    phones=(Phone(EVIL, EVIL),),
    company=EVIL,
    job_title=LONG,
    groups=(EVIL.replace(",", ""), "[red]Choir"),
    favorite=True,
    notes=f"{EVIL}\n{LONG}",
    birthday=EVIL,
    addresses=(Address(street=EVIL, city=EVIL, label=EVIL),),
    urls=(Url(EVIL, EVIL),),
    custom={EVIL: EVIL},
)
WIDE = Contact(name="王" * 300, company="👩‍👩‍👧‍👦" * 50, emails=(Email("wide@例え.jp"),), notes="\u0301" * 200)
NAMELESS = Contact(emails=(Email("nameless@example.org"),))


def check(driver: Driver) -> None:
    """What reaches the terminal is text without controls and overrides."""
    text = driver.text
    assert not any(sign in text for sign in ("\x1b", "\x07", "\u202e"))
    assert text.strip()


# keys, one after another; the screen is looked at after each
WALK = """
    j k l space space a enter escape e escape c escape + escape - escape C escape w escape y f o escape x escape
    M escape H escape m escape ? escape 2 3 j enter escape e escape y w escape d escape 1 d 4 enter escape
    d escape r 1 tab j tab u s escape ctrl+p escape
"""


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (160, 50)], ids=str)
async def test_a_walk_through_every_screen(book: Book, size: tuple[int, int]) -> None:
    async with running(book, people=(HOSTILE, WIDE, NAMELESS), size=size) as driver:
        await driver.until(lambda: "bob@" in driver.text or "Bob" in driver.text)
        for key in WALK.split():
            await driver.press(key)
            await driver.pilot.pause(0.02)
            check(driver)
        for _ in range(4):
            await driver.press("escape")
        assert driver.app.is_running


async def test_a_hostile_search_is_only_text(book: Book) -> None:
    async with running(book, people=(HOSTILE,)) as driver:
        await driver.press("/")
        await driver.type("[/b] [@click=app.exit]nothing")
        await driver.sees("Nothing matches")
        check(driver)
        await driver.press("escape")
        await driver.sees("1 contact")


async def test_the_sentence_about_a_hostile_contact_is_only_text(book: Book) -> None:
    async with running(book, people=(HOSTILE,)) as driver:
        await driver.press("d")
        await driver.says("Moved")
        await driver.sees("Moved Bob [/b] [a=1]")
        check(driver)
        screen: Screen[object] = driver.screen
        assert isinstance(screen, AllContacts)
