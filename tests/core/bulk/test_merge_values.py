"""Merging value by value: what is shown is what comes of it, and nothing else is lost."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from coterie.core.bulk.merge_values import Choices, Value
from coterie.core.changes import Edit
from coterie.core.fields.values import with_values
from coterie.core.merge import merge
from coterie.core.model import Contact, Email, Phone

ADA = Contact(id=1, name="Ada King", given_name="Ada", family_name="King", company="Engines", groups=("Choir",),
              emails=(Email("ada@example.org"), Email("old@example.org")), custom={"Shoe": "38"})  # fmt: skip
LOVELACE = Contact(id=2, name="Ada Lovelace", given_name="Ada", family_name="Lovelace", company="Analysts",
                   emails=(Email("ADA@example.org"),), notes="Likes looms.", favorite=True)  # fmt: skip
THIRD = Contact(id=3, name="A. King", phones=(Phone("+44 20 7946 0001"),), groups=("Chess",))


def result(choices: Choices) -> Contact:
    """What the contact that stays becomes."""
    changes = choices.plan().changes
    keep = choices.contacts[choices.keep]
    [edit] = [one for one in changes if isinstance(one, Edit)] or [Edit(keep.id or 0, {})]
    assert edit.contact_id == keep.id
    return with_values(keep, edit.values)


def value(choices: Choices, field: str, text: str) -> Value:
    [found] = [one for one in choices.values() if (one.field, one.text) == (field, text)]
    return found


def test_every_value_is_shown_with_who_says_it() -> None:
    values = Choices.of([ADA, LOVELACE, THIRD]).values()
    assert [(one.field, one.text, one.holders) for one in values] == [
        ("name", "Ada King", (0,)),
        ("name", "Ada Lovelace", (1,)),
        ("name", "A. King", (2,)),
        ("company", "Engines", (0,)),
        ("company", "Analysts", (1,)),
        ("emails", "ada@example.org", (0, 1)),
        ("emails", "old@example.org", (0,)),
        ("phones", "+44 20 7946 0001", (2,)),
        ("groups", "Choir", (0,)),
        ("groups", "Chess", (2,)),
        ("favorite", "yes", (1,)),
        ("notes", "Likes looms.", (1,)),
        ("custom", "Shoe: 38", (0,)),
    ]


def test_what_is_proposed_loses_nothing() -> None:
    contacts = [THIRD, LOVELACE, ADA]
    choices = Choices.of(contacts)
    assert choices.keep == 2
    assert result(choices) == merge(contacts, ADA)


def test_the_chosen_values_stay_and_the_others_are_put_aside() -> None:
    choices = Choices.of([ADA, LOVELACE, THIRD])
    choices = choices.turned(value(choices, "name", "Ada Lovelace")).turned(value(choices, "company", "Analysts"))
    one = result(choices)
    assert (one.name, one.family_name, one.company) == ("Ada Lovelace", "Lovelace", "Analysts")
    assert {"Ada King", "A. King", "Engines", "38"} == set(one.custom.values())


def test_what_is_left_out_is_gone_and_only_that() -> None:
    choices = Choices.of([ADA, LOVELACE, THIRD])
    for field, text in (("emails", "old@example.org"), ("groups", "Chess"), ("favorite", "yes"),
                        ("notes", "Likes looms."), ("custom", "Shoe: 38")):  # fmt: skip
        choices = choices.turned(value(choices, field, text))
        assert not choices.stays(value(choices, field, text))
    one = result(choices)
    assert [email.address for email in one.emails] == ["ada@example.org"]
    assert (one.groups, one.favorite, one.notes) == (("Choir",), False, "")
    assert "38" not in one.custom.values()
    assert [phone.number for phone in one.phones] == ["+44 20 7946 0001"]


def test_all_of_one_contact() -> None:
    choices = Choices.of([ADA, LOVELACE, THIRD]).all_of(1)
    one = result(choices)
    assert (one.id, one.name, one.company) == (2, "Ada Lovelace", "Analysts")
    assert len(one.emails) == 2


_NOTES = st.sampled_from(["", "likes looms", "met in Rome"])
_TEXTS = st.sampled_from(["", "a", "A", "b", "c"])
_PEOPLE = st.lists(
    st.builds(
        lambda name, company, email, group, note: Contact(
            name=name, company=company, emails=(Email(f"{email}@x.org"),) if email else (),
            groups=(group,) if group else (), notes=note,
        ),
        _TEXTS, _TEXTS, _TEXTS, _TEXTS, _NOTES,
    ),
    min_size=2, max_size=5,
)  # fmt: skip


@given(_PEOPLE, st.lists(st.integers(0, 30), max_size=5))
def test_what_stays_is_there_and_what_was_left_out_is_not(people: list[Contact], turns: list[int]) -> None:
    choices = Choices.of([replace(one, id=number) for number, one in enumerate(people, 1)])
    for turn in turns:
        values = choices.values()
        if values:
            choices = choices.turned(values[turn % len(values)])
    one = result(choices)
    for said in choices.values():
        if said.field == "notes":
            assert (said.text in one.notes) == choices.stays(said)
        elif said.is_one_of:
            assert (getattr(one, said.field) == said.text) == choices.stays(said)
            assert said.text.casefold() in str(vars_of(one)).casefold()
        elif said.field == "groups":
            assert (said.text.casefold() in map(str.casefold, one.groups)) == choices.stays(said)
        else:
            assert (said.text.casefold() in [mail.address.casefold() for mail in one.emails]) == choices.stays(said)


def vars_of(contact: Contact) -> list[object]:
    return [contact.name, contact.company, dict(contact.custom)]
