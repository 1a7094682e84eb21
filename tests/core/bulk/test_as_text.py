"""Contacts as text: what was not touched stays, what was changed changes, and what is wrong is named by its line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coterie.core.bulk.as_text import InvalidText, from_text, line_of, to_text
from coterie.core.changes import Edit
from coterie.core.fields.name_parts import NAME_PARTS
from coterie.core.model import Address, Contact, Email, Phone, Url
from coterie.core.text import clean_line, clean_lines, printable_lines
from coterie.core.wellknown import is_date

ADA = Contact(
    id=12, name="Ada Lovelace", given_name="Ada", family_name="Lovelace", version=3, groups=("Friends",),
    emails=(Email("ada@example.org", "work", primary=True), Email("countess@example.net")),
    phones=(Phone("+44 20 7946 0958", "home"),), notes="Met in London.\n\nLikes tea.", custom={"Shoe size": "38"},
    addresses=(Address("1 High St\nFlat 2", "London", label="home"),),
)  # fmt: skip
BOB = Contact(id=3, name="Bob", company="Acme")


def _edit(before: str, after: str, contact: Contact = ADA) -> dict[str, object]:
    """The values that change if `before` in the text of a contact becomes `after`."""
    text = to_text([contact])
    assert before in text
    changes = list(from_text(text.replace(before, after, 1), [contact]).changes)  # type: ignore[call-overload]
    if not changes:
        return {}
    assert [(one.contact_id, one.version) for one in changes] == [(contact.id, contact.version)]
    return dict(changes[0].values)


def test_is_readable() -> None:
    text = to_text([ADA]).partition("\n\n")[2]
    assert (
        text
        == """\
== 12 ==
name: Ada Lovelace
given_name: Ada
family_name: Lovelace
email* [work]: ada@example.org
email: countess@example.net
phone [home]: +44 20 7946 0958
company:
job_title:
group: Friends
favorite: no
address [home]:
  street: 1 High St
        | Flat 2
  city: London
custom [Shoe size]: 38
notes: Met in London.
     |
     | Likes tea.
"""
    )


@pytest.mark.parametrize(
    ("before", "after", "values"),
    [
        ("company:\n", "company: Engines\n", {"company": "Engines"}),
        ("job_title:\n", "title: Programmer\n", {"job_title": "Programmer"}),
        ("company:\n", "nickname: Countess\ncompany:\n", {"nickname": "Countess"}),
        ("name: Ada Lovelace\n", "name: Ada King\n", {"name": "Ada King", "family_name": "King"}),
        ("given_name: Ada\n", "given_name: Augusta\n", {"given_name": "Augusta", "name": "Augusta Lovelace"}),
        ("favorite: no", "favorite: yes", {"favorite": True}),
        ("favorite: no\n", "", {}),
        ("email: countess@example.net\n", "", {"emails": ADA.emails[:1]}),
        ("email: c", "email [old]: c", {"emails": (ADA.emails[0], Email("countess@example.net", "old"))}),
        ("[home]: +44", "[mobile]: +44", {"phones": (Phone("+44 20 7946 0958", "mobile"),)}),
        ("phone [home]: +", "phone: 110\nphone [home]: +", {"phones": (Phone("110"), *ADA.phones)}),
        ("phone [home]: +44 20 7946 0958\n", "", {"phones": ()}),
        ("group: Friends", "group: Friends\ngroup: Choir", {"groups": ("Friends", "Choir")}),
        ("     | Likes tea.\n", "", {"notes": "Met in London."}),
        ("     | Likes", "  |Hates", {"notes": "Met in London.\n\nHates tea."}),
        ("  city: London", "  city: Paris\n  postal code: 75001",
         {"addresses": (replace(ADA.addresses[0], city="Paris", postal_code="75001"),)}),
        ("[Shoe size]: 38", "[Shoe size]: 39\ncustom [Hat]: 7", {"custom": {"Shoe size": "39", "Hat": "7"}}),
        ("company:", "# a remark\n\n company :", {}),
    ],
)  # fmt: skip
def test_what_is_changed_changes(before: str, after: str, values: dict[str, object]) -> None:
    assert _edit(before, after) == values


def test_a_name_and_its_parts_can_both_be_changed() -> None:
    text = (
        to_text([ADA]).replace("name: Ada Lovelace", "name: The Countess").replace("given_name: Ada", "given_name: A.")
    )
    (change,) = from_text(text, [ADA]).changes  # type: ignore[misc]
    assert isinstance(change, Edit)
    assert change.values == {"name": "The Countess", "given_name": "A."}


def test_a_block_that_goes_leaves_its_contact_alone() -> None:
    text = to_text([ADA, BOB])
    only_bob = text[: text.index("== 12")] + text[text.index("== 3") :].replace("Acme", "Zenith")
    assert list(from_text(only_bob, [ADA, BOB]).changes) == [Edit(3, {"company": "Zenith"}, 0)]  # type: ignore[call-overload]
    assert list(from_text("", [ADA, BOB]).changes) == []  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("company:", "companny:", "There is no field “companny”."),
        ("company:", "source:", "Source cannot be changed."),
        ("company:", "no colon here", "This is not of the form “field: value”."),
        ("company:", "name: Twice", "“name” is here twice."),
        ("company:", "email: nobody", "“nobody” is not an e-mail address."),
        ("favorite: no", "favorite: perhaps", "“perhaps” is neither yes nor no."),
        ("company:", "custom: 7", "A custom field needs a name"),
        ("company:", "custom [Shoe size]: 7", "is here twice."),
        ("company:", "address: 1 High St", "An address needs parts"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(before: str, after: str, problem: str) -> None:
    text = to_text([BOB, ADA])
    start = text.index("== 12")
    edited = text[:start] + text[start:].replace(before, after, 1)
    line = 1 + next(place for place, one in enumerate(edited.split("\n")) if place > 15 and after in one)
    if "[Shoe size]" in after:  # the second one is the wrong one
        line = 1 + edited.split("\n").index("custom [Shoe size]: 38")
    with pytest.raises(InvalidText) as failure:
        from_text(edited, [BOB, ADA])
    assert [number for number, _ in failure.value.problems] == [line]
    assert f"Line {line}: " in failure.value.title
    assert problem in failure.value.title


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name: x", "belongs to no contact"),
        ("| x", "no value above that this line could continue"),
        ("== 99 ==\nname: x", "Contact 99 was not"),
        ("== 3 ==\nname: x\n== 3 ==\nname: y", "is here twice"),
        ("== 3 ==\nname:", "It needs a name"),
    ],
)
def test_what_belongs_to_nobody_is_refused(text: str, problem: str) -> None:
    with pytest.raises(InvalidText, match=problem):
        from_text(text, [BOB])


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(InvalidText) as failure:
        from_text("== 3 ==\nnmae: x\nemail: x\n", [BOB])
    assert [line for line, _ in failure.value.problems] == [2, 3]
    assert "1 more line is wrong too." in failure.value.title


def test_a_stored_address_that_is_none_may_stay() -> None:
    contact = Contact(id=1, name="A", emails=(Email("no address"),))
    assert _edit("company:", "company: Acme", contact) == {"company": "Acme"}


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    try:
        plan = from_text(text, [ADA, BOB])
    except InvalidText:
        return
    assert plan.changes == ()


_TEXT = st.text(max_size=12).map(clean_line) | st.sampled_from(
    ["| a", "# b", "== 3 ==", "a: b", "[x]", "\\", "name: c"]
)
_LINES = (
    st.text(alphabet="ab |#=:\n\t[]\\é\u2028", max_size=20)
    .map(clean_lines)
    .map(
        lambda text: "\n".join(line.rstrip() for line in text.split("\n"))  # as editors do
    )
    | _TEXT
)
# What would act on a terminal is not shown there, so it is lost if its value is edited.
_TEXT, _LINES = (kind.map(lambda text: clean_lines(printable_lines(text))) for kind in (_TEXT, _LINES))
_FILLED = _TEXT.filter(bool)
_ADDRESSES = st.builds(Address, *[_LINES] * 7, label=_TEXT).filter(lambda one: one != Address(label=one.label))
CONTACTS = st.builds(
    Contact, name=_FILLED, nickname=_TEXT, company=_TEXT, department=_TEXT, job_title=_TEXT, birthday=_TEXT,
    notes=_LINES, favorite=st.booleans(),
    emails=st.lists(
        st.builds(Email, st.sampled_from(["a@x", "b@[x]:y", "c"]), _TEXT, st.booleans()), max_size=2
    ).map(tuple),
    phones=st.lists(st.builds(Phone, _FILLED, _TEXT), max_size=2).map(tuple),
    urls=st.lists(st.builds(Url, _FILLED, _TEXT), max_size=2).map(tuple),
    addresses=st.lists(_ADDRESSES, max_size=2).map(tuple), groups=st.lists(_FILLED, max_size=2).map(tuple),
    custom=st.dictionaries(_FILLED, _LINES.filter(bool), max_size=2), **dict.fromkeys(NAME_PARTS, _TEXT),
)  # fmt: skip


@given(st.lists(CONTACTS, max_size=3))
def test_what_was_not_touched_stays(contacts: list[Contact]) -> None:
    stored = [replace(contact, id=place) for place, contact in enumerate(contacts)]
    assert from_text(to_text(stored), stored).changes == ()


@given(CONTACTS, CONTACTS)
def test_everything_that_can_be_stored_can_be_written(before: Contact, after: Contact) -> None:
    # Who types a day that is not a date is told so, though a file may have brought one: “Anniversary: in May”.
    assume(all(is_date(event.value) for event in after.events))
    before = replace(before, id=1)
    after = replace(after, id=1, emails=tuple(email for email in after.emails if email.address == "a@x"))
    changes = list(from_text(to_text([after]), [before]).changes)  # type: ignore[call-overload]
    values = changes[0].values if changes else {}
    same_name = before.name == after.name or not any(
        getattr(before, part) != getattr(after, part) for part in NAME_PARTS
    )
    for key in (
        "emails",
        "phones",
        "urls",
        "addresses",
        "groups",
        "custom",
        "notes",
        "company",
        "favorite",
        "birthday",
    ):
        assert values.get(key, getattr(before, key)) == getattr(after, key)
    if not same_name:
        assert values.get("name", before.name) == after.name


@given(CONTACTS)
def test_editors_may_strip_blanks_and_change_line_ends(contact: Contact) -> None:
    stored = replace(contact, id=1)
    text = "\r\n".join(line.rstrip() for line in to_text([stored]).split("\n"))
    plan = from_text("\ufeff" + text, [stored])
    assert plan.changes == ()


def test_only_the_chosen_fields_are_in_the_text_and_only_they_change() -> None:
    text = to_text([ADA, BOB], ("name", "company", "notes"))
    assert "\nemail" not in text
    assert "notes:\n" in text  # Bob's, to be filled in
    (change,) = from_text(text.replace("notes: Met", "notes: Seen"), [ADA, BOB], ("name", "company", "notes")).changes
    assert isinstance(change, Edit)
    assert list(change.values) == ["notes"]
    with pytest.raises(InvalidText, match="“phone” is not among the fields of this text"):
        from_text(text.replace("notes: Met", "phone: 1\nnotes: Met"), [ADA, BOB], ("name", "company", "notes"))
    assert not list(from_text(text, [ADA, BOB], ("name", "company", "notes")).changes)


def test_the_line_of_a_contact_is_found() -> None:
    text = to_text([ADA, BOB])
    assert text.split("\n")[line_of(text, 3) - 1] == "== 3 =="
    assert line_of(text, 99) == 1
