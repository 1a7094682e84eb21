"""The HTTP clients of all providers, asynchronous or for SDKs that block: time-outs, proxies, certificates."""

from __future__ import annotations

import os
import ssl
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import httpx2

from coterie.core.limits import ANSWER, size
from coterie.core.text import printable
from coterie.providers.retry import Blocked

TIMEOUT: Final = httpx2.Timeout(30.0, connect=10.0)
"""Seconds for each read and write, and for connecting."""
AGENT: Final = "coterie"
LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")


def ca_bundle() -> Path | None:
    """The certificate authorities that the user names: SSL_CERT_FILE or REQUESTS_CA_BUNDLE, either is enough.

    Raises:
        Unreachable: there is no such file.
    """
    for variable in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        if named := os.environ.get(variable):
            path = Path(named)
            if not path.exists():
                raise Blocked(f"{variable} names “{named}”, which does not exist.", "Correct or unset that variable.")
            return path
    return None


def requests_verify() -> str | bool:
    """What SDKs that are built on requests need as `verify`, so that they trust the same authorities as we do."""
    named = ca_bundle()
    if named is not None:
        return str(named)
    system = ssl.get_default_verify_paths().cafile
    return system or True


def ssl_context() -> ssl.SSLContext:
    """The authorities of `ca_bundle`, else those of the system."""
    return _ssl_context(ca_bundle(), os.environ.get("SSL_CERT_DIR"))


@lru_cache(maxsize=4)
def _ssl_context(bundle: Path | None, _directory: str | None) -> ssl.SSLContext:
    if bundle is None:
        return httpx2.create_ssl_context()
    try:
        if bundle.is_dir():
            return ssl.create_default_context(capath=bundle)
        return ssl.create_default_context(cafile=bundle)
    except OSError as error:  # ssl.SSLError is one
        raise Blocked(f"The certificates in “{bundle}” cannot be read.", "It must be a file in PEM format.") from error


def client(**options: Any) -> httpx2.AsyncClient:
    """An asynchronous client with our time-outs and certificates; proxies come from the standard variables.

    Redirects are not followed by themselves: `Http` looks where they lead.
    """
    return _AsyncClient(**_options(options))


def blocking_client(**options: Any) -> httpx2.Client:
    """As `client`, for SDKs that block; it may be shared by threads."""
    return _Client(**_options(options))


class _AsyncClient(httpx2.AsyncClient):
    """Reads each answer to its end, but no more of it than an answer may have. Raises Blocked."""

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        response = await super().send(request, **{**options, "stream": True})
        body = bytearray()
        try:
            async for chunk in response.aiter_bytes():
                _take(body, chunk, request)
        finally:
            await response.aclose()
        return _whole(response, body)


class _Client(httpx2.Client):
    """The same for those that block."""

    def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        response = super().send(request, **{**options, "stream": True})
        body = bytearray()
        try:
            for chunk in response.iter_bytes():
                _take(body, chunk, request)
        finally:
            response.close()
        return _whole(response, body)


def _take(body: bytearray, chunk: bytes, request: httpx2.Request) -> None:
    body += chunk
    if len(body) > ANSWER:
        host = printable(request.url.host)
        raise Blocked(f"{host} answered with more than {size(ANSWER)}.", "Nothing was changed. Try again later.")


def _whole(response: httpx2.Response, body: bytearray) -> httpx2.Response:
    """The response with the content that was decompressed."""
    headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in _OF_THE_WIRE]
    return httpx2.Response(response.status_code, headers=headers, content=bytes(body), request=response.request)


_OF_THE_WIRE: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})


def _options(options: dict[str, Any]) -> dict[str, Any]:
    headers = {"User-Agent": AGENT, **options.pop("headers", {})}
    direct = {f"all://{host}": None for host in LOOPBACK}  # no proxy can reach what is on this machine
    return {
        "timeout": TIMEOUT,
        "verify": ssl_context(),
        "follow_redirects": False,
        "headers": headers,
        "mounts": direct,
        **options,
    }
