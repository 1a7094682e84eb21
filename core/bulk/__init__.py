"""Bulk actions: what can be done to everything that is selected.

A new action is one file with one frozen dataclass, one line in ACTIONS, and a test.
"""

from __future__ import annotations

from typing import Final

from coterie.core.bulk.action import BulkAction, Parameter
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
from coterie.core.bulk.transform import TransformField
from coterie.core.errors import InvalidValue

ACTIONS: Final[dict[str, type[BulkAction]]] = {
    action.id: action
    for action in (
        SetField,
        ClearField,
        ReplaceText,
        TransformField,
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
"""Every bulk action by its name."""


def make_action(name: str, **values: str) -> BulkAction:
    """The action called `name`, with those of `values` that are its parameters. Raises InvalidValue."""
    action = ACTIONS.get(name)
    if action is None:
        raise InvalidValue("action", f"There is no action “{name}”.", f"The actions are: {', '.join(ACTIONS)}.")
    missing = [one.label for one in action.parameters if one.required and one.key not in values]
    if missing:
        raise InvalidValue(name, f"“{action.label}” needs: {', '.join(missing)}.")
    return action(**{one.key: values[one.key] for one in action.parameters if one.key in values})


__all__ = [
    "ACTIONS",
    "BulkAction",
    "Kind",
    "Parameter",
    "Survey",
    "TransformField",
    "again",
    "make_action",
    "make_plan",
    "plan_each",
    "survey_of",
]
