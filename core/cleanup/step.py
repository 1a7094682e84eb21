"""CleanUp: the proposals of a kind as a bulk action, so that they are previewed, applied and undone like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from coterie.core.bulk.action import BulkAction
from coterie.core.bulk.survey import Contacts, Survey
from coterie.core.changes import CONTACTS, Change, Delete, DeleteEmptyGroups, Plan, Selection
from coterie.core.checks import Checks
from coterie.core.cleanup.groups import Groups
from coterie.core.cleanup.kind import Kind, Leads, Usual
from coterie.core.errors import InvalidValue
from coterie.core.model import Contact


@dataclass(frozen=True, slots=True)
class CleanUp(BulkAction):
    """Every contact becomes what the kind proposes for it; one that is only pointed out is refused, with the reason."""

    id: ClassVar[str] = "clean-up"
    label: ClassVar[str] = "Clean up"
    of: Kind
    usual: Usual = field(repr=False, default_factory=Usual)

    @property
    def title(self) -> str:
        """“Clean up: titles inside names”."""
        return f"Clean up: {self.of.title.lower()}"

    @property
    def done(self) -> str:
        """“Cleaned up … (titles inside names).”"""
        if self.of.leads is Leads.DELETE:
            return f"Moved {CONTACTS} to the Bin ({self.of.title.lower()})."
        return f"Cleaned up {CONTACTS} ({self.of.title[:1].lower()}{self.of.title[1:]})."

    def changes(self, selection: Selection) -> Sequence[Change] | None:
        """Into the Bin all at once; everything else contact by contact."""
        return (Delete(selection),) if self.of.leads is Leads.DELETE else None

    def apply(self, contact: Contact) -> Contact:
        """What is proposed. Raises InvalidValue if it is only pointed out."""
        proposal = self.of.propose(contact, self.usual)
        if proposal is None:
            return contact
        if proposal.is_remark:
            raise InvalidValue(proposal.field, proposal.reason)
        return proposal.after


async def plan_of(book: Contacts, survey: Survey) -> Plan:
    """What carries out the proposals that a survey has shown and that were not left out.

    One that is no longer empty since then is not moved to the Bin, and a group that has no member any more goes.
    """
    [step] = survey.steps
    assert isinstance(step, CleanUp)
    if step.of.leads is Leads.DELETE:
        return await _deletion(book, survey, step)
    plan = survey.plan()
    given_way = tuple(step.usual.groups) if step.of.id == Groups.id else ()
    return replace(plan, changes=(*plan.changes, DeleteEmptyGroups(given_way))) if given_way else plan


async def _deletion(book: Contacts, survey: Survey, step: CleanUp) -> Plan:
    wanted = Checks.of(survey.owner(place) for place in range(survey.count())) - survey.left_out
    still = [contact.id or 0 async for contact in book.contacts(wanted) if step.of.propose(contact, step.usual)]
    return Plan("delete", step.title, step.changes(Checks.of(still)) or (), step.done)
