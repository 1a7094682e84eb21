from __future__ import annotations

import asyncio
import json
import logging
import os
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from coterie.core.errors import (
    BadReply,
    CannotOpen,
    CoterieError,
    NotEnabled,
    PermissionMissing,
    ProviderError,
    SignInNeeded,
    Unreachable,
)
from coterie.core.provider import Setup
from coterie.core.sign_in import OpenUrl
from coterie.providers import load
from coterie.providers.google.client import read_client
from coterie.providers.google.provider import GoogleProvider
from coterie.providers.google.tokens import Permission
from coterie.providers.retry import Retry
from tests.providers.contract import ADA, pull
from tests.providers.google.conftest import GoogleRemote
from tests.providers.google.server import READ, WRITE, GoogleServer
from tests.providers.prompter import FakeUser, MemoryTokens
from tests.providers.server import PAGE, Response


async def visit(page: OpenUrl) -> None:
    """What a browser on this machine does with the page."""
    async with httpx2.AsyncClient(follow_redirects=True, trust_env=False) as browser:
        await browser.get(page.url)


async def could_not_open(page: OpenUrl) -> str:
    """What the user pastes from a browser on another machine: the address it could not open."""
    async with httpx2.AsyncClient(trust_env=False) as browser:
        location: str = (await browser.get(page.url)).headers["location"]
        return location


def provider(setup: Setup) -> GoogleProvider:
    async def sleep(_seconds: float) -> None:
        return

    made = load("google")(setup)
    assert isinstance(made, GoogleProvider)
    made.retry = Retry(sleep=sleep)
    return made


class Surfer(FakeUser):
    """Lets the browser do everything, as soon as the page is shown."""

    async def open_url(self, page: OpenUrl) -> str:
        self.visit = asyncio.create_task(visit(page))
        return await super().open_url(page)


async def test_signing_in_through_the_loopback_listener(
    server: GoogleServer, setup: Setup, tokens: MemoryTokens
) -> None:
    user = Surfer({"address": "ada@example.org"})
    google = provider(replace(setup, write=False))
    assert (await google.sign_in(user)).address == "ada@example.org"
    await user.visit
    (page,) = user.pages
    query = httpx2.URL(page.url).params
    assert page.url.startswith(server.url + "/auth?")
    assert (query["scope"], query["access_type"], query["code_challenge_method"]) == (READ, "offline", "S256")
    assert "consent" in query["prompt"]
    port = httpx2.URL(query["redirect_uri"]).port
    assert query["redirect_uri"].startswith("http://127.0.0.1:")
    assert page.ssh_forward.startswith(f"ssh -L {port}:127.0.0.1:{port} ")
    assert tokens.secret is not None
    assert Permission.from_text(tokens.secret).scopes == (READ,)
    server.put({"names": [{"displayName": "Grace"}]})
    assert (await pull(google)).names == {"Grace"}
    await google.close()


async def test_pasting_what_the_browser_could_not_open(setup: Setup, tokens: MemoryTokens) -> None:
    user = FakeUser({"address": "ada@example.org"}, browse=could_not_open)
    assert (await provider(setup).sign_in(user)).address == "ada@example.org"
    assert tokens.secret is not None
    assert Permission.from_text(tokens.secret).scopes == (WRITE,)


async def test_the_address_is_asked_before_the_browser_and_suggested_there(setup: Setup) -> None:
    user = FakeUser({"address": "ada@example.org"})
    asked: list[list[str]] = []

    async def browse(page: OpenUrl) -> str:
        asked.append(list(user.asked))
        return await could_not_open(page)

    user.browse = browse
    identity = await provider(setup).sign_in(user)
    assert (identity.address, identity.person) == ("ada@example.org", "people/1001")
    assert asked == [["address"]]
    assert httpx2.URL(user.pages[0].url).params["login_hint"] == "ada@example.org"


async def test_an_address_that_was_given_is_not_asked_for(server: GoogleServer, setup: Setup) -> None:
    server.address = "ada@example.org"
    user = FakeUser(browse=could_not_open)
    given = replace(setup, settings={**setup.settings, "address": "Ada@example.org"})
    assert (await provider(given).sign_in(user)).address == "Ada@example.org"
    assert user.asked == []
    assert httpx2.URL(user.pages[0].url).params["login_hint"] == "Ada@example.org"


async def test_who_leaves_the_address_empty_takes_what_google_tells(server: GoogleServer, setup: Setup) -> None:
    server.address = "told@example.org"
    user = FakeUser(browse=could_not_open)
    assert (await provider(setup).sign_in(user)).address == "told@example.org"
    assert user.asked == ["address"]
    assert "login_hint" not in httpx2.URL(user.pages[0].url).params


async def test_another_account_than_the_one_that_was_named_is_refused(
    server: GoogleServer, setup: Setup, tokens: MemoryTokens
) -> None:
    server.address = "bob@example.org"
    with pytest.raises(SignInNeeded, match=r"You signed in as bob@example\.org, not as ada@example\.org"):
        await provider(setup).sign_in(FakeUser({"address": "ada@example.org"}, browse=could_not_open))
    assert tokens.secret is None


async def test_signing_in_again_to_the_same_account_asks_nothing(setup: Setup) -> None:
    await provider(setup).sign_in(FakeUser({"address": "ada@example.org"}, browse=could_not_open))
    user = FakeUser(browse=could_not_open)
    assert (await provider(setup).sign_in(user)).address == "ada@example.org"
    assert user.asked == []
    assert "login_hint=ada%40example.org" in user.pages[0].url


async def test_an_address_that_google_has_changed_is_still_the_same_account(server: GoogleServer, setup: Setup) -> None:
    await provider(setup).sign_in(FakeUser({"address": "ada@example.org"}, browse=could_not_open))
    server.address = "ada.king@example.org"
    assert (await provider(setup).sign_in(FakeUser(browse=could_not_open))).address == "ada@example.org"


async def test_an_account_without_an_address_is_named_by_its_profile(setup: Setup) -> None:
    user = FakeUser({"address": ""}, browse=could_not_open)
    assert (await provider(setup).sign_in(user)).address == "1001@google"


async def test_refusing_keeps_nothing(server: GoogleServer, setup: Setup, tokens: MemoryTokens) -> None:
    server.allow = False
    with pytest.raises(PermissionMissing):
        await provider(setup).sign_in(FakeUser(browse=could_not_open))
    assert tokens.secret is None


async def test_an_unticked_box_is_noticed(server: GoogleServer, setup: Setup, tokens: MemoryTokens) -> None:
    for granted in (READ, "openid https://www.googleapis.com/auth/userinfo.email"):
        server.grant_scope = granted
        with pytest.raises(PermissionMissing, match="see and change"):
            await provider(setup).sign_in(FakeUser(browse=could_not_open))
    assert tokens.secret is None


async def test_an_api_that_is_not_enabled_is_named_with_its_link(server: GoogleServer, setup: Setup) -> None:
    server.enabled = False
    with pytest.raises(NotEnabled) as caught:
        await provider(setup).sign_in(FakeUser(browse=could_not_open))
    assert (
        "https://console.developers.google.com/apis/api/people.googleapis.com/overview?project=42 " in caught.value.hint
    )


async def test_cancelling_stops_everything(server: GoogleServer, setup: Setup, tokens: MemoryTokens) -> None:
    shown = asyncio.Event()

    async def browse(_page: OpenUrl) -> None:
        shown.set()

    user = FakeUser(browse=browse)
    task = asyncio.create_task(provider(setup).sign_in(user))
    await shown.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert user.cancelled
    assert tokens.secret is None
    assert server.requests == []


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Response(400, {"error": "invalid_grant"}), SignInNeeded),
        (Response(401, {"error": "invalid_client"}), NotEnabled),
        (Response(200, PAGE, {"Content-Type": "text/html"}), BadReply),
        (Response(200, {}), BadReply),
        (Response(200, b"{"), BadReply),
        (Response(500, b"oops"), BadReply),
    ],
)
async def test_a_token_end_point_that_fails(
    server: GoogleServer, setup: Setup, tokens: MemoryTokens, answer: Response, kind: type[CoterieError]
) -> None:
    server.token_answer = answer
    with pytest.raises(kind):
        await provider(setup).sign_in(FakeUser(browse=could_not_open))
    assert tokens.secret is None


async def test_signing_in_leaves_no_trace_in_the_environment_or_in_logs(
    setup: Setup, tokens: MemoryTokens, caplog: pytest.LogCaptureFixture
) -> None:
    before = dict(os.environ)
    caplog.set_level(logging.DEBUG)
    await provider(setup).sign_in(FakeUser(browse=could_not_open))
    assert os.environ == before
    assert tokens.secret is not None
    permission = Permission.from_text(tokens.secret)
    for secret in (permission.refresh_token, permission.access_token, permission.client.client_secret):
        assert secret
        assert secret not in repr(permission)
        assert secret not in caplog.text


# The OAuth client -----------------------------------------------------------------------------------------------------


@pytest.fixture
def client_text(setup: Setup) -> str:
    return Path(setup.settings["client_secrets"]).read_text()


async def test_a_first_timer_is_led_through_getting_a_client(setup: Setup, client_text: str) -> None:
    bare = replace(setup, settings={"endpoint": setup.settings["endpoint"]})
    user = FakeUser({"client_secrets": client_text, "address": "ada@example.org"}, browse=could_not_open)
    google = provider(bare)
    await google.sign_in(user)
    assert user.asked == ["client_secrets", "address"]
    assert (await pull(google)).changed == {}, "the client is kept with the tokens"
    await google.close()
    again = FakeUser(browse=could_not_open)
    await provider(bare).sign_in(again)
    assert again.asked == []


async def test_without_a_client_nothing_can_be_done(setup: Setup) -> None:
    with pytest.raises(CannotOpen, match=r"google\.client_secrets"):
        await provider(replace(setup, settings={})).sign_in(FakeUser())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON"),
        ("[]", "no OAuth client"),
        ('{"web": {}}', "web apps"),
        ('{"installed": {"client_id": "x"}}', "auth_uri"),
        (
            json.dumps({"installed": {"client_id": "x", "auth_uri": "https://a", "token_uri": "http://evil.example"}}),
            "not an https address",
        ),
    ],
)
def test_an_unusable_client_is_explained(text: str, says: str) -> None:
    with pytest.raises(CannotOpen, match=says):
        read_client(text, "client.json")


async def test_a_missing_client_file_is_named(setup: Setup, tmp_path: Path) -> None:
    settings = {**setup.settings, "client_secrets": str(tmp_path / "none.json")}
    with pytest.raises(CannotOpen, match=r"none\.json"):
        await provider(replace(setup, settings=settings)).sign_in(FakeUser())


@pytest.mark.parametrize("text", ["x" * 300, "x\0", "company:acme"])
async def test_a_text_that_is_neither_client_nor_path_is_explained(setup: Setup, text: str) -> None:
    settings = {key: value for key, value in setup.settings.items() if key != "client_secrets"}
    with pytest.raises(CannotOpen, match="The pasted text"):
        await provider(replace(setup, settings=settings)).sign_in(FakeUser({"client_secrets": text}))


@pytest.mark.parametrize(
    "path", ["/dev/zero", "{folder}", "{folder}/pipe", "{folder}/big.json", "~nobody-here/x", "/" + "x" * 300, "/x\0"]
)
async def test_what_is_no_file_of_a_client_is_not_read(setup: Setup, tmp_path: Path, path: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "big.json").write_bytes(b" " * 2_000_000)
    settings = {**setup.settings, "client_secrets": path.format(folder=tmp_path)}
    with pytest.raises(CannotOpen, match="cannot be read"):
        await provider(replace(setup, settings=settings)).sign_in(FakeUser())


class Stopped(Exception):
    """The page was shown: that is enough."""


async def stop(_page: OpenUrl) -> str:
    raise Stopped


async def test_a_restricted_account_uses_the_administrators_client(setup: Setup) -> None:
    user = FakeUser({"address": "ada@example.org"}, browse=could_not_open)
    await provider(replace(setup, restricted=True)).sign_in(user)
    assert "client_secrets" not in user.asked
    assert user.pages[0].ssh_forward == ""  # it may forward no ports


async def test_a_restricted_account_can_paste_a_client_of_googles_own(setup: Setup) -> None:
    client = {
        "client_id": "x", "client_secret": "y", "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
    }  # fmt: skip
    user = FakeUser({"client_secrets": json.dumps({"installed": client})}, browse=stop)
    with pytest.raises(Stopped):
        await provider(Setup(MemoryTokens(), restricted=True)).sign_in(user)
    assert user.pages[0].url.startswith("https://accounts.google.com/")


async def test_a_restricted_account_names_no_file_and_no_other_server(setup: Setup, client_text: str) -> None:
    for given in (setup.settings["client_secrets"], client_text):
        user = FakeUser({"client_secrets": given}, browse=stop)
        with pytest.raises(CannotOpen, match="restricted"):
            await provider(Setup(MemoryTokens(), restricted=True)).sign_in(user)


# Afterwards -----------------------------------------------------------------------------------------------------------


async def test_an_ended_access_token_is_renewed_and_kept(
    remote: GoogleRemote, server: GoogleServer, tokens: MemoryTokens
) -> None:
    await remote.add(ADA)
    assert tokens.secret is not None
    before = Permission.from_text(tokens.secret)
    server.end_access_tokens()
    assert (await pull(remote.provider)).names == {"Ada Lovelace"}
    after = Permission.from_text(tokens.secret)
    assert after.access_token != before.access_token
    assert after.refresh_token == before.refresh_token
    assert after.expiry is not None
    assert [one.path for one in server.requests].count("/token") == 1


async def test_a_revoked_permission_explains_the_seven_days(remote: GoogleRemote, server: GoogleServer) -> None:
    server.grants.clear()
    with pytest.raises(SignInNeeded, match="7 days"):
        await pull(remote.provider)


@pytest.mark.parametrize(
    "answer",
    [
        Response(500, b"oops"),
        Response(503, {"error": "temporarily_unavailable"}),
        Response(429, {}),
        Response(200, PAGE, {"Content-Type": "text/html"}),
        Response(200, b"[]"),
        Response(200, b"null"),
        Response(200, {}),
        Response(200, {"access_token": "x", "expires_in": "soon"}),
        Response(401, {"error": "invalid_client"}),
        Response(400, b"bad"),
    ],
    ids=lambda answer: f"{answer.status}-{answer.body}"[:24],
)
async def test_a_broken_token_end_point_does_not_sign_out(
    remote: GoogleRemote, server: GoogleServer, tokens: MemoryTokens, answer: Response
) -> None:
    kept = tokens.secret
    server.end_access_tokens()
    server.token_answer = answer
    with pytest.raises(ProviderError) as caught:
        await pull(remote.provider)
    assert caught.value.hint
    assert tokens.secret == kept


async def test_offline_is_one_plain_error(remote: GoogleRemote, server: GoogleServer) -> None:
    server.__exit__(None, None, None)
    with pytest.raises(Unreachable, match="online"):
        await pull(remote.provider)


async def test_redirects_are_not_followed_with_the_permission(remote: GoogleRemote, server: GoogleServer) -> None:
    with GoogleServer() as foreign:
        server.respond = lambda _request: Response(302, b"", {"Location": foreign.url + "/v1"})  # type: ignore[assignment]
        with pytest.raises(Unreachable):
            await pull(remote.provider)
        assert foreign.requests == []


async def test_tokens_that_cannot_be_read_ask_to_sign_in(setup: Setup) -> None:
    for secret in (None, "", "{}", "nonsense", "[1]"):
        with pytest.raises(SignInNeeded):
            await pull(provider(replace(setup, tokens=MemoryTokens(secret))))


async def test_signing_out_leaves_other_machines_alone(remote: GoogleRemote, server: GoogleServer) -> None:
    await pull(remote.provider)
    before = len(server.requests)
    await remote.provider.sign_out()
    assert len(server.requests) == before, "revoking would end the grant everywhere"
