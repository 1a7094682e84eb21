"""Looking through a book for what could be cleaned (`core.cleanup`), and keeping what was found in the book itself.

The first look goes through all contacts; a later one only through those that were changed since, by anybody. What was
found is written down beside the contacts, so that the next program need not look again. If it cannot be written (a
full disk), it is kept in memory.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from coterie.core.changes import Progress
from coterie.core.cleanup import KINDS, RULES, Kind, Leads, Usual
from coterie.core.cleanup.people import learn_names
from coterie.core.cleanup.phone_style import learn_styles
from coterie.core.clock import to_ms
from coterie.core.errors import CoterieError
from coterie.core.model import Contact
from coterie.core.store.cleanup import spellings
from coterie.core.store.contacts import apart, lookup
from coterie.core.store.duplicates.around import around
from coterie.core.store.duplicates.kept import FEW as FEW_PAIRS
from coterie.core.store.duplicates.kept import Mark, changed_since, mark, operations_since
from coterie.core.store.engine.database import Connection, Database, listed

if TYPE_CHECKING:
    from coterie.core.store.duplicates import Duplicates

Findings = dict[str, set[int]]
"""The contacts of each kind; of duplicates, both ids of each pair in one number."""
FEW: Final = 10_000
"""When more contacts than this were changed, the whole book is looked through again."""
_BATCH: Final = 1000
_PAIR_BITS: Final = 31
_TEXTS: Final = ("rules", "seen", "usual")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Count:
    """How much there is of a kind.

    Attributes:
        count: how many contacts, or pairs of them, there is a proposal for.
        dismissed: how many proposals are not shown, since somebody dismissed them.
    """

    kind: Kind
    count: int
    dismissed: int = 0


class Differing:
    """The findings that came and those that went, as rows of the table.

    Args:
        findings: what was found before; `replace` changes it.
    """

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self.added: list[dict[str, object]] = []
        self.removed: list[dict[str, object]] = []

    def replace(self, kind: str, looked_at: Collection[int], now: Collection[int]) -> None:
        """Of the contacts that were looked at, only those of `now` have a finding of this kind."""
        ids = self._findings[kind]
        old = ids.intersection(looked_at)
        self.removed += _rows(kind, old.difference(now))
        self.added += _rows(kind, set(now) - old)
        ids -= old
        ids.update(now)


class Cleanup:
    """What could be cleaned in a book.

    Args:
        database: where it is.
        duplicates: its duplicates.
    """

    def __init__(self, database: Database, duplicates: Duplicates) -> None:
        self._database = database
        self._duplicates = duplicates
        self._findings: Findings = defaultdict(set)
        self._dismissed: dict[tuple[str, int], set[str]] = {}
        self._usual = Usual()
        self._seen: Mark | None = None

    @property
    def usual(self) -> Usual:
        """What is usual in the book, as the last look found."""
        return self._usual

    # Looking ---------------------------------------------------------------------------------------------------

    async def look(self, progress: Progress | None = None) -> list[Count]:
        """Look at what was changed since the last look. Returns what could be cleaned; raises as `progress` does."""
        async with self._database.reading(long=True) as connection:
            now = await mark(connection)
            await self._load(connection)
            changed = await changed_since(connection, self._seen, FEW) if self._seen is not None else None
            today = connection.clock().date()
        is_new_day = today != self._usual.today
        self._usual = replace(self._usual, today=today)
        differing = await (self._look_at_all(progress) if changed is None else self._look_at_some(changed))
        if now != self._seen or is_new_day:
            await self._store(differing, now)
        return await self.counts()

    async def _load(self, connection: Connection) -> None:
        """Read what the last look of any program found, unless it was ours."""
        self._dismissed = await _dismissed(connection)
        for rules, seen, usual in await connection.rows("SELECT rules, seen, usual FROM cleanup_look WHERE id = 1"):
            if rules == RULES and (self._seen is None or seen != _text_of_mark(self._seen)):
                self._findings = defaultdict(set)
                for kind, contact_id in await connection.rows("SELECT kind, contact_id FROM cleanup_finding"):
                    self._findings[kind].add(contact_id)
                self._usual, self._seen = _usual_of(usual), _mark_of(seen)

    async def _look_at_all(self, progress: Progress | None) -> Differing | None:
        async with self._database.reading(long=True) as connection:
            await self._learn(connection)
            [(last, total)] = await connection.rows(
                "SELECT COALESCE(MAX(id), 0), COUNT(*) FROM contact WHERE state = 0"
            )
        findings: Findings = defaultdict(set)
        done = 0
        for first in range(1, last + 1, _BATCH):
            judged, looked = await self._judge_between(first, first + _BATCH - 1)
            done += looked
            for kind, contact_id in judged:
                findings[kind].add(contact_id)
            if progress is not None:
                progress(done, total * 2)

        def comparing(part: int, of: int | None) -> None:
            if progress is not None and of:
                progress(total + total * part // of, total * 2)

        findings[_PAIRS] = await self._all_pairs(comparing)
        self._findings = findings
        return None

    async def _look_at_some(self, changed: Collection[int]) -> Differing:
        differing = Differing(self._findings)
        again = set(changed).union(*(self._findings[kind.id] for kind in KINDS.values() if kind.ages))
        async with self._database.reading(long=True) as connection:
            operations = await self._operations(connection)
            if await _is_any_gone(connection, operations):
                again |= await self._gone(connection, differing)
            if changed:
                names = await _companies_in(connection, operations)
                names |= {contact.company for contact in await lookup.load(connection, sorted(changed))}
                again |= await self._learn_again(connection, names - {""})
            loaded = await lookup.load(connection, sorted(again))
        judged = list(self._judge(loaded))
        for kind in KINDS:
            if kind != _PAIRS:
                differing.replace(kind, again, {contact_id for name, contact_id in judged if name == kind})
        if changed:
            await self._pair_again(changed, differing)
        return differing

    async def _operations(self, connection: Connection) -> list[int]:
        assert self._seen is not None
        return await operations_since(connection, self._seen, FEW) or []

    async def _gone(self, connection: Connection, differing: Differing) -> set[int]:
        """The contacts with findings that were deleted forever since: the journal no longer names them."""
        live = set(await connection.stream("SELECT id FROM contact WHERE state = 0", {}, _numbers))
        pairs = self._findings[_PAIRS]
        lost = {pair for pair in pairs if pair >> _PAIR_BITS not in live or pair & _PAIR_MASK not in live}
        differing.replace(_PAIRS, lost, ())
        return set[int]().union(*(ids - live for kind, ids in self._findings.items() if kind != _PAIRS))

    async def _learn_again(self, connection: Connection, names: set[str]) -> set[int]:
        """Learn how these companies, and all groups, are mostly spelled. Returns whom a change of that concerns."""
        usual = self._usual
        self._usual = replace(
            usual,
            companies=await spellings.of_companies(connection, names, usual.companies),
            groups=await spellings.of_groups(connection),
        )
        concerned: set[int] = set()
        for kind in ("companies", "groups"):
            before, now = getattr(usual, kind), getattr(self._usual, kind)
            differing = {name for name in {*before, *now} if before.get(name) != now.get(name)}
            concerned |= await spellings.holders(connection, kind, differing)
        return concerned

    async def _judge_between(self, first: int, last: int) -> tuple[list[tuple[str, int]], int]:
        async with self._database.reading(long=True) as connection:
            return await lookup.read(
                connection, "BETWEEN :first AND :last", lambda batch: (list(self._judge(batch)), _live(batch)),
                {"first": first, "last": last},
            )  # fmt: skip

    def _judge(self, batch: Iterable[Contact]) -> Iterator[tuple[str, int]]:
        """(kind, id) for each proposal about these contacts that nobody has dismissed."""
        for contact in batch:
            if contact.deleted_at is None and contact.id is not None:
                for kind in KINDS.values():
                    proposal = kind.propose(contact, self._usual)
                    if proposal is None:
                        continue
                    dismissed = self._dismissed.get((kind.id, contact.id))
                    if not dismissed or proposal.key not in dismissed:
                        yield kind.id, contact.id

    # What is usual ---------------------------------------------------------------------------------------------

    async def _learn(self, connection: Connection) -> None:
        given, family = await connection.stream(
            "SELECT name, given_name, family_name FROM contact WHERE state = 0 AND given_name <> ''", {}, learn_names
        )
        phones = await connection.stream(
            "SELECT number FROM phone", {}, lambda rows: learn_styles(row[0] for row in rows)
        )
        self._usual = Usual(
            self._usual.today,
            given,
            family,
            await spellings.of_companies(connection),
            await spellings.of_groups(connection),
            phones,
        )

    # Pairs -----------------------------------------------------------------------------------------------------

    async def _all_pairs(self, progress: Progress | None) -> set[int]:
        async with aclosing(self._duplicates.find(progress, everything=True)) as search:
            return {_packed(pair.a, pair.b) async for pairs in search for pair in pairs}

    async def _pair_again(self, changed: Collection[int], differing: Differing) -> None:
        """Look for the pairs of contacts that were changed."""
        before = self._findings[_PAIRS]
        if len(changed) > FEW_PAIRS:
            now = await self._all_pairs(None)
            differing.replace(_PAIRS, before | now, now)
            return
        wanted = set(changed)
        now = {_packed(pair.a, pair.b) for pair in await around(self._database, changed)}
        old = {pair for pair in before if pair >> _PAIR_BITS in wanted or pair & _PAIR_MASK in wanted}
        differing.replace(_PAIRS, old | now, now)

    # Keeping ---------------------------------------------------------------------------------------------------

    async def _store(self, differing: Differing | None, now: Mark) -> None:
        """Keep what is found now, and what of it differs from before; None if that is all of it."""
        self._seen = now
        values = {"rules": RULES, "seen": _text_of_mark(now), "usual": _text_of(self._usual)}
        try:
            async with self._database.writing() as connection:
                if differing is None:
                    await connection.run("DELETE FROM cleanup_finding")
                    rows = [(kind, contact_id) for kind, ids in self._findings.items() for contact_id in sorted(ids)]
                    await connection.insert("cleanup_finding", ("kind", "contact_id"), rows)
                else:
                    await connection.run_many(
                        "DELETE FROM cleanup_finding WHERE kind = :kind AND contact_id = :id", differing.removed
                    )
                    await connection.run_many(_FOUND, differing.added)
                await connection.run(
                    f"INSERT INTO cleanup_look (id, {', '.join(_TEXTS)}) VALUES (1, :rules, :seen, :usual)"
                    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _TEXTS)}",
                    values,
                )
        except CoterieError:
            _log.info("what could be cleaned cannot be kept", exc_info=True)

    # What was found --------------------------------------------------------------------------------------------

    async def counts(self) -> list[Count]:
        """What the last look found, in the order of KINDS."""
        async with self._database.reading() as connection:
            different = {_packed(a, b) for a, b in await apart.apart(connection)}
        hidden: dict[str, int] = defaultdict(int)
        for (kind, _), keys in self._dismissed.items():
            hidden[kind] += len(keys)
        return [
            Count(kind, len(self._findings.get(name, set()) - (different if name == _PAIRS else set())), hidden[name])
            for name, kind in KINDS.items()
        ]

    def ids(self, kind: Kind) -> list[int]:
        """The contacts for which the last look found something of a kind."""
        return sorted(self._findings.get(kind.id, ())) if kind.leads is not Leads.PAIRS else []

    async def dismiss(self, kind: Kind, contact_ids: Collection[int]) -> None:
        """Do not propose again what is proposed for these contacts now."""
        async with self._database.reading() as connection:
            loaded = await lookup.load(connection, sorted(contact_ids))
        keys = {contact.id or 0: proposal.key for contact in loaded if (proposal := kind.propose(contact, self._usual))}
        async with self._database.writing() as connection:
            now = to_ms(connection.clock())
            await connection.run_many(
                "INSERT INTO cleanup_dismissed (kind, contact_id, proposal, actor, at)"
                " VALUES (:kind, :id, :proposal, :actor, :at) ON CONFLICT DO NOTHING",
                [
                    {"kind": kind.id, "id": contact_id, "proposal": key, "actor": self._database.actor, "at": now}
                    for contact_id, key in keys.items()
                ],
            )
            await connection.run_many(
                "DELETE FROM cleanup_finding WHERE kind = :kind AND contact_id = :id", _rows(kind.id, keys)
            )
            self._dismissed = await _dismissed(connection)
        self._findings.get(kind.id, set()).difference_update(keys)

    async def restore(self, kind: Kind, contact_ids: Collection[int] | None = None) -> int:
        """Propose again what was dismissed for these contacts, or for all. Returns how many proposals that are."""
        dismissed = [contact_id for name, contact_id in self._dismissed if name == kind.id]
        wanted = [contact_id for contact_id in dismissed if contact_ids is None or contact_id in contact_ids]
        async with self._database.writing() as connection:
            await connection.run_many(
                "DELETE FROM cleanup_dismissed WHERE kind = :kind AND contact_id = :id", _rows(kind.id, wanted)
            )
            self._dismissed = await _dismissed(connection)
            loaded = await lookup.load(connection, wanted)
            again = {contact_id for name, contact_id in self._judge(loaded) if name == kind.id}
            await connection.run_many(_FOUND, _rows(kind.id, again))
        self._findings.setdefault(kind.id, set()).update(again)
        return len(again)


_PAIRS: Final = next(kind.id for kind in KINDS.values() if kind.leads is Leads.PAIRS)
_FOUND: Final = "INSERT INTO cleanup_finding (kind, contact_id) VALUES (:kind, :id) ON CONFLICT DO NOTHING"
_PAIR_MASK: Final = (1 << _PAIR_BITS) - 1


async def _is_any_gone(connection: Connection, operations: Collection[int]) -> bool:
    """Whether one of these operations deleted contacts forever."""
    kinds = f"SELECT 1 FROM operation WHERE id IN ({listed(operations)}) AND kind IN ('forget', 'purge') LIMIT 1"
    return bool(await connection.rows(kinds))


async def _companies_in(connection: Connection, operations: Collection[int]) -> set[str]:
    """The companies that contacts had or got in these operations."""
    rows = await connection.rows(
        f"SELECT old, new FROM journal_value WHERE field = 'company' AND operation_id IN ({listed(operations)})"
    )
    return {name for row in rows for name in row if name}


def _numbers(rows: Iterable[tuple[int]]) -> list[int]:
    return [row[0] for row in rows]


def _packed(a: int, b: int) -> int:
    return a << _PAIR_BITS | b


def _rows(kind: str, ids: Iterable[int]) -> list[dict[str, object]]:
    return [{"kind": kind, "id": contact_id} for contact_id in ids]


def _live(batch: Sequence[Contact]) -> int:
    return sum(1 for contact in batch if contact.deleted_at is None)


async def _dismissed(connection: Connection) -> dict[tuple[str, int], set[str]]:
    dismissed: dict[tuple[str, int], set[str]] = defaultdict(set)
    for kind, contact_id, proposal in await connection.rows("SELECT kind, contact_id, proposal FROM cleanup_dismissed"):
        dismissed[kind, contact_id].add(proposal)
    return dict(dismissed)


def _text_of(usual: Usual) -> str:
    values = asdict(replace(usual, companies=dict(usual.companies), groups=dict(usual.groups)))
    return json.dumps({**values, "today": usual.today.isoformat(), **{key: sorted(values[key]) for key in _NAMES}})


def _usual_of(text: str) -> Usual:
    values: dict[str, Any] = json.loads(text)
    today = date.fromisoformat(values.pop("today"))
    return Usual(**{**values, "today": today, **{key: frozenset(values[key]) for key in _NAMES}})


_NAMES: Final = ("given", "family")


def _text_of_mark(seen: Mark) -> str:
    return json.dumps([[operation, *rest] for operation, rest in seen.items()])


def _mark_of(text: str) -> Mark:
    return {operation: (undone_at, count) for operation, undone_at, count in json.loads(text)}
