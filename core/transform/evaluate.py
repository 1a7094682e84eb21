"""Transform: a line that was read, and what it makes of a contact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from coterie.core.errors import InvalidValue
from coterie.core.model import Contact
from coterie.core.transform.targets import Target
from coterie.core.transform.tree import Call, Expression, FieldValue, Joined, Text, fields_in
from coterie.core.transform.verb import Kind, Where

NAMELESS: Final = "It would have no name, company, e-mail address or phone number."


@dataclass(frozen=True, slots=True)
class Transform:
    """What a field becomes, in terms of the contact's fields.

    Attributes:
        target: the field.
        expression: what it becomes.
        source: what was typed for the expression.
        from_others: what a verb has learned of the other contacts, by the id of the contact, see `Transform.learned`.
    """

    target: Target
    expression: Expression
    source: str = ""
    from_others: Mapping[int, str] = field(default_factory=dict, compare=False)

    def applied(self, contact: Contact) -> Contact:
        """What becomes of a contact. Raises InvalidValue, whose text is the reason to leave it as it is."""
        after = self._applied(contact)
        if contact.shown_name and not after.shown_name:
            raise InvalidValue(self.target.key, NAMELESS)
        return after

    def _applied(self, contact: Contact) -> Contact:
        expression, target = self.expression, self.target
        if isinstance(expression, Call) and expression.verb.whole:
            return self._whole(expression, contact)
        if not any(target.is_same(source) for source in fields_in(expression)):
            text = self._evaluate(expression, contact, None)
            return contact if text is None else target.assigned(contact, text)
        if not target.values(contact):
            text = self._evaluate(expression, contact, None)
            return target.assigned(contact, text) if text else contact
        return target.changed(contact, lambda own: self._evaluate(expression, contact, own) or "")

    def _whole(self, call: Call, contact: Contact) -> Contact:
        assert call.verb.whole is not None
        arguments: list[object] = []
        for parameter, argument in zip(call.verb.parameters, call.arguments, strict=False):
            if parameter.kind in {Kind.VALUE, Kind.FIELD}:
                assert isinstance(argument, FieldValue)
                arguments.append(argument.target)
            elif parameter.kind is Kind.PATTERN:
                assert isinstance(argument, Text)
                arguments.append(argument.raw)
            else:
                arguments.append(self._text(argument, contact, None))
        if call.verb.around:
            arguments.append(self.from_others.get(contact.id or 0, ""))
        if call.verb.parameters[0].kind is Kind.FIELD:
            arguments.insert(0, self.target)
        return call.verb.whole(contact, *arguments)

    # Values ----------------------------------------------------------------------------------------------------

    def _evaluate(self, expression: Expression, contact: Contact, own: str | None) -> str | None:
        """The text of an expression; None if there is nothing to make it of, so that the contact stays.

        Args:
            own: the value of the target that is being changed; None if it has none.
        """
        taken = fields_in(expression)
        if own is None and taken and not _fills(expression):
            others = [source for source in taken if not self.target.is_same(source)]
            if len(others) < len(taken) or not any(source.values(contact) for source in others):
                return None
        return self._text(expression, contact, own)

    def _text(self, expression: Expression, contact: Contact, own: str | None) -> str:
        match expression:
            case FieldValue(target):
                return (own or "") if self.target.is_same(target) else target.text(contact)
            case Text(parts):
                return "".join(part if isinstance(part, str) else self._text(part, contact, own) for part in parts)
            case Joined(terms):
                return "".join(self._text(term, contact, own) for term in terms)
            case Call():
                return self._called(expression, contact, own)

    def _called(self, call: Call, contact: Contact, own: str | None) -> str:
        verb = call.verb
        assert verb.text is not None
        first = self._text(call.arguments[0], contact, own)
        if not first and not verb.fills:
            return ""
        others = [
            self._argument(parameter.kind, argument, contact, own)
            for parameter, argument in zip(verb.parameters[1:], call.arguments[1:], strict=False)
        ]
        return verb.text(Where(contact, self.target), first, *others)

    def _argument(self, kind: Kind, argument: Expression, contact: Contact, own: str | None) -> str:
        if kind is Kind.PATTERN:
            assert isinstance(argument, Text)
            return argument.raw
        if kind is not Kind.NEW:
            return self._text(argument, contact, own)
        parts = argument.raw_parts if isinstance(argument, Text) else (argument,)
        return "".join(
            part if isinstance(part, str) else self._text(part, contact, own).replace("\\", "\\\\") for part in parts
        )

    # Other contacts --------------------------------------------------------------------------------------------

    @property
    def looks_around(self) -> bool:
        """Whether what becomes of a contact depends on those before it."""
        return isinstance(self.expression, Call) and self.expression.verb.around is not None

    def learned(self, contacts: Iterable[Contact], last: str = "") -> tuple[dict[int, str], str]:
        """What its verb learns of some contacts that come in their order: by their ids, and what goes on after them."""
        assert isinstance(self.expression, Call)
        around = self.expression.verb.around
        assert around is not None
        learned: dict[int, str] = {}
        for contact in contacts:
            last = around(contact, self.target, last)
            if last and contact.id is not None and not self.target.values(contact):
                learned[contact.id] = last
        return learned, last

    def knowing(self, from_others: Mapping[int, str]) -> Transform:
        """The same transform, with what was learned of the contacts."""
        return replace(self, from_others=from_others)


def _fills(expression: Expression) -> bool:
    """Whether there is a verb in it that is asked about empty values."""
    match expression:
        case Call(verb, arguments):
            return verb.fills or any(map(_fills, arguments))
        case Joined(terms):
            return any(map(_fills, terms))
    return False
