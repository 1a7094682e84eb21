"""Candidate pairs of duplicates: what makes one, in which order, and that a big book takes seconds."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.duplicates import MAX_SHARING, Key, Pair, Reason, compare, find, key_of, make_key
from core.model import Contact, Email, Phone


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
    assert list(find([ADA, other])) == [pair]


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
    assert list(find([ADA, other])) == []


def test_public_mail_domains_and_short_numbers_are_no_sign() -> None:
    one, other = _key(1, "Ada Lovelace", "al@gmail.com", "110"), _key(2, "Ada Lovelace", "ada@gmail.com", "110")
    assert compare(one, other) is None


def test_what_very_many_share_is_no_sign() -> None:
    crowd = [_key(one, f"Person {one}", phone="+44 20 7946 0000") for one in range(MAX_SHARING + 1)]
    assert list(find(crowd)) == []
    assert len(list(find(crowd[:3]))) == 3


def test_other_names_make_a_shared_address_less_sure() -> None:
    same, other = _key(2, "Ada Lovelace", "ada@example.org"), _key(3, "Charles Babbage", "ada@example.org")
    sure, unsure = compare(ADA, same), compare(ADA, other)
    assert sure is not None
    assert unsure is not None
    assert 0 < unsure.score < sure.score <= 100


def test_the_surest_come_first_within_their_pass() -> None:
    same = _key(2, "Ada Lovelace", "ada@example.org")
    other = _key(3, "Charles Babbage", "ada@example.org")
    namesake = _key(4, "Charles Babbage", "charles@example.org")
    assert [(pair.a, pair.b) for pair in find([namesake, other, ADA, same])] == [(1, 2), (1, 3), (2, 3), (3, 4)]


_KEYS = st.lists(
    st.builds(
        make_key,
        st.just(0),
        st.sampled_from(["", "Ada Lovelace", "Ada Lovelcae", "Lovelace Ada", "Charles Babbage", "C. Babbage"]),
        st.lists(st.sampled_from(["ada@x.org", "b@x.org", "ada@gmail.com", "c@gmail.com"]), max_size=2),
        st.lists(st.sampled_from(["+44 20 7946 0958", "020 79460958", "110", "7654321"]), max_size=2),
        st.sampled_from(["", "Acme", "Engines"]),
    ),
    max_size=7,
).map(lambda keys: [key._replace(id=place + 1) for place, key in enumerate(keys)])


@given(_KEYS)
def test_finds_what_comparing_everybody_with_everybody_finds(keys: list[Key]) -> None:
    found = list(find(keys))
    pairs = {pair for one in keys for other in keys if one.id < other.id and (pair := compare(one, other))}
    assert set(found) == pairs
    assert len(found) == len(pairs)


@given(_KEYS, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_that_of_the_book(keys: list[Key], chance: random.Random) -> None:
    shuffled = keys.copy()
    chance.shuffle(shuffled)
    assert list(find(shuffled)) == list(find(keys))


def test_keys_of_contacts() -> None:
    contact = Contact(
        id=7, name="Müller, Zoë", emails=(Email("Zoe@Example.org"),), phones=(Phone("+44 20 7946 0958"), Phone("110")),
        company="Ä & Co",
    )  # fmt: skip
    assert key_of(contact) == Key(7, "muller zoe", ("zoe@example.org",), ("079460958",), "a & co")


def test_a_book_of_20_000_takes_a_second() -> None:
    chance = random.Random(1)
    keys = [
        _key(
            one,
            f"name{chance.randrange(500)} family{chance.randrange(5000)}",
            f"mail{chance.randrange(18_000)}@x.org",
            f"+4420{chance.randrange(10**8):08}",
            f"company {chance.randrange(9000)}",
        )
        for one in range(20_000)
    ]
    start = time.perf_counter()
    pairs = list(find(keys))
    assert time.perf_counter() - start < 5  # it takes 0.4; all pairs of everybody would take minutes
    assert len(pairs) > 1000
    assert all(isinstance(pair, Pair) and pair.a < pair.b for pair in pairs)
