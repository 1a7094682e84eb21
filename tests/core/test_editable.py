from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.editable import EDITABLE, from_text, to_text
from core.errors import InvalidInput
from core.model import Contact, Email, Phone

ADA = Contact(
    id=12,
    name="Ada Lovelace",
    given_name="Ada",
    family_name="Lovelace",
    emails=(Email("ada@example.org", "home"), Email("a@work.example", "work", primary=True)),
    phones=(Phone("+44 1; ext. 5"),),
    groups=("Board", "Choir"),
    favorite=True,
    notes="first: line\n\n[13]\n# no comment\n    indented",
)
BOB = Contact(id=13, name="Bob", company="Engines")


def change(old: str, new: str) -> list[Contact]:
    text = to_text([ADA, BOB])
    assert old in text
    return [edited.after for edited in from_text(text.replace(old, new), [ADA, BOB])]


def test_what_is_not_changed_stays() -> None:
    assert from_text(to_text([ADA, BOB]), [ADA, BOB]) == []
    assert from_text("", [ADA, BOB]) == []


def test_a_value_is_changed_and_labels_stay() -> None:
    [ada] = change("a@work.example", "new@work.example; third@example.org")
    assert [(email.address, email.label) for email in ada.emails] == [
        ("ada@example.org", "home"),
        ("new@work.example", ""),
        ("third@example.org", ""),
    ]
    assert replace(ada, emails=ADA.emails) == ADA


def test_an_empty_value_clears_and_a_missing_line_does_not() -> None:
    [bob] = change("Company: Engines", "Company:")
    assert bob == replace(BOB, company="")
    assert change("Company: Engines\n", "") == []


def test_a_new_name_brings_its_parts() -> None:
    [ada] = change("Name: Ada Lovelace", "Name: Augusta King")
    assert (ada.name, ada.given_name, ada.family_name) == ("Augusta King", "Augusta", "King")


def test_values_can_have_several_lines() -> None:
    [bob] = [
        edited.after
        for edited in from_text("[13]\nNotes: one\n    two\n\n    # three\n      four\n\nCompany: X", [BOB])
    ]
    assert bob == replace(BOB, notes="one\ntwo\n\n# three\n  four", company="X")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[99]\nName: X", "[99]"),
        ("[13]\nName: X\n[13]\nName: Y", "twice"),
        ("[13]\nShoe: 42", "Line 2"),
        ("[13]\njust text", "Line 2"),
        ("Name: X", "Line 1"),
        ("[13]\nName: X\nName: Y", "Line 3"),
        ("[13]\n\nE-mail: bob@", "Line 3"),
        ("[13]\nFavorite: perhaps", "Line 2"),
        ("[13]\nName:\nCompany:", "[13]"),
    ],
)
def test_what_cannot_be_understood_is_said_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        from_text(text, [ADA, BOB])
    assert sentence in caught.value.title


LINES = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@example(Contact(id=1, notes="blank at the end \n \n  indented "))
@given(
    st.builds(Contact, id=st.just(1), name=LINES, company=LINES, notes=LINES, nickname=LINES, favorite=st.booleans())
)
def test_no_value_is_taken_for_another_line(contact: Contact) -> None:
    text = to_text([contact])
    assert from_text(text, [contact]) == []
    assert sum(line.startswith("[") for line in text.splitlines()) == 1
    assert len([line for line in text.splitlines() if line and line[0] not in "#[ "]) == len(EDITABLE)
