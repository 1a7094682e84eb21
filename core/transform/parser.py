"""The parser: from a line of text to a Transform. All that it raises is InvalidTransform.

::

    transform  = [ field "=" ] expression          without a field: that of the first argument, else the column
    expression = term { "+" term }
    term       = text | verb "(" [ expression { "," expression } ] ")" | field | "(" expression ")"
    field      = name | "custom" "." name | "custom" "[" text "]"
    text       = a text in "…", '…' or “…”, with {field} in it

In a text, `\\"` is a quotation mark, `\\n` a line end, `\\{` a brace and `\\\\` a backslash. A regular expression is
taken as it is written, only `\\"` is a quotation mark there too.
"""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, NoReturn

from coterie.core.query import patterns
from coterie.core.transform.evaluate import Transform
from coterie.core.transform.targets import Target, find_target, names_of_targets
from coterie.core.transform.tokens import Token, tokens
from coterie.core.transform.tree import Call, Expression, FieldValue, InvalidTransform, Joined, Text, fields_in
from coterie.core.transform.verb import Kind, Parameter, Verb
from coterie.core.transform.verbs import VERBS

LONGEST: Final = 4_000
"""Characters of a line."""
_DEEPEST: Final = 40
_PIECE: Final = re.compile(r"\\(?P<escaped>.)|\{(?P<field>[^{}]*)\}|[^\\{]+|.", re.DOTALL)
_MEANT: Final = {"n": "\n", "t": "\t"}
_EXAMPLE: Final = "For example: company = title(company)."
_FIELD_IN_TEXT: Final = re.compile(r"(?P<name>[^\W\d][\w-]*)(?:\.(?P<part>.+)|\[(?P<heading>.+)\])?", re.DOTALL)


@lru_cache(256)
def parse(line: str, column: str = "") -> Transform:
    """The transform that a line describes. Raises InvalidTransform.

    Args:
        line: what was typed.
        column: the field that a bare verb means (`title`), as the program calls it; none if it is empty.
    """
    if len(line) > LONGEST:
        raise InvalidTransform(f"A transform has {LONGEST:,} characters at most.", "Make it two.")
    return _Parser(line, column).transform()


class _Parser:
    def __init__(self, line: str, column: str) -> None:
        self._line = line
        self._column = column
        self._tokens = tokens(line)
        self._at = 0
        self._depth = 0

    # Tokens ----------------------------------------------------------------------------------------------------

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next
        self._at += token.kind != "end"
        return token

    def _takes(self, sign: str) -> bool:
        if self._next.kind == "sign" and self._next.text == sign:
            self._at += 1
            return True
        return False

    def _expect(self, sign: str, why: str) -> None:
        if not self._takes(sign):
            self._fail(f"“{sign}” is missing", why)

    def _fail(self, title: str, hint: str, token: Token | None = None) -> NoReturn:
        token = token or self._next
        where = "at its end" if token.kind == "end" else f"before “{token.text}”, at character {token.place + 1}"
        raise InvalidTransform(f"{title} {where}.", hint, token.place)

    # The line --------------------------------------------------------------------------------------------------

    def transform(self) -> Transform:
        """The transform that the whole line describes."""
        if self._next.kind == "end":
            self._fail("Nothing is typed", _EXAMPLE)
        target = self._assigned()
        if target is None:
            return self._bare()
        start = self._next.place
        expression = self._expression()
        self._finish()
        return replace(self._checked(target, expression), source=self._line[start:].strip())

    def _assigned(self) -> Target | None:
        """The field before the equals sign; None if there is none."""
        if not any(token.kind == "sign" and token.text == "=" for token in self._tokens):
            return None
        token = self._take()
        if token.kind != "name":
            self._fail("A field's name is missing", _EXAMPLE, token)
        target = self._field(token)
        self._expect("=", "Write FIELD = EXPRESSION, with a text in quotation marks.")
        return target

    def _finish(self) -> None:
        if self._next.kind != "end":
            hint = "Join texts with +, and put them in quotation marks."
            raise InvalidTransform(
                f"“{self._next.text}” at character {self._next.place + 1} is too much.", hint, self._next.place
            )

    def _bare(self) -> Transform:
        """A verb alone: it changes the field of its first argument, or that of the column."""
        token = self._take()
        verb = VERBS.get(token.text.casefold()) if token.kind == "name" else None
        if verb is None:
            self._fail_on_bare(token)
        arguments = self._arguments() if self._takes("(") else []
        self._finish()
        first = arguments[0] if arguments else None
        if isinstance(first, FieldValue) and verb.parameters[0].kind is Kind.VALUE:
            target = first.target
        else:
            target = self._column_of(verb, token)
            if verb.parameters[0].kind is Kind.VALUE:
                arguments.insert(0, FieldValue(target))
        return replace(self._checked(target, self._call(verb, arguments, token)), source=self._line.strip())

    def _fail_on_bare(self, token: Token) -> NoReturn:
        if token.kind == "name" and find_target(token.text):
            raise InvalidTransform(
                f"It is not said what becomes of {token.text}.", f"Write {token.text} = …, or a verb.", token.end
            )
        if token.kind != "name":
            self._fail("FIELD = EXPRESSION, or a verb, is expected", _EXAMPLE, token)
        self._fail_on_verb(token)

    def _column_of(self, verb: Verb, token: Token) -> Target:
        target = find_target(self._column) if self._column else None
        if target is None:
            what = f"The column “{self._column}” cannot be changed" if self._column else "It is not said which field"
            raise InvalidTransform(f"{what}.", f"Write it like {verb.example}.", token.place)
        return target

    # Expressions -----------------------------------------------------------------------------------------------

    def _expression(self) -> Expression:
        self._depth += 1
        if self._depth > _DEEPEST:
            self._fail("There are too many brackets", "Make it several transforms.")
        terms = [self._term()]
        while self._takes("+"):
            terms.append(self._term())
        self._depth -= 1
        return Joined(tuple(terms)) if len(terms) > 1 else terms[0]

    def _term(self) -> Expression:
        token = self._take()
        if token.kind == "text":
            return _text(token)
        if token.kind == "number":
            return Text((token.text,), token.text)
        if token.kind == "sign" and token.text == "(":
            inner = self._expression()
            self._expect(")", "Each bracket that is opened is closed.")
            return inner
        if token.kind != "name":
            self._fail("A field, a verb or a text is missing", _EXAMPLE, token)
        if self._takes("("):
            verb = VERBS.get(token.text.casefold())
            if verb is None:
                self._fail_on_verb(token)
            return self._call(verb, self._arguments(), token)
        return FieldValue(self._field(token))

    def _arguments(self) -> list[Expression]:
        """What stands in the brackets of a verb; the first one is taken already."""
        arguments: list[Expression] = []
        while not self._takes(")"):
            if arguments:
                self._expect(",", "Separate what a verb is given with commas.")
            arguments.append(self._expression())
        return arguments

    def _call(self, verb: Verb, arguments: list[Expression], token: Token) -> Call:
        needed = sum(parameter.required for parameter in verb.parameters)
        if not needed <= len(arguments) <= len(verb.parameters):
            hint = f"Write it like {verb.example}."
            raise InvalidTransform(f"{verb.name} takes {verb.usage}.", hint, token.place)
        for parameter, argument in zip(verb.parameters, arguments, strict=False):
            self._check(verb, parameter, argument, arguments, token)
        return Call(verb, tuple(arguments))

    def _check(
        self, verb: Verb, parameter: Parameter, argument: Expression, arguments: list[Expression], token: Token
    ) -> None:
        """Raise if a verb cannot be given this."""
        if isinstance(argument, Call) and argument.verb.whole:
            inner = argument.verb
            raise InvalidTransform(f"{inner.name} stands alone.", f"Write it like {inner.example}.", token.place)
        if (verb.whole and parameter.kind is Kind.VALUE) or parameter.kind is Kind.FIELD:
            if not isinstance(argument, FieldValue):
                hint = f"Write it like {verb.example}."
                raise InvalidTransform(f"{verb.name} takes the name of a field first.", hint, token.place)
        elif parameter.kind is Kind.PATTERN:
            self._check_pattern(verb, argument, arguments, token)

    def _check_pattern(self, verb: Verb, argument: Expression, arguments: list[Expression], token: Token) -> None:
        if not isinstance(argument, Text):
            hint = f"Write it like {verb.example}."
            raise InvalidTransform(f"{verb.name} takes a regular expression in quotation marks.", hint, token.place)
        given = zip(arguments, verb.parameters, strict=False)
        new = "".join(_replacement(value) for value, parameter in given if parameter.kind is Kind.NEW)
        try:
            patterns.compile_pattern(argument.raw, ignore_case=False)
        except patterns.BadPattern as error:
            raise InvalidTransform(
                f"The regular expression “{argument.raw}” is wrong: {error}.",
                "Write \\ before a character that stands for itself.",
                token.place,
            ) from error
        try:
            patterns.check_replacement(argument.raw, new)
        except patterns.BadPattern as error:
            title = f"The new text “{new}” cannot be read: {error}."
            raise InvalidTransform(title, r"Write \\ for a backslash.", token.place) from error

    def _checked(self, target: Target, expression: Expression) -> Transform:
        for text in _texts_in(expression):
            if text.problem is not None:
                raise text.problem
        self._check_whole(target, expression)
        return Transform(target, expression)

    def _check_whole(self, target: Target, expression: Expression) -> None:
        """A verb for whole contacts stands alone, and changes the field that it is given."""
        if isinstance(expression, Joined):
            for term in expression.terms:
                if isinstance(term, Call) and term.verb.whole:
                    raise InvalidTransform(f"{term.verb.name} stands alone.", f"Write it like {term.verb.example}.")
        if not isinstance(expression, Call) or not expression.verb.whole:
            return
        verb = expression.verb
        if verb.keys and target.key not in verb.keys:
            raise InvalidTransform(f"{verb.name} does not work on {target.label}.", f"Write it like {verb.example}.")
        same = any(target.is_same(field) for field in fields_in(expression.arguments[0]))
        if verb.parameters[0].kind is Kind.VALUE and not same:
            hint = f"Write {target.name} = {verb.name}({target.name} …)."
            raise InvalidTransform(f"{verb.name} changes the field that it is given.", hint)
        if verb.parameters[0].kind is Kind.FIELD and same:
            raise InvalidTransform(f"{verb.name} takes another field.", f"Write it like {verb.example}.")

    # Names -----------------------------------------------------------------------------------------------------

    def _field(self, token: Token) -> Target:
        part = ""
        if token.text.casefold() == "custom":
            if self._takes("."):
                named = self._take()
                if named.kind not in {"name", "number"}:
                    self._fail("The custom field's name is missing", 'Write it like custom["Shoe size"].', named)
                part = named.text
            elif self._takes("["):
                named = self._take()
                if named.kind != "text":
                    self._fail("The custom field's name is missing", 'Write it like custom["Shoe size"].', named)
                part = named.text
                self._expect("]", 'Write it like custom["Shoe size"].')
        target = find_target(token.text, part)
        if target is None:
            self._fail_on_field(token)
        return target

    def _fail_on_field(self, token: Token) -> NoReturn:
        title = f"There is no field “{token.text}” that can be changed (at character {token.place + 1})."
        names = names_of_targets()
        near = get_close_matches(token.text.casefold(), names, 2, 0.7)
        if token.text.casefold() in VERBS:
            hint = f"{token.text} is a verb: write {VERBS[token.text.casefold()].usage}."
        elif near:
            hint = f"Did you mean {' or '.join(near)}? A text stands in quotation marks."
        else:
            hint = f"Put a text in quotation marks: “{token.text}”. The fields are: {', '.join(names)}, custom."
        raise InvalidTransform(title, hint, token.place)

    def _fail_on_verb(self, token: Token) -> NoReturn:
        title = f"There is no verb “{token.text}” (at character {token.place + 1})."
        near = get_close_matches(token.text.casefold(), list(VERBS), 2, 0.7)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"The verbs are: {', '.join(VERBS)}."
        raise InvalidTransform(title, hint, token.place)


def _text(token: Token) -> Text:
    """A text with the fields in it."""
    parts: list[str | FieldValue] = [""]
    raw_parts: list[str | FieldValue] = [""]
    problem: InvalidTransform | None = None
    for match in _PIECE.finditer(token.text):
        field: FieldValue | None = None
        if match["field"]:
            try:
                field = _field_in_text(match["field"])
            except InvalidTransform as error:
                problem = problem or InvalidTransform(error.title, error.hint, token.place)
        for listed, plain in ((parts, _plain(match)), (raw_parts, match[0])):
            if field:
                listed += [field, ""]
            else:
                listed[-1] = f"{listed[-1]}{plain}"
    kept = (tuple(part for part in pieces if part != "") for pieces in (parts, raw_parts))
    return Text(next(kept), token.text, next(kept), problem)


def _plain(match: re.Match[str]) -> str:
    """What a piece of a text means that is no field."""
    escaped = match["escaped"]
    if not escaped:
        return match[0]
    return _MEANT.get(escaped, escaped if escaped in '{}\\"' else match[0])


def _field_in_text(inner: str) -> FieldValue | None:
    """The field in braces; None for other texts in braces, such as `{2}`. Raises InvalidTransform for a wrong name."""
    match = _FIELD_IN_TEXT.fullmatch(inner.strip())
    if match is None:
        return None
    part = (match["part"] or match["heading"] or "").strip("\"'“”")
    target = find_target(match["name"], part)
    if target is None:
        near = get_close_matches(match["name"].casefold(), names_of_targets(), 2, 0.7)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"The fields are: {', '.join(names_of_targets())}."
        raise InvalidTransform(f"There is no field “{inner}” that can stand in a text.", hint)
    return FieldValue(target)


def _replacement(argument: Expression) -> str:
    """What is known beforehand of what takes the place of a match."""
    return "".join(part for part in argument.raw_parts if isinstance(part, str)) if isinstance(argument, Text) else ""


def _texts_in(expression: Expression) -> list[Text]:
    """The texts of an expression in which braces mean fields."""
    match expression:
        case Text():
            return [expression]
        case Joined(terms):
            return [text for term in terms for text in _texts_in(term)]
        case Call(verb, arguments):
            given = zip(verb.parameters, arguments, strict=False)
            return [
                text
                for parameter, argument in given
                if parameter.kind is not Kind.PATTERN
                for text in _texts_in(argument)
            ]
    return []
