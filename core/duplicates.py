"""Candidate pairs of duplicates, with their reasons. Nothing here decides: the user does.

A shared e-mail address or telephone number is a reason by itself. A shared name is one only with a second sign (the
same company, mail domain, …), and so is a similar name: among a million people likeness of names alone makes hundreds
of thousands of pairs. Comparing everybody with everybody is never needed: only who shares a sign is compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import combinations
from typing import Final, NamedTuple

from core.model import Contact
from core.text import email_key, fold, phone_key

MAX_SHARING: Final = 20
"""What more contacts than this have in common is a switchboard or a mailing list, and no sign of one person."""
MIN_DIGITS: Final = 7
"""Shorter numbers are extensions."""

_COMPARED_DIGITS: Final = 9  # country and area codes are written or left out before them
_PART: Final = 400_000
_LIKENESS: Final = 90  # of 100, by rapidfuzz: one typing error in a name of ten letters
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
    DOMAIN = "same mail domain"
    MAILBOX = "same name before the @"
    BARE = "one has neither e-mail nor phone"


_SCORES: Final = {
    Reason.EMAIL: 55, Reason.PHONE: 45, Reason.NAME: 35, Reason.SIMILAR: 20,
    Reason.COMPANY: 15, Reason.DOMAIN: 10, Reason.MAILBOX: 20, Reason.BARE: 10,
}  # fmt: skip
_STRONG: Final = frozenset({Reason.EMAIL, Reason.PHONE})
_NAMES: Final = frozenset({Reason.NAME, Reason.SIMILAR})
_OTHER_NAME: Final = 25  # is taken off where both have names that are not alike


class Key(NamedTuple):
    """What is compared of a contact; see `key_of`."""

    id: int
    name: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    company: str = ""


class Pair(NamedTuple):
    """Two contacts that may be one: their ids (`a < b`), how sure it is (of 100), and why."""

    a: int
    b: int
    score: int
    reasons: tuple[Reason, ...]


def make_key(contact_id: int, name: str, emails: Iterable[str], phones: Iterable[str], company: str) -> Key:
    """The key of a contact with these texts, as they are written."""
    return Key(
        contact_id,
        " ".join(sorted(_TOKENS.findall(fold(name)))),
        tuple(key for email in emails if (key := email_key(email))),
        tuple(number for phone in phones if (number := _number(phone))),
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


def _number(phone: str) -> str:
    digits = phone_key(phone).replace("+", "")
    return digits[-_COMPARED_DIGITS:] if len(digits) >= MIN_DIGITS else ""


def compare(first: Key, second: Key) -> Pair | None:
    """The pair that two contacts make, or None where nothing speaks for it."""
    reasons = []
    if any(email in second.emails for email in first.emails):
        reasons.append(Reason.EMAIL)
    if any(phone in second.phones for phone in first.phones):
        reasons.append(Reason.PHONE)
    named = bool(first.name and second.name)
    if named and first.name == second.name:
        reasons.append(Reason.NAME)
    elif named and _alike(first.name, second.name):
        reasons.append(Reason.SIMILAR)
    if not reasons:
        return None
    reasons += _further_signs(first, second, reasons)
    if _STRONG.isdisjoint(reasons) and len(reasons) == 1:
        return None  # a name alone
    score = sum(_SCORES[reason] for reason in reasons)
    if named and _NAMES.isdisjoint(reasons):
        score -= _OTHER_NAME
    low, high = sorted((first.id, second.id))
    return Pair(low, high, min(score, 100), tuple(reasons))


def _further_signs(first: Key, second: Key, reasons: Sequence[Reason]) -> Iterator[Reason]:
    if first.company and first.company == second.company:
        yield Reason.COMPANY
    if Reason.EMAIL not in reasons:
        if not set(_domains(first)).isdisjoint(_domains(second)):
            yield Reason.DOMAIN
        if not set(_mailboxes(first)).isdisjoint(_mailboxes(second)):
            yield Reason.MAILBOX
    if Reason.NAME in reasons and _STRONG.isdisjoint(reasons) and (_is_bare(first) or _is_bare(second)):
        yield Reason.BARE


def _domains(key: Key) -> list[str]:
    return [domain for email in key.emails if (domain := email.rpartition("@")[2]) not in _PUBLIC]


def _mailboxes(key: Key) -> list[str]:
    return [box for email in key.emails if (box := email.rpartition("@")[0]) not in _PUBLIC_MAILBOXES]


def _is_bare(key: Key) -> bool:
    return not key.emails and not key.phones


def _alike(first: str, second: str) -> bool:
    """Whether two names are one but for a typing error or an initial."""
    from rapidfuzz.fuzz import ratio

    some, others = set(first.split()), set(second.split())
    if all(len(token) == 1 for token in some & others):
        return False  # `find` meets only names that have a whole part in common
    if ratio(first, second, score_cutoff=_LIKENESS):
        return True
    left, right = some - others, others - some
    if len(left) != 1 or len(right) != 1:
        return False
    (short, long) = sorted((left.pop(), right.pop()), key=len)
    return len(short) == 1 and long.startswith(short)


# Finding -------------------------------------------------------------------------------------------------------------


def _email_signs(key: Key) -> Iterable[str]:
    return key.emails


def _phone_signs(key: Key) -> Iterable[str]:
    return key.phones


def _name_signs(key: Key) -> Iterable[str]:
    """A name with each second sign. Who is bare meets everybody of that name."""
    if not key.name:
        return
    yield key.name
    if key.company:
        yield f"{key.name}\n{key.company}"
    for domain in _domains(key):
        yield f"{key.name}\n@{domain}"
    for box in _mailboxes(key):
        yield f"{key.name}\n{box}@"


def _likeness_signs(key: Key) -> Iterable[str]:
    """Each part of a name with each second sign: names that are alike have one part in common."""
    for token in key.name.split():
        if len(token) > 1:
            if key.company:
                yield f"{token}\n{key.company}"
            for domain in _domains(key):
                yield f"{token}\n@{domain}"
            for box in _mailboxes(key):
                yield f"{token}\n{box}@"


_PASSES: Final[tuple[Callable[[Key], Iterable[str]], ...]] = (_email_signs, _phone_signs, _name_signs, _likeness_signs)


def find(keys: Iterable[Key]) -> Iterator[Pair]:
    """All candidate pairs: those of a shared e-mail, of a shared phone, of a shared name, of similar names.

    Each pair comes once, in the first of these passes that meets it; a pass gives its surest pairs first, and the
    order does not depend on that of `keys`. The first pairs come as soon as every key has been looked at once.
    """
    known = list(keys)
    found: set[tuple[int, int]] = set()
    for signs in _PASSES:
        pairs = []
        for first, second in _meetings(known, signs):
            ids = (first.id, second.id) if first.id < second.id else (second.id, first.id)
            if ids not in found and (pair := compare(first, second)):
                found.add(ids)
                pairs.append(pair)
        pairs.sort(key=lambda pair: (-pair.score, pair.a, pair.b))
        yield from pairs


def _meetings(keys: Sequence[Key], signs: Callable[[Key], Iterable[str]]) -> Iterator[tuple[Key, Key]]:
    """Everybody who shares a sign with somebody, unless very many share it."""
    parts = len(keys) // _PART + 1  # one part of the signs after the other: all at once would take 450 MB a million
    for part in range(parts):
        # One integer for a sign that one contact has, a list only where they are more: most signs are nobody else's.
        holders: dict[int, int | list[int]] = {}
        shared: list[list[int]] = []
        for place, key in enumerate(keys):
            for sign in signs(key):
                token = hash(sign)
                if token % parts != part:
                    continue
                holder = holders.setdefault(token, place)
                if isinstance(holder, list):
                    if len(holder) <= MAX_SHARING and holder[-1] != place:
                        holder.append(place)
                elif holder != place:
                    holders[token] = several = [holder, place]
                    shared.append(several)
        del holders
        for places in shared:
            if len(places) <= MAX_SHARING:
                for one, other in combinations(places, 2):
                    yield keys[one], keys[other]
