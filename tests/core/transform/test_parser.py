"""The parser: what it reads, and that all that is wrong is said in words, with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.model import Contact
from coterie.core.transform.parser import LONGEST, parse
from coterie.core.transform.tree import InvalidTransform
from coterie.core.transform.verbs import VERBS

ADA = Contact(id=1, name="ada king", company="acme", job_title="cto")


@pytest.mark.parametrize(
    ("line", "place", "title"),
    [
        ("", 0, "Nothing is typed at its end."),
        ("company", 7, "It is not said what becomes of company."),
        ("company =", 9, "A field, a verb or a text is missing at its end."),
        ("titel(company)", 0, "There is no verb “titel” (at character 1)."),
        ("company = titel(company)", 10, "There is no verb “titel” (at character 11)."),
        ("company = Acme", 10, "There is no field “Acme” that can be changed (at character 11)."),
        ("company = title", 10, "There is no field “title” that can be changed (at character 11)."),
        ("sources = 'x'", 0, "There is no field “sources” that can be changed (at character 1)."),
        ("company = title(company))", 24, "“)” at character 25 is too much."),
        ("company = title(company name)", 24, "“,” is missing before “name”, at character 25."),
        ('company = "abc', 10, "The text that begins at character 11 has no end."),
        ("company = company ? name", 18, "“?” at character 19 cannot be read."),
        ("company = replace(company)", 10, "replace takes replace(value, regex, new)."),
        ('company = replace(company, "(", "")', 10,
         "The regular expression “(” is wrong: missing ) at its character 2."),
        (r'company = replace(company, "a", "\2")', 10, r"The new text “\2” cannot be read: invalid group reference."),
        ("company = replace(company, name, name)", 10, "replace takes a regular expression in quotation marks."),
        ('company = "{compani}"', 10, "There is no field “compani” that can stand in a text."),
        ("phone = swap(phone)", 0, "swap does not work on Phone."),
        ("phone = label(email, 'x')", 0, "label changes the field that it is given."),
        ("phone = move(phone)", 0, "move takes another field."),
        ("phone = move('1')", 8, "move takes the name of a field first."),
        ("name = name + swap(name)", 0, "swap stands alone."),
        ("name = upper(swap(name))", 7, "swap stands alone."),
        ("title", 0, "It is not said which field."),
        (f"company = {'(' * 100}", 50, "There are too many brackets before “(”, at character 51."),
        ("x" * (LONGEST + 1), 0, "A transform has 4,000 characters at most."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(line: str, place: int, title: str) -> None:
    with pytest.raises(InvalidTransform) as wrong:
        parse(line)
    assert (wrong.value.title, wrong.value.place) == (title, place)
    assert wrong.value.hint


@pytest.mark.parametrize(
    ("line", "column", "company"),
    [
        ("title", "company", "Acme"),
        ("UPPER", "company", "ACME"),
        ("title()", "company", "Acme"),
        ('replace("a", "o")', "company", "ocme"),
        ("upper(company)", "name", "ACME"),
        ("company=upper( company )", "", "ACME"),
        ("company = 'it''s'", "", None),
        ("company = “typographic”", "", "typographic"),
        ("company = 'a' + (\"b\" + 'c')", "", "abc"),
        ("company = job_title + 1", "", "cto1"),
    ],
)
def test_what_is_read(line: str, column: str, company: str | None) -> None:
    if company is None:
        with pytest.raises(InvalidTransform):
            parse(line, column)
    else:
        assert parse(line, column).applied(ADA).company == company


_WORDS = st.sampled_from(
    [*VERBS, "company", "email", "phones", "custom", "name", "=", "+", "(", ")", ",", ".", "[", "]", '"', "'", "{", "}",
     "\\", " ", '"x"', '"{name}"', '"(a|b)*"', "1", "ß", "company = ", "custom.", 'custom["x"]']
)  # fmt: skip


@given(st.lists(_WORDS, max_size=14).map("".join) | st.text(max_size=40), st.sampled_from(["", "company", "emails"]))
def test_it_raises_nothing_but_its_own_error(line: str, column: str) -> None:
    wrong: InvalidTransform | None = None
    try:
        parse(line, column)
    except InvalidTransform as error:
        wrong = error
    assert wrong is None or (wrong.title and 0 <= wrong.place <= len(line))
