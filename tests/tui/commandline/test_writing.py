"""coterie write: with a real program that sends, a real mail program that is opened, and real files."""

from __future__ import annotations

import json
import sys
from email import message_from_bytes, message_from_string, policy
from pathlib import Path

import pytest

from tests.tui.commandline.conftest import Command

EVERYBODY = ("group:Choir", "OR", "bob")


@pytest.fixture
def writing(people: Command) -> Command:
    """Somebody whose program like sendmail keeps its words and the mail, and whose mail program keeps its words."""
    people.ok("import", "-", stdin="Name,Company\nBob,Acme\n")
    people.environment |= {"COTERIE_MAIL__ADDRESS": "eve@example.org"}
    for name, read in (("sendmail", "sys.stdin.read()"), ("mailer", "''")):
        program = people.home / name
        kept = str(people.home / f"{name}-got")
        program.write_text(
            f"#!{sys.executable}\nimport json, sys\n"
            f"open({kept!r}, 'a').write(json.dumps([sys.argv[1:], {read}]) + '\\n')\n"
        )
        program.chmod(0o700)
    people.environment |= {
        "COTERIE_MAIL__COMMAND": str(people.home / "sendmail"), "COTERIE_MAIL__MAILER": str(people.home / "mailer"),
    }  # fmt: skip
    return people


def got(coterie: Command, name: str) -> list[tuple[list[str], str]]:
    path = coterie.home / f"{name}-got"
    lines = path.read_text().splitlines() if path.exists() else []
    return [(words, text) for words, text in map(json.loads, lines)]


def test_a_mail_goes_to_all_in_bcc(writing: Command) -> None:
    result = writing.run("write", *EVERYBODY, "--subject", "Hi", "--text", "-", "--send", "--yes", stdin="Hello\n")
    assert result.code == 0, result
    assert "1 contact has no e-mail address: Bob." in result.err
    assert "Sent a mail to 2 contacts." in result.err
    [(words, content)] = got(writing, "sendmail")
    assert words[-2:] == ["ada@example.org", "grace@example.org"]
    message = message_from_string(content, policy=policy.default)
    assert (message["subject"], message.get_content()) == ("Hi", "Hello\n")
    assert "ada@" not in content


def test_a_field_in_the_text_makes_a_mail_for_each(writing: Command) -> None:
    sent = writing.json(
        "write", *EVERYBODY, "--text", "-", "--eml", str(writing.home / "out"), stdin="Dear {given_name},\n"
    )
    assert [one["address"] for one in sent["sent"]] == ["ada@example.org", "grace@example.org"]
    assert len(sent["without_address"]) == 1
    mails = [message_from_bytes(one.read_bytes(), policy=policy.default) for one in sorted(Path(
        writing.home / "out").iterdir())]  # fmt: skip
    assert [one.get_content().strip() for one in mails] == ["Dear Ada,", "Dear Grace,"]


def test_it_is_opened_in_the_mail_program(writing: Command) -> None:
    assert writing.run("write", "ada", "--subject", "A & B", "--mailer").code == 0
    assert got(writing, "mailer") == [(["mailto:?bcc=ada@example.org&subject=A%20%26%20B"], "")]
    assert not got(writing, "sendmail")


def test_nothing_leaves_without_a_word(writing: Command) -> None:
    shown = writing.run("write", *EVERYBODY, "--dry-run", "--json")
    assert [one["address"] for one in json.loads(shown.out)["people"]] == ["ada@example.org", "grace@example.org"]
    assert writing.run("write", "ada", "--text", "-", "--send", stdin="x").code != 0  # nobody can be asked
    assert not got(writing, "sendmail")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "Say how"),
        (("--send", "--mailer"), "Say how"),
        (("--send",), "The mail has no text."),
        (("--send", "--text", "-", "--place", "up"), "--place is bcc, to or cc"),
        (("--mailer", "--text", "-"), "one mail for all"),
    ],
)
def test_what_cannot_be_done_is_said(writing: Command, options: tuple[str, ...], said: str) -> None:
    result = writing.run("write", "ada", *options, stdin="{name}")
    assert result.code == 2
    assert said in result.err
