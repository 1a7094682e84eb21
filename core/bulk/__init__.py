"""Bulk actions: what can be done to everything that is selected.

A new action is one file with one frozen dataclass, one line in ACTIONS, and a test. Its command, its dialog, its entry
in More actions and in the command palette, its option of `coterie edit` and their documentation come from what it
declares. Other packages add actions by an entry point of the group `coterie.actions`, whose name is the action's id.
"""

from __future__ import annotations

from inspect import isabstract
from typing import Final

from coterie.core.bulk.action import Asks, BulkAction, Parameter, written_as
from coterie.core.bulk.add_to_group import AddToGroupAction
from coterie.core.bulk.bin import DeleteAction, DeleteForeverAction, RestoreAction
from coterie.core.bulk.clear_field import ClearField
from coterie.core.bulk.create_group import CreateGroupAction
from coterie.core.bulk.favorite import Star, Unstar
from coterie.core.bulk.plan import again, make_plan, plan_each
from coterie.core.bulk.remove_from_group import RemoveFromGroupAction
from coterie.core.bulk.replace_text import ReplaceText
from coterie.core.bulk.set_field import SetField
from coterie.core.bulk.survey import Kind, Survey, survey_of
from coterie.core.bulk.swap_fields import SwapFields
from coterie.core.bulk.transform import TransformField
from coterie.core.errors import InvalidValue
from coterie.core.plugins import Plugins

ACTIONS: Final[dict[str, type[BulkAction]]] = {
    action.id: action
    for action in (
        SetField,
        ClearField,
        ReplaceText,
        TransformField,
        SwapFields,
        AddToGroupAction,
        RemoveFromGroupAction,
        CreateGroupAction,
        Star,
        Unstar,
        DeleteAction,
        RestoreAction,
        DeleteForeverAction,
    )
}
"""Coterie's own bulk actions, by their ids."""


def _unfit(name: str, part: object) -> str:
    if not (isinstance(part, type) and issubclass(part, BulkAction)) or isabstract(part):
        return "it is not a subclass of BulkAction that can be used"
    if getattr(part, "id", "") != name:
        return f"its id is not “{name}”"
    return "" if getattr(part, "label", "") else "it has no label"


PLUGINS: Final[Plugins[type[BulkAction]]] = Plugins("coterie.actions", "bulk action", ACTIONS, _unfit)
"""The bulk actions of other packages."""


def all_actions() -> dict[str, type[BulkAction]]:
    """Coterie's own actions, then those of other packages, by their ids."""
    return ACTIONS | PLUGINS.parts


def make_action(name: str, **values: str) -> BulkAction:
    """The action called `name`, with those of `values` that are its parameters. Raises InvalidValue."""
    action = ACTIONS.get(name) or PLUGINS.parts.get(name)
    if action is None:
        raise InvalidValue("action", f"There is no action “{name}”.", f"The actions are: {', '.join(all_actions())}.")
    return action.from_values(values)


__all__ = [
    "ACTIONS",
    "Asks",
    "BulkAction",
    "Kind",
    "Parameter",
    "Survey",
    "TransformField",
    "again",
    "all_actions",
    "make_action",
    "make_plan",
    "plan_each",
    "survey_of",
    "written_as",
]
