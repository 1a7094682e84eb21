"""A local HTTP server for provider tests: subclasses answer as an API documents; failures are put in its way."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.providers.contract import Failure

PAGE = b"<!DOCTYPE html><html><body>Welcome to Airport WiFi. Please log in.</body></html>"


@dataclass(frozen=True)
class Request:
    """A request as the server got it. Header names are lower case; `query` holds the last value of each name."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    query_string: str = ""

    def values(self, name: str) -> list[str]:
        """Every value of a name in the query."""
        return [value for key, value in parse_qsl(self.query_string) if key == name]

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


@dataclass
class Response:
    """An answer; `body` is sent as it is if it is bytes, else as JSON."""

    status: int = 200
    body: object = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.status == 204 else json.dumps(self.body).encode()


class LocalServer:
    """Listens on a free port of 127.0.0.1 in threads; `with` starts and stops it.

    Attributes:
        requests: every request that came, failures included.
        before: called first with each request; what it returns is the answer.
        spared: paths starting with one of these never fail (token end points, so that the API's failures are tested).
    """

    spared: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.before: Callable[[Request], Response | None] = lambda _request: None
        self.lock = threading.Lock()
        self._failure: tuple[Failure, int | None, int] | None = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # headers and body go out in two writes

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
                return

            def __getattr__(self, name: str) -> Any:
                if name.startswith("do_"):
                    return lambda: outer._serve(self)
                raise AttributeError(name)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def respond(self, request: Request) -> Response:
        """The answer to a request; called under `lock`."""
        raise NotImplementedError

    def fail(self, failure: Failure, times: int | None = None, *, after: int = 0) -> None:
        """Answer the next `times` requests (None: all) with a failure, after `after` good answers."""
        self._failure = (failure, times, after)

    def recover(self) -> None:
        """Fail no more."""
        self._failure = None

    def _due(self, path: str) -> Failure | None:
        if self._failure is None or path.startswith(self.spared or ("\0",)):
            return None
        failure, times, after = self._failure
        if after:
            self._failure = (failure, times, after - 1)
            return None
        if times is not None:
            self._failure = (failure, times - 1, 0) if times > 1 else None
        return failure

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        split = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        request = Request(handler.command, split.path, dict(parse_qsl(split.query)), headers, body, split.query)
        with self.lock:
            self.requests.append(request)
            failure = self._due(split.path)
            response = Response() if failure in BEFORE else self.before(request) or self.respond(request)
        _send(handler, failure, response)


BEFORE = frozenset(
    {Failure.RATE_LIMITED, Failure.RATE_LIMITED_SECONDS, Failure.RATE_LIMITED_DATE, Failure.UNAVAILABLE,
     Failure.GATEWAY_TIMEOUT, Failure.CAPTIVE_PORTAL}
)  # fmt: skip
"""Failures in which the server does nothing; in the others it does what was asked, and the answer is lost."""

_ANSWERS = {
    Failure.RATE_LIMITED: Response(
        429, {"error": {"code": 429, "message": "Slow down", "status": "RESOURCE_EXHAUSTED"}}
    ),
    Failure.RATE_LIMITED_SECONDS: Response(429, {}, {"Retry-After": "7"}),
    Failure.RATE_LIMITED_DATE: Response(
        429, {}, {"Retry-After": "Wed, 21 Oct 2015 07:28:07 GMT", "Date": "Wed, 21 Oct 2015 07:28:00 GMT"}
    ),
    Failure.UNAVAILABLE: Response(503, b"Service Unavailable"),
    Failure.GATEWAY_TIMEOUT: Response(504, b"<html><body>504</body></html>", {"Content-Type": "text/html"}),
    Failure.CAPTIVE_PORTAL: Response(200, PAGE, {"Content-Type": "text/html"}),
    Failure.NOT_READABLE: Response(200, b"OK then", {"Content-Type": "text/plain"}),
}


def _send(handler: BaseHTTPRequestHandler, failure: Failure | None, response: Response) -> None:
    if failure is Failure.RESET:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
        handler.close_connection = True
        return
    response = _ANSWERS.get(failure, response) if failure else response
    content = response.content
    if failure is Failure.CUT_CONTENT:
        content = content[: len(content) // 2]
    handler.send_response_only(response.status)
    headers = {"Content-Type": "application/json", "Content-Length": str(len(content)), **response.headers}
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    if failure is Failure.CUT_BODY:
        content = content[: len(content) // 2]
        handler.close_connection = True
    handler.wfile.write(content)
