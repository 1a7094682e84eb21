"""BulkEdit: one form for several contacts; what is not touched stays as it is in each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from coterie.core.bulk import BulkAction, make_action
from coterie.core.bulk.parts import clearing, replacing, setting
from coterie.core.errors import InvalidInput
from coterie.core.fields import FIELDS
from coterie.core.text import clean_line, group_key, number_of
from coterie.core.transform.targets import PARTS
from coterie.tui.dialogs.contact_parts import ADDRESS_PARTS
from coterie.tui.dialogs.dialog import DIALOG_CSS
from coterie.tui.dialogs.form import Form, Save
from coterie.tui.dialogs.in_common import FIRST, SECOND, Common
from coterie.tui.offers import Values, offers
from coterie.tui.widgets.bulk_field import BulkField, Mode, as_replacement
from coterie.tui.widgets.choice import Choice
from coterie.tui.widgets.completing_input import among
from coterie.tui.widgets.field_editor import Labelled
from coterie.tui.widgets.lines_editor import LinesEditor, Part
from coterie.tui.widgets.modal import Keeps
from coterie.tui.widgets.pages import Pages

_LINES: Final = 20
"""So many custom fields have a line of their own."""
_EACH: Final = "Of a contact with several addresses, each is changed."


class BulkEdit(Form[tuple[BulkAction, ...]]):
    """Answers what is to be done to all of the contacts, at least one thing.

    Args:
        common: what the contacts have in common.
        groups: the names of all groups, for completion.
        values: what other contacts have in a field, for completion.
        save: shows a preview and does it, see `Form`.
    """

    CSS_PATH = [DIALOG_CSS, "bulk_edit.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#field-company Input"
    confirm_label = "Preview"

    def __init__(
        self,
        common: Common,
        groups: Sequence[str],
        save: Save[tuple[BulkAction, ...]] | None = None,
        values: Values | None = None,
    ) -> None:
        super().__init__()
        self.save = save
        self.heading = f"Edit {number_of(common.count)}"
        self._common = common
        self._group_names = list(groups)

        def field(key: str, label: str) -> BulkField:
            return BulkField(key, label, common.values.get(key, ""), offers(values, key))

        self._first = {key: field(key, FIELDS[key].label) for key in FIRST}
        self._second = {key: field(key, FIELDS[key].label) for key in SECOND}
        self._parts = {key: field(key, label) for key, label in ADDRESS_PARTS if key in PARTS}
        self._customs = {
            f"custom.{heading}": BulkField(f"custom-{place}", heading, text)
            for place, (heading, text) in enumerate(common.customs.items())
            if place < _LINES
        }
        self._fields = {**self._first, **self._second, **self._parts, **self._customs}
        self._custom = LinesEditor("custom", "Another field", (Part("name", 18), Part("value for all")))
        self._add = LinesEditor("add-groups", "Add to group", (Part("a group, or a new one", 0, among(groups)),))
        inside = ", ".join(common.groups) or "none of these is in a group"
        self._remove = LinesEditor("remove-groups", "Remove from", (Part(inside, 0, among(common.groups)),))
        stars = {None: "some are", True: "all are", False: "none is"}[common.favorite]
        self._favorite = Choice(
            [("", f"keep ({stars})"), ("favorite", "star all"), ("no-favorite", "star none")], id="star"
        )

    def compose_body(self) -> Iterable[Widget]:
        """The pages."""
        star = Horizontal(Static("Favorite", classes="field--label"), self._favorite, id="star-line")
        yield Pages(
            [
                ("Fields", Vertical(*self._first.values(), self._add, self._remove, star)),
                ("More", Vertical(*self._second.values())),
                ("Address", Vertical(Static(_EACH, classes="note", markup=False), *self._parts.values())),
                ("Custom", Vertical(*self._customs.values(), self._custom)),
            ]
        )

    @property
    def changed(self) -> bool:
        """Whether anything is to be done."""
        editors = (*self._fields.values(), self._custom, self._add, self._remove)
        return bool(self._favorite.value) or any(editor.changed for editor in editors)

    @property
    def fields(self) -> Mapping[str, Keeps]:
        """Every field, by its name."""
        return {**self._fields, "custom": self._custom, "add-groups": self._add, "remove-groups": self._remove,
                "favorite": self._favorite}  # fmt: skip

    def _wrong(self) -> Labelled | None:
        """The first field that will not do, its problem shown."""
        for name, field in self._fields.items():
            try:
                _action_of(name, field)
            except InvalidInput as problem:
                field.show_problem(str(problem))
                return field
            field.show_problem("")
        for line in self._custom.lines:
            heading, value = map(clean_line, line.texts)
            if not heading or not value:
                self._custom.show_problem("A custom field needs a name and a value.")
                return self._custom
        common_groups = {group_key(name) for name in self._common.groups}
        for line in self._remove.lines:
            if group_key(line.texts[0]) not in common_groups:
                self._remove.show_problem(f"None of these is in “{clean_line(line.texts[0])}”.")
                return self._remove
        return None

    def _actions(self) -> Iterable[BulkAction]:
        for name, field in self._fields.items():
            action = _action_of(name, field)
            if action is not None:
                yield action
        for line in self._custom.lines:
            heading, value = map(clean_line, line.texts)
            yield setting(f"custom.{heading}", value)
        spelled = {group_key(name): name for name in (*self._group_names, *self._common.groups)}
        for name, editor in (("add-group", self._add), ("remove-group", self._remove)):
            for line in editor.lines:
                group = clean_line(line.texts[0])
                yield make_action(name, value=spelled.get(group_key(group), group))
        if self._favorite.value:
            yield make_action(self._favorite.value)

    def check(self) -> None:
        """Finish with what is to be done."""
        wrong = self._wrong()
        if wrong is not None:
            self.query_one(Pages).reveal(wrong)
            self.call_after_refresh(wrong.go)
            return
        actions = tuple(self._actions())
        if actions:
            self.finish(actions)
        else:
            self.say("Nothing is changed yet.")


def _action_of(name: str, field: BulkField) -> BulkAction | None:
    """What is done to the field called `name`; None if nothing is. Raises InvalidValue if it cannot be done."""
    text = field.input.value
    match field.mode:
        case Mode.CLEAR:
            return clearing(name)
        case Mode.REPLACE if replacement := as_replacement(text):
            return replacing(name, replacement.pattern, replacement.new)
        case Mode.SET:
            return setting(name, text.strip())
    return None
