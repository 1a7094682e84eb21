"""Reading contacts: by their ids, as the rows of a list, and by an address, number, UID or name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, tzinfo
from typing import Any, Final, TypeVar

from coterie.core.clock import from_ms, to_ms
from coterie.core.duplicates import MAX_SHARING as CROWD
from coterie.core.fields import FIELDS
from coterie.core.fields.name_parts import NAME_PARTS
from coterie.core.identity import number_id
from coterie.core.listing import Row
from coterie.core.model import Contact, Email, Phone, RemoteRef
from coterie.core.names import NameOrder, called
from coterie.core.store.contacts.values import (
    CONTACT_COLUMNS,
    HAS_UID,
    NAMELESS,
    READ_COLUMNS,
    contact_from_row,
    is_undone,
)
from coterie.core.store.engine.database import Connection, Params, listed
from coterie.core.text import email_key, fold

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
Rows = list[tuple[Any, ...]]
BATCH = 250
"""How many contacts are read at a time: what is made of so many stays in the processor's cache."""
_COLUMNS = ", ".join(READ_COLUMNS)
_SOURCES = (
    "SELECT r.contact_id, a.provider, a.address, r.remote_id, r.etag, COALESCE(p.name, '')"
    " FROM remote r JOIN account a ON a.id = r.account_id"
    " LEFT JOIN place p ON p.account_id = r.account_id AND p.id = r.place"
)
_CALLED = ("name", *NAME_PARTS, "company")
"""The columns of which a list makes what it calls a contact."""
_NOTHING: Params = {}
_DAY = 86_400_000
_JOINED: Final = "c.custom LIKE '%\"Name (2)\"%'"
"""Whether others have joined a contact under another name, see `core.merge`."""


def _batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


async def load(connection: Connection, ids: Sequence[int]) -> list[Contact]:
    """The contacts of these ids, live or in the Bin, in their order; ids that are not there are left out."""
    contacts: list[Contact] = []
    for batch in _batches(ids):
        by_id = {contact.id: contact for contact in await read(connection, f"IN ({listed(batch)})", list)}
        contacts += [by_id[contact_id] for contact_id in batch if contact_id in by_id]
    return contacts


async def read(
    connection: Connection, condition: str, then: Callable[[list[Contact]], T], params: Params = _NOTHING
) -> T:
    """The contacts, live or in the Bin, whose ids meet a condition of SQL (`IN (1, 2)`), in the order of their ids.

    `params` are those of the condition. Neighbors, `BETWEEN :first AND :last`, take half the time of a list of ids.
    `then` makes something of the contacts where they are read, in the connection's thread: what goes from one processor
    to another takes longer.
    """
    zone = connection.clock().tzinfo
    return await connection.gather(_queries(condition), lambda *rows: then(_joined(zone, *rows)), params)


def between(rows: Callable[[str], Rows], first: int, last: int) -> list[Contact]:
    """The contacts with ids from `first` to `last`, without groups and sources; `rows` runs a query."""
    own, emails, phones = map(rows, _queries(f"BETWEEN {int(first)} AND {int(last)}")[:3])
    return _joined(UTC, own, emails, phones, [], [], [])


def _queries(condition: str) -> tuple[str, ...]:
    return (
        f"SELECT {_COLUMNS} FROM contact WHERE id {condition} ORDER BY id",
        f"SELECT contact_id, address, label, is_primary FROM email WHERE contact_id {condition} ORDER BY 1, position",
        f"SELECT contact_id, number, label FROM phone WHERE contact_id {condition} ORDER BY 1, position",
        *_group_queries(condition),
        f"{_SOURCES} WHERE r.contact_id {condition} ORDER BY a.id, r.remote_id",
    )


def _joined(
    zone: tzinfo | None,
    rows: Rows,
    email_rows: Rows,
    phone_rows: Rows,
    members: Rows,
    group_rows: Rows,
    remotes: Rows,
) -> list[Contact]:
    emails: dict[int, tuple[Email, ...]] = {}
    for contact_id, address, label, primary in email_rows:
        email = Email(address, label, primary == 1)
        emails[contact_id] = (*emails[contact_id], email) if contact_id in emails else (email,)
    phones: dict[int, tuple[Phone, ...]] = {}
    for contact_id, number, label in phone_rows:
        phone = Phone(number, label)
        phones[contact_id] = (*phones[contact_id], phone) if contact_id in phones else (phone,)
    sources: dict[int, tuple[RemoteRef, ...]] = {}
    for contact_id, provider, account, remote_id, etag, place in remotes:
        source = RemoteRef(f"{provider}:{account}", remote_id, etag, place)
        sources[contact_id] = (*sources.get(contact_id, ()), source)
    groups = _groups(members, group_rows)
    nothing: tuple[Any, ...] = ()
    return [
        contact_from_row(
            row,
            emails.get(row[0], nothing),
            phones.get(row[0], nothing),
            groups.get(row[0], nothing),
            sources.get(row[0], nothing),
            zone,
        )
        for row in rows
    ]


def _group_queries(condition: str) -> tuple[str, str]:
    members = f"FROM membership WHERE contact_id {condition}"
    return (
        f"SELECT contact_id, group_id {members}",
        f"SELECT id, name FROM contact_group WHERE id IN (SELECT group_id {members}) ORDER BY name_key",
    )


def _groups(members: Rows, groups: Rows) -> dict[int, tuple[str, ...]]:
    """The names of the groups of each contact, in their order; many contacts share few sets of groups."""
    sets: defaultdict[int, list[int]] = defaultdict(list)
    for contact_id, group_id in members:
        sets[contact_id].append(group_id)
    # A contact that an undo took away may belong to a group that the undo took away as well.
    places = {group_id: (place, name) for place, (group_id, name) in enumerate(groups)}
    keys = {contact_id: tuple(ids) for contact_id, ids in sets.items()}
    names = {ids: tuple([name for _, name in sorted(places[group_id] for group_id in ids if group_id in places)])
             for ids in set(keys.values())}  # fmt: skip
    return {contact_id: names[ids] for contact_id, ids in keys.items()}


async def group_names(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The names of the groups of each contact, in their order."""
    return await connection.gather(_group_queries(f"IN ({listed(ids)})"), _groups)


async def by_address(
    connection: Connection, addresses: Iterable[str], names: AbstractSet[str] | None = None
) -> dict[str, list[Contact]]:
    """The contacts, live or in the Bin, of these e-mail addresses, by `email_key`; live ones come first.

    `names`: of an address that more than CROWD have, only the contacts of these names (`fold`), and those that others
    have joined under another name.
    """
    owners: dict[str, list[tuple[int, str, bool]]] = defaultdict(list)
    async for norm, contact_id, name, is_joined in _rows_of(
        connection,
        sorted({email_key(address) for address in addresses}),
        f"SELECT e.norm, e.contact_id, c.sort_key, {_JOINED} FROM email e JOIN contact c ON c.id = e.contact_id"
        f" WHERE e.norm IN ({{keys}}) AND NOT ({is_undone('c')}) ORDER BY c.state, c.id",
    ):
        owners[norm].append((contact_id, name, bool(is_joined)))
    if names is not None:
        for norm, sharing in owners.items():
            if len(sharing) > CROWD:
                owners[norm] = [owner for owner in sharing if owner[1] in names or owner[2]]
    return await _loaded(connection, {norm: [owner[0] for owner in sharing] for norm, sharing in owners.items()})


async def by_number(connection: Connection, people: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Contact]]:
    """The contacts, live or in the Bin, of these (`name_of`, `number_id`); live ones come first."""
    wanted = set(people)
    names = sorted({name for name, _ in wanted})
    owners: dict[tuple[str, str], list[int]] = defaultdict(list)
    for state in (0, 1):
        # The cross join keeps SQLite from going through all numbers; the literal lets it use its partial index.
        sql = (
            "SELECT c.sort_key, p.norm, c.id FROM contact c CROSS JOIN phone p"
            f" WHERE p.contact_id = c.id AND c.state = {state} AND NOT ({is_undone('c')})"
            " AND c.sort_key IN ({keys}) ORDER BY +c.id"
        )
        async for name, norm, contact_id in _rows_of(connection, names, sql):
            if (key := (name, number_id(norm))) in wanted:
                owners[key].append(contact_id)
    return await _loaded(connection, owners)


async def by_uid(connection: Connection, uids: Iterable[str]) -> dict[str, list[Contact]]:
    """The contacts, live or in the Bin, of these UIDs, by `uid_key`; live ones come first."""
    uid = connection.dialect.uid
    owners: dict[str, list[int]] = defaultdict(list)
    async for key, contact_id in _rows_of(
        connection,
        sorted(set(uids)),
        f"SELECT {uid}, id FROM contact WHERE {HAS_UID} AND {uid} IN ({{keys}}) AND NOT ({is_undone()})"
        " ORDER BY state, id",
    ):
        owners[key].append(contact_id)
    return await _loaded(connection, owners)


async def by_name(
    connection: Connection, names: Iterable[str], *, before: int | None = None
) -> dict[str, list[Contact]]:
    """The contacts, live or in the Bin, of these names, by `fold`; live ones come first.

    `before`: only those with smaller ids.
    """
    # The signs keep SQLite from going through the contacts in the order of their ids instead of its partial indexes.
    older = f"AND +id < {int(before)}" if before is not None else ""
    keys = sorted({fold(name) or NAMELESS for name in names})
    owners: dict[str, list[int]] = defaultdict(list)
    for state in (0, 1):  # literals: the partial index over live names is of no use to a parameter
        sql = (
            f"SELECT sort_key, id FROM contact WHERE state = {state} AND NOT ({is_undone()})"
            f" AND sort_key IN ({{keys}}) {older} ORDER BY +id"
        )
        async for key, contact_id in _rows_of(connection, keys, sql):
            owners["" if key == NAMELESS else key].append(contact_id)
    return await _loaded(connection, owners)


async def _rows_of(connection: Connection, keys: Sequence[str], sql: str) -> AsyncIterator[tuple[Any, ...]]:
    """The rows that `sql` finds for `{keys}`, some keys at a time."""
    for start in range(0, len(keys), 500):
        params = {f"k{place}": key for place, key in enumerate(keys[start : start + 500])}
        for row in await connection.rows(sql.format(keys=", ".join(f":{name}" for name in params)), params):
            yield row


async def _loaded(connection: Connection, owners: Mapping[K, Sequence[int]]) -> dict[K, list[Contact]]:
    """The contacts of these ids, each once for a key, in their order."""
    wanted = sorted({contact_id for ids in owners.values() for contact_id in ids})
    contacts = {contact.id: contact for contact in await load(connection, wanted)}
    return {key: [contacts[id_] for id_ in dict.fromkeys(ids) if id_ in contacts] for key, ids in owners.items()}


async def rows(
    connection: Connection, ids: Sequence[int], columns: Sequence[str], bin_days: int, names: NameOrder
) -> list[Row]:
    """The rows that a list shows of these ids, in their order, with the texts of `columns` (field keys).

    `names` says what contacts are called.
    """
    now = connection.clock()
    plain = [key for key in columns if key in CONTACT_COLUMNS and key not in {"addresses", "custom", "urls"}]
    wide = [key for key in columns if key not in plain and key not in {"emails", "groups"}]
    stored = ["id", "favorite", "deleted_at", "deleted_by", *_CALLED, *plain]
    by_id = {
        row[0]: row
        for row in await connection.rows(f"SELECT {', '.join(stored)} FROM contact WHERE id IN ({listed(ids)})")
    }
    emails = await _emails(connection, ids)
    groups = await group_names(connection, ids) if "groups" in columns else {}
    whole = {contact.id: contact for contact in await load(connection, ids)} if wide else {}
    people = {contact_id: Contact(**dict(zip(_CALLED, row[4:], strict=False))) for contact_id, row in by_id.items()}
    nameless = [id_ for id_, contact in people.items() if not (contact.shown_name or id_ in emails)]
    phones = {contact.id: contact.phone for contact in await load(connection, nameless)}
    shown: list[Row] = []
    for contact_id in ids:
        if contact_id not in by_id:
            continue
        _, favorite, deleted_at, deleted_by, *values = by_id[contact_id]
        values = values[len(_CALLED) :]
        texts: dict[str, str] = {
            key: _text(key, value, now.tzinfo) for key, value in zip(plain, values, strict=True)
        } | {key: FIELDS[key].read(whole[contact_id]) for key in wide}  # fmt: skip
        addresses = emails.get(contact_id, ())
        texts["emails"] = next(iter(addresses), "")
        texts["groups"] = ", ".join(groups.get(contact_id, ()))
        left = None if deleted_at is None else max(0, bin_days - (to_ms(now) - deleted_at) // _DAY)
        shown.append(
            Row(
                contact_id,
                called(people[contact_id], names) or texts["emails"] or phones.get(contact_id, ""),
                bool(favorite),
                texts,
                from_ms(deleted_at, now.tzinfo),
                deleted_by,
                left,
                max(0, len(addresses) - 1),
                groups.get(contact_id, ()),
            )
        )
    return shown


async def _emails(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    """The addresses of each contact, the preferred one first."""
    addresses: dict[int, list[str]] = {}
    for contact_id, address in await connection.rows(
        f"SELECT contact_id, address FROM email WHERE contact_id IN ({listed(ids)})"
        " ORDER BY contact_id, is_primary DESC, position"
    ):
        addresses.setdefault(contact_id, []).append(address)
    return addresses


def _text(key: str, value: Any, zone: tzinfo | None) -> str:
    if key in {"created_at", "updated_at"}:
        moment = from_ms(value, zone)
        return moment.strftime("%Y-%m-%d") if moment else ""
    if key == "favorite":
        return "yes" if value else "no"
    return str(value)
