"""The search language: what a search text means, and what it says when it means nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coterie.core.errors import InvalidQuery
from coterie.core.fields import NAMED
from coterie.core.query import EVERYTHING, describe, parse, patterns, quote, wants_bin
from coterie.core.query.birthdays import birthday_forms
from coterie.core.query.dates import Age, Period, milliseconds
from coterie.core.query.phones import phone_forms
from coterie.core.query.tree import (
    And,
    ChangedBy,
    Compare,
    During,
    Has,
    HasId,
    InBin,
    IsDuplicate,
    Not,
    Operator,
    Or,
    Tree,
    Word,
)
from coterie.core.text import fold

A, B, C, D = (Word(letter) for letter in "abcd")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", EVERYTHING),
        ("  \t ", EVERYTHING),
        ("ada", Word("ada")),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ('"a  b"', Word("a  b")),
        (r'"say \"hi\" \\ \n"', Word(r'say "hi" \ \n')),
        ("a b OR c d", Or((And((A, B)), And((C, D))))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("-a", Not(A)),
        ("-(a b) c", And((Not(And((A, B))), C))),
        ('-"a b"', Not(Word("a b"))),
        ("or", Word("or")),
        ("ORACLE", Word("ORACLE")),
        ("name:ada", Compare("name", Operator.CONTAINS, "ada")),
        ('name:"ada l"', Compare("name", Operator.CONTAINS, "ada l")),
        ("Name:ada", Compare("name", Operator.CONTAINS, "ada")),
        ("-email:example.org", Not(Compare("emails", Operator.CONTAINS, "example.org"))),
        ("title:cto", Compare("job_title", Operator.CONTAINS, "cto")),
        ("job-title:cto", Compare("job_title", Operator.CONTAINS, "cto")),
        ('company:="Acme Inc"', Compare("company", Operator.EXACT, "Acme Inc")),
        ('company:=""', Not(Has("company"))),
        ("name:~^a(b|c)$", Compare("name", Operator.REGEX, "^a(b|c)$")),
        ("(name:~^a(b|c)$ OR d)", Or((Compare("name", Operator.REGEX, "^a(b|c)$"), D))),
        (r"name:~\(a", Compare("name", Operator.REGEX, r"\(a")),
        (r'name:~"\d \"x"', Compare("name", Operator.REGEX, r'\d "x')),
        ("source:google:ada@example.org", Compare("sources", Operator.CONTAINS, "google:ada@example.org")),
        ("group:choir", Compare("groups", Operator.CONTAINS, "choir")),
        ("city:berlin", Compare("city", Operator.CONTAINS, "berlin")),
        ("country:=DE", Compare("country", Operator.EXACT, "DE")),
        ("url:blog", Compare("urls", Operator.CONTAINS, "blog")),
        ("address:street", Compare("addresses", Operator.CONTAINS, "street")),
        ("has:city", Has("city")),
        ("birthday:05-09", Compare("birthday", Operator.CONTAINS, "05-09")),
        ("birthday:<1980", During("birthday", Period(before=date(1980, 1, 1)))),
        ("birthday:>=1980-05", During("birthday", Period(since=date(1980, 5, 1)))),
        ("birthday:1980..1989", During("birthday", Period(date(1980, 1, 1), date(1990, 1, 1)))),
        ("birthday:>18y", During("birthday", Period(before=Age(18, "y")))),
        ("is:favorite", Has("favorite")),
        ("favorite:no", Not(Has("favorite"))),
        ("is:Duplicate", IsDuplicate()),
        ("has:phone", Has("phones")),
        ("missing:email", Not(Has("emails"))),
        ("has:job_title", Has("job_title")),
        ("in:bin", InBin()),
        ("id:12", HasId((12,))),
        ("change:12", ChangedBy(12)),
        ("change:99999999999999999999", ChangedBy(2**63 - 1)),
        ("id:12,15", HasId((12, 15))),
        ("id:99999999999999999999", HasId(())),
        ("created:2026-01", During("created_at", Period(date(2026, 1, 1), date(2026, 2, 1)))),
        ("created:2025", During("created_at", Period(date(2025, 1, 1), date(2026, 1, 1)))),
        ("created:=2026-01-31", During("created_at", Period(date(2026, 1, 31), date(2026, 2, 1)))),
        ("created:>2026-01-01", During("created_at", Period(since=date(2026, 1, 2)))),
        ("created:>=2026-01-01", During("created_at", Period(since=date(2026, 1, 1)))),
        ("created:<2026-01-01", During("created_at", Period(before=date(2026, 1, 1)))),
        ("created:<=2026-12", During("created_at", Period(before=date(2027, 1, 1)))),
        ("created:2025..2026-01-05", During("created_at", Period(date(2025, 1, 1), date(2026, 1, 6)))),
        ("created:2025..", During("created_at", Period(since=date(2025, 1, 1)))),
        ("updated:<30d", During("updated_at", Period(since=Age(30, "d")))),
        ("updated:2W", During("updated_at", Period(since=Age(2, "w")))),
        ("updated:>1y", During("updated_at", Period(before=Age(1, "y")))),
        ("updated:today", During("updated_at", Period(since=Age(0, "d", from_midnight=True)))),
    ],
)
def test_means(text: str, tree: Tree) -> None:
    assert parse(text) == tree
    assert parse(text, finished=True) == tree


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org",
        "http://x",
        "https://example.org/a?b=c:d",
        "mailto:ada@example.org",
        "12:30",
        "02:42:ac:11:00:02",
        ":-)",
        "std::string",
        "smith(jr)",
        "o'brien",
        'O"Brien',
        "jean-luc",
        "*",
        "%_\\",
        "(020) 7946-0958",
        "+44 (0)20 7946 0958",
        "+44.20.7946.0958",
        "020 7946 - 0958",
        "+1 (555) 123-4567",
        "7946-0958",
    ],
)
def test_is_one_word_as_it_stands(text: str) -> None:
    if text == ":-)":  # the bracket closes nothing
        text = ":-"
    assert parse(text, finished=True) == Word(text)


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("1990", ("1990",)),
        ("1990-05", ("1990-05",)),
        ("05-09", ("-05-09",)),
        ("5-9", ("-05-09",)),
        ("13-09", ("13-09",)),
        ("may", ("-05-", "may")),
        ("Sept", ("-09-", "sept")),
        ("ma", ("ma",)),
        ("9 May", ("-05-09", "9 may")),
        ("may 9", ("-05-09", "may 9")),
        ("9", ("9",)),
        ("today", ("-11-28",)),
        ("--05-09", ("--05-09",)),
        ("", ()),
    ],
)
def test_birthdays_are_found_as_they_are_typed(text: str, forms: tuple[str, ...]) -> None:
    assert birthday_forms(text, date(2026, 11, 28)) == forms


def test_years_and_words_beside_numbers_stay_words() -> None:
    assert parse("2019 2020") == And((Word("2019"), Word("2020")))
    assert parse("+44 20 7946 0958 smith") == And((Word("+44 20 7946 0958"), Word("smith")))
    assert parse("(020 OR 030) smith") == And((Or((Word("020"), Word("030"))), Word("smith")))
    assert parse("phone:(020) 79 smith") == And((Compare("phones", Operator.CONTAINS, "(020) 79"), Word("smith")))


@pytest.mark.parametrize(
    ("text", "so_far"),
    [
        ("name:", EVERYTHING),
        ("a name:", A),
        ("name:=", EVERYTHING),
        ("name:~", EVERYTHING),
        ('"ab', Word("ab")),
        ('"', EVERYTHING),
        ('name:"ab', Compare("name", Operator.CONTAINS, "ab")),
        ("(a", A),
        ("(a b) OR (c", Or((And((A, B)), C))),
        ("(", EVERYTHING),
        ("()", EVERYTHING),
        ("a)", A),
        ("a OR", A),
        ("a OR ", A),
        ("OR a", A),
        ("-", EVERYTHING),
        ("a - b", And((A, B))),
        ("-name:", EVERYTHING),
        ("is:", EVERYTHING),
        ("is:fav", EVERYTHING),
        ("has:pho", EVERYTHING),
        ("in:", EVERYTHING),
        ("id:", EVERYTHING),
        ("created:", EVERYTHING),
        ("created:>", EVERYTHING),
        ("created:>20", EVERYTHING),
        ("created:>=2026-", EVERYTHING),
        ("created:2026-0", EVERYTHING),
        ("created:2026-01-", EVERYTHING),
        ("created:2026-01-0", EVERYTHING),
        ("created:2026.", EVERYTHING),
        ("updated:<30", EVERYTHING),
        ("updated:yest", EVERYTHING),
        ("name:~(a", EVERYTHING),
        ("name:~[a", EVERYTHING),
        ("name:~a\\", EVERYTHING),
    ],
)
def test_unfinished_counts_as_far_as_it_is_clear_and_is_refused_on_a_command_line(text: str, so_far: Tree) -> None:
    assert parse(text) == so_far
    with pytest.raises(InvalidQuery):
        parse(text, finished=True)


@pytest.mark.parametrize(
    ("text", "title", "hint"),
    [
        ("nmae:ada", "“nmae” (character 1)", "Did you mean name:?"),
        ("a colour:red", "“colour” (character 3)", "The fields are: name, email, company, title, group, phone"),
        ("is:red", "“red”", "favorite, duplicate"),
        ("has:wings", "“wings”", "birthday"),
        ("in:attic", "“attic”", "bin"),
        ("id:x", "“x”", "id:12"),
        ("change:x", "“x”", "change:12"),
        ("created:soon", "“soon” (character 9)", "2026-01-31"),
        ("created:2026-13", "“2026-13”", ""),
        ("created:2026-02-30", "“2026-02-30”", ""),
        ("created:20 a", "“20”", ""),
        ("name:~*", "“*” (up to character 7)", ""),
        ("name:~(a b", "“(a”", ""),
        ("a " * 201, "more than 200", ""),
        ("(" * 50, "brackets", ""),
        ("a" * 20_000, "too long", ""),
    ],
)
def test_refuses_with_place_and_remedy(text: str, title: str, hint: str) -> None:
    with pytest.raises(InvalidQuery) as refusal:
        parse(text)
    assert title in refusal.value.title
    assert hint in refusal.value.hint


@given(st.text())
def test_never_fails_otherwise(text: str) -> None:
    try:
        tree = parse(text)
    except InvalidQuery:
        return
    assert describe(tree)


@given(st.text(alphabet='ab: "-()~=<>.\\OR[]{}*+0129', max_size=30))
def test_never_fails_on_its_own_signs(text: str) -> None:
    try:
        strict = parse(text, finished=True)
    except InvalidQuery:
        return
    assert parse(text) == strict  # finished texts mean the same while they are being typed


@given(st.text().filter(fold))
def test_quote_keeps_any_text(value: str) -> None:
    assert parse(quote(value), finished=True) == Word(value)
    assert parse(f"(name:={quote(value)})", finished=True) == Compare("name", Operator.EXACT, value)


def test_every_field_can_be_searched_by_every_name() -> None:
    for name, spec in NAMED.items():
        value = {"created_at": "2026", "updated_at": "2026", "favorite": "yes"}.get(spec.key, "x")
        assert parse(f"{name}:{value}", finished=True) != Word(f"{name}:{value}")
        assert parse(f"has:{name}") == Has(spec.key)


def test_two_hundred_words_are_not_too_many() -> None:
    assert parse(" ".join(["-a"] * 200)) == And((Not(A),) * 200)


def test_wants_bin_only_where_it_is_asked_for() -> None:
    assert wants_bin(parse("ada in:bin"))
    assert wants_bin(parse("ada OR (bob in:bin)"))
    assert not wants_bin(parse("ada -in:bin"))
    assert not wants_bin(parse("inbin"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "all contacts"),
        ("company:=Acme -is:favorite", "Company is “Acme”, not favorite"),
        ("a (b OR missing:phone)", "“a”, (“b” or no Phone)"),
        ("updated:<1w in:bin", "Updated since 1 week ago, in the Bin"),
        ("created:2026-01", "Created since 2026-01-01 before 2026-02-01"),
        ("-(a b) id:3", "not (“a”, “b”), id 3"),
    ],
)
def test_describe(text: str, words: str) -> None:
    assert describe(parse(text)) == words


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("(020) 7946-0958", "+442079460958"),
        ("+44 20 7946 0958", "00442079460958"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("7946.0958", "02079460958"),
        ("79-46", "02079460958"),
    ],
)
def test_numbers_are_found_however_they_are_written(typed: str, found: str) -> None:
    assert any(form in found for form in phone_forms(typed))


def test_only_numbers_have_phone_forms() -> None:
    assert phone_forms("ada") == phone_forms("1st") == phone_forms("-") == phone_forms("+") == ()


NOW = datetime(2026, 3, 31, 12, 30, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    ("bound", "moment"),
    [
        (date(2026, 1, 1), datetime(2025, 12, 31, 22, 0, tzinfo=UTC)),  # midnight where the user is
        (Age(30, "d"), NOW - timedelta(days=30)),
        (Age(2, "w"), NOW - timedelta(days=14)),
        (Age(1, "m"), NOW.replace(month=2, day=28)),
        (Age(25, "m"), NOW.replace(year=2024, month=2, day=29)),
        (Age(1, "y"), NOW.replace(year=2025)),
        (Age(0, "d", from_midnight=True), NOW.replace(hour=0, minute=0)),
    ],
)
def test_bounds_are_moments(bound: date | Age, moment: datetime) -> None:
    assert milliseconds(bound, NOW) == int(moment.timestamp() * 1000)


@given(st.integers(0, 999_999), st.sampled_from("dwmy"))
def test_ages_of_any_size_are_moments(count: int, unit: str) -> None:
    assert milliseconds(Age(count, unit), NOW) <= NOW.timestamp() * 1000


def test_a_runaway_pattern_is_stopped() -> None:
    with pytest.raises(patterns.SlowPattern):
        patterns.matches("(a|aa)+$", "a" * 60 + "b")
