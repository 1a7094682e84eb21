"""Which servers a restricted account may connect to: those on the Internet, or those that its administrator names.

Without this, whoever may type a server's address could ask what listens on the computer itself, and in its network.
A name is looked up here, and the connection goes to the address that was judged: a name that means another computer a
moment later gains nothing. Redirects come through here as all requests do. Proxies are not used.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from typing import Final

import httpx2

from coterie.core.errors import InvalidInput
from coterie.core.text import printable
from coterie.providers.connection import ssl_context

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses as IPv6 networks write them (RFC 6052)."""


class OutOfReach(InvalidInput):
    """A server that this account may not connect to."""


async def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host. Raises httpx2.ConnectError if it has none."""
    try:
        answers = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx2.ConnectError(str(error)) from error
    return list(dict.fromkeys(str(address[0]) for *_, address in answers))


class Reach(httpx2.AsyncBaseTransport):
    """Sends requests, but only to servers that a restricted account may connect to.

    Args:
        hosts: as the setting carddav.allowed_hosts has them; empty for all that are on the Internet.
        look_up: gives the addresses of a host and port.
    """

    def __init__(self, hosts: str, look_up: Callable[[str, int], Awaitable[list[str]]] = look_up) -> None:
        self._named = frozenset(filter(None, hosts.split(",")))
        self._look_up = look_up
        self._addresses: dict[tuple[str, int], list[str]] = {}
        self._open: dict[str, httpx2.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer to a request. Raises OutOfReach before anything is sent, and what httpx2 raises."""
        host, port = request.url.host, request.url.port or (443 if request.url.scheme == "https" else 80)
        shown = f"[{host}]" if ":" in host else host
        if self._named:
            if f"{shown}:{port}" not in self._named:
                raise _out_of_reach(shown, port)
            return await self._connection(host).handle_async_request(request)
        problem: Exception | None = None
        for address in await self._judged(host, port):
            try:
                return await self._connection(host).handle_async_request(_to(address, request))
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                problem = problem or error
        assert problem is not None
        raise problem

    async def _judged(self, host: str, port: int) -> list[str]:
        """The addresses of a server on the Internet."""
        if (host, port) not in self._addresses:
            addresses = await self._look_up(host, port)
            if not addresses or not all(map(is_outside, addresses)):
                raise _out_of_reach(host, port)
            self._addresses[host, port] = addresses
        return self._addresses[host, port]

    def _connection(self, host: str) -> httpx2.AsyncHTTPTransport:
        """Each host has its own: connections are kept by address, and two hosts can have the same."""
        if host not in self._open:
            self._open[host] = httpx2.AsyncHTTPTransport(verify=ssl_context())
        return self._open[host]

    async def aclose(self) -> None:
        """Let go of the connections; the next request opens new ones."""
        connections = list(self._open.values())
        self._open.clear()
        self._addresses.clear()
        for connection in connections:
            await connection.aclose()


def _to(address: str, request: httpx2.Request) -> httpx2.Request:
    """The request for that address; the certificate and the header Host are still those of the name."""
    return httpx2.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )


def _out_of_reach(host: str, port: int) -> OutOfReach:
    return OutOfReach(
        f"This account is restricted: it cannot connect to {printable(host)} at port {port}.",
        "The administrator can allow servers with carddav.allowed_hosts.",
    )


def is_outside(address: str) -> bool:
    """Whether an address is on the Internet and not this computer's own."""
    try:
        return all(ip.is_global and not ip.is_multicast for ip in _meanings(address)) and not _is_own(address)
    except ValueError:
        return False


def _meanings(address: str) -> list[Address]:
    """An address, and the IPv4 address that is written in it."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return [ip]
    if ip.ipv4_mapped is not None:
        return [ip.ipv4_mapped]
    inner = [ip.sixtofour, *(ip.teredo or ())]
    if ip in _NAT64:
        inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return [ip, *(embedded for embedded in inner if embedded is not None)]


def _is_own(address: str) -> bool:
    """Whether what is sent there stays here: the system would send it from that very address. Nothing is sent."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((address, 9))  # the port does not matter
        except OSError:
            return False  # no way leads there
        return str(probe.getsockname()[0]) == address
