"""Candidate pairs of duplicates: what makes one, and which come first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.duplicates import Crowded, Key, Pair, Reason, compare, key_of, make_key, pack, unpack
from coterie.core.model import Contact, Email, Phone


def _key(one: int, name: str = "", email: str = "", phone: str = "", company: str = "") -> Key:
    return make_key(one, name, [email] if email else [], [phone] if phone else [], company)


ADA = _key(1, "Ada Lovelace", "ada@example.org", "+44 20 7946 0958", "Analytical Engines")


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        (_key(2, "Countess", "ADA@example.org"), {Reason.EMAIL}),
        (_key(2, "Countess", "", "(020) 7946-0958"), {Reason.PHONE}),
        (_key(2, "ada  LOVELACE", company="analytical engines"), {Reason.NAME, Reason.COMPANY, Reason.BARE}),
        (_key(2, "Lovelace, Ada", "lovelace@example.org"), {Reason.NAME, Reason.DOMAIN}),
        (_key(2, "Ada Lovelace", "ada@example.net"), {Reason.NAME, Reason.MAILBOX}),
        (_key(2, "Ada Lovelace"), {Reason.NAME, Reason.BARE}),
        (_key(2, "Ada Lovelcae", "x@example.com", company="Analytical Engines"), {Reason.SIMILAR, Reason.COMPANY}),
        (_key(2, "A. Lovelace", "x@example.org"), {Reason.SIMILAR, Reason.DOMAIN}),
        (_key(2, "Ada Lovelace", "ada@example.org", "+44 20 7946 0958", "Analytical Engines"),
         {Reason.EMAIL, Reason.PHONE, Reason.NAME, Reason.COMPANY}),
    ],
)  # fmt: skip
def test_is_a_pair(other: Key, reasons: set[Reason]) -> None:
    pair = compare(ADA, other)
    assert pair is not None
    assert set(pair.reasons) == reasons


@pytest.mark.parametrize(
    "other",
    [
        _key(2, "Ada Lovelace", "al@example.net", company="Royal Society"),  # a namesake
        _key(2, "Ada Lovelcae", "x@example.net"),  # a similar name, and nothing else
        _key(2, "Charles Babbage", "charles@example.org", company="Analytical Engines"),  # a colleague
        _key(2, "", company="Analytical Engines"),
        _key(2),
    ],
)
def test_is_no_pair(other: Key) -> None:
    assert compare(ADA, other) is None


def test_public_mail_domains_and_short_numbers_are_no_sign() -> None:
    one, other = _key(1, "Ada Lovelace", "al@gmail.com", "110"), _key(2, "Ada Lovelace", "ada@gmail.com", "110")
    assert compare(one, other) is None


def test_what_very_many_share_is_no_sign() -> None:
    one, other = _key(1, "Ada", "us@acme.example", "7654321"), _key(2, "Bob", "us@acme.example", "7654321")
    both = compare(one, other, Crowded(frozenset(one.emails)))
    assert both is not None
    assert set(both.reasons) == {Reason.PHONE, Reason.DOMAIN}
    assert compare(one, other, Crowded(frozenset(one.emails), frozenset(one.phones))) is None


def test_other_names_make_a_shared_address_less_sure() -> None:
    same, other = _key(2, "Ada Lovelace", "ada@example.org"), _key(3, "Charles Babbage", "ada@example.org")
    sure, unsure = compare(ADA, same), compare(ADA, other)
    assert sure is not None
    assert unsure is not None
    assert 0 < unsure.score < sure.score <= 100


_PAIRS = st.builds(
    lambda a, b, score, reasons: Pair(a, b, score, tuple(one for one in Reason if one in reasons)),
    st.integers(1, 2**40),
    st.integers(1, 2**40),
    st.integers(0, 100),
    st.sets(st.sampled_from(Reason), min_size=1),
)


@given(_PAIRS)
def test_a_packed_pair_comes_back(pair: Pair) -> None:
    assert unpack(pack(pair)) == pair


@given(_PAIRS, _PAIRS)
def test_surer_pairs_come_first(one: Pair, other: Pair) -> None:
    if one.score > other.score:
        assert pack(one) < pack(other)


def test_keys_of_contacts() -> None:
    contact = Contact(
        id=7, name="Müller, Zoë", emails=(Email("Zoe@Example.org"),), phones=(Phone("+44 20 7946 0958"), Phone("110")),
        company="Ä & Co",
    )  # fmt: skip
    assert key_of(contact) == Key(7, "muller zoe", ("zoe@example.org",), ("079460958",), "a & co")
