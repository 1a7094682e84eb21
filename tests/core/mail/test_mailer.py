"""The user's own mail program gets one mail, by a draft or a link, and nothing of a stranger's is an option of it."""

from __future__ import annotations

import json
import sys
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.errors import InvalidInput
from coterie.core.mail.mailer import draft_of, hand_over, link_of, mailer_of
from coterie.core.mail.recipients import Recipient
from coterie.core.model import Contact
from tests.conftest import settings_in

PEOPLE = (
    Recipient(Contact(id=1, name="Ada"), "Ada King", "ada@example.org"),
    Recipient(Contact(id=2, name="Bob"), "Bob, Jr", "bob+x@example.org"),
)


def program(folder: Path, name: str) -> Path:
    """A mail program that keeps its words, and the draft that it is given."""
    path = folder / name
    path.write_text(
        f"#!{sys.executable}\nimport json, sys\nwords = sys.argv[1:]\n"
        "draft = open(words[1]).read() if words[0] == '-H' else ''\n"
        f"json.dump([words, draft], open({str(folder / 'got')!r}, 'w'))\n"
        "sys.exit('fail' in words)\n"
    )
    path.chmod(0o700)
    return path


def got(folder: Path) -> tuple[list[str], str]:
    words, draft = json.loads((folder / "got").read_text())
    return words, draft


@given(st.text(max_size=60), st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_a_link_says_what_was_typed(subject: str, text: str) -> None:
    subject = subject.encode("utf-8", "replace").decode()
    link = urlsplit(link_of(PEOPLE, "bcc", subject, text))
    fields = parse_qs(link.query, keep_blank_values=True)
    assert (link.scheme, link.path, fields["bcc"]) == ("mailto", "", ["ada@example.org,bob+x@example.org"])
    expected = text.replace("\r\n", "\n").replace("\r", "\n")
    assert fields.get("body", [""])[0] == expected.replace("\n", "\r\n")


def test_a_link_to_people_has_them_first() -> None:
    assert link_of(PEOPLE, "to", "", "") == "mailto:ada@example.org,bob%2Bx@example.org"
    assert link_of(PEOPLE[:1], "cc", "A & B", "") == "mailto:?cc=ada@example.org&subject=A%20%26%20B"


def test_a_draft_has_all_recipients_and_no_sender() -> None:
    draft = message_from_bytes(draft_of(PEOPLE, "bcc", "Grüße\nX: y", "Hello\n"), policy=policy.default)
    assert (draft["bcc"], draft["subject"]) == (
        'Ada King <ada@example.org>, "Bob, Jr" <bob+x@example.org>',
        "Grüße X: y",
    )
    assert draft["from"] is None
    assert draft.get_content() == "Hello\n"


def is_there(path: str) -> bool:
    return Path(path).exists()


async def test_mutt_gets_a_draft_and_others_a_link(tmp_path: Path) -> None:
    await hand_over([str(program(tmp_path, "mutt"))], PEOPLE, "bcc", "Hi", "Text")
    words, draft = got(tmp_path)
    assert words[0] == "-H"
    assert "Subject: Hi" in draft
    assert not is_there(words[1])
    await hand_over([str(program(tmp_path, "aerc"))], PEOPLE, "bcc", "Hi", "Text")
    assert got(tmp_path)[0] == [link_of(PEOPLE, "bcc", "Hi", "Text")]
    await hand_over([str(program(tmp_path, "other")), "--new", "%s", "--"], PEOPLE[:1], "to", "", "")
    assert got(tmp_path)[0] == ["--new", "mailto:ada@example.org", "--"]


async def test_what_cannot_be_handed_over_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be started"):
        await hand_over([str(tmp_path / "nothing")], PEOPLE, "to", "", "")
    with pytest.raises(InvalidInput, match="ended with an error"):
        await hand_over([str(program(tmp_path, "other")), "fail"], PEOPLE, "to", "", "")
    with pytest.raises(InvalidInput, match="one mail for all"):
        await hand_over(["mutt"], PEOPLE, "to", "", "Dear {given_name}")
    with pytest.raises(InvalidInput, match="too much for a link"):
        await hand_over(["aerc"], PEOPLE, "to", "", "x" * 200_000)


def test_which_program_it_is(tmp_path: Path) -> None:
    own = settings_in(tmp_path, mail__mailer="aerc -x 'a b'")
    assert mailer_of(own, {"MAILER": "mutt"}) == ["aerc", "-x", "a b"]
    assert mailer_of(settings_in(tmp_path), {"MAILER": "thunderbird"}) == ["thunderbird"]
    with pytest.raises(InvalidInput, match="cannot be read"):
        mailer_of(settings_in(tmp_path, mail__mailer="mutt '"))
    with pytest.raises(InvalidInput, match="restricted"):
        mailer_of(settings_in(tmp_path, restricted="true"), {"MAILER": "mutt"})
