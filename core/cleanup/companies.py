"""Companies spelled in several ways: ACME Ltd., Acme Limited, acme ltd."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from typing import ClassVar, Final

from coterie.core.cleanup.kind import Kind, Proposal, Usual, change
from coterie.core.cleanup.spellings import Domains, by_key, mistyped, replaced
from coterie.core.model import Contact
from coterie.core.text import fold

_LONG_FORMS: Final = {"limited": "ltd", "incorporated": "inc", "corporation": "corp", "company": "co"}
_FORMS: Final = {
    **{form: form for form in (
        "ltd", "inc", "llc", "llp", "plc", "corp", "co", "gmbh", "ag", "kg", "ug", "ohg", "ev", "se", "sa", "sas",
        "sarl", "srl", "spa", "bv", "nv", "ab", "as", "oy", "oyj", "aps", "pty", "sl", "kk",
    )},
    **_LONG_FORMS,
}  # fmt: skip
"""Legal forms, as they are written and what they are."""
_JOINED: Final = re.compile(r"[.'’ʼ`´]")
_WORD: Final = re.compile(r"[^\W_]+|[+#@]")
_AND: Final = re.compile(r"\s*(?:&|\+(?=\s)|\band\b|\bund\b|\bet\b|\by\b)\s*")
_APART: Final = 5
"""Shorter names keep their blanks in the fingerprint."""


class Companies(Kind):
    """Two legal forms are two companies, and so are two spellings whose people have addresses in other domains."""

    id: ClassVar[str] = "companies"
    title: ClassVar[str] = "Companies spelled in several ways"
    about: ClassVar[str] = "The spelling that is used most takes the place of the others."

    def propose(self, contact: Contact, usual: Usual) -> Proposal | None:
        """The spelling that is used most."""
        best = usual.companies.get(contact.company)
        if best is None:
            return None
        after = replace(contact, company=best)
        if contact.name == contact.company:  # the company itself
            after = replace(after, name=best)
        return change(contact, after, "company", f"mostly written {best}")


def fingerprint(company: str) -> tuple[str, str]:
    """What makes two spellings one company: its words, and its legal form (empty if it has none)."""
    text = _AND.sub(" & ", _JOINED.sub("", fold(company)))
    words = _WORD.findall(text.replace("&", " and "))
    forms: list[str] = []
    while len(words) > 1 and words[-1] in _FORMS:
        forms.insert(0, _FORMS[words.pop()])
        if words[-1] == "and" and len(words) > 1:  # GmbH & Co. KG
            words.pop()
            forms.insert(0, "and")
    stem = "".join(words)
    return (stem if len(stem) >= _APART else " ".join(words)), " ".join(forms)


def spellings(counts: Mapping[str, int], domains: Domains) -> dict[str, str]:
    """Each spelling that gives way, and the one that stays.

    Args:
        counts: how many contacts have each company, as it is written.
        domains: the domains of these contacts, but for those of public providers.
    """
    stems = by_key(counts, lambda spelling: fingerprint(spelling)[0])
    clusters = list(chain.from_iterable(_by_form(group, domains) for group in stems.values()))
    made = replaced((cluster for cluster in clusters if len(cluster) > 1), counts)
    weights = {stem: sum(counts[spelling] for spelling in group) for stem, group in stems.items()}
    stem_domains = {
        stem: frozenset(chain.from_iterable(domains.get(spelling, ()) for spelling in group))
        for stem, group in stems.items()
    }
    for wrong, right in mistyped(weights, stem_domains):
        forms, others = ({fingerprint(spelling)[1] for spelling in stems[stem]} for stem in (wrong, right))
        if forms <= {"", *others}:
            best = max(stems[right], key=lambda spelling: (counts[spelling], spelling))
            made |= dict.fromkeys(stems[wrong], made.get(best, best))
    return {old: made.get(new, new) for old, new in made.items()}


def _by_form(group: list[str], domains: Domains) -> Iterator[list[str]]:
    """The spellings of one name, those of different companies apart."""
    forms: dict[str, list[str]] = defaultdict(list)
    for spelling in group:
        forms[fingerprint(spelling)[1]].append(spelling)
    named = [form for form in forms if form]
    if len(named) == 1 and "" in forms and _may_be_one(forms[""], forms[named[0]], domains):
        yield [*forms[""], *forms[named[0]]]
    else:
        yield from forms.values()


def _may_be_one(some: list[str], others: list[str], domains: Domains) -> bool:
    mine, theirs = _domains_of(some, domains), _domains_of(others, domains)
    return not mine or not theirs or not mine.isdisjoint(theirs)


def _domains_of(group: list[str], domains: Domains) -> frozenset[str]:
    return frozenset(chain.from_iterable(domains.get(spelling, ()) for spelling in group))
