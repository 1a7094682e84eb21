"""Transforming what is checked: one line, a preview, one undo."""

from __future__ import annotations

from typing import Final

from coterie.tui.actions.bulk import carry_out_survey
from coterie.tui.actions.command import LIVE, Command, Section
from coterie.tui.actions.context import Context, Rows
from coterie.tui.actions.reasons import needs_target
from coterie.tui.target import Target
from coterie.tui.widgets.modal import Origin

_REMEMBERED: Final = "transforms"
_MOST: Final = 50
"""How many transforms are remembered."""


async def transform(here: Rows, line: str = "") -> None:
    """Ask for a transform of what is checked, else of the row under the cursor; `line` is there to begin with."""
    if target := await here.target("transform"):
        await transform_target(here, target, here.table.column, line)


async def transform_target(here: Context, target: Target, column: str, line: str = "") -> None:
    """Ask for a transform of the target and carry it out; a line that is given up is offered again by ↑.

    Args:
        column: the field that a bare verb means.
        line: what stands in the field at first.
    """
    from coterie.core.bulk.recipes import Recipes
    from coterie.tui.dialogs.transform import TransformDialog, Transforming

    folder = here.state.options.recipes_folder
    about = Transforming(
        here.book,
        target.selection,
        target.words,
        column,
        _earlier(here),
        Recipes(folder) if folder else None,
        line,
    )
    dialog = TransformDialog(here.state.files, about)
    content = {"checks": f"{target.selection.bits:x}", "column": column}
    dialog.origin = Origin("transform", f"transforming {target.words}", content)
    answer = await here.ask(dialog)
    if answer is None:
        if dialog.line and dialog.line != line:
            _remember(here, dialog.line)
            here.say("What you typed is kept: ↑ in the transform line brings it back.")
        return
    if await carry_out_survey(here, answer.survey):
        _remember(here, answer.line)


def _earlier(here: Context) -> list[str]:
    kept = here.state.memory.recall(_REMEMBERED)
    return [line for line in kept if isinstance(line, str)] if isinstance(kept, list) else []


def _remember(here: Context, line: str) -> None:
    lines = [line, *(earlier for earlier in _earlier(here) if earlier != line)]
    here.state.memory.remember(_REMEMBERED, lines[:_MOST])


COMMANDS: Final[tuple[Command, ...]] = (
    Command("transform", transform, ("=",), "Transform", "Change a field of what is checked, such as title(company).",
            Section.SEVERAL, LIVE, needs_target, short="transform", bar=6, menu=True),
)  # fmt: skip
