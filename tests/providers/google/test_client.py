"""What is said of a file or a text that is no OAuth client for a desktop app."""

from __future__ import annotations

import json

import pytest

from coterie.core.errors import CannotOpen
from coterie.providers.google.client import read_client

GOOD = {
    "client_id": "1-a.apps.googleusercontent.com", "project_id": "p", "client_secret": "GOCSPX-x",
    "auth_uri": "https://accounts.google.com/o/oauth2/auth", "token_uri": "https://oauth2.googleapis.com/token",
    "redirect_uris": ["http://localhost"],
}  # fmt: skip
TEXT = json.dumps({"installed": GOOD}, indent=2)


def changed(**values: object) -> str:
    return json.dumps({"installed": {**GOOD, **values}})


def test_the_file_that_google_gives_is_read() -> None:
    assert read_client(TEXT, "x").client_id == GOOD["client_id"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        (TEXT[:-1], "ends in the middle"),
        (TEXT[:80], "ends in the middle"),
        (TEXT.replace(",", ";", 1), "line 3"),
        ("1-a.apps.googleusercontent.com", "ID of a client alone"),
        ("GOCSPX-abc_d-1", "secret of a client alone"),
        ("AIza" + "x" * 35, "API key"),
        ("11111111-2222-3333-4444-555555555555", "Microsoft"),
        ("<!DOCTYPE html>\n<html>", "web page"),
        ("-----BEGIN PRIVATE KEY-----\nx", "private key"),
        (json.dumps({"web": GOOD}), "client for web apps"),
        (json.dumps({"type": "service_account", "private_key": "x"}), "service account"),
        (json.dumps({"type": "authorized_user", "client_id": "x"}), "gcloud"),
        (json.dumps(GOOD), "outer “installed”"),
        (json.dumps({"refresh_token": "x"}), "permission that somebody gave"),
        (json.dumps({"installed": []}), "no OAuth client"),
        (changed(client_secret=""), "no “client_secret”"),
        (changed(redirect_uris=["urn:ietf:wg:oauth:2.0:oob"]), "no redirect to this machine"),
        (changed(redirect_uris=[]), "no redirect to this machine"),
        (changed(redirect_uris=["http://[x"]), "no redirect to this machine"),
        (changed(auth_uri="https://[x"), "not an https address"),
        (changed(token_uri="http://evil.example/"), "not an https address"),
    ],
)
def test_what_is_wrong_with_a_client_is_said_with_what_to_do(text: str, said: str) -> None:
    with pytest.raises(CannotOpen) as refused:
        read_client(text, "The pasted text")
    assert said in str(refused.value)
    assert refused.value.hint
    assert "GOCSPX-x" not in str(refused.value)
