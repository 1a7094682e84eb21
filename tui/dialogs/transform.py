"""TransformDialog: one line that changes a field of many contacts, and what it would do, while it is typed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from coterie.core.bulk import Survey, TransformField
from coterie.core.bulk.recipes import Recipe, Recipes
from coterie.core.errors import CoterieError, InvalidInput, NotFound
from coterie.core.text import printable_lines
from coterie.core.transform.completion import completions
from coterie.core.transform.tree import InvalidTransform
from coterie.core.transform.verbs import VERBS
from coterie.tui.dialogs.dialog import DIALOG_CSS
from coterie.tui.dialogs.live_preview import PATIENCE, LivePreview
from coterie.tui.dialogs.pick import Pick
from coterie.tui.dialogs.prompt import Prompt
from coterie.tui.files import Files
from coterie.tui.widgets.modal import Keeps
from coterie.tui.widgets.transform_line import TransformLine

if TYPE_CHECKING:
    from coterie.core.book import Book
    from coterie.core.checks import Checks

_HELP: Final = """\
title                               the column under the cursor
phone = e164(phone, "GB")           each number
email = lower("{given_name}.{family_name}@acme.example")
job_title = default(job_title, "Member")
ctrl+t lists all verbs; tab completes; @NAME is a saved recipe."""


@dataclass(frozen=True, slots=True)
class Transforming:
    """What a transform is about.

    Attributes:
        words: whom it is for, in words: “3 contacts”, “Ada King”.
        column: the field that a bare verb means.
        earlier: what was applied before, the last one first.
        recipes: the saved ones; None if there can be none.
        line: what stands in the field at first.
    """

    book: Book
    selection: Checks
    words: str
    column: str
    earlier: Sequence[str] = ()
    recipes: Recipes | None = None
    line: str = ""


@dataclass(frozen=True, slots=True)
class Transformed:
    """What is to be done: the survey, and the line that was typed."""

    survey: Survey
    line: str


class TransformDialog(LivePreview[Transformed]):
    """Answers what is to be done, at least to one contact."""

    CSS_PATH = [DIALOG_CSS, "transform.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#line Input"
    most_lines: ClassVar[int] = 18
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "pick_verb", "all verbs", tooltip="List all that can be done to a field, with examples."),
        Binding("ctrl+n", "name_it", "", False, tooltip="Save this as a recipe: @NAME does it again."),
    ]

    def __init__(self, files: Files, about: Transforming) -> None:
        super().__init__(files, about.book, about.selection)
        self.heading = f"Transform {about.words}"
        self._about = about
        names = about.recipes.names() if about.recipes else []
        self._line = TransformLine(about.earlier, names, about.line, id="line")

    @property
    def fields(self) -> Mapping[str, Keeps]:
        """The line."""
        return {"line": self._line}

    def details_of(self, typed: Mapping[str, Any]) -> str:
        """The line itself."""
        return f"“{typed['line']}”"

    @property
    def line(self) -> str:
        """What was typed."""
        return self._line.value.strip()

    def compose_body(self) -> Iterable[Widget]:
        """The line, what is wrong with it, and what it would do."""
        yield self._line
        yield Static(_HELP, id="problem", markup=False)
        self.preview.changes.styles.height = self.most_lines
        yield self.preview

    def on_mount(self) -> None:
        """Begin with what the line would do."""
        if self._about.line:
            self._try(self._about.line)

    # Typing ----------------------------------------------------------------------------------------------------

    @on(TransformLine.Changed)
    def _typed(self, event: TransformLine.Changed) -> None:
        event.stop()
        self.say("")
        self._try(event.value)

    @work(group="try", exclusive=True, exit_on_error=False)
    async def _try(self, line: str) -> None:
        """Show what the line would do, once the user rests."""
        await asyncio.sleep(PATIENCE)
        if not line.strip():
            self._show(None, _HELP)
            return
        try:
            survey = await self.survey(self._steps(line))
        except CoterieError as problem:
            unfinished = isinstance(problem, InvalidTransform) and completions(line)  # a word that is being typed
            self._show(self.preview.survey, _HELP if unfinished else str(problem))
        else:
            self._show(survey, "")

    def _steps(self, line: str) -> tuple[TransformField, ...]:
        words = line.strip()
        if not words.startswith("@"):
            return (TransformField(words, self._about.column),)
        if self._about.recipes is None:
            raise NotFound("There are no recipes here.")
        return self._about.recipes.find(words[1:]).steps

    def _show(self, survey: Survey | None, problem: str) -> None:
        if not self.is_open:
            return
        line = self.query_one("#problem", Static)
        line.update(printable_lines(problem))
        line.display = bool(problem)
        line.set_class(problem != _HELP, "-wrong")
        if survey is not self.preview.survey:
            self.preview.show(survey)
        self.call_after_refresh(self._fit)

    # Verbs and recipes -----------------------------------------------------------------------------------------

    @work(group="verbs", exclusive=True, exit_on_error=False)
    async def action_pick_verb(self) -> None:
        """List all verbs; the example of the chosen one goes into the line."""
        options = [(verb.name, f"{verb.name:<9} {verb.help}") for verb in VERBS.values()]
        verbs = Pick("What is done to a field", options, yes="Take its example")
        verbs.add_class("-wide")
        chosen = await self.app.push_screen_wait(verbs)
        if chosen:
            self._line.value = VERBS[chosen].example
            self._line.input.focus()

    @work(group="verbs", exclusive=True, exit_on_error=False)
    async def action_name_it(self) -> None:
        """Save what is typed under a name."""
        recipes, line = self._about.recipes, self._line.value
        if recipes is None:
            self.say("Recipes cannot be saved here.")
            return
        try:
            steps = self._steps(line)
            name = await self.app.push_screen_wait(Prompt("Save as a recipe", "Name", yes="Save"))
            if name:
                recipes.save(Recipe(name, steps))
                self.say(f"Saved. @{name} does it again.", error=False)
        except CoterieError as problem:
            self.say(problem)

    # Answering -------------------------------------------------------------------------------------------------

    @work(group="finish", exclusive=True, exit_on_error=False)
    async def action_confirm(self) -> None:  # type: ignore[override]  # it reads a recipe, and waits for it
        """Answer with what is typed, also if the preview is still behind."""
        line = self.line
        try:
            survey = await self.meant(self._steps(line))
        except CoterieError as problem:
            self.say(problem if line else InvalidInput("Type what becomes of a field first.", "ctrl+t lists verbs."))
            return
        if survey is not None:
            self.answer(Transformed(survey, line))
