"""One transaction's writing: what every kind of change needs, and the journal rows with which it can be undone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from coterie.core.changes import Outcome, Progress, Selection, Skip
from coterie.core.checks import Checks
from coterie.core.errors import InvalidValue, NotFound
from coterie.core.listing import Listing
from coterie.core.store.contacts.loading import Loading
from coterie.core.store.engine.counters import allocate
from coterie.core.store.engine.database import Connection, single
from coterie.core.text import clean_line, group_key

STATE_TEXT = "CASE state WHEN 1 THEN '1:' || deleted_at || ':' || deleted_by ELSE CAST(state AS TEXT) END"
"""A contact's state as the journal keeps it: `0`, `1:` with the time and the reason of its deletion, or `GONE`."""

Resolve = Callable[[Listing], Awaitable[tuple[str, dict[str, Any]]]]


@dataclass
class Writer:
    """The state of one operation while it is applied.

    Attributes:
        connection: inside the transaction.
        operation_id: the journal entry that is being written.
        now: the time of all of it, in milliseconds.
        resolve: turns a listing into a query for ids.
        progress: is told how far a change of many is, and may raise Cancelled.
        keep: whether all of it is stored at the end, or nothing.
        noted: bookkeeping was written, which is kept even if nothing else changes.
        applied: how many changes were carried out.
        skipped: what was left out meanwhile.
        touched: which attributes changed (`state`, `favorite`, `groups`, `name` …); tells which lists are stale.
        changed: how many contacts changed, counted by the widest of its steps.
        seen: the ids of contacts that changed one by one.
        loading: what new contacts still lack while more of them come.
        group_ids: the ids of the groups that were asked for, by the names as they were given.
        joined: groups that changed without a row in the journal: by new contacts, or by a merge.
    """

    connection: Connection
    operation_id: int
    now: int
    resolve: Resolve
    progress: Progress | None = None
    keep: bool = False
    applied: int = 0
    skipped: list[Skip] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    noted: bool = False
    noted_fields: set[str] = field(default_factory=set)
    changed: int = 0
    created: int = 0
    restored: int = 0
    first_created: int | None = None
    created_ids: list[int] = field(default_factory=list)
    created_groups: list[str] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    loading: Loading = field(init=False)
    group_ids: dict[str, int] = field(default_factory=dict)
    joined: set[int] = field(default_factory=set)
    _groups: dict[str, int] = field(default_factory=dict)
    _accounts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.loading = Loading(self.connection)

    def count(self, changed: int, *fields: str) -> None:
        """Note that a set-based step changed so many contacts in these attributes."""
        if changed:
            self.changed = max(self.changed, changed)
            self.touched.update(fields)

    def tell(self, done: int, total: int | None) -> None:
        """Say how far it is: so much, of how much if that is known. Raises what `progress` raises."""
        if self.progress is not None:
            self.progress(done, total)

    def note(self, *fields: str) -> None:
        """Note bookkeeping: it is kept, but alone it makes no journal entry."""
        self.noted = True
        self.noted_fields.update(fields)

    @property
    def total(self) -> int:
        """How many contacts the operation changed or made."""
        first = self.first_created
        older = [contact_id for contact_id in self.seen if first is None or contact_id < first]
        return max(self.changed, self.created + len(older))

    async def allocate(self, counter: str, count: int = 1) -> int:
        """The first of `count` fresh ids. They are never used twice, even if an undo takes contacts away."""
        return await allocate(self.connection, counter, count)

    async def choose(self, selection: Selection) -> None:
        """Fill `chosen` with what is selected."""
        if isinstance(selection, Checks):
            await self.connection.choose(selection)
        else:
            sql, params = await self.resolve(selection)
            await self.connection.choose_from(sql, params)

    async def journal_values(self, rows: list[Mapping[str, Any]]) -> None:
        """Write journal rows {contact_id, field, old, new}; a value changed twice keeps its first old text."""
        await self.connection.run_many(
            "INSERT INTO journal_value (operation_id, field, contact_id, old, new)"
            f" VALUES ({self.operation_id}, :field, :contact_id, :old, :new)"
            " ON CONFLICT (operation_id, field, contact_id) DO UPDATE SET new = excluded.new",
            rows,
        )

    # Groups and accounts by name ---------------------------------------------------------------------------------

    async def find_group(self, name: str) -> int | None:
        """The id of the group of that name, ignoring case."""
        key = group_key(name)
        if key not in self._groups:
            group_id = single(
                await self.connection.rows("SELECT id FROM contact_group WHERE name_key = :key", {"key": key})
            )
            if group_id is None:
                return None
            self._groups[key] = group_id
        return self._groups[key]

    async def ensure_group(self, name: str) -> int:
        """The id of the group of that name, which is made if it does not exist. Raises InvalidValue."""
        if name not in self.group_ids:
            self.group_ids[name] = await self.find_group(name) or await self.create_group(name)
        return self.group_ids[name]

    async def create_group(self, name: str) -> int:
        """A new group. Raises InvalidValue if the name is empty or taken."""
        name = clean_line(name)
        if not name:
            raise InvalidValue("group", "A group needs a name.", "Type one.")
        await self.refuse_taken(name)
        group_id = await self.allocate("contact_group")
        await self.set_group(group_id, "", name)
        self._groups[group_key(name)] = group_id
        self.created_groups.append(name)
        return group_id

    async def refuse_taken(self, name: str, but: int | None = None) -> None:
        """Raise InvalidValue if another group than `but` has that name, ignoring case."""
        taken = await self.find_group(name)
        if taken is not None and taken != but:
            rows = await self.connection.rows("SELECT name FROM contact_group WHERE id = :id", {"id": taken})
            raise InvalidValue("group", f"There is already a group “{single(rows)}”.", "Choose another name.")

    async def set_group(self, group_id: int, old: str, new: str) -> None:
        """Name a group, with its journal row; an empty name is no group."""
        await self.connection.run(
            "INSERT INTO journal_group (operation_id, group_id, old, new) VALUES (:op, :id, :old, :new)"
            " ON CONFLICT (operation_id, group_id) DO UPDATE SET new = excluded.new",
            {"op": self.operation_id, "id": group_id, "old": old, "new": new},
        )
        await name_group(self.connection, group_id, new)
        self._groups.clear()
        self.group_ids.clear()
        self.touched.add("group names")

    async def account_id(self, name: str) -> int:
        """The id of a connected account by `Account.name`. Raises NotFound."""
        if name not in self._accounts:
            provider, _, address = name.partition(":")
            rows = await self.connection.rows(
                "SELECT id FROM account WHERE provider = :provider AND address = :address",
                {"provider": provider, "address": address},
            )
            if not rows:
                raise NotFound(f"There is no connected account {name}.", "`coterie accounts` lists them.")
            self._accounts[name] = rows[0][0]
        return self._accounts[name]


Write = Callable[[Callable[[Writer], Awaitable[Outcome]]], Awaitable[Outcome]]
"""Carries out one operation in a transaction, with what it says it did."""


async def name_group(connection: Connection, group_id: int, name: str) -> None:
    """Make, rename or (with an empty name) remove a group's row."""
    if not name:
        await connection.run("DELETE FROM contact_group WHERE id = :id", {"id": group_id})
        return
    await connection.run(
        "INSERT INTO contact_group (id, name, name_key) VALUES (:id, :name, :key)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key",
        {"id": group_id, "name": name, "key": group_key(name)},
    )
