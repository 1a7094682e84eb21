"""The tree of a search in SQL, as far as both databases agree.

Words are looked up in an index of trigrams: FTS5 on SQLite (as many parts of a search as possible in one MATCH),
pg_trgm on PostgreSQL. Words that are too short for it are looked for in the folded text, contact by contact, so that a
list that needs only its first rows can stop early. Group and account names are few: they are compared here, and only
their ids go into the SQL. Every value that was typed is a parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from coterie.core.duplicates import MAX_SHARING, MIN_DIGITS
from coterie.core.fields import FIELDS, SEARCHED
from coterie.core.fields.kinds import KeptValues, Line
from coterie.core.fields.values import KEPT
from coterie.core.query.birthdays import birthday_forms
from coterie.core.query.dates import Period, day, milliseconds
from coterie.core.query.phones import phone_forms
from coterie.core.query.tree import (
    FLAG,
    And,
    Answered,
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
    Saved,
    Tree,
    Word,
)
from coterie.core.store.contacts import sources
from coterie.core.store.contacts.apart import are_apart
from coterie.core.store.contacts.values import LINE_COLUMNS, SEARCH_COLUMNS
from coterie.core.store.engine.database import listed
from coterie.core.store.engine.dialect import Dialect
from coterie.core.store.lists.letter_pairs import LetterPair
from coterie.core.text import email_key, fold, folded_lines, phone_key

TRUE, FALSE = "1 = 1", "1 = 0"
# Fields whose folded text is all of a column of `search`, whose texts are lines of some, whose text is within one.
_WHOLE: Final = {"company": "company", "job_title": "title", "notes": "notes"}
_LINES: Final = {spec.key for spec in SEARCHED.values() if spec.search and {*spec.search} <= {*LINE_COLUMNS}}
_WITHIN: Final = (
    _WHOLE
    | {"name": "name"}
    | {key: spec.within for key, spec in FIELDS.items() if not spec.search and isinstance(spec.kind, Line | KeptValues)}
)
_ROWS: Final = {
    "emails": "email", "phones": "phone", "groups": "membership", "sources": "remote", "invited": "invitee",
}  # fmt: skip
_ANYWHERE: Final = tuple(f"s.{column}" for column in SEARCH_COLUMNS)


def _shared(table: str) -> str:
    """Contacts with an address or number that a live contact has too; what very many share is a switchboard's."""
    counts = "norm <> ''" if table == "email" else f"LENGTH(norm) >= {MIN_DIGITS}"
    return (
        f"c.id IN (SELECT a.contact_id FROM {table} a WHERE a.norm IN (SELECT norm FROM {table} WHERE {counts}"
        f" GROUP BY norm HAVING COUNT(*) BETWEEN 2 AND {MAX_SHARING})"
        f" AND EXISTS (SELECT 1 FROM {table} b JOIN contact o ON o.id = b.contact_id"
        " WHERE b.norm = a.norm AND b.contact_id <> a.contact_id AND o.state = 0"
        f" AND NOT {are_apart('a.contact_id', 'b.contact_id')}))"
    )


# The reasons of `core.duplicates` that a database can see: same e-mail, same phone, same name and company.
_DUPLICATE: Final = (
    f"({_shared('email')} OR {_shared('phone')} OR c.id IN (SELECT a.id FROM contact a WHERE a.sort_key IN"
    " (SELECT sort_key FROM contact WHERE state = 0 GROUP BY sort_key HAVING COUNT(*) > 1) AND a.company <> ''"
    " AND EXISTS (SELECT 1 FROM contact b WHERE b.state = 0 AND b.sort_key = a.sort_key AND b.id <> a.id"
    f" AND LOWER(b.company) = LOWER(a.company) AND NOT {are_apart('a.id', 'b.id')})))"
)


def _numbers(text: str) -> list[str]:
    """The digits by which a word is found as a phone number, if they say more than the word itself."""
    return [form for form in phone_forms(text) if form != fold(text)]


def _changed_by(operation_id: int) -> str:
    """The SELECT of the contacts that an entry of the history made or changed."""
    where = f"WHERE operation_id = {int(operation_id)}"
    return " UNION ".join(
        f"SELECT contact_id FROM {table} {where}" for table in ("journal_value", "journal_membership")
    )


class Compiler:
    """Writes the SQL of one search, in the words of `dialect`. See `core.store.lists.search.to_sql`."""

    def __init__(
        self,
        dialect: Dialect,
        now: datetime,
        groups: Mapping[int, str],
        accounts: Mapping[int, str],
        pairs: Mapping[str, LetterPair] | None = None,
        invitations: Mapping[int, str] | None = None,
        places: Mapping[sources.Key, str] | None = None,
    ) -> None:
        self.dialect = dialect
        self.now = now
        self.pairs = pairs or {}
        self.groups = {group_id: fold(name) for group_id, name in groups.items()}
        self.names: Mapping[str, Mapping[int, str]] = {
            "groups": groups, "sources": accounts, "invited": invitations or {},
        }  # fmt: skip
        self.places = places or {}
        self.params: dict[str, object] = {}

    def bind(self, value: object) -> str:
        """Make `value` a parameter; its name in SQL."""
        name = f"q{len(self.params) + 1}"
        self.params[name] = value
        return f":{name}"

    def select_ids(self, expression: str) -> str:
        """The SELECT of the contact ids that an expression of the index finds."""
        return self.dialect.lookup(expression, self.bind)

    # What the index can answer --------------------------------------------------------------------------------------

    def is_indexed(self, tree: Tree) -> bool:
        """Whether one look into the index answers all of `tree`."""
        match tree:
            case Word(text):
                return self.is_long(text) and not self.named_like(text)
            case Compare():
                texts = self.searched(tree)
                return bool(texts) and min(map(len, texts)) >= self.dialect.shortest
            case And(parts):
                positive = [part for part in parts if not isinstance(part, Not)]
                negative = [part.part for part in parts if isinstance(part, Not)]
                return bool(positive) and all(map(self.is_indexed, positive + negative))
            case Or(parts):
                return all(map(self.is_indexed, parts))
            case _:
                return False

    def searched(self, tree: Compare) -> Sequence[str]:
        """The texts, one of which must stand in the columns of the field; none if these cannot tell."""
        match tree:
            case Compare("phones", Operator.CONTAINS, value):
                return [form for form in (phone_forms(value) or (phone_key(value),)) if form]
            case Compare("birthday", Operator.CONTAINS, value):
                return birthday_forms(value, self.now.date())
            case Compare(key, Operator.CONTAINS, value) if SEARCHED[key].search:
                return (fold(value),)
            case Compare(key, Operator.EXACT, value) if key in _LINES:
                return (folded_lines((value,)),)
        return ()

    def index(self, tree: Tree) -> str:
        """The expression of the index for a tree that `is_indexed`."""
        match tree:
            case Word(text):
                return self.dialect.word(fold(text), _numbers(text), self.bind)
            case Compare(key):
                return self.dialect.words(SEARCHED[key].search, self.searched(tree), self.bind)
            case And(parts):
                wanted = " AND ".join(self.index(part) for part in parts if not isinstance(part, Not))
                refused = " OR ".join(self.index(part.part) for part in parts if isinstance(part, Not))
                return self.dialect.but_not(wanted, refused) if refused else f"({wanted})"
            case Or(parts):
                return f"({' OR '.join(map(self.index, parts))})"
        raise TypeError(tree)

    # Everything -----------------------------------------------------------------------------------------------------

    def render(self, tree: Tree) -> str:  # noqa: C901 - a case for each kind of search
        """The SQL of a tree, as an operand of AND, OR and NOT."""
        if self.is_indexed(tree):
            return f"c.id IN ({self.select_ids(self.index(tree))})"
        match tree:
            case Word(text):
                return f"c.id IN ({self.word(text)})"
            case Compare():
                return self.compare(tree)
            case During(key, period):
                return self.during(key, period)
            case Has(key):
                return self.has(key)
            case IsDuplicate():
                return _DUPLICATE
            case Answered(answers, to):
                return self.answered(answers, to)
            case InBin():
                return "c.state = 1"
            case HasId(ids):
                return f"c.id IN ({listed(ids)})" if ids else FALSE
            case ChangedBy(operation_id):
                return f"c.id IN ({_changed_by(operation_id)})"
            case Saved():
                raise TypeError(tree)  # `searches.tree_of` puts what it stands for in its place
            case Not(part):
                return f"NOT ({self.render(part)})"
            case And(parts):
                return self.all_of(parts)
            case Or(parts):
                return f"({' OR '.join(map(self.render, parts))})"

    def all_of(self, parts: Sequence[Tree]) -> str:
        """The SQL of AND: as much as possible in one look into the index, then the rest."""
        indexed = [part for part in parts if self.is_indexed(part)]
        if indexed:
            indexed += [part for part in parts if isinstance(part, Not) and self.is_indexed(part.part)]
        together: list[Tree] = [And(tuple(indexed))] if len(indexed) > 1 else list(indexed)
        rest = [part for part in parts if not any(part is other for other in indexed)]
        return f"({' AND '.join(map(self.render, together + rest))})" if parts else TRUE

    def is_long(self, text: str) -> bool:
        """Whether a word can be looked up in the index."""
        return min(map(len, (fold(text), *_numbers(text)))) >= self.dialect.shortest

    def whole(self, tree: Tree) -> str:
        """The SELECT of the ids that a search finds in any state, if that is all there is to it; some come twice."""
        if self.is_indexed(tree):
            return self.select_ids(self.index(tree))
        return self.word(tree.text) if isinstance(tree, Word) else ""

    def word(self, text: str) -> str:
        """The SELECT of the ids for a word that is too short for the index, or stands in names of groups too."""
        numbers = _numbers(text)
        tests = [(column, fold(text)) for column in _ANYWHERE]
        pair = None if numbers else self.pairs.get(fold(text))
        if self.is_long(text):
            selects = [self.select_ids(self.dialect.word(fold(text), numbers, self.bind))]
        elif pair is not None:
            selects = [self.select_ids(self.dialect.any_word(pair.trigrams, self.bind))]
            selects.append(f"{self.short(tests)} AND s.contact_id IN ({pair.short})")
        else:
            selects = [self.short([*tests, *(("s.phone", number) for number in numbers)])]
        if groups := self.named_like(text):
            selects.append(self.members(groups))
        return " UNION ALL ".join(selects)

    def short(self, tests: Iterable[tuple[str, str]]) -> str:
        """The SELECT of the ids for tests (expression over `search`, text it holds); each row is looked at."""
        condition = " OR ".join(self.dialect.contains(column, self.bind(text)) for column, text in tests)
        return f"SELECT s.contact_id FROM search s WHERE ({condition})"

    def named_like(self, text: str) -> list[int]:
        """The groups in whose name a word stands."""
        word = fold(text)
        return [group_id for group_id, name in self.groups.items() if word in name]

    @staticmethod
    def members(group_ids: Sequence[int]) -> str:
        """The SELECT of who is in one of these groups; empty if there is none."""
        return f"SELECT contact_id FROM membership WHERE group_id IN ({listed(group_ids)})" if group_ids else ""

    def compare(self, tree: Compare) -> str:
        """The SQL of a field compared with a value."""
        key, value, dialect = tree.field, tree.value, self.dialect
        if key in self.names:
            return self.of_name(tree)
        if tree.operator is Operator.REGEX:
            return self.any_text(key, lambda text: dialect.regex(text, self.bind(value)))
        if tree.operator is Operator.EXACT:
            return self.exactly(key, value)
        if columns := SEARCHED[key].search:
            tests = [(f"s.{column}", text) for column in columns for text in self.searched(tree)]
            return f"c.id IN ({self.short(tests)})" if tests else FALSE
        return self.narrowed(
            key,
            value,
            self.any_text(key, lambda text: dialect.contains(dialect.fold(text), self.bind(fold(value)))),
        )

    def answered(self, answers: Sequence[str], to: Compare | None) -> str:
        """The SQL of who answered so, to one of the invitations that `to` means."""
        if to is not None and not (ids := self.named(to)):
            return FALSE
        which = f" AND invitation_id IN ({listed(ids)})" if to is not None else ""
        among = ", ".join(self.bind(answer) for answer in answers) or "NULL"
        return f"c.id IN (SELECT contact_id FROM invitee WHERE answer IN ({among}){which})"

    def of_name(self, tree: Compare) -> str:
        """The SQL of groups, accounts and invitations by their names."""
        ids = self.named(tree)
        if tree.field == "sources":
            return sources.holding(ids, sources.among(tree, self.places), self.bind)
        if not ids:
            return FALSE
        if tree.field == "groups":
            return f"c.id IN ({self.members(ids)})"
        return f"c.id IN (SELECT contact_id FROM invitee WHERE invitation_id IN ({listed(ids)}))"

    def named(self, tree: Compare) -> list[int]:
        """The ids of what a comparison of names means."""
        return sources.among(tree, self.names[tree.field])

    def exactly(self, key: str, value: str) -> str:
        """The SQL of a field whose whole text is `value`, ignoring what folding ignores."""
        match key:
            case "emails" | "phones":
                norm = email_key(value) if key == "emails" else phone_key(value)
                return f"c.id IN (SELECT contact_id FROM {_ROWS[key]} WHERE norm = {self.bind(norm)})"
            case "name":
                return f"(c.name <> '' AND c.sort_key = {self.bind(fold(value))})"
            case _ if key in _WHOLE:
                column = f"s.{_WHOLE[key]}"
                same = (
                    f"EXISTS (SELECT 1 FROM search s WHERE s.contact_id = c.id AND {column} = {self.bind(fold(value))})"
                )
            case _:
                same = self.any_text(key, lambda text: f"{self.dialect.fold(text)} = {self.bind(fold(value))}")
        return self.narrowed(key, value, same)

    def narrowed(self, key: str, value: str, condition: str) -> str:
        """The same condition behind a look into the index, if the index holds the field's text."""
        if key not in _WITHIN or len(fold(value)) < self.dialect.shortest:
            return condition
        candidates = self.select_ids(self.dialect.words((_WITHIN[key],), [fold(value)], self.bind))
        return f"(c.id IN ({candidates}) AND {condition})"

    def any_text(self, key: str, test: Callable[[str], str]) -> str:
        """`test` of the field's text, or of any of its texts, as their source wrote them."""
        match key:
            case "emails" | "phones":
                column = "address" if key == "emails" else "number"
                source, text = f"{_ROWS[key]} t WHERE t.contact_id = c.id AND", f"t.{column}"
            case _ if key in self.dialect.json_texts:
                source, text = self.dialect.json_texts[key]
            case _ if key in KEPT:
                source, text = self.dialect.kept_texts(key)
            case _:
                return test(f"c.{key}")
        return f"EXISTS (SELECT 1 FROM {source} {test(text)})"

    def has(self, key: str) -> str:
        """The SQL of a field that is not empty."""
        if key == FLAG:
            return "c.favorite = 1"
        if key in _ROWS:
            return f"EXISTS (SELECT 1 FROM {_ROWS[key]} t WHERE t.contact_id = c.id)"
        if key in KEPT:
            return f"EXISTS (SELECT 1 FROM {self.dialect.kept_texts(key)[0]} {TRUE})"
        if key in {"city", "country"}:
            return f"c.id IN (SELECT s.contact_id FROM search s WHERE s.{key} <> '')"
        return TRUE if key in {"created_at", "updated_at"} else f"c.{key} <> ''"

    def during(self, key: str, period: Period) -> str:
        """The SQL of a time within a period."""
        if key == "birthday":
            return self.born(period)
        sides = [
            f"c.{key} {sign} {self.bind(milliseconds(bound, self.now))}"
            for sign, bound in ((">=", period.since), ("<", period.before))
            if bound is not None
        ]
        return f"({' AND '.join(sides)})"

    def born(self, period: Period) -> str:
        """The SQL of a birthday, with its year, within a period of days."""
        sides = [
            f"{self.dialect.by_code_point('c.birthday')} {sign} {self.bind(day(bound, self.now).isoformat())}"
            for sign, bound in ((">=", period.since), ("<", period.before))
            if bound is not None
        ]
        is_date = f"c.birthday LIKE '____-__-__' AND {self.dialect.by_code_point('c.birthday')} BETWEEN '0' AND ':'"
        return f"({' AND '.join([is_date, *sides])})"
