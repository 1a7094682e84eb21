"""What a bulk action is: a value that says what to do, and can be applied to any selection, again and again.

From what an action declares come its command, its dialog, its option of `coterie edit` and their documentation.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from coterie.core.changes import Change, Selection
from coterie.core.errors import InvalidValue
from coterie.core.fields import find_field
from coterie.core.fields.spec import FieldSpec
from coterie.core.model import Contact


class Asks(StrEnum):
    """What a parameter asks for, and so what its dialog and the command line offer for it."""

    TEXT = "text"
    FIELD = "field"
    GROUP = "group"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something an action is told.

    Attributes:
        key: the attribute that holds it.
        label: its name on the screen.
        help: one sentence about it.
        required: whether the action can't be made without it.
        asks: what it asks for.
        choices: of a choice, the only values; of a field, the names that are offered, all fields if there are none.
    """

    key: str
    label: str
    help: str = ""
    required: bool = True
    asks: Asks = Asks.TEXT
    choices: tuple[str, ...] = ()


class BulkAction(ABC):
    """One thing to do to everything that is selected.

    Subclasses are frozen dataclasses of text, whose fields are their `parameters`; making one with a value that cannot
    be done raises InvalidValue. `core.bulk.plan` makes the plan of one or several of them.
    """

    id: ClassVar[str]
    """Its name in the command line (`--set`) and in settings."""
    label: ClassVar[str]
    """Its name on the screen."""
    help: ClassVar[str] = ""
    """What it does, one sentence."""
    kind: ClassVar[str] = "edit"
    """See `core.model.Operation.kind`."""
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    command: ClassVar[str] = ""
    """The command of the screen whose dialog asks for it; empty for a command and a dialog made of what is declared."""
    is_option: ClassVar[bool] = True
    """Whether it is an option of `coterie edit`."""
    metavar: ClassVar[str] = ""
    """How the value of that option is written; empty for the keys of the parameters: `FIELD=VALUE`."""

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> BulkAction:
        """The action with those of `values` that are its parameters. Raises InvalidValue."""
        missing = [
            parameter.label for parameter in cls.parameters if parameter.required and parameter.key not in values
        ]
        if missing:
            raise InvalidValue(cls.id, f"“{cls.label}” needs: {', '.join(missing)}.")
        for parameter in cls.parameters:
            if parameter.asks is Asks.CHOICE and values.get(parameter.key, "") not in parameter.choices:
                title = f"“{values.get(parameter.key, '')}” is not a choice for {parameter.label}."
                raise InvalidValue(cls.id, title, f"Choose one of: {', '.join(parameter.choices)}.")
        return cls(**{parameter.key: values[parameter.key] for parameter in cls.parameters if parameter.key in values})

    @classmethod
    def parse(cls, text: str) -> BulkAction:
        """The action that the value of its option means. Raises InvalidValue.

        The values of several parameters are separated by equals signs; the last value may hold further ones.
        """
        keys = [parameter.key for parameter in cls.parameters]
        values = dict(zip(keys, text.split("=", max(0, len(keys) - 1)), strict=False))
        if any(parameter.required and parameter.key not in values for parameter in cls.parameters):
            raise InvalidValue(cls.id, f"--{cls.id} “{text}” is not of the form {written_as(cls)}.", cls.help)
        return cls.from_values(values)

    @property
    def title(self) -> str:
        """What it does, in the imperative: “Set Company to Acme”."""
        return self.label

    @property
    @abstractmethod
    def done(self) -> str:
        """What it did, with `core.changes.CONTACTS` in the place of their number: “Set Company of … to Acme.”."""

    def changes(self, selection: Selection) -> Sequence[Change] | None:
        """The same for all at once, in a few statements of SQL; None if each contact must be looked at."""
        return None

    @abstractmethod
    def apply(self, contact: Contact) -> Contact:
        """What becomes of one contact. Raises InvalidValue, whose text is the reason to leave it as it is."""

    @property
    def subject(self) -> str:
        """What it transforms, for the sentence about several transforms; empty for other actions."""
        return ""

    looks_around: ClassVar[bool] = False
    """Whether what it does to one contact depends on the others that are selected."""

    async def prepared(self, contacts: AsyncIterator[Contact]) -> BulkAction:
        """The same action, knowing all of the selected `contacts`, which come in their order."""
        del contacts
        return self

    @property
    def again(self) -> BulkAction:
        """What repeating it on another selection means."""
        return self


def written_as(action: type[BulkAction]) -> str:
    """How the value of the option of an action is written; empty for an action without parameters."""
    return action.metavar or "=".join(parameter.key.upper() for parameter in action.parameters)


def writable(name: str) -> FieldSpec:
    """The field called `name`. Raises InvalidValue if there is none or it cannot be set by hand."""
    spec = find_field(name)
    if spec.write is None:
        raise InvalidValue(
            spec.key, f"{spec.label} cannot be set for several contacts at once.", "Edit the contacts one by one."
        )
    return spec


def write(spec: FieldSpec, contact: Contact, text: str) -> Contact:
    """The contact with the field read from text. Raises InvalidValue.

    It is refused, too, if nothing would be left to call the contact by.
    """
    assert spec.write is not None
    changed = spec.write(contact, text)
    if contact.shown_name and not changed.shown_name:
        raise InvalidValue(spec.key, "It would have no name, company, e-mail address or phone number.")
    return changed
