"""E-mail addresses that can't be: mistyped domains of well-known providers, dots in a row, endings that don't exist."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import ClassVar, Final

from coterie.core.cleanup.kind import Kind, Proposal, Usual, change
from coterie.core.model import Contact, Email
from coterie.core.text import email_key, is_email

_PROVIDERS: Final = ("gmail", "hotmail", "yahoo", "outlook", "googlemail", "icloud", "protonmail")
_REAL: Final = frozenset({
    "mail", "gail", "email", "hmail", "ymail", "cloud", "outlooks", "gmails", "yaho", "protomail", "iclod", "iclouds",
})  # fmt: skip
"""Names at a letter's distance that are somebody else's."""
_LETTERS: Final = {
    "gmail": ("gnail", "fmail", "gmsil", "gmaul", "gmaik", "gmaol"), "hotmail": ("hotnail", "hotmsil", "hitmail"),
    "yahoo": ("yshoo", "uahoo", "yahpo"), "outlook": ("outlokk", "oitlook"),
}  # fmt: skip
"""Mistyped by a neighbor on the keyboard."""
_COM: Final = frozenset(["con", "cpm", "cmo", "ocm", "vom", "xom", "comm", "coom", "cim"])
"""Endings that no registry has, for `com`."""
_ENDINGS: Final = {**dict.fromkeys(_COM, "com"), "ent": "net", "nte": "net", "ogr": "org", "rog": "org"}
_OTHER_COM: Final = frozenset({"co", "cm", "om"})
"""Endings of countries, where these providers give nobody an address."""
_DOTTED: Final = frozenset({"docomo.ne.jp", "ezweb.ne.jp", "au.com", "disney.ne.jp"})
"""Carriers that have given out addresses with dots in a row, or before the @."""
_DOTS: Final = re.compile(r"\.{2,}")


class EmailTypos(Kind):
    """A domain is a mistyped one only if nobody else can have it."""

    id: ClassVar[str] = "email-typos"
    title: ClassVar[str] = "E-mail addresses that can't be"
    about: ClassVar[str] = "Mistyped domains such as gmial.com and gmail.con, and dots in a row."

    def propose(self, contact: Contact, usual: Usual) -> Proposal | None:
        """The addresses as they must have been meant; one that the contact has already goes."""
        if not any(_mended(email.address) for email in contact.emails):
            return None
        emails: dict[str, Email] = {}
        reason = ""
        for email in contact.emails:
            mended = _mended(email.address)
            reason = reason or (f"{email.address} was mistyped" if mended else "")
            new = replace(email, address=mended) if mended else email
            emails.setdefault(email_key(new.address), new)
        return change(contact, replace(contact, emails=tuple(emails.values())), "emails", reason)


def _mended(address: str) -> str:
    """The address that must have been meant; empty if nothing is wrong, or nobody can tell."""
    box, at, domain = address.rpartition("@")
    if not at or not box or '"' in box or "[" in domain:
        return ""
    new = _mended_domain(domain)
    if new not in _DOTTED:
        box = _DOTS.sub(".", box).strip(".")
    made = f"{box}@{new}"
    return made if made != address and is_email(made) else ""


def _mended_domain(domain: str) -> str:
    cleaned = _DOTS.sub(".", domain.replace(",", ".")).strip(".")
    name, dot, ending = cleaned.rpartition(".")
    lowered, last = name.casefold(), ending.casefold()
    if not dot:
        return f"{cleaned}.com" if cleaned.casefold() in _PROVIDERS else cleaned
    last_meant = _ENDINGS.get(last, last)
    if lowered in _PROVIDERS and last in _OTHER_COM:
        last_meant = "com"
    meant = _typos().get(lowered, "") if last_meant == "com" or last in _OTHER_COM else ""
    if meant:
        return f"{meant}.com"
    return f"{name}.{last_meant}" if last_meant != last else cleaned


@cache
def _typos() -> dict[str, str]:
    """Each mistyped name with the provider that was meant."""
    typos: dict[str, str] = {}
    for provider in _PROVIDERS:
        swapped = [
            provider[:at] + provider[at + 1] + provider[at] + provider[at + 2 :] for at in range(len(provider) - 1)
        ]
        missing = [provider[:at] + provider[at + 1 :] for at in range(1, len(provider))]
        doubled = [provider[: at + 1] + provider[at:] for at in range(len(provider))]
        for typo in (*swapped, *missing, *doubled, *_LETTERS.get(provider, ())):
            if typo not in _PROVIDERS and typo not in _REAL:
                typos.setdefault(typo, provider)
    return typos
