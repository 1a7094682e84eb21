"""ActionDialog: asks for what a bulk action needs to know, as the action declares it, and shows what it would do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from coterie.core.bulk import Asks, BulkAction, Parameter, Survey
from coterie.core.errors import CoterieError
from coterie.core.fields import FIELDS
from coterie.core.text import printable, printable_lines
from coterie.tui import notices
from coterie.tui.dialogs.dialog import DIALOG_CSS
from coterie.tui.dialogs.live_preview import PATIENCE, LivePreview
from coterie.tui.files import Files
from coterie.tui.target import Target
from coterie.tui.widgets.choice import Choice
from coterie.tui.widgets.completing_input import CompletingInput, Completions, among
from coterie.tui.widgets.field_editor import FieldEditor
from coterie.tui.widgets.modal import Keeps

if TYPE_CHECKING:
    from coterie.core.book import Book


class ActionDialog(LivePreview[Survey]):
    """Answers what is to be done, at least to one contact.

    Args:
        files: where the lines of the preview can be saved.
        book: where the contacts are.
        target: the contacts.
        action: what is done to them.
        groups: the names of all groups, for completion.
    """

    CSS_PATH = [DIALOG_CSS, "bulk_action.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#parameters Input, #parameters Choice"
    most_lines: ClassVar[int] = 16

    def __init__(
        self, files: Files, book: Book, target: Target, action: type[BulkAction], groups: Sequence[str] = ()
    ) -> None:
        super().__init__(files, book, target.selection)
        self.heading = f"{printable(action.label)}: {target.words}"
        self._action = action
        self._editors = {parameter.key: _editor(parameter, groups) for parameter in action.parameters}

    @property
    def fields(self) -> Mapping[str, Keeps]:
        """What was typed for each parameter."""
        return self._editors

    def compose_body(self) -> Iterable[Widget]:
        """What is asked, what is wrong with it, and what it would do."""
        yield Vertical(*self._lines(), id="parameters")
        yield Static(printable_lines(self._about), id="problem", markup=False)
        self.preview.changes.styles.height = self.most_lines
        yield self.preview

    def _lines(self) -> Iterator[Widget]:
        for parameter in self._action.parameters:
            editor = self._editors[parameter.key]
            if isinstance(editor, Choice):
                yield Horizontal(
                    Static(printable(parameter.label), classes="word", markup=False), editor, classes="line"
                )
            else:
                yield editor

    @property
    def _about(self) -> str:
        return "\n".join(filter(None, (self._action.help, *(parameter.help for parameter in self._action.parameters))))

    def on_mount(self) -> None:
        """An action that asks nothing is previewed at once."""
        self._try()

    @on(Input.Changed, "#parameters Input")
    @on(CompletingInput.Changed)
    @on(Choice.Changed)
    def _typed(self) -> None:
        self.say("")
        self._try()

    @property
    def _values(self) -> dict[str, str]:
        """What was typed, without what was left empty."""
        typed = {key: editor.value.strip() for key, editor in self._editors.items()}
        return {key: text for key, text in typed.items() if text}

    @property
    def _is_complete(self) -> bool:
        """Whether there is something for each parameter that needs it."""
        values = self._values
        return all(parameter.key in values for parameter in self._action.parameters if parameter.required)

    @work(group="try", exclusive=True, exit_on_error=False)
    async def _try(self) -> None:
        """Show what it would do, once the user rests."""
        await asyncio.sleep(PATIENCE)
        if not self._is_complete:
            self._show(None, self._about)
            return
        try:
            survey = await self.survey([self._action.from_values(self._values)])
        except CoterieError as problem:
            self._show(None, str(problem), is_wrong=True)
        except Exception as error:  # noqa: BLE001 - the funnel: whatever the action of another package raises
            self._show(None, notices.notice_of(error).title, is_wrong=True)
        else:
            self._show(survey, "")

    def _show(self, survey: Survey | None, words: str, *, is_wrong: bool = False) -> None:
        if not self.is_open:
            return
        line = self.query_one("#problem", Static)
        line.update(printable_lines(words))
        line.display = bool(words)
        line.set_class(is_wrong, "-wrong")
        self.preview.show(survey)
        self.call_after_refresh(self._fit)

    @work(group="finish", exclusive=True, exit_on_error=False)
    async def action_confirm(self) -> None:  # type: ignore[override]  # it looks at contacts, and waits for that
        """Answer with what is to be done."""
        try:
            survey = await self.meant([self._action.from_values(self._values)])
        except Exception as error:  # noqa: BLE001 - the funnel: whatever it is, what was typed stays
            notice = notices.notice_of(error)
            self.say(CoterieError(notice.title, notice.hint))
        else:
            if survey is not None:
                self.answer(survey)


def _editor(parameter: Parameter, groups: Sequence[str]) -> FieldEditor | Choice:
    """What a parameter is typed into, or chosen with."""
    if parameter.asks is Asks.CHOICE:
        return Choice([(choice, choice) for choice in parameter.choices])
    return FieldEditor(
        parameter.key, parameter.label, required=parameter.required, completions=_completions(parameter, groups)
    )


def _completions(parameter: Parameter, groups: Sequence[str]) -> Completions | None:
    match parameter.asks:
        case Asks.FIELD:
            return among(parameter.choices or [spec.label for spec in FIELDS.values() if spec.write])
        case Asks.GROUP:
            return among(groups)
    return None
