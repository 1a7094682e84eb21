"""The orders of lists: by which text or number, and how SQLite tells it fastest of a whole book.

Who has no value comes last in either direction; then the name decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from coterie.core.fields.name_parts import NAME_PARTS
from coterie.core.listing import Listing, Sort, View
from coterie.core.names import NameOrder
from coterie.core.store.engine.dialect import Dialect

NAME_KEYS: Final[Mapping[NameOrder, str]] = {NameOrder.GIVEN: "c.sort_key", NameOrder.FAMILY: "c.family_key"}
"""The column that orders lists by the names they show."""
NAMES: Final = frozenset({"name", *NAME_PARTS, "company", "emails", "phones"})
"""The attributes on which depends what a list calls a contact."""


@dataclass(frozen=True, slots=True)
class _Order:
    """One order.

    Attributes:
        value: the text of the contact `c`, as SQL; empty if it has none.
        pairs: SQLite's SELECT of (contact id, value) of those that have one, whatever their state; `{state}` is the
            condition of the list's.
        join: what `value` needs beside `contact c`.
        depends: the attributes whose change may move a contact.
    """

    value: str
    pairs: str
    join: str = ""
    depends: frozenset[str] = field(default_factory=frozenset)


def _of_search(column: str, key: str) -> _Order:
    pairs = f"SELECT contact_id, {column} AS value FROM search WHERE {column} <> ''"
    return _Order(f"s.{column}", pairs, " JOIN search s ON s.contact_id = c.id", frozenset({key}))


def _of_rows(table: str, first: str, key: str) -> _Order:
    """By the first of several values; `first` is the number that is least in its row."""
    # Of several rows, SQLite gives the other columns of the one with the least number.
    return _Order(
        f"COALESCE((SELECT t.norm FROM {table} t WHERE t.contact_id = c.id ORDER BY {first} LIMIT 1), '')",
        f"SELECT contact_id, value FROM (SELECT contact_id, norm AS value, MIN({first}) FROM {table} GROUP BY"
        " contact_id) WHERE value <> ''",
        depends=frozenset({key}),
    )


_BIRTHDAY: Final = (
    "CASE WHEN c.birthday LIKE '____-__-__' THEN substr(c.birthday, 6) || substr(c.birthday, 1, 4)"
    " WHEN c.birthday LIKE '--__-__' THEN substr(c.birthday, 3)"
    " WHEN c.birthday LIKE '____-__' THEN substr(c.birthday, 6) || '-00' || substr(c.birthday, 1, 4)"
    " WHEN c.birthday = '' THEN '' ELSE '~' || c.birthday END"
)
"""As a birthday calendar: by month and day, then by year; what is no date comes after the dates."""

_ORDERS: Final[Mapping[str, _Order]] = {
    "company": _of_search("company", "company"),
    "job_title": _of_search("title", "job_title"),
    "emails": _of_rows("email", "position - 10000 * is_primary", "emails"),
    "phones": _of_rows("phone", "position", "phones"),
    "groups": _Order(
        "COALESCE((SELECT MIN(g.name_key) FROM membership m JOIN contact_group g ON g.id = m.group_id"
        " WHERE m.contact_id = c.id), '')",
        "SELECT m.contact_id, MIN(g.name_key) AS value FROM membership m JOIN contact_group g ON g.id = m.group_id"
        " GROUP BY m.contact_id",
        depends=frozenset({"groups", "group names"}),
    ),
    "birthday": _Order(
        _BIRTHDAY,
        f"SELECT c.id, {_BIRTHDAY} AS value FROM contact c WHERE c.birthday <> ''",
        depends=frozenset({"birthday"}),
    ),
    "family_name": _Order(
        "CASE WHEN c.family_name = '' THEN '' ELSE c.family_key END",
        # The index of family keys is read in its order; to look into each row would take five times as long.
        "SELECT id, family_key AS value FROM contact WHERE {state}"
        " AND id NOT IN (SELECT id FROM contact WHERE family_name = '')",
    ),
}
_TIMES: Final = frozenset({"created_at", "updated_at", "deleted_at"})


def order_by(sort: Sort, dialect: Dialect, names: NameOrder) -> tuple[str, str]:
    """(JOIN, ORDER BY) of an order of contacts `c`."""
    down, name = " DESC" if sort.descending else "", NAME_KEYS[names]
    if sort.field in _TIMES:
        return "", f"c.{sort.field}{down}, {name}, c.id"
    order = _ORDERS.get(sort.field)
    if order is None:
        return "", f"{name}{down}, c.id{down}"
    return order.join, f"({order.value} = ''), {dialect.by_code_point(order.value)}{down}, {name}, c.id"


def in_order(listing: Listing) -> str:
    """SQLite's SELECT of (contact id, value) by which a list is sorted, in order, of those that have a value."""
    sort, down = listing.sort, " DESC" if listing.sort.descending else ""
    if sort.field in _TIMES:
        return f"SELECT id, {sort.field} FROM contact WHERE {sort.field} IS NOT NULL ORDER BY {sort.field}{down}"
    state = "state = 1" if listing.view is View.BIN else "state = 0"
    return f"{_ORDERS[sort.field].pairs.format(state=state)} ORDER BY value{down}"


def depends(sort: Sort) -> frozenset[str]:
    """The attributes whose change may move contacts in this order; `*` stands for every one."""
    if sort.field == "updated_at":
        return frozenset({"*"})
    order = _ORDERS.get(sort.field)
    return NAMES | (order.depends if order else {sort.field})
