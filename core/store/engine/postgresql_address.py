"""The address of a PostgreSQL database, as libpq reads it:
https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS

asyncpg knows most of its parameters. Of the others, those that only tune the line are passed over, and those that ask
for more safety than we can give are refused, as is what nobody knows.
"""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from coterie.core.errors import CannotOpen
from coterie.core.settings.values import without_password

_KNOWN: Final = frozenset({
    "host", "port", "user", "password", "passfile", "dbname", "service", "sslmode", "sslnegotiation", "sslcert",
    "sslkey", "sslpassword", "sslrootcert", "sslcrl", "ssl_min_protocol_version", "ssl_max_protocol_version",
    "target_session_attrs", "krbsrvname", "gsslib", "application_name", "options",
})  # fmt: skip
"""What asyncpg takes, and what it passes on to the server."""
_NEEDLESS: Final = frozenset({
    "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout", "sslcompression",
    "sslsni", "client_encoding", "load_balance_hosts",
})  # fmt: skip
_WEAK: Final = {"channel_binding": {"disable", "prefer"}, "gssencmode": {"disable", "prefer"}}
"""Parameters that we can follow only as far as these values go."""
_TIMEOUT: Final = 10


class Address(NamedTuple):
    """An address for asyncpg.

    Attributes:
        dsn: the address itself.
        timeout: how many seconds connecting may take.
    """

    dsn: str
    timeout: int = _TIMEOUT


def unreadable(url: str) -> CannotOpen:
    """The error for an address that has no meaning. What is wrong with it is not quoted: it may be a password."""
    return CannotOpen(
        f"The database's address {without_password(url)} cannot be understood.",
        "Write it as postgresql://USER@HOST:PORT/NAME, with %40 for an @ in a name, and parameters as in docs/team.md.",
    )


def read_address(url: str) -> Address:
    """What asyncpg makes of `url` (`postgresql://…`). Raises CannotOpen for a parameter that we cannot follow."""
    base, _, query = url.partition("?")
    given = dict(parse_qsl(query, keep_blank_values=True))
    timeout = given.pop("connect_timeout", str(_TIMEOUT))
    if not timeout.strip().isdecimal():
        raise CannotOpen("“connect_timeout” in the database's address is not a number.", "Give it in seconds.")
    given.setdefault("application_name", given.pop("fallback_application_name", "coterie"))
    for name, value in list(given.items()):
        if name in _NEEDLESS or value in _WEAK.get(name, ()) or not value:
            del given[name]
        elif name not in _KNOWN:
            raise CannotOpen(
                f"Coterie cannot follow “{name}” in the database's address.",
                "Leave it out; docs/team.md says what works.",
            )
    return Address(f"{base}?{urlencode(given)}", int(timeout) or 10**6)
