"""The way back from the browser (RFC 8252, 7.3): a listener on the loopback interface, and pasting beside it.

Over SSH the browser runs on another machine. `authorize` offers both ways at once: the `ssh -L` line that leads that
browser to our listener, and pasting the address which the browser could not open. Whichever comes first wins.
"""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import html
import os
import shlex
import socket
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote

from coterie.core.errors import InvalidInput, PermissionMissing, SignInNeeded
from coterie.core.sign_in import OpenUrl, SignInPrompter
from coterie.core.text import printable
from coterie.core.web import split_url

HOST: Final = "127.0.0.1"
PATIENCE: Final = 600
"""Seconds that the user has for signing in."""
_REQUEST_SECONDS: Final = 10
_LONGEST_REQUEST: Final = 64 * 1024
_PASTES: Final = 20
_STYLE: Final = "font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem"
_HEADERS: Final = (
    "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nConnection: close\r\n"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser brought back.

    Attributes:
        code: the authorization code.
        parameters: the whole query of the redirect, for SDKs that check it themselves; `state` is always in it.
        redirect_uri: the redirect that was asked for; the exchange of the code has to name it again.
    """

    code: str
    parameters: Mapping[str, str]
    redirect_uri: str


class NotAnAnswer(InvalidInput):
    """A pasted text or a request that cannot be the answer to this sign-in; the title says why."""


def ssh_forward(port: int, environ: Mapping[str, str] | None = None) -> str:
    """The command that, run where the browser is, lets it reach our listener on `port`.

    The server's address comes from SSH_CONNECTION (“client port server port”, see ssh(1)), else it is this host's name.
    """
    parts = (os.environ if environ is None else environ).get("SSH_CONNECTION", "").split()
    host, ssh_port = (parts[2], parts[3]) if len(parts) == 4 else (socket.gethostname(), "22")
    other_port = f" -p {shlex.quote(ssh_port)}" if ssh_port != "22" else ""
    return f"ssh -L {port}:{HOST}:{port} {shlex.quote(f'{getpass.getuser()}@{host}')}{other_port}"


def read_answer(text: str, state: str) -> dict[str, str]:
    """The parameters in what the user pasted: the whole address, its query, or the bare code, percent-encoded or not.

    Args:
        text: the paste; line ends and blanks that a terminal put in are taken out.
        state: the state of this sign-in (RFC 6749, 10.12). A bare code has none; PKCE binds that one to us.

    Returns:
        the query's parameters, with `state`, and `code` or `error`.

    Raises:
        NotAnAnswer: no code in it, or it belongs to another sign-in.
    """
    pasted = "".join(text.split()).strip("'\"<>")
    if not pasted:
        raise NotAnAnswer("Nothing was pasted.", "Paste the whole address from the browser's address bar.")
    if "code=" in pasted or "error=" in pasted:
        split = split_url(pasted) if "://" in pasted else None
        query = (split.query or split.fragment) if split else pasted.rpartition("?")[2]
        parameters = dict(parse_qsl(query.partition("#")[0]))
        if split is None and "state" not in parameters:  # a code with its name
            parameters["state"] = state
    elif "://" in pasted or pasted.startswith(("127.0.0.1", "localhost")):
        raise NotAnAnswer(
            "There is no code in this address.", "Paste the address that the browser shows after you have allowed it."
        )
    else:
        parameters = {"code": unquote(pasted), "state": state}
    return check_answer(parameters, state)


def check_answer(parameters: dict[str, str], state: str) -> dict[str, str]:
    """`parameters` if they answer the sign-in of that state. Raises NotAnAnswer if not."""
    if parameters.get("state") != state:
        raise NotAnAnswer(
            "This address belongs to another sign-in.",
            "Open the address shown here, and paste the one where the browser ends up.",
        )
    if not parameters.get("code") and not parameters.get("error"):
        raise NotAnAnswer("There is no code in this address.", "Allow access in the browser first.")
    return parameters


@dataclass(slots=True)
class Loopback:
    """A listener on 127.0.0.1 that waits for one redirect; use it through `listening`.

    It goes on answering after the redirect has come (favicons, reloads) until it is closed.

    Attributes:
        state: the state that the redirect must bring; set before the page is opened.
        path: the path of the redirect.
        port: where it listens.
    """

    path: str = "/"
    state: str = ""
    port: int = 0
    _arrived: asyncio.Future[dict[str, str]] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    _open: set[asyncio.Task[None]] = field(default_factory=set)

    async def answer(self) -> dict[str, str]:
        """The parameters of the redirect, once it comes."""
        return await asyncio.shield(self._arrived)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection."""
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            async with asyncio.timeout(_REQUEST_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
                status, title, text = self._respond(head.split(b"\r\n", 1)[0].decode("latin-1"))
                body = _page(title, text)
                writer.write(f"HTTP/1.1 {status}\r\n{_HEADERS}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return  # a browser's spare connection, or something that does not speak HTTP
        finally:
            self._open.discard(task)
            writer.close()

    def _respond(self, line: str) -> tuple[str, str, str]:
        """Status, title and text for a request line."""
        method, _, rest = line.partition(" ")
        target = split_url(rest.rpartition(" ")[0] or rest)
        if method != "GET" or target.path != self.path:
            return "404 Not Found", "Nothing here", "This page is not part of the sign-in."
        try:
            parameters = check_answer(dict(parse_qsl(target.query)), self.state)
        except NotAnAnswer as error:
            return "400 Bad Request", error.title, error.hint
        if not self._arrived.done():
            self._arrived.set_result(parameters)
        if "code" not in parameters:
            return "200 OK", "Not allowed", "Coterie was not given permission. You can close this page."
        return "200 OK", "Back to the terminal", "Coterie has the answer. You can close this page."

    async def close(self) -> None:
        """Let pages that are being sent arrive, then let go of every connection."""
        if self._open:
            await asyncio.wait(self._open, timeout=1)
        for task in self._open:
            task.cancel()
        self._arrived.cancel()


def _page(title: str, text: str) -> bytes:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<body style="{_STYLE}"><h1>{html.escape(title)}</h1><p>{html.escape(text)}</p></body></html>'
    ).encode()


@contextlib.asynccontextmanager
async def listening(path: str = "/") -> AsyncIterator[Loopback]:
    """A `Loopback` on a free port of 127.0.0.1, closed at the end."""
    loopback = Loopback(path)
    server = await asyncio.start_server(loopback.serve, HOST, 0, limit=_LONGEST_REQUEST)
    loopback.port = server.sockets[0].getsockname()[1]
    try:
        yield loopback
    finally:
        server.close()
        await loopback.close()


async def authorize(
    prompter: SignInPrompter,
    start: Callable[[str], tuple[str, str]],
    *,
    who: str,
    host: str = HOST,
    path: str = "/",
    seconds: int = PATIENCE,
    forward: bool = True,
) -> Answer:
    """Let the user allow access in a browser, wherever that is, and return what it brought back.

    Args:
        prompter: shows the page and takes a paste.
        start: gives the page's address and the state, for a redirect URI. It must not block.
        who: the provider's label.
        host: the host in the redirect URI; Microsoft registers `localhost`. The listener is on 127.0.0.1 all the same.
        path: the path in the redirect URI.
        seconds: how long to wait.
        forward: offer the `ssh -L` line; restricted accounts may forward no ports.

    Raises:
        PermissionMissing: the user did not allow it.
        SignInNeeded: the time is over, or the provider refused.
        InvalidInput: pasted texts again and again that are no answer.
    """
    async with listening(path) as loopback:
        redirect_uri = f"http://{host}:{loopback.port}{path}"
        url, loopback.state = start(redirect_uri)
        page = OpenUrl(url, ssh_forward(loopback.port) if forward else "", seconds)
        browser = asyncio.create_task(loopback.answer())
        paste = asyncio.create_task(_pasted(prompter, page, loopback.state))
        try:
            done, _ = await asyncio.wait({browser, paste}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            winner = browser if browser in done else paste
            if winner not in done:
                raise SignInNeeded(
                    f"Nobody signed in to {who} within {seconds // 60} minutes.", "Start again when you are ready."
                )
            parameters = winner.result()
        finally:
            for task in (browser, paste):
                task.cancel()
            await asyncio.gather(browser, paste, return_exceptions=True)
    if "error" in parameters:
        raise refused(parameters, who)
    return Answer(parameters["code"], parameters, redirect_uri)


async def _pasted(prompter: SignInPrompter, page: OpenUrl, state: str) -> dict[str, str]:
    """The parameters of the first paste that is an answer; never returns if the user will not paste."""
    problem: InvalidInput | None = None
    until = time.monotonic() + page.expires_in
    for _ in range(_PASTES):
        left = max(int(until - time.monotonic()), 1)
        text = await prompter.open_url(OpenUrl(page.url, page.ssh_forward, left, str(problem or "")))
        if not text.strip():
            await asyncio.get_running_loop().create_future()  # only the browser can answer now
        try:
            return read_answer(text, state)
        except NotAnAnswer as error:
            problem = error
    assert problem is not None
    raise problem


def refused(parameters: Mapping[str, str], who: str) -> SignInNeeded:
    """The core error for an OAuth error that came with the redirect (RFC 6749, 4.1.2.1)."""
    if parameters["error"] == "access_denied":
        return PermissionMissing(f"Access to {who} was not allowed.", "Sign in again and choose to allow it.")
    said = printable(parameters.get("error_description", "") or parameters["error"])
    return SignInNeeded(f"{who} refused the sign-in: {said.rstrip('.')}.", "Sign in again.")
