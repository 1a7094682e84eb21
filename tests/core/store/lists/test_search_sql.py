"""Searches in SQL find what the language promises: on both databases, and never more or less than a plain reading."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coterie.core import labelled
from coterie.core.clock import to_ms
from coterie.core.errors import InvalidQuery
from coterie.core.fields import SEARCHED
from coterie.core.fields.name_parts import NAME_PARTS
from coterie.core.fields.values import KEPT
from coterie.core.model import Address, Contact, Email, Phone, RemoteRef, Url
from coterie.core.query import Tree, parse, patterns
from coterie.core.query.birthdays import birthday_forms
from coterie.core.query.dates import Age, Period, day, milliseconds
from coterie.core.query.phones import phone_forms
from coterie.core.query.tree import (
    And,
    Compare,
    During,
    Has,
    HasId,
    InBin,
    Not,
    Operator,
    Or,
    Word,
)
from coterie.core.store.contacts.values import (
    CONTACT_COLUMNS,
    EMAIL_COLUMNS,
    PHONE_COLUMNS,
    SEARCH_COLUMNS,
    contact_row,
    email_rows,
    phone_rows,
    search_row,
)
from coterie.core.store.engine.opening import prepare_sqlite
from coterie.core.store.engine.postgresql_dialect import POSTGRESQL
from coterie.core.store.engine.sqlite_dialect import FUNCTIONS, SQLITE
from coterie.core.store.lists.search import query_error, to_sql
from coterie.core.text import email_key, fold, group_key, phone_key

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
GROUPS = {1: "Friends", 2: "Chöir", 3: "Empty"}
ACCOUNTS = {1: "google:ada@example.org", 2: "carddav:me@example.net"}
Search = Callable[[Tree], set[int]]
KEPT_VALUES = {
    "Spouse": "Quincy", "Child (2)": "Wuxi\nXaver", "Related (Patron)": "Wulf", "Moved in": "2020-01-01",
    "Anniversary": "once in May", "Skype (2)": "qx", "IM (Signal)": "qq", "Hobby (high)": "2001-01-01",
    "Birthday (2)": "1990-02-02", "Godfather": "Valentin",
}  # fmt: skip
"""Relations, events and messengers, and what could be taken for some."""


def _person(one: int, name: str = "", *, days: int = 0, **values: object) -> Contact:
    made = NOW - timedelta(days=days)
    return Contact(id=one, name=name, created_at=made, updated_at=made, **values)  # type: ignore[arg-type]


PEOPLE = [
    _person(
        1, "Ada Lovelace", given_name="Ada", family_name="Lovelace", company="Analytical Engines Ltd", favorite=True,
        emails=(Email("ada@example.org", "work", primary=True), Email("countess@example.net")),
        phones=(Phone("+44 20 7946 0958"),), groups=("Friends",), job_title="Programmer", birthday="1815-12-10",
        sources=(RemoteRef("google:ada@example.org", "people/c1"),),
    ),
    _person(
        2, "José Ñandú", given_name="José", notes="Met at 12:30,\nsaid: “100 %_\\ sure”", groups=("Chöir", "Friends"),
        phones=(Phone("(020) 7946-0000", "home"),), days=10, custom={"Größe": "42"},
    ),
    _person(3, "", company="Ø & Sønner", urls=(Url("https://example.org/a?b=1", "blog"),), days=40),
    _person(4, "Friedrich Straße", nickname="Fritz", department="Forschung", emails=(Email("Fritz@Example.ORG"),),
            days=400),
    _person(5, "Ada Byron", company="Analytical Engines Ltd", emails=(Email("byron@example.org"),),
            job_title="Countess"),
    _person(6, "ada lovelace", company="analytical engines ltd", notes="again"),
    _person(7, 'Zoë "Z" OR', addresses=(
        Address(street="1 High St\nFlat 2", city="London", country="GB", label="home"),
        Address(street="Ring 2", city="Málaga", postal_code="29001", region="Andalucía", label="work"),
    ), birthday="--05-09"),
    _person(8, "Иван Петров", phones=(Phone("8 (495) 123-45-67"),), suffix="jr", prefix="Dr", groups=("Chöir",)),
    _person(9, "Old Countess", custom={"Phonetic family name": "Tanaka"} | KEPT_VALUES, birthday="about May 2005",
            emails=(Email("countess@example.net"),), phones=(Phone("110"),)),
    _person(10, "In the Bin", department="IT", birthday="2005-09-12", emails=(Email("byron@example.org"),),
            phones=(Phone("110"),)),
]  # fmt: skip
BINNED = {10}


def _rows() -> Iterator[tuple[str, Sequence[str], list[tuple[object, ...]]]]:
    """Every table with its columns and rows."""
    state = CONTACT_COLUMNS.index("state")
    rows = [list(contact_row(person, person.id or 0, to_ms(NOW), fold(person.name))) for person in PEOPLE]
    for row in rows:
        row[state] = int(row[0] in BINNED)
    yield "contact", CONTACT_COLUMNS, [tuple(row) for row in rows]
    yield "email", EMAIL_COLUMNS, [row for person in PEOPLE for row in email_rows(person.id or 0, person.emails)]
    yield "phone", PHONE_COLUMNS, [row for person in PEOPLE for row in phone_rows(person.id or 0, person.phones)]
    yield "search", ("contact_id", *SEARCH_COLUMNS), [search_row(person.id or 0, person) for person in PEOPLE]
    yield "contact_group", ("id", "name", "name_key"), [(one, name, group_key(name)) for one, name in GROUPS.items()]
    ids = {name: one for one, name in GROUPS.items()}
    yield "membership", ("contact_id", "group_id"), [(p.id, ids[name]) for p in PEOPLE for name in p.groups]
    accounts = {name: one for one, name in ACCOUNTS.items()}
    sources = [(accounts[source.account], source.remote_id, p.id) for p in PEOPLE for source in p.sources]
    yield "remote", ("account_id", "remote_id", "contact_id"), [*sources, (1, "people/gone", None)]


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("search") / "contacts.db"
    prepare_sqlite(path, lambda: NOW)
    with closing(sqlite3.connect(path)) as connection:
        for name, (count, function) in FUNCTIONS.items():
            connection.create_function(name, count, function, deterministic=True)
        for table, columns, rows in _rows():
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
        columns = ", ".join(SEARCH_COLUMNS)
        connection.execute(f"INSERT INTO search_index (rowid, {columns}) SELECT contact_id, {columns} FROM search")
        connection.commit()
        yield connection


@pytest.fixture(scope="module")
def search_sqlite(sqlite: sqlite3.Connection) -> Search:
    def search(tree: Tree) -> set[int]:
        condition = to_sql(tree, SQLITE, NOW, GROUPS, ACCOUNTS)
        return {row[0] for row in sqlite.execute(f"SELECT c.id FROM contact c WHERE {condition.sql}", condition.params)}

    return search


@pytest.fixture(scope="module")
def search_postgresql(postgresql_server: str) -> Iterator[Search]:
    import asyncpg

    from coterie.core.store.engine.postgresql import open_postgresql

    async def make_database() -> str:
        connection = await asyncpg.connect(postgresql_server)
        await connection.execute("CREATE DATABASE searched")
        await connection.close()
        return postgresql_server.replace("/postgres?", "/searched?")

    with asyncio.Runner() as runner:
        database = runner.run(open_postgresql(runner.run(make_database()), lambda: NOW))

        async def fill() -> None:
            async with database.writing() as connection:
                for table, columns, rows in _rows():
                    await connection.insert(table, columns, rows)

        async def select(tree: Tree) -> set[int]:
            condition = to_sql(tree, POSTGRESQL, NOW, GROUPS, ACCOUNTS)
            async with database.reading() as connection:
                found = await connection.rows(f"SELECT c.id FROM contact c WHERE {condition.sql}", condition.params)
            return {row[0] for row in found}

        runner.run(fill())
        yield lambda tree: runner.run(select(tree))
        runner.run(database.close())


@pytest.fixture(params=["search_sqlite", "search_postgresql"])
def search(request: pytest.FixtureRequest) -> Search:
    chosen: Search = request.getfixturevalue(request.param)
    return chosen


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}),
        ("ada", {1, 5, 6}),
        ("ADA lovelace", {1, 6}),
        ("ada -lovelace", {5}),
        ("ada -lovelace -byron", set()),
        ("-ada", {2, 3, 4, 7, 8, 9, 10}),
        ("lovelace OR nandu", {1, 2, 6}),
        ("(ada OR jose) friends", {1, 2}),
        ("jose", {2}),
        ("strasse", {4}),
        ("sonner", {3}),
        ("иван", {8}),
        ("ивАН ПЕТ", {8}),
        ("fritz", {4}),
        ("z", {4, 7}),
        ("zo", {7}),
        ("-z", {1, 2, 3, 5, 6, 8, 9, 10}),
        ("ad lov", {1, 6}),
        ("jr", {8}),
        ('"ada love"', {1, 6}),
        ('"lovelace ada"', set()),
        ('"ada@example.org countess"', set()),
        ("12:30", {2}),
        ("%_", {2}),
        ("%_\\", {2}),
        ('"z\\"', {7}),
        ('"OR"', {1, 3, 4, 5, 7, 10}),
        ('"(1"', {8, 9, 10}),
        ("1-1", {9, 10}),
        ("friends", {1, 2}),
        ("choir", {2, 8}),
        ("ch jose", {2}),
        ("group:choir", {2, 8}),
        ("group:=friends", {1, 2}),
        ("group:=friend", set()),
        ("group:~^ch", {2, 8}),
        ("missing:group", {3, 4, 5, 6, 7, 9, 10}),
        ("-group:choir", {1, 3, 4, 5, 6, 7, 9, 10}),
        ("(020) 7946-0958", {1}),
        ("020 7946 0958", {1}),
        ("+442079460958", {1}),
        ("+44 (0)20 7946 0958", {1}),
        ("79460000", {2}),
        ("7946-0000", {2}),
        ("(495)", {8}),
        ("phone:7946", {1, 2}),
        ("phone:(020)7946", {2}),
        ("phone:79-46", {1, 2}),
        ("phone:11", {9, 10}),
        ("phone:abc", set()),
        ("phone:=110", {9, 10}),
        ("phone:=+442079460958", {1}),
        ("phone:~^\\(020\\)", {2}),
        ("name:ada", {1, 5, 6}),
        ("name:fritz", {4}),
        ("name:=ada", set()),
        ('name:="ADA LOVELACE"', {1, 6}),
        ('name:="Jose Nandu"', {2}),
        ("name:~^ada.*n$", {5}),
        ("missing:name", {3}),
        ("email:example.org", {1, 4, 5, 10}),
        ("email:EXAMPLE.net", {1, 9}),
        ("email:=ada@EXAMPLE.org", {1}),
        ("email:=ada@example", set()),
        ("email:~^(ada|byron)@", {1, 5, 10}),
        ("email:@", {1, 4, 5, 9, 10}),
        ("missing:email", {2, 3, 6, 7, 8}),
        ("company:analytical", {1, 5, 6}),
        ("company:=analytical", set()),
        ('company:="analytical engines ltd"', {1, 5, 6}),
        ("title:programmer", {1}),
        ("title:=countess", {5}),
        ("countess", {1, 5, 9}),
        ("notes:sure", {2}),
        ("notes:=again", {6}),
        ("given:jose", {2}),
        ("given:=ada", {1}),
        ("family:lace", {1}),
        ("nickname:=fritz", {4}),
        ("suffix:jr", {8}),
        ("department:forsch", {4}),
        ("department:=FORSCHUNG", {4}),
        ("birthday:1815", {1}),
        ("birthday:~-12-", {1}),
        ("addresses:london", {7}),
        ('addresses:"st flat"', {7}),
        ("addresses:home", set()),
        ("has:addresses", {7}),
        ("urls:example.org", {3}),
        ("urls:blog", set()),
        ("heidelberg", set()),
        ("malaga", {7}),
        ("andalucia 29001 london", {7}),
        ("29001", {7}),
        ("gb", {7}),
        ("forschung", {4}),
        ("IT", {4, 10}),
        ("tanaka", {9}),
        ("phonetic", {9}),
        ("grosse", {2}),
        ("1815-12-10", {1}),
        ("example.org/a", {3}),
        ("city:london", {7}),
        ("city:high", set()),
        ("city:=malaga", {7}),
        ("city:=mala", set()),
        ("city:~^L.*n$", {7}),
        ("city:gb", set()),
        ("country:gb", {7}),
        ("country:g", {7}),
        ("country:=GB", {7}),
        ("country:london", set()),
        ("has:city", {7}),
        ("missing:country", {1, 2, 3, 4, 5, 6, 8, 9, 10}),
        ("address:gb", {7}),
        ("address:29001", {7}),
        ("address:=london", {7}),
        ('address:="1 high st flat 2"', {7}),
        ("has:url", {3}),
        ("url:=https://example.org/a?b=1", {3}),
        ("department:=it", {10}),
        ("missing:birthday", {2, 3, 4, 5, 6, 8}),
        ("birthday:2005", {9, 10}),
        ("birthday:2005-09", {10}),
        ("birthday:05-09", {7}),
        ("birthday:5-9", {7}),
        ("birthday:may", {7, 9}),
        ("birthday:December", {1}),
        ('birthday:"10 dec"', {1}),
        ('birthday:"May 9"', {7}),
        ("birthday:>1900", {10}),
        ("birthday:<1900", {1}),
        ("birthday:1815-12-10..2005-09-12", {1, 10}),
        ("birthday:>=2005-09-12", {10}),
        ("birthday:>2005-09-12", set()),
        ("birthday:>100y", {1}),
        ("birthday:today", set()),
        ("birthday:=2005-09-12", {10}),
        ("custom:grosse", {2}),
        ('custom:"größe: 42"', {2}),
        ("custom:~4.$", {2}),
        ("source:google", {1}),
        ("-source:google", {2, 3, 4, 5, 6, 7, 8, 9, 10}),
        ("source:=google:ada@example.org", {1}),
        ("source:carddav", set()),
        ("has:source", {1}),
        ("is:favorite", {1}),
        ("favorite:no", {2, 3, 4, 5, 6, 7, 8, 9, 10}),
        ("is:duplicate", {1, 6, 9, 10}),
        ("id:2,3,77", {2, 3}),
        ("in:bin", {10}),
        ("created:today", {1, 5, 6, 7, 8, 9, 10}),
        ("created:<30d", {1, 2, 5, 6, 7, 8, 9, 10}),
        ("created:>30d", {3, 4}),
        ("updated:2026-11-13", {2}),
        ("updated:<2026", {4}),
        ("updated:2025..2026-10", {3, 4}),
    ],
)
def test_finds(search: Search, text: str, found: set[int]) -> None:
    assert search(parse(text)) == found


# A plain reading of the language -------------------------------------------------------------------------------------


def _texts(person: Contact, key: str) -> list[str]:
    match key:
        case _ if key in KEPT:
            return labelled.values(person.custom, key)
        case "emails":
            return [email.address for email in person.emails]
        case "phones":
            return [phone.number for phone in person.phones]
        case "groups":
            return list(person.groups)
        case "sources":
            return [source.account for source in person.sources]
        case "urls":
            return [url.url for url in person.urls]
        case "custom":
            return [f"{heading}: {text}" for heading, text in person.custom.items()]
        case "addresses":
            return [part for a in person.addresses for part in (a.street, a.city, a.region, a.postal_code, a.country)]
        case "city" | "country":
            return [getattr(address, key) for address in person.addresses]
        case "name":
            return [person.name, person.nickname, *(getattr(person, part) for part in NAME_PARTS)]
        case _:
            return [getattr(person, key)]


def _holds(person: Contact, tree: Compare) -> bool:
    key, value = tree.field, tree.value
    texts = [text for text in _texts(person, key) if text]
    match tree.operator:
        case Operator.REGEX:
            return any(patterns.matches(value, text) for text in (texts[:1] if key == "name" else texts))
        case Operator.EXACT if key == "emails":
            return email_key(value) in map(email_key, texts)
        case Operator.EXACT if key == "phones":
            return phone_key(value) in map(phone_key, texts)
        case Operator.EXACT:
            return fold(value) in map(fold, [person.name] if key == "name" and person.name else texts)
        case _ if key == "birthday":
            return any(form in fold(text) for form in birthday_forms(value, NOW.date()) for text in texts)
        case _ if key == "phones":
            forms = [form for form in (phone_forms(value) or (phone_key(value),)) if form]
            return any(form in phone_key(text) for form in forms for text in texts)
        case _:
            return any(fold(value) in fold(text) for text in texts)


def _is_born(birthday: str, period: Period) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d", birthday) is not None and (
        (period.since is None or birthday >= day(period.since, NOW).isoformat())
        and (period.before is None or birthday < day(period.before, NOW).isoformat())
    )


def matches(person: Contact, tree: Tree) -> bool:
    match tree:
        case Word(text):
            keys = ("name", "emails", "company", "department", "job_title", "notes", "groups", "birthday", "addresses",
                    "urls", "custom")  # fmt: skip
            found = any(fold(text) in fold(one) for key in keys for one in _texts(person, key))
            digits = (*phone_forms(text), fold(text))
            return found or any(form in phone_key(phone.number) for form in digits for phone in person.phones)
        case Compare():
            return _holds(person, tree)
        case During("birthday", period):
            return _is_born(person.birthday, period)
        case During(key, period):
            moment = to_ms(getattr(person, key))
            return (period.since is None or moment >= milliseconds(period.since, NOW)) and (
                period.before is None or moment < milliseconds(period.before, NOW)
            )
        case Has("city" | "country" as key):
            return any(_texts(person, key))
        case Has(key):
            return bool(getattr(person, key))
        case InBin():
            return person.id in BINNED
        case HasId(ids):
            return person.id in ids
        case Not(part):
            return not matches(person, part)
        case And(parts):
            return all(matches(person, part) for part in parts)
        case Or(parts):
            return any(matches(person, part) for part in parts)
        case _:
            raise NotImplementedError


_KEYS = sorted({spec.key for spec in SEARCHED.values()} - {"invited"})  # what is invited is not a value of a contact
_TEXTS = sorted({text for person in PEOPLE for key in _KEYS if key not in {"favorite", "created_at", "updated_at"}
                 for text in _texts(person, key) if text})  # fmt: skip
_PIECES = st.sampled_from(_TEXTS).flatmap(
    lambda text: st.integers(0, len(text) - 1).flatmap(
        lambda start: st.integers(1, 9).map(lambda size: text[start : start + size])
    )
)
_VALUES = (_PIECES | _PIECES.map(str.upper) | st.text(max_size=4)).filter(fold)
_COMPARED = sorted({*_KEYS} - {"favorite", "created_at", "updated_at"})
_COMPARES = st.builds(
    Compare, st.sampled_from(_COMPARED), st.sampled_from([Operator.CONTAINS, Operator.EXACT]), _VALUES
) | st.builds(Compare, st.sampled_from(_COMPARED), st.just(Operator.EXACT), st.sampled_from(_TEXTS))
_DAYS = st.none() | st.dates() | st.builds(Age, st.integers(0, 400), st.sampled_from("dwmy"))
_LEAVES = (
    st.builds(Word, _VALUES)
    | _COMPARES
    | st.builds(Has, st.sampled_from(_KEYS))
    | st.just(InBin())
    | st.builds(During, st.just("birthday"), st.builds(Period, _DAYS, _DAYS))
    | st.builds(HasId, st.lists(st.integers(0, 12), max_size=4).map(tuple))
)
TREES: st.SearchStrategy[Tree] = st.recursive(
    _LEAVES,
    lambda part: (
        st.builds(Not, part)
        | st.builds(And, st.lists(part, max_size=4).map(tuple))
        | st.builds(Or, st.lists(part, min_size=1, max_size=4).map(tuple))
    ),
    max_leaves=8,
)
_SLOWLY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(tree=TREES)
@settings(_SLOWLY, max_examples=300)
def test_sqlite_finds_what_a_plain_reading_finds(search_sqlite: Search, tree: Tree) -> None:
    assert search_sqlite(tree) == {person.id for person in PEOPLE if matches(person, tree)}


@given(tree=TREES)
@settings(_SLOWLY, max_examples=100)
def test_postgresql_finds_what_a_plain_reading_finds(search_postgresql: Search, tree: Tree) -> None:
    assert search_postgresql(tree) == {person.id for person in PEOPLE if matches(person, tree)}


@given(tree=TREES)
@settings(_SLOWLY, max_examples=200)
def test_the_ids_alone_are_the_same(sqlite: sqlite3.Connection, search_sqlite: Search, tree: Tree) -> None:
    condition = to_sql(tree, SQLITE, NOW, GROUPS)
    if condition.ids:
        rows = sqlite.execute(condition.ids, dict(condition.params))
        assert {row[0] for row in rows} == search_sqlite(tree)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("ada", True),
        ("friends", True),
        ("ada lovelace", True),
        ("ada -lovelace (byron OR company:engines)", True),
        ("020 7946 0958", True),
        ("name:ada", True),
        ("ad", True),
        ("-ada", False),
        ("friends ada", False),
        ("ada is:favorite", False),
        ("in:bin", False),
    ],
)
def test_ids_come_from_the_index_alone_where_they_can(text: str, is_one: bool) -> None:
    assert bool(to_sql(parse(text), SQLITE, NOW, GROUPS).ids) is is_one


def test_several_words_are_one_look_into_the_index() -> None:
    sql = to_sql(parse("ada lovelace -byron email:example.org is:favorite jo"), SQLITE, NOW, GROUPS).sql
    assert sql.count("MATCH") == 1


def test_tells_that_a_pattern_takes_too_long(search_sqlite: Search, sqlite: sqlite3.Connection) -> None:
    sqlite.execute("UPDATE contact SET department = ? WHERE id = 9", ("a" * 60 + "b",))
    try:
        with pytest.raises(sqlite3.OperationalError) as failure:
            search_sqlite(parse("department:~(a|aa)+$"))
    finally:
        sqlite.rollback()
    assert isinstance(query_error(failure.value), InvalidQuery)
    assert query_error(ValueError("something else")) is None


def test_tells_that_postgresql_reads_other_patterns(search_postgresql: Search) -> None:
    with pytest.raises(Exception, match="regular expression") as failure:
        search_postgresql(parse("name:~(?P<first>a)"))
    assert isinstance(query_error(failure.value), InvalidQuery)
