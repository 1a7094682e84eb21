"""Clean-up: what Coterie proposes to make better in a book, kind by kind. Nothing is done unasked.

A new kind is one file with one subclass of `Kind`, one line in KINDS, and a test that also says what stays as it is.
`core.store.cleanup` looks for proposals and keeps what it has found; `steps` are carried out as any bulk change.
"""

from __future__ import annotations

from typing import Final

from coterie.core.cleanup.birthdays import Birthdays
from coterie.core.cleanup.companies import Companies
from coterie.core.cleanup.custom_fields import CustomFields
from coterie.core.cleanup.duplicates import Duplicates
from coterie.core.cleanup.email_typos import EmailTypos
from coterie.core.cleanup.empty import Empty
from coterie.core.cleanup.groups import Groups
from coterie.core.cleanup.kind import Kind, Leads, Proposal, Usual
from coterie.core.cleanup.misread_text import MisreadText
from coterie.core.cleanup.name_case import NameCase
from coterie.core.cleanup.name_order import NameOrder
from coterie.core.cleanup.no_email import NoEmail
from coterie.core.cleanup.phone_style import PhoneStyle
from coterie.core.cleanup.titles import Titles
from coterie.core.errors import InvalidValue

KINDS: Final[dict[str, Kind]] = {
    kind.id: kind
    for kind in (
        Duplicates(), NameCase(), NameOrder(), Titles(), Companies(), EmailTypos(), PhoneStyle(), CustomFields(),
        Birthdays(), Groups(), NoEmail(), Empty(), MisreadText(),
    )
}  # fmt: skip
"""Every kind by its name, in the order of the desk."""
RULES: Final = "2"
"""Grows by one when a kind finds something else than before: then books are looked through again."""


def find_kind(name: str) -> Kind:
    """The kind called `name`. Raises InvalidValue, which names those that there are."""
    kind = KINDS.get(name.strip().casefold().replace("_", "-"))
    if kind is None:
        raise InvalidValue("kind", f"There is no clean-up “{name}”.", f"The clean-ups are: {', '.join(KINDS)}.")
    return kind


__all__ = ["KINDS", "RULES", "Kind", "Leads", "Proposal", "Usual", "find_kind"]
