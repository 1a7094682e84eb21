"""What the value of a setting can be: each reading makes it of what the user gave, wherever that was."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import unquote, urlsplit

from coterie.core.web import split_url

_MISTYPED: Final = re.compile(r"(postgres(ql)?|sqlite)(\+\w+)?(:|//)|[^/]*:[^/]*@", re.IGNORECASE)
"""An address without all of its beginning, as `postgresql:/ada@host/book` and `ada:PASSWORD@host/book`: as a path it
would make a new book somewhere."""
_SHOWN: Final = frozenset({"user", "host", "port", "dbname", "sslmode"})
"""Parameters of an address whose values may be shown."""
_LOCAL: Final = ("http://127.0.0.1", "http://localhost", "http://[::1]")


class Given(NamedTuple):
    """A value as the user gave it: a text, or what TOML made of it.

    Attributes:
        value: the value.
        place: where it stands, to be named in an error.
        folder: what a relative path is relative to.
    """

    value: object
    place: str
    folder: Path


Reading = Callable[[Given], Any]
"""Makes a setting's value of what was given. Raises ValueError if it is not what the setting expects."""


def read_text(given: Given) -> str:
    """A text of one line."""
    if not isinstance(given.value, str) or not given.value.isprintable():
        raise ValueError
    return given.value.strip()


def whole_number(least: int, most: int) -> Reading:
    """A whole number between two, which may be given as text."""

    def read(given: Given) -> int:
        if isinstance(given.value, bool) or not isinstance(given.value, str | int):
            raise ValueError
        number = int(given.value)
        if not least <= number <= most:
            raise ValueError
        return number

    return read


def read_flag(given: Given) -> bool:
    """Yes or no."""
    if isinstance(given.value, bool):
        return given.value
    word = str(given.value).strip().casefold()
    if word in {"true", "yes", "on", "1"}:
        return True
    if word in {"false", "no", "off", "0"}:
        return False
    raise ValueError


def one_of(*words: str) -> Reading:
    """One of these words, ignoring case."""

    def read(given: Given) -> str:
        word = read_text(given).casefold()
        if word not in words:
            raise ValueError
        return word

    return read


def read_path(given: Given) -> Path:
    """An absolute path; a relative one starts at the folder of its place."""
    text = read_text(given)
    if not text:
        raise ValueError
    try:
        path = Path(text).expanduser()
    except RuntimeError as error:
        raise ValueError from error
    return Path(os.path.abspath(given.folder / path))  # noqa: PTH100 - symbolic links stay as the user wrote them


def read_web_address(given: Given) -> str:
    """A web address, encrypted or on this machine, since tokens are sent there."""
    address = read_text(given).rstrip("/")
    if "@" in address:  # what looks like this machine before it would be a user's name
        raise ValueError
    if address.startswith("https://") and split_url(address).hostname:
        return address
    if any(address == local or address.startswith((f"{local}:", f"{local}/")) for local in _LOCAL):
        return address
    raise ValueError


def read_hosts(given: Given) -> str:
    """Servers as `name:port`, separated by commas; a list in config.toml will do too. The port is 443 by default."""
    hosts = given.value if isinstance(given.value, list) else [given.value]
    names = [name.strip() for host in hosts for name in read_text(given._replace(value=host)).split(",")]
    return ",".join(map(_host_and_port, names))


def _host_and_port(name: str) -> str:
    parts = urlsplit(f"//{name}")
    if not parts.hostname or parts.netloc != name or set(name) & set("@ "):
        raise ValueError
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{host}:{parts.port or 443}"


def read_server(given: Given) -> str:
    """A server, with a port or without."""
    text = read_text(given)
    if text:
        parts = urlsplit(f"//{text}")
        if not parts.hostname or parts.netloc != text or set(text) & set("@ [") or parts.port == 0:
            raise ValueError
    return text


def read_database(given: Given) -> str:
    """One spelling for each database: `sqlite:///` with an absolute path, or `postgresql://`, without a driver."""
    text = read_text(given)
    scheme, separator, rest = text.partition("://")
    if not separator and not _MISTYPED.match(text):
        return sqlite_url(_read_file(given))
    kind = scheme.casefold().partition("+")[0]
    if kind == "sqlite" and rest.startswith("/") and rest[1:] not in {"", ":memory:"}:
        return sqlite_url(_read_file(given._replace(value=rest[1:])))
    if kind in {"postgresql", "postgres"} and rest:
        return f"postgresql://{rest}"
    raise ValueError


def _read_file(given: Given) -> Path:
    path = read_path(given)
    if not path.name:
        raise ValueError
    return path


def read_keys(given: Given) -> str:
    """Keys in Textual's words, separated by commas; a list in config.toml will do too."""
    keys = given.value if isinstance(given.value, list) else [given.value]
    names = [name.strip() for key in keys for name in read_text(given._replace(value=key)).split(",")]
    if not all(names):
        raise ValueError
    return ",".join(names)


def sqlite_url(path: Path) -> str:
    """The `database_url` of an SQLite file."""
    return f"sqlite:///{path}"


def without_password(address: str) -> str:
    """A database's address, fit for showing: in doubt, more is left out than needed."""
    scheme, separator, rest = address.partition("://")
    if not scheme.replace("+", "").isalnum() or not separator:
        scheme, separator, rest = "", "", address
    place, mark, query = rest.partition("?")
    if "@" not in place and ":" in place and "@" in query:  # a password with a question mark in it
        place, mark, query = rest, "", ""
    login, at, host = place.rpartition("@")
    user, colon, _ = login.partition(":")
    shown = f"{user}:…@{host}" if at and colon else place
    return "&".join(map(_without_value, f"{scheme}{separator}{shown}{mark}{query}".split("&")))


def _without_value(parameter: str) -> str:
    """A parameter of an address as it may be shown: libpq takes passwords as parameters, too, and people mistype."""
    name, equals, _ = parameter.partition("=")
    return f"{name}{equals}…" if equals and unquote(name.rpartition("?")[2]).casefold() not in _SHOWN else parameter
