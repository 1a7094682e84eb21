"""The server of a domain as DNS names it: SRV and TXT records (RFC 6764, sections 3 to 5).

Only `_carddavs` counts, since passwords go over https alone. Whoever answers may lie, as most domains are not signed:
the caller sends the password to servers of the same owner only, and tells the user of others (RFC 6764, section 8).
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from dns.asyncresolver import Resolver

SECONDS: Final = 4.0
"""How long to wait for DNS: discovery goes on without it."""
_SERVICE: Final = "_carddavs._tcp."
_PATH: Final = b"path="


async def server_of(domain: str, resolver: Resolver | None = None) -> str:
    """The https address of the CardDAV server of a domain; empty if DNS names none, or does not answer.

    Args:
        domain: such as `example.org`.
        resolver: whom to ask; the system's, if it is None.
    """
    if not is_domain(domain):
        return ""
    import dns.asyncresolver  # a tenth of a second, which only a sign-in has to wait for
    import dns.exception
    import dns.resolver

    try:
        asked = resolver or dns.asyncresolver.Resolver()
        answers = await asked.resolve(_SERVICE + domain, "SRV", lifetime=SECONDS, search=False)
        services = sorted(
            (record.priority, -record.weight, record.target.to_text(omit_final_dot=True), record.port)
            for record in answers
        )
        if not services or services[0][2] in {"", "."}:  # “.”: there is decidedly none (RFC 2782)
            return ""
        path = await _path(asked, domain)
    except (dns.exception.DNSException, OSError, UnicodeError):
        return ""
    _, _, host, port = services[0]
    return f"https://{host.lower()}{f':{port}' if port != 443 else ''}{path}"


async def _path(resolver: Resolver, domain: str) -> str:
    """The path that the TXT record names, `/` if it names none."""
    import dns.exception

    try:
        answers = await resolver.resolve(_SERVICE + domain, "TXT", lifetime=SECONDS, search=False)
    except dns.exception.DNSException:
        return "/"
    texts = (text for record in answers for text in record.strings)
    paths = [text[len(_PATH) :] for text in texts if text.lower().startswith(_PATH)]
    path = quote(paths[0].decode("utf-8", "replace"), safe="/%:@!$&'()*+,;=~") if paths else ""
    return path if path.startswith("/") and not path.startswith("//") else "/"


def is_domain(text: str) -> bool:
    """Whether a text is a domain for which records can be asked: no address of a machine, port or path."""
    if "." not in text.strip(".") or any(letter in text for letter in "/:@?# "):
        return False
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return not text.rstrip(".").endswith(".localhost")
    return False
