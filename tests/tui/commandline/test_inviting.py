"""coterie invite and coterie invitation: with a real mail server, a real program that takes mail, and real files."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import sys
from collections.abc import Iterator
from email import message_from_bytes, policy
from ipaddress import IPv4Address
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from cryptography import x509
from icalendar import Calendar

from tests.providers.certificate import self_signed
from tests.tui.commandline.conftest import Command

PARTY = ("--title", "Summer party", "--start", "2026-12-24 18:00 Europe/Berlin", "--place", "Home")


class Server:
    """What a mail server received; it refuses addresses in `refused`."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []
        self.refused: set[str] = set()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address in self.refused:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 - as well
        self.received.append(envelope)
        return "250 OK"


def _check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"eve", b"s3cret")
    return AuthResult(success=good, handled=good)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return self_signed(tmp_path / "mail.pem", x509.IPAddress(IPv4Address("127.0.0.1")), x509.DNSName("localhost"))


@pytest.fixture
def server(certificate: Path) -> Iterator[tuple[Server, int]]:
    handler = Server()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def protocol() -> SMTP:
        return SMTP(handler, tls_context=context, require_starttls=True, authenticator=_check, auth_required=True)

    listening = asyncio.run_coroutine_threadsafe(loop.create_server(protocol, "127.0.0.1", 0), loop).result()
    try:
        yield handler, listening.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(listening.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


@pytest.fixture
def inviting(people: Command) -> Command:
    """A book with Ada, Grace and José, Bob without an address, and the user's own address."""
    people.ok("import", "-", stdin="Name,Company\nBob,Acme\n")
    people.environment |= {"COTERIE_MAIL__ADDRESS": "eve@example.org", "COTERIE_MAIL__NAME": "Eve"}
    return people


@pytest.fixture
def by_server(inviting: Command, server: tuple[Server, int], certificate: Path) -> tuple[Command, Server]:
    handler, port = server
    inviting.environment |= {
        "COTERIE_MAIL__SERVER": f"localhost:{port}", "COTERIE_MAIL__SECURITY": "starttls",
        "COTERIE_MAIL__USER": "eve", "SSL_CERT_FILE": str(certificate),
    }  # fmt: skip
    inviting.ok("mail", "password", stdin="s3cret\n")
    return inviting, handler


@pytest.fixture
def by_program(inviting: Command) -> tuple[Command, Path]:
    """A program like sendmail, which keeps its arguments and the mail."""
    program = inviting.home / "sendmail"
    log = inviting.home / "mails"
    log.mkdir()
    program.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        f"open(os.path.join({str(log)!r}, str(os.getpid())), 'w').write("
        "json.dumps([sys.argv[1:], sys.stdin.read()]))\n"
    )
    program.chmod(0o700)
    inviting.environment["COTERIE_MAIL__COMMAND"] = f"{program} -i"
    return inviting, log


def reply(uid: str, address: str, status: str, stamp: str = "20261201T101112Z") -> str:
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nDTSTAMP:{stamp}\r\nATTENDEE;PARTSTAT={status}:mailto:{address}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def test_an_invitation_goes_through_a_real_server_and_answers_come_back(by_server: tuple[Command, Server]) -> None:
    coterie, server = by_server
    result = coterie.run("invite", "group:Choir", "OR", "bob", *PARTY, "--send", "--yes", "--json")
    assert result.code == 0, result
    assert "1 contact has no e-mail address: Bob." in result.err
    sent = json.loads(result.out)
    assert [one["address"] for one in sent["invited"]] == ["ada@example.org", "grace@example.org"]
    assert [one.rcpt_tos for one in server.received] == [["ada@example.org"], ["grace@example.org"]]
    assert {one.mail_from for one in server.received} == {"eve@example.org"}
    content = server.received[0].content
    assert isinstance(content, bytes)
    message = message_from_bytes(content, policy=policy.default)
    assert message["from"] == "Eve <eve@example.org>"
    assert "grace" not in str(message)
    uid = sent["uid"]
    assert coterie.ok("invitation", "answer", "-", stdin=reply(uid, "ADA@example.org", "DECLINED")) == (
        "Ada Lovelace answered no to “Summer party”.\n"
    )
    assert coterie.names('invited:"Summer party" answered:no') == ["Ada Lovelace"]
    assert coterie.names('invited:"Summer party" answered:none') == ["Grace Hopper"]
    [listed] = coterie.json("invitation", "list")
    assert listed["answers"] == {"yes": 0, "maybe": 0, "no": 1, "none": 1}
    coterie.ok("undo", "--yes")
    assert coterie.run("list", "answered:no").code == 1


def test_whom_the_server_refuses_is_said_and_not_kept_as_invited(by_server: tuple[Command, Server]) -> None:
    coterie, server = by_server
    server.refused.add("ada@example.org")
    result = coterie.run("invite", "group:Choir", *PARTY, "--send", "--yes")
    assert result.code == 1
    assert "Not sent to ada@example.org: nobody of that name" in result.err
    assert coterie.names("has:invited") == ["Grace Hopper"]


def test_a_wrong_password_is_said_and_stands_nowhere(by_server: tuple[Command, Server]) -> None:
    coterie, server = by_server
    coterie.ok("mail", "password", stdin="wr0ng\n")
    result = coterie.run("invite", "ada", *PARTY, "--send", "--yes")
    assert (result.code, server.received) == (4, [])
    assert "refused the password of eve" in result.err
    assert "wr0ng" not in result.err
    assert coterie.run("list", "has:invited").code == 1


def test_a_server_that_nobody_vouches_for_gets_nothing(by_server: tuple[Command, Server]) -> None:
    coterie, server = by_server
    del coterie.environment["SSL_CERT_FILE"]
    result = coterie.run("invite", "ada", *PARTY, "--send", "--yes")
    assert (result.code, server.received) == (5, [])
    assert "cannot be reached" in result.err


def test_no_password_goes_to_another_computer_unencrypted(inviting: Command) -> None:
    inviting.environment |= {
        "COTERIE_MAIL__SERVER": "mail.example.org", "COTERIE_MAIL__SECURITY": "none", "COTERIE_MAIL__USER": "eve",
    }  # fmt: skip
    result = inviting.run("invite", "ada", *PARTY, "--send", "--yes")
    assert result.code == 2
    assert "unencrypted" in result.err


def test_a_program_gets_addresses_behind_all_options(by_program: tuple[Command, Path]) -> None:
    coterie, log = by_program
    coterie.ok("add", "--name", "-oQ$(touch x)", "--email", "-oQ/tmp@example.org")
    coterie.ok("invite", "oQ", *PARTY, "--send", "--yes")
    [mail] = log.iterdir()
    arguments, content = json.loads(mail.read_text())
    assert arguments == ["-i", "-f", "eve@example.org", "--", "-oQ/tmp@example.org"]
    assert "\r" not in content
    assert message_from_bytes(content.encode(), policy=policy.default)["subject"] == "Invitation: Summer party"
    assert not (coterie.home / "x").exists()


@pytest.mark.parametrize("command", ["/nowhere/sendmail", "false", "", "'"])
def test_a_program_that_fails_is_said_and_nobody_is_invited(inviting: Command, command: str) -> None:
    inviting.environment["COTERIE_MAIL__COMMAND"] = command or " "
    result = inviting.run("invite", "ada", *PARTY, "--send", "--yes")
    assert result.code in {2, 5}
    assert result.err.startswith("coterie: ")
    assert inviting.run("list", "has:invited").code == 1


def test_what_is_sent_again_is_the_same_event(inviting: Command) -> None:
    inviting.ok("invite", "ada", *PARTY, "--ics", "one.ics")
    first = Calendar.from_ical((inviting.home / "one.ics").read_bytes()).walk("VEVENT")[0]
    inviting.ok("invitation", "answer", "-", stdin=reply(str(first["uid"]), "ada@example.org", "ACCEPTED"))
    [listed] = inviting.json("invitation", "list")
    result = inviting.run("invite", "--again", str(listed["number"]), "--place", "Garden", "--ics", "two.ics")
    assert "to “Summer party” again" in result.err
    second = Calendar.from_ical((inviting.home / "two.ics").read_bytes()).walk("VEVENT")[0]
    assert (second["uid"], first["sequence"], second["sequence"]) == (first["uid"], 0, 1)
    assert (second["location"], second["attendee"]) == ("Garden", "mailto:ada@example.org")
    assert inviting.names("answered:yes") == ["Ada Lovelace"]
    inviting.ok(
        "invite", "--again", str(listed["number"]), "--start", "2026-12-25 18:00 Europe/Berlin", "--ics", "x.ics"
    )
    assert inviting.names("answered:none") == ["Ada Lovelace"]
    inviting.ok("invite", "grace", *PARTY[:2], "--start", "2026-12-25 18:00 Europe/Berlin", "--ics", "y.ics")
    assert len(inviting.json("invitation", "list")) == 1, "the same title at the same time is the same event"


def test_mails_are_written_into_a_folder(inviting: Command) -> None:
    inviting.ok("invite", "group:Choir", *PARTY, "--eml", "out")
    found = sorted((inviting.home / "out").iterdir())
    assert [one.name for one in found] == ["invitation-0001.eml", "invitation-0002.eml"]
    assert message_from_bytes(found[1].read_bytes(), policy=policy.default)["to"] == "Grace Hopper <grace@example.org>"
    assert found[0].stat().st_mode & 0o077 == 0
    inviting.ok("invite", "ada", *PARTY, "--eml", "out")
    assert len(list((inviting.home / "out").iterdir())) == 3, "what was saved before stays"


def test_a_dry_run_shows_who_would_be_invited_and_keeps_nothing(inviting: Command) -> None:
    result = inviting.run("invite", "group:Choir", *PARTY, "--dry-run")
    assert result.code == 0
    assert "Thursday 24 December 2026, 18:00 to 19:00 (Europe/Berlin)" in result.out
    assert "grace@example.org" in result.out
    assert inviting.run("list", "has:invited").code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ada", *PARTY], "--send, or --ics"),
        (["ada", *PARTY, "--send", "--ics", "x"], "--send, or --ics"),
        (["ada", "--start", "2026-12-24", "--dry-run"], "no title"),
        (["ada", "--title", "x", "--start", "soon", "--dry-run"], "“soon” is not a day"),
        ([*PARTY, "--dry-run"], "Say which contacts"),
    ],
)
def test_what_is_wrong_is_said(inviting: Command, arguments: list[str], said: str) -> None:
    result = inviting.run("invite", *arguments)
    assert result.code == 2
    assert said in result.err


def test_who_invites_must_be_known(people: Command) -> None:
    result = people.run("invite", "ada", *PARTY, "--dry-run")
    assert result.code == 2
    assert "which address is yours" in result.err


def test_answers_of_strangers_are_said_and_add_nobody(inviting: Command) -> None:
    before = inviting.json("list")
    result = inviting.run("invitation", "answer", "-", stdin=reply("unknown", "mallory@evil.example", "ACCEPTED"))
    assert result.code == 1
    assert "mallory@evil.example" in result.err
    assert inviting.json("list") == before
    result = inviting.run("invitation", "answer", "-", stdin="Subject: hello\n\nhello\n")
    assert result.code == 1
    assert "no answer" in result.err


def test_the_throw_away_book_sends_nothing(inviting: Command) -> None:
    result = inviting.run("--demo", "invite", "is:favorite", *PARTY, "--send", "--yes")
    assert result.code == 2
    assert "throw-away" in result.err


def test_a_restricted_account_starts_no_program_and_stays_in_its_folder(inviting: Command) -> None:
    config = inviting.home / ".config" / "coterie" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[mail]\naddress = "eve@example.org"\ncommand = "touch started"\n')
    for name in ("COTERIE_MAIL__ADDRESS", "COTERIE_MAIL__NAME"):
        del inviting.environment[name]
    inviting.restrict()
    result = inviting.run("invite", "ada", *PARTY, "--send", "--yes")
    assert result.code == 2
    assert "restricted" in result.err
    assert inviting.run("invite", "ada", *PARTY, "--eml", "/tmp/out").code == 1
    inviting.ok("invite", "ada", *PARTY, "--eml", "out")
    assert re.match(r"From: ", next((inviting.data / "coterie" / "files" / "out").iterdir()).read_text())
