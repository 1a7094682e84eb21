"""BulkEdit: one form for several contacts; what is not touched stays as it is in each of them."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from coterie.core.bulk import BulkAction, make_action
from coterie.core.errors import InvalidValue
from coterie.core.fields import FIELDS, NAME_PARTS
from coterie.core.model import Contact
from coterie.core.text import clean_line, group_key
from coterie.tui.dialogs.dialog import DIALOG_CSS
from coterie.tui.dialogs.form import Form, Save
from coterie.tui.widgets.bulk_field import BulkField, Mode, as_replacement
from coterie.tui.widgets.choice import Choice
from coterie.tui.widgets.completing_input import among
from coterie.tui.widgets.field_editor import Labelled
from coterie.tui.widgets.lines_editor import LinesEditor, Part
from coterie.tui.widgets.modal import Keeps
from coterie.tui.widgets.pages import Pages

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


class BulkEdit(Form[tuple[BulkAction, ...]]):
    """Answers what is to be done to all of the contacts, at least one thing.

    Args:
        common: what the contacts have in common.
        groups: the names of all groups, for completion.
        save: shows a preview and does it, see `Form`.
    """

    CSS_PATH = [DIALOG_CSS, "bulk_edit.tcss"]  # noqa: RUF012
    AUTO_FOCUS = "#field-company Input"
    confirm_label = "Preview"

    def __init__(self, common: Common, groups: Sequence[str], save: Save[tuple[BulkAction, ...]] | None = None) -> None:
        super().__init__()
        self.save = save
        self.heading = f"Edit {common.count:,} contacts"
        self._common = common
        self._group_names = list(groups)
        self._fields = {key: BulkField(key, FIELDS[key].label, common.values.get(key, "")) for key in BULK_FIELDS}
        self._add = LinesEditor("add-groups", "Add to group", (Part("a group, or a new one", 0, among(groups)),))
        inside = ", ".join(common.groups) or "none of these is in a group"
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

    @property
    def changed(self) -> bool:
        """Whether anything is to be done."""
        editors = (*self._fields.values(), self._add, self._remove)
        return bool(self._favorite.value) or any(one.changed for one in editors)

    @property
    def fields(self) -> Mapping[str, Keeps]:
        """All of them."""
        return {**self._fields, "add-groups": self._add, "remove-groups": self._remove, "favorite": self._favorite}

    def _wrong(self) -> Labelled | None:
        """The first field that will not do, its problem shown."""
        for field in self._fields.values():
            try:
                self._action_of(field)
            except InvalidValue as problem:
                field.show_problem(str(problem))
                return field
            field.show_problem("")
        known = {group_key(name) for name in self._common.groups}
        for line in self._remove.lines:
            if group_key(line.texts[0]) not in known:
                self._remove.show_problem(f"None of these is in “{clean_line(line.texts[0])}”.")
                return self._remove
        return None

    @staticmethod
    def _action_of(field: BulkField) -> BulkAction | None:
        """What is done to one field; None where nothing is. Raises InvalidValue where it cannot be done."""
        text = field.input.value
        match field.mode:
            case Mode.CLEAR:
                return make_action("clear", field=field.key)
            case Mode.REPLACE if found := as_replacement(text):
                return make_action("replace", field=field.key, value=found.pattern, new=found.new)
            case Mode.SET:
                return make_action("set", field=field.key, value=text.strip())
        return None

    def _actions(self) -> Iterable[BulkAction]:
        for field in self._fields.values():
            action = self._action_of(field)
            if action is not None:
                yield action
        spelt = {group_key(name): name for name in (*self._group_names, *self._common.groups)}
        for name, editor in (("add-group", self._add), ("remove-group", self._remove)):
            for line in editor.lines:
                group = clean_line(line.texts[0])
                yield make_action(name, value=spelt.get(group_key(group), group))
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
