from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.errors import (
    BadReply,
    Conflict,
    CoterieError,
    CursorExpired,
    PermissionMissing,
    ProviderError,
    RateLimited,
    Rejected,
    SignInNeeded,
    Unreachable,
)
from coterie.providers.http import Http, Reply, failure, same_host
from coterie.providers.retry import Blocked, Broken, Nowhere, Retry, retry_after
from tests.providers.contract import PASSING, Failure
from tests.providers.server import LocalServer, Request, Response


class Echo(LocalServer):
    answers: list[Response]

    def respond(self, request: Request) -> Response:
        return self.answers.pop(0) if self.answers else Response(200, {"path": request.path})


@pytest.fixture
def server() -> Iterator[Echo]:
    with Echo() as echo:
        echo.answers = []
        yield echo


@asynccontextmanager
async def http(server: LocalServer, **options: Any) -> AsyncIterator[tuple[Http, list[float]]]:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    connection = Http("Example", server.url + "/api", retry=Retry(sleep=sleep), **options)
    try:
        yield connection, waits
    finally:
        await connection.close()


async def test_relative_addresses_are_joined_to_the_base(server: Echo) -> None:
    async with http(server) as (connection, _):
        assert await connection.json("GET", "contacts") == {"path": "/api/contacts"}


@pytest.mark.parametrize("failure", sorted(PASSING, key=attrgetter("name")))
async def test_reading_gets_over_a_passing_failure(server: Echo, failure: Failure) -> None:
    async with http(server) as (connection, waits):
        server.fail(failure, 2)
        assert await connection.json("GET", "x") == {"path": "/api/x"}
        assert len(waits) == 2


REFUSED = frozenset({Failure.RATE_LIMITED, Failure.RATE_LIMITED_SECONDS, Failure.RATE_LIMITED_DATE})


@pytest.mark.parametrize("failure", sorted(REFUSED, key=attrgetter("name")))
async def test_a_creation_that_was_refused_for_now_is_repeated(server: Echo, failure: Failure) -> None:
    async with http(server) as (connection, waits):
        server.fail(failure, 1)
        assert await connection.json("POST", "x", json={}) == {"path": "/api/x"}
        assert (len(server.requests), len(waits)) == (2, 1)


async def test_a_creation_is_repeated_after_a_503_with_retry_after_but_not_after_a_504(server: Echo) -> None:
    async with http(server) as (connection, waits):
        server.answers = [Response(503, b"", {"Retry-After": "3"})]
        await connection.json("POST", "x", json={})
        assert (len(server.requests), waits) == (2, [pytest.approx(3, abs=1)])
        server.answers = [Response(504, b"", {"Retry-After": "3"})]
        with pytest.raises(RateLimited):  # a gateway that waited in vain: it may have been done
            await connection.json("POST", "x", json={})
        assert len(server.requests) == 3


async def test_a_quota_of_a_minute_is_waited_out(server: Echo) -> None:
    async with http(server) as (connection, waits):
        server.fail(Failure.RATE_LIMITED, 6)
        await connection.json("GET", "x")
        assert len(waits) == 6
        assert sum(waits) > 60


@pytest.mark.parametrize("failure", sorted(set(Failure) - REFUSED, key=attrgetter("name")))
async def test_a_creation_is_sent_once(server: Echo, failure: Failure) -> None:
    async with http(server) as (connection, waits):
        server.fail(failure, 1)
        with pytest.raises(ProviderError):
            await connection.json("POST", "x", json={})
        assert (len(server.requests), waits) == (1, [])


async def test_a_captive_portal_is_named_and_not_asked_again(server: Echo) -> None:
    async with http(server) as (connection, _):
        server.fail(Failure.CAPTIVE_PORTAL)
        with pytest.raises(Unreachable, match="sign in"):
            await connection.json("GET", "x")
        assert len(server.requests) == 1


async def test_a_long_retry_after_is_left_to_the_caller(server: Echo) -> None:
    async with http(server) as (connection, waits):
        server.answers = [Response(429, {}, {"Retry-After": "3600"})]
        with pytest.raises(RateLimited) as caught:
            await connection.json("GET", "x")
        assert (caught.value.retry_after, waits) == (3600, [])


async def test_a_503_with_retry_after_waits_as_long(server: Echo) -> None:
    async with http(server) as (connection, waits):
        server.answers = [Response(503, b"", {"Retry-After": "12"})]
        await connection.json("GET", "x")
        assert waits == [pytest.approx(12, abs=1)]


@pytest.mark.parametrize("compressed", [False, True])
async def test_an_answer_without_end_is_not_read_to_its_end(
    server: Echo, monkeypatch: pytest.MonkeyPatch, compressed: bool
) -> None:
    monkeypatch.setattr("coterie.providers.connection.ANSWER", 100_000)
    body = b'{"x": "' + b"y" * 200_000 + b'"}'
    headers = {"Content-Encoding": "gzip"} if compressed else {}
    async with http(server) as (connection, _):
        server.answers = [Response(200, gzip.compress(body) if compressed else body, headers)] * 5
        with pytest.raises(Blocked, match="more than"):
            await connection.json("GET", "x")
        assert len(server.requests) == 1
        monkeypatch.setattr("coterie.providers.connection.ANSWER", 1_000_000)
        assert len((await connection.json("GET", "x"))["x"]) == 200_000


async def test_offline_is_unreachable() -> None:
    with Echo() as gone:
        pass
    async with http(gone) as (connection, waits):
        with pytest.raises(Unreachable, match="cannot be reached"):
            await connection.json("GET", "x")
        assert len(waits) == 3


async def test_a_proxy_is_used_but_not_for_this_machine(server: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, server.url)
    async with http(server) as (connection, _):
        await connection.json("GET", "x")
        assert server.requests[-1].headers["host"] == server.url.removeprefix("http://")
    faraway = Http("Example", "http://contacts.example/")
    assert await faraway.json("GET", "x") is not None
    assert server.requests[-1].headers["host"] == "contacts.example"
    await faraway.close()


# Permission ---------------------------------------------------------------------------------------------------------


async def test_a_401_is_answered_with_a_fresh_permission_once(server: Echo) -> None:
    asked: list[bool] = []

    async def authorize(fresh: bool) -> str:
        asked.append(fresh)
        return f"Bearer {'new' if fresh else 'old'}"

    async with http(server, authorize=authorize) as (connection, _):
        server.answers = [Response(401, {})]
        await connection.json("GET", "x", headers={"X-Kept": "yes"})
        assert asked == [False, True]
        assert [one.headers["authorization"] for one in server.requests] == ["Bearer old", "Bearer new"]
        assert all(one.headers["x-kept"] == "yes" for one in server.requests)
        server.answers = [Response(401, {}), Response(401, {})]
        with pytest.raises(SignInNeeded):
            await connection.json("GET", "x")


async def _token(_fresh: bool) -> str:
    return "Bearer secret"


async def test_links_to_another_server_are_refused_unsent(server: Echo) -> None:
    with Echo() as foreign:
        foreign.answers = []
        async with http(server, authorize=_token) as (connection, waits):
            for link in (foreign.url + "/next", foreign.url.replace("127.0.0.1", "localhost"), "//evil.example/x"):
                with pytest.raises(BadReply, match="another server"):
                    await connection.json("GET", link)
            assert (foreign.requests, server.requests, waits) == ([], [], [])
            connection.trust(foreign.url)
            await connection.json("GET", foreign.url + "/next")
            assert foreign.requests[0].headers["authorization"] == "Bearer secret"


async def test_redirects_to_another_server_are_not_followed(server: Echo) -> None:
    with Echo() as foreign:
        foreign.answers = []
        async with http(server, authorize=_token) as (connection, _):
            server.answers = [Response(302, b"", {"Location": foreign.url + "/login"})]
            with pytest.raises(Unreachable, match="Nothing was sent"):
                await connection.json("GET", "x")
            assert foreign.requests == []


async def test_redirects_on_the_same_server_are_followed_for_reading_only(server: Echo) -> None:
    async with http(server) as (connection, _):
        server.answers = [Response(301, b"", {"Location": "/elsewhere"})]
        assert await connection.json("GET", "x") == {"path": "/elsewhere"}
        server.answers = [Response(301, b"", {"Location": "/elsewhere"})]
        with pytest.raises(CoterieError):
            await connection.json("POST", "x", json={})
        server.answers = [Response(301, b"", {"Location": "/elsewhere"})]
        assert (await connection.send("GET", "x", ok={301})).headers["location"] == "/elsewhere"
        server.answers = [Response(302, b"", {"Location": "/x"}) for _ in range(30)]
        with pytest.raises(BadReply, match="circles"):
            await connection.json("GET", "x", idempotent=False)


@pytest.mark.parametrize(
    ("url", "base", "same"),
    [
        ("https://a.example/x", "https://a.example/y", True),
        ("https://a.example:443/x", "https://A.example/y", True),
        ("https://a.example/x", "http://a.example/y", True),
        ("http://a.example/x", "https://a.example/y", False),
        ("https://a.example:8443/x", "https://a.example/y", False),
        ("https://a.example.evil.example/", "https://a.example/", False),
        ("https://a.example@evil.example/", "https://a.example/", False),
    ],
)
def test_same_host(url: str, base: str, same: bool) -> None:
    assert same_host(url, base) is same


# Statuses and waits ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Rejected), (401, SignInNeeded), (403, PermissionMissing), (404, Nowhere), (409, Conflict),
        (410, CursorExpired), (412, Conflict), (422, Rejected), (429, RateLimited), (500, Broken),
        (502, Unreachable), (503, Unreachable), (504, Unreachable), (511, Blocked), (302, Blocked), (407, Blocked),
        (413, Rejected), (423, Rejected), (507, Rejected),
    ],
)  # fmt: skip
def test_a_status_is_named_by_its_remedy(status: int, kind: type[CoterieError]) -> None:
    error = failure(Reply(status, {}, b""), "Example")
    assert type(error) is kind
    assert "Example" in error.title


def test_retry_after() -> None:
    now = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
    date = "Mon, 23 Nov 2026 12:00:30 GMT"
    assert retry_after({"retry-after": "5"}) == 5
    assert retry_after({"retry-after": date}, now) == 30
    assert retry_after({"retry-after": date, "date": "Mon, 23 Nov 2026 12:00:20 GMT"}, now) == 10
    assert retry_after({"retry-after": date}, now.replace(hour=13)) == 0
    assert retry_after({"retry-after": "99999999999"}) == 24 * 3600
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({}) is None


@given(st.text())
def test_retry_after_takes_anything(text: str) -> None:
    seconds = retry_after({"retry-after": text, "date": text})
    assert seconds is None or seconds >= 0


async def test_no_attempt_begins_after_the_patience_is_over() -> None:
    calls = 0

    async def attempt() -> None:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0.02)
        raise Unreachable("No.")

    with pytest.raises(Unreachable):
        await replace(Retry(first=0.001), patience=0.01).run(attempt, idempotent=True)
    assert calls == 1


def test_waits_grow_and_are_jittered() -> None:
    retry = Retry(first=1)
    assert all(2 <= (retry.wait(Unreachable("No."), 3) or 0) <= 4 for _ in range(50))
    assert len({retry.wait(Unreachable("No."), 3) for _ in range(50)}) > 1
