"""Odd shapes of files beside the usual one of the same size: what an import costs grows with the bytes alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Final

from benchmarks.books import Books
from benchmarks.figures import Figure

_BYTES: Final = 1_000_000
_USUAL: Final = 30
_TIMES: Final = 12.0
"""A cell or property costs a fixed time besides its bytes, and in odd files they are short."""


def measure(_books: Books, _size: int) -> Iterator[Figure]:
    """The figures of reading each shape, at one and at four megabytes."""
    usual = _seconds(_table(_USUAL, _BYTES))
    for what, make in _SHAPES.items():
        small, large = _seconds(make(_BYTES)), _seconds(make(4 * _BYTES))
        yield Figure(f"Read 1 MB of {what}", small, usual, "s", f"a table of {_USUAL} columns", target=_TIMES)
        yield Figure(f"Read 4 MB of {what}", large, 4 * small, "s", "four times 1 MB", target=1.6)


def _seconds(content: bytes) -> float:
    """The processor's time for recognizing a file and reading it to its end."""
    from coterie.core.transfer.readers import reader_of

    start = time.process_time()
    for _ in reader_of(content).read():
        pass
    return time.process_time() - start


def _table(columns: int, size: int, heading: str = "Field {}") -> bytes:
    """Rows of short cells below headings."""
    lines = [",".join(["Name", "E-mail", *(heading.format(place) for place in range(columns - 2))])]
    length = 0
    for row in count():
        if length > size:
            return "\n".join(lines).encode()
        cells = [f"value {row} {place}" for place in range(columns - 2)]
        lines.append(",".join([f"Ada King {row}", f"ada{row}@example.org", *cells]))
        length += len(lines[-1])
    raise AssertionError


def _card(size: int, line: str) -> bytes:
    """One card of very many properties."""
    lines: list[str] = []
    length = 0
    while length < size:
        lines.append(line.format(len(lines)))
        length += len(lines[-1])
    return "\r\n".join(["BEGIN:VCARD", "VERSION:4.0", "FN:Ada", *lines, "END:VCARD", ""]).encode()


_SHAPES: Final[dict[str, Callable[[int], bytes]]] = {
    "500 columns": lambda size: _table(500, size),
    "5,000 columns": lambda size: _table(5000, size),
    "500 columns of one name": lambda size: _table(500, size, "Remark"),
    "500 columns of groups": lambda size: _table(500, size, "Groups"),
    "one cell of many groups": lambda size: f"Name,Groups\nAda,{';'.join(map(str, range(size // 7)))}\n".encode(),
    "one quoted cell of many lines": lambda size: b'Name,Notes\nAda,"' + b"some text\n" * (size // 10) + b'"\n',
    "one card of many properties": lambda size: _card(size, "X-FIELD-{}:value"),
    "one card of many values": lambda size: _card(size, "X-FIELD:value {}"),
    "one folded property": lambda size: _card(size, " and so on {}"),
    "one LDIF entry of many attributes": lambda size: (
        b"dn: cn=Ada\ncn: Ada\n" + b"".join(b"field%d: value\n" % place for place in range(size // 16))
    ),
}
