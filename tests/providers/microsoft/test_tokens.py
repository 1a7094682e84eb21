from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest

from coterie.core.errors import (
    BadReply,
    NotEnabled,
    PermissionMissing,
    ProviderError,
    RateLimited,
    SignInNeeded,
    Unreachable,
)
from coterie.core.provider import Setup
from coterie.providers.microsoft.provider import MicrosoftProvider
from tests.imports import loaded
from tests.providers.contract import ADA, Failure, pull
from tests.providers.microsoft.conftest import Make, MicrosoftRemote, kept, polls
from tests.providers.microsoft.server import MicrosoftServer, login_error
from tests.providers.prompter import FakeUser, MemoryTokens
from tests.providers.server import PAGE, Response


async def test_the_access_token_is_used_again_by_the_next_run(remote: MicrosoftRemote, setup: Setup) -> None:
    await pull(remote.provider)
    again = MicrosoftProvider(setup)
    await pull(again)
    await again.close()
    assert polls(remote.server) == []


async def test_a_refused_access_token_is_renewed_once_and_the_newest_refresh_token_kept(
    remote: MicrosoftRemote, server: MicrosoftServer, tokens: MemoryTokens
) -> None:
    await remote.add(ADA)
    for _ in range(3):
        server.end_access_tokens()
        before = len(polls(server))
        assert (await pull(remote.provider)).names == {"Ada Lovelace"}
        assert len(polls(server)) == before + 1
        (refresh,) = server.grants
        assert refresh in kept(tokens).cache, "the server takes each refresh token once only"


async def test_a_refresh_token_is_kept_even_if_the_sync_is_cancelled(
    remote: MicrosoftRemote, server: MicrosoftServer, tokens: MemoryTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.end_access_tokens()
    saving, go_on, saved, save = asyncio.Event(), asyncio.Event(), asyncio.Event(), tokens.save

    async def slowly(secret: str) -> None:
        saving.set()
        await go_on.wait()
        await save(secret)
        saved.set()

    monkeypatch.setattr(tokens, "save", slowly)
    task = asyncio.create_task(pull(remote.provider))
    await saving.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    await saved.wait()
    (refresh,) = server.grants
    assert refresh in kept(tokens).cache


async def test_two_programs_share_the_newest_refresh_token(
    remote: MicrosoftRemote, server: MicrosoftServer, setup: Setup
) -> None:
    other = MicrosoftProvider(setup)
    for one in (remote.provider, other, remote.provider, other):
        server.end_access_tokens()
        await pull(one)
    await other.close()


async def test_an_access_token_that_lives_shortly_is_renewed_in_time(
    server: MicrosoftServer, setup: Setup, provider: Make
) -> None:
    server.lifetime = 0
    microsoft = provider(setup)
    await microsoft.sign_in(FakeUser())
    await pull(microsoft)
    await microsoft.close()
    assert len(polls(server)) > 2


async def test_a_revoked_permission_asks_to_sign_in(remote: MicrosoftRemote) -> None:
    await remote.revoke()
    with pytest.raises(SignInNeeded, match="Sign in again"):
        await pull(remote.provider)


async def test_writing_with_a_permission_to_read_asks_for_more(
    server: MicrosoftServer, setup: Setup, provider: Make
) -> None:
    await provider(replace(setup, write=False)).sign_in(FakeUser())
    microsoft = provider(setup)
    await pull(microsoft)
    with pytest.raises(PermissionMissing, match="allow changes"):
        await microsoft.create(ADA)
    assert server.contacts == {}
    await microsoft.close()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Response(500, b"oops"), Unreachable),
        (Response(503, b"busy", {"Retry-After": "7"}), RateLimited),
        (Response(429, {}), RateLimited),
        (login_error("temporarily_unavailable", 90033), Unreachable),
        (Response(200, PAGE, {"Content-Type": "text/html"}), Unreachable),
        (Response(302, b"", {"Location": "http://portal.example"}), Unreachable),
        (Response(200, b"[]"), BadReply),
        (Response(200, b"null"), BadReply),
        (Response(200, {}), BadReply),
        (Response(200, {"access_token": "x", "expires_in": "soon"}), BadReply),
        (Response(400, b"bad"), BadReply),
        (login_error("invalid_client", 7000218), NotEnabled),
    ],
    ids=lambda value: f"{value.status}-{value.body}"[:28] if isinstance(value, Response) else "",
)
async def test_a_broken_sign_in_server_does_not_sign_out(
    remote: MicrosoftRemote,
    server: MicrosoftServer,
    tokens: MemoryTokens,
    answer: Response,
    kind: type[ProviderError],
) -> None:
    before = tokens.secret
    server.end_access_tokens()
    server.token_answer = answer
    with pytest.raises(kind) as caught:
        await pull(remote.provider)
    assert caught.value.hint
    assert tokens.secret == before
    server.token_answer = None
    if not (answer.status == 400 and isinstance(answer.body, dict)):  # msal repeats those to itself for a minute
        await pull(remote.provider)


async def test_a_broken_sign_in_server_is_not_hammered(remote: MicrosoftRemote, server: MicrosoftServer) -> None:
    server.end_access_tokens()
    server.token_answer = Response(503, b"busy")
    with pytest.raises(Unreachable):
        await pull(remote.provider)
    assert len(polls(server)) == remote.provider.retry.attempts


async def test_tokens_that_cannot_be_read_ask_to_sign_in(setup: Setup, provider: Make) -> None:
    for secret in (None, "", "{}", "nonsense", "[1]", '{"scopes": [], "cache": "x"}'):
        with pytest.raises(SignInNeeded):
            await pull(provider(replace(setup, tokens=MemoryTokens(secret))))


async def test_secrets_are_in_no_log_and_no_repr(
    server: MicrosoftServer, setup: Setup, tokens: MemoryTokens, provider: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    microsoft = provider(setup)
    await microsoft.sign_in(FakeUser())
    server.end_access_tokens()
    await pull(microsoft)
    await microsoft.close()
    secrets = [*server.access, *server.grants]
    assert all(one in kept(tokens).cache for one in secrets)
    for secret in secrets:
        assert secret not in repr(kept(tokens))
        assert secret not in caplog.text


async def test_signing_out_forgets_everything(remote: MicrosoftRemote, tokens: MemoryTokens) -> None:
    await pull(remote.provider)
    await remote.provider.sign_out()
    assert tokens.secret is None
    with pytest.raises(SignInNeeded):
        await pull(remote.provider)


async def test_a_sign_in_server_that_does_not_answer_blocks_nothing(
    server: MicrosoftServer, setup: Setup, provider: Make
) -> None:
    server.fail(Failure.RESET)
    server.spared = ()
    async with asyncio.timeout(30):
        with pytest.raises(Unreachable):
            await provider(setup).sign_in(FakeUser())


def test_msal_is_not_imported_before_it_is_needed() -> None:
    assert not {"msal", "requests"} & loaded("import coterie.providers.microsoft.provider")
