"""BulkEdit: one form for several contacts; what is not touched stays as it is in each of them."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from core.bulk import make_action
from core.errors import InvalidValue
from core.fields import FIELDS, NAME_PARTS
from core.model import Contact
from core.text import clean_line, group_key
from tui.dialogs.dialog import DIALOG_CSS, Dialog
from tui.widgets.bulk_field import BulkField, Mode, as_replacement
from tui.widgets.choice import Choice
from tui.widgets.completing_input import among
from tui.widgets.field_editor import Labelled
from tui.widgets.lines_editor import LinesEditor, Part
from tui.widgets.pages import Pages

_FIRST: Final = ("company", "job_title", "department", "emails", "phones", "notes")
_SECOND: Final = ("name", *NAME_PARTS, "nickname", "birthday", "urls")
BULK_FIELDS: Final = tuple(key for key in (*_FIRST, *_SECOND) if FIELDS[key].write)
"""The fields that can be set, cleared and replaced for several contacts at once."""


@dataclass(frozen=True, slots=True)
class Common:
    """What several contacts have in common.

    Attributes:
        count: how many they are.
        values: field key -> the text that all have; None where they differ.
        groups: the names of the groups that any of them is in.
        favorite: whether all are favorites; None where they differ.
    """

    count: int
    values: Mapping[str, str | None]
    groups: tuple[str, ...]
    favorite: bool | None

    @classmethod
    async def of(cls, contacts: AsyncIterable[Contact]) -> Common:
        """Read them once, keeping nothing but what they have in common."""
        count = 0
        values: dict[str, str | None] = {}
        groups: dict[str, str] = {}
        stars: set[bool] = set()
        open_keys = list(BULK_FIELDS)
        async for contact in contacts:
            count += 1
            for key in open_keys.copy():
                text = FIELDS[key].read(contact)
                if values.setdefault(key, text) != text:
                    values[key] = None
                    open_keys.remove(key)
            groups.update((group_key(name), name) for name in contact.groups)
            stars.add(contact.favorite)
        names = tuple(sorted(groups.values(), key=str.casefold))
        return cls(count, values, names, stars.pop() if len(stars) == 1 else None)


@dataclass(frozen=True, slots=True)
class BulkStep:
    """One thing that is done to all contacts, as `core.bulk.make_action` takes it.

    Attributes:
        action: as on the command line: `set`, `clear`, `replace`, `add-group`, `remove-group`,
            `favorite`, `no-favorite`.
        field: the key of the field, for the first three.
        value: the new text; the regular expression for `replace`; the group's name.
        new: what takes the place of each match, for `replace`.
    """

    action: str
    field: str = ""
    value: str = ""
    new: str = ""


class BulkEdit(Dialog[tuple[BulkStep, ...]]):
    """Answers what is to be done to all of the contacts, at least one thing; nothing is changed yet.

    Args:
        common: what the contacts have in common.
        groups: the names of all groups, for completion.
    """

    CSS_PATH = [DIALOG_CSS, "bulk_edit.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#field-company Input"
    confirm_label = "Preview"

    def __init__(self, common: Common, groups: Sequence[str]) -> None:
        super().__init__()
        self.heading = f"Edit {common.count:,} contacts"
        self._common = common
        self._group_names = list(groups)
        self._fields = {key: BulkField(key, FIELDS[key].label, common.values.get(key, "")) for key in BULK_FIELDS}
        self._add = LinesEditor("add-groups", "Add to group", (Part("a group, or a new one", 0, among(groups)),))
        inside = ", ".join(common.groups) or "none of them is in a group"
        self._remove = LinesEditor("remove-groups", "Remove from", (Part(inside, 0, among(common.groups)),))
        stars = {None: "some are", True: "all are", False: "none is"}[common.favorite]
        self._favorite = Choice(
            [("", f"keep ({stars})"), ("favorite", "star all"), ("no-favorite", "star none")], id="star"
        )

    def compose_body(self) -> Iterable[Widget]:
        """The pages."""
        first = [self._fields[key] for key in _FIRST if key in self._fields]
        second = [self._fields[key] for key in _SECOND if key in self._fields]
        star = Horizontal(Static("Favorite", classes="field--label"), self._favorite, id="star-line")
        yield Pages(
            [
                ("Fields", Vertical(*first, self._add, self._remove, star)),
                ("More", Vertical(*second)),
            ]
        )

    def _wrong(self) -> Labelled | None:
        """The first field that will not do, its problem shown."""
        for field in self._fields.values():
            try:
                for step in self._steps_of(field):
                    make_action(step.action, field=step.field, value=step.value, new=step.new)
            except InvalidValue as problem:
                field.show_problem(str(problem))
                return field
            field.show_problem("")
        known = {group_key(name) for name in self._common.groups}
        for line in self._remove.lines:
            if group_key(line.texts[0]) not in known:
                self._remove.show_problem(f"None of them is in “{clean_line(line.texts[0])}”.")
                return self._remove
        return None

    @staticmethod
    def _steps_of(field: BulkField) -> Iterable[BulkStep]:
        replacement = as_replacement(field.input.value)
        if field.mode is Mode.CLEAR:
            yield BulkStep("clear", field.key)
        elif field.mode is Mode.REPLACE and replacement is not None:
            yield BulkStep("replace", field.key, replacement.pattern, replacement.new)
        elif field.mode is Mode.SET:
            yield BulkStep("set", field.key, field.input.value.strip())

    def _steps(self) -> Iterable[BulkStep]:
        for field in self._fields.values():
            yield from self._steps_of(field)
        spelt = {group_key(name): name for name in (*self._group_names, *self._common.groups)}
        for action, editor in (("add-group", self._add), ("remove-group", self._remove)):
            for line in editor.lines:
                name = clean_line(line.texts[0])
                yield BulkStep(action, value=spelt.get(group_key(name), name))
        if self._favorite.value:
            yield BulkStep(self._favorite.value)

    def action_confirm(self) -> None:
        """Answer with what is to be done."""
        wrong = self._wrong()
        if wrong is not None:
            self.query_one(Pages).reveal(wrong)
            self.call_after_refresh(wrong.go)
            return
        steps = tuple(self._steps())
        if steps:
            self.answer(steps)
        else:
            self.say("Nothing is changed yet.")
