"""The search language: text -> tree.

::

    query = both { "OR" both }            both = { [ "-" ] term }
    term  = word | "quoted words" | ( query ) | field:value | field:=value | field:~regex | @name | @"a name"

`@` before a domain (`@example.org`) is a word.

What is still being typed (`name:`, `"ab`, `(a`, a trailing `OR` or `-`) counts as far as it is clear, so that a search
as you type never flashes an error; `parse(text, finished=True)` refuses it, because `coterie delete name:` must not
mean everybody. Names of fields are those of `core.fields`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Final

from coterie.core.errors import InvalidQuery
from coterie.core.fields import SEARCHED
from coterie.core.fields.spec import FieldSpec
from coterie.core.invitations import ANSWERS
from coterie.core.limits import QUERY
from coterie.core.query import patterns
from coterie.core.query.dates import is_begun, parse_period
from coterie.core.query.phones import SHORTEST, number_at
from coterie.core.query.reference import FIELD_WORDS
from coterie.core.query.scanner import Scanner
from coterie.core.query.tree import (
    EVERYTHING,
    FLAG,
    INVITED,
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
from coterie.core.text import clean_line, fold

MAX_TERMS: Final = 200
MAX_DEPTH: Final = 20
_DATES: Final = frozenset({"created_at", "updated_at"})
_FIELDS: Final[Mapping[str, Tree]] = {name: Has(spec.key) for name, spec in SEARCHED.items()}
WORDS: Final[Mapping[str, Mapping[str, Tree]]] = {
    "is": {"favorite": Has(FLAG), "duplicate": IsDuplicate()},
    "in": {"bin": InBin()},
    "answered": {answer: Answered((answer,)) for answer in ANSWERS},
}
_YES_NO: Final[Mapping[str, Tree]] = {"yes": Has(FLAG), "no": Not(Has(FLAG))}
_FIELD_NAMES: Final = ", ".join(FIELD_WORDS)
VIRTUAL: Final = ("id", "change", *WORDS, "has", "missing")
# Letters before a colon are a field's name, unless they begin an address of the web or the like.
_NAME: Final = re.compile(r"([^\W\d_](?:[^\W\d_]|[-_])+):(?!:|//)")
_SCHEMES: Final = frozenset(
    {"http", "https", "ftp", "mailto", "tel", "sms", "sip", "sips", "xmpp", "urn", "ssh", "file"}
)
_RANGE: Final = re.compile(r"[<>]|[^\s\"]*\.\.")
_SAVED: Final = re.compile(r"[^@.]+")
_KEYWORD: Final = re.compile(r"(OR|AND)(?=[\s()]|$)")


def parse(text: str, *, finished: bool = False) -> Tree:
    """The tree of a search text; `EVERYTHING` for an empty one.

    Args:
        text: as the user typed it.
        finished: the text will not change any more (a command line, a saved search): what is unfinished is then
            an error. Ask for this wherever the result is going to be changed or deleted.

    Raises InvalidQuery, whose title says what is wrong and where.
    """
    if len(text) > QUERY:
        raise InvalidQuery("The search is too long.", f"Use at most {QUERY:,} characters.")
    parser = _Parser(text, finished)
    try:
        return parser.query() or EVERYTHING
    except InvalidQuery as error:
        error.span = error.span or (parser.begun, max(parser.place, parser.begun + 1))
        raise


def quote(value: str) -> str:
    """`value` as it must be typed to be found as it is, also behind `field:`, `field:=` and `field:~`."""
    if re.fullmatch(r"[^\W\d_][\w@.+]*", value) and not _KEYWORD.fullmatch(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def narrowed(query: str, terms: Sequence[str]) -> str:
    """A search for what `query` finds among what all of `terms` find; either may be empty."""
    return " ".join([*terms, f"({query})"]) if terms and query else " ".join(terms) or query


def _answers_to(parts: list[Tree]) -> list[Tree]:
    """Answers that stand beside invitations are answers to these: `invited:party -answered:yes`."""
    invited = [part for part in parts if isinstance(part, Compare) and part.field == INVITED]
    refused = [part.part for part in parts if isinstance(part, Not) and isinstance(part.part, Answered)]
    asked = [part for part in parts if isinstance(part, Answered)]
    if not invited or not (asked or refused):
        return parts
    among = [answer for answer in ANSWERS if all(answer in part.answers for part in asked)]
    answers = tuple(answer for answer in among if not any(answer in part.answers for part in refused))
    others = [
        part for part in parts
        if part not in invited and not isinstance(part.part if isinstance(part, Not) else part, Answered)
    ]  # fmt: skip
    return [*(Answered(answers, part) for part in invited), *others]


class _Parser(Scanner):
    """A recursive descent over the characters. A part that says nothing (yet) is None."""

    def __init__(self, text: str, finished: bool) -> None:
        super().__init__(text, finished)
        self.terms = 0
        self.begun = 0  # where the present term begins

    def query(self) -> Tree | None:
        """Alternatives, up to the end or to the bracket that closes them."""
        alternatives = [self.both()]
        while match := _KEYWORD.match(self.text, self.place):
            self.place = match.end()
            alternatives.append(self.both())
        if len(alternatives) > 1 and None in alternatives:
            self.unfinished("There is no word next to OR")
        parts = [part for part in alternatives if part is not None]
        return Or(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)

    def both(self) -> Tree | None:
        """Terms side by side, which must all match."""
        parts: list[Tree] = []
        while self.skip_blanks() < len(self.text):
            if self.text[self.place] == ")":
                if self.depth:
                    break
                self.unfinished("This bracket closes nothing")
                self.place += 1
                continue
            if keyword := _KEYWORD.match(self.text, self.place):
                if keyword[0] == "OR":
                    break
                self.place = keyword.end()  # AND is what happens anyway
                continue
            part = self.term()
            if part is not None:
                parts.append(part)
        parts = _answers_to(parts)
        return And(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)

    def term(self) -> Tree | None:
        """One term, at whose first character we are."""
        self.begun = self.place
        char = self.text[self.place]
        if char == "-":
            return self.negation()
        if char != "(":
            self.count()
        if number := number_at(self.text, self.place, SHORTEST):
            self.place += len(number)
            return Word(number)
        if char == "(":
            return self.brackets()
        if char == '"':
            return self.word(self.quoted())
        if char == "@":
            return self.saved()
        name = _NAME.match(self.text, self.place)
        if name and name[1].lower() not in _SCHEMES:
            self.place = name.end()
            return self.field(name[1], name.start())
        return self.word(self.bare())

    def count(self) -> None:
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise InvalidQuery(f"The search has more than {MAX_TERMS} words.", "Leave some out.")

    def negation(self) -> Tree | None:
        start = self.place
        self.place += 1
        behind = self.text[self.place : self.place + 1]
        if not behind or behind.isspace() or behind == ")":
            return self.unfinished("There is nothing after the minus", start)
        part = self.word(self.bare()) if behind == "-" else self.term()
        return None if part is None else Not(part)

    def brackets(self) -> Tree | None:
        start = self.place
        if self.depth == MAX_DEPTH:
            raise InvalidQuery(f"Too many brackets within brackets (character {start + 1}).", "Leave some out.")
        self.place += 1
        self.depth += 1
        part = self.query()
        self.depth -= 1
        if self.place < len(self.text):
            self.place += 1
        else:
            self.unfinished("This bracket is not closed", start)
        return self.unfinished("There is nothing between these brackets", start) if part is None else part

    def word(self, text: str) -> Tree | None:
        return Word(text) if fold(text) else self.unfinished("There is nothing to look for")

    def saved(self) -> Tree | None:
        """A saved search, by its name; `@` before a domain is a word."""
        start = self.place
        self.place += 1
        is_quoted = self.text.startswith('"', self.place)
        name = self.value()
        if not is_quoted and (not name or not _SAVED.fullmatch(name)):
            return self.word(self.text[start : self.place])
        if not fold(name):
            return self.unfinished("There is no name after @", start)
        if is_quoted and not self.closed:
            return None
        return Saved(clean_line(name), start, self.place, is_quoted)

    # Fields --------------------------------------------------------------------------------------------------------

    def field(self, typed: str, start: int) -> Tree | None:
        """The term `typed:…`, whose colon is behind us."""
        name = typed.lower().replace("-", "_")
        match name:
            case "id":
                return self.ids(start)
            case "change":
                return self.change(start)
            case "is" | "in" | "answered":
                return self.choice(name, WORDS[name], start)
            case "has" | "missing":
                filled = self.choice(name, _FIELDS, start)
                return Not(filled) if filled and name == "missing" else filled
        spec = SEARCHED.get(name)
        if spec is None:
            near = difflib.get_close_matches(name, [*SEARCHED, *VIRTUAL], 1)
            meant = f"Did you mean {near[0]}:? " if near else ""
            raise InvalidQuery(
                f"There is no field “{typed}” (character {start + 1}).",
                f"{meant}The fields are: {_FIELD_NAMES}, {', '.join(VIRTUAL)}. Put quotation marks around a colon.",
            )
        if spec.key in _DATES or (spec.key == "birthday" and _RANGE.match(self.text, self.place)):
            return self.during(spec, start)
        if spec.key == FLAG:
            return self.choice(name, _YES_NO, start)
        return self.compare(spec, start)

    def compare(self, spec: FieldSpec, start: int) -> Tree | None:
        operator = {"=": Operator.EXACT, "~": Operator.REGEX}.get(self.text[self.place : self.place + 1])
        if operator:
            self.place += 1
        is_quoted = self.text.startswith('"', self.place)
        number = number_at(self.text, self.place, 0) if spec.key == "phones" and not operator else ""
        self.place += len(number)
        value = number or self.value(operator is Operator.REGEX)
        if operator is Operator.EXACT and is_quoted and not value:
            return Not(Has(spec.key))
        if not (value if operator is Operator.REGEX else fold(value)):
            return self.unfinished(f"There is nothing after “{self.text[start : self.place]}”", start)
        if operator is Operator.REGEX and not self.is_regex(value):
            return None
        return Compare(spec.key, operator or Operator.CONTAINS, value)

    def is_regex(self, pattern: str) -> bool:
        """Whether the pattern that ends here is complete. Raises InvalidQuery if it is wrong."""
        try:
            patterns.compile_pattern(pattern)
        except patterns.BadPattern as error:
            if not self.finished and self.place == len(self.text) and patterns.is_begun(pattern):
                return False
            raise InvalidQuery(
                f"The regular expression “{pattern}” (up to character {self.place}) is wrong: {error}.",
                "Write \\ before a character that stands for itself.",
            ) from error
        return True

    def during(self, spec: FieldSpec, start: int) -> Tree | None:
        value = self.value().removeprefix("=")
        period = parse_period(value)
        if period:
            return During(spec.key, period)
        if is_begun(value) and (not value or self.place == len(self.text)):
            return self.unfinished(f"“{self.text[start : self.place]}” is not a date", start)
        raise InvalidQuery(
            f"“{value}” (character {self.place - len(value) + 1}) is not a date.",
            "Write it like 2026-01-31, >=2026-01, <30d (d, w, m, y) or 2025-12..2026-02.",
        )

    def choice(self, name: str, meanings: Mapping[str, Tree], start: int) -> Tree | None:
        """What the word behind `name:` means."""
        value = self.value().removeprefix("=")
        word = value.lower().replace("-", "_")
        if word in meanings:
            return meanings[word]
        if any(option.startswith(word) for option in meanings) and (not word or self.place == len(self.text)):
            return self.unfinished(f"“{self.text[start : self.place]}” is not finished", start)
        choices = _FIELD_NAMES if meanings is _FIELDS else ", ".join(meanings)
        raise InvalidQuery(f"{name}: cannot be “{value}” (character {start + 1}).", f"Choose one of: {choices}.")

    def ids(self, start: int) -> Tree | None:
        value = self.value().removeprefix("=")
        numbers = [number for number in value.split(",") if number]
        if not numbers:
            return self.unfinished("There is no number after “id:”", start)
        if not all(number.isascii() and number.isdigit() for number in numbers):
            raise InvalidQuery(f"“{value}” (character {start + 4}) is not an id.", "Write id:12 or id:12,15.")
        return HasId(tuple(contact_id for number in numbers if (contact_id := int(number[:20])) < 2**63))

    def change(self, start: int) -> Tree | None:
        """The contacts that one entry of the history made or changed."""
        value = self.value().removeprefix("=")
        if not value:
            return self.unfinished("There is no number after “change:”", start)
        if not (value.isascii() and value.isdigit()):
            raise InvalidQuery(
                f"“{value}” (character {start + 8}) is not the number of a change.",
                "Write a number, such as change:12.",
            )
        return ChangedBy(min(int(value[:20]), 2**63 - 1))
