"""Writing to people and inviting them from the screen: what was typed leaves, and the book knows."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from email import message_from_bytes, message_from_string, policy
from pathlib import Path

import pytest
from icalendar import Calendar
from textual.widgets import Input

from coterie.core.book import Book
from coterie.core.listing import Listing
from coterie.core.secrets import NoSecrets
from coterie.core.settings import Settings
from coterie.tui.dialogs.confirm import Confirm
from coterie.tui.dialogs.writing import InviteDialog, WriteDialog
from coterie.tui.posting import Posting
from coterie.tui.screens.all_contacts import AllContacts
from coterie.tui.screens.progress import ProgressScreen
from coterie.tui.screens.write_to import WriteTo
from tests.conftest import settings_in
from tests.tui.screens.conftest import Driver, running

ADDRESSES = ["ada@example.org", "bob@example.org", "dora@example.org", "emile@example.org"]


def kept(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    folder = tmp_path / "mails"
    folder.mkdir()
    return folder


@pytest.fixture
def own(tmp_path: Path, mails: Path) -> Settings:
    """The settings of somebody whose program for mail keeps its arguments and the mail in `mails`."""
    program = tmp_path / "sendmail"
    program.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        f"open(os.path.join({str(mails)!r}, sys.argv[-1]), 'w').write(json.dumps([sys.argv[1:], sys.stdin.read()]))\n"
    )
    program.chmod(0o700)
    return settings_in(tmp_path, mail__address="eve@example.org", mail__command=str(program))


@pytest.fixture
async def posting(book: Book, own: Settings) -> AsyncIterator[Driver]:
    async with running(book, size=(80, 24)) as driver:
        driver.app.state.posting = lambda: Posting(own, NoSecrets())
        await driver.press("a", "w")
        await driver.opens(WriteTo)
        yield driver


async def test_an_invitation_is_sent_to_each_and_kept(posting: Driver, mails: Path, book: Book) -> None:
    await posting.press("i")
    await posting.opens(InviteDialog)
    await posting.sees("4 people get it. 1 contact has no e-mail address: Cleo Curie.")
    await posting.type("Summer party")
    await posting.press("tab")
    await posting.type("2026-12-24 18:00 Europe/Berlin")
    await posting.press("ctrl+s")
    await posting.opens(Confirm)
    await posting.sees("Invite to “Summer party”: 4 contacts?")
    assert not kept(mails)
    await posting.press("enter")
    await posting.says("Invited to “Summer party”: 4 contacts.")
    assert sorted(one.name for one in kept(mails)) == ADDRESSES
    assert await book.lists.count(Listing(query='invited:"summer party" answered:none')) == 4


async def test_one_calendar_for_all_is_saved_and_replaces_no_file(posting: Driver, mails: Path, book: Book) -> None:
    path = mails / "party.ics"
    path.write_text("mine")
    await posting.press("i")
    await posting.opens(InviteDialog)
    await posting.type("Summer party")
    await posting.press("tab")
    await posting.type("2026-12-24 18:00 Europe/Berlin")
    dialog = posting.app.screen
    assert isinstance(dialog, InviteDialog)
    dialog._way.choose("ics")
    dialog._path.value = str(path)
    await posting.press("ctrl+s")
    await posting.opens(Confirm)
    await posting.press("enter")
    await posting.sees("There is a file")
    assert path.read_text() == "mine"
    dialog._path.value = str(mails / "new.ics")
    await posting.press("ctrl+s")
    await posting.opens(Confirm)
    await posting.press("enter")
    await posting.opens(AllContacts)
    await posting.says("“Summer party”")
    [event] = Calendar.from_ical((mails / "new.ics").read_bytes()).walk("VEVENT")
    assert sorted(str(one).removeprefix("mailto:") for one in event["ATTENDEE"]) == ADDRESSES
    assert await book.lists.count(Listing(query='invited:"summer party"')) == 4


async def test_a_mail_goes_to_so_many_at_a_time_in_bcc(posting: Driver, mails: Path) -> None:
    await posting.press("w")
    await posting.opens(WriteDialog)
    await posting.type("Hello")
    await posting.press("tab")
    await posting.type("Dear all")
    posting.app.screen.query_one("#field-size Input", Input).value = "3"
    await posting.press("ctrl+s")
    await posting.opens(Confirm)
    await posting.sees("Mails: 2, with the addresses in Bcc.")
    await posting.press("enter")
    await posting.says("Sent a mail to 4 contacts.")
    found = [json.loads(one.read_text()) for one in kept(mails)]
    assert sorted(len(arguments) - 3 for arguments, _ in found) == [1, 3]
    for _, content in found:
        assert "ada@" not in content
        assert message_from_string(content, policy=policy.default)["subject"] == "Hello"


async def test_mails_are_saved_into_a_folder(posting: Driver, mails: Path) -> None:
    await posting.press("w")
    await posting.opens(WriteDialog)
    await posting.press("tab")
    await posting.type("Dear {name},")
    dialog = posting.app.screen
    assert isinstance(dialog, WriteDialog)
    dialog._way.choose("eml")
    dialog._path.value = str(mails / "out")
    await posting.press("ctrl+s")
    await posting.opens(Confirm)
    await posting.sees("One mail for each.")
    await posting.press("enter")
    await posting.says("Saved a mail to 4 contacts")
    [first, *others] = kept(mails / "out")
    assert len(others) == 3
    assert "Dear Ada Lovelace," in message_from_bytes(first.read_bytes(), policy=policy.default).get_content()


async def test_what_cannot_be_understood_keeps_the_form_open(posting: Driver, mails: Path) -> None:
    await posting.press("i")
    await posting.opens(InviteDialog)
    await posting.type("Party")
    await posting.press("tab")
    await posting.type("soon")
    await posting.press("ctrl+s")
    await posting.sees("“soon” is not a day and time.")
    assert isinstance(posting.app.screen, InviteDialog)
    await posting.press("escape")
    await posting.opens(Confirm)
    await posting.press("escape")
    await posting.opens(InviteDialog)
    assert not kept(mails)


async def test_who_writes_must_be_known(book: Book, tmp_path: Path) -> None:
    async with running(book) as driver:
        driver.app.state.posting = lambda: Posting(settings_in(tmp_path), NoSecrets())
        await driver.press("w")
        await driver.opens(WriteTo)
        await driver.press("i")
        await driver.opens(InviteDialog)
        await driver.type("Party")
        await driver.press("tab")
        await driver.type("2026-12-24")
        await driver.press("ctrl+s")
        await driver.sees("It is not known which address is yours.")


async def test_a_restricted_account_starts_no_program(book: Book, own: Settings, tmp_path: Path) -> None:
    restricted = settings_in(tmp_path, mail__address="eve@example.org", restricted="true")
    assert not Posting(restricted, NoSecrets()).sends
    assert Posting(own, NoSecrets()).sends
    assert not Posting(own, NoSecrets(), is_demo=True).sends
    async with running(book) as driver:
        driver.app.state.posting = lambda: Posting(restricted, NoSecrets())
        await driver.press("w")
        await driver.opens(WriteTo)
        await driver.press("w")
        await driver.opens(WriteDialog)
        await driver.sees("save the mails into a folder")
        await driver.press("escape")
        await driver.opens(AllContacts)


def hesitate(program: Path, mails: Path, begun: Path, go: Path) -> None:
    """Let the second mail make `begun`, and wait until `go` is there."""
    wait = (
        f"import time\nwhile os.listdir({str(mails)!r}) and not os.path.exists({str(go)!r}):\n"
        f"    open({str(begun)!r}, 'w').close()\n    time.sleep(0.01)\n"
    )
    program.write_text(program.read_text().replace("open(", f"{wait}open(", 1))


async def test_sending_can_be_stopped_and_says_whom_it_reached(posting: Driver, mails: Path, own: Settings) -> None:
    begun, go = mails.parent / "begun", mails.parent / "go"
    hesitate(Path(own.mail.command), mails, begun, go)
    await posting.press("w")
    await posting.opens(WriteDialog)
    await posting.press("tab")
    await posting.type("Dear {name},")
    await posting.press("ctrl+s")
    await posting.opens(Confirm)
    await posting.press("enter")
    await posting.opens(ProgressScreen)
    await posting.until(begun.exists, "the second mail to begin")
    await posting.press("escape")
    go.touch()
    await posting.opens(AllContacts)
    await posting.says("Stopped. Sent a mail to 2 contacts; the other 2 are checked.")
    assert len(kept(mails)) == 2
    assert len(posting.contacts.checks) == 2


async def test_those_without_an_address_are_listed(posting: Driver) -> None:
    await posting.press("l")
    await posting.says("Checked 1 contact without an address.")
    await posting.until(lambda: posting.contacts.row and posting.contacts.row.name == "Cleo Curie")
    assert len(posting.contacts.checks) == 1
