"""Transform a field: `company = title(company)`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from coterie.core.bulk.action import BulkAction, Parameter
from coterie.core.changes import CONTACTS
from coterie.core.model import Contact

if TYPE_CHECKING:
    from coterie.core.transform.evaluate import Transform


@dataclass(frozen=True, slots=True)
class TransformField(BulkAction):
    """A field becomes what `value` says, in the language of `core.transform`. Raises InvalidTransform.

    Attributes:
        column: the field that a bare verb means.
    """

    id: ClassVar[str] = "transform"
    label: ClassVar[str] = "Transform a field"
    help: ClassVar[str] = 'Transform a field, such as "company = title(company)".'
    command: ClassVar[str] = "transform"
    metavar: ClassVar[str] = "FIELD=EXPRESSION"
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("value", "Transform", "FIELD = EXPRESSION, for example company = title(company)."),
    )
    value: str
    column: str = ""
    _transform: Transform = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        from coterie.core.transform.parser import parse  # slow to import: only transforms need it

        object.__setattr__(self, "_transform", parse(self.value.strip(), self.column))

    @property
    def title(self) -> str:
        """“Transform Company: title(company)”."""
        return f"Transform {self._transform.target.label}: {self._transform.source}"

    @property
    def done(self) -> str:
        """“Transformed Company of …: title(company).”"""
        return f"Transformed {self._transform.target.label} of {CONTACTS}: {self._transform.source}."

    @property
    def subject(self) -> str:
        """The label of the field."""
        return self._transform.target.label

    def apply(self, contact: Contact) -> Contact:
        """The contact with the field transformed."""
        return self._transform.applied(contact)

    @property
    def looks_around(self) -> bool:  # type: ignore[override]  # it depends on the verb
        """Whether a value comes from another contact."""
        return self._transform.looks_around

    async def prepared(self, contacts: AsyncIterator[Contact]) -> TransformField:
        """The same, knowing what each contact takes from the one before it."""
        taken: dict[int, str] = {}
        last = ""
        async for contact in contacts:
            some, last = self._transform.learned([contact], last)
            taken.update(some)
        return self._knowing(taken)

    def _knowing(self, taken: Mapping[int, str]) -> TransformField:
        ready = replace(self)
        object.__setattr__(ready, "_transform", self._transform.knowing(taken))
        return ready
