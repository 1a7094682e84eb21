"""Merging: one contact of several, an import into a known contact, and edits on two sides. Nothing is ever lost."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.fields.attributes import ATTRIBUTES
from coterie.core.fields.name_parts import NAME_PARTS
from coterie.core.fields.values import with_value
from coterie.core.merge import absorb, merge
from coterie.core.merge3 import FieldConflict, merge3, settle
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.text import email_key, group_key, phone_key

ADA = Contact(
    id=1, name="Ada Lovelace", given_name="Ada", family_name="Lovelace", company="Analytical Engines",
    job_title="Programmer", emails=(Email("ada@example.org", "work", primary=True),), groups=("Friends",),
    phones=(Phone("+44 20 7946 0958"),), version=7,
)  # fmt: skip

# Strategies with few values, so that they meet ---------------------------------------------------------------------

_WORD = st.sampled_from(["", "Ada", "ADA", "Ada Byron", "Dr", "Ünal", "  ada", "Lovelace", "x"])
_LABEL = st.sampled_from(["", "home", "work"])
_EMAILS = st.lists(
    st.builds(Email, st.sampled_from(["a@x.org", "A@x.org", "b@x.org", "c@x.org"]), _LABEL), max_size=3,
    unique_by=lambda email: email_key(email.address),
).flatmap(lambda emails: st.integers(-1, len(emails) - 1).map(
    lambda first: tuple(replace(email, primary=place == first) for place, email in enumerate(emails))
))  # fmt: skip
_PHONES = st.lists(st.builds(Phone, st.sampled_from(["1234567", "123 45 67", "7654321", "ext"]), _LABEL), max_size=3,
                   unique_by=lambda phone: phone_key(phone.number) or phone.number).map(tuple)  # fmt: skip
_ADDRESSES = st.lists(
    st.builds(Address, street=_WORD, city=_WORD, country=st.sampled_from(["", "UK"]), label=_LABEL), max_size=2
).map(tuple)
_URLS = st.lists(st.builds(Url, st.sampled_from(["http://x.org", "http://X.org/", "http://y.org"]), _LABEL), max_size=2,
                 unique_by=lambda url: url.url.casefold().rstrip("/")).map(tuple)  # fmt: skip
_GROUPS = st.lists(st.sampled_from(["Friends", "friends", "Choir", "Work"]), max_size=3, unique_by=group_key).map(
    lambda names: tuple(sorted(names, key=group_key))
)
_CUSTOM = st.dictionaries(
    st.sampled_from(["Size", "Size (2)", "Company", "Company (2)", "Company (3)"]), _WORD, max_size=3
)
CONTACTS = st.builds(
    Contact, name=_WORD, nickname=_WORD, company=_WORD, department=_WORD, job_title=_WORD, notes=_WORD,
    favorite=st.booleans(), birthday=st.sampled_from(["", "1815-12-10", "--12-10", "1816-12-10"]), emails=_EMAILS,
    phones=_PHONES, addresses=_ADDRESSES, urls=_URLS, groups=_GROUPS, custom=_CUSTOM,
    **dict.fromkeys(NAME_PARTS, _WORD),
)  # fmt: skip


def _said(contact: Contact) -> str:
    """Everything that a contact says, as one text."""
    texts = [value for name in ATTRIBUTES if isinstance(value := getattr(contact, name), str)]
    return group_key(f" {' | '.join([*texts, *contact.custom.values()])} ")


# merge and absorb --------------------------------------------------------------------------------------------------


def test_unites_lists_and_fills_what_is_empty() -> None:
    other = Contact(
        name="ada lovelace", nickname="Countess", birthday="1815-12-10", favorite=True, groups=("Choir", "friends"),
        emails=(Email("ADA@example.org", "home"), Email("countess@example.net", primary=True)),
        phones=(Phone("+442079460958", "home"), Phone("110")), urls=(Url("https://example.org"),),
    )  # fmt: skip
    merged = merge([other, ADA], ADA)
    assert merged == replace(
        ADA, nickname="Countess", birthday="1815-12-10", favorite=True, groups=("Choir", "Friends"),
        emails=(Email("ada@example.org", "work", primary=True), Email("countess@example.net")),
        phones=(Phone("+44 20 7946 0958", "home"), Phone("110")), urls=(Url("https://example.org"),),
    )  # fmt: skip


def test_what_differs_goes_to_custom_fields() -> None:
    first = replace(ADA, company="Royal Society", job_title="Fellow", id=2)
    second = Contact(name="Augusta Ada King", company="Royal Society", id=3)
    merged = merge([first, second], ADA)
    assert (merged.company, merged.job_title, merged.name, merged.id) == (
        "Analytical Engines", "Programmer", "Ada Lovelace", 1,
    )  # fmt: skip
    assert merged.custom == {
        "Company (2)": "Royal Society", "Job title (2)": "Fellow", "Name (2)": "Augusta Ada King",
    }  # fmt: skip


def test_another_difference_gets_the_next_number() -> None:
    merged = merge([Contact(company="B"), Contact(company="C"), Contact(company="b")], Contact(company="A"))
    assert merged.custom == {"Company (2)": "B", "Company (3)": "C"}


def test_a_job_title_never_moves_to_another_company() -> None:
    merged = merge([Contact(company="B", job_title="Boss")], Contact(company="A"))
    assert merged.job_title == ""
    assert merged.custom == {"Company (2)": "B", "Job title (2)": "Boss"}


def test_notes_are_joined_once() -> None:
    merged = merge([Contact(notes="Met in Rome."), Contact(notes="met in  rome.")], Contact(notes="Likes tea."))
    assert merged.notes == "Likes tea.\n\nMet in Rome."


@pytest.mark.parametrize(("kept", "other"), [("--12-10", "1815-12-10"), ("1815-12-10", "--12-10")])
def test_a_birthday_learns_its_year(kept: str, other: str) -> None:
    merged = merge([Contact(birthday=other)], Contact(birthday=kept))
    assert (merged.birthday, merged.custom) == ("1815-12-10", {})


def test_a_date_in_some_countrys_order_is_no_other_birthday() -> None:
    for other in ("03/02/1980", "2.3.1980"):
        assert merge([Contact(birthday=other)], Contact(birthday="1980-02-03")) == Contact(birthday="1980-02-03")
    assert merge([Contact(birthday="1980-02-04")], Contact(birthday="1980-02-03")).custom == {
        "Birthday (2)": "1980-02-04"
    }


def test_an_address_that_says_more_replaces_the_one_that_says_less() -> None:
    short, long = Address(city="London", label="home"), Address("1 High St", "London", country="UK")
    assert merge([Contact(addresses=(long,))], Contact(addresses=(short,))).addresses == (replace(long, label="home"),)
    assert merge([Contact(addresses=(short,))], Contact(addresses=(long,))).addresses == (replace(long, label="home"),)


@given(CONTACTS, CONTACTS)
def test_merging_twice_changes_nothing(keep: Contact, other: Contact) -> None:
    merged = merge([other], keep)
    assert merge([other], merged) == merged
    assert absorb(merged, other) == {}
    assert absorb(merged, keep) == {}


@given(CONTACTS)
def test_a_contact_adds_nothing_to_itself(contact: Contact) -> None:
    assert merge([contact, replace(contact, id=5)], contact) == contact


@given(CONTACTS, CONTACTS)
def test_nothing_is_lost(keep: Contact, other: Contact) -> None:
    merged = merge([other], keep)
    said = _said(merged)
    for side in (keep, other):
        texts = [getattr(side, name) for name in ATTRIBUTES if isinstance(getattr(side, name), str)]
        for text in (*texts, *side.custom.values()):
            assert group_key(text).removeprefix("--") in said
        assert {email_key(e.address) for e in side.emails} <= {email_key(e.address) for e in merged.emails}
        assert {phone_key(p.number) for p in side.phones} <= {phone_key(p.number) for p in merged.phones}
        assert {u.url.casefold().rstrip("/") for u in side.urls} <= {u.url.casefold().rstrip("/") for u in merged.urls}
        assert set(map(group_key, side.groups)) <= set(map(group_key, merged.groups))
        for address in side.addresses:
            wanted = {group_key(part) for part in (address.street, address.city, address.country)}
            assert any(
                wanted <= {"", group_key(a.street), group_key(a.city), group_key(a.country)} for a in merged.addresses
            )
    assert merged.favorite == (keep.favorite or other.favorite)
    assert sum(email.primary for email in merged.emails) <= 1


@given(CONTACTS, CONTACTS)
def test_what_is_kept_wins(keep: Contact, other: Contact) -> None:
    merged = merge([other], keep)
    for name in ("name", "company", "job_title", "nickname"):
        if getattr(keep, name):
            assert getattr(merged, name) == getattr(keep, name)


@given(CONTACTS, CONTACTS)
def test_absorb_tells_exactly_what_changes(known: Contact, incoming: Contact) -> None:
    changes = absorb(known, incoming)
    merged = known
    for name, value in changes.items():
        assert value != getattr(known, name)
        merged = with_value(merged, name, value)
    assert merged == merge([incoming], known)


def test_an_import_of_the_same_again_is_quick() -> None:
    incoming = replace(ADA, id=None)
    start = time.perf_counter()
    for _ in range(1000):
        assert absorb(ADA, incoming) == {}
    assert time.perf_counter() - start < 0.2  # 0.2 ms a row; it takes 0.005


# merge3 ------------------------------------------------------------------------------------------------------------


def _three(base: Contact, ours: Contact, theirs: Contact) -> tuple[Contact, list[FieldConflict]]:
    return merge3(base, ours, theirs, ATTRIBUTES)


@given(CONTACTS, CONTACTS)
def test_the_side_that_changed_wins(base: Contact, changed: Contact) -> None:
    assert _three(base, base, changed) == (changed, [])
    assert _three(base, changed, base) == (changed, [])


@given(CONTACTS, CONTACTS)
def test_the_same_change_is_no_conflict(base: Contact, both: Contact) -> None:
    assert _three(base, both, both) == (both, [])


@given(CONTACTS, CONTACTS, CONTACTS)
def test_where_both_changed_ours_stays_and_theirs_is_told(base: Contact, ours: Contact, theirs: Contact) -> None:
    merged, conflicts = _three(base, ours, theirs)
    told = {conflict.field: conflict for conflict in conflicts}
    for name in ("company", "notes", "birthday", "nickname"):
        was, here, there = getattr(base, name), getattr(ours, name), getattr(theirs, name)
        if len({was, here, there}) == 3:
            assert getattr(merged, name) == here
            assert (told[name].ours, told[name].theirs) == (here, there)
        else:
            assert name not in told


@given(CONTACTS, CONTACTS, CONTACTS)
def test_lists_are_merged_value_by_value(base: Contact, ours: Contact, theirs: Contact) -> None:
    merged, _ = _three(base, ours, theirs)
    was, here, there, now = ({email_key(e.address) for e in c.emails} for c in (base, ours, theirs, merged))
    assert (here | there) - was <= now <= here | there  # what is new stays, nothing appears from nowhere
    assert here & there <= now
    groups = [set(map(group_key, c.groups)) for c in (base, ours, theirs, merged)]
    assert groups[3] == (groups[1] & groups[2]) | (groups[1] - groups[0]) | (groups[2] - groups[0])
    assert sum(email.primary for email in merged.emails) <= 1


@given(CONTACTS, CONTACTS, CONTACTS)
def test_a_settled_conflict_is_gone(base: Contact, ours: Contact, theirs: Contact) -> None:
    merged, conflicts = _three(base, ours, theirs)
    for conflict in conflicts:
        settled = settle(merged, conflict)
        value: Any = getattr(settled, conflict.field)
        assert conflict.theirs in (value, *(value.values() if isinstance(value, dict) else value))


@given(CONTACTS, CONTACTS, CONTACTS)
def test_fields_that_the_other_side_does_not_keep_stay_ours(base: Contact, ours: Contact, theirs: Contact) -> None:
    merged, _ = merge3(base, ours, theirs, {"emails", "company"})
    assert replace(merged, emails=(), company="") == replace(ours, emails=(), company="")


def test_edits_of_different_fields_and_values_meet() -> None:
    ours = replace(ADA, notes="Tea", emails=(*ADA.emails, Email("new@example.org")), groups=("Choir", "Friends"))
    theirs = replace(ADA, job_title="Countess", emails=(Email("ada@example.org", "home", primary=True),), groups=())
    merged, conflicts = _three(ADA, ours, theirs)
    assert conflicts == []
    assert merged == replace(
        ADA, notes="Tea", job_title="Countess", groups=("Choir",),
        emails=(Email("ada@example.org", "home", primary=True), Email("new@example.org")),
    )  # fmt: skip


def test_what_one_side_removed_and_the_other_changed_stays() -> None:
    theirs = replace(ADA, phones=(Phone("+44 20 7946 0958", "mobile"),))
    merged, conflicts = _three(ADA, replace(ADA, phones=()), theirs)
    assert (merged.phones, conflicts) == (theirs.phones, [])
    merged, conflicts = _three(ADA, theirs, replace(ADA, phones=()))
    assert (merged.phones, conflicts) == (theirs.phones, [])


def test_different_labels_of_one_address_are_a_conflict_that_can_be_settled() -> None:
    ours = replace(ADA, emails=(Email("ada@example.org", "home", primary=True),))
    theirs = replace(ADA, emails=(Email("ada@example.org", "other", primary=True),))
    merged, conflicts = _three(ADA, ours, theirs)
    assert merged == ours
    assert [conflict.field for conflict in conflicts] == ["emails"]
    assert settle(merged, conflicts[0]) == theirs


def test_given_name_here_and_family_name_there_make_one_name() -> None:
    base = Contact(name="Ada Byron", given_name="Ada", family_name="Byron")
    ours = replace(base, name="Augusta Byron", given_name="Augusta")
    theirs = replace(base, name="Ada Lovelace", family_name="Lovelace")
    merged, conflicts = _three(base, ours, theirs)
    assert (merged.name, conflicts) == ("Augusta Lovelace", [])
