"""The program in a real terminal connects, syncs, edits on both sides, undoes and disconnects, for each provider."""

from __future__ import annotations

import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coterie.core.model import Contact, Email
from coterie.core.transfer.vcard import parse_card, write_card
from tests.providers.carddav.server import PASSWORD, USER, RadicaleServer
from tests.providers.google.server import GoogleServer
from tests.providers.microsoft.server import CLIENT_ID, MicrosoftServer, login_error
from tests.tui.google_user import person, redirect_of
from tests.tui.terminal_harness import Terminal

COTERIE = [sys.executable, "-m", "coterie.tui"]
_LINK = re.compile(rb"\x1b\]8;[^;]*;(http[^\x1b]+)\x1b")
_COPIED = re.compile(rb"\x1b\]52;c;([^\x07\x1b]*)")
ADA = Contact(name="Ada King", given_name="Ada", family_name="King", emails=(Email("ada.king@example.org"),))
BOB = Contact(name="Bob Moore", given_name="Bob", family_name="Moore", emails=(Email("bob@example.org"),))


class Side:
    """One provider as its user sees it: the server, and how one signs in to it in the dialog.

    Attributes:
        label: what the screen calls the provider.
        account: the name that its account gets.
        settings: environment variables that lead to the local server.
    """

    label: str
    account: str
    settings: dict[str, str]
    server: AbstractContextManager[Any]
    asks_to_write = True

    def sign_in(self, terminal: Terminal) -> None:
        raise NotImplementedError

    def put(self, contact: Contact, remote_id: str = "") -> str:
        """Create or change a contact there; its id."""
        raise NotImplementedError

    def company(self, remote_id: str) -> str:
        """The company of a contact there."""
        raise NotImplementedError


class Google(Side):
    label, account = "Google Contacts", "google:ada@example.org"

    def __init__(self, folder: Path) -> None:
        self.server = self.google = GoogleServer()
        self.google.address = "ada@example.org"
        self.settings = {
            "COTERIE_GOOGLE__ENDPOINT": self.google.url,
            "COTERIE_GOOGLE__CLIENT_SECRETS": self.google.client_file(folder),
        }

    def sign_in(self, terminal: Terminal) -> None:
        terminal.wait_for("Copy the address").wait_for("10 minutes left")
        link = _LINK.findall(bytes(terminal.written))[-1].decode()
        terminal.press("y").wait_for("Copied the address.")
        assert b64decode(_COPIED.findall(bytes(terminal.written))[-1]).decode() == link
        assert link.startswith(self.google.url)
        terminal.paste("http://127.0.0.1:1/?code=1&state=another").wait_for("another sign-in")
        terminal.paste(redirect_of(link))

    def put(self, contact: Contact, remote_id: str = "") -> str:
        fields: dict[str, object] = {}
        if contact.company:
            fields["organizations"] = [{"name": contact.company}]
        if contact.notes:
            fields["biographies"] = [{"value": contact.notes}]
        return self.google.put(person(contact.name, contact.email, **fields), remote_id)

    def company(self, remote_id: str) -> str:
        return (self.google.people[remote_id].get("organizations") or [{}])[0].get("name", "")


class Microsoft(Side):
    label, account = "Office 365", "microsoft:ada@example.org"

    def __init__(self, folder: Path) -> None:
        self.server = self.microsoft = MicrosoftServer()
        self.microsoft.interval = 1
        self.settings = {
            "COTERIE_MICROSOFT__CLIENT_ID": CLIENT_ID,
            "COTERIE_MICROSOFT__AUTHORITY": self.microsoft.authority,
            "COTERIE_MICROSOFT__GRAPH_ENDPOINT": self.microsoft.endpoint,
        }

    def sign_in(self, terminal: Terminal) -> None:
        terminal.wait_for("A B C D 1 2 3 4").wait_for("15 minutes left")
        assert "https://microsoft.com/devicelogin" in terminal.text

    def put(self, contact: Contact, remote_id: str = "") -> str:
        card = {
            "displayName": contact.name,
            "givenName": contact.given_name,
            "surname": contact.family_name,
            "emailAddresses": [{"name": contact.name, "address": contact.email}],
            "companyName": contact.company,
            "personalNotes": contact.notes,
        }
        return self.microsoft.put(card, remote_id)

    def company(self, remote_id: str) -> str:
        return str(self.microsoft.contacts[remote_id].get("companyName") or "")


class CardDav(Side):
    label, account = "CardDAV", "carddav:ada@127.0.0.1"
    asks_to_write = False

    def __init__(self, folder: Path) -> None:
        self.server = self.radicale = RadicaleServer(folder / "radicale")
        self.settings = {}

    def sign_in(self, terminal: Terminal) -> None:
        terminal.wait_for("Server or e-mail address")
        terminal.paste(self.radicale.url).press("tab").type(USER).press("tab").type(PASSWORD)
        assert PASSWORD not in terminal.text
        terminal.press("enter")

    def put(self, contact: Contact, remote_id: str = "") -> str:
        path = remote_id or self.radicale.path(f"{contact.given_name}.vcf")
        self.radicale.put(path, write_card(replace(contact, custom={"UID": contact.given_name}), "3.0"))
        return path

    def company(self, remote_id: str) -> str:
        card = self.radicale.get(remote_id)
        return parse_card(card).company if card else ""


@pytest.fixture(params=[Google, Microsoft, CardDav], ids=lambda side: side.label)
def side(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Side]:
    (tmp_path / "radicale").mkdir()
    side: Side = request.param(tmp_path)
    with side.server:
        yield side


@pytest.fixture
def terminal(side: Side, tmp_path: Path) -> Iterator[Terminal]:
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    environment = {name: str(tmp_path / name.lower()) for name in names} | side.settings
    environment |= {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", "NO_PROXY": "127.0.0.1,localhost"}
    with Terminal(COTERIE, environment=environment, timeout=30) as terminal:
        yield terminal.wait_for("Your address book is empty")


def connect(terminal: Terminal, side: Side) -> None:
    terminal.press("s").wait_for("Where are your contacts?").wait_for(side.label)
    terminal.click_on(side.label)
    if side.label.startswith("Google"):
        terminal.wait_for("Address of the account").press("ada@example.org\r")
    side.sign_in(terminal)
    terminal.wait_for(f"{side.label} is connected").wait_for("2 contacts came from")
    terminal.press("escape").wait_gone(f"{side.label} is connected")


def back(terminal: Terminal) -> None:
    terminal.press("escape").wait_gone("Close esc")


def test_connect_sync_edit_on_both_sides_undo_disconnect(terminal: Terminal, side: Side, tmp_path: Path) -> None:
    ada, _ = side.put(ADA), side.put(BOB)
    connect(terminal, side)
    terminal.wait_for("2 new")
    back(terminal)
    terminal.wait_for("Ada King").wait_for("Bob Moore")

    # An edit here stays, an edit there arrives.
    terminal.press("g", "l", "l", "c").wait_for("Company").type("Here").press("enter").wait_for("Changed Ada King")
    side.put(replace(ADA, notes="from there", name="Ada Byron", family_name="Byron"), ada)
    terminal.press("S").wait_for("1 updated").wait_for("Ada Byron")
    assert "Here" in terminal.line_with("Ada Byron")
    assert side.company(ada) == ""
    terminal.press("u").wait_for("Ada King")

    # Writing back is switched on, and asks for the permission if there is one to give.
    terminal.press("s").wait_for("Active contacts connections").press("o").wait_for("Write back")
    terminal.press("space", "enter")
    if side.asks_to_write:
        side.sign_in(terminal)
    terminal.wait_for("Saved the options").wait_for("Your changes are written back.")
    terminal.press("s").wait_for("sent")
    assert side.company(ada) == "Here"

    # Disconnecting asks what becomes of the contacts.
    terminal.press("d").wait_for("Keep the 2 contacts").press("down").wait_for("(x) Move the 2 contacts")
    terminal.press("enter").wait_for("Nothing was done")  # what removes contacts wants its own button
    terminal.press("tab", "enter").wait_for("moved 2 contacts to the Bin").wait_for("Where are your contacts?")
    back(terminal)
    terminal.wait_for("Your address book is empty")
    assert not list(tmp_path.rglob("*.token"))
    terminal.press("q")
    assert terminal.wait_for_end() == 0


@pytest.mark.parametrize("side", [Google], indirect=True, ids=["Google"])
def test_quitting_and_leaving_do_not_wait_for_a_server_that_hangs(terminal: Terminal, side: Google) -> None:
    side.put(ADA)
    side.put(BOB)
    connect(terminal, side)
    terminal.wait_for("2 new")
    with side.google.lock:  # nothing is answered while the test holds it
        terminal.press("s").wait_for("Syncing:").press("x").wait_for("Stopped the sync of ada@example.org")
        terminal.press("s").wait_for("Syncing:")
        back(terminal)
        terminal.wait_for("↻ connecting").press("j", "space").wait_for("1 checked")
        terminal.press("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.parametrize("side", [Microsoft], indirect=True, ids=["Microsoft"])
def test_a_browser_in_place_of_the_code(terminal: Terminal, side: Microsoft) -> None:
    side.put(ADA)
    side.put(BOB)
    side.microsoft.pending = [login_error("authorization_pending", 70016)] * 50
    terminal.press("s").wait_for("Tokens are kept").settle().click_on("Office 365").wait_for("A B C D")
    terminal.press("b").wait_for("Address of the account").press("ada@example.org\r")
    terminal.wait_for("1. Open this page in your browser")
    terminal.paste(redirect_of(_LINK.findall(bytes(terminal.written))[-1].decode()))
    terminal.wait_for("Office 365 is connected").wait_for("2 contacts came from")


@pytest.mark.parametrize("side", [CardDav], indirect=True, ids=["CardDAV"])
def test_the_command_line_asks_for_the_password_unseen(side: CardDav, tmp_path: Path) -> None:
    environment = {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_STATE_HOME": str(tmp_path / "state")}
    environment |= {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    command = [
        sys.executable,
        "-m",
        "coterie.tui",
        "connect",
        "carddav",
        "--server",
        side.radicale.url,
        f"--user={USER}",
    ]
    with Terminal(command, environment=environment) as terminal:
        terminal.wait_for("Password:").settle().type(f"{PASSWORD}\r")
        terminal.wait_for(f"Signed in as {side.account.partition(':')[2]}")
        assert PASSWORD not in terminal.text
        assert terminal.wait_for_end() == 0
    refused = subprocess.run([*command, "--password=secret"], capture_output=True, text=True, check=False, timeout=60)
    assert (refused.returncode, "must not be given on the command line" in refused.stderr) == (2, True)


@pytest.mark.parametrize("side", [Google], indirect=True, ids=["Google"])
@pytest.mark.parametrize("size", ["80x24", "120x40"])
def test_the_address_is_whole_however_the_dialog_is_sized(side: Google, tmp_path: Path, size: str) -> None:
    environment = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    environment |= side.settings | {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    with Terminal(COTERIE, environment=environment, size=size) as terminal:
        terminal.wait_for("Your address book is empty").press("s").wait_for(side.label).press("enter")
        terminal.wait_for("Address of the account").press("ada@example.org\r").wait_for("ssh -L ")
        lines = [line.strip(" │") for line in terminal.lines]
        start = next(place for place, line in enumerate(lines) if line.startswith("http"))
        address = ""
        for line in lines[start:]:
            if not line or " " in line:
                break
            address += line
        [link] = {found.decode() for found in _LINK.findall(bytes(terminal.written))}
        assert address == link
