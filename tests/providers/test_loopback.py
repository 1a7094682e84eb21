from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlencode

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.errors import InvalidInput, PermissionMissing, SignInNeeded
from coterie.core.sign_in import OpenUrl
from coterie.providers.loopback import Answer, NotAnAnswer, authorize, listening, read_answer, ssh_forward
from tests.providers.prompter import FakeUser

STATE = "s t/a+te"
CODE = "4/0Ab-_c%d+e"


def start(redirect_uri: str) -> tuple[str, str]:
    return f"https://login.example/?{urlencode({'redirect_uri': redirect_uri})}", STATE


def redirect_of(page: OpenUrl) -> str:
    return httpx2.URL(page.url).params["redirect_uri"]


async def sign_in(browse: Callable[[OpenUrl], Awaitable[str | None]], seconds: int = 60) -> tuple[Answer, FakeUser]:
    user = FakeUser(browse=browse)
    return await authorize(user, start, who="Example", seconds=seconds), user


async def test_the_browser_gets_through_favicons_and_reloads_included() -> None:
    statuses: list[int] = []
    visits: list[asyncio.Task[None]] = []

    async def visit(page: OpenUrl) -> None:
        async with httpx2.AsyncClient(trust_env=False) as client:
            answer = f"{redirect_of(page)}?{urlencode({'state': STATE, 'code': CODE})}"
            favicon = redirect_of(page) + "favicon.ico"
            wrong = f"{redirect_of(page)}?{urlencode({'state': 'other', 'code': 'evil'})}"
            for url in (favicon, wrong, redirect_of(page), answer):
                reply = await client.get(url)
                statuses.append(reply.status_code)
            assert "You can close this page" in reply.text
            assert reply.headers["cache-control"] == "no-store"

    async def browse(page: OpenUrl) -> None:
        visits.append(asyncio.create_task(visit(page)))

    answer, user = await sign_in(browse)
    await asyncio.gather(*visits)
    assert answer.code == CODE
    assert answer.parameters["state"] == STATE
    assert answer.redirect_uri == redirect_of(user.pages[0])
    assert answer.redirect_uri.startswith("http://127.0.0.1:")
    assert statuses == [404, 400, 400, 200]
    assert user.cancelled, "the paste is no longer waited for"


async def test_a_connection_that_says_nothing_or_nonsense_is_no_hindrance() -> None:
    opened = []

    async def browse(page: OpenUrl) -> str:
        port = httpx2.URL(redirect_of(page)).port
        opened.append(await asyncio.open_connection("127.0.0.1", port))
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\x16\x03\x01" + bytes(range(256)) + b"\r\n\r\n")
        await writer.drain()
        return f"{redirect_of(page)}?{urlencode({'state': STATE, 'code': CODE})}"

    answer, _ = await sign_in(browse)
    assert answer.code == CODE


async def test_a_wrong_paste_is_explained_and_asked_again() -> None:
    pastes = ["https://elsewhere.example/", f"?state=other&code={quote(CODE)}", quote(CODE, safe="")]

    async def browse(_page: OpenUrl) -> str:
        return pastes.pop(0)

    answer, user = await sign_in(browse)
    assert answer.code == CODE
    assert [bool(page.problem) for page in user.pages] == [False, True, True]
    assert "another sign-in" in user.pages[2].problem


async def test_pasting_nonsense_for_ever_ends() -> None:
    async def browse(_page: OpenUrl) -> str:
        return "https://elsewhere.example/"

    with pytest.raises(InvalidInput):
        await sign_in(browse)


async def test_refusing_in_the_browser() -> None:
    async def browse(page: OpenUrl) -> str:
        return f"{redirect_of(page)}?{urlencode({'state': STATE, 'error': 'access_denied'})}"

    with pytest.raises(PermissionMissing):
        await sign_in(browse)


async def test_nobody_comes() -> None:
    async def browse(_page: OpenUrl) -> str:
        return ""

    with pytest.raises(SignInNeeded, match="Nobody"):
        await sign_in(browse, seconds=1)


async def test_cancelling_stops_the_listener_and_the_paste() -> None:
    shown = asyncio.Event()

    async def browse(_page: OpenUrl) -> None:
        shown.set()

    user = FakeUser(browse=browse)
    task = asyncio.create_task(authorize(user, start, who="Example"))
    await shown.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert user.cancelled
    with pytest.raises(httpx2.ConnectError):
        async with httpx2.AsyncClient(trust_env=False) as client:
            await client.get(redirect_of(user.pages[0]))


def test_the_ssh_line() -> None:
    assert ssh_forward(4321, {"SSH_CONNECTION": "10.0.0.9 50022 10.0.0.5 22"}).startswith("ssh -L 4321:127.0.0.1:4321 ")
    assert ssh_forward(4321, {"SSH_CONNECTION": "10.0.0.9 50022 10.0.0.5 22"}).endswith("@10.0.0.5")
    assert ssh_forward(4321, {"SSH_CONNECTION": "fe80::2 50022 fe80::1 2222"}).endswith("@fe80::1 -p 2222")
    assert "@" in ssh_forward(4321, {})


# Pasted texts ---------------------------------------------------------------------------------------------------------

codes = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1).filter(lambda code: code.strip("'\"<>"))


@given(codes)
def test_every_form_of_a_paste_gives_the_same(code: str) -> None:
    query = urlencode({"state": STATE, "code": code, "scope": "https://www.googleapis.com/auth/contacts"})
    for text in (
        f"http://127.0.0.1:4321/?{query}",
        f"  http://localhost:4321/?{query}\n",
        f"http://127.0.0.1:4321/?{query[:20]}\n{query[20:]}#",
        f"'http://127.0.0.1:4321/?{query}'",
        f"127.0.0.1:4321/?{query}",
        f"?{query}",
        query,
        f"code={quote(code, safe='')}",
        quote(code, safe=""),
    ):
        answer = read_answer(text, STATE)
        assert (answer["code"], answer["state"]) == (code, STATE), text


@given(st.text() | st.builds("{}[{}?code=1&state=2".format, st.sampled_from(["https://", "//", ""]), st.text()))
def test_any_paste_is_an_answer_or_is_explained(text: str) -> None:
    try:
        answer = read_answer(text, STATE)
    except NotAnAnswer as error:
        problem = error
    else:
        assert answer["state"] == STATE
        assert answer.get("code") or answer.get("error")
        return
    assert problem.title.endswith(".")
    assert problem.hint


async def test_a_request_for_no_address_is_answered() -> None:
    async with listening() as loopback:
        reader, writer = await asyncio.open_connection("127.0.0.1", loopback.port)
        writer.write(b"GET http://[x HTTP/1.1\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 404")
        writer.close()
