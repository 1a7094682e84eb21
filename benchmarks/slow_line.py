"""A slow line between a port of this machine and another: `python -m benchmarks.slow_line TO DELAY RATE`.

Prints the port that it listens on. What comes in waits in a queue of the line's, is sent at the line's rate, and
arrives a while later. The queue is short, as that of a modem or a mobile phone: what finds no room in it stays with its
sender, who so learns that the line is slow.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from contextlib import suppress
from typing import Final

QUEUE: Final = 8_192
"""Bytes that the line takes before it has sent them; at 32 kB/s a quarter of a second."""

PACKET: Final = 1_448
_BUFFER: Final = 4_096


class Direction:
    """One of the two directions of a line.

    Args:
        delay: seconds that a byte is on its way.
        rate: bytes a second.
    """

    def __init__(self, delay: float, rate: float) -> None:
        self._delay = delay
        self._rate = rate

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry what `reader` gives to `writer`, until it ends."""
        loop = asyncio.get_running_loop()
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arrivals = asyncio.create_task(self._arrive(under_way, writer))
        free = loop.time()  # when the line has sent all that is in its queue
        with suppress(ConnectionError):  # whoever is gone sends nothing more
            while packet := await reader.read(PACKET):
                free = max(free, loop.time()) + len(packet) / self._rate
                under_way.put_nowait((free + self._delay, packet))
                await asyncio.sleep(free - QUEUE / self._rate - loop.time())
        under_way.put_nowait((free + self._delay, b""))
        await arrivals

    async def _arrive(self, under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        with suppress(ConnectionError):  # nobody is left to read it
            while True:
                when, packet = await under_way.get()
                await asyncio.sleep(when - loop.time())
                if not packet:
                    break
                writer.write(packet)
                await writer.drain()
        writer.close()


async def serve(to: int, delay: float, rate: float) -> None:
    """Connect whoever comes with the port `to`, by a line of `delay` seconds and `rate` bytes a second each way."""

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, here = await asyncio.open_connection("127.0.0.1", to, limit=_BUFFER)
        for side in (here, writer):
            connection = side.get_extra_info("socket")
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        async with asyncio.TaskGroup() as both:
            both.create_task(Direction(delay, rate).carry(reader, here))
            both.create_task(Direction(delay, rate).carry(there, writer))

    server = await asyncio.start_server(connect, "127.0.0.1", 0, limit=_BUFFER)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))
