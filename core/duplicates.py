"""Candidate pairs of duplicates: what makes one, and why. Nothing here decides: the user does.

A shared e-mail address or phone number is a reason by itself. A shared name is one only with a second sign (the
same company, mail domain, …), and so is a similar name: among a million people likeness of names alone makes hundreds
of thousands of pairs. Not everybody is compared with everybody: only contacts that share a sign are compared, and
what more than MAX_SHARING contacts share is no sign. `core.store.duplicates` finds those that share one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Final, NamedTuple

from coterie.core.model import Contact
from coterie.core.text import email_key, fold, phone_key

MAX_SHARING: Final = 20
"""What more contacts than this have in common is a switchboard or a mailing list, and no sign of one person."""
MIN_DIGITS: Final = 7
"""Shorter numbers are extensions."""
COMPARED_DIGITS: Final = 9
"""Only the last digits of a number count: country and area codes are written or left out before them."""
LIKENESS: Final = 90
"""From here on, of 100 by rapidfuzz, two names are alike: one typing error in a name of ten letters."""

_TOKENS: Final = re.compile(r"[^\W_]+")
# Domains that say nothing about who somebody is.
_PUBLIC: Final = frozenset({
    "gmail.com", "googlemail.com", "yahoo.com", "ymail.com", "outlook.com", "hotmail.com", "live.com", "msn.com",
    "icloud.com", "me.com", "mac.com", "aol.com", "gmx.net", "gmx.de", "gmx.com", "web.de", "t-online.de", "proton.me",
    "protonmail.com", "pm.me", "mail.com", "fastmail.com", "zoho.com", "yandex.ru", "mail.ru", "qq.com", "163.com",
    "126.com", "hotmail.co.uk", "yahoo.co.uk", "btinternet.com", "yahoo.fr", "orange.fr", "free.fr", "wanadoo.fr",
    "laposte.net", "libero.it", "yahoo.it", "hotmail.fr", "hotmail.it", "yahoo.es", "hotmail.es", "bluewin.ch",
    "comcast.net",
})  # fmt: skip
_PUBLIC_MAILBOXES: Final = frozenset({
    "info", "mail", "office", "contact", "hello", "sales", "support", "admin", "team", "service", "kontakt",
})  # fmt: skip


class Reason(StrEnum):
    """Why two contacts may be one; the value is what the user reads."""

    EMAIL = "same e-mail"
    PHONE = "same phone"
    NAME = "same name"
    SIMILAR = "similar name"
    COMPANY = "same company"
    DOMAIN = "same e-mail domain"
    MAILBOX = "same name before the @"
    BARE = "one has neither e-mail nor phone"


_SCORES: Final = {
    Reason.EMAIL: 55, Reason.PHONE: 45, Reason.NAME: 35, Reason.SIMILAR: 20,
    Reason.COMPANY: 15, Reason.DOMAIN: 10, Reason.MAILBOX: 20, Reason.BARE: 10,
}  # fmt: skip
STRONG: Final = frozenset({Reason.EMAIL, Reason.PHONE})
"""Reasons by themselves, whatever the names."""
_NAMES: Final = frozenset({Reason.NAME, Reason.SIMILAR})
_OTHER_NAME: Final = 25  # is taken off if both have names that are not alike


class Key(NamedTuple):
    """What is compared of a contact: its name's parts in alphabetical order, and the keys of the rest."""

    id: int
    name: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    company: str = ""

    @property
    def is_bare(self) -> bool:
        """Whether it has neither e-mail nor phone."""
        return not self.emails and not self.phones


class Pair(NamedTuple):
    """Two contacts that may be one: their ids (`a < b`), how sure it is (of 100), and why."""

    a: int
    b: int
    score: int
    reasons: tuple[Reason, ...]


def name_key(name: str) -> str:
    """The parts of a name in alphabetical order: `Lovelace, Ada` and `ada lovelace` are one name."""
    return " ".join(sorted(_TOKENS.findall(fold(name))))


def is_role(mailbox: str) -> bool:
    """Whether what stands before the @ names what a mailbox is for (`info`), and nobody."""
    return mailbox in _PUBLIC_MAILBOXES


def number_key(phone_norm: str) -> str:
    """The digits by which two numbers (`core.text.phone_key`) are one; empty if there are too few."""
    digits = phone_norm.replace("+", "")
    return digits[-COMPARED_DIGITS:] if len(digits) >= MIN_DIGITS else ""


def make_key(contact_id: int, name: str, emails: Iterable[str], phones: Iterable[str], company: str) -> Key:
    """The key of a contact with these texts, as they are written."""
    return Key(
        contact_id,
        name_key(name),
        tuple(key for email in emails if (key := email_key(email))),
        tuple(key for phone in phones if (key := number_key(phone_key(phone)))),
        fold(company),
    )


def key_of(contact: Contact) -> Key:
    """The key of a stored contact."""
    return make_key(
        contact.id or 0,
        contact.name or contact.nickname,
        (email.address for email in contact.emails),
        (phone.number for phone in contact.phones),
        contact.company,
    )


# Judging -------------------------------------------------------------------------------------------------------------


class Crowded(NamedTuple):
    """The keys of addresses and numbers that more than MAX_SHARING contacts have: they are no sign."""

    emails: AbstractSet[str] = frozenset()
    phones: AbstractSet[str] = frozenset()


def compare(first: Key, second: Key, crowded: Crowded = Crowded()) -> Pair | None:  # noqa: B008 - immutable
    """The pair that two contacts make, or None if nothing speaks for it."""
    reasons = []
    if shared(first.emails, second.emails, crowded.emails):
        reasons.append(Reason.EMAIL)
    if shared(first.phones, second.phones, crowded.phones):
        reasons.append(Reason.PHONE)
    named = bool(first.name and second.name)
    if named and first.name == second.name:
        reasons.append(Reason.NAME)
    elif named and are_alike(first.name, second.name):
        reasons.append(Reason.SIMILAR)
    if not reasons:
        return None
    reasons += _further_signs(first, second, reasons)
    if STRONG.isdisjoint(reasons) and len(reasons) == 1:
        return None  # a name alone
    score = sum(_SCORES[reason] for reason in reasons)
    if named and _NAMES.isdisjoint(reasons):
        score -= _OTHER_NAME
    low, high = sorted((first.id, second.id))
    return Pair(low, high, min(score, 100), tuple(reasons))


def shared(some: Sequence[str], others: Sequence[str], crowded: AbstractSet[str]) -> list[str]:
    """The keys that two contacts share and that say something."""
    return [key for key in some if key in others and key not in crowded]


def _further_signs(first: Key, second: Key, reasons: Sequence[Reason]) -> Iterator[Reason]:
    if first.company and first.company == second.company:
        yield Reason.COMPANY
    if Reason.EMAIL not in reasons:
        if not set(own_domains(first.emails)).isdisjoint(own_domains(second.emails)):
            yield Reason.DOMAIN
        # An address that both have is very many's here: it says nothing a second time.
        some, others = set(first.emails), set(second.emails)
        if not set(_mailboxes(some - others)).isdisjoint(_mailboxes(others - some)):
            yield Reason.MAILBOX
    if Reason.NAME in reasons and STRONG.isdisjoint(reasons) and (first.is_bare or second.is_bare):
        yield Reason.BARE


def own_domains(emails: Iterable[str]) -> list[str]:
    """The domains of addresses (`email_key`), but for those of public providers, which say nothing."""
    return [domain for email in emails if (domain := email.rpartition("@")[2]) not in _PUBLIC]


def _mailboxes(emails: Iterable[str]) -> list[str]:
    return [box for email in emails if (box := email.rpartition("@")[0]) and box not in _PUBLIC_MAILBOXES]


def are_alike(first: str, second: str) -> bool:
    """Whether two names (see `name_key`) are one but for a typing error or an initial."""
    from rapidfuzz.fuzz import ratio

    some, others = set(first.split()), set(second.split())
    if all(len(token) == 1 for token in some & others):
        return False  # only names with a whole part in common are ever looked at
    if ratio(first, second, score_cutoff=LIKENESS):
        return True
    left, right = some - others, others - some
    if len(left) != 1 or len(right) != 1:
        return False
    (short, long) = sorted((left.pop(), right.pop()), key=len)
    return len(short) == 1 and long.startswith(short)


# Signs ---------------------------------------------------------------------------------------------------------------

Sign = tuple[str, ...]
"""What two contacts must share, and no more than MAX_SHARING of them, so that their names are compared."""


def second_signs(emails: Sequence[str], company: str) -> list[str]:
    """What besides a name speaks for one person: the company, mail domains, the names before the @."""
    if not emails:
        return [f"\n{company}"] if company else []
    signs = {*[f"@{domain}" for domain in own_domains(emails)], *[f"{box}@" for box in _mailboxes(emails)]}
    if company:
        signs.add(f"\n{company}")
    return list(signs)


def name_signs(key: Key) -> list[Sign]:
    """The name alone, by which a contact without e-mail and phone is found, and the name with each second sign."""
    whole = ("name", key.name)
    return [whole, *[(*whole, sign) for sign in second_signs(key.emails, key.company)]] if key.name else []


def likeness_signs(key: Key) -> list[Sign]:
    """Each part of a name with each second sign: names that are alike have one part in common."""
    seconds = second_signs(key.emails, key.company)
    return [("part", token, sign) for token in name_tokens(key.name) for sign in seconds]


def name_tokens(name: str) -> set[str]:
    """The parts of a name (see `name_key`) by which names that are alike meet: not its initials."""
    return {token for token in name.split(" ") if len(token) > 1}


# Order ---------------------------------------------------------------------------------------------------------------

_REASONS: Final = tuple(Reason)
_ID_BITS: Final = 48


def pack(pair: Pair) -> int:
    """A pair as a number, of which a million take 44 MB; surer pairs have smaller numbers."""
    places = [_REASONS.index(reason) for reason in pair.reasons]
    order = (100 - pair.score) * len(_REASONS) + places[0]
    bits = sum(1 << place for place in places)
    return (((order << _ID_BITS) + pair.a << _ID_BITS) + pair.b << len(_REASONS)) + bits


def unpack(number: int) -> Pair:
    """The pair that `pack` made a number of."""
    number, bits = divmod(number, 1 << len(_REASONS))
    number, b = divmod(number, 1 << _ID_BITS)
    order, a = divmod(number, 1 << _ID_BITS)
    reasons = tuple(reason for place, reason in enumerate(_REASONS) if bits >> place & 1)
    return Pair(a, b, 100 - order // len(_REASONS), reasons)


def ids_of(number: int) -> tuple[int, int]:
    """The ids of a packed pair."""
    mask = (1 << _ID_BITS) - 1
    number >>= len(_REASONS)
    return number >> _ID_BITS & mask, number & mask
