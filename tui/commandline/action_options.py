"""The options of `coterie edit` that come from what bulk actions declare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from inspect import Parameter, signature
from typing import Annotated, Any, Final

import typer

from coterie.core.bulk import BulkAction, written_as
from coterie.core.transform.verbs import VERBS
from coterie.tui.commandline import output

Actions = Iterable[type[BulkAction]]
_FURTHER_HELP: Final = {"transform": f" The verbs are {', '.join(VERBS)}."}
_CHANGES: Final = "edit"
"""The kind of actions that change fields; the others put contacts into groups and among the favorites."""


def added(command: Callable[..., int], actions: Actions) -> Callable[..., int]:
    """`command` with an option for each bulk action that has one; their values are further arguments, for `steps`.

    They stand around its `recipe`, in the order in which the steps are done.
    """

    def with_options(**given: Any) -> int:
        return command(**given)

    own = signature(command, eval_str=True)
    taken = {"help", *(name.replace("_", "-") for name in own.parameters)}
    offered = [action for action in actions if action.is_option and action.id not in taken]
    for action in actions:
        if action.is_option and action not in offered:  # another package's: ours are tested
            output.note(f"coterie: “{action.label}” is not an option, since --{action.id} is something else here.")
    parameters = [parameter for parameter in own.parameters.values() if parameter.kind is not Parameter.VAR_KEYWORD]
    place = list(own.parameters).index("recipe")
    parameters[place + 1 : place + 1] = [_option(action) for action in offered if action.kind != _CHANGES]
    parameters[place:place] = [_option(action) for action in offered if action.kind == _CHANGES]
    with_options.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]  # inspect reads it
    with_options.__doc__ = command.__doc__
    return with_options


def steps(given: Mapping[str, Any], actions: Actions, *, changing: bool) -> Iterator[BulkAction]:
    """What the options say, of the actions that change fields or of the others. Raises InvalidValue."""
    for action in actions:
        value = given.get(_name(action))
        if value and (action.kind == _CHANGES) == changing:
            yield from (action.from_values({}),) if value is True else map(action.parse, value)


def _name(action: type[BulkAction]) -> str:
    return f"action_{action.id.replace('-', '_')}"


def _option(action: type[BulkAction]) -> Parameter:
    help_text = action.help + _FURTHER_HELP.get(action.id, "")
    metavar = written_as(action)
    option = typer.Option(f"--{action.id}", metavar=metavar or None, help=help_text, show_default=False)
    annotation = Annotated[list[str] | None, option] if metavar else Annotated[bool, option]
    return Parameter(
        _name(action), Parameter.POSITIONAL_OR_KEYWORD, default=None if metavar else False, annotation=annotation
    )
