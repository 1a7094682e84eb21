"""What the store says of tables and columns is what the schema says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from coterie.core import store
from coterie.core.store.accounts.remotes import OF_ACCOUNTS
from coterie.core.store.contacts import purging
from coterie.core.store.contacts.bulk import OF_CONTACTS
from coterie.core.store.contacts.values import (
    CONTACT_COLUMNS,
    EMAIL_COLUMNS,
    PHONE_COLUMNS,
    READ_COLUMNS,
    SEARCH_COLUMNS,
)
from coterie.core.store.schema import METADATA, belongings

STORE = Path(store.__file__).parent
HOLE = "\N{WHITE SQUARE}"
"""What is filled in at run time."""
BESIDES = {"chosen", "search_index", "alembic_version"}
"""Tables that migrations and connections make without SQLModel."""


def columns(table: str) -> list[str]:
    return [column.name for column in METADATA.tables[table].columns]


def with_column(name: str) -> set[str]:
    return {table for table in METADATA.tables if name in columns(table)}


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("contact", CONTACT_COLUMNS),
        ("email", EMAIL_COLUMNS),
        ("phone", PHONE_COLUMNS),
        ("search", ("contact_id", *SEARCH_COLUMNS)),
        ("bin", ("id", *purging.COLUMNS)),
    ],
)
def test_rows_have_all_columns(table: str, names: tuple[str, ...]) -> None:
    assert sorted(names) == sorted(columns(table))


def test_a_contact_is_read_of_all_columns_but_those_that_put_lists_in_order() -> None:
    assert {*CONTACT_COLUMNS} - {*READ_COLUMNS} == {"state", "sort_key", "family_key"}
    assert {*READ_COLUMNS} <= {*CONTACT_COLUMNS}


def test_all_that_is_about_a_contact_or_an_account_goes_with_it() -> None:
    assert {*OF_CONTACTS} == with_column("contact_id") - {"remote", "search"}  # these have ways of their own
    assert {*OF_ACCOUNTS} == with_column("account_id")


def test_what_belongs_to_another_table_has_words_for_that() -> None:
    for row in belongings():
        assert re.fullmatch(r"[a-z-]+( [a-z]+)* belong to no [a-z]+( [a-z]+)*", row.what), row


def texts(node: ast.AST) -> Iterator[str]:
    """The texts of a syntax tree, those that are put together as one; HOLE stands for what is filled in."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(one.value) if isinstance(one, ast.Constant) else HOLE for one in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from texts(child)


def statements() -> Iterator[tuple[str, str]]:
    for path in sorted(STORE.rglob("*.py")):
        if "versions" not in path.parts:
            for text in texts(ast.parse(path.read_text("utf-8"))):
                yield str(path.relative_to(STORE)), text


def test_statements_write_to_tables_and_columns_that_there_are() -> None:
    seen = 0
    for path, text in statements():
        for table, names in re.findall(rf"INSERT (?:OR \w+ )?INTO ([\w.]+) \(([\w, {HOLE}]+)\)", text):
            if table not in BESIDES:
                assert {one for one in names.split(", ") if HOLE not in one} <= {*columns(table)}, (path, text)
                seen += 1
        for table in re.findall(r"(?:UPDATE|DELETE FROM) (\w+)(?: |$)", text):
            assert table in METADATA.tables or table in {*BESIDES, "SET"}, (path, text)
    assert seen > 30
